"""Home: the demo, this workspace, its sessions, runs and problems, other agents."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from engine.turn.live_session import LiveSession
from studio.app import StudioApp
from studio.modals.ask import AskText, Pick
from studio.modes.home import facts as home_facts
from studio.modes.home import screen as home_screen
from studio.modes.home.shelf import Shelf, example_folders, read_card
from studio.runs import Runs
from studio.widgets.details import Details
from studio.widgets.thing_list import ThingList

from .conftest import settled


@pytest.fixture(autouse=True)
def own_examples(tmp_path, workspace_folder, monkeypatch) -> tuple[Path, ...]:
    """The examples are copies, so that no test leaves sessions beside the shipped ones."""
    folders = (workspace_folder("pizza").rename(tmp_path / "examples_pizza"),)
    (tmp_path / "examples").mkdir()
    folders = tuple(folder.rename(tmp_path / "examples" / "pizza") for folder in folders)
    for module in (home_facts, home_screen):
        monkeypatch.setattr(module, "example_folders", lambda: folders)
    return folders


def rows(pilot) -> dict[str, str]:
    options = pilot.app.screen.query_one(ThingList).rows.options
    return {option.id: str(option.prompt) for option in options if not option.disabled}


def headings(pilot) -> list[str]:
    return [str(row.prompt).strip() for row in pilot.app.screen.query_one(ThingList).rows.options if row.disabled]


def page(pilot) -> str:
    sections = pilot.app.screen.query_one(Details).sections
    return "\n".join(
        [
            text
            for section in sections
            for text in (section.title, *(f"{line.label} {line.text}" for line in section.lines))
        ]
    )


async def choose(pilot, key: str) -> None:
    assert pilot.app.screen.query_one(ThingList).select(key), key
    await settled(pilot)
    await pilot.press("enter")
    await settled(pilot)


async def write(pilot, text: str) -> None:
    await pilot.press(*("slash" if letter == "/" else letter for letter in text))


async def test_the_first_row_opens_the_demo_with_a_chat_waiting(studio, own_examples):
    async with studio(mode="home") as pilot:
        assert next(iter(rows(pilot).values())).startswith("▶ Talk to Bella Napoli")
        assert "Welcome to Cuecard" in page(pilot) and "Can I get a coke?" in page(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.workspace.folder == own_examples[0]
        assert pilot.app.current_mode == "simulate" and len(pilot.app.screen_stack) == 1


async def test_the_shipped_examples_are_found_with_the_demo_first():
    monkey = [folder.name for folder in example_folders()]
    assert monkey[0] == "pizza" and "travel" in monkey


async def test_a_new_chat_and_the_scenarios_are_one_key_away(studio, workspace_folder):
    async with studio(workspace_folder(), mode="home") as pilot:
        assert list(rows(pilot))[:2] == ["new chat", "scenarios"]
        await choose(pilot, "scenarios")
        assert pilot.app.current_mode == "scenarios"
        await pilot.press("f2")
        await settled(pilot)
        await choose(pilot, "new chat")
        assert pilot.app.current_mode == "simulate"


async def test_the_last_session_can_be_gone_on_with(studio, workspace_folder):
    async with studio(workspace_folder(), mode="home") as pilot:
        live = await LiveSession.open(pilot.app.workspace.engine)
        await live.say("Can I get a coke?")
        await LiveSession.open(pilot.app.workspace.engine)
        await pilot.press("f3", "f2")
        await settled(pilot)
        assert "Go on: Can I get a coke?" in rows(pilot)["go on"]
        assert "1 turn" in rows(pilot)[f"session {live.id}"] and "Sessions  1" in headings(pilot)
        await pilot.press("g")
        await settled(pilot)
        assert "we only have Pepsi" in page(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.current_mode == "simulate"


async def test_the_cursor_waits_on_the_last_session(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="home") as pilot:
        live = await LiveSession.open(pilot.app.workspace.engine)
        await live.say("Can I get a coke?")
    async with studio(folder, mode="home") as pilot:
        assert pilot.app.screen.query_one(ThingList).key == "go on"


async def test_a_session_that_waits_for_a_person_says_who_asked(studio, workspace_folder):
    async with studio(workspace_folder(), mode="home") as pilot:
        live = await LiveSession.open(pilot.app.workspace.engine)
        await live.say("I want to speak to a human")
        assert (await live.session()).mode == "manual"
        await pilot.press("f3", "f2")
        await settled(pilot)
        assert "Waiting for a person" in headings(pilot)
        pilot.app.screen.query_one(ThingList).select(f"waiting {live.id}")
        await settled(pilot)
        assert "A person answers now" in page(pilot) and "hand_to_manager" in page(pilot)


async def test_the_last_run_is_shown_with_its_history(studio, workspace_folder):
    folder = workspace_folder()
    runs = Runs(folder)
    runs.record(datetime(2026, 3, 3, 10, 0), [("a", "failed"), ("b", "passed")], 2, 1.0)
    runs.record(datetime(2026, 3, 3, 11, 0), [("a", "passed"), ("b", "passed")], 2, 1.5)
    async with studio(folder, mode="home") as pilot:
        assert rows(pilot)["scenarios"] == "✓ Scenarios  2 passed"
        pilot.app.screen.query_one(ThingList).select("scenarios")
        await settled(pilot)
        assert page(pilot).index("11:00 2 passed in 1.5 s") < page(pilot).index("10:00 1 passed, 1 failed in 1.0 s")


async def test_a_problem_leads_to_its_thing(studio, workspace_folder):
    folder = workspace_folder()
    file = folder / "agent.yaml"
    text = (
        "journeys:\n  odd:\n    conditions: [They sing]\n    states:\n      a: {chat: Sing}\n      b: {chat: Alone}\n"
    )
    file.write_text(file.read_text("utf-8").replace("journeys:\n", text, 1), "utf-8")
    async with studio(folder, mode="home") as pilot:
        problem = pilot.app.workspace.snapshot.problems[0]
        pilot.app.screen.query_one(ThingList).select("problem 1")
        await settled(pilot)
        assert problem.message in page(pilot) and problem.remedy in page(pilot)
        assert pilot.app.screen.place() == (file, problem.line)
        await pilot.press("enter")
        await settled(pilot)
        assert (pilot.app.current_mode, pilot.app.mode_screen.thing) == ("author", "odd.b")


async def test_a_broken_file_leads_to_its_problem(studio, workspace_folder):
    folder = workspace_folder()
    async with studio(folder, mode="home") as pilot:
        file = folder / "agent.yaml"
        file.write_text(file.read_text("utf-8").replace("condition:", "conditon:", 1), "utf-8")
        await pilot.app.workspace.reload()
        await settled(pilot)
        await choose(pilot, "problem 1")
        assert (pilot.app.current_mode, pilot.app.mode_screen.thing) == ("author", "problem 1")


async def test_another_workspace_can_be_opened_and_comes_back_as_opened_before(studio, workspace_folder):
    first, second = workspace_folder("pizza"), workspace_folder("travel")
    async with studio(first, mode="home") as pilot:
        await pilot.app.open_workspace(second, trusted=True)
        await settled(pilot)
        assert "Opened before" in headings(pilot)
        await choose(pilot, f"recent {first}")
        assert pilot.app.workspace.folder.resolve() == first.resolve() and pilot.app.current_mode == "simulate"


async def test_an_agent_that_cannot_be_read_stays_at_home_with_one_line(studio, workspace_folder, tmp_path):
    folder = workspace_folder()
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "agent.yaml").write_text("name: Bad\nguidlines: {}\n", "utf-8")
    async with studio(folder, mode="home") as pilot:
        pilot.app.remembered.opened(bad)
        await pilot.press("f3", "f2")
        await settled(pilot)
        await choose(pilot, f"recent {bad}")
        assert pilot.app.current_mode == "home" and pilot.app.workspace.folder == folder
        assert any("guidlines" in note.message for note in pilot.app._notifications)


async def test_d_forgets_a_folder_that_is_gone_and_undo_brings_it_back(studio, workspace_folder, tmp_path):
    async with studio(workspace_folder(), mode="home") as pilot:
        pilot.app.remembered.opened(tmp_path / "gone")
        await pilot.press("f3", "f2")
        await settled(pilot)
        key = f"recent {tmp_path / 'gone'}"
        assert "✗ gone  the folder is gone" in rows(pilot)[key]
        pilot.app.screen.query_one(ThingList).select(key)
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
        assert key not in rows(pilot)
        await pilot.press("ctrl+z")
        await settled(pilot)
        assert key in rows(pilot) and str(tmp_path / "gone") in pilot.app.remembered.recent


async def test_d_on_anything_else_removes_nothing(studio, workspace_folder):
    async with studio(workspace_folder(), mode="home") as pilot:
        before = (rows(pilot), list(pilot.app.remembered.recent))
        await pilot.press("d")
        await settled(pilot)
        assert (rows(pilot), pilot.app.remembered.recent) == before


async def test_n_begins_an_agent_in_a_folder_of_ones_own(studio, tmp_path):
    folder = tmp_path / "fresh"
    async with studio(mode="home") as pilot:
        await pilot.press("n")
        await pilot.pause()
        assert isinstance(pilot.app.screen, AskText)
        await write(pilot, str(folder))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Pick)
        await pilot.press("j", "enter")
        await settled(pilot)
        assert "composition_mode: composited" in (folder / "agent.yaml").read_text("utf-8")
        assert pilot.app.workspace.folder == folder and pilot.app.current_mode == "simulate"
        assert pilot.app.workspace.snapshot.agent.name == "Fresh"


async def test_a_folder_with_an_agent_is_not_written_over(studio, workspace_folder):
    folder = workspace_folder()
    before = (folder / "agent.yaml").read_bytes()
    async with studio(mode="home") as pilot:
        await pilot.press("n")
        await pilot.pause()
        await write(pilot, str(folder))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, AskText)
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.current_mode == "home" and (folder / "agent.yaml").read_bytes() == before


async def test_any_folder_can_be_opened_by_name(studio, workspace_folder, tmp_path):
    folder = workspace_folder("travel")
    async with studio(mode="home") as pilot:
        await choose(pilot, "a folder")
        await write(pilot, str(tmp_path / "nothing"))
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, AskText)
        await pilot.press(*["backspace"] * len("nothing"))
        await write(pilot, "travel")
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.workspace.folder == folder and pilot.app.current_mode == "simulate"


def test_a_card_tells_what_an_agent_is_made_of_without_running_or_checking_it(tmp_path):
    (tmp_path / "agent.yaml").write_text(
        "name: Odd\ndescription: >-\n  Two\n  lines.\nguidelines: {a: 1, b: 2}\njourneys: {x: }\nnonsense: 3\n", "utf-8"
    )
    (tmp_path / "one.scenario.yaml").write_text("")
    card = read_card(tmp_path)
    assert (card.name, card.description, card.counts, card.scenarios, card.fault) == (
        "Odd",
        "Two lines.",
        "2 guidelines · 1 journey",
        1,
        "",
    )


@pytest.mark.parametrize("text", ["", "name: [", "- a list", "\x00", "name: {a: b}"])
def test_a_card_of_anything_is_a_card(tmp_path, text):
    (tmp_path / "agent.yaml").write_text(text, "utf-8")
    assert Shelf().cards([tmp_path])[0].name == tmp_path.name


def test_a_changed_file_gives_a_new_card(tmp_path):
    import os

    shelf, file = Shelf(), tmp_path / "agent.yaml"
    file.write_text("name: One\n")
    os.utime(file, (1, 1))
    assert shelf.cards([tmp_path])[0].name == "One"
    file.write_text("name: Two\n")
    os.utime(file, (2, 2))
    assert shelf.cards([tmp_path])[0].name == "Two"


def test_home_is_where_the_studio_begins_without_an_agent():
    assert StudioApp().opening.first_mode == "home"
