"""Journeys of live sessions whose agent is edited: paths are by state name, and go on from what is still there."""

from dataclasses import replace
from typing import Any

import pytest

from engine.agent.model import Agent, Guideline, Journey, Observation, State, Stub, Tool, Transition
from engine.agent.references import Renaming
from engine.reasoner.base import Step
from engine.turn.live_session import LiveSession
from engine.turn.trace import JourneySteps, Matching


def state(name: str, to: str | None = None, when: str | None = None, **what: str) -> State:
    onwards = (Transition(to=to, when=when),) if to else ()
    return State(name=name, next=onwards, **(what or {"chat": f"Say {name}."}))


TRIP = Journey(
    name="trip",
    conditions=("trip",),
    states=(state("first", "second", "one"), state("second", "third", "two"), state("third")),
)


def agent_with(*journeys: Journey, **more: Any) -> Agent:
    return Agent(name="A", preambles="off", journeys=journeys, **more)


async def edited(stage: Any, *journeys: Journey, **more: Any) -> LiveSession:
    """The same session, gone on with after its agent was edited."""
    return LiveSession(replace(stage.engine, agent=agent_with(*journeys, **more)), stage.live.id)


def with_states(*states: State) -> Journey:
    return TRIP.model_copy(update={"states": states})


@pytest.fixture
async def at_second(on_stage: Any) -> Any:
    """A session that stands on `second`, by `first`."""
    stage = await on_stage(agent_with(TRIP))
    await stage.live.say("trip")
    await stage.live.say("one")
    assert (await where(stage.live)).path == ("first", "second")
    return stage


async def where(live: LiveSession) -> Any:
    return (await live.session()).state.journeys["trip"]


async def test_states_added_before_and_after_the_current_one_move_nobody(at_second: Any) -> None:
    first, second, third = TRIP.states
    live = await edited(at_second, with_states(state("zeroth", "first"), first, state("extra"), second, third))
    trace = await live.say("hm")
    assert trace.warnings == ()
    assert (await where(live)).path == ("first", "second")


async def test_states_in_another_order_move_nobody(at_second: Any) -> None:
    live = await edited(at_second, with_states(*reversed(TRIP.states)))
    await live.say("two")
    assert (await where(live)).path == ("first", "second", "third")


@pytest.mark.parametrize("new", ["renamed", None])
async def test_a_session_on_a_renamed_or_removed_state_goes_on_from_the_last_known_one(
    at_second: Any, new: str | None, outcome_of: Any, complete: Any
) -> None:
    if new:
        renamed = Renaming("journeys.trip.states", "second", new).apply(agent_with(TRIP)).journeys[0]
    else:
        renamed = with_states(state("first", "third", "one"), TRIP.states[2])
    live = await edited(at_second, renamed)
    trace = await live.say("hm")
    assert trace.warnings == ("trip: the state second is gone; it goes on from first",)
    assert outcome_of(trace, "trip.first") == "current"
    assert (await where(live)).path == ("first",)
    assert complete(live.engine.agent, trace)
    assert (await live.say("well")).warnings == (), "it is said once"


async def test_a_step_is_judged_from_the_last_known_state_in_the_same_turn(at_second: Any) -> None:
    live = await edited(at_second, with_states(state("first", "third", "one"), TRIP.states[2]))
    await live.say("one")
    assert (await where(live)).path == ("first", "third")


async def test_a_state_gone_from_the_middle_of_the_path_is_forgotten_silently(at_second: Any) -> None:
    await at_second.live.say("two")
    live = await edited(at_second, with_states(state("first", "third", "one"), TRIP.states[2]))
    trace = await live.say("hm")
    assert trace.warnings == ()
    assert trace.status == "completed"


async def test_a_journey_of_which_no_state_is_left_starts_over_with_a_warning(at_second: Any) -> None:
    live = await edited(at_second, with_states(state("new", "newer", "x"), state("newer")))
    trace = await live.say("hm")
    assert trace.warnings == ("trip: the state second is gone; it starts over",)
    assert (await where(live)).path == ("new",)


async def test_a_removed_or_disabled_journey_is_let_be_and_goes_on_when_it_is_back(
    at_second: Any, outcome_of: Any
) -> None:
    assert (await (await edited(at_second)).say("two")).status == "completed"
    asleep = await edited(at_second, TRIP.model_copy(update={"enabled": False}))
    assert outcome_of(await asleep.say("two"), "trip") == "disabled"
    back = await edited(at_second, TRIP)
    await back.say("two")
    assert (await where(back)).path == ("first", "second", "third")


async def test_a_current_state_that_became_a_tool_state_runs_its_tool_and_moves_on(at_second: Any) -> None:
    tool = Tool(name="look", stubs=(Stub(data="42"),))
    as_tool = with_states(TRIP.states[0], state("second", "third", tool="look"), TRIP.states[2])
    live = await edited(at_second, as_tool, tools=(tool,))
    trace = await live.say("hm")
    assert trace.status == "completed"
    assert (await where(live)).path == ("first", "second", "third")


async def test_relationships_met_in_a_cycle_are_survived_with_a_warning(at_second: Any, line: Any) -> None:
    lines = (line("a excludes b"), line("tag:t excludes a"))
    guidelines = tuple(Guideline(name=name, condition="hm", action=name, tags=("t",)) for name in "ab")
    live = await edited(at_second, TRIP, guidelines=guidelines, relationships=lines)
    trace = await live.say("hm")
    assert trace.status == "completed"
    assert trace.warnings == ("a cycle was met: a excludes b excludes tag:t excludes a",)


# --- the guess ---

OTHER = Journey(
    name="other",
    conditions=("other",),
    states=(State(name="s", chat="x"),),
    observations=(Observation(name="scoped", condition="other"),),
)


def guesses(trace: Any) -> tuple[str | None, bool]:
    stage = trace.all(Matching)[0]
    return stage.guessed, stage.guess_held


async def test_a_guess_that_hits_costs_one_pass(on_stage: Any, reasoner: Any, outcome_of: Any) -> None:
    reasoner.likeliest = "other"
    stage = await on_stage(agent_with(TRIP, OTHER))
    trace = await stage.live.say("other")
    assert guesses(trace) == ("other", True)
    assert reasoner.asked_for("match") == [["scoped", "trip#1", "other#1"]]
    assert outcome_of(trace, "scoped") == "matched"


async def test_a_guess_that_misses_costs_a_further_pass_and_loses_nothing(
    on_stage: Any, reasoner: Any, outcome_of: Any
) -> None:
    reasoner.likeliest = "trip"
    stage = await on_stage(agent_with(TRIP, OTHER))
    trace = await stage.live.say("other")
    assert guesses(trace) == ("trip", False)
    assert reasoner.asked_for("match") == [["trip#1", "other#1"], ["scoped"]]
    assert outcome_of(trace, "scoped") == "matched"


async def test_journeys_under_way_are_matched_at_once_whatever_the_guess(on_stage: Any, reasoner: Any) -> None:
    stage = await on_stage(agent_with(TRIP, OTHER))
    await stage.live.say("other")
    reasoner.likeliest = "trip"
    before = len(reasoner.asked_for("match"))
    trace = await stage.live.say("hm")
    assert guesses(trace) == ("trip", True)
    assert len(reasoner.asked_for("match")) == before + 1


async def test_several_journeys_move_at_once_each_for_itself(on_stage: Any, reasoner: Any) -> None:
    stage = await on_stage(agent_with(TRIP, OTHER))
    await stage.live.say("trip and other")
    reasoner.moves["other"] = lambda at: Step("complete", ("end",), "over")
    trace = await stage.live.say("one")
    (steps,) = trace.all(JourneySteps)
    assert [(move.journey, move.step.move) for move in steps.moves] == [("trip", "advance"), ("other", "complete")]
