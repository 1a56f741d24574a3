"""Titled sections of lines to read, some of which lead elsewhere: the right half of Author, Journeys and Map."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.content import Content
from textual.css.styles import RulesMap
from textual.message import Message
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from studio.keys import bindings
from studio.things.lines import Line, Section, readable

TONES = {"": "", "quiet": "$text-muted", "good": "$text-success", "bad": "$text-error", "doubtful": "$text-warning"}
STEP = 2
"""Columns for each step of depth."""


class Hanging(Visual):
    """Words that wrap under their own beginning, behind a sign."""

    def __init__(self, head: Content, body: Content) -> None:
        """Put words behind a sign; the head must not be wider than its line."""
        self._head = head
        self._body = body

    def _room(self, width: int) -> int:
        return max(1, width - self._head.cell_length)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """See `Visual`."""
        return self._head.cell_length + self._body.get_optimal_width(rules, self._room(container_width))

    def get_height(self, rules: RulesMap, width: int) -> int:
        """See `Visual`."""
        return max(1, self._body.get_height(rules, self._room(width)))

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """See `Visual`."""
        room = self._room(width)
        body = self._body.render_strips(room, height, style, options) or [Strip.blank(room, style.rich_style)]
        head = self._head.render_strips(self._head.cell_length, 1, style, options) or [Strip([])]
        rest = Strip.blank(self._head.cell_length, style.rich_style)
        return [Strip.join([head[0] if number == 0 else rest, line]) for number, line in enumerate(body)]


class Details(OptionList):
    """Sections to read. The cursor stands on lines; enter goes where a line leads, which `▸` or colour shows."""

    BINDINGS = [*bindings("down", "up", "top", "bottom", "open", "leave_filter")]
    HELP = """Move with the arrows or j and k. Enter goes where the line leads, if it leads somewhere: to a thing, a
    tag, a session. alt+← comes back."""
    DEFAULT_CSS = """
    Details {
        height: 1fr; border: none; padding: 0; background: transparent; scrollbar-size-vertical: 1;
        &:focus { border: none; background-tint: transparent 0%; }
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-disabled { color: $accent; text-style: bold; }
        & > .option-list--option-highlighted { background: transparent; text-style: none; color: $foreground; }
        &:focus > .option-list--option-highlighted { background: $primary 30%; color: $foreground; text-style: none; }
    }
    """

    class Followed(Message):
        """A line that leads somewhere was opened."""

        def __init__(self, details: Details, line: Line) -> None:
            self.details = details
            self.line = line
            super().__init__()

        @property
        def control(self) -> Details:
            """The sections."""
            return self.details

    class Left(Message):
        """Escape was pressed: back to the list that this belongs to."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        """Make an empty page."""
        super().__init__(markup=False, id=id)
        self._lines_shown: dict[int, Line] = {}
        self.sections: tuple[Section, ...] = ()

    @property
    def line(self) -> Line | None:
        """The line under the cursor."""
        return self._lines_shown.get(self.highlighted) if self.highlighted is not None else None

    def show(self, sections: Sequence[Section], *, stay: bool = False) -> None:
        """Show other sections.

        Args:
            sections: What to show.
            stay: Whether the cursor keeps its place, because this is the same thing as before.
        """
        before, above = self.highlighted, self.scroll_offset.y
        self.sections = tuple(sections)
        self._lines_shown = {}
        options: list[Option] = []
        for section in sections:
            if options:
                options.append(Option("", disabled=True))
            if section.title:
                options.append(Option(Content(readable(section.title)), disabled=True))
            for line in section.lines:
                self._lines_shown[len(options)] = line
                options.append(Option(drawn(line)))
        self.set_options(options)
        first = min(self._lines_shown, default=None)
        self.highlighted = before if stay and before in self._lines_shown else first
        self.scroll_to(y=above if stay else 0, animate=False, immediate=True)

    def move_to(self, target: str) -> None:
        """Move the cursor to the first line that leads to a thing."""
        found = next((place for place, line in self._lines_shown.items() if line.target == target), None)
        if found is not None:
            self.highlighted = found

    def scroll_to_highlight(self, top: bool = False) -> None:
        """Bring the cursor's line into view; with the first line comes its title."""
        super().scroll_to_highlight(top)
        if self.highlighted == min(self._lines_shown, default=None):
            self.scroll_to(y=0, animate=False, immediate=True)

    def action_leave_filter(self) -> None:
        """Hand the focus back to the list."""
        if self.screen.maximized is not None:
            self.screen.minimize()
        else:
            self.post_message(self.Left())

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        line = self._lines_shown.get(event.option_index)
        if line is not None and line.target:
            self.post_message(self.Followed(self, line))


def drawn(line: Line) -> Visual:
    """A line as it is drawn."""
    indent = " " * (STEP * line.depth)
    sign = line.sign or ("▸" if line.target else "")
    tone = TONES[line.tone]
    head = Content(indent) + (Content.styled(f"{sign} ", tone or "$accent") if sign else Content(""))
    body = Content("")
    if line.label:
        body += Content.styled(readable(line.label), "$secondary" if line.target else "$text-muted")
        body += Content(" " * STEP if line.text else "")
    style = tone or ("$secondary" if line.target and not line.label else "")
    body += Content.styled(readable(line.text), style) if style else Content(readable(line.text))
    return Hanging(head, body)
