"""A list that belongs to a thing of another list: escape goes back to that one."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from studio.widgets.thing_list import Rows, ThingList


class InnerRows(Rows):
    """Rows whose list belongs to a thing of another list."""

    def action_leave_filter(self) -> None:
        """Show every row again, or hand the focus back."""
        inner = self.parent
        if isinstance(inner, InnerList) and not inner.filtered and self.screen.maximized is None:
            inner.post_message(InnerList.Left())
        else:
            super().action_leave_filter()


class InnerList(ThingList):
    """What a thing of another list is made of.

    Attributes:
        ROWS: The widget for its rows, with help of its own.
    """

    ROWS: ClassVar[type[InnerRows]] = InnerRows

    class Left(Message):
        """Escape was pressed: back to the list that this one belongs to."""

    def compose(self) -> ComposeResult:
        """The filter and the rows."""
        yield Input(placeholder="filter", select_on_focus=False)
        yield self.ROWS(markup=False)
