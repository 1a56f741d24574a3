"""The sheet that answers “why” and “why not” about one thing, and follows the reasons from thing to thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.agent.model import Agent
from engine.turn.trace import TurnTrace
from studio.inspector.entries import QUIET, said
from studio.inspector.facts import Facts
from studio.inspector.reading_rows import ReadingRows
from studio.inspector.reading_why import chain_text, read_everything, read_why
from studio.keys import bindings
from studio.widgets.thing_list import ThingList

if TYPE_CHECKING:
    from studio.app import StudioApp


class WhySheet(ModalScreen[None]):
    """Why a thing took part in a turn, or why not.

    Enter on a thing goes on to it, backspace or Esc come back, and from the first one leave.
    """

    HELP = (
        "What became of one thing in a turn, who decided, and what it would take. Enter on a row that names another"
        " thing goes to it, backspace comes back, a shows the thing in Author, / lists everything."
    )
    BINDINGS = [*bindings("reason_back", "to_author", "copy_all"), *bindings("filter", "leave_sheet")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (14, "-tall")]
    DEFAULT_CSS = """
    WhySheet > .sheet { width: 90; height: 92%; }
    WhySheet.-short > .sheet { height: 100%; max-height: 100%; }
    WhySheet.-short #keys { display: none; }
    WhySheet > .sheet > ReadingRows { height: 1fr; }
    WhySheet.-all > .sheet > ReadingRows { display: none; }
    WhySheet > .sheet > ThingList { display: none; }
    WhySheet.-all > .sheet > ThingList { display: block; }
    """

    def __init__(self, trace: TurnTrace, agent: Agent, entity: str = "") -> None:
        """Explain a turn.

        Args:
            trace: The turn.
            agent: The agent that took it.
            entity: The thing it is about; empty to choose one from a list of all.
        """
        super().__init__()
        self._facts = Facts(trace, agent)
        self._chain: list[str] = [entity] if entity else []
        self._listed = False

    def compose(self) -> ComposeResult:
        """The way here, the reading, the list of everything, the keys."""
        with Vertical(classes="sheet"):
            yield Static(classes="title", id="way", markup=False)
            yield ReadingRows()
            yield ThingList("Nothing was decided in this turn yet.")
            yield Static(id="keys", classes="muted", markup=False)

    def on_mount(self) -> None:
        """Show the thing, or the list, once there is a width."""
        self.set_class(not self._chain, "-all")
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if self._chain:
            self._show()
        else:
            self._list()

    @property
    def entity(self) -> str:
        """The thing that is explained; empty while the list is shown."""
        return self._chain[-1] if self._chain and not self.listing else ""

    @property
    def listing(self) -> bool:
        """Whether the list of everything is shown."""
        return self.has_class("-all")

    def _show(self) -> None:
        self.remove_class("-all")
        rows = self.query_one(ReadingRows)
        rows.show(read_why(self._facts, self._chain[-1]), top=0)
        rows.focus()
        self._say(self._way())

    def _list(self, at: str = "") -> None:
        self._listed = True
        self.add_class("-all")
        things = self.query_one(ThingList)
        things.show(
            read_everything(self._facts, max(30, self.query_one(".sheet").content_size.width - 4)),
            at or (self._chain[-1] if self._chain else None),
        )
        things.focus()
        self._say(Content(f"Turn {self._facts.trace.turn}: what became of everything"))

    def _way(self) -> Content:
        """The chain so far; where it has no room, its beginning is left out."""
        arrow = Content.styled(" ▸ ", QUIET)
        room = self.query_one(".sheet").content_size.width or 70
        for left_out in range(len(self._chain)):
            names = [said(name) for name in self._chain[left_out:]]
            way = arrow.join([Content("Why"), *([Content("…")] if left_out else []), *names])
            if way.cell_length <= room:
                break
        return way.truncate(room, ellipsis=True)

    def _say(self, way: Content) -> None:
        self.query_one("#way", Static).update(way)
        keys = "⏎ why   / filter   Esc leave" if self.listing else "⏎ go to it   Esc back   a Author   / all   y copy"
        self.query_one("#keys", Static).update(Content(keys))

    # -- keys ---------------------------------------------------------------------------------------------------

    @on(ReadingRows.Opened)
    @on(ReadingRows.WhyAsked)
    async def _opened(self, event: ReadingRows.About) -> None:
        event.stop()
        if event.entry.key == "head" and isinstance(event, ReadingRows.Opened):
            await self.action_to_author()
        elif event.entry.entity and event.entry.entity != self._chain[-1]:
            self._chain.append(event.entry.entity)
            self._show()

    @on(ThingList.Chosen)
    def _chosen(self, event: ThingList.Chosen) -> None:
        event.stop()
        self._chain = [event.key]
        self._show()

    def action_reason_back(self) -> None:
        """Back along the chain; from its beginning to the list it was chosen from, or out."""
        if self.listing and self._chain:
            self._show()
        elif self.listing:
            self.dismiss()
        elif len(self._chain) > 1:
            left = self._chain.pop()
            self._show()
            self._stand_on(left)
        elif self._listed:
            self._list(self._chain.pop())
        else:
            self.dismiss()

    def _stand_on(self, name: str) -> None:
        rows = self.query_one(ReadingRows)
        for entry in rows.entries:
            if entry.entity == name and entry.key != "head":
                rows.select(entry.key)
                return

    def action_leave_sheet(self) -> None:
        """Leave the filter, then as backspace."""
        things = self.query_one(ThingList)
        if self.listing and things.filtered:
            things.leave_filter()
        else:
            self.action_reason_back()

    def action_filter(self) -> None:
        """List everything."""
        if not self.listing:
            self._list()

    def action_copy_all(self) -> None:
        """Copy the whole chain of reasons as one sentence."""
        if self.entity:
            self.app.copy_to_clipboard(chain_text(self._facts, self.entity))
            self.notify("the chain of reasons is copied", timeout=2)

    async def action_to_author(self) -> None:
        """Leave, and show the thing in Author."""
        name = self.entity or self.query_one(ThingList).key or ""
        app = cast("StudioApp", self.app)
        self.dismiss()
        if name:
            app.call_later(app.go, "author", name)
