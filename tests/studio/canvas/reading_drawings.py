"""A drawing read back from its characters, without knowing how it was made."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import split_graphemes

from studio.canvas.drawing import Drawing
from studio.canvas.painting import as_text
from studio.canvas.runs import Area, Point, Run

NORTH, EAST, SOUTH, WEST = (0, -1), (1, 0), (0, 1), (-1, 0)
REACHES = {
    "│": {NORTH, SOUTH}, "─": {EAST, WEST}, "╰": {NORTH, EAST}, "╯": {NORTH, WEST}, "╭": {EAST, SOUTH},
    "╮": {SOUTH, WEST}, "├": {NORTH, EAST, SOUTH}, "┤": {NORTH, SOUTH, WEST}, "┬": {EAST, SOUTH, WEST},
    "┴": {NORTH, EAST, WEST}, "┼": {NORTH, EAST, SOUTH, WEST}, "╋": {NORTH, EAST, SOUTH, WEST},
    "▼": {NORTH, SOUTH}, "◄": {EAST, WEST},
}  # fmt: skip
"""The sides where a sign meets the next cell."""


def cells(drawing: Drawing) -> dict[Point, str]:
    """The sign of each cell that is not blank; the right half of a wide character is an empty text."""
    found = {}
    for y, line in enumerate(as_text(drawing).split("\n")):
        x = 0
        for start, end, width in split_graphemes(line)[0]:
            if line[start:end] != " ":
                found[x, y] = line[start:end]
                if width == 2:
                    found[x + 1, y] = ""
            x += width
    return found


def in_area(area: Area) -> Iterator[Point]:
    return ((x, y) for y in range(area.y, area.bottom) for x in range(area.x, area.right))


def in_run(run: Run) -> Iterator[tuple[Point, frozenset[Point]]]:
    """Each cell of a run with the sides where the run leaves it."""
    ahead, behind = (EAST, WEST) if run.across else (SOUTH, NORTH)
    for step in range(run.length):
        point = (run.x + step * run.across, run.y + step * (not run.across))
        first, last = step == 0, step == run.length - 1
        yield (
            point,
            frozenset(({behind} if run.before or not first else set()) | ({ahead} if run.after or not last else set())),
        )


def ways_of_edges(drawing: Drawing) -> list[dict[Point, set[Point]]]:
    """For each edge its cells, each with the sides where the edge leaves it."""
    ways: list[dict[Point, set[Point]]] = [{} for _ in drawing.graph.edges]
    for run in drawing.runs:
        for point, sides in in_run(run):
            for edge in run.edges:
                ways[edge].setdefault(point, set()).update(sides)
    return ways


def step(point: Point, side: Point) -> Point:
    return point[0] + side[0], point[1] + side[1]


def followed(drawing: Drawing, signs: dict[Point, str], edge: int, ways: dict[Point, set[Point]]) -> str:
    """Follow an edge by its signs from the box of its source to that of its target; say what is wrong, or nothing.

    Every cell of the edge has to be met on one way, and its sign has to reach where the way goes.
    """
    ends = drawing.graph.edges[edge]
    source, target = drawing.boxes[ends.source], drawing.boxes[ends.target]
    words = {point for label in drawing.labels if label.edge == edge for point in in_area(label.area)}
    for point, sides in ways.items():
        if not sides <= REACHES.get(signs.get(point, ""), set()):
            return f"is not seen at {point}"
    starts = [
        (point, side)
        for point, sides in ways.items()
        for side in sides
        if source.area.holds(*step(point, side)) and (side == NORTH or (side == WEST and signs[point] != "◄"))
    ]
    under = [step(point, NORTH) for point in words]
    if not starts and any(source.area.holds(*point) and signs[point] == "┬" for point in under):
        starts = [(point, NORTH) for point in ways if NORTH in ways[point] and step(point, NORTH) in words]
    if len(starts) != 1:
        return f"begins at {starts}"
    here, came = starts[0]
    if (
        step(here, came) not in words
        and source.border
        and (-came[0], -came[1]) not in REACHES.get(signs[step(here, came)], ())
    ):
        return "does not touch its source"
    seen = {here}
    while True:
        leaves = [side for side in ways[here] if side != came]
        if len(leaves) != 1:
            return f"leaves {here} to {leaves}"
        there = step(here, leaves[0])
        if target.area.holds(*there) and signs[here] in "▼◄":
            return f"leaves out {ways.keys() - seen}" if len(seen) < len(ways) else ""
        came = (-leaves[0][0], -leaves[0][1])
        if there in words:
            beyond = [
                (point, side) for point in ways.keys() - seen for side in ways[point] if step(point, side) in words
            ]
            if len(beyond) != 1:
                return f"goes on from its label to {beyond}"
            there, came = beyond[0]
        if there not in ways or there in seen or came not in ways[there]:
            return f"breaks off at {here}"
        here = there
        seen.add(here)
