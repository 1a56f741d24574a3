"""Two panes side by side; the line between them moves by keys or by mouse, and is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from studio.app import StudioApp

NARROWEST = 12
"""Columns that a pane keeps, at least."""


class Handle(Widget):
    """The line between the panes."""

    DEFAULT_CSS = """
    Handle { width: 1; height: 1fr; color: $panel-lighten-1; pointer: ew-resize; }
    Handle:hover, Handle.-dragged { color: $accent; }
    """

    def render(self) -> Content:
        """A line from top to bottom."""
        return Content("\n".join("│" * max(1, self.size.height)))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to drag."""
        event.stop()
        self.capture_mouse()
        self.add_class("-dragged")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the line with the mouse."""
        if self.app.mouse_captured is self and isinstance(self.parent, Split):
            self.parent.move_to(int(event.screen_x) - self.parent.region.x)

    def on_mouse_up(self) -> None:
        """Let go, and remember."""
        self.release_mouse()
        self.remove_class("-dragged")
        if isinstance(self.parent, Split):
            self.parent.remember()


class Split(Horizontal):
    """Two panes. On a narrow screen only one is seen: the second when `aside` is set."""

    DEFAULT_CSS = """
    Split { height: 1fr; }
    Split > .second { width: 1fr; }
    Split.-alone > .second, Split.-alone > Handle { display: none; }
    .-narrow Split > Handle { display: none; }
    .-narrow Split > .second { display: none; }
    .-narrow Split.-aside > .first { display: none; }
    .-narrow Split.-aside > .second { display: block; }
    """

    SCOPED_CSS = False  # the rules look at the screen's own classes, which lie outside

    alone: reactive[bool] = reactive(False)
    """Whether the second pane is hidden."""

    aside: reactive[bool] = reactive(False)
    """Whether a narrow screen shows the second pane instead of the first."""

    def __init__(self, name: str, first: Widget, second: Widget, *, percent: int = 40) -> None:
        """Put two panes side by side.

        Args:
            name: Under which the place of the line is remembered.
            first: The left pane.
            second: The right pane.
            percent: The left pane's share of the width until somebody moves the line.
        """
        super().__init__(name=name)
        self.first = first
        self.second = second
        self._percent: float = percent

    def compose(self) -> ComposeResult:
        """The panes and the line between them."""
        self.first.add_class("first")
        self.second.add_class("second")
        yield self.first
        yield Handle()
        yield self.second

    def on_mount(self) -> None:
        """Put the line where it was left."""
        known = cast("StudioApp", self.app).remembered.splits
        self._percent = min(90, max(10, known.get(self.name or "", self._percent)))
        self._fit()

    def on_resize(self) -> None:
        """Share the width anew: a screen that has become narrow has room for one pane only."""
        self.call_after_refresh(self._fit)

    def watch_alone(self, alone: bool) -> None:
        """Hide or show the second pane."""
        self.set_class(alone, "-alone")
        self._fit()

    def _fit(self) -> None:
        """Give the first pane its share, or everything where it is alone."""
        if self.is_attached:
            self.first.styles.width = "1fr" if self.alone or self.narrow else f"{self._percent:.3f}%"

    def watch_aside(self, aside: bool) -> None:
        """Show the other pane, where only one has room."""
        self.set_class(aside, "-aside")

    @property
    def narrow(self) -> bool:
        """Whether only one pane has room."""
        return self.screen.has_class("-narrow")

    def toggle_second(self) -> bool:
        """Hide or show the second pane; say whether it is seen now."""
        if self.narrow:
            self.aside = not self.aside
            return self.aside
        self.alone = not self.alone
        return not self.alone

    def move_by(self, columns: int) -> None:
        """Move the line by some columns and remember it."""
        self.move_to(self.first.size.width + columns)
        self.remember()

    def move_to(self, columns: int) -> None:
        """Move the line to a column of this widget."""
        whole = max(1, self.size.width)
        columns = max(NARROWEST, min(whole - NARROWEST - 1, columns))
        self._percent = 100 * (columns + 0.25) / whole  # a little more, so that no rounding takes a column away
        self.first.styles.width = columns

    def remember(self) -> None:
        """Keep the place of the line for the next start, as a share of the width."""
        remembered = cast("StudioApp", self.app).remembered
        remembered.splits[self.name or ""] = round(self._percent)
        remembered.write()
        self._fit()
