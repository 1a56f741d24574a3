"""Where failures stand in a transcript, and going on from the middle of a case."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.agent.loading import load_agent
from engine.agent.model import Agent
from engine.scenario.factory import ReplayFactory
from engine.scenario.model import Case
from engine.scenario.player import play, play_until
from engine.scenario.reader import read_text
from engine.scenario.reading import Reading
from engine.scenario.suites import files_of
from engine.session.clock import VirtualClock

AGENT = """\
name: Bella Napoli
preambles: off
variables: {plan: {value: free}}
tools:
  call_manager: {data: queued, control: {mode: manual}}
guidelines:
  offer_pepsi:
    condition: The customer wants a coke
    action: Tell them we only have Pepsi
  tell_hours:
    condition: The customer asks when we open
    examples: [when do you open?, what are your hours, are you open now]
    action: Tell them we open at 5 pm
  handoff:
    condition: The customer is becoming upset
    action: Apologize
    tools: [call_manager]
follow_ups:
  - after: 10m
    action: Ask whether they need anything else
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "agent.yaml").write_text(AGENT, "utf-8")
    return tmp_path


@pytest.fixture
def case_of(folder: Path) -> Callable[[str], tuple[Case, ReplayFactory]]:
    agent: Agent = load_agent(folder).agent

    def read(steps: str) -> tuple[Case, ReplayFactory]:
        reading = Reading(agent)
        (scenario,) = read_text(f"scenario: s\nsteps:\n{steps}", "s.scenario.yaml", reading)
        assert [str(problem) for problem in reading.problems] == []
        return scenario.cases[0], ReplayFactory(agent, folder)

    return read


TWO_TURNS = """\
  - customer: Can I get a coke?
  - agent: something else
  - set: {variables: {plan: gold}}
  - customer: when do you open?
  - agent: We open at 5 pm.
  - matched: offer_pepsi
"""


async def test_each_line_names_its_turn_and_each_failure_the_line_it_stands_behind(case_of) -> None:
    case, factory = case_of(TWO_TURNS)
    result = await play(case, factory)
    assert [(line.who, line.turn) for line in result.transcript] == [
        ("customer", 1),
        ("agent", 1),
        ("set", 0),
        ("customer", 2),
        ("agent", 2),
    ]
    assert [(failure.check, failure.after) for failure in result.failures] == [("agent", 2), ("matched", 5)]


async def test_a_check_of_the_first_of_several_turns_stands_behind_that_turn(case_of) -> None:
    case, factory = case_of("  - customer: when do you open?\n  - wait: 11m\n  - agent: something else\n")
    result = await play(case, factory)
    assert [(line.who, line.turn) for line in result.transcript][2:] == [("wait", 0), ("agent", 2)]
    assert [failure.after for failure in result.failures] == [4]


async def test_a_turn_in_which_the_agent_is_silent_still_has_its_place(case_of) -> None:
    steps = "  - customer: this is outrageous!!\n  - calls: call_manager\n  - customer: hello?\n  - agent: Hello\n"
    case, factory = case_of(steps)
    result = await play(case, factory)
    assert result.transcript[-1].who == "customer" and result.transcript[-1].turn == 2
    assert [failure.after for failure in result.failures] == [len(result.transcript)]


@pytest.mark.parametrize(("turn", "heard"), [(0, 0), (1, 1), (2, 2), (99, 2)])
async def test_a_case_can_be_played_up_to_any_turn(case_of, turn: int, heard: int) -> None:
    case, factory = case_of(TWO_TURNS)
    opened = await play_until(case, factory, turn)
    assert [trace.heard for trace in opened.live.traces] == [("Can I get a coke?",), ("when do you open?",)][:heard]
    assert (await opened.live.session()).state.overrides == ({"plan": "gold"} if turn > 1 else {})


async def test_a_session_that_was_played_up_to_a_turn_goes_on_by_itself(case_of) -> None:
    case, factory = case_of(TWO_TURNS)
    opened = await play_until(case, factory, 1)
    trace = await opened.live.say("when do you open?")
    assert trace.status == "completed" and trace.turn == 2 and trace.messages
    assert isinstance(opened.engine.clock, VirtualClock) and opened.engine.clock.now() == case.given.clock


async def test_pins_and_dictated_drafts_count_up_to_the_turn(case_of) -> None:
    steps = "  - customer: hello there\n    pin: {matched: [offer_pepsi]}\n  - given_draft: Only Pepsi today.\n"
    case, factory = case_of(steps)
    (trace,) = (await play_until(case, factory, 1)).live.traces
    assert trace.outcomes["offer_pepsi"].result.won
    assert trace.messages == ("Only Pepsi today.",)


def test_the_files_of_an_agent_are_those_that_no_nearer_agent_has(folder: Path) -> None:
    (folder / "b.scenario.yaml").touch()
    (folder / "more").mkdir()
    (folder / "more" / "a.scenario.yaml").touch()
    (folder / ".cuecard").mkdir()
    (folder / ".cuecard" / "old.scenario.yaml").touch()
    shutil.copytree(folder, folder / "other", ignore=shutil.ignore_patterns("other", "more", ".*"))
    assert files_of(folder) == [folder / "b.scenario.yaml", folder / "more" / "a.scenario.yaml"]
    assert files_of(folder / "nowhere") == []
