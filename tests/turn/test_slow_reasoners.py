"""Turns on a reasoner that takes its time: the preamble meanwhile, words as they come, and what it all took."""

import asyncio
from typing import Any

from engine.agent.model import Agent, CannedResponse, Guideline
from engine.reasoner.base import Brief, Choice, Draft, ModelCall, OnWords
from engine.session.events import EventKind, EventSource
from engine.turn.trace import TurnTrace

AGENT = Agent(name="A", preambles="auto", guidelines=(Guideline(name="greet", condition="hi", action="Greet."),))


async def said(live: Any) -> list[str]:
    return [event.text for event in await live.events() if event.kind is EventKind.MESSAGE]


async def test_the_preamble_is_said_while_conditions_are_still_being_judged(on_stage: Any, reasoner: Any) -> None:
    reasoner.says_preambles = True
    stage = await on_stage(AGENT)
    gate = reasoner.gate("match")
    turn = asyncio.create_task(stage.live.say("hi"))
    await gate.reached.wait()
    await stage.engine.store.list_events(
        stage.live.id, source=EventSource.AI_AGENT, kinds=[EventKind.MESSAGE], wait_for_data=5
    )
    assert await said(stage.live) == ["hi", "One moment."]
    gate.open.set()
    trace = await turn
    assert [each.stage for each in trace.stages[:3]] == ["situation", "preamble", "matching"]
    assert await said(stage.live) == ["hi", "One moment.", "Greet."]


async def test_judging_that_fails_while_the_preamble_is_being_said_fails_the_turn_in_one_line(
    on_stage: Any, reasoner: Any
) -> None:
    reasoner.says_preambles = True
    reasoner.broken.add("match")
    stage = await on_stage(AGENT)
    trace = await stage.live.say("hi")
    assert (trace.status, trace.error) == ("failed", "match cannot answer; start the server")
    reasoner.broken.clear()
    assert (await stage.live.say("hi")).messages == ("Greet.",)


async def test_a_preamble_that_fails_leaves_no_judging_behind(on_stage: Any, reasoner: Any) -> None:
    reasoner.says_preambles = True
    reasoner.broken.add("preamble")
    stage = await on_stage(AGENT)
    gate = reasoner.gate("match")
    trace = await stage.live.say("hi")
    assert trace.error == "preamble cannot answer; start the server"
    others = asyncio.all_tasks() - {asyncio.current_task()}
    assert not others and not gate.open.is_set()


class Writer:
    """Writes a draft word by word; every turn of it counts its own calls."""

    def __init__(self, below: Any) -> None:
        self.below = below
        self.model_calls: tuple[ModelCall, ...] = ()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)

    def for_turn(self) -> "Writer":
        return Writer(self.below)

    async def draft(self, brief: Brief, on_words: OnWords | None = None) -> Draft:
        self.model_calls += (ModelCall("draft", 120, prompt_tokens=30, answer_tokens=3, seconds=0.4),)
        for words in ("Hello", "Hello there"):
            if on_words is not None:
                on_words(words)
        return Draft("Hello there.")


async def test_a_draft_is_heard_word_by_word_before_its_stage_is_finished(on_stage: Any, reasoner: Any) -> None:
    stage = await on_stage(AGENT, reasoner=Writer(reasoner))
    heard: list[str] = []
    await stage.live.say("hi", on_words=heard.append, on_stage=lambda each: heard.append(each.stage))
    assert heard[heard.index("tools") : heard.index("draft") + 1] == ["tools", "Hello", "Hello there", "draft"]


async def test_the_trace_of_each_turn_tells_of_its_own_model_calls_and_leaves_their_times_out_of_its_json(
    on_stage: Any, reasoner: Any
) -> None:
    stage = await on_stage(AGENT, reasoner=Writer(reasoner))
    await stage.live.say("hi")
    trace = await stage.live.say("hi")
    assert [(call.task, call.prompt_tokens) for call in trace.model_calls] == [("draft", 30)]
    written = trace.to_json()
    assert "seconds" not in written["model_calls"][0]
    assert TurnTrace.from_json(written).model_calls[0].answer_tokens == 3


async def test_a_turn_that_is_cancelled_keeps_what_it_had_asked_of_the_model(on_stage: Any, reasoner: Any) -> None:
    stage = await on_stage(AGENT, reasoner=Writer(reasoner))
    gate = reasoner.gate("select")
    first = asyncio.create_task(stage.live.say("hi"))
    await gate.reached.wait()
    await stage.live.say("hi")
    trace = await first
    assert trace.status == "cancelled"
    assert [call.task for call in trace.model_calls] == ["draft"]


async def test_a_choice_of_fields_shows_what_is_open_beside_what_is_ready(on_stage: Any, reasoner: Any) -> None:
    agent = AGENT.model_copy(
        update={
            "canned_responses": (
                CannedResponse(name="open", template="Greet {{ generative.mood }} {{ std.customer.name }}."),
                CannedResponse(name="ready", template="Greet you."),
            )
        }
    )
    choices: list[Choice] = []

    class Filling(Writer):
        def for_turn(self) -> "Filling":
            return Filling(self.below)

        async def draft(self, brief: Brief, on_words: OnWords | None = None) -> Draft:
            return Draft("Greet you.")

        async def fill(self, requests: Any, choice: Choice) -> dict[str, Any]:
            choices.append(choice)
            return {"mood": "warmly"}

    stage = await on_stage(agent, reasoner=Filling(reasoner))
    await stage.live.say("hi")
    (choice,) = choices
    assert [one.text for one in choice.open] == ["Greet {{ generative.mood }} Guest."]
    assert [one.text for one in choice.ready] == ["Greet you."]
    assert choice.draft.text == "Greet you."
    assert [one.source for one in choice.instructions] == ["greet"]
