"""What is around the thing in the middle, as a tree or a matrix."""

from __future__ import annotations

from studio.widgets.inner_list import InnerList, InnerRows


class AroundRows(InnerRows):
    """The links around a thing; escape goes back to the things."""

    HELP = """What bears on the thing in the middle and on what it bears: ✗ one excludes the other, ← one depends on
    the other, → one entails the other, ? the agent asks which is meant, • bears the tag. Enter puts the other end into
    the middle, alt+← comes back; + and - show more and fewer steps, v shows a matrix of the same."""


class AroundList(InnerList):
    """What is around a thing."""

    ROWS = AroundRows
