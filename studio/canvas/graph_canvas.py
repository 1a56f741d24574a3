"""The canvas on screen: a drawing of which only the window in sight is painted."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import Worker

from studio.canvas.draw import draw_graph
from studio.canvas.drawing import Area, Box, Direction, Drawing
from studio.canvas.graph import END, START, Graph
from studio.canvas.lighting import NOTHING, Found, Lit, find
from studio.canvas.marking import Marks, Names, marked
from studio.canvas.options import Options, Zoom
from studio.canvas.painting import Piece, rows
from studio.keys import bindings

LARGE = 150
"""Graphs of more nodes are drawn in a thread, so that the screen goes on answering."""

MARGIN = 1
"""Empty cells on the left of the drawing, above it and below it."""

AROUND = Size(4, 3)
"""So many cells around a box are brought into sight with it."""

PAN = Size(8, 3)
"""How far the window moves where there is no state to go to."""

ZOOMS = tuple(Zoom)
STYLES = tuple(
    "line label title border start chat tool fork link end walked visited here found selected bare quiet".split()
)


class GraphCanvas(ScrollView, can_focus=True):
    """A journey as a drawing; one state is selected.

    It posts `Selected` when the person selects another state, `Opened` when one is opened.

    Attributes:
        drawing: What is drawn; None before anything is, and while a large graph is being laid out.
        found: What the search found.
    """

    HELP = (
        "The journey as a drawing. Arrows or h j k l go to the nearest state in that direction, g and G to the first "
        "and last of the file; the mouse selects, drags and scrolls. Enter, t or a double click starts a chat at the "
        "state. / finds states, [ and ] go through them. - says less of each state and shows more of them, + more of "
        "each, 0 every word. v shows the same as an outline."
    )
    BINDINGS = [
        *bindings("chat_here", "beside_left", "down", "up", "beside_right", "top", "bottom"),
        *bindings("smaller", "larger", "every_word"),
    ]
    COMPONENT_CLASSES = {f"canvas--{name}" for name in STYLES}
    DEFAULT_CSS = """
    GraphCanvas {
        height: 1fr; scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
        & > .canvas--line { color: $text-muted; }
        & > .canvas--label { color: $accent; text-style: italic; }
        & > .canvas--title { color: $foreground; }
        & > .canvas--border { color: $primary; }
        & > .canvas--start, & > .canvas--end { color: $accent; }
        & > .canvas--tool, & > .canvas--link { color: $secondary; }
        & > .canvas--fork { color: $warning; }
        & > .canvas--walked { color: $text-success; text-style: bold; }
        & > .canvas--visited { color: $text-success; }
        & > .canvas--here { color: $text-success; text-style: bold; }
        & > .canvas--found { background: $warning 35%; text-style: underline; }
        & > .canvas--selected { background: $panel; text-style: bold; }
        & > .canvas--bare { text-style: reverse bold; }
        & > .canvas--quiet { color: $text-muted; }
        &:focus > .canvas--selected { background: $primary 30%; }
        &:ansi > .canvas--found, &:ansi > .canvas--selected { background: transparent; }
        &:ansi:focus > .canvas--selected { background: transparent; }
    }
    """
    selected: reactive[str] = reactive("")
    """The name of the selected state; empty when there is none."""
    zoom: reactive[Zoom] = reactive(Zoom.FULL)
    """How much the drawing says."""

    class Selected(Message):
        """The person selected another state."""

        def __init__(self, state: str) -> None:
            self.state = state
            super().__init__()

    class Opened(Message):
        """The person opened a state."""

        def __init__(self, state: str) -> None:
            self.state = state
            super().__init__()

    def __init__(self, empty: str = "") -> None:
        """Make an empty canvas.

        Args:
            empty: What stands there while there is nothing to draw: one line that says what to do.
        """
        super().__init__()
        self.drawing: Drawing | None = None
        self.found = Found()
        self._empty = empty
        self._name = ""
        self._graph = Graph()
        self._lit = NOTHING
        self._words = ""
        self._window: Area | None = None
        self._marks = Marks()
        self._painted: list[list[Piece]] = []
        self._styles: dict[Names, Style] = {}
        self._held: Offset | None = None
        self._dragged_from: tuple[Offset, Offset] | None = None
        self._dragging = False

    # -- what is shown ------------------------------------------------------------------------------------------

    def show(self, name: str, graph: Graph, selected: str = "") -> None:
        """Draw a journey. After an edit its selected box keeps its place on the screen.

        Args:
            name: The journey's name.
            graph: What to draw; nothing is laid out again where it is the same as before.
            selected: The state to select; the first one where there is no such state.
        """
        same, drawn = name == self._name, graph == self._graph
        self._name, self._graph = name, graph
        states = self.states
        self.set_reactive(GraphCanvas.selected, selected if selected in states else states[0] if states else "")
        if drawn and (self.drawing is not None or states):  # a large one is still being drawn
            self.bring_into_sight()
        else:
            self._lay_out(stay=same)
        self.search(self._words)

    def light(self, lit: Lit) -> None:
        """Show where the running session is and has been; nothing is laid out for that."""
        if lit != self._lit:
            self._lit = lit
            self.refresh()

    def search(self, words: str) -> None:
        """Mark the states with some words; without words none."""
        self._words = words
        self.found = find(self._graph, words)
        self.refresh()

    @property
    def states(self) -> tuple[str, ...]:
        """The names of the states in the order of the file."""
        return tuple(node.name for node in self._graph.nodes if node.name not in (START, END))

    # -- laying out ---------------------------------------------------------------------------------------------

    def _lay_out(self, *, stay: bool) -> None:
        self._held = (self._place() or self._held) if stay else None
        options = Options(zoom=self.zoom)
        self.workers.cancel_group(self, "draw")
        if len(self._graph.nodes) <= LARGE:
            self._take(draw_graph(self._graph, options))
            return
        self.drawing = None
        self.virtual_size = Size(0, 0)
        self.refresh()
        drawing = partial(self._draw_in_thread, self._graph, options)
        _: Worker[None] = self.run_worker(drawing, name="draw", group="draw", exclusive=True)

    async def _draw_in_thread(self, graph: Graph, options: Options) -> None:
        """Draw a large graph; a worker that was cancelled since never takes its result."""
        self._take(await asyncio.to_thread(draw_graph, graph, options))

    def _take(self, drawing: Drawing) -> None:
        """Show a drawing, with the selected box where it was on the screen."""
        self.drawing = drawing
        self._window = None
        empty = not drawing.boxes
        self.virtual_size = Size(0, 0) if empty else Size(drawing.width + MARGIN, drawing.height + 2 * MARGIN)
        box = drawing.by_name.get(self.selected)
        if box is not None:
            held = self._held or self._middle(box)
            self.scroll_to(box.area.x - held.x, box.area.y - held.y, animate=False, immediate=True)
        self.bring_into_sight()
        self.refresh()

    def _middle(self, box: Box) -> Offset:
        """Where a box is best seen: in the middle, rather above it than below."""
        return Offset((self.size.width - box.area.width) // 2, self.size.height // 3)

    def _place(self) -> Offset | None:
        """Where the selected box is on the screen, before anything changes; None when it is not there."""
        box = self.drawing.by_name.get(self.selected) if self.drawing is not None else None
        return Offset(box.area.x, box.area.y) - self.scroll_offset if box is not None else None

    def bring_into_sight(self) -> None:
        """Have the selected box in the window, with what is right beside it."""
        box = self.drawing.by_name.get(self.selected) if self.drawing is not None else None
        if box is None or not self.size:
            return
        x = _into(box.area.x, box.area.right, self.scroll_offset.x, self.size.width, AROUND.width)
        y = _into(box.area.y, box.area.bottom, self.scroll_offset.y, self.size.height, AROUND.height)
        if (x, y) != self.scroll_offset:
            self.scroll_to(x, y, animate=False, immediate=True)

    # -- keys ---------------------------------------------------------------------------------------------------

    def select(self, state: str) -> None:
        """Select a state as a person does."""
        if state and state != self.selected:
            self.post_message(self.Selected(state))
        self.choose(state)

    def choose(self, state: str) -> None:
        """Select a state without saying so."""
        if state in self.states:
            self.selected = state
        self.bring_into_sight()

    def action_cursor_down(self) -> None:
        """Go to the nearest state below."""
        self._go("down", Offset(0, 1))

    def action_cursor_up(self) -> None:
        """Go to the nearest state above."""
        self._go("up", Offset(0, -1))

    def action_cursor_left(self) -> None:
        """Go to the nearest state on the left."""
        self._go("left", Offset(-1, 0))

    def action_cursor_right(self) -> None:
        """Go to the nearest state on the right."""
        self._go("right", Offset(1, 0))

    def _go(self, direction: Direction, step: Offset) -> None:
        """Go to the nearest state; where there is none, move the window, for the lines that lie beyond."""
        if self.drawing is None or not self.selected:
            return
        found = self.drawing.beside(self.selected, direction)
        while found in (START, END):
            found = self.drawing.beside(found, direction)
        if found is not None:
            self.select(found)
        else:
            self.scroll_relative(step.x * PAN.width, step.y * PAN.height, animate=False, immediate=True)

    def action_first(self) -> None:
        """Go to the first state of the file."""
        self.select(next(iter(self.states), ""))

    def action_last(self) -> None:
        """Go to the last state of the file."""
        self.select(next(reversed(self.states), ""))

    def action_chat_here(self) -> None:
        """Open the selected state."""
        if self.selected:
            self.post_message(self.Opened(self.selected))

    def action_zoom_drawing(self, steps: int) -> None:
        """Say less or more of each state."""
        self.zoom = ZOOMS[max(0, min(len(ZOOMS) - 1, ZOOMS.index(self.zoom) + steps))]

    def action_every_word(self) -> None:
        """Say every word."""
        self.zoom = Zoom.FULL

    def go_found(self, steps: int) -> None:
        """Go some steps on among the states that were found, in the order of the file and around its end."""
        states, found = self.states, self.found.states
        if not found:
            return
        here = states.index(self.selected) if self.selected in states else 0
        if self.selected in found:
            place = found.index(self.selected) + steps
        else:
            before = sum(states.index(name) < here for name in found)
            place = before + (steps - 1 if steps > 0 else steps)
        self.select(found[place % len(found)])

    # -- mouse --------------------------------------------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the drawing."""
        self._dragged_from = (event.screen_offset, self.scroll_offset)
        self._dragging = False
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the drawing with the mouse that holds it."""
        if self._dragged_from is not None:
            began, offset = self._dragged_from
            moved = event.screen_offset - began
            self._dragging = self._dragging or moved != Offset(0, 0)
            self.scroll_to(offset.x - moved.x, offset.y - moved.y, animate=False, immediate=True)

    def on_mouse_up(self) -> None:
        """Let go of it."""
        self._dragged_from = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """Select the state under the mouse; twice opens it."""
        if self.drawing is None or self._dragging:
            return
        corner = self._corner
        what = self.drawing.hit(corner.x + event.x, corner.y + event.y)
        if isinstance(what, str) and what in self.states:
            self.select(what)
            if event.chain == 2:  # noqa: PLR2004 - a double click
                self.action_chat_here()

    # -- drawing ------------------------------------------------------------------------------------------------

    def watch_zoom(self) -> None:
        """Draw with other options."""
        if self._graph.nodes:
            self._lay_out(stay=True)

    def watch_selected(self) -> None:
        """Mark another box."""
        self.refresh()

    def on_resize(self) -> None:
        """Keep the selected box in sight."""
        self.bring_into_sight()

    def notify_style_update(self) -> None:
        """Take other colours."""
        super().notify_style_update()
        self._styles.clear()

    @property
    def _corner(self) -> Offset:
        """The cell of the drawing that is in the upper left of the window; a small drawing stands in the middle."""
        free = self.size.width - self.virtual_size.width
        return self.scroll_offset - Offset(MARGIN + max(0, free // 2), MARGIN)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint the window if it is another one, then some of its lines; see `Widget.render_lines`."""
        corner, size = self._corner, self.size
        window = Area(corner.x, corner.y, size.width, size.height)
        if window != self._window:
            self._window, self._painted = window, rows(self.drawing, window) if self.drawing is not None else []
        self._marks = Marks(self.selected, self._lit, self.found)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line; see `Widget.render_line`."""
        assert self._window is not None
        if self.drawing is None or not self.drawing.boxes:
            said = "drawing …" if self.drawing is None and self._graph.nodes else self._empty
            texts: Iterable[tuple[str, Names]] = [(f" {said}" if y == 1 else "", ("quiet",))]
        else:
            x, top, _, _ = self._window
            row = self._painted[y] if y < len(self._painted) else ()
            texts = marked(row, x, top + y, self.drawing, self._marks)
        segments = [Segment(text, self._style(names)) for text, names in texts]
        return Strip(segments).adjust_cell_length(self._window.width, self._style(()))

    def _style(self, names: Names) -> Style:
        style = self._styles.get(names)
        if style is None:
            style = Style.combine([self.rich_style, *(self._rules(f"canvas--{name}") for name in names)])
            self._styles[names] = style
        return style

    def _rules(self, name: str) -> Style:
        """What one name says itself, its colours as they come out over what lies below."""
        rules = self.get_component_rich_style(name, partial=True)
        whole = self.get_component_rich_style(name)
        colour = whole.color if rules.color is not None else None
        ground = whole.bgcolor if rules.bgcolor is not None else None
        return rules.without_color + Style(color=colour, bgcolor=ground)


def _into(start: int, end: int, shown: int, room: int, around: int) -> int:
    """Where a window has to begin so that a stretch of the drawing is in it, moved as little as possible."""
    start, end = start + MARGIN - around, end + MARGIN + around
    if end - start > room:
        start, end = start + around, min(end - around, start + around + room)
    if start < shown:
        return max(0, start)
    return max(shown, end - room)
