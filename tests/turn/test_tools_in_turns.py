"""Tools in whole turns: wanting, asking, calling, failing, handing over, finishing later."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest

from engine.agent.model import (
    Agent,
    Control,
    Guideline,
    Journey,
    Observation,
    Parameter,
    State,
    Stub,
    Tool,
    Transition,
    TriggerGuideline,
    Variable,
)
from engine.session.events import EventKind
from engine.turn.tool_api import NotSerializable, ToolContext, ToolResult, plain
from engine.turn.trace import Drafting, Matching, TurnTrace


def wanting(*tools: Tool, **more: Any) -> Agent:
    """An agent that wants all tools when the customer says `go`."""
    wish = Guideline(name="wish", condition="go", action="Do it.", tools=tuple(tool.name for tool in tools))
    return Agent(name="A", guidelines=(wish,), tools=tools, preambles="off", **more)


def coded(*names: str) -> Agent:
    return wanting(*(Tool(name=name, python=f"tools.{name}") for name in names))


def error_of(trace: TurnTrace) -> str:
    (call,) = trace.calls
    return call.error


async def test_a_missing_argument_is_asked_for_and_the_tool_called_once_it_is_given(
    on_stage: Any, outcome_of: Any, complete: Any
) -> None:
    agent = wanting(Tool(name="book", parameters=(Parameter(name="day"),), stubs=(Stub(data="booked"),)))
    stage = await on_stage(agent)
    first = await stage.live.say("go")
    assert first.messages == ("Which day? Do it.",)
    assert outcome_of(first, "book") == "missing_argument day"
    assert (await stage.live.session()).state.asked == ("day",)
    second = await stage.live.say("go day=monday")
    assert [call.values for call in second.calls] == [{"day": "monday"}]
    assert outcome_of(second, "book") == "called wish"
    assert (await stage.live.session()).state.asked == ()
    assert complete(agent, first)
    assert complete(agent, second)


async def test_an_invalid_argument_means_no_call_and_is_asked_for(on_stage: Any, outcome_of: Any) -> None:
    agent = wanting(Tool(name="book", parameters=(Parameter(name="day"),), stubs=(Stub(data="booked"),)))
    trace = await (await on_stage(agent)).live.say("go day=bad")
    assert trace.calls == ()
    assert outcome_of(trace, "book") == "invalid_argument day"


async def test_the_lowest_precedence_number_is_asked_for_first(on_stage: Any) -> None:
    parameters = (Parameter(name="late", precedence=2), Parameter(name="soon", precedence=1))
    trace = await (await on_stage(wanting(Tool(name="book", parameters=parameters, stubs=(Stub(),))))).live.say("go")
    assert trace.messages == ("Which soon? Which late? Do it.",)


async def test_an_optional_argument_that_nobody_gave_is_left_to_the_tool(on_stage: Any) -> None:
    optional = Parameter(name="day", required=False)
    trace = await (await on_stage(wanting(Tool(name="book", parameters=(optional,), stubs=(Stub(),))))).live.say("go")
    assert [call.values for call in trace.calls] == [{}]


async def test_the_same_call_runs_once_a_turn(on_stage: Any) -> None:
    agent = Agent(
        name="A",
        preambles="off",
        tools=(Tool(name="look", stubs=(Stub(data="found"),)),),
        observations=(Observation(name="again", condition="found", reevaluate_after=("look",), tools=("look",)),),
        guidelines=(Guideline(name="wish", condition="go", action="Do it.", tools=("look",)),),
    )
    trace = await (await on_stage(agent)).live.say("go")
    assert [stage.round for stage in trace.all(Matching)] == [1, 2]
    assert [call.tool for call in trace.calls] == ["look"]


async def test_what_is_re_evaluated_after_a_tool_is_judged_with_its_answer(on_stage: Any, outcome_of: Any) -> None:
    agent = Agent(
        name="A",
        preambles="off",
        tools=(Tool(name="look", stubs=(Stub(data="empty"),)),),
        guidelines=(
            Guideline(name="wish", condition="go", action="Look.", tools=("look",)),
            Guideline(name="sorry", condition="empty", action="Say that it is gone.", reevaluate_after=("look",)),
            Guideline(name="other", condition="empty", action="Never judged anew."),
        ),
    )
    trace = await (await on_stage(agent)).live.say("go")
    assert outcome_of(trace, "sorry") == "matched"
    assert outcome_of(trace, "other") == "not_matched"


async def test_a_result_is_known_once_to_the_draft_even_after_several_rounds(on_stage: Any) -> None:
    agent = Agent(
        name="A",
        preambles="off",
        tools=(Tool(name="look", stubs=(Stub(data="empty"),)),),
        guidelines=(
            Guideline(name="wish", condition="go", action="Look.", tools=("look",), reevaluate_after=("look",)),
        ),
    )
    stage = await on_stage(agent)
    await stage.live.say("go")
    (brief,) = stage.reasoner.asked_for("draft")
    assert [result.data for result in brief.conversation.results] == ["empty"]


async def test_a_journey_goes_on_from_a_tool_state_whose_call_was_made_earlier_in_the_turn(on_stage: Any) -> None:
    states = (
        State(name="ask", chat="Ask.", next=(Transition(to="second", when="go"),)),
        State(name="second", tool="look", next=(Transition(to="third"),)),
        State(name="third", tool="look", next=(Transition(to="tell"),)),
        State(name="tell", chat="Tell."),
    )
    agent = Agent(
        name="A",
        preambles="off",
        tools=(Tool(name="look", stubs=(Stub(data="found"),)),),
        journeys=(Journey(name="j", conditions=("start",), states=states),),
    )
    stage = await on_stage(agent)
    await stage.live.say("start")
    trace = await stage.live.say("go")
    assert [call.tool for call in trace.calls] == ["look"]
    assert (await stage.live.session()).state.journeys["j"].current == "tell"


async def test_an_exception_becomes_an_apology_and_its_traceback_is_in_the_trace(on_stage: Any, complete: Any) -> None:
    async def break_down(context: ToolContext) -> str:
        raise RuntimeError("no connection\nto the moon")

    agent = coded("break_down")
    stage = await on_stage(agent, {"tools.break_down": break_down})
    trace = await stage.live.say("go")
    assert trace.status == "completed"
    assert error_of(trace) == "RuntimeError: no connection"
    assert "in break_down" in trace.calls[0].traceback
    assert "Sorry, break_down failed." in trace.messages[0]
    assert complete(agent, trace)


@pytest.mark.parametrize(
    "raised", [SystemExit(2), asyncio.CancelledError(), TimeoutError("the bank is slow"), KeyError()]
)
async def test_nothing_that_a_tool_raises_ends_the_turn_or_is_taken_for_our_timeout(
    on_stage: Any, raised: BaseException
) -> None:
    async def leave(context: ToolContext) -> None:
        raise raised

    trace = await (await on_stage(coded("leave"), {"tools.leave": leave})).live.say("go")
    assert trace.status == "completed"
    assert error_of(trace).startswith(type(raised).__name__)


async def test_a_tool_that_never_returns_is_given_up(on_stage: Any) -> None:
    async def hang(context: ToolContext) -> None:
        await asyncio.Event().wait()

    trace = await (await on_stage(coded("hang"), {"tools.hang": hang}, tool_timeout=0.001)).live.say("go")
    assert error_of(trace) == "hang did not answer within 0.001 s"
    assert trace.status == "completed"


async def test_a_tool_that_is_not_async_does_not_hold_up_other_sessions(on_stage: Any) -> None:
    free, begun = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def block(context: ToolContext) -> str:
        loop.call_soon_threadsafe(begun.set)
        assert free.wait(10)
        return "done"

    slow = await on_stage(coded("block"), {"tools.block": block})
    other = await on_stage(coded("block"))
    turn = asyncio.create_task(slow.live.say("go"))
    await begun.wait()
    assert (await other.live.say("hello")).status == "completed"
    assert not turn.done()
    free.set()
    assert (await turn).calls[0].result["data"] == "done"


async def test_the_calls_of_a_round_run_at_the_same_time(on_stage: Any) -> None:
    both = asyncio.Barrier(2)

    async def meet(context: ToolContext) -> str:
        await both.wait()
        return "met"

    code = {"tools.left": meet, "tools.right": meet}
    trace = await (await on_stage(coded("left", "right"), code)).live.say("go")
    assert [call.result["data"] for call in trace.calls] == ["met", "met"]


async def test_any_call_that_asks_for_manual_wins_and_the_turn_that_switched_still_answers(on_stage: Any) -> None:
    agent = wanting(
        Tool(name="hand_off", stubs=(Stub(data="queued", control=Control(mode="manual")),)),
        Tool(name="look", stubs=(Stub(data="found", control=Control(mode="auto")),)),
    )
    stage = await on_stage(agent)
    trace = await stage.live.say("go")
    assert trace.messages == ("Do it. queued. found.",)
    session = await stage.live.session()
    assert session.mode == "manual"
    assert [(record.by, record.reason, record.until) for record in session.hand_offs] == [("hand_off", "queued", None)]
    assert (await stage.live.say("go")).status == "silent"


async def test_a_result_for_this_response_only_is_forgotten_and_others_stay(on_stage: Any) -> None:
    agent = wanting(
        Tool(name="brief", stubs=(Stub(data=1, fields={"brief": 1}, control=Control(lifespan="response")),)),
        Tool(name="lasting", stubs=(Stub(data=2, fields={"lasting": 2}),)),
    )
    stage = await on_stage(agent)
    await stage.live.say("go")
    state = (await stage.live.session()).state
    assert (state.fields, [result.tool for result in state.tool_results]) == ({"lasting": 2}, ["lasting"])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (object(), "a object cannot be kept; return text, numbers, lists or mappings"),
        (float("nan"), "nan cannot be kept; return a number, or None"),
        (ToolResult(control={"mode": "people"}), "a tool's control.mode is wrong: input should be 'auto' or 'manual'"),
        (ToolResult(guidelines=["say hi"]), "a tool's guidelines must be a mapping, not a str"),  # type: ignore[list-item]
        (ToolResult(canned_responses="Hello"), "a tool's canned_responses must be a list, not a str"),
        (ToolResult(canned_response_fields=[1]), "a tool's canned_response_fields must be a mapping, not a list"),  # type: ignore[arg-type]
    ],
)
async def test_an_answer_that_cannot_be_kept_is_an_error_at_the_call(on_stage: Any, answer: Any, said: str) -> None:
    async def odd(context: ToolContext) -> Any:
        return answer

    trace = await (await on_stage(coded("odd"), {"tools.odd": odd})).live.say("go")
    assert (trace.status, error_of(trace)) == ("completed", said)


def test_sets_become_sorted_lists_and_strange_values_an_error() -> None:
    assert plain({"b": {3, 1, 2}, "a": frozenset({"y", "x"})}) == {"b": [1, 2, 3], "a": ["x", "y"]}
    assert plain("broken \ud800 half") == "broken ? half"
    assert plain(timedelta(minutes=2)) == 120
    with pytest.raises(NotSerializable, match="bytes"):
        plain([b"x"])


async def test_a_tool_without_code_or_stub_or_reachable_code_says_what_to_do(on_stage: Any) -> None:
    bare = await (await on_stage(wanting(Tool(name="bare")))).live.say("go")
    assert "neither code nor a stub" in error_of(bare)
    code = await (await on_stage(coded("away"))).live.say("go")
    assert error_of(code) == "there is no tools.away"
    dead = await (await on_stage(coded("away"), {"tools.away": print}, live_tools=False)).live.say("go")
    assert "add one under given.tools" in error_of(dead)


async def test_a_tool_is_told_who_it_works_for_and_can_speak_meanwhile(on_stage: Any) -> None:
    async def work(context: ToolContext, day: str) -> str:
        await context.emit_status("processing", {"day": day})
        await context.emit_message("Still looking …")
        return f"{context.agent_id}/{context.customer_id}/{context.session_id}"

    agent = wanting(Tool(name="work", python="tools.work", parameters=(Parameter(name="day"),)))
    stage = await on_stage(agent, {"tools.work": work})
    trace = await stage.live.say("go day=monday")
    assert trace.calls[0].result["data"] == f"A/guest/{stage.live.id}"
    assert (await stage.said())[1:] == ["ai_agent: Still looking …", f"ai_agent: Do it. A/guest/{stage.live.id}."]
    assert "processing" in await stage.statuses()


async def test_the_tool_event_tells_calls_arguments_and_results(on_stage: Any) -> None:
    agent = wanting(Tool(name="book", parameters=(Parameter(name="day"),), stubs=(Stub(data="booked"),)))
    stage = await on_stage(agent)
    await stage.live.say("go day=monday")
    (event,) = await stage.events(EventKind.TOOL)
    (call,) = event.data["tool_calls"]
    assert (call["tool"], call["arguments"], call["result"]["data"]) == ("book", {"day": "monday"}, "booked")


async def test_what_waits_for_an_argument_goes_on_when_the_customer_gives_just_that(on_stage: Any) -> None:
    agent = wanting(Tool(name="book", parameters=(Parameter(name="day"),), stubs=(Stub(data="booked"),)))
    stage = await on_stage(agent)
    stage.reasoner.forgetful = True
    await stage.live.say("go")
    assert (await stage.live.session()).state.waiting == ("wish",)
    trace = await stage.live.say("day=monday")
    assert [call.values for call in trace.calls] == [{"day": "monday"}]
    assert trace.outcomes["wish"].why == "it waits for day, and the customer gives it"
    assert (await stage.live.session()).state.waiting == ()
    assert not (await stage.live.say("day=monday")).calls


async def test_a_guideline_whose_tool_was_not_called_is_not_carried_out(on_stage: Any) -> None:
    stage = await on_stage(wanting(Tool(name="book", parameters=(Parameter(name="day"),), stubs=(Stub(data=1),))))
    await stage.live.say("go")
    assert "wish" not in (await stage.live.session()).state.applied
    await stage.live.say("go day=monday")
    assert (await stage.live.session()).state.applied == {"wish": 2}


@pytest.mark.parametrize("asks", ["arguments.day", "arguments.day is defined"])
async def test_a_stub_may_ask_about_an_argument_that_was_not_given(on_stage: Any, asks: str) -> None:
    text = "{% if " + asks + " %}on {{ arguments.day }}{% else %}some day{% endif %}"
    tool = Tool(name="book", parameters=(Parameter(name="day", required=False),), stubs=(Stub(data=text),))
    stage = await on_stage(wanting(tool))
    (without,) = (await stage.live.say("go")).calls
    (with_day,) = (await stage.live.say("go day=monday")).calls
    assert [call.result["data"] for call in (without, with_day)] == ["some day", "on monday"]


STUBS = (
    Stub(when={"day": "sunday"}, error="closed"),
    Stub(when={"day": None}, data="any day"),
    Stub(when={"day": "MONDAY"}, data="on {{ arguments.day }}", fields={"day": "{{ arguments.day }}"}),
)


@pytest.mark.parametrize(
    ("said", "data", "error"),
    [
        ("go day=sunday", None, "closed"),
        ("go", "any day", ""),
        ("go day=monday", "on monday", ""),
        ("go day=friday", None, "no stub of book answers for {'day': 'friday'}; add one without `when:`"),
    ],
)
async def test_the_first_stub_whose_when_fits_answers(on_stage: Any, said: str, data: Any, error: str) -> None:
    tool = Tool(name="book", parameters=(Parameter(name="day", required=False),), stubs=STUBS)
    (call,) = (await (await on_stage(wanting(tool))).live.say(said)).calls
    assert ((call.result or {}).get("data"), call.error) == (data, error)


async def test_a_stub_given_to_the_engine_replaces_the_agents_own_and_never_merges(on_stage: Any) -> None:
    agent = wanting(Tool(name="look", stubs=(Stub(data=1, fields={"x": 1}),)))
    stage = await on_stage(agent, stubs={"look": (Stub(data=2),)})
    (call,) = (await stage.live.say("go")).calls
    assert (call.result["data"], call.result["canned_response_fields"]) == (2, {})


FOLLOW_UP = TriggerGuideline(action="Tell the fare.", rationale="follow_up")


async def test_a_stub_with_after_finishes_on_the_sessions_clock_and_the_agent_says_so(on_stage: Any) -> None:
    later = Stub(after="20m", data="240 euros", fields={"fare": 240}, follow_up=FOLLOW_UP)  # type: ignore[arg-type]
    stage = await on_stage(wanting(Tool(name="fare", stubs=(later,))))
    first = await stage.live.say("go")
    assert (first.calls[0].background, first.messages) == (True, ("Do it.",))
    assert await stage.live.advance(timedelta(minutes=19)) == []
    (said,) = await stage.live.advance(timedelta(minutes=1))
    assert (said.cause, said.trigger, said.messages) == ("trigger", ("Tell the fare.",), ("Tell the fare.",))
    state = (await stage.live.session()).state
    assert (state.fields, [result.data for result in state.tool_results]) == ({"fare": 240}, ["240 euros"])


async def test_a_stub_with_after_has_the_agent_buy_time_at_once(on_stage: Any) -> None:
    wait = TriggerGuideline(action="Ask for patience.", rationale="buy_time")
    later = Stub(after="20m", guidelines=(wait,), follow_up=FOLLOW_UP)  # type: ignore[arg-type]
    stage = await on_stage(wanting(Tool(name="fare", stubs=(later,))))
    assert "Ask for patience." in (await stage.live.say("go")).messages[0]
    (said,) = await stage.live.advance(timedelta(minutes=20))
    assert said.messages == ("Tell the fare.",)


@pytest.mark.parametrize("broken", [{"error": "no fares"}, {"data": "{{ arguments.day }}"}])
async def test_a_failure_in_the_background_is_apologised_for_and_named_in_the_trace(
    on_stage: Any, broken: dict[str, Any]
) -> None:
    later = Stub.model_validate({"after": "20m", "fields": {"fare": 240}, "follow_up": FOLLOW_UP, **broken})
    stage = await on_stage(wanting(Tool(name="fare", stubs=(later,))))
    await stage.live.say("go")
    (said,) = await stage.live.advance(timedelta(minutes=20))
    assert said.messages == ("Apologize that something went wrong",)
    assert said.warnings[0].startswith("fare failed in the background: ")
    assert (await stage.live.session()).state.fields == {}


async def test_what_a_tool_tells_the_agent_to_say_comes_first(on_stage: Any) -> None:
    stub = Stub(data="ok", guidelines=(TriggerGuideline(action="Warn them."),))
    trace = await (await on_stage(wanting(Tool(name="look", stubs=(stub,))))).live.say("go")
    assert trace.last(Drafting).instructions == ("look#1", "wish")  # type: ignore[union-attr]


async def test_results_of_a_cancelled_turn_are_used_and_not_run_again(
    on_stage: Any, reasoner: Any, complete: Any
) -> None:
    ran: list[str] = []

    async def book(context: ToolContext) -> str:
        ran.append("book")
        return "booked"

    agent = coded("book")
    stage = await on_stage(agent, {"tools.book": book})
    gate = reasoner.gate("draft")
    overtaken = asyncio.create_task(stage.live.say("go"))
    await gate.reached.wait()
    answered = await stage.live.say("quickly")
    assert (await overtaken).status == "cancelled"
    assert complete(agent, await overtaken)
    assert ran == ["book"]
    assert [call.result["data"] for call in answered.calls] == ["booked"]
    assert (await stage.live.session()).state.pending_results == ()


async def test_a_tool_backed_variable_is_asked_by_its_freshness_and_survives_a_failure(
    on_stage: Any, outcome_of: Any
) -> None:
    answers: list[Any] = [1, 2, ValueError("down")]

    async def miles(context: ToolContext) -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return int(answer)

    agent = Agent(
        name="A",
        preambles="off",
        tools=(Tool(name="miles", python="tools.miles"),),
        variables=(Variable(name="balance", tool="miles", freshness="*/15 * * * *"),),
    )
    stage = await on_stage(agent, {"tools.miles": miles})
    seen = []
    traces = []
    for wait in (0, 5, 15, 15):
        await stage.live.advance(timedelta(minutes=wait))
        traces.append(await stage.live.say("hello"))
        seen.append(traces[-1].stages[0].variables["balance"])  # type: ignore[union-attr]
    assert seen == [1, 1, 2, 2]
    assert traces[-1].warnings == ("variable balance was not refreshed: ValueError: down",)
    assert [outcome_of(trace, "miles") for trace in traces] == [
        "called balance",
        "not_needed",
        "called balance",
        "called balance",
    ]


async def test_a_tool_states_instruction_is_a_hint_on_how_to_use_its_tool(
    on_stage: Any, reasoner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints: list[str] = []

    async def arguments(tool: Tool, conversation: Any) -> list[Any]:
        hints.append(tool.description)
        return []

    monkeypatch.setattr(reasoner, "arguments", arguments)
    look = Tool(name="look", description="Looks.", parameters=(Parameter(name="day"),), stubs=(Stub(data="1"),))
    states = (
        State(name="s", tool="look", instruction="Take the day of arrival.", next=(Transition(to="t"),)),
        State(name="t", chat="Tell."),
    )
    journey = Journey(name="j", conditions=("go",), states=states)
    await (await on_stage(Agent(name="A", preambles="off", tools=(look,), journeys=(journey,)))).live.say("go")
    assert hints == ["Looks. Take the day of arrival."]
