"""What a pin says stands; what it leaves open is asked of the reasoner below."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from engine.agent.model import Agent, Journey, State, Tool
from engine.reasoner.base import (
    Argument,
    Choice,
    Condition,
    Draft,
    FieldRequest,
    Judgement,
    ModelCall,
    Reasoner,
    ReasonerInfo,
    Step,
)
from engine.reasoner.conversation import Conversation, Position
from engine.reasoner.pinned import Pin, PinnedReasoner

JOURNEY = Journey(name="trip", states=(State(name="ask", chat="Ask"), State(name="book", chat="Book")))
TALK = Conversation(Agent(name="A", journeys=(JOURNEY,)), (), datetime(2026, 3, 2))


class Below:
    """Answers `no` to everything, visibly."""

    info = ReasonerInfo("below")
    model_calls = (ModelCall("match", 10),)

    def for_turn(self) -> "Below":
        return self

    async def guess(self, journeys: Sequence[Journey], conversation: Conversation) -> str | None:
        return None

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        return [Judgement(each.of, False, 0.1, 0.5, "guess", "below", "") for each in conditions]

    async def step(self, journey: Journey, position: Position | None, conversation: Conversation) -> Step:
        return Step("stay", (), "below")

    async def arguments(self, tool: Tool, conversation: Conversation) -> list[Argument]:
        return [Argument("a", problem="missing"), Argument("b", 2)]

    async def fill(self, requests: Sequence[FieldRequest], choice: Choice) -> dict[str, Any]:
        return {request.name: "below" for request in requests}


@pytest.fixture
def reasoner() -> PinnedReasoner:
    below: Any = Below()
    checked: Reasoner = below
    return PinnedReasoner(checked)


async def holding(reasoner: PinnedReasoner, *names: str) -> dict[str, tuple[bool, str]]:
    judged = await reasoner.match([Condition(name, name) for name in names], TALK)
    assert [judgement.of for judgement in judged] == list(names)
    return {judgement.of: (judgement.holds, judgement.rule) for judgement in judged}


async def test_without_a_pin_everything_comes_from_below(reasoner: PinnedReasoner) -> None:
    assert await holding(reasoner, "x", "trip#1") == {"x": (False, "below"), "trip#1": (False, "below")}
    assert (await reasoner.step(JOURNEY, None, TALK)).why == "below"


async def test_pinned_matches_are_all_the_matches(reasoner: PinnedReasoner) -> None:
    reasoner.pin = Pin(matched=("x",))
    assert await holding(reasoner, "x", "y", "trip") == {
        "x": (True, "pinned"),
        "y": (False, "pinned"),
        "trip": (False, "below"),
    }


async def test_a_pinned_state_makes_its_journey_active_and_go_there(reasoner: PinnedReasoner) -> None:
    reasoner.pin = Pin(states={"trip": "book"})
    assert await holding(reasoner, "trip#1", "x") == {"trip#1": (True, "pinned"), "x": (False, "below")}
    assert await reasoner.guess([JOURNEY], TALK) == "trip"
    moves = [
        (await reasoner.step(JOURNEY, place, TALK)).move
        for place in (None, Position(("ask",), True), Position(("ask", "book"), True), Position(("book", "ask"), True))
    ]
    assert moves == ["start", "advance", "stay", "back"]
    reasoner.pin = Pin(states={"trip": "end"})
    assert (await reasoner.step(JOURNEY, Position(("ask",), True), TALK)).move == "complete"


async def test_pinned_values_stand_and_the_others_are_found_below(reasoner: PinnedReasoner) -> None:
    reasoner.pin = Pin(arguments={"t": {"a": 1}}, fields={"f": "pinned"})
    found = await reasoner.arguments(Tool(name="t"), TALK)
    assert [(argument.name, argument.value, argument.problem) for argument in found] == [("a", 1, ""), ("b", 2, "")]
    filled = await reasoner.fill([FieldRequest("f", ""), FieldRequest("g", "")], Choice(TALK, Draft("")))
    assert filled == {"f": "pinned", "g": "below"}


async def test_a_turn_keeps_the_pin_and_tells_of_the_calls_below(reasoner: PinnedReasoner) -> None:
    reasoner.pin = Pin(matched=("x",))
    turn = reasoner.for_turn()
    reasoner.pin = None
    assert (await holding(turn, "x"))["x"] == (True, "pinned")
    assert turn.model_calls == (ModelCall("match", 10),)
