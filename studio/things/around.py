"""The relationships around one thing, as a tree of links one to three steps deep."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import product

from engine.agent.model import Relationship, RelationshipKind
from studio.things.catalog import TAG, Things

MOST_HOPS = 3
"""How far a map reaches."""

OUTWARDS = {
    RelationshipKind.EXCLUDES: "excludes",
    RelationshipKind.DEPENDS_ON: "depends on",
    RelationshipKind.ENTAILS: "entails",
    RelationshipKind.DISAMBIGUATES: "offers the choice",
}
"""What is said of a source to its target."""

INWARDS = {
    RelationshipKind.EXCLUDES: "is excluded by",
    RelationshipKind.DEPENDS_ON: "is needed by",
    RelationshipKind.ENTAILS: "is entailed by",
    RelationshipKind.DISAMBIGUATES: "is a choice of",
}
"""What is said of a target to its source."""

GLYPHS = {
    RelationshipKind.EXCLUDES: "✗",
    RelationshipKind.DEPENDS_ON: "←",
    RelationshipKind.ENTAILS: "→",
    RelationshipKind.DISAMBIGUATES: "?",
}
"""The sign of each kind of relationship."""


@dataclass(frozen=True)
class Link:
    """One step from a thing to another.

    Attributes:
        source: The key of the thing that the step is taken from.
        name: The key of the thing at the other end, or a tag's.
        words: What the one has to do with the other, e.g. `is excluded by`.
        glyph: The sign of the kind.
        via: The tag that the relationship names in place of the source; empty when it names the source itself.
        relationship: The relationship's position; None for bearing a tag.
        depth: How many steps from the middle, from 1.
        again: Whether the other end is shown elsewhere, nearer to the middle or earlier.
    """

    source: str
    name: str
    words: str
    glyph: str
    via: str
    relationship: int | None
    depth: int
    again: bool = False

    @property
    def said(self) -> str:
        """The link in words, without its source: `is excluded by handoff_if_upset, through tag:premium`."""
        return f"{self.words} {self.name}" + (f", through {self.via}" if self.via else "")


def around(things: Things, key: str, hops: int = 1) -> tuple[Link, ...]:
    """The links around a thing.

    Args:
        things: The agent.
        key: The thing in the middle, or a tag such as `tag:premium`.
        hops: How many steps to go.

    Returns:
        The links as a tree written out: every link is followed by those that lead on from its end. A thing is gone on
        from once, at the place nearest to the middle; elsewhere its link says `again`.
    """
    found: dict[str, list[Link]] = {}
    met = {key}
    queue = deque([(key, 1)])
    while queue:
        source, depth = queue.popleft()
        for link in links_of(things, source, depth):
            if link.name in found and _same_line(link, found[link.name]):
                continue
            again = link.name in met
            found.setdefault(source, []).append(_again(link) if again else link)
            if not again:
                met.add(link.name)
                if depth < hops:
                    queue.append((link.name, depth + 1))
    return tuple(_written_out(found, key))


def _again(link: Link) -> Link:
    return Link(link.source, link.name, link.words, link.glyph, link.via, link.relationship, link.depth, again=True)


def _same_line(link: Link, others: list[Link]) -> bool:
    """Whether this is only the way back of a link that is shown from its other end."""
    return any(other.name == link.source and other.relationship == link.relationship for other in others)


def _written_out(found: dict[str, list[Link]], key: str) -> Iterator[Link]:
    waiting = list(reversed(found.get(key, [])))
    while waiting:
        link = waiting.pop()
        yield link
        if not link.again:
            waiting.extend(reversed(found.get(link.name, [])))


def links_of(things: Things, key: str, depth: int = 1) -> Iterator[Link]:
    """The links of one thing: relationships that name it or a tag that it bears, in the order of the file.

    Args:
        things: The agent.
        key: The thing, or a tag, whose bearers are links, too.
        depth: How far from the middle the links are.
    """
    names = [key, *(f"{TAG}{tag}" for tag, bearers in things.agent.tagged.items() if key in bearers)]
    for position, line in enumerate(things.agent.relationships):
        for name in names:
            via = name if name != key else ""
            for words, other in _ends(line, name):
                yield Link(key, other, words, GLYPHS[line.kind], via, position, depth)
    if key.startswith(TAG):
        for bearer in things.agent.tagged.get(key.removeprefix(TAG), ()):
            yield Link(key, bearer, "is borne by", "•", "", None, depth)


def _ends(line: Relationship, name: str) -> Iterator[tuple[str, str]]:
    """The other ends of a relationship, seen from one of its ends, with the words for it."""
    if line.source == name:
        words = "needs one of" if line.any_of else OUTWARDS[line.kind]
        for target in line.targets:
            yield words, target
    if name in line.targets:
        yield "is one of those needed by" if line.any_of else INWARDS[line.kind], line.source


def related(things: Things) -> tuple[str, ...]:
    """The keys of the things that take part in relationships, by name or by a tag, and the tags named, kind by kind."""
    lines = things.agent.relationships
    named = {party for line in lines for party in (line.source, *line.targets)}
    for tag, bearers in things.agent.tagged.items():
        if f"{TAG}{tag}" in named:
            named.update(bearers)
    return tuple(key for key in things.entries if key in named)


@dataclass(frozen=True)
class Matrix:
    """Relationships between some things as a table.

    Attributes:
        rows: The keys of the sources and their neighbours.
        columns: The keys that some row bears on.
        cells: The signs by row and column; what is not there is empty.
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: dict[tuple[str, str], str]


def matrix(things: Things, key: str, hops: int) -> Matrix:
    """The relationships among the things around one.

    Args:
        things: The agent.
        key: The thing in the middle.
        hops: How many steps to go.
    """
    links = around(things, key, hops)
    near = {key, *(link.name for link in links)}
    rows = tuple(name for name in things.entries if name in near)
    cells: dict[tuple[str, str], str] = {}
    for line in things.agent.relationships:
        sources = _meant(things, line.source, near)
        targets = [name for target in line.targets for name in _meant(things, target, near)]
        for pair in product(sources, targets):
            cells[pair] = "".join(dict.fromkeys(cells.get(pair, "") + GLYPHS[line.kind]))
    columns = tuple(name for name in rows if any(name == target for _, target in cells))
    return Matrix(rows, columns, cells)


def _meant(things: Things, name: str, near: Collection[str]) -> list[str]:
    """The things that are near and meant by a name: for a tag itself and its bearers."""
    bearers = things.agent.tagged.get(name.removeprefix(TAG), ()) if name.startswith(TAG) else ()
    return [each for each in (name, *bearers) if each in near]
