"""The first frame: the lines around a mode, drawn before anything of the engine is loaded."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from studio.widgets.frame_lines import CrumbLine, KeyLine, ModeLine, Where


class OpeningScreen(Screen[None]):
    """What is seen while the agent is being read."""

    DEFAULT_CSS = "OpeningScreen > Static { height: 1fr; padding: 1 2; color: $text-muted; }"

    def __init__(self, title: str, mode: str) -> None:
        """Name what is being opened, and the mode that it will open in."""
        super().__init__()
        self._title = title
        self._mode = mode
        self.typed: list[events.Key] = []
        """What was typed before there was anything to type into, in order."""

    def compose(self) -> ComposeResult:
        """The same lines in the same places as in every mode."""
        crumbs = CrumbLine()
        crumbs.where = Where((self._title,) if self._title else ())
        yield crumbs
        modes = ModeLine()
        modes.mode = self._mode
        yield modes
        yield Static(f"opening {self._title} …" if self._title else "")
        yield KeyLine()

    def on_key(self, event: events.Key) -> None:
        """Keep what is typed; it goes to the mode once that is there."""
        self.typed.append(event)
