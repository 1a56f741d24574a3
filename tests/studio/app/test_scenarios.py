"""The mode Scenarios, driven by keys: runs, what went wrong and where, watching, going on in Simulate."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.choosing import ReasonerChoice
from engine.scenario.model import Case
from engine.scenario.opening import EngineFactory
from engine.scenario.replay import replay_case
from engine.scenario.results import CaseResult
from studio.inspector.why_sheet import WhySheet
from studio.modals.help import Help
from studio.modes.scenarios import runner
from studio.modes.scenarios.screen import ScenariosScreen
from studio.widgets.frame_lines import CrumbLine

from .conftest import settled

AGENT = """\
name: Bella Napoli
preambles: off
tools:
  call_manager: {data: queued, control: {mode: manual}}
guidelines:
  offer_pepsi:
    condition: The customer wants a coke
    action: Tell them we only have Pepsi
  handoff_if_upset:
    condition: The customer is becoming upset
    action: Apologize and tell them you will transfer them to a manager
    tools: [call_manager]
relationships:
  - handoff_if_upset excludes offer_pepsi
"""
COKE = """\
scenario: Only Pepsi
steps:
  - customer: Can I get a coke?
  - agent: We only have Pepsi.
    matched: offer_pepsi
---
scenario: Upset
steps:
  - customer: Can I get a coke?
  - matched: offer_pepsi
  - customer: What? I hate Pepsi, why don't you have coke??
  - matched: offer_pepsi
    calls: call_manager
"""
WAYS = """\
scenario: However they say it
steps:
  - customer:
      any_of: [a coke please, can I get a coke]
  - matched: offer_pepsi
"""
BROKEN = "scenario: Typing\nsteps:\n  - custmer: hello\n  - agent: Hi\n"
RIGHT = COKE.replace("  - matched: offer_pepsi\n    calls", "  - matched: handoff_if_upset\n    calls")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An agent with three cases that pass, one that fails, and nothing broken."""
    made = tmp_path / "napoli"
    made.mkdir()
    (made / "agent.yaml").write_text(AGENT, "utf-8")
    (made / "coke.scenario.yaml").write_text(COKE, "utf-8")
    (made / "ways.scenario.yaml").write_text(WAYS, "utf-8")
    return made


@pytest.fixture
def scenarios(studio: Any, folder: Path) -> Callable[..., Any]:
    return lambda **more: studio(folder, mode="scenarios", **more)


def of(pilot: Pilot[Any]) -> ScenariosScreen:
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, ScenariosScreen)
    return screen


def verdicts(pilot: Pilot[Any]) -> dict[str, str | None]:
    bench = of(pilot).bench
    assert bench is not None
    return {key: bench.verdicts.verdict(key) for key in bench.catalogue.cases}


async def pressed(pilot: Pilot[Any], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")


async def saved(pilot: Pilot[Any], file: Path, text: str) -> None:
    """Save a file and tell the studio, as the watcher does."""
    write(file, text)
    if not file.name.endswith(".scenario.yaml"):
        await pilot.app.workspace.reload()
    of(pilot).files_changed(frozenset([file]))
    await settled(pilot)


def row(pilot: Pilot[Any], key: str) -> str:
    rows = of(pilot).list.rows
    return str(rows.get_option(key).prompt)


ALL = {
    "Only Pepsi": "passed",
    "Upset": "failed",
    "However they say it [a coke please]": "passed",
    "However they say it [can I get a coke]": "passed",
}


async def test_files_stand_above_their_scenarios_and_cases(scenarios) -> None:
    async with scenarios() as pilot:
        assert of(pilot).list.keys == (
            "file:coke",
            "case:Only Pepsi",
            "case:Upset",
            "file:ways",
            "scenario:ways:However they say it",
            "case:However they say it [a coke please]",
            "case:However they say it [can I get a coke]",
        )
        assert set(verdicts(pilot).values()) == {None}


async def test_a_runs_all_and_says_so_on_line_1(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a")
        assert verdicts(pilot) == ALL
        assert [text for text, _ in of(pilot).states()] == ["✗ 1", "✓ 3", "◉ watching"]
        assert "✗1 ✓1" in row(pilot, "file:coke")


async def test_x_runs_what_is_under_the_cursor(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "j", "x")
        assert verdicts(pilot) == {**dict.fromkeys(ALL), "Only Pepsi": "passed"}
        of(pilot).list.select("scenario:ways:However they say it")
        await pressed(pilot, "x")
        assert verdicts(pilot) == {**ALL, "Upset": None}


async def test_enter_runs_a_case_that_has_not_run_and_goes_into_it_and_escape_comes_back(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "j", "enter")
        assert verdicts(pilot)["Only Pepsi"] == "passed"
        assert pilot.app.focused is of(pilot).view.transcript
        await pressed(pilot, "escape")
        assert pilot.app.focused is of(pilot).list.rows


async def test_f_runs_only_what_did_not_pass(scenarios, folder: Path) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "f")
        history = of(pilot).bench.runs.history
        assert history("Upset") == ("failed", "failed") and history("Only Pepsi") == ("passed",)


async def test_again_runs_what_ran_last(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "ctrl+r")
        assert of(pilot).bench.runs.last is None
        await pressed(pilot, "j", "x", "ctrl+r")
        assert of(pilot).bench.runs.history("Only Pepsi") == ("passed", "passed")
        assert of(pilot).bench.runs.last.planned == 1


async def test_next_goes_to_what_failed_even_where_it_is_folded(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "space", "F")
        assert of(pilot).list.key == "case:Upset"


async def test_space_folds_a_file_and_a_scenario(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "space")
        assert "case:Upset" not in of(pilot).list.keys
        await pressed(pilot, "enter")
        assert "case:Upset" in of(pilot).list.keys
        of(pilot).list.select("case:However they say it [a coke please]")
        await pressed(pilot, "space")
        assert of(pilot).list.key == "scenario:ways:However they say it"
        assert of(pilot).list.keys[-1] == "scenario:ways:However they say it"


async def test_the_failing_check_stands_in_its_turn_with_expected_got_and_why(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "F")
        blocks = of(pilot).view.page.blocks
        (failing,) = [block for block in blocks if block.failed]
        assert of(pilot).view.block is failing and failing.turn == 2
        assert "expected  offer_pepsi" in failing.text and "got       handoff_if_upset" in failing.text
        assert "excluded by handoff_if_upset" in failing.text
        assert [block.text.partition(":")[0].partition("(")[0] for block in blocks] == [
            "customer",
            "agent",
            "customer",
            "call_manager",
            "agent",
            failing.text.partition(":")[0].partition("(")[0],
        ]


async def test_f9_opens_the_file_at_the_failing_check(scenarios, folder: Path) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "F")
        assert of(pilot).place() == (folder / "coke.scenario.yaml", 12)
        of(pilot).list.select("case:Only Pepsi")
        await settled(pilot)
        assert of(pilot).place() == (folder / "coke.scenario.yaml", 1)


async def test_v_shows_what_the_file_says_with_the_failing_line_marked(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "F", "v")
        blocks = of(pilot).view.page.blocks
        assert [block.text for block in blocks] == COKE.split("---\n")[1].splitlines()
        assert [block.text.strip() for block in blocks if block.failed] == ["- matched: offer_pepsi"]
        await pressed(pilot, "v")
        assert of(pilot).view.page.blocks[0].text == "customer: Can I get a coke?"


async def test_w_tells_why_the_turn_went_as_it_did(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "j", "w")
        assert not isinstance(pilot.app.screen, WhySheet)
        await pressed(pilot, "a", "F", "w")
        assert isinstance(pilot.app.screen, WhySheet)


async def test_o_goes_on_from_the_turn_in_simulate(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "F", "enter", "home", "o")
        assert pilot.app.current_mode == "simulate"
        live = pilot.app.screen.conversation._live
        assert [trace.heard for trace in live.traces] == [("Can I get a coke?",)]
        assert live.engine.store is not pilot.app.workspace.engine.store


async def test_a_case_opened_in_simulate_thinks_as_the_case_says(scenarios) -> None:
    async with scenarios() as pilot:
        await pilot.app.choose(ReasonerChoice("ollama:elsewhere", "lexical", "http://127.0.0.1:9"))
        await pressed(pilot, "a", "F", "enter", "o")
        screen = pilot.app.screen
        assert str(screen.conversation.engine.reasoner.info) == "embedded · lexical"
        assert pilot.app.workspace.snapshot.reasoner.model == "elsewhere"
        states = [text for text, _ in screen.query_one(CrumbLine).where.states]
        assert "lexical" in states and "elsewhere" not in states


async def test_a_case_says_who_thought_in_it(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "F", "enter")
        assert "embedded · lexical" in "\n".join(line.plain for line in of(pilot).view.page.head)


async def test_enter_on_a_turn_goes_on_there_too(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "F", "enter", "enter")
        assert pilot.app.current_mode == "simulate"
        assert len(pilot.app.screen.conversation._live.traces) == 2


async def test_turns_are_gone_through_by_key(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "F", "enter", "home")
        await pressed(pilot, "alt+down")
        assert (of(pilot).view.turn, of(pilot).view.block.text[:8]) == (2, "customer")
        await pressed(pilot, "alt+up")
        assert of(pilot).view.transcript.highlighted == 0


async def test_y_copies_the_case_or_the_block(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "F", "y")
        assert pilot.app.clipboard.startswith("✗ Upset  failed") and "expected" in pilot.app.clipboard
        await pressed(pilot, "enter", "home", "y")
        assert pilot.app.clipboard == "customer: Can I get a coke?"


async def test_s_stops_a_run_in_the_middle_of_a_case_and_what_has_run_is_kept(scenarios, monkeypatch) -> None:
    async def endless(case: Case, factory: EngineFactory) -> CaseResult:
        if case.id == "Upset":
            await asyncio.Event().wait()
        return await replay_case(case, factory)

    monkeypatch.setattr(runner, "replay_case", endless)
    async with scenarios() as pilot:
        await pilot.press("a")
        bench = of(pilot).bench
        while bench.progress is None or not bench.progress.found:
            await pilot.pause()
        assert list(bench.progress.waiting)[0] == "Upset"
        await pressed(pilot, "s")
        assert bench.progress is None
        assert verdicts(pilot) == {**dict.fromkeys(ALL), "Only Pepsi": "passed"}
        assert (bench.runs.last.ran, bench.runs.last.planned) == (1, 4)


async def test_a_newer_change_begins_a_running_run_again_with_what_is_left(
    scenarios, folder: Path, monkeypatch
) -> None:
    held = {"Upset"}

    async def endless(case: Case, factory: EngineFactory) -> CaseResult:
        if case.id in held:
            await asyncio.Event().wait()
        return await replay_case(case, factory)

    monkeypatch.setattr(runner, "replay_case", endless)
    async with scenarios() as pilot:
        await pilot.press("a")
        bench = of(pilot).bench
        while bench.progress is None or not bench.progress.found:
            await pilot.pause()
        held.clear()
        await saved(pilot, folder / "coke.scenario.yaml", RIGHT)
        assert verdicts(pilot) == {**ALL, "Upset": "passed"}
        assert bench.runs.history("However they say it [a coke please]") == ("passed",)


async def test_saving_a_scenario_runs_its_file_and_says_what_has_changed(scenarios, folder: Path) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a")
        await saved(pilot, folder / "coke.scenario.yaml", RIGHT)
        assert verdicts(pilot)["Upset"] == "passed"
        assert "✗→✓" in row(pilot, "case:Upset")
        assert len(of(pilot).bench.runs.history("However they say it [a coke please]")) == 1
        assert [note.title for note in pilot.app._notifications] == ["1 passes now"]


async def test_saving_the_agent_runs_everything_that_ran_before(scenarios, folder: Path) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a")
        await saved(pilot, folder / "agent.yaml", AGENT.split("relationships:")[0])
        assert verdicts(pilot)["Upset"] == "passed"
        assert len(of(pilot).bench.runs.history("Only Pepsi")) == 2
        await saved(pilot, folder / "agent.yaml", AGENT)
        assert verdicts(pilot) == ALL
        assert [note.title for note in pilot.app._notifications][-1] == "1 no longer passes"


async def test_a_real_save_is_seen_by_itself(scenarios, folder: Path) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a")
        for line in range(600):
            if verdicts(pilot)["Upset"] == "passed":
                break
            if line % 20 == 0:  # the watcher itself may not have begun when the first save comes
                write(folder / "coke.scenario.yaml", RIGHT + "#\n" * line)
            await pilot.pause(0.05)
        assert verdicts(pilot)["Upset"] == "passed"


async def test_a_save_that_changes_nothing_runs_nothing(scenarios, folder: Path) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a")
        await saved(pilot, folder / "coke.scenario.yaml", RIGHT)
        await saved(pilot, folder / "coke.scenario.yaml", RIGHT)
        assert of(pilot).bench.runs.history("Upset") == ("failed", "passed")


async def test_nothing_is_run_again_while_nobody_watches(scenarios, folder: Path) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "W")
        assert "◉ watching" not in [text for text, _ in of(pilot).states()]
        await saved(pilot, folder / "coke.scenario.yaml", RIGHT)
        assert verdicts(pilot)["Upset"] == "failed"
        of(pilot).show("Upset")
        await settled(pilot)
        assert "from before the last change" in "".join(line.plain for line in of(pilot).view.page.head)
        await pressed(pilot, "W", "x")
        assert verdicts(pilot)["Upset"] == "passed"


async def test_a_broken_agent_file_waits_until_it_is_mended(scenarios, folder: Path) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a")
        await saved(pilot, folder / "agent.yaml", AGENT.replace("guidelines:", "guidlines:"))
        assert len(of(pilot).bench.runs.history("Only Pepsi")) == 1
        await saved(pilot, folder / "agent.yaml", AGENT)
        assert len(of(pilot).bench.runs.history("Only Pepsi")) == 2


async def test_a_broken_file_says_what_is_wrong_and_the_others_run(scenarios, folder: Path) -> None:
    (folder / "broken.scenario.yaml").write_text(BROKEN, "utf-8")
    async with scenarios() as pilot:
        screen = of(pilot)
        assert screen.list.keys[:2] == ("file:broken", "problem:broken:0")
        assert "3:5" in row(pilot, "problem:broken:0") and "customer" in row(pilot, "problem:broken:0")
        assert "Did you mean customer?" in "\n".join(block.text for block in screen.view.page.blocks)
        assert screen.place() == (folder / "broken.scenario.yaml", 3)
        await pressed(pilot, "a")
        assert verdicts(pilot) == ALL
        await saved(pilot, folder / "broken.scenario.yaml", BROKEN.replace("custmer", "customer"))
        assert verdicts(pilot)["Typing"] == "failed"


async def test_a_file_that_goes_takes_its_cases_along(scenarios, folder: Path) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a")
        (folder / "coke.scenario.yaml").unlink()
        of(pilot).files_changed(frozenset([folder / "coke.scenario.yaml"]))
        await settled(pilot)
        assert list(verdicts(pilot)) == list(ALL)[2:]


async def test_without_scenarios_it_says_how_to_write_one(studio, folder: Path) -> None:
    (folder / "coke.scenario.yaml").unlink()
    (folder / "ways.scenario.yaml").unlink()
    async with studio(folder, mode="scenarios") as pilot:
        said = "\n".join(block.text for block in of(pilot).view.page.blocks)
        assert "scenario: Only Pepsi" in said and "cuecard schema scenario" in said
        assert of(pilot).place() == (folder / "first.scenario.yaml", 1)
        await pressed(pilot, "a", "x", "f", "F", "w", "o", "v", "y", "s", "space")
        assert of(pilot).bench.runs.last is None


async def test_others_can_lead_to_a_case(scenarios) -> None:
    async with scenarios() as pilot:
        await pilot.app.go("author")
        await pilot.app.go("scenarios", "Upset")
        await settled(pilot)
        assert of(pilot).list.key == "case:Upset" and of(pilot).thing == "Upset"


async def test_a_case_can_be_gone_to_before_the_files_are_read(studio, folder: Path) -> None:
    async with studio(folder, mode="author") as pilot:
        await pilot.app.go("scenarios", "Upset")
        await settled(pilot)
        assert of(pilot).list.key == "case:Upset"


async def test_the_history_is_there_after_a_restart(scenarios, folder: Path) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "a")
    kept = json.loads((folder / ".cuecard" / "runs.json").read_text("utf-8"))
    assert kept["cases"]["Upset"] == "failed failed"
    async with scenarios() as pilot:
        assert "✗✗" in row(pilot, "case:Upset")
        assert verdicts(pilot)["Upset"] is None
        await saved(pilot, folder / "agent.yaml", AGENT)
        assert verdicts(pilot) == ALL


async def test_another_workspace_brings_its_own_scenarios(scenarios, workspace_folder) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a")
        await pilot.app.open_workspace(workspace_folder("travel"), trusted=True)
        await settled(pilot)
        assert "file:booking" in of(pilot).list.keys and "Upset" not in verdicts(pilot)
        assert set(verdicts(pilot).values()) == {None}


async def test_the_filter_finds_words_of_the_verdict(scenarios) -> None:
    async with scenarios() as pilot:
        await pressed(pilot, "a", "slash", *"failed")
        assert of(pilot).list.keys == ("case:Upset",)


async def test_on_a_narrow_screen_enter_goes_in_and_escape_comes_back(scenarios) -> None:
    async with scenarios(size=(44, 14)) as pilot:
        assert not of(pilot).view.region.size
        await pressed(pilot, "j", "enter")
        assert of(pilot).view.region.width == 44 and not of(pilot).list.region.size
        await pressed(pilot, "escape")
        assert of(pilot).list.region.width == 44


async def test_a_wide_screen_explains_the_turn_beside_it_and_f8_hides_that(scenarios) -> None:
    async with scenarios(size=(160, 40)) as pilot:
        assert of(pilot).inspector.region.width
        await pressed(pilot, "f8")
        assert not of(pilot).inspector.region.width and of(pilot).view.region.width
    async with scenarios(size=(100, 30)) as pilot:
        assert not of(pilot).inspector.region.width
        await pressed(pilot, "f8")
        assert not of(pilot).view.region.width


async def test_f1_tells_about_the_list_and_the_transcript(scenarios) -> None:
    async with scenarios() as pilot:
        await pilot.press("f1")
        assert isinstance(pilot.app.screen, Help) and "scenario files" in pilot.app.screen._said[1]
        await pilot.press("escape", "j", "enter")
        await settled(pilot)
        await pilot.press("f1")
        assert isinstance(pilot.app.screen, Help) and "failing check" in pilot.app.screen._said[1]


@pytest.mark.parametrize(
    "text", ["\x1b[31mred\x07", "a\tb\tc", "日本語のとても長いメッセージ" * 20, "שלום \u202eabc", "[b]x[/", "🍕" * 300]
)
async def test_whatever_is_said_no_line_breaks_the_screen(studio, folder: Path, text: str) -> None:
    said = json.dumps(text)
    steps = f"scenario: {said}\nsteps:\n  - customer: {said}\n  - agent: {said}\n"
    (folder / "odd.scenario.yaml").write_text(steps, "utf-8")
    async with studio(folder, mode="scenarios") as pilot:
        of(pilot).show("odd")
        await pressed(pilot, "x", "F")
        for view in (of(pilot).list.rows, of(pilot).view.transcript):
            width = view.size.width
            for option in view.options:
                assert all(line.cell_length <= width for line in option.prompt.split("\n"))
                assert not set(option.prompt.plain) & {"\x1b", "\x07", "\t", "\u202e"}
