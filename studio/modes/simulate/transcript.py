"""The transcript: what was said, drawn as strips from the events that were read back from the store."""

from __future__ import annotations

from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from studio.keys import bindings
from studio.modes.simulate.layout import GAP, LABEL, Layout, Place
from studio.modes.simulate.script import Script, as_text
from studio.modes.simulate.wrapping import one_line, wrapped

MARK = "▌"
"""Stands before every line of the selected turn."""

AIRY = 28
"""Lines from which on an empty one parts the turns."""

NUMBERED = 44
"""Columns from which on the turns' numbers are shown."""

NUMBER = 4
"""Columns for the number of a turn and the space after it."""


class Transcript(ScrollView, can_focus=True):
    """What was said, turn by turn; one turn is selected.

    It posts `TurnSelected` whenever another turn is. While the newest turn is selected, a newer one takes its place;
    while its end is seen, it stays at its end.
    """

    HELP = (
        "What was said. Move from turn to turn with the arrows or j and k, g and G go to the first and the newest; the "
        "pane on the right explains the selected one. w explains it on the whole screen, y copies it, Y everything; "
        "Esc goes back to what you were typing."
    )
    BINDINGS = [*bindings("down", "up", "top", "bottom", "why", "copy", "copy_all")]
    COMPONENT_CLASSES = {
        "transcript--customer",
        "transcript--agent",
        "transcript--person",
        "transcript--tool",
        "transcript--note",
        "transcript--fault",
        "transcript--quiet",
        "transcript--mark",
        "transcript--selected",
    }
    DEFAULT_CSS = """
    Transcript {
        height: 1fr; scrollbar-size-vertical: 1; scrollbar-gutter: stable; overflow-x: hidden;
        & > .transcript--customer { color: $text-primary; text-style: bold; }
        & > .transcript--agent { color: $text-success; text-style: bold; }
        & > .transcript--person { color: $text-secondary; text-style: bold; }
        & > .transcript--tool { color: $text-muted; }
        & > .transcript--note { color: $text-warning; }
        & > .transcript--fault { color: $text-error; }
        & > .transcript--quiet { color: $text-muted; }
        & > .transcript--mark { color: $accent; }
        & > .transcript--selected { background: $surface; }
        &:focus > .transcript--selected { background: $primary 18%; }
        &:ansi > .transcript--selected, &:ansi:focus > .transcript--selected { background: transparent; }
    }
    """
    selected: reactive[int] = reactive(0)
    """The selected turn; 0 when there is none."""
    quiet: reactive[str] = reactive("")
    """What happens now, below everything else: `typing …`; empty when nothing does."""

    class TurnSelected(Message):
        """Another turn was selected."""

        def __init__(self, turn: int) -> None:
            self.turn = turn
            super().__init__()

    def __init__(self) -> None:
        """Make an empty transcript."""
        super().__init__()
        self._script = Script()
        self._empty = ""
        self._layout = Layout(0)
        self._styles: dict[str, Style] = {}
        self._at_end = True
        self._newest_drawn = 0

    # -- what is shown ------------------------------------------------------------------------------------------

    def show(self, script: Script) -> None:
        """Show another session, at its end, with its newest turn selected."""
        self._script = script
        script.take_changed()
        self._layout = self._fresh_layout()
        self._layout.place(script.entries)
        self._fit()
        self._at_end = True
        self.scroll_end(animate=False, immediate=True)
        self.select(self.newest, tell_anyway=True)
        self.refresh()

    def extend(self) -> None:
        """Draw what was added to the script."""
        start = self._script.take_changed()
        if start is None:
            return
        at_newest = self.selected in (0, self._newest_drawn)
        self._newest_drawn = self.newest
        top = self._layout.place(self._script.entries, start)
        self._fit()
        if self._at_end:
            self.scroll_end(animate=False, immediate=True)
        self.refresh_lines(max(0, top - self.scroll_offset.y), self.size.height)
        if at_newest:
            self.select(self.newest)

    def set_empty(self, said: str) -> None:
        """What stands there while nothing was said."""
        self._empty = said
        self.refresh()

    @property
    def newest(self) -> int:
        """The newest turn; 0 when there is none."""
        return self._script.turns[-1] if self._script.turns else 0

    def select(self, turn: int, *, tell_anyway: bool = False) -> None:
        """Select a turn and bring it into sight."""
        self._newest_drawn = self.newest
        before, self.selected = self.selected, turn
        if turn != before or tell_anyway:
            self.post_message(self.TurnSelected(turn))

    def move(self, steps: int) -> None:
        """Select a turn some steps on; the first or the newest where there are no more."""
        turns = self._script.turns
        if turns:
            place = turns.index(self.selected) + steps if self.selected in turns else len(turns) - 1
            self.select(turns[max(0, min(len(turns) - 1, place))])
            self._bring_into_sight()

    def stay_at_end(self) -> None:
        """Go to the end and select the newest turn, since the person has just said something."""
        self._at_end = True
        self.scroll_end(animate=False, immediate=True)
        self.select(self.newest)

    # -- keys and mouse -----------------------------------------------------------------------------------------

    def action_cursor_down(self) -> None:
        """Select the next turn."""
        self.move(1)

    def action_cursor_up(self) -> None:
        """Select the turn before."""
        self.move(-1)

    def action_first(self) -> None:
        """Select the first turn."""
        self.move(-len(self._script.turns))

    def action_last(self) -> None:
        """Select the newest turn, and go to the end."""
        self.stay_at_end()

    def action_copy(self) -> None:
        """Copy the selected turn as text."""
        self._copy(as_text(self._script.of_turn(self.selected)), f"turn {self.selected}")

    def action_copy_all(self) -> None:
        """Copy everything as text."""
        self._copy(as_text(self._script.entries), "the whole conversation")

    def on_click(self, event: events.Click) -> None:
        """Select the turn under the mouse."""
        place = self._layout.at(event.y + self.scroll_offset.y)
        if place is not None and place.block.entry.turn:
            self.select(place.block.entry.turn)

    def _copy(self, text: str, name: str) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.notify(f"copied: {name}", timeout=2)

    # -- drawing ------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Cut the lines anew where the width is another; what was in sight stays there."""
        fresh = self._fresh_layout()
        top = self._layout.at(self.scroll_offset.y)
        if (fresh.width, fresh.airy) != (self._layout.width, self._layout.airy):
            self._layout = fresh
            fresh.place(self._script.entries)
            at_end = self._at_end
            self._fit()
            self._at_end = at_end
            lines = fresh.of_turn(top.block.entry.turn) if top is not None else None
            if not at_end and lines is not None:
                self.scroll_to(y=lines[0], animate=False, immediate=True)
        if self._at_end:
            self.scroll_end(animate=False, immediate=True)
        self.refresh()

    def notify_style_update(self) -> None:
        """Take other colours."""
        super().notify_style_update()
        self._styles.clear()

    def watch_selected(self) -> None:
        """Mark another turn."""
        self.refresh()

    def watch_quiet(self) -> None:
        """Say what happens now."""
        self._fit()
        if self._at_end:
            self.scroll_end(animate=False, immediate=True)
        self.refresh()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Know whether the end is in sight, before a change of size or content takes it out of sight."""
        super().watch_scroll_y(old_value, new_value)
        self._at_end = new_value >= self.max_scroll_y

    def render_line(self, y: int) -> Strip:
        """One line; see `Widget.render_line`."""
        y += self.scroll_offset.y
        width = self.size.width
        if not self._script.entries and not self.quiet:
            return self._empty_line(y, width)
        place = self._layout.at(y)
        if place is None:
            return self._quiet_line(y - self._layout.height, width)
        return self._line(place, width)

    def _line(self, place: Place, width: int) -> Strip:
        block, entry = place.block, place.block.entry
        chosen = entry.turn == self.selected and self.selected > 0
        background = self._style("selected") if chosen else self.rich_style
        if place.line < 0:
            return Strip.blank(width, self.rich_style)
        number = f"{entry.turn} " if block.first and place.line == 0 else ""
        segments = [
            Segment(MARK if chosen else " ", background + self._style("mark")),
            Segment(f"{number:>{NUMBER}}" if self._numbered else "", background + self._style("quiet")),
            Segment(_label(entry.label if place.line == 0 else ""), background + self._style(entry.kind)),
        ]
        if place.line < len(block.lines):
            said = self._style(entry.kind) if entry.kind in ("tool", "note", "fault") else Style.null()
            segments.append(Segment(block.lines[place.line], background + said))
        if entry.made_from and place.line == len(block.lines) - (not block.apart):
            gap = "" if block.apart else " " * GAP
            segments.append(Segment(gap + entry.made_from, background + self._style("quiet")))
        return self._strip(segments, width, background)

    def _quiet_line(self, y: int, width: int) -> Strip:
        lines = self._quiet_lines
        text = f"{' ' * self._indent}{lines[y]}" if y < len(lines) else ""
        return self._strip([Segment(text, self.rich_style + self._style("quiet"))], width, self.rich_style)

    def _empty_line(self, y: int, width: int) -> Strip:
        lines = wrapped(self._empty, max(2, width - 4))
        text = f"  {lines[y - 1]}" if 0 < y <= len(lines) else ""
        return self._strip([Segment(text, self.rich_style + self._style("quiet"))], width, self.rich_style)

    @staticmethod
    def _strip(segments: list[Segment], width: int, style: Style) -> Strip:
        return Strip(segments).adjust_cell_length(width, style)

    def _style(self, name: str) -> Style:
        style = self._styles.get(name)
        if style is None:
            style = self.get_component_rich_style(f"transcript--{name}")
            if name != "selected":
                style = Style(color=style.color, bold=style.bold, dim=style.dim, italic=style.italic)
            self._styles[name] = style
        return style

    # -- measures -----------------------------------------------------------------------------------------------

    @property
    def _numbered(self) -> bool:
        return self.size.width >= NUMBERED

    @property
    def _indent(self) -> int:
        """Columns before the words: the mark, the number of the turn, the label."""
        return 1 + LABEL + (NUMBER if self._numbered else 0)

    @property
    def _quiet_lines(self) -> tuple[str, ...]:
        return wrapped(self.quiet, self._layout.width) if self.quiet else ()

    def _fresh_layout(self) -> Layout:
        return Layout(self.size.width - self._indent - 1, airy=self.size.height >= AIRY)

    def _fit(self) -> None:
        self.virtual_size = Size(self.size.width, self._layout.height + len(self._quiet_lines))

    def _bring_into_sight(self) -> None:
        lines = self._layout.of_turn(self.selected)
        if lines is None:
            return
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.size.height
        if lines[0] < top or lines[1] - lines[0] > self.size.height:
            self.scroll_to(y=lines[0], animate=False, immediate=True)
        elif lines[1] > bottom:
            self.scroll_to(y=lines[1] - self.size.height, animate=False, immediate=True)


def _label(word: str) -> str:
    return set_cell_size(one_line(word), LABEL - 1) + " "
