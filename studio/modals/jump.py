"""A letter on every pane; pressing it goes there."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Label

LETTERS = "asdfghjklqwertyuiopzxcvbnm"


class Jump(ModalScreen[None]):
    """Letters over whatever can have the focus on the screen below."""

    DEFAULT_CSS = """
    Jump { background: transparent; }
    Jump > Label { position: absolute; width: 3; height: 1; background: $accent; color: $background; text-style: bold; }
    """

    def __init__(self, screen: Screen[object]) -> None:
        """Look at what can have the focus below."""
        super().__init__()
        seen = [widget for widget in screen.focus_chain if widget.region.size]
        self._targets: dict[str, Widget] = dict(zip(LETTERS, seen, strict=False))

    def compose(self) -> ComposeResult:
        """A label at the corner of every target."""
        for letter, widget in self._targets.items():
            label = Label(f" {letter} ")
            label.styles.offset = (widget.region.x, widget.region.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        """Go to the letter's target; any other key leaves."""
        event.stop()
        self.dismiss()
        if (target := self._targets.get(event.key)) is not None:
            target.focus()
