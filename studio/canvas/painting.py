"""A drawing as rows of text: any window of it, each piece with what it is, so that it can be coloured and clicked."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

from studio.canvas.drawing import Box, Drawing, Label
from studio.canvas.runs import Area, Run

NORTH, EAST, SOUTH, WEST, END = 1, 2, 4, 8, 16
_SIGNS = {
    0: " ", NORTH: "╵", EAST: "╶", SOUTH: "╷", WEST: "╴",
    NORTH | SOUTH: "│", EAST | WEST: "─",
    NORTH | EAST: "╰", NORTH | WEST: "╯", EAST | SOUTH: "╭", SOUTH | WEST: "╮",
    NORTH | EAST | SOUTH: "├", NORTH | SOUTH | WEST: "┤", EAST | SOUTH | WEST: "┬", NORTH | EAST | WEST: "┴",
    NORTH | EAST | SOUTH | WEST: "┼",
}  # fmt: skip
LINES = {**_SIGNS, **{sides | END: sign for sides, sign in _SIGNS.items()}, 31: "╋"}
"""The sign of a cell by the sides where lines leave it and whether one ends there: a joint looks unlike a crossing."""


class Role(StrEnum):
    """What a piece of a row is, for its colour."""

    NOTHING = "nothing"
    BORDER = "border"
    TITLE = "title"
    LABEL = "label"
    LINE = "line"
    ARROW = "arrow"


What = str | tuple[int, ...] | None
"""What a piece belongs to: a state's name, the numbers of the edges that pass, or nothing."""


class Piece(NamedTuple):
    """A stretch of a row in one style.

    Attributes:
        text: The text; its cells lie side by side from the end of the piece before.
        role: What it is.
        what: What it belongs to.
    """

    text: str
    role: Role
    what: What


def rows(drawing: Drawing, crop: Area | None = None) -> list[list[Piece]]:
    """Paint a drawing or a window of it; the cost is that of the window.

    Args:
        drawing: The drawing.
        crop: The cells wanted, which may reach beyond the drawing; all of it by default.

    Returns:
        One list of pieces a row, together exactly as many cells as the window is wide. A wide character that the
        window cuts in two is a space.
    """
    crop = crop or Area(0, 0, drawing.width, drawing.height)
    canvas = _Canvas(crop)
    for boxes, labels, runs in drawing.in_rows(max(0, crop.y), min(drawing.height, crop.bottom)):
        for run in runs:
            canvas.line(run)
        for label in labels:
            canvas.label(label)
        for box in boxes:
            canvas.box(box)
    return [canvas.pieces(row) for row in range(crop.height)]


def as_text(drawing: Drawing) -> str:
    """The whole drawing as lines of text without spaces at their ends."""
    return "\n".join("".join(piece.text for piece in row).rstrip() for row in rows(drawing))


class _Canvas:
    """The cells of a window: signs of lines cell by cell, and stretches of text over them."""

    def __init__(self, crop: Area) -> None:
        self.left, self.top = crop.x, crop.y
        self.right, self.bottom = crop.right, crop.bottom
        self.masks: list[dict[int, int]] = [{} for _ in range(crop.height)]
        self.owners: list[dict[int, tuple[int, ...]]] = [{} for _ in range(crop.height)]
        self.spans: list[dict[int, tuple[str, int, Role, What]]] = [{} for _ in range(crop.height)]

    def line(self, run: Run) -> None:
        """Draw the part of a line that is in the window."""
        if run.across:
            self._line_across(run)
        else:
            self._line_down(run)

    def _line_across(self, run: Run) -> None:
        row, last = run.y - self.top, run.x + run.length - 1
        if not 0 <= row < len(self.masks) or run.x >= self.right or last < self.left:
            return
        masks, owners, edges = self.masks[row], self.owners[row], run.edges
        for x in range(max(run.x, self.left), min(last + 1, self.right)):
            mask = EAST | WEST
            if x == run.x and not run.before:
                mask = EAST
            elif x == last and not run.after:
                mask = WEST
            masks[x] = masks.get(x, 0) | mask
            owners.setdefault(x, edges)
        if run.tip:
            self._span(row, run.x, run.tip, 1, Role.ARROW, edges)

    def _line_down(self, run: Run) -> None:
        x, last = run.x, run.y + run.length - 1
        if not self.left <= x < self.right:
            return
        for y in range(max(run.y, self.top), min(last + 1, self.bottom)):
            mask = NORTH | SOUTH
            if y == run.y and not run.before:
                mask = (mask & ~NORTH) | END
            if y == last and not run.after:
                mask = (mask & ~SOUTH) | END
            row = y - self.top
            self.masks[row][x] = self.masks[row].get(x, 0) | mask
            self.owners[row][x] = run.edges
        if run.tip:
            self._span(last - self.top, x, run.tip, 1, Role.ARROW, run.edges)

    def label(self, label: Label) -> None:
        """Write the part of a label that is in the window."""
        area = label.area
        for row, line in enumerate(label.lines, area.y - self.top):
            length = cell_len(line)
            x = area.x + (area.width - length) // 2 if label.centred else area.x
            self._span(row, x, line, length, Role.LABEL, (label.edge,))

    def box(self, box: Box) -> None:
        """Draw the part of a box that is in the window."""
        area = box.area
        if area.right <= self.left or area.x >= self.right:
            return
        if not box.border:
            for row in range(area.y - self.top, area.bottom - self.top):
                self._span(row, area.x, box.lines[0], area.width, Role.TITLE, box.name)
            return
        for row in range(max(0, area.y - self.top), min(len(self.spans), area.bottom - self.top)):
            self._box_row(box, row, row + self.top - area.y)

    def _box_row(self, box: Box, row: int, inside: int) -> None:
        area = box.area
        if inside in (0, area.height - 1):
            ends = "┌┐" if inside == 0 else "└┘"
            signs = [ends[0], *"─" * (area.width - 2), ends[1]]
            for x, y, sign in box.joints:
                if y == area.y + inside:
                    signs[x - area.x] = sign
            self._span(row, area.x, "".join(signs), area.width, Role.BORDER, box.name)
            return
        line = box.lines[inside - 1] if inside <= len(box.lines) else ""
        end = "├" if any(y == area.y + inside for _, y, _ in box.joints) else "│"
        text = f" {line}{' ' * (area.width - 3 - cell_len(line))}"
        self._span(row, area.x, "│", 1, Role.BORDER, box.name)
        self._span(row, area.x + 1, text, area.width - 2, Role.TITLE, box.name)
        self._span(row, area.right - 1, end, 1, Role.BORDER, box.name)

    def _span(self, row: int, x: int, text: str, length: int, role: Role, what: What) -> None:
        if not 0 <= row < len(self.spans) or x >= self.right or x + length <= self.left:
            return
        if x < self.left or x + length > self.right:
            x, text = _cut(text, x, self.left, self.right)
            length = cell_len(text)
        self.spans[row][x] = (text, length, role, what)

    def pieces(self, row: int) -> list[Piece]:
        """The row from left to right, neighbours of one kind and owner together."""
        spans, masks, owners = self.spans[row], self.masks[row], self.owners[row]
        found: list[Piece] = []
        text, role, what, end = "", Role.NOTHING, None, self.left
        for x in sorted(masks.keys() | spans.keys() if spans else masks):
            if x in spans:
                sign, length, new_role, new_what = spans[x]
            elif x >= end:
                sign, length, new_role, new_what = LINES[masks[x]], 1, Role.LINE, owners[x]
            else:
                continue
            if x == end and new_role is role and new_what == what:
                text += sign
            else:
                if text:
                    found.append(Piece(text, role, what))
                if x > end:
                    found.append(_blank(x - end))
                text, role, what = sign, new_role, new_what
            end = x + length
        if text:
            found.append(Piece(text, role, what))
        if end < self.right:
            found.append(_blank(self.right - end))
        return found


@lru_cache(maxsize=512)
def _blank(cells: int) -> Piece:
    return Piece(" " * cells, Role.NOTHING, None)


def _cut(text: str, x: int, left: int, right: int) -> tuple[int, str]:
    """The part of a text at a column that lies between two columns, with spaces for halves of characters."""
    kept = []
    for start, end, width in split_graphemes(text)[0]:
        inside = min(x + width, right) - max(x, left)
        if inside > 0:
            kept.append(text[start:end] if inside == width else " " * inside)
        x += width
    return left if kept and x - cell_len(text) < left else x - cell_len(text), "".join(kept)
