"""Recorded cases in the mode Scenarios: the thread that plays them needs no server either."""

from __future__ import annotations

from pathlib import Path

from engine.agent.loading import load_agent
from engine.scenario.factory import ReplayFactory
from engine.scenario.results import CaseResult
from studio.modes.scenarios.catalogue import read_catalogue
from studio.modes.scenarios.runner import Runner

PIZZA = Path(__file__).parents[3] / "scenarios" / "pizza"


async def test_recorded_cases_are_played_from_their_recordings() -> None:
    agent = load_agent(PIZZA).agent
    every = read_catalogue(agent, PIZZA).cases
    cases = {key: case for key, case in every.items() if case.given.reasoner.startswith("recorded")}
    found: dict[str, CaseResult] = {}
    await Runner().play(cases, ReplayFactory(agent, PIZZA), lambda key, result: found.update({key: result}))
    assert len(found) == len(cases) == 2
    assert {result.verdict for result in found.values()} == {"passed"}
    assert {result.reasoner for result in found.values()} == {"recorded · scripted · lexical"}
