"""The canvas with its search above it and its legend below it."""

from __future__ import annotations

from textual import events, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from studio.canvas.graph import Graph, Kind
from studio.canvas.graph_canvas import GraphCanvas
from studio.canvas.lighting import Lit
from studio.canvas.marking import BEEN, HERE
from studio.keys import bindings

SIGNS = {Kind.START: "●", Kind.TOOL: "⚙", Kind.FORK: "◇", Kind.LINK: "▸", Kind.END: "■"}
WORDS = {Kind.START: "start", Kind.TOOL: "tool", Kind.FORK: "fork", Kind.LINK: "journey", Kind.END: "end"}
"""What the signs in the boxes mean."""


class CanvasPane(Vertical):
    """One journey as a drawing. What its `GraphCanvas` posts comes through; escape on it posts `Left`."""

    BINDINGS = [*bindings("search", "found_next", "found_before", "leave_filter")]
    DEFAULT_CSS = """
    CanvasPane { height: 1fr; }
    CanvasPane > .search { display: none; height: 1; background: $panel; }
    CanvasPane.-searching > .search { display: block; }
    CanvasPane Input, CanvasPane Input:focus { width: 1fr; height: 1; border: none; padding: 0 1; background: $panel; }
    CanvasPane .count { width: auto; padding: 0 1; color: $text-muted; }
    CanvasPane > .legend { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    class Left(Message):
        """Escape was pressed: back to the journeys."""

    def compose(self) -> ComposeResult:
        """The search, the drawing, what its signs mean."""
        with Horizontal(classes="search"):
            yield Input(placeholder="search", select_on_focus=False)
            yield Static(classes="count", markup=False)
        yield GraphCanvas("This journey has no states yet")
        yield Static(classes="legend", markup=False)

    @property
    def canvas(self) -> GraphCanvas:
        """The drawing."""
        return self.query_one(GraphCanvas)

    @property
    def searching(self) -> bool:
        """Whether words are searched for."""
        return self.has_class("-searching")

    def show(self, name: str, graph: Graph, selected: str, lit: Lit) -> None:
        """Draw a journey; see `GraphCanvas.show`."""
        self.canvas.light(lit)
        self.canvas.show(name, graph, selected)
        self.query_one(".legend", Static).update(legend(graph, lit))

    def focus(self, scroll_visible: bool = True) -> CanvasPane:
        """Give the drawing the focus."""
        self.canvas.focus(scroll_visible)
        return self

    # -- searching ----------------------------------------------------------------------------------------------

    def action_search(self) -> None:
        """Show the search and give it the focus."""
        if self.screen.maximized is not None:
            self.screen.minimize()
        self.add_class("-searching")
        self.query_one(Input).focus()

    def action_found(self, steps: int) -> None:
        """Go through what was found."""
        self.canvas.go_found(steps)

    def action_leave_filter(self) -> None:
        """Leave the search; where nothing is searched for, hand the focus back."""
        if self.screen.maximized is not None:
            raise SkipAction
        if self.searching:
            self._leave_search()
        else:
            self.post_message(self.Left())

    def _leave_search(self) -> None:
        self.remove_class("-searching")
        self.query_one(Input).value = ""
        self.canvas.search("")
        self.canvas.focus()

    @on(Input.Changed)
    def _words_changed(self, event: Input.Changed) -> None:
        event.stop()
        canvas = self.canvas
        canvas.search(event.value)
        count = len(canvas.found.states)
        said = f"{count} found   ] next" if count else "nothing has these words" if event.value.strip() else ""
        self.query_one(".count", Static).update(said)
        if count and canvas.selected not in canvas.found.states:
            canvas.go_found(1)

    @on(Input.Submitted)
    def _words_written(self, event: Input.Submitted) -> None:
        event.stop()
        self.canvas.focus()

    def key_escape(self, event: events.Key) -> None:
        """Leave the search from its own field."""
        if self.query_one(Input).has_focus:
            event.stop()
            self._leave_search()

    def key_down(self) -> None:
        """From the search into the drawing."""
        if self.query_one(Input).has_focus:
            self.canvas.focus()


def legend(graph: Graph, lit: Lit) -> Content:
    """What the signs of a drawing mean, as far as they occur in it."""
    kinds = {node.kind for node in graph.nodes}
    words = [f"{sign} {WORDS[kind]}" for kind, sign in SIGNS.items() if kind in kinds]
    words += [f"{HERE} here"] if lit.here else []
    words += [f"{BEEN} visited"] if lit.visited else []
    return Content("   ".join(words))
