"""The record of one turn: every decision, what it was made from, what lost and why.

The trace is what the inspector, `why_not`, coverage, reports and scenarios read. Its records are filled stage by stage
by the pipeline, in the order in which the stages run, and never change afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter

from engine.agent.basics import CompositionMode
from engine.reasoner.base import (
    Argument,
    DraftPart,
    EdgeJudgement,
    Fit,
    Judgement,
    ModelCall,
    ReasonerInfo,
    ScoredCandidate,
    Step,
)
from engine.turn.results import Outcome


@dataclass(frozen=True, slots=True)
class Reads:
    """The read set of a stage: what it looked at, by name, with the hash of the content it saw."""

    digests: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Situation:
    """What was loaded before anything was judged: the customer, variables, glossary and capabilities in play."""

    customer: str
    variables: Mapping[str, Any]
    terms: tuple[str, ...]
    capabilities: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    reads: Reads = Reads()
    stage: Literal["situation"] = "situation"


@dataclass(frozen=True, slots=True)
class PreambleChoice:
    """The preamble that was said, or why none was."""

    text: str | None
    why: str
    response: str | None = None
    stage: Literal["preamble"] = "preamble"


@dataclass(frozen=True, slots=True)
class Matching:
    """Which conditions hold, as judged in one round, and which journeys are active.

    `guessed` is the journey that was expected to be in play; the guess held when no other needed a further pass.
    """

    round: int
    judgements: tuple[Judgement, ...]
    guessed: str | None = None
    guess_held: bool = True
    active: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    reads: Reads = Reads()
    stage: Literal["matching"] = "matching"


@dataclass(frozen=True, slots=True)
class JourneyMove:
    """How one journey moved in a round: where it was, the step taken, where it is now."""

    journey: str
    before: tuple[str, ...]
    step: Step
    after: tuple[str, ...]
    warning: str = ""

    def took(self, edge: EdgeJudgement) -> bool:
        """Whether the journey went along a transition in this step."""
        entered = self.after[max(0, len(self.before) - 1) :] if self.step.move != "restart" else self.after
        return (edge.source, edge.to) in zip(entered, entered[1:], strict=False)


@dataclass(frozen=True, slots=True)
class JourneySteps:
    """How the active journeys moved in one round."""

    round: int
    moves: tuple[JourneyMove, ...]
    reads: Reads = Reads()
    stage: Literal["journeys"] = "journeys"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which of the matched survive the relationships of one round, and the one reason of each that does not."""

    round: int
    survivors: tuple[str, ...]
    entailed: Mapping[str, str]
    removed: tuple[Outcome, ...]
    clarify: tuple[str, ...] = ()
    clarify_by: str | None = None
    iterations: int = 1
    warnings: tuple[str, ...] = ()
    reads: Reads = Reads()
    stage: Literal["relationships"] = "relationships"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One tool that was considered: what for, its arguments, and its answer or why it was not called.

    `result` is the JSON form of the `ToolResult`; `error` one line for people, `traceback` where code raised.
    """

    tool: str
    wanted_by: tuple[str, ...]
    arguments: tuple[Argument, ...]
    called: bool
    stubbed: bool = False
    result: Mapping[str, Any] | None = None
    error: str = ""
    traceback: str = ""
    background: bool = False

    @property
    def values(self) -> dict[str, Any]:
        """The arguments that were given, by name."""
        return {argument.name: argument.value for argument in self.arguments if not argument.problem}


@dataclass(frozen=True, slots=True)
class ToolRound:
    """The tools of one round, in the order in which they were wanted."""

    round: int
    calls: tuple[ToolCall, ...]
    reads: Reads = Reads()
    stage: Literal["tools"] = "tools"


@dataclass(frozen=True, slots=True)
class Drafting:
    """The draft: what the agent would say in its own words, piece by piece."""

    text: str
    parts: tuple[DraftPart, ...]
    instructions: tuple[str, ...]
    dictated: bool = False
    nothing_applies: bool = False
    reads: Reads = Reads()
    stage: Literal["draft"] = "draft"


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One response in scope, as retrieval ranked it."""

    name: str
    score: float
    nearest: str
    rank: int
    bonus: float = 0.0
    linked: str | None = None
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Which canned responses are near the draft. `threshold` is what a response had to reach unless linked."""

    ranked: tuple[Retrieved, ...]
    threshold: float
    embeddings: str
    reads: Reads = Reads()
    stage: Literal["retrieval"] = "retrieval"


@dataclass(frozen=True, slots=True)
class Rendered:
    """One candidate with its fields filled in, or the field or error that stopped it."""

    name: str
    text: str | None
    fields: Mapping[str, Any] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Rendering:
    """The candidates as text. `fields` is everything that could be used, by name, with where it came from."""

    rendered: tuple[Rendered, ...]
    fields: Mapping[str, str]
    warnings: tuple[str, ...] = ()
    stage: Literal["rendering"] = "rendering"


@dataclass(frozen=True, slots=True)
class Selecting:
    """Which candidate was chosen, with which fit, and what the others scored.

    `beside` is what other instructions have the agent say beside the choice, sent after it where drafts may be sent.
    """

    choice: str | None
    fit: Fit
    scored: tuple[ScoredCandidate, ...]
    why: str
    follow_up: str | None = None
    beside: str = ""
    carried_out: tuple[str, ...] = ()
    stage: Literal["selection"] = "selection"


@dataclass(frozen=True, slots=True)
class Composition:
    """What was sent and by which mode: `asked_by` names who asked for that mode.

    `sources` says what each message is made from: a response's name, `draft`, `restyled:NAME` or `no_match`.
    `recommended` is a draft that was sent as it is, as a template worth keeping.
    """

    mode: CompositionMode
    asked_by: tuple[str, ...]
    messages: tuple[str, ...]
    sources: tuple[str, ...]
    why: str
    recommended: str = ""
    warnings: tuple[str, ...] = ()
    stage: Literal["composition"] = "composition"


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a turn: one outcome for every entity, and the positions of the journeys."""

    outcomes: tuple[Outcome, ...]
    positions: Mapping[str, tuple[str, ...]]
    applied: tuple[str, ...]
    stage: Literal["closing"] = "closing"


_S = TypeVar("_S")

_UNREPEATABLE: dict[str, Any] = {"seconds": True, "model_calls": {"__all__": {"seconds"}}}
"""What differs from one run to the next: times on the wall clock."""

Stage = (
    Situation
    | PreambleChoice
    | Matching
    | JourneySteps
    | Resolution
    | ToolRound
    | Drafting
    | Retrieval
    | Rendering
    | Selecting
    | Composition
    | Closing
)
"""What the pipeline yields, one after the other."""


@dataclass(slots=True)
class TurnTrace:
    """The record of one turn.

    `status` is `completed`, `silent` (manual mode, or a trigger with nothing to say), `cancelled` or `failed`;
    `error` is one line for people, then. `model_calls` are the calls of a language model that it took. `seconds` is
    how long the turn took on the wall clock; such times are left out of `to_json`, so that the same inputs give the
    same bytes.
    """

    id: str
    session: str
    turn: int
    agent: str
    reasoner: ReasonerInfo
    started: datetime
    cause: Literal["customer", "trigger"] = "customer"
    heard: tuple[str, ...] = ()
    trigger: tuple[str, ...] = ()
    mode: Literal["auto", "manual"] = "auto"
    status: Literal["running", "completed", "silent", "cancelled", "failed"] = "running"
    error: str = ""
    stages: list[Stage] = field(default_factory=list)
    model_calls: tuple[ModelCall, ...] = ()
    seconds: float = 0.0

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The outcome of every entity by name (states by `journey.state`); empty while the turn runs."""
        return {outcome.entity: outcome for stage in self.all(Closing) for outcome in stage.outcomes}

    @property
    def messages(self) -> tuple[str, ...]:
        """What the agent said, preambles left out."""
        return tuple(text for stage in self.all(Composition) for text in stage.messages)

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The tools that ran, in order."""
        return tuple(call for stage in self.all(ToolRound) for call in stage.calls if call.called)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Everything that was survived, but should be looked at."""
        found: list[str] = []
        for stage in self.stages:
            found.extend(getattr(stage, "warnings", ()))
            if isinstance(stage, JourneySteps):
                found.extend(move.warning for move in stage.moves if move.warning)
        return tuple(dict.fromkeys(found))

    def all(self, kind: type[_S]) -> list[_S]:
        """The stages of one kind, in order."""
        return [stage for stage in self.stages if isinstance(stage, kind)]

    def last(self, kind: type[_S]) -> _S | None:
        """The last stage of one kind; None when the turn has none."""
        found = self.all(kind)
        return found[-1] if found else None

    def to_json(self) -> dict[str, Any]:
        """The trace as JSON values; equal for equal inputs."""
        values: dict[str, Any] = _adapter().dump_python(self, mode="json", exclude=_UNREPEATABLE)
        return values

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> TurnTrace:
        """Read what `to_json` wrote."""
        return _adapter().validate_python(values)


@cache
def _adapter() -> TypeAdapter[TurnTrace]:
    return TypeAdapter(TurnTrace)
