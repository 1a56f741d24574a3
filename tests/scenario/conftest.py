"""Builders for scenario tests: an agent with one of everything, a reader for texts, and moments by hand."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from engine.agent.basics import CompositionMode
from engine.agent.errors import Problem
from engine.agent.model import (
    Agent,
    CannedResponse,
    Customer,
    Guideline,
    Journey,
    Observation,
    Parameter,
    Relationship,
    RelationshipKind,
    State,
    Tool,
    Transition,
    Variable,
)
from engine.reasoner.base import Argument, EdgeJudgement, Judgement, ReasonerInfo, ScoredCandidate, Step
from engine.scenario.model import Scenario
from engine.scenario.moment import Moment
from engine.scenario.reader import read_text
from engine.scenario.reading import Reading
from engine.session.events import Event, EventKind, EventSource, JourneyPosition, Session, SessionState
from engine.turn.results import Outcome, Result
from engine.turn.trace import (
    Closing,
    Composition,
    Drafting,
    JourneyMove,
    JourneySteps,
    Matching,
    Rendered,
    Rendering,
    Selecting,
    Situation,
    ToolCall,
    ToolRound,
    TurnTrace,
)

NOW = datetime(2026, 3, 2, 18, 15)


@pytest.fixture
def agent() -> Agent:
    return Agent(
        name="Pizza",
        variables=(Variable(name="plan", value="free"),),
        customers=(Customer(id="georgie", name="Georgie", tags=("vip",)),),
        tools=(
            Tool(name="get_menu"),
            Tool(
                name="book",
                parameters=(Parameter(name="date", type="date"), Parameter(name="people", type="integer")),
                python="tools.book",
            ),
        ),
        observations=(Observation(name="upset", condition="The customer is upset"),),
        guidelines=(
            Guideline(name="offer_pepsi", condition="The customer asks for coke", action="Offer Pepsi"),
            Guideline(name="hand_off", condition="The customer wants a person", action="Hand off", tools=("book",)),
        ),
        relationships=(Relationship(kind=RelationshipKind.EXCLUDES, source="upset", targets=("offer_pepsi",)),),
        canned_responses=(
            CannedResponse(name="no_coke", template="We only have Pepsi."),
            CannedResponse(name="balance_is", template="It is {{ amount }}."),
        ),
        journeys=(
            Journey(
                name="order",
                conditions=("The customer orders",),
                states=(
                    State(name="ask", chat="Ask what", next=(Transition(to="confirm"),)),
                    State(name="confirm", chat="Confirm"),
                ),
            ),
        ),
    )


@pytest.fixture
def reading(agent: Agent) -> Reading:
    return Reading(agent)


@pytest.fixture
def read(reading: Reading) -> Callable[[str], list[Scenario]]:
    """Read a text that must be right."""

    def read_right(text: str) -> list[Scenario]:
        found = read_text(text, "t.scenario.yaml", reading)
        assert [str(problem) for problem in reading.problems] == []
        return found

    return read_right


@pytest.fixture
def problems_of(agent: Agent) -> Callable[[str], list[Problem]]:
    """Read a text that may be wrong."""

    def problems(text: str) -> list[Problem]:
        reading = Reading(agent)
        read_text(text, "t.scenario.yaml", reading)
        return list(dict.fromkeys(reading.problems))

    return problems


@pytest.fixture
def session() -> Session:
    state = SessionState(journeys={"order": JourneyPosition(path=("ask",))}, overrides={"plan": "gold"})
    return Session(id="s", agent="Pizza", created=NOW, state=state, metadata={"channel": {"name": "web", "id": 7}})


@pytest.fixture
def upset_turn() -> TurnTrace:
    """A turn in which an observation excluded a guideline, a tool ran, one needed an argument, a response was sent."""
    return TurnTrace(
        "t1",
        "s",
        3,
        "Pizza",
        ReasonerInfo("embedded", embeddings="lexical"),
        NOW,
        heard=("I hate Pepsi!",),
        status="completed",
        stages=[
            Situation("Guest", {"plan": "gold"}, (), ()),
            Matching(
                1,
                (
                    Judgement("upset", True, 0.82, 0.4, "clear", "act", "it complains", "I hate this"),
                    Judgement("offer_pepsi", True, 0.7, 0.4, "close", "similarity", "near an example", "a coke please"),
                    Judgement("hand_off", False, 0.2, 0.45, "guess", "similarity", "far", "get me a person"),
                ),
            ),
            JourneySteps(
                1,
                (
                    JourneyMove(
                        "order",
                        (),
                        Step(
                            "start",
                            ("ask",),
                            "it begins",
                            (EdgeJudgement("ask", "confirm", "", False, 0.1, "not said"),),
                        ),
                        ("ask",),
                    ),
                ),
            ),
            ToolRound(
                1,
                (
                    ToolCall("get_menu", ("upset",), (Argument("size", "large"),), True, result={"data": 1}),
                    ToolCall("book", ("hand_off",), (Argument("date", problem="missing"),), False),
                ),
            ),
            Drafting("I'm sorry, we only have Pepsi.", (), ("upset",), dictated=True),
            Rendering(
                (
                    Rendered("no_coke", "We only have Pepsi.", {"drink": "Pepsi"}),
                    Rendered("balance_is", None, missing=("amount",)),
                ),
                {"drink": "get_menu", "std.customer.name": "standard"},
            ),
            Selecting("no_coke", "high", (ScoredCandidate("no_coke", 0.9, "high", "same words"),), "it says the draft"),
            Composition(
                CompositionMode.STRICT, ("upset",), ("We only have Pepsi.",), ("no_coke",), "strict and a high fit"
            ),
            Closing(
                (
                    Outcome("upset", "observation", Result.MATCHED),
                    Outcome("offer_pepsi", "guideline", Result.EXCLUDED, ("upset",)),
                    Outcome("hand_off", "guideline", Result.NOT_MATCHED, score=0.2, threshold=0.45),
                    Outcome("order", "journey", Result.ACTIVE),
                    Outcome("order.ask", "state", Result.CURRENT),
                    Outcome("get_menu", "tool", Result.CALLED),
                    Outcome("book", "tool", Result.MISSING_ARGUMENT, ("date",)),
                    Outcome("no_coke", "response", Result.SENT),
                    Outcome("balance_is", "response", Result.MISSING_FIELD, ("amount",)),
                ),
                {"order": ("ask",)},
                (),
            ),
        ],
    )


@pytest.fixture
def moment(upset_turn: TurnTrace, session: Session) -> Moment:
    def event(offset: int, kind: EventKind, data: Any, **more: Any) -> Event:
        source, name = EventSource.AI_AGENT, f"e{offset}"
        return Event(id=name, offset=offset, source=source, kind=kind, created=NOW, trace_id="t1", data=data, **more)

    events = (
        event(1, EventKind.STATUS, {"status": "acknowledged", "data": {}}),
        event(2, EventKind.STATUS, {"status": "typing", "data": {}}),
        event(3, EventKind.MESSAGE, {"message": "We only have Pepsi."}, metadata={"tone": "calm", "n": 1}),
        event(5, EventKind.MESSAGE, {"message": "One moment.", "preamble": True}),
        event(4, EventKind.STATUS, {"status": "ready", "data": {"stage": "completed"}}),
    )
    return Moment(upset_turn, session, events, NOW)
