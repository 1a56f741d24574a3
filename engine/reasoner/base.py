"""The Reasoner protocol: the judgements that a turn asks for, and the values they are given and answered in.

Everything else in a turn is deterministic; a reasoner is the only place where a language model can be.
All values are frozen and cheap; scores lie between 0 and 1 and are rounded to 4 decimals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from engine.agent.model import Journey, Parameter, Tool
from engine.reasoner.conversation import Conversation, KnownResult, Position

Confidence = Literal["clear", "close", "guess"]
Fit = Literal["high", "partial", "low", "none"]

OnWords = Callable[[str], None]
"""Called with all the words so far, each time more of them have come."""


class ReasonerError(Exception):
    """The reasoner cannot answer; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition to judge. `of` is the name of what it belongs to (`journey#2` for a journey's second condition)."""

    of: str
    text: str
    examples: tuple[str, ...] = ()
    counterexamples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a condition holds.

    `fresh` says that the latest message alone makes it hold (not the memory of earlier ones); `rule` names the rule
    that decided (e.g. `example`, `act`, `data`, `similarity`); `why` is one sentence for people; `nearest` quotes the
    nearest example.
    """

    of: str
    holds: bool
    score: float
    threshold: float
    confidence: Confidence
    rule: str
    why: str
    nearest: str = ""
    fresh: bool = True


@dataclass(frozen=True, slots=True)
class EdgeJudgement:
    """One transition that competed when a journey stepped. `condition` is empty for a direct one."""

    source: str
    to: str
    condition: str
    holds: bool
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """How a journey moves this turn.

    `path` is the states entered, in order (empty: stay); `end` as the last one completes the journey. `move` says what
    kind of step it is; `uncertain` marks a stay for want of a margin.
    """

    move: Literal["start", "stay", "advance", "back", "restart", "leave", "complete"]
    path: tuple[str, ...]
    why: str
    edges: tuple[EdgeJudgement, ...] = ()
    confidence: Confidence = "clear"
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Argument:
    """The value found for a tool's parameter, or why there is none.

    `problem` is `missing` (not found), `invalid` (found, but of the wrong shape or none of the choices) or empty.
    `quote` is where it was found, in the words of the conversation.
    """

    name: str
    value: Any = None
    problem: Literal["", "missing", "invalid"] = ""
    why: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Instruction:
    """Something the draft should do: a guideline's action, a state's chat, a trigger's action.

    `source` names it (`journey.state` for states); `say` are an author's own words, used as they are;
    `tools` are the names of the tools attached to it.
    """

    source: str
    kind: Literal["guideline", "state", "trigger"]
    text: str
    say: str | None = None
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MissingArgument:
    """A tool argument that the agent has to ask for, most urgent first."""

    tool: str
    parameter: Parameter
    invalid: bool = False
    value: Any = None


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything a draft is made from, most important first: guidelines, then states."""

    conversation: Conversation
    instructions: tuple[Instruction, ...] = ()
    results: tuple[KnownResult, ...] = ()
    missing: tuple[MissingArgument, ...] = ()
    clarify: str | None = None
    given_draft: str | None = None
    rationale: str | None = None
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A piece of a draft: its words, what asked for it, and the rule that worded it (`stub`: none did)."""

    text: str
    source: str
    rule: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What the agent would say in its own words. `nothing_applies` marks a draft that no instruction asked for."""

    text: str
    parts: tuple[DraftPart, ...] = ()
    dictated: bool = False
    nothing_applies: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rendered canned response. `linked` names what active thing it is attached to, if any.

    `score` is its retrieval score; `fields` maps the names of the fields it used to their values.
    """

    name: str
    text: str
    template: str
    score: float
    signals: tuple[str, ...] = ()
    linked: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate as selection saw it."""

    name: str
    score: float
    fit: Fit
    why: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Which candidate says the draft, how well, and which instructions the turn carries out.

    `scored` lists all candidates, best first; `choice` is None when none fits at all. `covers` is what part of the
    draft the choice leaves unsaid (empty: nothing), for a follow-up response. `beside` are the parts of the draft that
    other instructions asked for and of which the choice says nothing. `carried_out` names instructions.
    """

    choice: str | None
    fit: Fit
    scored: tuple[ScoredCandidate, ...]
    why: str
    unsaid: str = ""
    carried_out: tuple[str, ...] = ()
    beside: tuple[DraftPart, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldRequest:
    """A generative field of a template: its name (without `generative.`) and the template around it."""

    name: str
    template: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What a canned response is about to be chosen from.

    `ready` are the candidates that need no generative field; `open` those whose `text` still shows such fields as
    `{{ generative.name }}`.
    """

    conversation: Conversation
    draft: Draft
    ready: tuple[Candidate, ...] = ()
    open: tuple[Candidate, ...] = ()
    instructions: tuple[Instruction, ...] = ()


@dataclass(frozen=True, slots=True)
class Restyled:
    """A draft in the style of candidates. `changed` is False when it had to stay as it was; `why` says why."""

    text: str
    changed: bool
    style_from: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Option:
    """One thing the customer may have meant: its name and its condition (or a journey's title)."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ReasonerInfo:
    """Who did the thinking, as shown on every screen, report and trace."""

    name: str
    model: str = ""
    embeddings: str = ""

    def __str__(self) -> str:
        """E.g. `embedded · lexical`."""
        return " · ".join(part for part in (self.name, self.model, self.embeddings) if part)


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call of a language model, as the trace keeps it.

    `task` is what it was for, `attempts` counts the answers until one was usable, `answered` is the text of the last
    one. `seconds` is wall-clock time, which the JSON form of a trace leaves out.
    """

    task: str
    prompt_characters: int
    prompt_tokens: int = 0
    answer_tokens: int = 0
    attempts: int = 1
    warning: str = ""
    recorded: bool = False
    answered: str = ""
    seconds: float = 0.0


class Reasoner(Protocol):
    """Who does the thinking a turn asks for. Any method may raise `ReasonerError`."""

    @property
    def info(self) -> ReasonerInfo:
        """Who this is; fixed for the life of the reasoner."""
        ...

    @property
    def model_calls(self) -> tuple[ModelCall, ...]:
        """The calls of a language model made so far in this turn, in the order in which they were begun."""
        ...

    def for_turn(self) -> Reasoner:
        """The reasoner of one turn: what it found out for one judgement it may use for the next ones of that turn."""
        ...

    async def guess(self, journeys: Sequence[Journey], conversation: Conversation) -> str | None:
        """The journey that is likeliest to become active, cheaply; None for none."""
        ...

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        """Judge every condition, in the order given."""
        ...

    async def step(self, journey: Journey, position: Position | None, conversation: Conversation) -> Step:
        """Say how an active journey moves; `position` None means that it starts now."""
        ...

    async def arguments(self, tool: Tool, conversation: Conversation) -> list[Argument]:
        """Find the arguments of a tool, one per parameter, in their order."""
        ...

    async def draft(self, brief: Brief, on_words: OnWords | None = None) -> Draft:
        """Word what the agent should say.

        Args:
            brief: What it is made from.
            on_words: Called with the words so far while a slow reasoner writes them.
        """
        ...

    async def select(
        self, draft: Draft, candidates: Sequence[Candidate], instructions: Sequence[Instruction]
    ) -> Selection:
        """Choose the canned response that says the draft, and say which instructions are carried out by it."""
        ...

    async def fill(self, requests: Sequence[FieldRequest], choice: Choice) -> dict[str, Any]:
        """Infer generative fields; a name that cannot be inferred is left out.

        Args:
            requests: The fields.
            choice: What will be chosen from once they are known, so that a reasoner may settle both at once.
        """
        ...

    async def restyle(self, draft: Draft, candidates: Sequence[Candidate]) -> Restyled:
        """Reword a draft in the style of the candidates, keeping every fact."""
        ...

    async def preamble(self, conversation: Conversation, choices: Sequence[str]) -> str | None:
        """A short acknowledgement: one of `choices`, or free when there are none; None to say nothing."""
        ...

    async def clarify(self, options: Sequence[Option], conversation: Conversation) -> str:
        """The question that has the customer choose between the options."""
        ...
