"""A painted row with its marks: which piece looks how, and the signs of what is selected, visited, here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from studio.canvas.drawing import Box, Drawing
from studio.canvas.lighting import NOTHING, Found, Lit
from studio.canvas.painting import Piece, Role

HERE, BEEN = "▶", "✓"
"""The signs of the current state and of those visited before it."""

HEAVY = str.maketrans("┌┐└┘─│├┤┬┴", "┏┓┗┛━┃┠┨┯┷")
"""The border of the selected box."""

Names = tuple[str, ...]
"""What a piece is, as names of styles; later ones outweigh earlier ones."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked in a drawing.

    Attributes:
        selected: The selected state; empty for none.
        lit: Where the running session is and has been.
        found: What the search found.
    """

    selected: str = ""
    lit: Lit = NOTHING
    found: Found = Found()


def marked(pieces: Iterable[Piece], x: int, y: int, drawing: Drawing, marks: Marks) -> Iterator[tuple[str, Names]]:
    """Give the pieces of a row their marks.

    Args:
        pieces: The row, as it was painted.
        x: The column of the drawing where it begins.
        y: Its row in the drawing.
        drawing: The drawing.
        marks: What is marked.

    Yields:
        Each text, as wide as it was painted, with the names of its styles.
    """
    for text, role, what in pieces:
        if isinstance(what, str):
            yield _of_state(text, role, x, y, drawing.by_name[what], marks)
        elif what is None:
            yield text, ()
        else:
            yield text, _of_edges(role, what, marks)
        x += cell_len(text)


def _of_edges(role: Role, edges: Sequence[int], marks: Marks) -> Names:
    names: Names = ("label",) if role is Role.LABEL else ("line",)
    if not marks.lit.edges.isdisjoint(edges):
        names += ("walked",)
    if role is Role.LABEL and not marks.found.edges.isdisjoint(edges):
        names += ("found",)
    return names


def _of_state(text: str, role: Role, x: int, y: int, box: Box, marks: Marks) -> tuple[str, Names]:
    names: Names = ("title",) if role is Role.TITLE and box.border else ("border", str(box.kind))
    sign = ""
    if box.name == marks.lit.here:
        names, sign = (*names, "here"), HERE
    elif box.name in marks.lit.visited:
        names, sign = (*names, "visited"), BEEN
    if role is Role.TITLE and box.name in marks.found.states:
        names += ("found",)
    if box.name == marks.selected:
        names += ("selected",) if box.border else ("selected", "bare")
        text = text.translate(HEAVY) if role is Role.BORDER else text
    if sign and role is Role.TITLE:
        text = _signed(text, x, y, box, sign)
    return text, names


def _signed(text: str, x: int, y: int, box: Box, sign: str) -> str:
    """The sign before the first line of the title; on the map, which has only glyphs, that of where the session is."""
    if not box.border:
        return sign + text[1:] if sign == HERE else text
    return sign + text[1:] if (x, y) == (box.area.x + 1, box.area.y + 1) else text
