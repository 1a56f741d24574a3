"""Journeys drawn: keys, mouse, search, zoom, edits, a running session, large journeys, little room."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from textual.geometry import Offset
from textual.pilot import Pilot
from textual.widgets import Input

from engine.turn.live_session import LiveSession
from studio.canvas import graph_canvas
from studio.canvas.graph_canvas import GraphCanvas
from studio.canvas.options import Zoom
from studio.modes.journeys.canvas_pane import CanvasPane
from studio.modes.journeys.journey_pane import JourneyPane
from studio.modes.journeys.outline_list import OutlineList
from studio.widgets.details import Details
from studio.widgets.thing_list import ThingList

from .conftest import settled
from .talking import lines as transcript_lines
from .talking import say, simulate

BARE = "name: Bare\nguidelines:\n  g: {condition: They sing, action: Sing along}\n"


def canvas_of(pilot: Pilot[Any]) -> GraphCanvas:
    """The canvas, whatever mode is gone to since."""
    journeys = next(screen for screen in pilot.app.mode_screens() if screen.MODE == "journeys")
    return journeys.query_one(GraphCanvas)


def pane_of(pilot: Pilot[Any]) -> JourneyPane:
    return pilot.app.screen.query_one(JourneyPane)


def lines_of(canvas: GraphCanvas) -> list[str]:
    return [strip.text for strip in canvas.render_lines(canvas.size.region)]


def on_screen(canvas: GraphCanvas, state: str) -> Offset:
    """Where a state's box begins in the window."""
    area = canvas.drawing.by_name[state].area
    return Offset(area.x, area.y) - canvas._corner


def in_sight(canvas: GraphCanvas, state: str) -> bool:
    area = canvas.drawing.by_name[state].area
    corner = on_screen(canvas, state)
    return 0 <= corner.x <= canvas.size.width - area.width and 0 <= corner.y <= canvas.size.height - area.height


def large(states: int, name: str = "large") -> str:
    rows = [f"      s{number}: {{chat: Say number {number}, next: s{number + 1}}}" for number in range(states)]
    rows.append(f"      s{states}: {{chat: Say goodbye}}")
    return f"  {name}:\n    conditions: [They count]\n    states:\n" + "\n".join(rows) + "\n"


async def pressed(pilot: Pilot[Any], *keys: str) -> GraphCanvas:
    await pilot.press(*keys)
    await settled(pilot)
    return canvas_of(pilot)


# -- keys -----------------------------------------------------------------------------------------------------------


async def test_arrows_and_letters_go_to_the_nearest_state_of_that_side(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys", size=(120, 48)) as pilot:
        canvas = await pressed(pilot, "enter")
        assert pilot.app.focused is canvas and canvas.selected == "ask_destination"
        for key, state in (("j", "popular"), ("down", "recommend"), ("k", "popular"), ("up", "ask_destination")):
            await pressed(pilot, key)
            assert canvas.selected == state
        canvas.select("book")
        for key, state in (
            ("l", "wait_for_colleague"),
            ("right", "what_else"),
            ("h", "wait_for_colleague"),
            ("left", "book"),
        ):
            await pressed(pilot, key)
            assert canvas.selected == state


async def test_where_there_is_no_state_the_window_moves(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "G")
        canvas.scroll_to(y=canvas.max_scroll_y - 2, animate=False, immediate=True)
        await pressed(pilot, "down")
        assert canvas.selected == canvas.states[-1] and canvas.scroll_offset.y == canvas.max_scroll_y


async def test_start_and_end_are_passed_over(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "up")
        assert canvas.selected == "ask_destination"


async def test_g_and_shift_g_go_to_the_first_and_last_of_the_file_and_into_sight(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "G")
        assert canvas.selected == canvas.states[-1] and in_sight(canvas, canvas.states[-1])
        await pressed(pilot, "g")
        assert canvas.selected == canvas.states[0] and in_sight(canvas, canvas.states[0])


async def test_wherever_the_cursor_goes_the_box_is_on_the_screen(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter")
        for state in canvas.states:
            canvas.select(state)
            await pilot.pause()
            assert in_sight(canvas, state), state


async def test_the_selected_state_is_read_below_and_is_the_one_of_the_outline(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pressed(pilot, "enter", "j")
        assert pilot.app.screen.thing == "book_flight.popular"
        sections = pilot.app.screen.query_one(Details).sections
        assert any("load_popular_destinations" in line.text for section in sections for line in section.lines)
        assert pilot.app.screen.query_one(OutlineList).key == "popular"


async def test_v_changes_between_drawing_and_outline_with_the_same_state_selected(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "j", "v")
        outline = pilot.app.screen.query_one(OutlineList)
        assert pane_of(pilot).view == "outline" and pilot.app.focused is outline.rows
        assert not canvas.region.size and outline.key == "popular"
        await pressed(pilot, "j", "v")
        assert pane_of(pilot).view == "canvas" and pilot.app.focused is canvas
        assert canvas.selected == "recommend" and in_sight(canvas, "recommend")


async def test_the_chosen_view_stays_for_other_journeys_and_sizes(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pressed(pilot, "v", "j")
        assert pane_of(pilot).view == "outline"
        await pilot.resize_terminal(140, 48)
        await settled(pilot)
        assert pane_of(pilot).view == "outline"


async def test_minus_plus_and_zero_say_less_and_more(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "j", "j")
        heights = [canvas.drawing.height]
        for zoom in (Zoom.COMPACT, Zoom.MAP, Zoom.MAP):
            await pressed(pilot, "minus")
            heights.append(canvas.drawing.height)
            assert canvas.zoom is zoom and canvas.selected == "recommend" and in_sight(canvas, "recommend")
        assert heights == sorted(heights, reverse=True)
        await pressed(pilot, "plus")
        assert canvas.zoom is Zoom.COMPACT
        await pressed(pilot, "0")
        assert canvas.zoom is Zoom.FULL and canvas.drawing.height == heights[0]


async def test_a_zoom_keeps_the_selected_box_where_it_was(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys", size=(100, 30)) as pilot:
        canvas = await pressed(pilot, "enter", *"jjjjj")
        before = on_screen(canvas, canvas.selected)
        await pressed(pilot, "minus")
        assert on_screen(canvas, canvas.selected).y == before.y


async def test_escape_goes_back_to_the_journeys_and_from_the_details_to_the_drawing(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "tab")
        assert isinstance(pilot.app.focused, Details)
        await pressed(pilot, "escape")
        assert pilot.app.focused is canvas
        await pressed(pilot, "escape")
        assert pilot.app.focused is pilot.app.screen.query_one("#journeys", ThingList).rows


async def test_f1_explains_the_drawing(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pressed(pilot, "enter", "f1")
        assert "nearest state" in " ".join(GraphCanvas.HELP.split())
        assert pilot.app.screen is not pilot.app.mode_screen


# -- searching ------------------------------------------------------------------------------------------------------


async def test_a_search_marks_states_and_labels_and_brackets_go_through_them(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "slash", *"destination")
        assert isinstance(pilot.app.focused, Input)
        found = canvas.found.states
        assert {"ask_destination", "popular", "recommend"} <= set(found) and canvas.found.edges
        await pressed(pilot, "enter")
        assert pilot.app.focused is canvas and canvas.selected == found[0]
        await pressed(pilot, "right_square_bracket")
        assert canvas.selected == found[1]
        await pressed(pilot, "left_square_bracket", "left_square_bracket")
        assert canvas.selected == found[-1]
        await pressed(pilot, "escape")
        assert not canvas.found.states and pilot.app.focused is canvas
        assert not pilot.app.screen.query_one(CanvasPane).searching


async def test_a_search_goes_to_the_first_state_that_has_the_words_while_they_are_typed(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "slash", *"ticket")
        assert canvas.selected == "ticket" and in_sight(canvas, "ticket")
        await pressed(pilot, "escape")
        assert canvas.selected == "ticket"


async def test_a_search_for_nothing_there_says_so_and_moves_nothing(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "slash", *"zeppelin", "enter", "right_square_bracket")
        assert canvas.selected == "ask_destination"
        assert "nothing" in str(pilot.app.screen.query_one(".count").render())


# -- mouse ----------------------------------------------------------------------------------------------------------


async def test_a_click_selects_what_is_under_it(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys", size=(120, 48)) as pilot:
        canvas = canvas_of(pilot)
        await pilot.click(canvas, offset=on_screen(canvas, "recommend") + (2, 1))
        await settled(pilot)
        assert canvas.selected == "recommend" and pilot.app.focused is canvas
        assert pilot.app.screen.thing == "book_flight.recommend"
        await pilot.click(canvas, offset=(1, canvas.size.height - 2))
        assert canvas.selected == "recommend"


async def test_a_double_click_begins_a_chat(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys", size=(120, 48)) as pilot:
        canvas = canvas_of(pilot)
        await pilot.click(canvas, offset=on_screen(canvas, "recommend") + (2, 1), times=2)
        await settled(pilot)
        assert pilot.app.current_mode == "simulate"
        assert simulate(pilot).conversation.who.at.path[-1] == "recommend"


async def test_a_drag_moves_the_drawing_and_selects_nothing(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "G")
        before = canvas.scroll_offset
        await pilot.mouse_down(canvas, offset=(20, 3))
        await pilot.hover(canvas, offset=(24, 8))
        await pilot.mouse_up(canvas, offset=(24, 8))
        await settled(pilot)
        assert canvas.scroll_offset.y == before.y - 5
        assert canvas.selected == canvas.states[-1]


# -- edits, sizes, agents without journeys --------------------------------------------------------------------------


async def test_an_edit_leaves_the_selected_box_where_it_is_on_the_screen(studio, workspace_folder):
    folder = workspace_folder("travel")
    async with studio(folder, mode="journeys", size=(100, 30)) as pilot:
        canvas = await pressed(pilot, "enter", *"jjjjjj")
        state, before = canvas.selected, on_screen(canvas, canvas.selected)
        file = folder / "agent.yaml"
        longer = "Ask if they have a destination in mind, a wish, a dream, or at least a direction of the compass"
        changed = file.read_text("utf-8").replace("chat: Ask if they have a destination in mind", f"chat: {longer}")
        file.write_text(changed, "utf-8")
        drawing = canvas.drawing
        await pilot.app.workspace.reload()
        await settled(pilot)
        assert canvas.drawing is not drawing and canvas.drawing.by_name[state] != drawing.by_name[state]
        assert (canvas.selected, on_screen(canvas, state)) == (state, before)


async def test_an_edit_elsewhere_lays_nothing_out_again(studio, workspace_folder):
    folder = workspace_folder("travel")
    async with studio(folder, mode="journeys") as pilot:
        drawing = canvas_of(pilot).drawing
        file = folder / "agent.yaml"
        file.write_text(file.read_text("utf-8").replace("name: Atlas Travel", "name: Atlas Tours"), "utf-8")
        await pilot.app.workspace.reload()
        await settled(pilot)
        assert canvas_of(pilot).drawing is drawing


async def test_a_state_that_is_gone_leaves_the_first_one_selected(studio, tmp_path):
    (tmp_path / "agent.yaml").write_text(f"name: Counting\njourneys:\n{large(5)}", "utf-8")
    async with studio(tmp_path, mode="journeys") as pilot:
        canvas = await pressed(pilot, "enter", "G")
        assert canvas.selected == "s5"
        (tmp_path / "agent.yaml").write_text(f"name: Counting\njourneys:\n{large(3)}", "utf-8")
        await pilot.app.workspace.reload()
        await settled(pilot)
        assert canvas.selected == "s0" and in_sight(canvas, "s0")


@pytest.mark.parametrize(("size", "view"), [((80, 24), "canvas"), ((50, 20), "outline"), ((40, 10), "outline")])
async def test_a_narrow_screen_begins_with_the_outline(studio, workspace_folder, size, view):
    async with studio(workspace_folder("travel"), mode="journeys", size=size) as pilot:
        canvas = await pressed(pilot, "enter")
        assert pane_of(pilot).view == view
        if view == "outline":
            await pressed(pilot, "v")
            assert pilot.app.focused is canvas and canvas.region.size and in_sight(canvas, canvas.selected)


async def test_an_agent_without_journeys_has_nothing_to_draw_and_no_key_fails(studio, tmp_path):
    (tmp_path / "agent.yaml").write_text(BARE, "utf-8")
    async with studio(tmp_path, mode="journeys") as pilot:
        canvas = canvas_of(pilot)
        canvas.focus()
        await pressed(pilot, *"hjklgG", "minus", "plus", "0", "enter", "t", "right_square_bracket")
        await pressed(pilot, "slash", "x", "enter", "escape", "v", "v")
        assert pilot.app.current_mode == "journeys" or simulate(pilot).conversation.who.at is None
        assert canvas.selected == ""


async def test_a_journey_taken_out_of_the_file_is_drawn_no_longer(studio, workspace_folder):
    folder = workspace_folder("travel")
    async with studio(folder, mode="journeys") as pilot:
        (folder / "agent.yaml").write_text(BARE, "utf-8")
        await pilot.app.workspace.reload()
        await settled(pilot)
        assert not canvas_of(pilot).states and "no states" in lines_of(canvas_of(pilot))[1]


# -- large journeys -------------------------------------------------------------------------------------------------


class Gate:
    """Draws when it is let."""

    def __init__(self, draw: Any) -> None:
        self.open = threading.Event()
        self._draw = draw

    def __call__(self, graph: Any, options: Any) -> Any:
        if len(graph.nodes) > graph_canvas.LARGE:
            assert self.open.wait(30)
        return self._draw(graph, options)


async def drawn(pilot: Pilot[Any], canvas: GraphCanvas) -> None:
    await pilot.app.workers.wait_for_complete([worker for worker in pilot.app.workers if worker.name == "draw"])
    await pilot.pause()


async def test_a_large_journey_is_drawn_beside_the_screen(studio, tmp_path, monkeypatch):
    gate = Gate(graph_canvas.draw_graph)
    monkeypatch.setattr(graph_canvas, "draw_graph", gate)
    text = f"name: Counting\njourneys:\n{large(5, 'small')}{large(200)}"
    (tmp_path / "agent.yaml").write_text(text, "utf-8")
    async with studio(tmp_path, mode="journeys") as pilot:
        canvas = canvas_of(pilot)
        await pilot.press("j")
        await pilot.pause()
        assert canvas.drawing is None and "drawing …" in lines_of(canvas)[1]
        gate.open.set()
        await drawn(pilot, canvas)
        assert len(canvas.drawing.boxes) == 202 and in_sight(canvas, "s0")


async def test_a_large_drawing_that_comes_too_late_is_dropped(studio, tmp_path, monkeypatch):
    gate = Gate(graph_canvas.draw_graph)
    monkeypatch.setattr(graph_canvas, "draw_graph", gate)
    text = f"name: Counting\njourneys:\n{large(5, 'small')}{large(200)}"
    (tmp_path / "agent.yaml").write_text(text, "utf-8")
    async with studio(tmp_path, mode="journeys") as pilot:
        canvas = canvas_of(pilot)
        await pilot.press("j")
        await pilot.pause()
        await pilot.press("k")
        await pilot.pause()
        assert len(canvas.drawing.boxes) == 7
        gate.open.set()
        await settled(pilot)
        assert len(canvas.drawing.boxes) == 7


# -- a running session ----------------------------------------------------------------------------------------------


async def test_the_session_lights_up_its_state_and_its_way_while_it_is_looked_at(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys", size=(120, 48)) as pilot:
        live = await LiveSession.open(pilot.app.workspace.engine)
        await live.say("I want to fly to Rome")
        await pilot.press("f5", "f4")
        await settled(pilot)
        canvas = await pressed(pilot, "enter")
        drawing, path = canvas.drawing, (await live.session()).state.journeys["book_flight"].path
        assert canvas._lit.here == path[-1] and set(path[:-1]) <= canvas._lit.visited
        row = lines_of(canvas)[on_screen(canvas, path[-1]).y + 1]
        assert row[on_screen(canvas, path[-1]).x + 1] == "▶"
        await live.say("the 20th")
        await settled(pilot)
        later = (await live.session()).state.journeys["book_flight"].path
        assert later != path and canvas._lit.here == later[-1]
        assert path[-1] in canvas._lit.visited and canvas.drawing is drawing and canvas.selected == path[-1]
        row = lines_of(canvas)[on_screen(canvas, path[-1]).y + 1]
        assert row[on_screen(canvas, path[-1]).x + 1] == "✓"


async def test_the_selected_box_has_a_heavy_border(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys", size=(120, 48)) as pilot:
        canvas = await pressed(pilot, "enter", "j")
        corner = on_screen(canvas, "popular")
        assert lines_of(canvas)[corner.y][corner.x : corner.x + 3] == "┏━━"
        await pressed(pilot, "k")
        assert lines_of(canvas)[corner.y][corner.x : corner.x + 3] == "┌──"


# -- a chat that begins at a state ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["enter", "t"])
async def test_a_chat_begins_at_the_selected_state(studio, workspace_folder, key):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pressed(pilot, "enter", "j", "j", key)
        assert pilot.app.current_mode == "simulate"
        shown = " ".join(" ".join(transcript_lines(pilot)).split())
        assert "begins at book_flight.recommend" in shown and "load_popular_destinations" in shown
        assert not await pilot.app.workspace.engine.store.list_sessions()
        await say(pilot, "hello")
        entry = simulate(pilot).conversation.script.entries[0]
        assert entry.kind == "note" and "begins at book_flight.recommend" in entry.text
        trace = simulate(pilot).conversation.traces[1]
        assert "recommend" in trace.stages[-1].positions["book_flight"]


async def test_t_begins_at_the_state_of_the_outline_too(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pressed(pilot, "v", "enter", "j", "t")
        assert simulate(pilot).conversation.who.at.path == ("ask_destination", "get_dates")
        assert "is not known" not in " ".join(transcript_lines(pilot))


async def test_t_on_the_list_of_journeys_begins_from_the_first_word(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pressed(pilot, "t")
        assert pilot.app.current_mode == "simulate" and simulate(pilot).conversation.who.at is None


async def test_no_chat_begins_in_a_journey_that_is_off(studio, tmp_path):
    text = f"name: Counting\njourneys:\n{large(3)}".replace("    states:", "    enabled: false\n    states:")
    (tmp_path / "agent.yaml").write_text(text, "utf-8")
    async with studio(tmp_path, mode="journeys") as pilot:
        await pressed(pilot, "enter", "enter")
        assert pilot.app.current_mode == "journeys"


async def test_another_customer_still_begins_at_the_state(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pressed(pilot, "enter", "j", "enter", "ctrl+l", "enter", "enter")
        who = simulate(pilot).conversation.who
        assert who.customer == "dana" and who.at.path[-1] == "popular"
