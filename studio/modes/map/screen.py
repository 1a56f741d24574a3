"""The mode Map."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from studio.modes.mode_screen import ModeScreen
from studio.widgets.split import Split
from studio.widgets.thing_list import Row, ThingList
from studio.workspace import Snapshot


class MapScreen(ModeScreen):
    """The mode Map."""

    MODE = "map"

    def compose_body(self) -> ComposeResult:
        """Things and the thing."""
        yield Split("map", ThingList(), Static("…"))

    def workspace_changed(self, snapshot: Snapshot) -> None:
        """Show the things."""
        if snapshot.agent is not None:
            self.query_one(ThingList).show([Row(name, Content(name)) for name in snapshot.agent.things])

    def default_focus(self) -> Widget | None:
        """The list."""
        return self.query_one(ThingList).rows
