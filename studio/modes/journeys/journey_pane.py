"""One journey: drawn or as an outline, and the selected state below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from engine.agent.model import Journey
from studio.canvas.graph import Graph, graph_of
from studio.canvas.graph_canvas import GraphCanvas
from studio.canvas.lighting import NOTHING, lit
from studio.modes.journeys.canvas_pane import CanvasPane
from studio.modes.journeys.outline_list import OutlineList
from studio.modes.journeys.rows import head, outline_rows
from studio.modes.journeys.running import Running
from studio.things.catalog import Things
from studio.things.lines import Section
from studio.things.outline import OutlineLine, outline
from studio.widgets.details import Details
from studio.widgets.thing_list import ThingList

View = Literal["canvas", "outline"]

ROOM = 40
"""Columns from which on a journey is drawn, unless somebody has chosen the outline."""

HIGH = 27
"""Rows from which on there is room for more than the drawing and its selected state."""


class JourneyPane(Vertical):
    """A journey as a drawing or as an outline, with one state selected in both, and its details.

    Attributes:
        view: Which of the two is shown.
        lines: The outline of the journey that is shown.
    """

    DEFAULT_CSS = """
    JourneyPane .head { height: auto; max-height: 3; padding: 0 1; }
    JourneyPane.-canvas .head { max-height: 2; text-wrap: nowrap; text-overflow: ellipsis; }
    JourneyPane.-canvas.-low .head { max-height: 1; }
    JourneyPane OutlineList { height: 3fr; }
    JourneyPane.-canvas OutlineList, JourneyPane.-outline CanvasPane { display: none; }
    JourneyPane.-low .legend { display: none; }
    JourneyPane.-low GraphCanvas { scrollbar-size-horizontal: 0; }
    JourneyPane Details { height: 2fr; border-top: solid $panel-lighten-1; }
    JourneyPane.-canvas Details { height: 28%; max-height: 14; }
    JourneyPane Details:focus { border-top: solid $accent; }
    .-short JourneyPane .head, .-short JourneyPane Details { display: none; }
    """
    SCOPED_CSS = False  # the screen's own classes lie outside

    class Selected(Message):
        """Another state was selected; `selected` names the one that is by now."""

    class ChatWanted(Message):
        """A chat is to begin at a state."""

        def __init__(self, state: str) -> None:
            self.state = state
            super().__init__()

    class Left(Message):
        """Escape was pressed: back to the journeys."""

    def __init__(self) -> None:
        """Begin with nothing to show."""
        super().__init__(classes="-outline")
        self.view: View = "outline"
        self.lines: tuple[OutlineLine, ...] = ()
        self._chosen: View | None = None

    def compose(self) -> ComposeResult:
        """When it begins, the journey, the state."""
        yield Static(classes="head", markup=False)
        yield CanvasPane()
        yield OutlineList("No states yet")
        yield Details()

    @property
    def states(self) -> OutlineList:
        """The journey as an outline."""
        return self.query_one(OutlineList)

    @property
    def drawn(self) -> CanvasPane:
        """The journey as a drawing."""
        return self.query_one(CanvasPane)

    @property
    def details(self) -> Details:
        """The selected state."""
        return self.query_one(Details)

    def focus(self, scroll_visible: bool = True) -> JourneyPane:
        """Give the journey the focus."""
        (self.drawn if self.view == "canvas" else self.states).focus(scroll_visible)
        return self

    @property
    def selected(self) -> str:
        """The selected state; empty where the outline's cursor stands on none."""
        if self.view == "canvas":
            return self.drawn.canvas.selected
        line = self.line(self.states.key or "")
        return line.state if line is not None else ""

    # -- what is shown ------------------------------------------------------------------------------------------

    def show(self, things: Things, journey: Journey, session: Running, state: str) -> None:
        """Show a journey.

        Args:
            things: The agent that it belongs to.
            journey: The journey.
            session: Where a session stands in it.
            state: The state to select.
        """
        self.lines = outline(journey)
        self.query_one(".head", Static).update(head(things, journey, session))
        self.states.show([*outline_rows(journey, self.lines, session)], state)
        graph = graph_of(journey, {other.name: other.title for other in things.agent.journeys})
        position = session.positions.get(journey.name)
        light = lit(graph, position.path, active=position.status == "active") if position is not None else NOTHING
        self.drawn.show(journey.name, graph, state, light)

    def clear(self) -> None:
        """Show nothing."""
        self.lines = ()
        self.query_one(".head", Static).update("")
        self.states.show([])
        self.drawn.show("", Graph(), "", NOTHING)
        self.details.show([])

    def describe(self, sections: Sequence[Section], *, stay: bool) -> None:
        """Show what is known about the selected state; see `Details.show`."""
        self.details.show(sections, stay=stay)

    def line(self, key: str) -> OutlineLine | None:
        """The line of the outline that a row stands for."""
        number = key.removeprefix("line ")
        if number != key:
            return self.lines[int(number)] if int(number) < len(self.lines) else None
        return next((line for line in self.lines if line.is_state and line.state == key), None)

    # -- drawing or outline -------------------------------------------------------------------------------------

    def switch_view(self) -> None:
        """Show the other of the two, until somebody changes it again."""
        focused = self.screen.focused
        inside = focused is not None and (self.drawn in focused.ancestors or self.states in focused.ancestors)
        self._chosen = "outline" if self.view == "canvas" else "canvas"
        self._fit()
        if inside:
            self.focus()

    def on_resize(self) -> None:
        """Draw where there is room to; leave out what explains where there is little."""
        self.set_class(self.size.height < HIGH, "-low")
        self._fit()

    def _fit(self) -> None:
        roomy = self.size.width >= ROOM and not self.screen.has_class("-narrow")
        view: View = self._chosen or ("canvas" if roomy else "outline")
        if view == self.view:
            return
        state = self.selected
        self.view = view
        self.set_class(view == "canvas", "-canvas")
        self.set_class(view == "outline", "-outline")
        if view == "outline":
            self.states.select(state)
        else:
            self.drawn.canvas.choose(state)

    # -- selecting ----------------------------------------------------------------------------------------------

    def on_descendant_focus(self) -> None:
        """Whoever comes here means the selected state."""
        self.post_message(self.Selected())

    @on(ThingList.Highlighted, "OutlineList")
    def _highlighted(self, event: ThingList.Highlighted) -> None:
        event.stop()
        if self.view == "outline":
            self.post_message(self.Selected())

    @on(GraphCanvas.Selected)
    def _selected(self, event: GraphCanvas.Selected) -> None:
        event.stop()
        if self.view == "canvas":
            self.states.select(event.state)
            self.post_message(self.Selected())

    @on(GraphCanvas.Opened)
    def _opened(self, event: GraphCanvas.Opened) -> None:
        event.stop()
        self.post_message(self.ChatWanted(event.state))

    @on(ThingList.Chosen, "OutlineList")
    def _chosen_line(self, event: ThingList.Chosen) -> None:
        event.stop()
        line = self.line(event.key)
        if line is not None and line.state and not line.is_state:
            self.states.select(line.state)
        elif line is not None:
            self.details.focus()

    @on(OutlineList.Left)
    @on(CanvasPane.Left)
    def _left(self) -> None:
        self.post_message(self.Left())

    @on(Details.Left)
    def _details_left(self) -> None:
        self.focus()
