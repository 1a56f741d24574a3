"""What is around the thing in the middle, as a tree or a matrix."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from studio.widgets.thing_list import Rows, ThingList


class AroundRows(Rows):
    """The links around a thing; escape goes back to the things."""

    HELP = """What bears on the thing in the middle and on what it bears: ✗ one excludes the other, ← one depends on
    the other, → one entails the other, ? the agent asks which is meant, • bears the tag. Enter puts the other end into
    the middle, alt+← comes back; + and - show more and fewer steps, v shows a matrix of the same."""

    def action_leave_filter(self) -> None:
        """Show every row again, or hand the focus back."""
        links = self.parent
        if isinstance(links, AroundList) and not links.filtered and self.screen.maximized is None:
            links.post_message(AroundList.Left())
        else:
            super().action_leave_filter()


class AroundList(ThingList):
    """What is around a thing."""

    class Left(Message):
        """Escape was pressed: back to the things."""

    def compose(self) -> ComposeResult:
        """The filter and the links."""
        yield Input(placeholder="filter", select_on_focus=False)
        yield AroundRows(markup=False)
