"""Rows of different heights with a cursor, drawn line by line: the body of the inspector and of the why sheet."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from studio.inspector.entries import NAMED, QUIET, Entry
from studio.keys import bindings


class ReadingRows(ScrollView, can_focus=True):
    """Entries under a cursor. Only the lines that are seen are drawn.

    It posts `Opened` for enter or a click on the row under the cursor, `WhyAsked` for `w`, and `Folded` for space.
    """

    BINDINGS = [*bindings("open", "why", "down", "up", "top", "bottom", "fold", "copy")]
    COMPONENT_CLASSES = {"reading--cursor", "reading--line"}
    DEFAULT_CSS = """
    ReadingRows {
        height: 1fr; background: transparent; scrollbar-size-vertical: 1; overflow-x: hidden;
        & > .reading--line { color: $foreground; }
        & > .reading--cursor { background: $panel; color: $foreground; }
        &:focus > .reading--cursor { background: $primary 30%; }
        &:ansi > .reading--cursor { background: transparent; }
    }
    """

    class About(Message):
        """Something about a row."""

        def __init__(self, rows: ReadingRows, entry: Entry) -> None:
            super().__init__()
            self.rows = rows
            self.entry = entry

        @property
        def control(self) -> ReadingRows:
            """The rows."""
            return self.rows

    class Opened(About):
        """A row was opened."""

    class WhyAsked(About):
        """Somebody asks why, about a row."""

    class Folded(About):
        """A row is to be folded or unfolded."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        """Make it with no rows."""
        super().__init__(id=id)
        self._entries: tuple[Entry, ...] = ()
        self._lines: list[Content] = []
        self._starts: list[int] = []
        self._cursor = -1
        self._laid_out_for = 0

    # -- what is shown ------------------------------------------------------------------------------------------

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The rows."""
        return self._entries

    @property
    def entry(self) -> Entry | None:
        """The row under the cursor."""
        return self._entries[self._cursor] if 0 <= self._cursor < len(self._entries) else None

    @property
    def at_first(self) -> bool:
        """Whether the cursor is on the first row that it can be on."""
        return not any(not entry.heading for entry in self._entries[: max(0, self._cursor)])

    @property
    def columns(self) -> int:
        """Columns for a row, the scroll bar's column kept free."""
        return max(8, self.size.width - (0 if self.show_vertical_scrollbar else 1) - 1)

    def show(self, entries: Sequence[Entry], key: str = "", top: int | None = None) -> None:
        """Show other rows.

        Args:
            entries: The rows.
            key: Where the cursor is to stand; the first row that is no heading when there is no such row.
            top: The line to begin with; as it was when None.
        """
        self._entries = tuple(entries)
        keys = [entry.key for entry in self._entries]
        places = [place for place, entry in enumerate(self._entries) if not entry.heading]
        self._cursor = keys.index(key) if key in keys else places[0] if places else -1
        self._lay_out()
        if top is not None:
            self.scroll_to(y=top, animate=False, immediate=True)
        self.refresh()

    def _lay_out(self) -> None:
        self._laid_out_for = width = self.columns
        self._lines, self._starts = [], []
        for entry in self._entries:
            self._starts.append(len(self._lines))
            self._lines.extend(entry.lines(width))
        self.virtual_size = Size(width, len(self._lines))

    def on_resize(self) -> None:
        """Wrap anew for another width."""
        if self.columns != self._laid_out_for:
            self._lay_out()
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """See `ScrollView.render_line`."""
        width = self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        if number >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        here = self._place(number) == self._cursor
        style = self.get_visual_style("reading--cursor" if here else "reading--line")
        line = self._margin(here) + self._lines[number]
        strips = Visual.to_strips(self, line, width, 1, style, apply_selection=False)
        strip = strips[0] if strips else Strip.blank(width, style.rich_style)
        return strip.extend_cell_length(width, style.rich_style).crop(0, width)

    def _margin(self, here: bool) -> Content:
        """What stands before a line: where the cursor is, also for those who see no colours."""
        if not here:
            return Content(" ")
        return Content.styled("▌", NAMED) if self.has_focus else Content.styled("▏", QUIET)

    def _place(self, line: int) -> int:
        return bisect_right(self._starts, line) - 1

    # -- the cursor ---------------------------------------------------------------------------------------------

    def _span(self, place: int) -> tuple[int, int]:
        """The lines of a row: the first, and the one after the last."""
        after = self._starts[place + 1] if place + 1 < len(self._starts) else len(self._lines)
        return self._starts[place], after

    def select(self, key: str) -> bool:
        """Move the cursor to a row; False when there is no such row."""
        place = next((place for place, entry in enumerate(self._entries) if entry.key == key), -1)
        if place >= 0:
            self._go(place)
        return place >= 0

    def _go(self, place: int) -> None:
        self._cursor = place
        first, after = self._span(place)
        headed = place > 0 and self._entries[place - 1].heading
        height = min(after - first + headed, max(1, self.size.height))
        region = Region(0, first - headed, self.size.width, height)
        self.scroll_to_region(region, animate=False, immediate=True, force=True)
        self.refresh()

    def _step(self, by: int) -> None:
        """To the next row that is no heading; a row taller than the view is scrolled through first."""
        if self._cursor < 0:
            self.scroll_relative(y=by, animate=False, immediate=True)
            return
        first, after = self._span(self._cursor)
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.size.height
        if (by > 0 and after > bottom) or (by < 0 and first < top):
            self.scroll_relative(y=by * max(1, self.size.height // 2), animate=False, immediate=True)
            return
        if not self._jump(self._cursor + by, by):
            self.scroll_relative(y=by, animate=False, immediate=True)

    def action_cursor_down(self) -> None:
        """The next row."""
        self._step(1)

    def action_cursor_up(self) -> None:
        """The row before."""
        self._step(-1)

    def action_first(self) -> None:
        """The first row."""
        self._jump(0, 1)

    def action_last(self) -> None:
        """The last row."""
        self._jump(len(self._entries) - 1, -1)

    def _jump(self, place: int, by: int) -> bool:
        """To a row, or the first one beyond it that is no heading; False when there is none."""
        while 0 <= place < len(self._entries) and self._entries[place].heading:
            place += by
        found = 0 <= place < len(self._entries)
        if found:
            self._go(place)
        return found

    def action_page_down(self) -> None:
        """A screenful further."""
        self._page(1)

    def action_page_up(self) -> None:
        """A screenful back."""
        self._page(-1)

    def _page(self, by: int) -> None:
        self.scroll_relative(y=by * max(1, self.size.height - 1), animate=False, immediate=True)
        if self._lines:
            line = min(len(self._lines) - 1, self.scroll_offset.y + (0 if by < 0 else self.size.height - 1))
            place = self._place(max(0, line))
            if not self._jump(place, by):
                self._jump(place, -by)

    # -- what a row does ----------------------------------------------------------------------------------------

    def action_select(self) -> None:
        """Open the row under the cursor."""
        if self.entry is not None:
            self.post_message(self.Opened(self, self.entry))

    def action_why(self) -> None:
        """Ask why, about the row under the cursor."""
        self.post_message(self.WhyAsked(self, self.entry or Entry("nothing", Content(""))))

    def action_fold(self) -> None:
        """Fold or unfold the row under the cursor."""
        if self.entry is not None and self.entry.folded is not None:
            self.post_message(self.Folded(self, self.entry))

    def action_copy(self) -> None:
        """Copy the row under the cursor."""
        if self.entry is not None:
            self.app.copy_to_clipboard(self.entry.text)
            self.notify("copied", timeout=2)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row under the mouse; on the row that has it already, open it."""
        line = event.y + self.scroll_offset.y
        if line >= len(self._lines):
            return
        place = self._place(line)
        if self._entries[place].heading:
            return
        if place == self._cursor and event.button == 1:
            self.action_select()
        else:
            self._go(place)
