"""The rows of the map: what takes part in relationships, what is around one thing, and the same as a matrix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from engine.agent.model import RelationshipKind
from studio.things.around import GLYPHS, OUTWARDS, Link, Matrix, related
from studio.things.catalog import KINDS, Things
from studio.things.describe import MEANINGS
from studio.things.lines import Line, Section, readable
from studio.widgets.thing_list import Row

STEP = 3
"""Columns for each step away from the middle."""

STYLES = {
    GLYPHS[RelationshipKind.EXCLUDES]: "$text-error",
    GLYPHS[RelationshipKind.DEPENDS_ON]: "$text-warning",
    GLYPHS[RelationshipKind.ENTAILS]: "$text-success",
    GLYPHS[RelationshipKind.DISAMBIGUATES]: "$accent",
}
"""The colour of each sign."""

WIDEST_NAME = 26
"""Columns for the names at the left of the matrix, at most."""

CELL = 3
"""Columns of a cell."""


def related_rows(things: Things) -> Iterator[Row]:
    """Whatever takes part in relationships, kind by kind."""
    for kind, keys in groupby(related(things), key=lambda key: things.entries[key].kind):
        found = list(keys)
        yield Row(f"heading {kind}", Content(f"{KINDS[kind]}  {len(found)}"), heading=True)
        for key in found:
            yield Row(key, Content(readable(key)), f"{key} {things.said(key)}")


def link_rows(links: Sequence[Link]) -> Iterator[Row]:
    """The links around a thing as a tree; a row's key is the link's number."""
    for number, link in enumerate(links):
        label = Content(" " * (STEP * (link.depth - 1)))
        label += Content.styled(f"{link.glyph} ", STYLES.get(link.glyph, "$text-muted"))
        label += Content.styled(f"{link.words} ", "$text-muted") + Content(readable(link.name))
        if link.via:
            label += Content.styled(f"  through {readable(link.via)}", "$text-muted")
        if link.again:
            label += Content.styled("  ↩", "$text-muted")
        yield Row(str(number), label)


def matrix_rows(matrix: Matrix) -> Iterator[Row]:
    """The matrix: who bears on whom. A row's key is the thing's, with `row` before it."""
    numbers = {name: place for place, name in enumerate(matrix.rows, start=1)}
    width = min(WIDEST_NAME, max((cell_len(name) for name in matrix.rows), default=0))
    head = "".join(f"{numbers[name]:>{CELL}}" for name in matrix.columns)
    yield Row("heading", Content(f"{'':{width + CELL + 1}}{head}"), heading=True)
    for name in matrix.rows:
        short = name if cell_len(name) <= width else f"{set_cell_size(name, width - 1)}…"
        label = Content.styled(f"{numbers[name]:>{CELL}} ", "$text-muted") + Content(set_cell_size(short, width))
        for column in matrix.columns:
            signs = matrix.cells.get((name, column), "")
            label += Content.styled(f"{signs or '·':>{CELL}}", STYLES.get(signs[:1], "$text-muted"))
        yield Row(f"row {name}", label, name)


def legend() -> Content:
    """What the signs of the matrix mean."""
    words = [Content.styled(f"{sign} ", STYLES[sign]) + Content(OUTWARDS[kind]) for kind, sign in GLYPHS.items()]
    return Content.styled("row … column: ", "$text-muted") + Content("  ").join(words)


def about_link(things: Things, link: Link, place: str) -> tuple[Section, ...]:
    """A link in words: who has what to do with whom, what that means, and its line in the file.

    Args:
        things: The agent.
        link: The link.
        place: The file and line of its relationship; empty for bearing a tag.
    """
    sections = [
        Section(f"{link.source} {link.said}", tuple(_end(things, name) for name in (link.source, link.name))),
    ]
    if link.relationship is not None:
        line = things.agent.relationships[link.relationship]
        written = Line(f"- {line}", place, target=f"relationships.{link.relationship}")
        sections.append(Section("In the file", (written,)))
        sections.append(Section("What it means", (Line(MEANINGS[line.kind]),)))
    return tuple(sections)


def _end(things: Things, name: str) -> Line:
    return Line(things.said(name), name, target=name)
