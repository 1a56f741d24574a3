"""Live sessions: events in order, cancelling, queueing, manual mode, triggers, follow-ups, bad messages, same bytes."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from engine.agent.model import (
    Agent,
    CannedResponse,
    CompositionMode,
    Control,
    FollowUp,
    Guideline,
    Journey,
    State,
    Stub,
    Tool,
    TriggerGuideline,
)
from engine.index.lexical import LexicalIndex
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from engine.session.clock import VirtualClock
from engine.session.events import EventKind, EventSource
from engine.session.memory import MemoryStore
from engine.session.store import StoreError
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession
from engine.turn.messages import BadMessage
from engine.turn.trace import Closing, PreambleChoice, TurnTrace

HELLO = TriggerGuideline(action="Say hello.", rationale="follow_up")
AGENT = Agent(
    name="A",
    preambles="off",
    tools=(Tool(name="hand_off", stubs=(Stub(data="queued", control=Control(mode="manual")),)),),
    guidelines=(
        Guideline(name="greet", condition="hi", action="Greet."),
        Guideline(name="person", condition="person", action="Hand over.", tools=("hand_off",)),
    ),
    journeys=(Journey(name="j", conditions=("trip",), states=(State(name="ask", chat="Ask."),)),),
    canned_responses=(CannedResponse(name="hello", template="Hello!"),),
)


async def test_the_message_gets_its_offset_first_and_the_events_of_a_turn_come_in_order(on_stage: Any) -> None:
    stage = await on_stage(AGENT)
    trace = await stage.live.say("a trip, hi")
    events = await stage.events()
    assert [event.offset for event in events] == list(range(len(events)))
    assert {event.trace_id for event in events} == {trace.id}
    assert events[0].source is EventSource.CUSTOMER
    assert await stage.statuses() == ["acknowledged", "processing", "processing", "typing", "ready", "ready"]
    assert [event.data["data"] for event in events if event.kind is EventKind.STATUS][1:] == [
        {"stage": "Interpreting"},
        {"stage": "Articulating"},
        {},
        {},
        {
            "stage": "completed",
            "matched_guidelines": ["greet"],
            "matched_journeys": ["j"],
            "matched_journey_states": ["j.ask"],
        },
    ]


async def test_tools_are_announced(on_stage: Any) -> None:
    stage = await on_stage(AGENT)
    await stage.live.say("a person")
    stages = [event.data["data"].get("stage") for event in await stage.events(EventKind.STATUS)]
    assert stages[1:4] == ["Interpreting", "Considering tools", "Articulating"]


async def test_a_newer_message_cancels_a_turn_that_has_not_begun_to_speak_and_both_are_answered_together(
    on_stage: Any, reasoner: Any, complete: Any
) -> None:
    stage = await on_stage(AGENT)
    gate = reasoner.gate("match")
    overtaken = asyncio.create_task(stage.live.say("hi"))
    await gate.reached.wait()
    answered = await stage.live.say("are you there?")
    cancelled = await overtaken
    assert (cancelled.status, answered.status) == ("cancelled", "completed")
    assert answered.messages == ("Greet.",)
    statuses = [
        event.data["status"] for event in await stage.events(EventKind.STATUS) if event.trace_id == cancelled.id
    ]
    assert statuses == ["acknowledged", "processing", "cancelled", "ready"]
    assert {str(outcome) for outcome in cancelled.outcomes.values()} == {"cancelled"}
    assert complete(AGENT, cancelled)
    assert complete(AGENT, answered)


async def test_a_turn_that_has_begun_to_speak_finishes_and_the_newer_one_waits(on_stage: Any, reasoner: Any) -> None:
    class Slow(MemoryStore):
        """A store that waits after the agent's first message."""

        def __init__(self, clock: VirtualClock) -> None:
            super().__init__(clock)
            self.spoke, self.go_on = asyncio.Event(), asyncio.Event()

        async def append_event(self, session_id: str, source: Any, kind: Any, data: Any, **more: Any) -> Any:
            event = await super().append_event(session_id, source, kind, data, **more)
            if source is EventSource.AI_AGENT and kind is EventKind.MESSAGE and not self.go_on.is_set():
                self.spoke.set()
                await self.go_on.wait()
            return event

    store = Slow(VirtualClock((await on_stage(AGENT)).clock.now()))
    stage = await on_stage(AGENT, store=store)
    first = asyncio.create_task(stage.live.say("hi"))
    await store.spoke.wait()
    second = asyncio.create_task(stage.live.say("trip"))
    await asyncio.sleep(0)
    store.go_on.set()
    assert ((await first).status, (await second).status) == ("completed", "completed")
    assert ((await first).turn, (await second).turn) == (1, 2)


async def test_a_tool_that_spoke_counts_as_having_begun_and_a_preamble_does_not(on_stage: Any, reasoner: Any) -> None:
    async def speak(context: Any) -> str:
        await context.emit_message("On it.")
        return "ok"

    agent = AGENT.model_copy(update={"tools": (Tool(name="hand_off", python="tools.speak"),)})
    stage = await on_stage(agent, {"tools.speak": speak})
    gate = reasoner.gate("draft")
    first = asyncio.create_task(stage.live.say("a person"))
    await gate.reached.wait()
    second = asyncio.create_task(stage.live.say("hi"))
    await asyncio.sleep(0)
    gate.open.set()
    assert ((await first).status, (await second).status) == ("completed", "completed")

    reasoner.says_preambles = True
    chatty = await on_stage(agent.model_copy(update={"preambles": "auto"}))
    gate = reasoner.gate("match")
    first = asyncio.create_task(chatty.live.say("hi"))
    await gate.reached.wait()
    second = asyncio.create_task(chatty.live.say("hello"))
    assert ((await first).status, (await second).status) == ("cancelled", "completed")
    assert (await second).last(PreambleChoice).text is None


async def test_of_many_messages_at_once_only_the_last_turn_answers_and_none_is_lost(on_stage: Any) -> None:
    stage = await on_stage(AGENT)
    traces = await asyncio.gather(*(stage.live.say(text) for text in ("hi", "trip", "well")))
    assert [trace.status for trace in traces] == ["cancelled", "cancelled", "completed"]
    assert sorted(trace.turn for trace in traces) == [1, 2, 3]
    assert traces[-1].messages == ("Greet. Ask.",)


async def test_sessions_never_wait_for_one_another(on_stage: Any, reasoner: Any) -> None:
    slow = await on_stage(AGENT)
    other = LiveSession(slow.engine, (await slow.engine.store.create_session("A")).id)
    gate = reasoner.gate("match")
    waiting = asyncio.create_task(slow.live.say("hi"))
    await gate.reached.wait()
    assert (await other.say("hi")).status == "completed"
    assert not waiting.done()
    gate.open.set()
    assert (await waiting).status == "completed"


async def test_a_caller_that_goes_away_leaves_no_turn_behind(on_stage: Any, reasoner: Any) -> None:
    stage = await on_stage(AGENT)
    gate = reasoner.gate("match")
    caller = asyncio.create_task(stage.live.say("hi"))
    await gate.reached.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert [trace.status for trace in stage.live.traces] == ["cancelled"]
    assert (await stage.statuses())[-2:] == ["cancelled", "ready"]
    assert (await stage.live.say("trip")).messages == ("Greet. Ask.",)


async def test_in_manual_mode_nothing_happens_but_the_message_is_kept(on_stage: Any, complete: Any) -> None:
    stage = await on_stage(AGENT)
    await stage.live.set_mode("manual", by="dana")
    trace = await stage.live.say("hi")
    assert (trace.status, await stage.said(), await stage.statuses()) == ("silent", ["customer: hi"], [])
    assert {str(outcome) for outcome in trace.outcomes.values()} == {"manual_mode"}
    assert complete(AGENT, trace)


async def test_people_speak_as_themselves_or_on_behalf_of_the_agent(on_stage: Any) -> None:
    stage = await on_stage(AGENT)
    await stage.live.set_mode("manual")
    themselves, behalf = await stage.live.human_agent("I am Dana.", "Dana S"), await stage.live.on_behalf("It is me.")
    assert themselves.data["participant"] == {"id": "dana_s", "display_name": "Dana S"}
    assert behalf.data["participant"] == {"id": "A", "display_name": "A"}
    assert behalf.source is EventSource.HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT


@pytest.mark.parametrize(("reply", "answers"), [(False, []), (True, ["Greet. Ask."])])
async def test_back_in_auto_the_backlog_is_answered_only_when_asked_for(
    on_stage: Any, reply: bool, answers: list[str]
) -> None:
    stage = await on_stage(AGENT)
    await stage.live.set_mode("manual")
    await stage.live.say("hi")
    await stage.live.say("a trip")
    traces = await stage.live.set_mode("auto", by="dana", reply_to_backlog=reply)
    assert [text for trace in traces for text in trace.messages] == answers
    (hand_off,) = (await stage.live.session()).hand_offs
    assert (hand_off.ended, hand_off.until) == ("dana", stage.clock.now())
    assert (await stage.live.say("hi")).status == "completed"


async def test_a_trigger_with_guidelines_says_that_and_skips_matching(
    on_stage: Any, reasoner: Any, complete: Any
) -> None:
    stage = await on_stage(AGENT)
    await stage.live.say("trip")
    asked = len(reasoner.asked_for("match"))
    trace = await stage.live.trigger((HELLO,))
    assert (trace.cause, trace.messages) == ("trigger", ("Say hello.",))
    assert len(reasoner.asked_for("match")) == asked
    assert {str(trace.outcomes[name]) for name in ("greet", "j", "hand_off")} == {"triggered"}
    assert str(trace.outcomes["j.ask"]) == "current"
    assert complete(AGENT, trace)
    assert reasoner.asked_for("draft")[-1].rationale == "follow_up"


async def test_a_trigger_speaks_in_the_most_restrictive_mode_of_agent_and_active_journeys(
    on_stage: Any, reasoner: Any
) -> None:
    strict = AGENT.journeys[0].model_copy(update={"composition_mode": CompositionMode.STRICT})
    stage = await on_stage(AGENT.model_copy(update={"journeys": (strict,)}))
    await stage.live.say("trip")
    assert (await stage.live.trigger((HELLO,))).status == "silent"
    reasoner.fits = {"hello": "high"}
    agent = AGENT.model_copy(
        update={"journeys": (strict,), "canned_responses": (CannedResponse(name="hello", template="Say hello."),)}
    )
    stage = await on_stage(agent)
    await stage.live.say("trip")
    assert (await stage.live.trigger((HELLO,))).messages == ("Say hello.",)


async def test_a_trigger_without_guidelines_is_a_normal_turn_over_what_was_said_last(on_stage: Any) -> None:
    stage = await on_stage(AGENT)
    await stage.live.set_mode("manual")
    await stage.live.say("hi")
    await stage.live.set_mode("auto")
    assert (await stage.live.trigger()).messages == ("Greet.",)


async def test_in_manual_mode_a_trigger_is_held_and_said_once_the_session_is_back_in_auto(on_stage: Any) -> None:
    stage = await on_stage(AGENT)
    await stage.live.set_mode("manual")
    assert await stage.live.trigger((HELLO,), name="one") is None
    assert await stage.live.trigger((TriggerGuideline(action="Say more."),), name="two") is None
    assert await stage.live.release() is None
    held = (await stage.live.session()).state.held
    assert [(trigger.name, trigger.due) for trigger in held] == [("one", stage.clock.now()), ("two", stage.clock.now())]
    await stage.live.set_mode("auto")
    assert (await stage.live.release("two")).messages == ("Say more.",)
    assert [trace.messages for trace in await stage.live.release_all()] == [("Say hello.",)]
    assert (await stage.live.session()).state.held == ()


async def test_a_trigger_behind_a_turn_that_hands_over_is_held_and_not_lost(on_stage: Any, reasoner: Any) -> None:
    stage = await on_stage(AGENT)
    gate = reasoner.gate("draft")
    turn = asyncio.create_task(stage.live.say("a person"))
    await gate.reached.wait()
    trigger = asyncio.create_task(stage.live.trigger((HELLO,), name="later"))
    variable = asyncio.create_task(stage.live.set_variable("plan", "gold"))
    await asyncio.sleep(0)
    gate.open.set()
    assert ((await turn).status, await trigger, await variable) == ("completed", None, None)
    session = await stage.live.session()
    assert (session.mode, [held.name for held in session.state.held]) == ("manual", ["later"])
    assert session.state.overrides == {"plan": "gold"}


async def test_follow_ups_are_said_after_silence_at_most_so_often_and_the_customer_resets_them(on_stage: Any) -> None:
    quiet = FollowUp.model_validate({"after": "3m", "action": "Still there?", "at_most": 2})
    stage = await on_stage(AGENT.model_copy(update={"follow_ups": (quiet,)}))
    await stage.live.say("hi")
    assert await stage.live.advance(timedelta(minutes=2)) == []
    await stage.live.say("hm")
    assert await stage.live.advance(timedelta(minutes=2)) == []
    said = await stage.live.advance(timedelta(minutes=30))
    assert [trace.messages for trace in said] == [("Still there?",), ("Still there?",)]
    assert (await stage.live.session()).state.follow_ups == {"follow_up_1": 2}
    await stage.live.say("hi")
    assert len(await stage.live.advance(timedelta(minutes=30))) == 2


async def test_follow_ups_rest_in_manual_mode(on_stage: Any) -> None:
    quiet = FollowUp.model_validate({"after": "3m", "action": "Still there?", "at_most": 2})
    stage = await on_stage(AGENT.model_copy(update={"follow_ups": (quiet,)}))
    await stage.live.say("hi")
    await stage.live.set_mode("manual")
    assert await stage.live.advance(timedelta(hours=1)) == []
    assert (await stage.live.session()).state.held == ()
    await stage.live.set_mode("auto")
    await stage.live.say("a person")
    assert await stage.live.advance(timedelta(hours=1)) == []


async def test_a_failing_reasoner_fails_the_turn_in_one_line_and_the_session_stays_usable(
    on_stage: Any, reasoner: Any, complete: Any
) -> None:
    stage = await on_stage(AGENT)
    for method in ("guess", "match", "arguments", "step", "draft", "select"):
        reasoner.broken = {method}
        agent = stage.engine.agent
        trace = await stage.live.say("hi trip")
        if trace.status != "completed":
            assert (trace.status, trace.error) == ("failed", f"{method} cannot answer; start the server")
            assert (await stage.statuses())[-2:] == ["error", "ready"]
        assert complete(agent, trace)
    reasoner.broken = set()
    assert (await stage.live.say("hi")).messages == ("Greet. Ask.",)
    reasoner.broken = {"draft"}
    failed = await stage.live.trigger((HELLO,))
    assert (failed.status, str(failed.outcomes["greet"])) == ("failed", "triggered")
    assert complete(AGENT, failed)


async def test_an_error_of_the_store_surfaces(on_stage: Any) -> None:
    class Full(MemoryStore):
        """A store whose disk is full as soon as the agent speaks."""

        async def append_event(self, session_id: str, source: Any, *parts: Any, **more: Any) -> Any:
            if source is EventSource.AI_AGENT:
                raise StoreError("events.json cannot be written: the disk is full")
            return await super().append_event(session_id, source, *parts, **more)

    stage = await on_stage(AGENT)
    stage = await on_stage(AGENT, store=Full(stage.clock))
    with pytest.raises(StoreError, match="the disk is full"):
        await stage.live.say("hi")
    assert await stage.said() == ["customer: hi"]


@pytest.mark.parametrize("bad", ["", "   \n", "\x00\x07\x1b", "x" * 1_000_000])
async def test_a_message_that_cannot_be_taken_is_one_clear_line_and_nothing_is_stored(on_stage: Any, bad: str) -> None:
    stage = await on_stage(AGENT)
    with pytest.raises(BadMessage) as caught:
        await stage.live.say("hi", bad)
    assert "\n" not in str(caught.value)
    assert await stage.events() == []
    with pytest.raises(BadMessage, match="empty"):
        await stage.live.say()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("hi\x1b[31m\x00 there", "hi[31m there"),
        ("two\r\nlines\rthree\tend", "two\nlines\nthree\tend"),
        ("שלום עולם", "שלום עולם"),
        ("👩‍👩‍👧 hi 🍕", "👩‍👩‍👧 hi 🍕"),
        ("half \ud83d pair", "half ? pair"),
        ("x" * 100_000, "x" * 100_000),
    ],
)
async def test_every_other_message_is_kept_readable_and_answered(on_stage: Any, said: str, kept: str) -> None:
    stage = await on_stage(AGENT)
    trace = await stage.live.say(said)
    assert (trace.status, trace.heard) == ("completed", (kept,))
    json.dumps(trace.to_json()).encode()


async def test_preambles_are_said_at_the_first_turns_never_twice_in_a_row_and_not_where_it_could_be_strict(
    on_stage: Any, reasoner: Any
) -> None:
    reasoner.says_preambles = True

    async def heard(turns: int, **changes: Any) -> list[str | None]:
        stage = await on_stage(AGENT.model_copy(update={"preambles": "auto", **changes}))
        return [(await stage.live.say("hm")).last(PreambleChoice).text for _ in range(turns)]

    assert await heard(5) == ["One moment.", None, "One moment.", None, None]
    assert await heard(1, composition_mode=CompositionMode.STRICT) == [None]
    assert await heard(1, composition_mode=CompositionMode.STRICT, preambles=("Sure.",)) == ["Sure."]
    assert await heard(1, preambles="off") == [None]
    canned = CannedResponse(name="p", template="Right, {{ std.customer.name }}.", tags=("preamble",))
    assert await heard(1, composition_mode=CompositionMode.STRICT, canned_responses=(canned,)) == ["Right, Guest."]


async def test_a_canned_preamble_is_never_an_answer(on_stage: Any, reasoner: Any) -> None:
    reasoner.fits = {"p": "high"}
    canned = CannedResponse(name="p", template="Greet.", tags=("preamble",))
    stage = await on_stage(AGENT.model_copy(update={"preambles": "auto", "canned_responses": (canned,)}))
    assert str((await stage.live.say("hi")).outcomes["p"]) == "preamble_only"
    reasoner.says_preambles = True
    assert str((await stage.live.say("hi")).outcomes["p"]) == "preamble"


async def test_stages_are_told_as_they_finish_and_the_trace_is_kept_with_the_session(on_stage: Any) -> None:
    stage = await on_stage(AGENT)
    seen: list[Any] = []
    trace = await stage.live.say("hi", on_stage=seen.append)
    assert seen == trace.stages
    assert isinstance(seen[-1], Closing)
    assert await stage.engine.store.get_trace(stage.live.id, trace.id) == trace.to_json()


async def conversation(agent: Agent, now: Any) -> list[bytes]:
    """A conversation with the real embedded reasoner; the bytes of its traces."""
    clock = VirtualClock(now)
    engine = Engine(agent, MemoryStore(clock), EmbeddedReasoner(), LexicalIndex(), clock, code=None)  # type: ignore[arg-type]
    live = await LiveSession.open(engine)
    for said in ("Hello there!", "I would like to book a trip", "can I talk to a person?", "anybody?"):
        await live.say(said)
    await live.set_mode("auto")
    await live.trigger((HELLO,))
    return [json.dumps(trace.to_json()).encode() for trace in live.traces]


async def test_the_same_inputs_give_the_same_bytes_and_a_trace_reads_back_as_it_was(now: Any, complete: Any) -> None:
    agent = AGENT.model_copy(
        update={
            "guidelines": (
                Guideline(name="greet", condition="The customer says hello", action="Greet the customer"),
                Guideline(
                    name="person",
                    condition="The customer asks for a person",
                    action="Hand over to a person",
                    tools=("hand_off",),
                ),
            ),
            "journeys": (AGENT.journeys[0].model_copy(update={"conditions": ("The customer wants to book a trip",)}),),
        }
    )
    first, second = await conversation(agent, now), await conversation(agent, now)
    assert first == second
    for written in map(json.loads, first):
        trace = TurnTrace.from_json(written)
        assert trace.to_json() == written
        assert complete(agent, trace)
