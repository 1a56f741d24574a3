"""A piece of a file with its line numbers, coloured as YAML; only the lines on the screen are drawn."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from studio.keys import bindings
from studio.things.lines import readable

MOST_COLOURED = 2_000
"""Longer pieces are shown without colours, which would take too long to find."""


class Source(ScrollView, can_focus=True):
    """Lines of a file."""

    BINDINGS = [*bindings("down", "up", "top", "bottom", "leave_filter")]
    HELP = "What the agent file says, with its line numbers. F9 opens it in your editor, y copies it, v goes back."
    DEFAULT_CSS = """
    Source { height: 1fr; background: transparent; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1; }
    Source:focus { background-tint: transparent 0%; }
    """

    class Left(Message):
        """Escape was pressed: back to the list that this belongs to."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        """Make an empty page."""
        super().__init__(id=id)
        self._first = 1
        self._rows: list[str] = []
        self._coloured: list[Content] = []
        self._marked: dict[int, str] = {}
        self.text = ""

    def show(self, text: str, first: int = 1, marked: dict[int, str] | None = None) -> None:
        """Show a piece of a file.

        Args:
            text: Its lines.
            first: The number of its first line.
            marked: Signs before lines, by their numbers: `✗` and `!` for problems.
        """
        if text == self.text and first == self._first and (marked or {}) == self._marked:
            return
        self.text, self._first, self._marked = text, first, marked or {}
        self._rows = readable(text).split("\n")
        self._coloured = _coloured(self._rows)
        widest = max(map(cell_len, self._rows), default=0)
        self.virtual_size = Size(widest + self._margin + 1, len(self._rows))
        self.scroll_to(0, 0, animate=False, immediate=True)
        self.refresh()

    def scroll_to_line(self, number: int) -> None:
        """Bring a line into the middle."""
        self.scroll_to(y=max(0, number - self._first - self.size.height // 2), animate=False)

    @property
    def _margin(self) -> int:
        return len(str(self._first + len(self._rows))) + 4

    def render_line(self, y: int) -> Strip:
        """One line of the screen."""
        left, above = self.scroll_offset
        place = above + y
        width = self.size.width
        if place >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        number = self._first + place
        sign = self._marked.get(number, " ")
        style = {"✗": "bold $text-error", "!": "bold $text-warning"}.get(sign, "$text-muted")
        margin = Content.styled(f"{sign} {number:>{self._margin - 4}}  ", style)
        row = self._coloured[place] if self._coloured else Content(self._rows[place])
        strips = Visual.to_strips(self, margin + row, self._margin + row.cell_length + 1, 1, self.visual_style)
        return strips[0].crop_extend(left, left + width, self.rich_style) if strips else Strip.blank(width)

    def action_leave_filter(self) -> None:
        """Hand the focus back to the list."""
        if self.screen.maximized is not None:
            self.screen.minimize()
        else:
            self.post_message(self.Left())

    def action_cursor_down(self) -> None:
        """One line on."""
        self.scroll_relative(y=1, animate=False)

    def action_cursor_up(self) -> None:
        """One line back."""
        self.scroll_relative(y=-1, animate=False)

    def action_first(self) -> None:
        """To the beginning."""
        self.scroll_home(animate=False)

    def action_last(self) -> None:
        """To the end."""
        self.scroll_end(animate=False)


def _coloured(rows: list[str]) -> list[Content]:
    """The lines with colours; none where there are too many, or where colouring would change them."""
    if len(rows) > MOST_COLOURED:
        return []
    from textual.highlight import highlight

    found = highlight("\n".join(rows), language="yaml").split("\n", allow_blank=True)[: len(rows)]
    return found if [line.plain for line in found] == rows else []
