"""Warming up: everything is judged, drafted and searched once, and nothing happens."""

from __future__ import annotations

import asyncio
from typing import Any

from engine.agent.model import Agent, CannedResponse, Guideline, Journey, State, Stub, Tool
from engine.turn.warming import warm_up

AGENT = Agent(
    name="A",
    tools=(Tool(name="look", stubs=(Stub(data=1),)),),
    guidelines=(
        Guideline(name="greet", condition="hi", action="Greet.", tools=("look",)),
        Guideline(name="bye", condition="bye", action="Say goodbye."),
    ),
    journeys=(Journey(name="j", conditions=("trip",), states=(State(name="ask", chat="Ask."),)),),
    canned_responses=(CannedResponse(name="hello", template="Hello!"),),
)


async def test_everything_is_judged_once_and_no_event_or_call_comes_of_it(on_stage: Any) -> None:
    stage = await on_stage(AGENT)
    await warm_up(stage.engine)
    assert stage.reasoner.asked_for("match") == [["greet", "bye", "j#1"]]
    assert len(stage.reasoner.asked_for("draft")) == 1
    assert await stage.events() == []
    assert (await stage.live.session()).state.turn == 0


async def test_it_may_run_beside_turns_in_another_thread(on_stage: Any) -> None:
    stage = await on_stage(AGENT)
    warming = asyncio.create_task(asyncio.to_thread(asyncio.run, warm_up(stage.engine)))
    trace = await stage.live.say("hi")
    await warming
    assert trace.outcomes["greet"].result.won


async def test_an_agent_of_nothing_can_be_warmed_up(on_stage: Any) -> None:
    stage = await on_stage(Agent(name="Empty"))
    await warm_up(stage.engine)
