"""Where the conversation stands: verdicts, steps and arguments of one answer, remembered for the turn."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.agent.model import (
    Agent,
    Guideline,
    Journey,
    Observation,
    Parameter,
    Relationship,
    RelationshipKind,
    State,
    Tool,
    Transition,
)
from engine.reasoner.base import Option, ReasonerError
from engine.reasoner.conversation import KnownResult, Position
from engine.reasoner.llm.reasoner import LlmReasoner
from tests.reasoner.llm.fake_models import FakeModel, condition, situation, talk

TRACK = Tool(
    name="track",
    description="Looks up an order.",
    parameters=(
        Parameter(name="number", source="customer", description="The order number"),
        Parameter(name="carrier", choices=("post", "courier"), required=False),
        Parameter(name="day", type="date", required=False),
        Parameter(name="boxes", type="integer", required=False),
        Parameter(name="colors", type="list of string", required=False),
    ),
)
TRIP = Journey(
    name="trip",
    conditions=("The customer wants to travel",),
    states=(
        State(name="where", chat="Ask where to", next=(Transition(to="day"),)),
        State(name="day", chat="Ask for the day", next=(Transition(to="offer"),)),
        State(
            name="offer",
            chat="Ask whether to book",
            next=(Transition(to="book", when="They agree"), Transition(to="where", when="They want another place")),
        ),
        State(name="book", tool="track", next=(Transition(to="done"),), instruction="Only the newest order."),
        State(name="done", chat="Tell them it is booked"),
    ),
)
AGENT = Agent(
    name="Atlas",
    tools=(TRACK,),
    guidelines=(
        Guideline(name="find", condition="The customer asks where it is", action="Tell them", tools=("track",)),
        Guideline(name="bye", condition="The customer leaves", action="Say goodbye"),
    ),
    journeys=(TRIP,),
)
FIND, BYE, TRAVEL = condition("find"), condition("bye"), condition("trip#1")
NO = {"find": "no", "bye": "no", "trip#1": "no"}
NOTHING: dict[str, Any] = {
    name: {"quote": "", "value": None} for name in ("number", "carrier", "day", "boxes", "colors")
}


def step(move: str, sure: str = "clear", why: str = "So they said.") -> dict[str, str]:
    return {"why": why, "move": move, "sure": sure}


@pytest.mark.parametrize(
    ("word", "holds", "score", "confidence", "fresh"),
    [
        ("yes", True, 1.0, "clear", True),
        ("still", True, 0.9, "clear", False),
        ("probably", True, 0.75, "close", True),
        ("perhaps", True, 0.55, "guess", True),
        ("hardly", False, 0.3, "close", True),
        ("no", False, 0.0, "clear", True),
    ],
)
async def test_each_word_has_its_score(
    word: str, holds: bool, score: float, confidence: str, fresh: bool, model: FakeModel, reasoner: LlmReasoner
) -> None:
    model.answer = lambda _: situation({"a": word})
    (judgement,) = await reasoner.match([condition("a")], talk("hello"))
    assert (judgement.holds, judgement.score, judgement.confidence, judgement.fresh) == (
        holds,
        score,
        confidence,
        fresh,
    )
    assert (judgement.threshold, judgement.rule) == (0.5, "model")
    assert judgement.why == ("the model says no: The customer wants something." if word == "no" else "a it is.")


async def test_judgements_come_in_the_order_asked_for(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: situation({"b": "yes", "a": "no", "c": "no"})
    judged = await reasoner.match([condition("c"), condition("b"), condition("a")], talk("hello"))
    assert [judgement.of for judgement in judged] == ["c", "b", "a"]


async def test_names_that_are_also_methods_of_a_model_are_names_like_any(
    model: FakeModel, reasoner: LlmReasoner
) -> None:
    names = ("copy", "json", "schema", "model_config", "validate", "trip#1")
    model.answer = lambda _: situation(dict.fromkeys(names, "yes"))
    judged = await reasoner.match([condition(name) for name in names], talk("hello"))
    assert all(judgement.holds for judgement in judged)


async def test_one_answer_serves_matching_stepping_and_arguments(model: FakeModel, reasoner: LlmReasoner) -> None:
    position = Position(("where",), spoken=True)
    now = talk("Where is 4471?", "Where to?", "To Rome", agent=AGENT, journeys={"trip": position})
    found = {**NOTHING, "number": {"quote": "4471", "value": "4471"}}
    model.answer = lambda _: situation(NO, journeys={"trip": step("go to day")}, tools={"track": found})
    await reasoner.match((FIND, BYE, TRAVEL), now)
    moved = await reasoner.step(TRIP, position, now)
    arguments = await reasoner.arguments(TRACK, now)
    assert (moved.move, moved.path, moved.why) == ("advance", ("day",), "So they said.")
    assert arguments[0].value == "4471"
    assert [argument.problem for argument in arguments] == ["", "missing", "missing", "missing", "missing"]
    assert model.tasks == ["situation"]


async def test_what_the_answer_leaves_out_is_asked_for_when_it_is_needed(
    model: FakeModel, reasoner: LlmReasoner
) -> None:
    now = talk("I want to travel", agent=AGENT)
    model.in_order = [
        situation(NO, journeys={}, tools={}),
        situation({}, journeys={"trip": step("begin at where")}),
        situation({}, tools={"track": NOTHING}),
    ]
    await reasoner.match((FIND, BYE, TRAVEL), now)
    assert (await reasoner.step(TRIP, None, now)).path == ("where",)
    assert all(argument.problem == "missing" for argument in await reasoner.arguments(TRACK, now))
    assert model.tasks == ["situation", "step", "arguments"]


async def test_a_step_from_elsewhere_or_with_new_results_is_asked_anew(model: FakeModel, reasoner: LlmReasoner) -> None:
    position = Position(("where", "day", "offer"), spoken=True)
    now = talk("hi", agent=AGENT, journeys={"trip": position})
    later = replace(now, results=(KnownResult("fare", {}, 12),))
    model.answer = lambda prompt: situation(
        {} if prompt.task == "step" else NO,
        journeys={"trip": step("stay")},
        **({} if prompt.task == "step" else {"tools": {}}),
    )
    await reasoner.match((FIND, BYE, TRAVEL), now)
    await reasoner.step(TRIP, position, now)
    await reasoner.step(TRIP, replace(position, spoken=False), now)
    await reasoner.step(TRIP, position, later)
    assert model.tasks == ["situation", "step", "step"]
    assert "12" in model.asked[2].text


async def test_conditions_of_a_later_round_are_asked_with_the_new_results(
    model: FakeModel, reasoner: LlmReasoner
) -> None:
    now = talk("hi", agent=AGENT)
    later = replace(now, results=(KnownResult("fare", {}, {"price": 240}, this_turn=True),))
    model.answer = lambda prompt: situation(
        {"bye": "yes"} if prompt.task == "match" else NO,
        **({} if prompt.task == "match" else {"journeys": {}, "tools": {}}),
    )
    await reasoner.match((FIND, BYE, TRAVEL), now)
    (judgement,) = await reasoner.match((BYE,), later)
    assert judgement.holds
    assert model.tasks == ["situation", "match"]
    assert '{"price": 240}' in model.asked[1].text


async def test_guidelines_of_a_journey_at_rest_are_judged_with_the_others(
    model: FakeModel, reasoner: LlmReasoner
) -> None:
    scoped = Guideline(name="visa", condition="The customer asks about a visa", action="Tell them")
    agent = AGENT.model_copy(update={"journeys": (TRIP.model_copy(update={"guidelines": (scoped,)}),)})
    now = talk("visa?", agent=agent)
    model.answer = lambda _: situation(NO | {"visa": "yes"}, journeys={}, tools={})
    await reasoner.match((FIND, BYE, TRAVEL), now)
    (judgement,) = await reasoner.match((condition("visa"),), now)
    assert judgement.holds
    assert model.tasks == ["situation"]


@pytest.mark.parametrize(
    ("found", "value", "problem"),
    [
        ({"number": {"quote": "4471", "value": "4471"}}, "4471", ""),
        ({"number": {"quote": " “4471” ", "value": "4471"}}, "4471", ""),
        ({"number": {"quote": "9999", "value": "9999"}}, None, "missing"),
        ({"number": {"quote": "", "value": "4471"}}, None, "missing"),
        ({"number": {"quote": "Your number?", "value": "4471"}}, None, "missing"),
        ({"carrier": {"quote": "by post", "value": "post"}}, "post", ""),
        ({"carrier": {"quote": "by ship", "value": None}}, "by ship", "invalid"),
        ({"day": {"quote": "on Friday", "value": "2026-03-06"}}, "2026-03-06", ""),
        ({"day": {"quote": "on Friday", "value": "Friday"}}, "Friday", "invalid"),
        ({"boxes": {"quote": "two", "value": 2}}, 2, ""),
        ({"colors": {"quote": "red and blue", "value": ["red", "blue"]}}, ["red", "blue"], ""),
        ({"colors": {"quote": "", "value": []}}, None, "missing"),
    ],
)
async def test_arguments_are_values_of_their_type_or_a_problem(
    found: dict[str, Any], value: Any, problem: str, model: FakeModel, reasoner: LlmReasoner
) -> None:
    now = talk("Where is 4471, by post on Friday?", "Your number?", "4471, two, red and blue", agent=AGENT)
    model.answer = lambda _: situation({}, tools={"track": NOTHING | found})
    (name,) = found
    argument = next(one for one in await reasoner.arguments(TRACK, now) if one.name == name)
    assert (argument.value, argument.problem) == (value, problem)
    assert argument.why


@pytest.mark.parametrize(
    "found", [{"boxes": {"quote": "two", "value": "two"}}, {"carrier": {"quote": "by ship", "value": "ship"}}, {"x": 1}]
)
async def test_a_value_of_another_type_is_no_usable_answer(
    found: dict[str, Any], model: FakeModel, reasoner: LlmReasoner
) -> None:
    model.answer = lambda _: situation({}, tools={"track": NOTHING | found})
    with pytest.raises(ReasonerError, match="arguments"):
        await reasoner.arguments(TRACK, talk("by ship, two", agent=AGENT))


async def test_what_the_agent_asked_for_must_be_answered(model: FakeModel, reasoner: LlmReasoner) -> None:
    now = talk("Where is it?", "Your number?", "4471", agent=AGENT, asked=("number",))
    model.in_order = [
        situation(NO, journeys={}, tools={}),
        situation(NO, journeys={}, tools={"track": NOTHING | {"number": {"quote": "4471", "value": "4471"}}}),
    ]
    await reasoner.match((FIND, BYE, TRAVEL), now)
    assert "tools.track" in model.asked[1].text
    assert "the assistant has just asked for it" in model.asked[0].text
    assert (await reasoner.arguments(TRACK, now))[0].value == "4471"


async def test_the_instruction_of_a_tool_state_is_shown(model: FakeModel, reasoner: LlmReasoner) -> None:
    position = Position(("where", "day", "offer"), spoken=True)
    now = talk("yes", agent=AGENT, journeys={"trip": position})
    model.answer = lambda _: situation(NO, journeys={"trip": step("go to book")}, tools={"track": NOTHING})
    await reasoner.match((FIND, BYE, TRAVEL), now)
    assert "Only the newest order." in model.asked[0].text
    instructed = TRACK.model_copy(update={"description": f"{TRACK.description} Only the newest order."})
    await reasoner.arguments(instructed, now)
    assert model.tasks == ["situation"]


def unclear(*targets: str) -> Agent:
    own = [Guideline(name=name, condition=f"The customer wants to cancel the {name}", action="x") for name in targets]
    line = Relationship(kind=RelationshipKind.DISAMBIGUATES, source="cancel", targets=targets)
    vague = Observation(name="cancel", condition="It is unclear what the customer wants to cancel")
    return Agent(name="Bella", observations=(vague,), guidelines=tuple(own), relationships=(line,))


async def test_the_question_of_choice_comes_with_the_situation(model: FakeModel, reasoner: LlmReasoner) -> None:
    now = talk("cancel it", agent=unclear("order", "table", "party"))
    verdicts = {"cancel": "yes", "order": "yes", "table": "probably", "party": "no"}
    model.in_order = [situation(verdicts, questions={"cancel": "The order or the table?"}), "Which of the three?"]
    await reasoner.match([condition(name) for name in verdicts], now)
    options = [Option(name, name) for name in ("order", "table", "party")]
    assert await reasoner.clarify(options[:2], now) == "The order or the table?"
    assert await reasoner.clarify(options, now) == "Which of the three?"
    assert model.tasks == ["situation", "clarify"]


async def test_nothing_to_ask_costs_nothing(model: FakeModel, reasoner: LlmReasoner) -> None:
    assert await reasoner.match([], talk("hi")) == []
    assert await reasoner.arguments(Tool(name="plain"), talk("hi")) == []
    assert await reasoner.guess([], talk("hi")) is None
    assert model.asked == []


async def test_the_schema_allows_only_what_is_asked(model: FakeModel, reasoner: LlmReasoner) -> None:
    position = Position(("where",), spoken=True)
    now = talk("Rome", agent=AGENT, journeys={"trip": position})
    model.answer = lambda _: situation(NO, journeys={"trip": step("stay")}, tools={})
    await reasoner.match((FIND, BYE, TRAVEL), now)
    schema: Any = model.asked[0].schema
    assert list(schema["properties"]) == ["reading", "reasons", "verdicts", "journeys", "tools"]
    assert schema["additionalProperties"] is False
    assert set(schema["$defs"]["Verdicts"]["required"]) == {"find", "bye", "trip#1"}
    assert schema["$defs"]["Move"]["properties"]["move"]["enum"] == [
        "stay", "go to day", "go to offer", "go to book", "start over at where", "leave",
    ]  # fmt: skip
    assert schema["$defs"]["Journeys"]["required"] == ["trip"]
    json.dumps(schema)
