"""The mode Journeys: protocols for conversations, state by state."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual import on, work
from textual.app import ComposeResult
from textual.widget import Widget

from engine.agent.export.mermaid import as_mermaid
from engine.agent.model import Journey
from engine.session.store import SessionStore
from studio.keys import bindings
from studio.modes.journeys.journey_pane import JourneyPane
from studio.modes.journeys.rows import as_text, journey_rows
from studio.modes.journeys.running import Running, follow, running
from studio.modes.mode_screen import ModeScreen
from studio.modes.simulate.beginning import Beginning
from studio.modes.simulate.conversation import Who
from studio.things.catalog import Things
from studio.things.describe import WITHIN, describe
from studio.things.places import span_of
from studio.widgets.details import Details
from studio.widgets.frame_lines import studio_of
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList
from studio.workspace import Snapshot

if TYPE_CHECKING:
    from studio.modes.simulate.screen import SimulateScreen

EMPTY = "This agent has no journeys. A journey leads a conversation step by step; `cuecard schema agent` has its keys"


class JourneysScreen(ModeScreen):
    """The journeys: left all of them, right one as a drawing or an outline, at the bottom one state."""

    MODE = "journeys"
    BINDINGS = [*bindings("try", "view", "follow", "copy", "copy_mermaid")]
    DEFAULT_CSS = """
    JourneysScreen ThingList Rows { text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self) -> None:
        """Begin with nothing read."""
        super().__init__()
        self._snapshot: Snapshot | None = None
        self._things: Things | None = None
        self._session = Running()
        self._journey: Journey | None = None
        self._asked_for = ""
        self._shown_state = ""

    def compose_body(self) -> ComposeResult:
        """The journeys, and one of them."""
        journeys = ThingList("No agent is open. F2 goes Home", id="journeys")
        yield Split("journeys", journeys, JourneyPane(), percent=33)

    @property
    def _list(self) -> ThingList:
        return self.query_one("#journeys", ThingList)

    @property
    def _pane(self) -> JourneyPane:
        return self.query_one(JourneyPane)

    def on_mount(self) -> None:
        """Say what to do where nothing is open."""
        self._list.show([])
        super().on_mount()

    def workspace_changed(self, snapshot: Snapshot) -> None:
        """Show the journeys as they are now."""
        self._snapshot = snapshot
        self._things = Things(snapshot.agent) if snapshot.agent is not None else None
        if self._things is None:
            self._list.set_empty("The agent file cannot be used. F3 says why")
        else:
            self._list.set_empty(EMPTY)
        self._draw_list()
        self._look()

    def on_screen_resume(self) -> None:
        """Look where the session stands now."""
        super().on_screen_resume()
        self._look()

    @work(name="look where the session stands")
    async def _look(self) -> None:
        engine = self.workspace.engine if self.workspace is not None else None
        if engine is None:
            return
        simulate = next((screen for screen in studio_of(self).mode_screens() if screen.MODE == "simulate"), None)
        found = await running(engine.store, simulate.thing if simulate is not None else "")
        self._light(found)
        if found.session:
            self._listen(engine.store, found.session)

    @work(name="listen", group="listen", exclusive=True)
    async def _listen(self, store: SessionStore, session: str) -> None:
        """Light up what the session comes to while it is looked at."""
        async for found in follow(store, session):
            self._light(found)

    def _light(self, session: Running) -> None:
        if session != self._session:
            self._session = session
            self._draw_list()

    # -- what is shown -----------------------------------------------------------------------------------------

    def show(self, thing: str) -> None:
        """Go to a journey, or to a state by `journey.state`."""
        journey, _, state = thing.partition(".")
        self._asked_for = state
        if self._list.key == journey:
            self._draw_journey(journey)
        else:
            self._list.select(journey)
        self.thing = thing
        if state:
            self._pane.focus()

    def _draw_list(self) -> None:
        """Draw the journeys anew, and the outline of the one under the cursor."""
        journey, _, state = self.thing.partition(".")
        self._asked_for = self._asked_for or state
        self._list.show([*journey_rows(self._things, self._session)] if self._things is not None else [], journey)
        self._draw_journey(self._list.key or journey)

    @on(ThingList.Highlighted, "#journeys")
    def _journey_highlighted(self, event: ThingList.Highlighted) -> None:
        if self._journey is None or event.key != self._journey.name:
            self._draw_journey(event.key)

    def _draw_journey(self, name: str) -> None:
        things = self._things
        journey = things.get(name) if things is not None else None
        found = journey.value if journey is not None else None
        self._journey = found if isinstance(found, Journey) else None
        if things is None or self._journey is None:
            self._pane.clear()
            return
        first = self._journey.first
        wanted = self._asked_for or self._current_state() or (first.name if first is not None else "")
        self._asked_for = ""
        self._pane.show(things, self._journey, self._session, wanted)
        self._draw_state(wanted)

    def _current_state(self) -> str:
        position = self._session.positions.get(self._journey.name) if self._journey is not None else None
        known = self._journey.by_name if self._journey is not None else {}
        return position.current if position is not None and position.current in known else ""

    @on(JourneyPane.Selected)
    def _state_selected(self) -> None:
        self._draw_state(self._pane.selected)

    def _draw_state(self, name: str) -> None:
        """Show a state's details at the bottom; without one, what is left of the journey's own."""
        if self._things is None or self._journey is None:
            return
        journey = self._journey.name
        key = f"{journey}.{name}" if name else journey
        self.thing = journey if self.focused in (None, self._list.rows) else key
        written = [section for section in describe(self._things, key) if section.title != WITHIN]
        self._pane.details.show(written, stay=self._shown_state == key)
        self._shown_state = key

    # -- going somewhere ---------------------------------------------------------------------------------------

    @on(ThingList.Chosen, "#journeys")
    def _journey_chosen(self) -> None:
        self.query_one(Split).aside = True
        self._pane.focus()

    def on_descendant_focus(self) -> None:
        """Whoever comes to the journeys means one as a whole."""
        if self.focused is self._list.rows and self._journey is not None:
            self.thing = self._journey.name

    @on(JourneyPane.Left)
    def _pane_left(self) -> None:
        self.query_one(Split).aside = False
        self._list.focus()

    @on(Details.Followed)
    async def _followed(self, event: Details.Followed) -> None:
        inside = self._things is not None and self._things.agent.state(event.line.target) is not None
        await studio_of(self).go("journeys" if inside else event.line.mode, event.line.target)

    def place(self) -> tuple[Path, int]:
        """Where the journey or state stands in the file."""
        file, line = super().place()
        entry = self._things.get(self.thing) if self._things is not None else None
        document = self._snapshot.document if self._snapshot is not None else None
        return (file, span_of(document, entry).first) if document is not None and entry is not None else (file, line)

    def default_focus(self) -> Widget | None:
        """The journeys."""
        return self._list.rows

    async def action_try_it(self) -> None:
        """Begin a chat: at the state that is read, or, on the list of journeys, from the beginning."""
        state = self.thing.partition(".")[2]
        if state:
            await self._chat_at(state)
        elif self._things is not None:
            await studio_of(self).go("simulate", "new")

    @on(JourneyPane.ChatWanted)
    async def _chat_wanted(self, event: JourneyPane.ChatWanted) -> None:
        await self._chat_at(event.state)

    async def _chat_at(self, state: str) -> None:
        if self._journey is None or state not in self._journey.by_name:
            return
        if not self._journey.enabled:
            self.notify(f"{self._journey.name} is off: no chat can stand in it", severity="warning", markup=False)
            return
        beginning = Beginning.at(self._journey, state)
        screen = await studio_of(self).go("simulate")
        cast("SimulateScreen", screen).begin(Who(at=beginning))

    def action_switch_view(self) -> None:
        """The drawing, or the outline."""
        self._pane.switch_view()

    async def action_relations(self) -> None:
        """Show the journey on the map."""
        if self._journey is not None:
            await studio_of(self).go("map", self._journey.name)

    def action_copy(self) -> None:
        """Copy the outline."""
        if self._journey is not None:
            self.app.copy_to_clipboard(as_text(self._journey, self._pane.lines))
            self.notify(f"copied: the outline of {self._journey.name}", timeout=3)

    def action_copy_mermaid(self) -> None:
        """Copy the journey as a Mermaid diagram."""
        if self._journey is not None and self._things is not None:
            titles = {journey.name: journey.title for journey in self._things.agent.journeys}
            self.app.copy_to_clipboard(as_mermaid(self._journey, titles))
            self.notify(f"copied: {self._journey.name} in Mermaid", timeout=3)
