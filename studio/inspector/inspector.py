"""The inspector: what the agent made of one turn, in five panels."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click
from textual.reactive import reactive
from textual.widget import Widget

from engine.agent.model import Agent
from engine.turn.trace import TurnTrace
from studio.inspector.entries import BAD, DOUBT, GOOD, NAMED, QUIET, Entry, Page, duration, note, quiet, said
from studio.inspector.facts import Facts
from studio.inspector.reading_canned import read_canned
from studio.inspector.reading_draft import read_draft
from studio.inspector.reading_journey import read_journey
from studio.inspector.reading_matched import read_matched
from studio.inspector.reading_rows import ReadingRows
from studio.inspector.reading_trace import TraceReading, trace_text
from studio.inspector.why_sheet import WhySheet
from studio.keys import bindings

PANELS = ("Matched", "Draft", "Canned", "Journey", "Trace")

MARGIN = 2
"""Columns of the pane that rows cannot use: the cursor's sign and the scroll bar."""

Reader = Callable[[Facts, Page], list[Entry]]

STATUS = {
    "running": ("● running", DOUBT),
    "silent": ("○ silent", QUIET),
    "cancelled": ("✕ cancelled", DOUBT),
    "failed": ("✗ failed", BAD),
}
"""The word for a turn that did not simply end with an answer, and its colour."""


class HeadLine(Widget):
    """Which turn it is, how long it took, and who did the thinking."""

    DEFAULT_CSS = "HeadLine { height: 1; padding: 0 1; }"
    trace: reactive[TurnTrace | None] = reactive(None, always_update=True)

    def render(self) -> Content:
        """The line; the words on the right go first where there is no room."""
        if self.trace is None:
            return quiet("Why")
        line = head_line(self.trace)
        return line if line.cell_length <= self.size.width else line.truncate(self.size.width, ellipsis=True)


class PanelLine(Widget):
    """The names of the panels; the one that is shown in capitals."""

    DEFAULT_CSS = "PanelLine { height: 1; padding: 0 1; color: $text-muted; }"
    panel: reactive[int] = reactive(0)

    def render(self) -> Content:
        """The names, short ones where they have no room."""
        return Content(" ").join(
            Content.styled(name.upper(), f"bold {NAMED}") if place == self.panel else quiet(name)
            for place, name in enumerate(self._names())
        )

    def _names(self) -> tuple[str, ...]:
        whole = sum(len(name) + 1 for name in PANELS) - 1 <= self.size.width
        return PANELS if whole else tuple(name[: max(1, self.size.width // len(PANELS) - 1)] for name in PANELS)

    def on_click(self, event: Click) -> None:
        """Show the panel under the mouse."""
        end = self.styles.padding.left
        for place, name in enumerate(self._names()):
            end += len(name) + 1
            if event.x < end and isinstance(self.parent, Inspector):
                self.parent.panel = place
                return


class Inspector(Vertical):
    """One turn, explained: what matched, draft beside sent, canned responses, journeys, and every stage.

    `show` is called again with the same growing trace while a turn runs; the panel and the cursor stay where they are.
    """

    HELP = (
        "What the agent made of the selected turn. [ and ] or 1 to 5 change the panel, w on a row says why or why not,"
        " space unfolds a stage or a traceback, y copies a row and Y the whole turn."
    )
    BINDINGS = [
        *bindings("panel_right", "panel_left", "panel_matched", "panel_draft", "panel_canned", "panel_journey"),
        *bindings("panel_trace", "copy_all", "filter"),
    ]
    DEFAULT_CSS = "Inspector { height: 1fr; }"

    panel: reactive[int] = reactive(0, init=False)
    """Which panel is shown: its place in `PANELS`."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own word
        """Make it without a turn."""
        super().__init__(id=id)
        self._facts: Facts | None = None
        self._agent: Agent | None = None
        self._turn = ""
        self._unfolded: set[str] = set()
        self._places: dict[int, tuple[str, int]] = {}
        self._trace_reading = TraceReading()
        self._writing = ""

    def compose(self) -> ComposeResult:
        """The head, the names of the panels, the rows."""
        yield HeadLine()
        yield PanelLine()
        yield ReadingRows()

    def on_mount(self) -> None:
        """Say what to do first."""
        self._draw()

    @property
    def rows(self) -> ReadingRows:
        """The rows on screen."""
        return self.query_one(ReadingRows)

    @property
    def trace(self) -> TurnTrace | None:
        """The turn that is shown."""
        return self._facts.trace if self._facts is not None else None

    def focus(self, scroll_visible: bool = True) -> Inspector:
        """Give the rows the focus."""
        self.rows.focus(scroll_visible)
        return self

    def show(self, trace: TurnTrace | None, agent: Agent) -> None:
        """Show a turn, as far as it came.

        Args:
            trace: The turn; None when there is none yet.
            agent: The agent that took it.
        """
        self._agent = agent
        turn = trace.id if trace is not None else ""
        if turn != self._turn:
            self._turn = turn
            self._unfolded.clear()
            self._places.clear()
            self._trace_reading = TraceReading()
        elif self.is_mounted:
            self._keep_place()
        self._facts = self._facts_of(trace, agent)
        if self.is_mounted:
            self._draw()

    def grow(self, trace: TurnTrace, agent: Agent, writing: str) -> None:
        """Show a turn that still runs; what has not changed since is not worked out again.

        Args:
            trace: The turn.
            agent: The agent that takes it.
            writing: The draft as far as it is written; empty where none is being written.
        """
        written = writing != self._writing and PANELS[self.panel] == "Draft"
        self._writing = writing
        if written or self._facts is None or self._facts is not self._facts_of(trace, agent):
            self.show(trace, agent)

    def _facts_of(self, trace: TurnTrace | None, agent: Agent) -> Facts | None:
        """What the turn decided; worked out anew only when it has gone on since."""
        if trace is None:
            return None
        known = self._facts
        so_far = (len(trace.stages), trace.status)
        if known is None or known.trace is not trace or known.agent is not agent or known.seen != so_far:
            return Facts(trace, agent)
        return known

    def watch_panel(self, before: int, panel: int) -> None:
        """Show the other panel, where it was left."""
        if self.is_mounted and before != panel:
            self._keep_place(before)
            self._draw()

    def on_resize(self) -> None:
        """Lay the panel out for another width."""
        self._keep_place()
        self._draw()

    def _keep_place(self, panel: int | None = None) -> None:
        entry = self.rows.entry
        place = self.panel if panel is None else panel
        # While a turn runs, rows come before what was first: a cursor that nobody looks after stays on top.
        kept = entry is not None and (self.rows.has_focus or not self.rows.at_first)
        self._places[place] = (entry.key if entry is not None and kept else "", self.rows.scroll_offset.y)

    def _draw(self) -> None:
        if not self.size.width:
            return
        self.query_one(HeadLine).trace = self.trace
        self.query_one(PanelLine).panel = self.panel
        key, top = self._places.get(self.panel, ("", 0))
        self.rows.show(self._read(), key, top)

    def _read(self) -> list[Entry]:
        if self._facts is None:
            return [note("none", "No turn yet: say something, and what the agent makes of it appears here.")]
        readers: Mapping[int, Reader] = {
            0: read_matched,
            1: partial(read_draft, writing=self._writing),
            2: read_canned,
            3: read_journey,
            4: self._trace_reading.read,
        }
        entries = readers[self.panel](self._facts, Page(max(8, self.size.width - MARGIN), frozenset(self._unfolded)))
        return [*_how_it_ended(self._facts.trace), *entries] if self.panel != 4 else entries

    # -- keys ---------------------------------------------------------------------------------------------------

    def action_panel(self, by: int) -> None:
        """Another panel, round and round."""
        self.panel = (self.panel + by) % len(PANELS)

    def action_show_panel(self, place: int) -> None:
        """A panel by its place."""
        self.panel = place

    def action_copy_all(self) -> None:
        """Copy the whole turn as YAML."""
        if self.trace is not None:
            self.app.copy_to_clipboard(trace_text(self.trace))
            self.notify(f"turn {self.trace.turn} copied as YAML", timeout=2)

    def action_filter(self) -> None:
        """List everything the agent has, with what became of it."""
        self.ask_why("")

    def ask_why(self, entity: str) -> None:
        """Open the why sheet about a thing; about none, it lists all of them first."""
        if self.trace is not None and self._agent is not None:
            self.app.push_screen(WhySheet(self.trace, self._agent, entity))

    @on(ReadingRows.WhyAsked)
    def _why_asked(self, event: ReadingRows.WhyAsked) -> None:
        event.stop()
        self.ask_why(event.entry.entity)

    @on(ReadingRows.Opened)
    def _opened(self, event: ReadingRows.Opened) -> None:
        event.stop()
        if event.entry.folded is not None:
            self._fold(event.entry)
        elif event.entry.entity or event.entry.key == "more":
            self.ask_why(event.entry.entity)

    @on(ReadingRows.Folded)
    def _folded(self, event: ReadingRows.Folded) -> None:
        event.stop()
        self._fold(event.entry)

    def _fold(self, entry: Entry) -> None:
        self._unfolded ^= {entry.key}
        self._keep_place()
        self._draw()


def head_line(trace: TurnTrace) -> Content:
    """E.g. `Turn 3 · 12 ms · embedded · lexical`; a turn that did not end with an answer has a word for that."""
    parts = [said(f"Turn {trace.turn}", "bold")]
    if trace.status in STATUS:
        parts.append(Content.styled(*STATUS[trace.status]))
    if trace.cause == "trigger":
        parts.append(said("triggered", GOOD))
    if trace.seconds:
        parts.append(quiet(duration(trace.seconds)))
    parts.append(quiet(str(trace.reasoner)))
    return Content.styled(" · ", QUIET).join(parts)


def _how_it_ended(trace: TurnTrace) -> list[Entry]:
    """What must be said before anything else."""
    if trace.status == "failed":
        return [Entry("error", said(f"✗ {trace.error}", BAD), indent=2, copied=trace.error)]
    if trace.status == "cancelled":
        return [note("cancelled", "✕ Cancelled before the agent spoke; this is how far it had come.", DOUBT)]
    return []
