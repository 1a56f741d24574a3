"""A drawing as SVG, for machines without Graphviz: the same places as in the terminal, with real lines."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from engine.agent.export.flow import one_line
from studio.canvas.drawing import Box, Drawing, Label, Run
from studio.canvas.graph import Kind

WIDTH, HEIGHT, MARGIN = 9, 18, 18
"""The size of a cell and what is free around the drawing, in pixels."""

TIP = 4.5
"""Half of an arrowhead's width and three quarters of half its length, in pixels."""

COLOURS = {
    Kind.START: ("#e6f4ea", "#2e7d4f"),
    Kind.CHAT: ("#eef4fb", "#3b6ea5"),
    Kind.TOOL: ("#fdf3e0", "#b7791f"),
    Kind.FORK: ("#f4f4f4", "#56606b"),
    Kind.LINK: ("#f1ecfa", "#7a5bb5"),
    Kind.END: ("#eceff1", "#37474f"),
}
"""The inside and the border of each kind of box."""

STYLE = (
    "text{font:15px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#1f2933}"
    ".label{fill:#56606b;font-style:italic}.way{stroke:#56606b;stroke-width:1;stroke-linecap:round;fill:none;shape-rendering:crispEdges}"
    ".tip{fill:#56606b}"
)


def as_svg(drawing: Drawing, title: str) -> str:
    """Write a drawing with borders (full or compact) as SVG.

    Args:
        drawing: The drawing.
        title: What it is called, for whoever cannot see it.

    Returns:
        An SVG document, which ends with a line break; the same for the same drawing.
    """
    width, height = drawing.width * WIDTH + 2 * MARGIN, drawing.height * HEIGHT + 2 * MARGIN
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
        f' viewBox="{-MARGIN} {-MARGIN} {width} {height}" role="img">',
        f"<title>{_text(title)}</title>",
        f"<style>{STYLE}</style>",
        f'<rect x="{-MARGIN}" y="{-MARGIN}" width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for run in drawing.runs:
        lines += _run(run)
    for label in drawing.labels:
        lines += _label(label)
    for box in drawing.boxes:
        lines += _box(box)
    return "\n".join([*lines, "</svg>"]) + "\n"


def _run(run: Run) -> Iterator[str]:
    """A line from middle to middle of its cells, and as far beyond as what it joins."""
    start, end = (run.x, run.last_column) if run.across else (run.y, run.last_row)
    first, last = start - run.before + 0.5, end + run.after + 0.5
    if run.tip and run.across:
        first = start
    elif run.tip:
        last = end + 1
    if run.across:
        ends = first * WIDTH, _middle_row(run.y), last * WIDTH, _middle_row(run.y)
    else:
        ends = _middle_column(run.x), first * HEIGHT, _middle_column(run.x), last * HEIGHT
    x1, y1, x2, y2 = map(_number, ends)
    yield f'<path class="way" d="M{x1} {y1}L{x2} {y2}"/>'
    if run.tip:
        yield _tip(run)


def _tip(run: Run) -> str:
    """An arrowhead that touches the border of the box it leads to, which runs through the middle of its cell."""
    if run.across:
        x, y = _middle_column(run.x - 1), _middle_row(run.y)
        corners = ((x, y), (x + 2 * TIP, y - TIP), (x + 2 * TIP, y + TIP))
    else:
        x, y = _middle_column(run.x), _middle_row(run.last_row + 1)
        corners = ((x, y), (x - TIP, y - 2 * TIP), (x + TIP, y - 2 * TIP))
    drawn = "L".join(f"{_number(x)} {_number(y)}" for x, y in corners)
    return f'<path class="tip" d="M{drawn}Z"/>'


def _label(label: Label) -> Iterator[str]:
    area = label.area
    yield (
        f'<rect x="{area.x * WIDTH}" y="{area.y * HEIGHT}" width="{area.width * WIDTH}"'
        f' height="{area.height * HEIGHT}" fill="#ffffff"/>'
    )
    for row, line in enumerate(label.lines, area.y):
        x = (area.x + area.width / 2 if label.centred else area.x) * WIDTH
        anchor = ' text-anchor="middle"' if label.centred else ""
        yield f'<text class="label" x="{_number(x)}" y="{_baseline(row)}"{anchor}>{_text(line)}</text>'


def _box(box: Box) -> Iterator[str]:
    area, (inside, border) = box.area, COLOURS[box.kind]
    x, y = _middle_column(area.x), _middle_row(area.y)
    width, height = (area.width - 1) * WIDTH, (area.height - 1) * HEIGHT
    yield (
        f'<rect x="{_number(x)}" y="{_number(y)}" width="{width}" height="{height}" rx="5"'
        f' fill="{inside}" stroke="{border}" stroke-width="1.5"/>'
    )
    for row, line in enumerate(box.lines, area.y + 1):
        yield f'<text x="{(area.x + 2) * WIDTH}" y="{_baseline(row)}">{_text(line)}</text>'


def _middle_column(x: int) -> float:
    return (x + 0.5) * WIDTH


def _middle_row(y: int) -> float:
    return (y + 0.5) * HEIGHT


def _baseline(row: int) -> int:
    return row * HEIGHT + 14


def _number(pixels: float) -> str:
    return f"{pixels:g}"


def _text(text: str) -> str:
    return escape(one_line(text))
