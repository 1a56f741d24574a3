"""A reasoner that does what a test says, an agent builder, and a stage to play on: store, clock, index, session."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from engine.agent.code import CodeError
from engine.agent.model import Agent, Journey, Observation, Relationship, RelationshipKind, Tool
from engine.index.lexical import LexicalIndex
from engine.reasoner.base import (
    Argument,
    Brief,
    Candidate,
    Choice,
    Condition,
    Draft,
    DraftPart,
    FieldRequest,
    Fit,
    Instruction,
    Judgement,
    ModelCall,
    OnWords,
    Option,
    ReasonerError,
    ReasonerInfo,
    Restyled,
    ScoredCandidate,
    Selection,
    Step,
)
from engine.reasoner.conversation import Conversation, Position
from engine.session.clock import VirtualClock
from engine.session.events import Event, EventKind
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession
from engine.turn.results import Outcome
from engine.turn.trace import Closing, TurnTrace

NOW = datetime(2026, 3, 2, 18, 15)
RANK: dict[Fit, int] = {"high": 3, "partial": 2, "low": 1, "none": 0}


class Gate:
    """A place where a reasoner waits until the test lets it go on."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.open = asyncio.Event()

    async def pass_through(self) -> None:
        self.reached.set()
        await self.open.wait()


@dataclass
class ScriptedReasoner:
    """Judges by plain rules: a condition holds when its text is in the customer's message.

    Attributes:
        scores: The score of a condition that holds, by name; 0.9 otherwise.
        fits: How well a response says any draft, by name; `none` otherwise.
        unsaid: What a response leaves unsaid of a draft, by name.
        beside: The parts of a draft that a response says nothing of, by name.
        filled: The values of generative fields.
        says_preambles: Whether it has words for a preamble.
        gates: Where it waits, by method.
        broken: Methods that raise.
        forgetful: Whether only the latest message counts.
        asked: What it was asked, as (method, detail).
    """

    scores: dict[str, float] = field(default_factory=dict)
    fits: dict[str, Fit] = field(default_factory=dict)
    unsaid: dict[str, str] = field(default_factory=dict)
    beside: dict[str, tuple[DraftPart, ...]] = field(default_factory=dict)
    filled: dict[str, Any] = field(default_factory=dict)
    moves: dict[str, Callable[[Position | None], Step]] = field(default_factory=dict)
    likeliest: str | None = None
    says_preambles: bool = False
    silent: bool = False
    gates: dict[str, Gate] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    forgetful: bool = False
    asked: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def info(self) -> ReasonerInfo:
        return ReasonerInfo("scripted")

    model_calls: tuple[ModelCall, ...] = ()

    def for_turn(self) -> "ScriptedReasoner":
        return self

    def gate(self, method: str) -> Gate:
        """Have a method wait, at its next call only."""
        self.gates[method] = Gate()
        return self.gates[method]

    def asked_for(self, method: str) -> list[Any]:
        return [detail for name, detail in self.asked if name == method]

    async def _called(self, method: str, detail: Any) -> None:
        self.asked.append((method, detail))
        if method in self.broken:
            raise ReasonerError(f"{method} cannot answer; start the server")
        if method in self.gates:
            await self.gates.pop(method).pass_through()

    async def guess(self, journeys: Sequence[Journey], conversation: Conversation) -> str | None:
        await self._called("guess", [journey.name for journey in journeys])
        return self.likeliest

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        await self._called("match", [condition.of for condition in conditions])
        return [self._judged(condition, conversation) for condition in conditions]

    def _judged(self, condition: Condition, conversation: Conversation) -> Judgement:
        known = " ".join(str(result.data) for result in conversation.results)
        fresh = condition.text in conversation.latest
        said_before = any(condition.text in said.text for said in conversation.messages) and not self.forgetful
        holds = fresh or condition.text in known or said_before
        score = self.scores.get(condition.of, 0.9) if holds else 0.0
        return Judgement(
            condition.of, holds, score, 0.5, "clear", "said", "it was said" if holds else "no", fresh=fresh
        )

    async def step(self, journey: Journey, position: Position | None, conversation: Conversation) -> Step:
        await self._called("step", (journey.name, position.current if position else None))
        if journey.name in self.moves:
            return self.moves[journey.name](position)
        if position is None:
            return Step("start", (journey.states[0].name,), "it begins")
        state = journey.by_name.get(position.current)
        direct = state.direct if state else None
        if direct is not None and position.spoken:
            return Step("complete" if direct.ends else "advance", (direct.to,), "it is done")
        for edge in state.next if state else ():
            if edge.condition and edge.condition in conversation.latest:
                return Step("complete" if edge.ends else "advance", (edge.to,), edge.condition)
        return Step("stay", (), "nothing moves it")

    async def arguments(self, tool: Tool, conversation: Conversation) -> list[Argument]:
        await self._called("arguments", tool.name)
        said = "\n".join(said.text for said in conversation.messages if said.speaker == "customer")
        found = []
        for parameter in tool.parameters:
            values = re.findall(rf"\b{parameter.name}=(\w+)", said)
            if not values:
                found.append(Argument(parameter.name, problem="missing", why="nobody said it"))
            elif values[-1] == "bad":
                found.append(Argument(parameter.name, "bad", "invalid", "it is bad"))
            else:
                found.append(Argument(parameter.name, values[-1], quote=values[-1]))
        return found

    async def draft(self, brief: Brief, on_words: OnWords | None = None) -> Draft:
        await self._called("draft", brief)
        if brief.given_draft is not None:
            return Draft(brief.given_draft, dictated=True)
        if self.silent:
            return Draft("")
        parts = [DraftPart(brief.clarify, "", "clarify")] if brief.clarify else []
        parts += [DraftPart(f"Which {missing.parameter.name}?", missing.tool, "ask") for missing in brief.missing]
        parts += [DraftPart(f"Sorry, {tool} failed.", tool, "failure") for tool in brief.failures]
        parts += [DraftPart(one.say or one.text, one.source, "say") for one in brief.instructions]
        parts += [DraftPart(f"{one.data}.", one.tool, "data") for one in brief.results if one.data is not None]
        text = " ".join(part.text for part in parts)
        return Draft(text or "Hm.", tuple(parts), nothing_applies=not parts)

    async def select(
        self, draft: Draft, candidates: Sequence[Candidate], instructions: Sequence[Instruction]
    ) -> Selection:
        await self._called("select", (draft, tuple(candidates)))
        scored = [
            ScoredCandidate(one.name, one.score, self.fits.get(one.name, "none"), "scripted") for one in candidates
        ]
        scored.sort(key=lambda one: -RANK[one.fit])
        if not scored or scored[0].fit == "none":
            return Selection(None, "none", tuple(scored), "nothing fits")
        name, fit = scored[0].name, scored[0].fit
        linked = next(one.linked for one in candidates if one.name == name)
        unsaid = self.unsaid.get(name, "")
        said = tuple(one.source for one in instructions if one.source == linked or not unsaid)
        return Selection(name, fit, tuple(scored), "scripted", unsaid, said, self.beside.get(name, ()))

    async def fill(self, requests: Sequence[FieldRequest], choice: Choice) -> dict[str, Any]:
        await self._called("fill", [request.name for request in requests])
        return {request.name: self.filled[request.name] for request in requests if request.name in self.filled}

    async def restyle(self, draft: Draft, candidates: Sequence[Candidate]) -> Restyled:
        await self._called("restyle", [candidate.name for candidate in candidates])
        return Restyled(f"{draft.text} (as {candidates[0].name})", True, candidates[0].name, "scripted")

    async def preamble(self, conversation: Conversation, choices: Sequence[str]) -> str | None:
        await self._called("preamble", tuple(choices))
        return (choices[0] if choices else "One moment.") if self.says_preambles else None

    async def clarify(self, options: Sequence[Option], conversation: Conversation) -> str:
        await self._called("clarify", [option.name for option in options])
        return f"Which one: {' or '.join(option.text for option in options)}?"


class Functions:
    """The code of an agent, as functions given by a test."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        self._functions = functions

    def resolve(self, reference: str) -> Callable[..., Any]:
        if reference not in self._functions:
            raise CodeError(f"there is no {reference}")
        return self._functions[reference]


@dataclass
class Stage:
    """A session with everything it runs on."""

    live: LiveSession
    engine: Engine
    reasoner: ScriptedReasoner
    clock: VirtualClock

    async def events(self, kind: EventKind | None = None) -> list[Event]:
        return [event for event in await self.live.events() if kind in (None, event.kind)]

    async def statuses(self) -> list[str]:
        return [event.data["status"] for event in await self.events(EventKind.STATUS)]

    async def said(self) -> list[str]:
        """Every message, each as `source: text`."""
        return [f"{event.source.value}: {event.text}" for event in await self.events(EventKind.MESSAGE)]


def every_entity(agent: Agent) -> list[str]:
    """Everything that must have an outcome in every turn."""
    names = [own.name for own, _ in agent.scoped_guidelines()]
    for journey in agent.journeys:
        names += [journey.name, *(f"{journey.name}.{state.name}" for state in journey.states)]
    names += [tool.name for tool in agent.tools]
    return names + [response.name for response, _ in agent.scoped_responses()]


def one_outcome_each(agent: Agent, trace: TurnTrace) -> bool:
    """Check that a finished turn has exactly one outcome for everything the agent has."""
    (closing,) = trace.all(Closing)
    named = [outcome.entity for outcome in closing.outcomes]
    own = every_entity(agent)
    assert len(named) == len(set(named)), "an entity has two outcomes"
    assert [name for name in named if "#" not in name] == own
    assert all(outcome.why or outcome.result.won for outcome in closing.outcomes), "a loser has no reason"
    return True


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def reasoner() -> ScriptedReasoner:
    return ScriptedReasoner()


Open = Callable[..., Awaitable[Stage]]


@pytest.fixture
def on_stage(reasoner: ScriptedReasoner) -> Open:
    """Open a session of an agent, `code` being its functions; every turn is checked for its outcomes."""

    async def open_stage(agent: Agent, code: Mapping[str, Callable[..., Any]] | None = None, **engine: Any) -> Stage:
        fields = {name: engine.pop(name) for name in ("customer", "customer_tags", "customer_name") if name in engine}
        clock = VirtualClock(NOW)
        parts = {
            "store": MemoryStore(clock),
            "reasoner": reasoner,
            "index": LexicalIndex(),
            "code": Functions(code or {}),
        }
        made = Engine(agent=agent, clock=clock, **{**parts, **engine})
        return Stage(await LiveSession.open(made, **fields), made, reasoner, clock)

    return open_stage


@pytest.fixture
def outcome_of() -> Callable[[TurnTrace, str], str]:
    """The outcome of an entity as `why_not` writes it."""

    def written(trace: TurnTrace, name: str) -> str:
        found: Outcome = trace.outcomes[name]
        return str(found)

    return written


@pytest.fixture
def line() -> Callable[[str], Relationship]:
    """Read one line of `relationships`."""

    def read(text: str) -> Relationship:
        source, kind, rest = text.split(" ", 2)
        any_of = rest.startswith("any of ")
        targets = tuple(target.strip() for target in rest.removeprefix("any of ").split(","))
        return Relationship(kind=RelationshipKind(kind), source=source, targets=targets, any_of=any_of)

    return read


@pytest.fixture
def complete() -> Callable[[Agent, TurnTrace], bool]:
    return one_outcome_each


@pytest.fixture
def names() -> Callable[[Sequence[Observation]], list[str]]:
    return lambda things: [thing.name for thing in things]
