"""The map: what is around one thing, near and farther, as a tree and as a matrix."""

from __future__ import annotations

import pytest

from studio.modes.map.around_list import AroundList
from studio.widgets.details import Details
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList

from .conftest import settled


def drawn(pilot) -> list[str]:
    return [str(option.prompt).strip() for option in pilot.app.screen.query_one(AroundList).rows.options]


def words(pilot) -> str:
    sections = pilot.app.screen.query_one(Details).sections
    return "\n".join(
        [
            text
            for section in sections
            for text in (section.title, *(f"{line.label} {line.text}" for line in section.lines))
        ]
    )


async def around(pilot, thing: str):
    screen = await pilot.app.go("map", thing)
    await settled(pilot)
    return screen


async def test_whatever_takes_part_in_relationships_is_listed(studio, workspace_folder):
    async with studio(workspace_folder(), mode="map") as pilot:
        keys = pilot.app.screen.query_one("#related", ThingList).keys
        agent = pilot.app.workspace.snapshot.agent
        assert {line.source for line in agent.relationships} <= set(keys)
        assert "asks_hours" not in keys


async def test_the_relationships_of_the_thing_under_the_cursor_are_shown(studio, workspace_folder):
    async with studio(workspace_folder(), mode="map") as pilot:
        assert "✗ is excluded by handoff_if_upset" in drawn(pilot)
        assert pilot.app.screen.thing == "offer_pepsi"
        await pilot.press("j")
        await settled(pilot)
        assert pilot.app.screen.thing == "handoff_if_upset"
        assert "✗ excludes offer_pepsi" in drawn(pilot)


async def test_the_relationship_under_the_cursor_is_said_in_words_with_its_line(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="map") as pilot:
        screen = await around(pilot, "handoff_if_upset")
        links = screen.query_one(AroundList)
        links.focus()
        place = drawn(pilot).index("✗ excludes offer_pepsi")
        links.select(str(place))
        await settled(pilot)
        assert "handoff_if_upset excludes offer_pepsi" in words(pilot)
        file, line = screen.place()
        assert file.read_text("utf-8").splitlines()[line - 1].strip() == "- handoff_if_upset excludes offer_pepsi"
        assert f"agent.yaml:{line}" in words(pilot)


async def test_enter_puts_the_other_end_into_the_middle_and_back_returns(studio, workspace_folder):
    async with studio(workspace_folder(), mode="map") as pilot:
        await pilot.press("enter", "enter")
        await settled(pilot)
        assert pilot.app.screen.thing == "handoff_if_upset"
        await pilot.press("alt+left")
        await settled(pilot)
        assert pilot.app.screen.thing == "offer_pepsi"
        assert "✗ is excluded by handoff_if_upset" in drawn(pilot)


async def test_plus_shows_what_is_farther_away_and_minus_less(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="map") as pilot:
        await around(pilot, "welcome_gold")
        near = drawn(pilot)
        await pilot.press("plus")
        await settled(pilot)
        assert set(near) < set(drawn(pilot)) and "← is needed by offer_lounge" in drawn(pilot)
        await pilot.press("plus", "plus", "plus")
        assert pilot.app.screen.hops == 3
        await pilot.press("minus", "minus", "minus")
        await settled(pilot)
        assert pilot.app.screen.hops == 1 and drawn(pilot) == near


async def test_v_shows_the_same_as_a_matrix(studio, workspace_folder):
    async with studio(workspace_folder("travel"), mode="map") as pilot:
        screen = await around(pilot, "welcome_gold")
        await pilot.press("v")
        await settled(pilot)
        rows = {option.id: str(option.prompt).split() for option in screen.query_one(AroundList).rows.options}
        names = [key.removeprefix("row ") for key in rows if key.startswith("row ")]
        assert set(names) == {"welcome_gold", "greet", "gold"}
        assert [str(names.index(name) + 1) for name in ("greet", "gold")] == rows["heading"]
        assert rows["row welcome_gold"][2:] == ["✗", "←"] and rows["row gold"][2:] == ["·", "·"]
        await pilot.press("enter", "G", "enter")
        await settled(pilot)
        assert screen.thing == names[-1]
        await pilot.press("v")
        await settled(pilot)
        assert not screen.as_matrix


async def test_what_has_no_relationships_says_so(studio, workspace_folder):
    async with studio(workspace_folder(), mode="map") as pilot:
        screen = await around(pilot, "asks_hours")
        assert screen.thing == "asks_hours"
        assert drawn(pilot) == ["It takes part in no relationships"]
        await pilot.press("v", "plus", "y", "enter")
        await settled(pilot)
        assert pilot.app.current_mode == "map"


async def test_an_agent_without_relationships_shows_how_to_write_one(studio, tmp_path):
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "agent.yaml").write_text("name: Bare\n", "utf-8")
    async with studio(tmp_path / "bare", mode="map") as pilot:
        assert "relationships:" in str(pilot.app.screen.query_one("#related", ThingList).rows.options[0].prompt)
        await pilot.press("enter", "v", "plus", "y", "t")
        await settled(pilot)


async def test_a_line_at_the_bottom_leads_to_its_thing(studio, workspace_folder):
    async with studio(workspace_folder(), mode="map") as pilot:
        details = pilot.app.screen.query_one(Details)
        details.focus()
        details.move_to("handoff_if_upset")
        await pilot.press("enter")
        await settled(pilot)
        assert (pilot.app.current_mode, pilot.app.mode_screen.thing) == ("author", "handoff_if_upset")


async def test_y_copies_the_tree_and_t_begins_a_chat(studio, workspace_folder):
    async with studio(workspace_folder(), mode="map") as pilot:
        await pilot.press("y")
        assert pilot.app.clipboard.startswith("offer_pepsi\n  ✗ is excluded by handoff_if_upset")
        await pilot.press("t")
        await settled(pilot)
        assert pilot.app.current_mode == "simulate"


@pytest.mark.parametrize("size", [(40, 10), (50, 20)])
async def test_a_narrow_screen_shows_the_links_instead(studio, workspace_folder, size):
    async with studio(workspace_folder(), mode="map", size=size) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.screen.query_one(Split).aside and pilot.app.screen.query_one(AroundList).rows.region.size
        await pilot.press("escape")
        await settled(pilot)
        assert not pilot.app.screen.query_one(Split).aside
