"""Where each entry of a transcript stands, line by line, at a given width."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from studio.modes.simulate.script import Entry
from studio.modes.simulate.wrapping import one_line, wrapped

LABEL = 7
"""Columns for the word in front of an entry and the space after it."""

GAP = 2
"""Columns between an agent's words and the word for where they come from."""


@dataclass(frozen=True)
class Block:
    """One entry, cut into lines.

    Attributes:
        entry: The entry.
        lines: Its lines.
        blank: Lines left empty above it.
        first: Whether its turn begins here.
        apart: Whether the word for where it comes from has a line of its own below the others.
    """

    entry: Entry
    lines: tuple[str, ...]
    blank: int
    first: bool
    apart: bool

    @property
    def height(self) -> int:
        """Its lines, with the empty ones above."""
        return self.blank + len(self.lines) + self.apart


@dataclass(frozen=True)
class Place:
    """What one line of the transcript shows: a line of a block, counted below its blank lines (negative: blank)."""

    block: Block
    line: int


class Layout:
    """The blocks of a transcript, one below the other.

    Attributes:
        width: Columns for the words.
        airy: Whether an empty line parts the turns.
        height: Lines in all.
    """

    def __init__(self, width: int, *, airy: bool = False) -> None:
        """Begin empty.

        Args:
            width: Columns for the words, without gutter and label.
            airy: Whether an empty line parts the turns.
        """
        self.width = max(2, width)
        self.airy = airy
        self.height = 0
        self._blocks: list[Block] = []
        self._tops: list[int] = []

    def place(self, entries: Sequence[Entry], start: int = 0) -> int:
        """Place the entries from one on; those before stay as they are.

        Args:
            entries: All entries.
            start: The first that is new or has moved.

        Returns:
            The line from which on something changed.
        """
        start = min(start, len(self._blocks))
        top = self._tops[start] if start < len(self._tops) else self.height
        known = {id(block.entry): block for block in self._blocks[start:]}
        del self._blocks[start:], self._tops[start:]
        self.height = top
        for number in range(start, len(entries)):
            before = entries[number - 1] if number else None
            self._add(self._block(entries[number], before, known.get(id(entries[number]))))
        return top

    def at(self, y: int) -> Place | None:
        """What stands on a line; None below the end."""
        if not 0 <= y < self.height:
            return None
        number = bisect_right(self._tops, y) - 1
        block = self._blocks[number]
        return Place(block, y - self._tops[number] - block.blank)

    def of_turn(self, turn: int) -> tuple[int, int] | None:
        """The first line of a turn and the one after its last; None when nothing of it is here."""
        places = [number for number, block in enumerate(self._blocks) if block.entry.turn == turn]
        if not places:
            return None
        return self._tops[places[0]], self._tops[places[-1]] + self._blocks[places[-1]].height

    def _add(self, block: Block) -> None:
        self._tops.append(self.height)
        self._blocks.append(block)
        self.height += block.height

    def _lines(self, entry: Entry) -> tuple[str, ...]:
        """An entry's lines; a tool call has one, cut where there is no more room."""
        if entry.kind != "tool":
            return wrapped(entry.text, self.width)
        line = one_line(entry.text)
        return (line if cell_len(line) <= self.width else f"{set_cell_size(line, self.width - 1)}…",)

    def _block(self, entry: Entry, before: Entry | None, known: Block | None) -> Block:
        first = entry.turn > 0 and (before is None or before.turn != entry.turn)
        blank = 1 if first and before is not None and self.airy else 0
        lines = known.lines if known is not None else self._lines(entry)
        room = self.width - cell_len(lines[-1])
        return Block(entry, lines, blank, first, bool(entry.made_from) and room < GAP + len(entry.made_from))
