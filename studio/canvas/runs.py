"""Straight runs of cells, and the way of an edge along them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

Point = tuple[int, int]
"""A column and a row; also a step to a neighbouring cell."""

NORTH, EAST, SOUTH, WEST = (0, -1), (1, 0), (0, 1), (-1, 0)


class Area(NamedTuple):
    """A rectangle of cells: its upper left cell, width and height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column right of it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell is in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom


class Run(NamedTuple):
    """A straight run of cells of one net.

    Attributes:
        net: The net: what belongs to one is one line, perhaps with branches.
        edges: The edges that run along it.
        x: The column of its first cell.
        y: The row of its first cell.
        length: How many cells it has, to the right or down.
        across: Whether it runs to the right.
        before: Whether its first cell also reaches out at its beginning.
        after: Whether its last cell also reaches out at its end.
        tip: An arrowhead in place of its last cell, or in place of its first if it runs across.
    """

    net: int
    edges: tuple[int, ...]
    x: int
    y: int
    length: int
    across: bool
    before: bool
    after: bool
    tip: str = ""

    @property
    def last_row(self) -> int:
        """The last row that it is in."""
        return self.y if self.across else self.y + self.length - 1

    @property
    def last_column(self) -> int:
        """The last column that it is in."""
        return self.x + self.length - 1 if self.across else self.x

    def cells(self) -> Iterator[tuple[Point, tuple[Point, ...]]]:
        """Each cell with the sides where the run leaves it."""
        behind, ahead = (WEST, EAST) if self.across else (NORTH, SOUTH)
        for step in range(self.length):
            sides = (behind,) if step or self.before else ()
            if step < self.length - 1 or self.after:
                sides = (*sides, ahead)
            yield (self.x + step * ahead[0], self.y + step * ahead[1]), sides

    @property
    def end(self) -> tuple[Point, Point]:
        """The cell where an arrowhead is, and the side that it points to."""
        return ((self.x, self.y), WEST) if self.across else ((self.x, self.last_row), SOUTH)


def path(runs: Iterable[Run], labels: Iterable[Area]) -> tuple[Point, ...]:
    """The cells along the runs of one edge, from its source to its arrowhead.

    Args:
        runs: The runs.
        labels: The area of the edge's label, if it has one; the way goes on beyond it.

    Returns:
        The cells in order, without those of the label; empty if there is no arrowhead.
    """
    sides: dict[Point, set[Point]] = {}
    ends = []
    for run in runs:
        for point, leaves in run.cells():
            sides.setdefault(point, set()).update(leaves)
        if run.tip:
            ends.append(run.end)
    met: list[Point] = []
    following = ends[0] if ends else None
    while following:
        here, came = following
        met.append(here)
        following = _following(sides, here, came, labels)
        sides.pop(here)
    return tuple(reversed(met))


def _following(
    sides: dict[Point, set[Point]], here: Point, came: Point, labels: Iterable[Area]
) -> tuple[Point, Point] | None:
    """The next cell away from the side that one came from, beyond the label if that lies between."""
    for side in sorted(sides[here] - {came}):
        there = _step(here, side)
        if there in sides:
            return there, (-side[0], -side[1])
        for area in labels:
            if area.holds(*there):
                return _beyond(sides, here, area)
    return None


def _beyond(sides: dict[Point, set[Point]], here: Point, label: Area) -> tuple[Point, Point] | None:
    """The other cell whose line leads into a label."""
    for point, leaves in sides.items():
        for side in leaves:
            if point != here and label.holds(*_step(point, side)):
                return point, side
    return None


def _step(point: Point, side: Point) -> Point:
    return point[0] + side[0], point[1] + side[1]
