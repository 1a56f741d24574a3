"""Journeys in whole turns: starting, tool states, links, repair, removal, ending; and what matching does for them."""

from typing import Any

import pytest

from engine.agent.basics import CompositionMode
from engine.agent.model import (
    Agent,
    CannedResponse,
    Guideline,
    Journey,
    Observation,
    Parameter,
    Relationship,
    RelationshipKind,
    State,
    Stub,
    Tool,
    Transition,
)
from engine.reasoner.base import EdgeJudgement, Step
from engine.session.events import JourneyPosition
from engine.turn.trace import Drafting, JourneySteps, Matching, Resolution


def to(name: str, when: str | None = None) -> Transition:
    return Transition(to=name, when=when)


BOOK = Journey(
    name="book",
    title="Book a trip",
    conditions=("trip",),
    states=(
        State(name="ask", chat="Ask where to.", next=(to("look", "rome"), to("popular", "dunno"))),
        State(name="popular", chat="Name places.", next=(to("look"),)),
        State(name="look", tool="fares", next=(to("tell"),)),
        State(name="tell", chat="Tell the fare.", next=(to("end"),)),
    ),
    guidelines=(Guideline(name="cheap", condition="cheap", action="Offer a bus."),),
)
FARES = Tool(name="fares", stubs=(Stub(data="240"),))


def agent_with(*journeys: Journey, **more: Any) -> Agent:
    return Agent(name="A", preambles="off", tools=(FARES,), journeys=journeys, **more)


async def position_of(stage: Any, name: str) -> JourneyPosition | None:
    found: JourneyPosition | None = (await stage.live.session()).state.journeys.get(name)
    return found


async def test_a_condition_starts_a_journey_at_its_first_state(on_stage: Any, outcome_of: Any, complete: Any) -> None:
    agent = agent_with(BOOK)
    stage = await on_stage(agent)
    trace = await stage.live.say("a trip please")
    assert await position_of(stage, "book") == JourneyPosition(path=("ask",), spoken=True)
    assert [outcome_of(trace, f"book.{name}") for name in ("ask", "popular", "look")] == [
        "current", "not_needed ask", "not_needed ask"
    ]  # fmt: skip
    assert outcome_of(trace, "book") == "active"
    assert trace.messages == ("Ask where to.",)
    assert complete(agent, trace)


async def test_an_observation_can_be_a_condition(on_stage: Any, outcome_of: Any) -> None:
    journey = BOOK.model_copy(update={"conditions": ("wants",)})
    trace = await (
        await on_stage(agent_with(journey, observations=(Observation(name="wants", condition="go"),)))
    ).live.say("go")
    assert (outcome_of(trace, "book"), outcome_of(trace, "wants")) == ("active", "matched")


async def test_a_tool_state_runs_its_tool_and_moves_on_in_the_same_turn(
    on_stage: Any, outcome_of: Any, complete: Any
) -> None:
    agent = agent_with(BOOK)
    stage = await on_stage(agent)
    await stage.live.say("a trip please")
    trace = await stage.live.say("rome")
    assert [call.wanted_by for call in trace.calls] == [("book.look",)]
    assert (await position_of(stage, "book")).path == ("ask", "look", "tell")
    assert [outcome_of(trace, f"book.{name}") for name in ("look", "tell")] == ["called fares", "current"]
    assert trace.messages == ("Tell the fare. 240.",)
    assert complete(agent, trace)


async def test_a_tool_state_whose_argument_is_missing_is_not_passed_by_and_asks(on_stage: Any, outcome_of: Any) -> None:
    fares = Tool(name="fares", parameters=(Parameter(name="day"),), stubs=(Stub(data="240"),))
    stage = await on_stage(agent_with(BOOK).model_copy(update={"tools": (fares,)}))
    await stage.live.say("a trip please")
    waiting = await stage.live.say("rome")
    assert outcome_of(waiting, "book.look") == "current"
    assert waiting.messages == ("Which day?",)
    done = await stage.live.say("day=monday")
    assert (outcome_of(done, "book.look"), outcome_of(done, "book.tell")) == ("called fares", "current")


async def test_more_tool_states_than_rounds_go_on_in_the_next_turn_without_running_again(on_stage: Any) -> None:
    tools = tuple(Tool(name=f"tool_{n}", stubs=(Stub(data=n),)) for n in range(5))
    states = (
        *(State(name=f"s{n}", tool=f"tool_{n}", next=(to(f"s{n + 1}"),)) for n in range(5)),
        State(name="s5", chat="End."),
    )
    agent = Agent(
        name="A", preambles="off", tools=tools, journeys=(Journey(name="j", conditions=("go",), states=states),)
    )
    stage = await on_stage(agent)
    first, second = await stage.live.say("go"), await stage.live.say("and?")
    assert [call.tool for call in first.calls] == ["tool_0", "tool_1", "tool_2"]
    assert [call.tool for call in second.calls] == ["tool_3", "tool_4"]


async def test_losing_transitions_are_in_the_trace(on_stage: Any, reasoner: Any, outcome_of: Any) -> None:
    edges = (
        EdgeJudgement("ask", "look", "rome", True, 0.9, "said"),
        EdgeJudgement("ask", "popular", "dunno", True, 0.6, "hinted"),
    )
    stage = await on_stage(agent_with(BOOK))
    await stage.live.say("a trip please")
    reasoner.moves["book"] = lambda position: (
        Step("advance", ("look",), "rome", edges) if position and position.current == "ask" else Step("stay", (), "")
    )
    assert outcome_of(await stage.live.say("rome"), "book.popular") == "lost_to look"


async def test_a_state_that_is_passed_through_was_not_needed(on_stage: Any, reasoner: Any, outcome_of: Any) -> None:
    edges = (EdgeJudgement("ask", "popular", "dunno", True, 1.0, "said"),)
    stage = await on_stage(agent_with(BOOK))
    await stage.live.say("a trip please")
    reasoner.moves["book"] = lambda position: (
        Step("advance", ("popular", "look"), "skips", edges) if position.current == "ask" else Step("stay", (), "")
    )
    trace = await stage.live.say("dunno, rome")
    assert outcome_of(trace, "book.popular").startswith("not_needed")
    assert trace.outcomes["book.popular"].why == "its purpose was already met"


async def test_a_journey_that_ends_is_completed_and_starts_anew_only_when_asked_for_anew(
    on_stage: Any, outcome_of: Any, complete: Any
) -> None:
    agent = agent_with(BOOK)
    stage = await on_stage(agent)
    for said in ("a trip please", "rome"):
        await stage.live.say(said)
    ended = await stage.live.say("thanks")
    assert outcome_of(ended, "book") == "active completed"
    assert (await position_of(stage, "book")).status == "completed"
    assert complete(agent, ended)
    assert outcome_of(await stage.live.say("well"), "book") == "not_matched"
    assert outcome_of(await stage.live.say("another trip"), "book") == "active"
    assert (await position_of(stage, "book")).path == ("ask",)


async def test_a_message_that_ends_a_journey_and_asks_for_it_begins_it_anew(
    on_stage: Any, outcome_of: Any, complete: Any
) -> None:
    agent = agent_with(BOOK)
    stage = await on_stage(agent)
    for said in ("a trip please", "rome"):
        await stage.live.say(said)
    again = await stage.live.say("another trip")
    assert await position_of(stage, "book") == JourneyPosition(path=("ask",), spoken=True, since=3)
    assert again.messages == ("Ask where to.",)
    moves = [move for steps in again.all(JourneySteps) for move in steps.moves]
    assert [move.step.move for move in moves] == ["restart"]
    assert complete(agent, again)


async def test_a_journey_that_is_left_is_not_active_any_more(on_stage: Any, reasoner: Any, outcome_of: Any) -> None:
    stage = await on_stage(agent_with(BOOK))
    await stage.live.say("a trip please")
    reasoner.moves["book"] = lambda position: Step("leave", (), "never mind")
    trace = await stage.live.say("forget it")
    assert outcome_of(trace, "book") == "active left"
    assert await position_of(stage, "book") == JourneyPosition(path=("ask",), status="left", spoken=True)


@pytest.mark.parametrize(
    ("move", "path"),
    [
        (Step("back", ("ask",), "changed their mind"), ("ask", "popular", "ask")),
        (Step("restart", ("ask",), "from the top"), ("ask",)),
        (Step("stay", (), "no"), ("ask", "popular")),
    ],
)
async def test_a_journey_can_go_back_restart_or_stay(
    on_stage: Any, reasoner: Any, move: Step, path: tuple[str, ...]
) -> None:
    stage = await on_stage(agent_with(BOOK))
    await stage.live.say("a trip please")
    await stage.live.say("dunno")
    reasoner.moves["book"] = lambda position: move
    await stage.live.say("hm")
    assert (await position_of(stage, "book")).path == path


async def test_a_path_whose_state_is_gone_falls_back_to_its_last_known_state_with_a_warning(on_stage: Any) -> None:
    stage = await on_stage(agent_with(BOOK))
    gone = JourneyPosition(path=("ask", "removed", "also_removed"), spoken=False)
    state = (await stage.live.session()).state.model_copy(update={"journeys": {"book": gone}})
    await stage.engine.store.update_session(stage.live.id, state=state)
    trace = await stage.live.say("hm")
    assert trace.warnings == ("book: the state also_removed is gone; it goes on from ask",)
    assert (await position_of(stage, "book")).path == ("ask",)


async def test_a_journey_of_which_nothing_is_left_starts_over_and_a_removed_one_is_no_error(on_stage: Any) -> None:
    stage = await on_stage(agent_with(BOOK))
    paths = {"book": JourneyPosition(path=("old",)), "never_heard_of": JourneyPosition(path=("x",))}
    state = (await stage.live.session()).state.model_copy(update={"journeys": paths})
    await stage.engine.store.update_session(stage.live.id, state=state)
    trace = await stage.live.say("hm")
    assert trace.status == "completed"
    assert trace.warnings == ("book: the state old is gone; it starts over",)


async def test_an_excluded_journey_keeps_the_position_it_had_before_the_turn(
    on_stage: Any, outcome_of: Any, line: Any, complete: Any
) -> None:
    upset = Observation(name="upset", condition="awful")
    agent = agent_with(BOOK, observations=(upset,), relationships=(line("upset excludes book"),))
    stage = await on_stage(agent)
    await stage.live.say("a trip please")
    trace = await stage.live.say("rome is awful and cheap")
    assert outcome_of(trace, "book") == "excluded upset"
    assert outcome_of(trace, "cheap") == "dropped_dependency book"
    assert outcome_of(trace, "book.ask") == "inactive_journey book"
    assert trace.calls == ()
    assert (await position_of(stage, "book")).path == ("ask",)
    assert complete(agent, trace)


async def test_a_journey_that_loses_in_its_first_turn_has_not_begun(on_stage: Any, line: Any) -> None:
    upset = Observation(name="upset", condition="awful")
    stage = await on_stage(agent_with(BOOK, observations=(upset,), relationships=(line("upset excludes book"),)))
    await stage.live.say("an awful trip")
    assert await position_of(stage, "book") is None


async def test_an_entailed_journey_starts(on_stage: Any, outcome_of: Any, line: Any) -> None:
    wish = Guideline(name="wish", condition="holiday", action="Cheer.")
    stage = await on_stage(agent_with(BOOK, guidelines=(wish,), relationships=(line("wish entails book"),)))
    trace = await stage.live.say("holiday")
    assert outcome_of(trace, "book") == "active"
    assert trace.messages == ("Cheer. Ask where to.",)


async def test_guidelines_of_a_journey_count_only_while_it_is_active(on_stage: Any, outcome_of: Any) -> None:
    stage = await on_stage(agent_with(BOOK))
    assert outcome_of(await stage.live.say("cheap"), "cheap") == "inactive_journey book"
    assert outcome_of(await stage.live.say("a cheap trip"), "cheap") == "matched"


async def test_a_guideline_speaks_before_a_state(on_stage: Any) -> None:
    stage = await on_stage(agent_with(BOOK))
    trace = await stage.live.say("a cheap trip")
    assert trace.last(Drafting).instructions == ("cheap", "book.ask")  # type: ignore[union-attr]


PARENT = Journey(
    name="parent",
    conditions=("parent",),
    states=(State(name="first", journey="child", next=(to("after"),)), State(name="after", chat="Go on.")),
)
CHILD = Journey(
    name="child",
    conditions=("child",),
    states=(State(name="ask", chat="Ask the child's question.", next=(to("end"),)),),
    guidelines=(Guideline(name="scoped", condition="parent", action="Be kind."),),
)


async def test_a_link_state_starts_the_other_journey_and_goes_on_when_that_has_ended(
    on_stage: Any, outcome_of: Any, complete: Any
) -> None:
    agent = agent_with(PARENT, CHILD)
    stage = await on_stage(agent)
    first = await stage.live.say("parent")
    assert [outcome_of(first, name) for name in ("parent.first", "child.ask", "scoped")] == [
        "current",
        "current",
        "matched",
    ]
    assert complete(agent, first)
    second = await stage.live.say("an answer")
    assert [outcome_of(second, name) for name in ("child", "parent.after")] == ["active completed", "current"]
    assert (await position_of(stage, "parent")).path == ("first", "after")


async def test_a_link_that_was_gone_through_does_not_step_its_journey_again_each_round(
    on_stage: Any, reasoner: Any
) -> None:
    waits = PARENT.model_copy(
        update={"states": (State(name="first", journey="child", next=(to("after", "go"),)), PARENT.states[1])}
    )
    stage = await on_stage(agent_with(waits, CHILD))
    for said in ("parent", "an answer"):
        await stage.live.say(said)
    before = len(reasoner.asked_for("step"))
    trace = await stage.live.say("hm")
    assert reasoner.asked_for("step")[before:] == [("parent", "first")]
    assert len(trace.all(JourneySteps)) == 1


async def test_journeys_that_link_to_one_another_come_to_an_end(on_stage: Any, complete: Any) -> None:
    left = Journey(name="left", conditions=("go",), states=(State(name="s", journey="right"),))
    right = Journey(name="right", states=(State(name="s", journey="left"),))
    agent = agent_with(left, right)
    trace = await (await on_stage(agent)).live.say("go")
    assert trace.status == "completed"
    assert complete(agent, trace)


async def test_a_disabled_journey_takes_no_part_not_even_by_a_link(on_stage: Any, outcome_of: Any) -> None:
    agent = agent_with(PARENT, CHILD.model_copy(update={"enabled": False}))
    trace = await (await on_stage(agent)).live.say("parent child")
    assert [outcome_of(trace, name) for name in ("child", "child.ask", "scoped")] == [
        "disabled", "disabled child", "inactive_journey child"
    ]  # fmt: skip


async def test_the_guess_holds_when_the_likeliest_journey_is_the_one_and_costs_a_further_pass_when_not(
    on_stage: Any, reasoner: Any
) -> None:
    reasoner.likeliest = "book"
    held = (await (await on_stage(agent_with(BOOK, CHILD))).live.say("trip")).last(Matching)
    assert (held.guessed, held.guess_held, len(reasoner.asked_for("match"))) == ("book", True, 1)
    missed = (await (await on_stage(agent_with(BOOK, CHILD))).live.say("child")).last(Matching)
    assert (missed.guessed, missed.guess_held, len(reasoner.asked_for("match"))) == ("book", False, 3)


async def test_an_observation_that_holds_only_after_a_tool_still_starts_its_journey_this_turn(
    on_stage: Any, outcome_of: Any
) -> None:
    seen = Observation(name="seen", condition="240", reevaluate_after=("fares",))
    wish = Guideline(name="wish", condition="go", action="Look.", tools=("fares",))
    journey = CHILD.model_copy(update={"conditions": ("seen",)})
    trace = await (await on_stage(agent_with(journey, observations=(seen,), guidelines=(wish,)))).live.say("go")
    assert [outcome_of(trace, name) for name in ("seen", "child", "child.ask")] == ["matched", "active", "current"]


async def test_an_action_is_done_once_unless_it_is_called_for_anew_or_never_remembered(
    on_stage: Any, outcome_of: Any
) -> None:
    plain = {"condition": "hi", "action": "Greet."}
    agent = agent_with(
        guidelines=(
            Guideline(name="once", **plain),
            Guideline(name="always", continuous=True, **plain),
            Guideline(name="untracked", track=False, **plain),
        )
    )
    stage = await on_stage(agent)
    seen = [
        [outcome_of(trace, name) for name in ("once", "always", "untracked")]
        for trace in [await stage.live.say("hi"), await stage.live.say("and?"), await stage.live.say("hi again")]
    ]
    assert seen == [["matched"] * 3, ["already_applied 1", "matched", "matched"], ["matched"] * 3]


async def test_what_depends_on_something_is_done_again_when_that_is_said_again(on_stage: Any, outcome_of: Any) -> None:
    gated = Guideline(name="gated", condition="deal", action="Tell.")
    asked = Observation(name="asked", condition="offers")
    line = Relationship(kind=RelationshipKind.DEPENDS_ON, source="gated", targets=("asked",))
    stage = await on_stage(agent_with(guidelines=(gated,), observations=(asked,), relationships=(line,)))
    said = ["deal on offers", "and?", "more offers"]
    assert [outcome_of(await stage.live.say(text), "gated") for text in said] == [
        "matched",
        "already_applied 1",
        "matched",
    ]


async def test_a_matchers_answer_stands_and_its_exception_is_not_matched_and_a_warning(
    on_stage: Any, outcome_of: Any, complete: Any
) -> None:
    async def is_vip(context: Any, guideline: Any) -> bool:
        return bool(context.customer.id == "guest" and guideline.name == "vip")

    def broken(context: Any, guideline: Any) -> bool:
        raise LookupError("no list")

    agent = agent_with(
        guidelines=(
            Guideline(name="vip", condition="x", action="Bow.", matcher="tools.is_vip"),
            Guideline(name="odd", condition="hi", action="Never.", matcher="tools.broken"),
        )
    )
    trace = await (await on_stage(agent, {"tools.is_vip": is_vip, "tools.broken": broken})).live.say("hi")
    assert [outcome_of(trace, name) for name in ("vip", "odd")] == ["matched", "not_matched"]
    assert trace.warnings == ("the matcher tools.broken of odd failed: LookupError: no list",)
    assert complete(agent, trace)


async def test_a_disabled_guideline_is_not_even_judged(on_stage: Any, reasoner: Any, outcome_of: Any) -> None:
    agent = agent_with(guidelines=(Guideline(name="off", condition="hi", action="x", enabled=False),))
    trace = await (await on_stage(agent)).live.say("hi")
    assert outcome_of(trace, "off") == "disabled"
    assert reasoner.asked_for("match") == []


async def test_what_is_put_aside_is_asked_about_by_its_title_or_condition_and_remembered(
    on_stage: Any, outcome_of: Any, line: Any, complete: Any
) -> None:
    unclear = Observation(name="unclear", condition="trip")
    other = CHILD.model_copy(update={"conditions": ("trip",), "title": ""})
    agent = agent_with(BOOK, other, observations=(unclear,), relationships=(line("unclear disambiguates book, child"),))
    stage = await on_stage(agent)
    trace = await stage.live.say("trip")
    assert trace.messages == ("Which one: Book a trip or trip?",)
    assert outcome_of(trace, "book") == "ambiguous child"
    state = (await stage.live.session()).state
    assert (state.asked, state.journeys) == (("book", "child"), {})
    assert complete(agent, trace)


async def test_in_strict_mode_the_question_is_a_canned_response_of_the_observation(
    on_stage: Any, reasoner: Any, line: Any
) -> None:
    which = CannedResponse(name="which", template="A new trip or a booked one?")
    unclear = Observation(
        name="unclear", condition="trip", composition_mode=CompositionMode.STRICT, canned_responses=(which,)
    )
    other = CHILD.model_copy(update={"conditions": ("trip",)})
    relationships: tuple[Relationship, ...] = (line("unclear disambiguates book, child"),)
    reasoner.fits = {"which": "high"}
    trace = await (
        await on_stage(agent_with(BOOK, other, observations=(unclear,), relationships=relationships))
    ).live.say("trip")
    assert trace.messages == ("A new trip or a booked one?",)


async def test_every_stage_names_what_it_read_with_digests_that_change_with_the_content(on_stage: Any) -> None:
    reads = []
    for action in ("Offer a bus.", "Offer a boat."):
        cheap = BOOK.guidelines[0].model_copy(update={"action": action})
        stage = await on_stage(agent_with(BOOK.model_copy(update={"guidelines": (cheap,)})))
        trace = await stage.live.say("a cheap trip")
        reads.append(
            {type(stage).__name__: dict(stage.reads.digests) for stage in trace.stages if hasattr(stage, "reads")}
        )
    first, second = reads
    assert set(first["Matching"]) == {"cheap", "book"}
    assert set(first["JourneySteps"]) == {"book"}
    assert set(first["Resolution"]) == {"cheap", "book"}
    assert set(first["Drafting"]) == {"cheap", "book"}
    assert set(first["Situation"]) == {"guest"}
    assert first["Situation"] == second["Situation"]
    for name in ("Matching", "Resolution", "Drafting"):
        assert first[name]["cheap"] != second[name]["cheap"]


async def test_at_most_three_rounds(on_stage: Any) -> None:
    tools = tuple(Tool(name=f"tool_{n}", stubs=(Stub(data=f"found {n}"),)) for n in range(5))
    chain = tuple(
        Guideline(
            name=f"g{n}", condition=f"found {n - 1}" if n else "go", action="x", tools=(f"tool_{n}",),
            reevaluate_after=(f"tool_{n - 1}",) if n else (),
        )
        for n in range(5)
    )  # fmt: skip
    trace = await (await on_stage(Agent(name="A", preambles="off", tools=tools, guidelines=chain))).live.say("go")
    assert [stage.round for stage in trace.all(Resolution)] == [1, 2, 3]
    assert len(trace.calls) == 3
