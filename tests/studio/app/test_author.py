"""Author: everything the agent is made of, its problems, its lines in the file."""

from __future__ import annotations

import pytest

from studio.modes.author.thing_page import ThingPage
from studio.widgets.details import Details
from studio.widgets.source import Source
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList

from .conftest import settled


def words(pilot) -> str:
    sections = pilot.app.screen.query_one(Details).sections
    return "\n".join(
        [
            section.title + "\n" + "\n".join(f"{line.label} {line.text}" for line in section.lines)
            for section in sections
        ]
    )


async def at(pilot, thing: str):
    screen = await pilot.app.go("author", thing)
    await settled(pilot)
    return screen


async def edited(pilot, folder, old: str, new: str) -> None:
    file = folder / "agent.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    await pilot.app.workspace.reload()
    await settled(pilot)


async def test_everything_is_listed_by_kind_and_the_cursor_shows_what_it_stands_on(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        things = pilot.app.screen.query_one(ThingList)
        assert things.keys[:2] == ("the agent", "offer_pepsi")
        assert {"relationships.0", "hand_to_manager", "sofia", "calzone"} <= set(things.keys)
        await pilot.press("j")
        await settled(pilot)
        assert pilot.app.screen.thing == "offer_pepsi"
        assert "The customer wants a coke" in words(pilot)
        assert "is excluded by handoff_if_upset" in words(pilot)


async def test_enter_goes_into_the_thing_and_escape_comes_back(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author", size=(50, 20)) as pilot:
        await pilot.press("j", "enter")
        await settled(pilot)
        assert isinstance(pilot.app.focused, Details) and pilot.app.screen.query_one(Split).aside
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.focused is pilot.app.screen.query_one(ThingList).rows
        assert not pilot.app.screen.query_one(Split).aside


async def test_enter_on_a_relationship_goes_to_the_other_thing_and_back_returns(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        screen = await at(pilot, "offer_pepsi")
        details = screen.query_one(Details)
        details.focus()
        details.move_to("handoff_if_upset")
        await pilot.press("enter")
        await settled(pilot)
        assert screen.thing == "handoff_if_upset"
        assert screen.query_one(ThingList).key == "handoff_if_upset"
        await pilot.press("alt+left")
        await settled(pilot)
        assert screen.thing == "offer_pepsi"


async def test_v_shows_the_lines_of_the_file_and_comes_back(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="author") as pilot:
        screen = await at(pilot, "offer_pepsi")
        await pilot.press("v")
        await settled(pilot)
        source = screen.query_one(Source)
        assert source.region.size and not screen.query_one(Details).region.size
        assert source.text.startswith("  offer_pepsi:") and source.text in (folder / "agent.yaml").read_text("utf-8")
        assert "handoff_if_upset:" not in source.text
        await pilot.press("v")
        await settled(pilot)
        assert screen.query_one(Details).region.size


async def test_the_lines_of_a_long_thing_scroll_by_keys(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        screen = await at(pilot, "the agent")
        await pilot.press("v", "enter")
        source = screen.query_one(Source)
        assert pilot.app.focused is source
        await pilot.press("j", "j", "k")
        assert source.scroll_offset.y == 1
        await pilot.press("G")
        assert source.scroll_offset.y == source.max_scroll_y > 100
        await pilot.press("g")
        assert source.scroll_offset.y == 0
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.focused is screen.query_one(ThingList).rows


async def test_y_copies_the_yaml(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        await at(pilot, "offer_pepsi")
        await pilot.press("y")
        assert pilot.app.clipboard.startswith("  offer_pepsi:")


async def test_r_shows_the_thing_on_the_map(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        await at(pilot, "offer_pepsi")
        await pilot.press("r")
        await settled(pilot)
        assert (pilot.app.current_mode, pilot.app.mode_screen.thing) == ("map", "offer_pepsi")


async def test_t_begins_a_chat(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        await at(pilot, "offer_pepsi")
        await pilot.press("t")
        await settled(pilot)
        assert pilot.app.current_mode == "simulate"


async def test_f9_is_at_the_line_of_the_thing(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="author") as pilot:
        file, line = (await at(pilot, "offer_pepsi")).place()
        assert file == folder / "agent.yaml"
        assert file.read_text("utf-8").splitlines()[line - 1] == "  offer_pepsi:"


async def test_a_thing_with_a_problem_is_marked_and_says_what_to_do(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="author") as pilot:
        await edited(
            pilot,
            folder,
            "journeys:\n",
            "journeys:\n  odd:\n    conditions: [They sing]\n    states:\n"
            "      a: {chat: Sing}\n      b: {chat: Nobody comes here}\n",
        )
        things = pilot.app.screen.query_one(ThingList)
        assert things.keys[0] == "problem 1"
        rows = {option.id: str(option.prompt) for option in things.rows.options}
        assert rows["odd.b"].startswith("! ") and rows["odd"].startswith("! ") and rows["odd.a"].startswith("○ ")
        await at(pilot, "odd.b")
        problem = pilot.app.workspace.snapshot.problems[0]
        assert problem.message in words(pilot) and problem.remedy in words(pilot)


async def test_a_broken_file_lists_its_problems_first_and_keeps_the_last_good_agent(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="author") as pilot:
        await edited(pilot, folder, "condition: The customer wants a coke", "conditon: The customer wants a coke")
        screen = pilot.app.screen
        things = screen.query_one(ThingList)
        assert things.key == "problem 1" and "offer_pepsi" in things.keys
        assert "last usable" in "".join(str(option.prompt) for option in things.rows.options)
        assert "Did you mean condition?" in words(pilot) and "conditon: The customer" in words(pilot)
        file, line = screen.place()
        assert "conditon" in file.read_text("utf-8").splitlines()[line - 1]
        await at(pilot, "offer_pepsi")
        assert "The customer wants a coke" in words(pilot)
        await edited(pilot, folder, "conditon: The customer wants a coke", "condition: The customer wants a coke")
        assert "problem 1" not in things.keys


async def test_when_the_file_is_mended_the_cursor_is_back_where_it_was(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="author") as pilot:
        screen = await at(pilot, "offer_pepsi")
        await edited(pilot, folder, "condition: The customer wants a coke", "conditon: The customer wants a coke")
        assert screen.thing == "problem 1"
        await edited(pilot, folder, "conditon: The customer wants a coke", "condition: The customer wants a Pepsi")
        assert screen.thing == "offer_pepsi" and "wants a Pepsi" in words(pilot)


async def test_a_file_that_never_could_be_read_shows_only_its_problems(studio, tmp_path):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "agent.yaml").write_text("name: [", "utf-8")
    async with studio(tmp_path / "bad", mode="author") as pilot:
        assert pilot.app.screen.query_one(ThingList).keys == ("problem 1",)
        await pilot.press("t", "r", "y", "v")
        await settled(pilot)
        assert pilot.app.current_mode == "author"


async def test_without_a_workspace_it_says_where_to_begin(studio):
    async with studio(mode="author") as pilot:
        assert "F2" in str(pilot.app.screen.query_one(ThingList).rows.options[0].prompt)


async def test_the_last_session_that_carried_an_action_out_is_named(studio, workspace_folder):
    async with studio(workspace_folder(), mode="author") as pilot:
        from engine.turn.live_session import LiveSession

        live = await LiveSession.open(pilot.app.workspace.engine)
        await live.say("Can I get a coke?")
        await at(pilot, "offer_pepsi")
        await pilot.press("f5", "f3")
        await settled(pilot)
        assert f"in turn 1 of {live.id}" in words(pilot)


@pytest.mark.parametrize("text", ["日本語 " * 30, "שלום " * 30, "a\tb\x07c " * 30, "👩‍👩‍👧‍👦 " * 30])
async def test_any_text_can_be_drawn(studio, tmp_path, text):
    folder = tmp_path / "odd"
    folder.mkdir()
    import json

    (folder / "agent.yaml").write_text(f"name: Odd\nguidelines:\n  g: {{condition: {json.dumps(text)}, action: A}}\n")
    async with studio(folder, mode="author") as pilot:
        await at(pilot, "g")
        for _ in range(2):
            page = pilot.app.screen.query_one(ThingPage)
            assert all(
                line.cell_length == pilot.app.size.width for line in pilot.app.screen._compositor.render_strips()
            )
            page.as_source = True
            await settled(pilot)
