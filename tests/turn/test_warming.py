"""Warming up: everything is judged and drafted once, and nothing happens."""

from __future__ import annotations

import asyncio
from typing import Any

from engine.agent.model import Agent, CannedResponse, Guideline, Journey, State, Tool
from engine.turn.warming import warm_up

AGENT = Agent(
    name="A",
    tools=(Tool(name="look", python="tools.look"),),
    guidelines=(
        Guideline(name="greet", condition="hi", examples=("hi there",), action="Greet.", tools=("look",)),
        Guideline(name="bye", condition="bye", action="Say goodbye.", matcher="tools.is_bye"),
    ),
    journeys=(Journey(name="j", conditions=("trip",), states=(State(name="ask", chat="Ask."),)),),
    canned_responses=(CannedResponse(name="hello", template="Hello!"),),
)


async def test_everything_is_judged_and_no_event_or_code_comes_of_it(on_stage: Any) -> None:
    ran: list[str] = []
    code = {"tools.look": lambda context: ran.append("look"), "tools.is_bye": lambda context: ran.append("is_bye")}
    stage = await on_stage(AGENT, code)
    await warm_up(stage.engine)
    assert {name for asked in stage.reasoner.asked_for("match") for name in asked} >= {"greet", "j#1"}
    assert len(stage.reasoner.asked_for("draft")) == 1
    assert ran == []
    assert await stage.events() == []
    assert (await stage.live.session()).state.turn == 0
    assert len(await stage.engine.store.list_sessions()) == 1


async def test_it_may_run_beside_turns_in_another_thread(on_stage: Any) -> None:
    stage = await on_stage(AGENT.model_copy(update={"tools": (), "guidelines": AGENT.guidelines[:1]}))
    warming = asyncio.create_task(asyncio.to_thread(asyncio.run, warm_up(stage.engine)))
    trace = await stage.live.say("hi")
    await warming
    assert trace.outcomes["greet"].result.won


async def test_an_agent_of_nothing_can_be_warmed_up(on_stage: Any) -> None:
    stage = await on_stage(Agent(name="Empty"))
    await warm_up(stage.engine)
