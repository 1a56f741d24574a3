"""Where each thing of the agent file begins, kept up to date while the file is edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yaml.nodes import CollectionNode, MappingNode, Node

from engine.agent.places import SECTIONS
from engine.agent.writing.page import Page


@dataclass(frozen=True)
class Lines:
    """Whole lines of a text: from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True)
class Outline:
    """The lines at which the top-level keys of a file, and the things of its sections in block style, begin.

    A thing's lines reach to where the next one begins, so they include the comments and blank lines after it.

    Attributes:
        keys: For each top-level key, where its line begins.
        things: For each section in block style, where the line of each of its things begins.
        length: The length of the text.
    """

    keys: Mapping[str, int]
    things: Mapping[str, tuple[int, ...]]
    length: int

    @classmethod
    def of(cls, page: Page) -> Outline | None:
        """The outline of a file; None when it is written on one line or as JSON."""
        root = page.root
        if not isinstance(root, MappingNode) or root.flow_style:
            return None
        keys = key_starts(page)
        sections = {str(key.value): value for key, value in root.value if key.value in SECTIONS}
        things = {name: thing_starts(page, node) for name, node in sections.items()}
        return cls(keys, {name: starts for name, starts in things.items() if starts}, len(page.text))

    def key_lines(self, key: str) -> Lines | None:
        """The lines of a top-level key; None when it is not there."""
        if key not in self.keys:
            return None
        start = self.keys[key]
        return Lines(start, min((other for other in self.keys.values() if other > start), default=self.length))

    def thing_lines(self, section: str, first: int, last: int) -> Lines | None:
        """The lines of the things between two positions, both included; None when they are not in block style."""
        starts = self.things.get(section, ())
        whole = self.key_lines(section)
        if whole is None or not 0 <= first <= last < len(starts):
            return None
        return Lines(starts[first], starts[last + 1] if last + 1 < len(starts) else whole.end)

    def changed(self, lines: Lines, length: int, section: str, first: int, last: int, fresh: Iterable[int]) -> Outline:
        """The outline after the lines of some things were replaced.

        Args:
            lines: The lines replaced.
            length: The length of what stands there now.
            section: The section of the things.
            first: Position of the first of them.
            last: Position of the last of them.
            fresh: Where the things in the new text begin, counted from its own beginning.
        """
        shift = length - (lines.end - lines.start)
        shifted = self._shifted(lines, shift)
        own = self.things[section]
        later = tuple(start + shift for start in own[last + 1 :])
        starts = (*own[:first], *(lines.start + start for start in fresh), *later)
        return Outline(shifted.keys, {**shifted.things, section: starts}, shifted.length)

    def changed_key(self, lines: Lines, length: int, key: str, fresh: Mapping[str, int]) -> Outline:
        """The outline after the lines of a top-level key that is no section were replaced.

        Args:
            lines: The lines replaced.
            length: The length of what stands there now.
            key: The key.
            fresh: The keys in the new text and where they begin, counted from its own beginning.
        """
        shifted = self._shifted(lines, length - (lines.end - lines.start))
        kept = {other: start for other, start in shifted.keys.items() if other != key}
        return Outline(
            {**kept, **{new: lines.start + start for new, start in fresh.items()}}, shifted.things, shifted.length
        )

    def _shifted(self, lines: Lines, shift: int) -> Outline:
        keys = {key: start + shift if start >= lines.end else start for key, start in self.keys.items()}
        things = {name: _shifted(starts, lines.end, shift) for name, starts in self.things.items()}
        return Outline(keys, things, self.length + shift)


def key_starts(page: Page) -> dict[str, int]:
    """Where the lines of the keys of a text in block style begin."""
    node = page.root
    return {str(key.value): _line_start(key) for key, _ in node.value} if isinstance(node, MappingNode) else {}


def thing_starts(page: Page, node: Node) -> tuple[int, ...]:
    """Where the lines of the things in a section begin, the comments above them included; none outside block style."""
    if not isinstance(node, CollectionNode) or node.flow_style:
        return ()
    if isinstance(node, MappingNode):
        return tuple(page.with_comments(_line_start(key)) for key, _ in node.value)
    return tuple(page.with_comments(page.line_start(child.start)) for child in page.children(node))


def _line_start(node: Node) -> int:
    return int(node.start_mark.index - node.start_mark.column)


def _shifted(starts: tuple[int, ...], end: int, shift: int) -> tuple[int, ...]:
    return tuple(start + shift for start in starts) if starts and starts[0] >= end else starts
