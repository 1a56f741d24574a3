"""A journey's outline, with a cursor and a filter."""

from __future__ import annotations

from studio.widgets.inner_list import InnerList, InnerRows


class OutlineRows(InnerRows):
    """The lines of the outline; escape goes back to the journeys."""

    HELP = """The journey's states, in the order in which they are come to: ● where it starts, ○ says something,
    ⚙ calls a tool, ◇ decides, ■ ends; ↩ goes back to a state above, → on to one that is shown elsewhere. ▶ is where
    the session stands, ✓ where it has been. Enter reads a state, or goes to where an arrow leads; t starts a
    chat at it, v shows the same as a drawing."""


class OutlineList(InnerList):
    """A journey's outline."""

    ROWS = OutlineRows
