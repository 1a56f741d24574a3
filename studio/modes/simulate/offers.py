"""The line above the composer: replies that are one key away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.binding import Binding
from textual.content import Content
from textual.reactive import reactive

from studio.keys import bindings
from studio.modes.simulate.wrapping import one_line
from studio.widgets.frame_lines import Clickable, shown_key

LONGEST = 28
"""Columns for one reply."""


class Offers(Clickable):
    """Replies with the key that says each; a click says it, too."""

    DEFAULT_CSS = "Offers { height: 1; padding: 0 1; display: none; } Offers.-some { display: block; }"
    texts: reactive[tuple[str, ...]] = reactive(())

    def watch_texts(self, texts: Sequence[str]) -> None:
        """Be there only while something is offered."""
        self.set_class(bool(texts), "-some")

    def render(self) -> Content:
        """As many replies as have room."""
        self._spans = []
        line = Content("")
        for number, text in enumerate(self.texts, 1):
            key = f"alt+{number}"
            words = Content(one_line(text)).truncate(LONGEST, ellipsis=True)
            offer = Content.styled(shown_key(key), "bold $accent") + " " + words
            start = line.cell_length + (2 if line else 0)
            if line and start + offer.cell_length > self.size.width:
                break
            line += Content("  " if line else "") + offer
            self._spans.append((start, line.cell_length, key))
        return line


def reply_keys() -> list[Binding]:
    """One binding for each number; all of them are one row of the table."""
    (row,) = bindings("reply")
    return [replace(row, key=key, action=f"reply({number})") for number, key in enumerate(row.key.split(","), 1)]


def let_alt_digits_through() -> None:
    """Have alt with a digit arrive as that key in every terminal.

    Most terminals send it as escape and the digit. Textual's table takes that for the character that a Mac types with
    it (`¡` for alt+1), which no binding can tell from the character itself.
    """
    table = cast("dict[str, object]", ANSI_SEQUENCES_KEYS)
    for number in range(1, 10):
        table.pop(f"\x1b{number}", None)
