"""A finished drawing: where everything is, what is at a cell, what is beside a state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from studio.canvas.graph import Graph, Kind
from studio.canvas.runs import Area, Point, Run, path

__all__ = ["Area", "Box", "Direction", "Drawing", "Label", "Point", "Run"]

Direction = Literal["up", "down", "left", "right"]

BAND = 32
"""So many rows share one list of what is in them."""


class Box(NamedTuple):
    """A state's box.

    Attributes:
        name: The state's name.
        kind: What it is.
        area: Its cells, border included.
        lines: The rows of text, in the cells from `(x + 2, y + 1)`.
        border: Whether it has one; on the map it is a glyph alone.
        joints: Border cells with a sign of their own, where lines begin.
    """

    name: str
    kind: Kind
    area: Area
    lines: tuple[str, ...]
    border: bool = True
    joints: tuple[tuple[int, int, str], ...] = ()


class Label(NamedTuple):
    """What an edge's label says, and its cells; the lines are centred or, beside a box, begin at the left."""

    edge: int
    area: Area
    lines: tuple[str, ...]
    centred: bool = True


@dataclass(frozen=True, eq=False)
class Drawing:
    """Where everything is, in cells from the upper left.

    Attributes:
        graph: What is drawn.
        width: Columns.
        height: Rows.
        boxes: The box of each node, in the order of the graph.
        labels: The labels.
        runs: The lines.
    """

    graph: Graph
    width: int = 0
    height: int = 0
    boxes: tuple[Box, ...] = ()
    labels: tuple[Label, ...] = ()
    runs: tuple[Run, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Box]:
        """The boxes by the names of their states."""
        return {box.name: box for box in self.boxes}

    @cached_property
    def bands(self) -> list[tuple[list[Box], list[Label], list[Run]]]:
        """For every `BAND` rows the boxes, labels and lines in them."""
        bands: list[tuple[list[Box], list[Label], list[Run]]] = [
            ([], [], []) for _ in range((self.height + BAND - 1) // BAND)
        ]
        for box in self.boxes:
            for band in range(box.area.y // BAND, (box.area.bottom - 1) // BAND + 1):
                bands[band][0].append(box)
        for label in self.labels:
            for band in range(label.area.y // BAND, (label.area.bottom - 1) // BAND + 1):
                bands[band][1].append(label)
        for run in self.runs:
            for band in range(run.y // BAND, run.last_row // BAND + 1):
                bands[band][2].append(run)
        return bands

    def in_rows(self, top: int, bottom: int) -> Iterator[tuple[list[Box], list[Label], list[Run]]]:
        """What may be in the rows from `top` up to but not `bottom`; long lines come once for each band."""
        if top < bottom:
            yield from self.bands[max(0, top) // BAND : max(0, bottom - 1) // BAND + 1]

    def hit(self, x: int, y: int) -> str | tuple[int, ...] | None:
        """What is at a cell.

        Returns:
            A state's name, the numbers of the edges that pass there (where lines cross: of the one that goes down),
            or None.
        """
        found: tuple[int, ...] | None = None
        for boxes, labels, runs in self.in_rows(y, y + 1) if 0 <= y < self.height else ():
            for box in boxes:
                if box.area.holds(x, y):
                    return box.name
            for label in labels:
                if label.area.holds(x, y):
                    return (label.edge,)
            for run in runs:
                if run.x <= x <= run.last_column and run.y <= y <= run.last_row and (not run.across or not found):
                    found = run.edges
        return found

    @cached_property
    def runs_of(self) -> dict[int, list[Run]]:
        """The lines of each edge by its number."""
        runs: dict[int, list[Run]] = {}
        for run in self.runs:
            for edge in run.edges:
                runs.setdefault(edge, []).append(run)
        return runs

    def path(self, edge: int) -> tuple[Point, ...]:
        """The cells of an edge's line, from its source to its target; its label's cells are not among them."""
        labels = [label.area for label in self.labels if label.edge == edge]
        return path(self.runs_of.get(edge, []), labels)

    def beside(self, name: str, direction: Direction) -> str | None:
        """The nearest state in a direction, sideways distance counting three times in rows; None at the rim."""
        here = self.by_name[name]
        best: tuple[int, str] | None = None
        for box in self.boxes:
            distance = _distance(here.area, box.area, direction)
            if distance is not None and (best is None or distance < best[0]):
                best = distance, box.name
        return best[1] if best else None


def _distance(here: Area, there: Area, direction: Direction) -> int | None:
    """How far a box is in a direction, cells being twice as high as wide; None when it is not there."""
    across = _between(here.x, here.right, there.x, there.right)
    down = 2 * _between(here.y, here.bottom, there.y, there.bottom)
    forward, sideways = (down, across) if direction in ("up", "down") else (across, down)
    wanted = 1 if direction in ("down", "right") else -1
    if forward * wanted <= 0:
        return None
    return abs(forward) + 3 * abs(sideways) + (abs(there.x - here.x) > 0 if forward == down else 0)


def _between(start: int, end: int, other_start: int, other_end: int) -> int:
    """How many cells lie between two stretches, negative when the other comes first, 0 when they overlap."""
    if other_start >= end:
        return other_start - end + 1
    return other_end - start - 1 if other_end <= start else 0
