"""Journeys: all of them, one as an outline, one state, and where the session stands."""

from __future__ import annotations

import pytest

from engine.turn.live_session import LiveSession
from studio.modes.journeys.outline_list import OutlineList
from studio.widgets.details import Details
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList

from .conftest import settled

BARE = "name: Bare\nguidelines:\n  g: {condition: They sing, action: Sing along}\n"


def outline_of(pilot) -> OutlineList:
    return pilot.app.screen.query_one(OutlineList)


def words(pilot) -> str:
    sections = pilot.app.screen.query_one(Details).sections
    return "\n".join(f"{line.label} {line.text}" for section in sections for line in section.lines)


def drawn(things: ThingList) -> dict[str, str]:
    return {option.id: str(option.prompt) for option in things.rows.options}


async def test_every_journey_is_listed_and_its_outline_stands_beside_it(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        agent = pilot.app.workspace.snapshot.agent
        journeys = pilot.app.screen.query_one("#journeys", ThingList)
        assert journeys.keys == tuple(journey.name for journey in agent.journeys)
        assert set(agent.journeys[0].by_name) <= set(outline_of(pilot).keys)
        await pilot.press("j")
        await settled(pilot)
        assert set(agent.journeys[1].by_name) <= set(outline_of(pilot).keys)
        assert pilot.app.screen.thing == agent.journeys[1].name


async def test_the_state_under_the_cursor_is_read_at_the_bottom(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pilot.press("v", "enter", "j")
        await settled(pilot)
        assert pilot.app.screen.thing == "book_flight.get_dates"
        assert "Get dates of travel" in words(pilot)
        await pilot.press("enter")
        assert isinstance(pilot.app.focused, Details)
        await pilot.press("escape", "escape")
        await settled(pilot)
        assert pilot.app.focused is pilot.app.screen.query_one("#journeys", ThingList).rows


async def test_enter_on_an_arrow_goes_to_the_state_it_leads_to(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pilot.press("v")
        outline = outline_of(pilot)
        arrow = next(key for key, text in drawn(outline).items() if "↩ find_fare" in text)
        outline.select(arrow)
        outline.focus()
        await pilot.press("enter")
        await settled(pilot)
        assert outline.key == "find_fare"


async def test_where_the_session_stands_and_has_been_is_marked(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        live = await LiveSession.open(pilot.app.workspace.engine)
        await live.say("I want to fly to Rome")
        position = (await live.session()).state.journeys["book_flight"]
        await pilot.press("f5", "f4")
        await settled(pilot)
        rows = drawn(outline_of(pilot))
        assert "▶" in rows[position.current]
        assert [key for key, text in rows.items() if "✓" in text] == [*dict.fromkeys(position.path[:-1])]
        assert "▶" in drawn(pilot.app.screen.query_one("#journeys", ThingList))["book_flight"]
        assert outline_of(pilot).key == position.current


async def test_a_state_can_be_gone_to_by_name(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="author") as pilot:
        screen = await pilot.app.go("journeys", "calm_down.fetch")
        await settled(pilot)
        assert screen.thing == "calm_down.fetch" and outline_of(pilot).key == "fetch"
        assert "hand_off" in words(pilot)


async def test_a_line_of_the_details_leads_on_and_back_returns(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="author") as pilot:
        screen = await pilot.app.go("journeys", "calm_down.fetch")
        await settled(pilot)
        details = screen.query_one(Details)
        details.focus()
        details.move_to("hand_off")
        await pilot.press("enter")
        await settled(pilot)
        assert (pilot.app.current_mode, pilot.app.mode_screen.thing) == ("author", "hand_off")
        await pilot.press("alt+left")
        await settled(pilot)
        assert (pilot.app.current_mode, pilot.app.mode_screen.thing) == ("journeys", "calm_down.fetch")


async def test_f9_is_at_the_line_of_the_state(studio, workspace_folder):
    folder = workspace_folder("travel")
    async with studio(folder, mode="author") as pilot:
        screen = await pilot.app.go("journeys", "calm_down.fetch")
        await settled(pilot)
        file, line = screen.place()
        assert file.read_text("utf-8").splitlines()[line - 1].strip().startswith("fetch:")


async def test_y_copies_the_outline(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pilot.press("y")
        assert "● ask_destination: Ask if they have a destination" in pilot.app.clipboard
        assert "↩ find_fare" in pilot.app.clipboard


async def test_m_copies_the_journey_in_mermaid(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pilot.press("m")
        assert pilot.app.clipboard.startswith("stateDiagram-v2\n")
        assert "s_ask_destination --> s_get_dates : They do\n" in pilot.app.clipboard
        await pilot.press("j", "m")
        await settled(pilot)
        assert "as s_which_trip\n" in pilot.app.clipboard


async def test_m_copies_nothing_where_there_is_no_journey(studio, workspace_folder):
    folder = workspace_folder("travel")
    (folder / "agent.yaml").write_text(BARE, "utf-8")
    async with studio(folder, mode="journeys") as pilot:
        await pilot.press("m")
        assert pilot.app.clipboard == ""


async def test_t_begins_a_chat_and_r_shows_the_journey_on_the_map(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="journeys") as pilot:
        await pilot.press("r")
        await settled(pilot)
        assert (pilot.app.current_mode, pilot.app.mode_screen.thing) == ("map", "book_flight")
        await pilot.press("f4", "t")
        await settled(pilot)
        assert pilot.app.current_mode == "simulate"


async def test_without_journeys_it_says_what_they_are_for(studio, tmp_path):
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "agent.yaml").write_text(BARE, "utf-8")
    async with studio(tmp_path / "bare", mode="journeys") as pilot:
        assert "no journeys" in str(pilot.app.screen.query_one("#journeys", ThingList).rows.options[0].prompt)
        await pilot.press("enter", "y", "r", "j")
        await settled(pilot)
        assert pilot.app.current_mode == "journeys"


@pytest.mark.parametrize("size", [(40, 10), (50, 20)])
async def test_a_narrow_screen_shows_the_outline_instead(studio, workspace_folder, size):
    async with studio(workspace_folder("travel"), mode="journeys", size=size) as pilot:
        assert not outline_of(pilot).region.size
        await pilot.press("enter")
        await settled(pilot)
        assert outline_of(pilot).rows.region.size and pilot.app.screen.query_one(Split).aside
        await pilot.press("escape")
        await settled(pilot)
        assert not outline_of(pilot).region.size


async def test_an_edit_keeps_the_cursor_on_its_state(studio, workspace_folder):
    folder = workspace_folder("travel")
    async with studio(folder, mode="journeys") as pilot:
        await pilot.press("v", "enter", "j", "j")
        await settled(pilot)
        before = outline_of(pilot).key
        file = folder / "agent.yaml"
        file.write_text(file.read_text("utf-8").replace("title: Book Flight", "title: Book a plane"), "utf-8")
        await pilot.app.workspace.reload()
        await settled(pilot)
        assert outline_of(pilot).key == before
        assert "Book a plane" in drawn(pilot.app.screen.query_one("#journeys", ThingList))["book_flight"]
