"""One thing: what is written about it, where it is used, what is wrong with it; or its lines in the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from studio.things.lines import Section, readable
from studio.widgets.details import Details
from studio.widgets.source import Source

Written = Callable[[], tuple[str, int, dict[int, str]]]
"""Finds lines of a file, the number of the first, and signs by the numbers of lines."""


class ThingPage(Vertical):
    """The right half of Author."""

    DEFAULT_CSS = """
    ThingPage > .head { height: auto; max-height: 3; padding: 0 1; }
    ThingPage > Source { display: none; }
    ThingPage.-source > Source { display: block; }
    ThingPage.-source > Details { display: none; }
    """
    as_source: reactive[bool] = reactive(False)
    """Whether the lines of the file are shown instead of the description."""

    def __init__(self) -> None:
        """Make an empty page."""
        super().__init__()
        self._written: Written = lambda: ("", 1, {})

    def compose(self) -> ComposeResult:
        """The head, the description and the lines of the file."""
        yield Static(classes="head", markup=False)
        yield Details()
        yield Source()

    @property
    def details(self) -> Details:
        """The description."""
        return self.query_one(Details)

    @property
    def source(self) -> Source:
        """The lines of the file."""
        return self.query_one(Source)

    def watch_as_source(self, as_source: bool) -> None:
        """Show the one or the other; whichever it is keeps the focus."""
        if as_source:
            self.source.show(*self._written())
        focused = self.screen.focused if self.is_mounted else None
        self.set_class(as_source, "-source")
        if focused in (self.details, self.source):
            self.focus_page()

    def focus_page(self) -> None:
        """Give the focus to what is shown."""
        (self.source if self.as_source else self.details).focus()

    def show(self, name: str, kind: str, sections: Sequence[Section], written: Written, *, stay: bool) -> None:
        """Show a thing.

        Args:
            name: What it is called.
            kind: What it is, in a few words.
            sections: Its description.
            written: Finds its lines in the file, which may be many, when they are asked for.
            stay: Whether it is the thing that was shown before, so that the cursor keeps its place.
        """
        head = Content.styled(readable(name), "bold") + Content.styled(f"  {kind}", "$text-muted")
        self.query_one(Static).update(head)
        self.details.show(sections, stay=stay)
        self._written = written
        if self.as_source:
            self.source.show(*written())

    def written(self) -> str:
        """The thing's lines in the file; empty before anything is shown."""
        return self._written()[0]
