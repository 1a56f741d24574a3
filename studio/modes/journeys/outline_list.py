"""A journey's outline, with a cursor and a filter."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from studio.widgets.thing_list import Rows, ThingList


class OutlineRows(Rows):
    """The lines of the outline; escape goes back to the journeys."""

    HELP = """The journey's states, in the order in which they are come to: ● where it starts, ○ says something,
    ⚙ calls a tool, ◇ decides, ■ ends; ↩ goes back to a state above, → on to one that is shown elsewhere. ▶ is where
    the session stands, ✓ where it has been. Enter reads a state, or goes to where an arrow leads."""

    def action_leave_filter(self) -> None:
        """Show every row again, or hand the focus back."""
        outline = self.parent
        if isinstance(outline, OutlineList) and not outline.filtered and self.screen.maximized is None:
            outline.post_message(OutlineList.Left())
        else:
            super().action_leave_filter()


class OutlineList(ThingList):
    """A journey's outline."""

    class Left(Message):
        """Escape was pressed: back to the journeys."""

    def compose(self) -> ComposeResult:
        """The filter and the lines."""
        yield Input(placeholder="filter", select_on_focus=False)
        yield OutlineRows(markup=False)
