"""The question where a conversation stands: conditions, steps of journeys and arguments of tools in one answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, create_model

from engine.agent.model import Agent, Observation, Tool
from engine.reasoner.base import Argument, Condition, Confidence, Judgement, Step
from engine.reasoner.conversation import Conversation
from engine.reasoner.llm.model import Prompt, Task
from engine.reasoner.llm.parameters import arguments_of, described, finding_of
from engine.reasoner.llm.room import Room
from engine.reasoner.llm.routes import Route, what_it_does
from engine.reasoner.llm.shapes import STRICT, by_name, by_own_names
from engine.reasoner.llm.writing import Writer

THRESHOLD = 0.5
RULE = "model"


class Verdict(StrEnum):
    """A model's word on a condition."""

    YES = "yes"
    STILL = "still"
    PROBABLY = "probably"
    PERHAPS = "perhaps"
    HARDLY = "hardly"
    NO = "no"


class _Meaning(NamedTuple):
    score: float
    confidence: Confidence


MEANINGS: Mapping[Verdict, _Meaning] = {
    Verdict.YES: _Meaning(1.0, "clear"),
    Verdict.STILL: _Meaning(0.9, "clear"),
    Verdict.PROBABLY: _Meaning(0.75, "close"),
    Verdict.PERHAPS: _Meaning(0.55, "guess"),
    Verdict.HARDLY: _Meaning(0.3, "close"),
    Verdict.NO: _Meaning(0.0, "clear"),
}
"""The score and the confidence of each word; from `THRESHOLD` on a condition holds."""


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """An observation that has the customer choose between targets that hold."""

    of: str
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked at once.

    Attributes:
        conditions: Every one of them gets a verdict.
        routes: The journeys to move.
        tools: The tools whose arguments may be needed.
        ambiguities: Where the answer may bring the question for the customer.
        required: The names of the journeys and tools that must be answered for; the others where it makes sense.
    """

    conditions: tuple[Condition, ...] = ()
    routes: tuple[Route, ...] = ()
    tools: tuple[Tool, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    required: frozenset[str] = frozenset()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the things of the agent that it speaks of."""
        owners = (condition.of.partition("#")[0] for condition in self.conditions)
        journeys = (route.journey.name for route in self.routes)
        return (*owners, *journeys, *(tool.name for tool in self.tools), *(one.of for one in self.ambiguities))


@dataclass(frozen=True, slots=True)
class Findings:
    """What a model answered, by name."""

    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    steps: Mapping[str, Step] = field(default_factory=dict)
    arguments: Mapping[str, list[Argument]] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)


def schema_of(question: Question) -> type[BaseModel]:
    """The shape of the answer: what is required, in the order in which a model should think."""
    fields: dict[str, Any] = {"reading": (str, ...)}
    if question.conditions:
        names = tuple(condition.of for condition in question.conditions)
        of: Any = Literal[names]
        reason = create_model("Reason", __config__=STRICT, of=(of, ...), why=(str, ...))
        fields["reasons"] = (list[reason], ...)
        fields["verdicts"] = (by_name("Verdicts", dict.fromkeys(names, (Verdict, True))), ...)
    if question.routes:
        moves = {
            route.journey.name: (_move(route), route.journey.name in question.required) for route in question.routes
        }
        fields["journeys"] = (by_name("Journeys", moves), ...)
    if question.tools:
        tools = {tool.name: (_findings(tool), tool.name in question.required) for tool in question.tools}
        fields["tools"] = (by_name("Tools", tools), ...)
    if question.ambiguities:
        fields["questions"] = (by_name("Questions", {one.of: (str | None, True) for one in question.ambiguities}), ...)
    return create_model("Situation", __config__=STRICT, **fields)


def _move(route: Route) -> type[BaseModel]:
    labels = tuple(move.label for move in route.moves)
    move: Any = Literal[labels]
    sure: Any = Literal["clear", "close", "guess"]
    return create_model("Move", __config__=STRICT, why=(str, ...), move=(move, ...), sure=(sure, ...))


def _findings(tool: Tool) -> type[BaseModel]:
    return by_name("Arguments", {parameter.name: (finding_of(parameter), True) for parameter in tool.parameters})


def prompt_of(
    task: Task, question: Question, schema: type[BaseModel], conversation: Conversation, room: Room
) -> Prompt:
    """The prompt that asks a question whose answer has the shape `schema_of` gives."""
    shown = examples_that_fit(question.conditions, room.conditions)
    optional = [route.journey.name for route in question.routes if route.journey.name not in question.required]
    parameters = sum(len(tool.parameters) for tool in question.tools)
    return Writer(conversation, room).prompt(
        task,
        schema.model_json_schema(),
        longest=400 + 20 * len(question.conditions) + 80 * len(question.routes) + 60 * parameters,
        reads=question.names,
        conditions=question.conditions,
        most_examples=shown,
        journeys=[_journey(route) for route in question.routes],
        tools=[_tool(tool, question, conversation) for tool in question.tools],
        ambiguities=question.ambiguities,
        required_journeys=[one.journey.name for one in question.routes if one.journey.name in question.required],
        optional_journeys=optional,
        required_tools=[tool.name for tool in question.tools if tool.name in question.required],
    )


def examples_that_fit(conditions: Sequence[Condition], most: int) -> int:
    """How many examples, and as many counterexamples, each condition may show, so that all conditions fit."""
    numbers = [max(len(one.examples), len(one.counterexamples)) for one in conditions]
    bare = sum(len(one.of) + len(one.text) + 5 for one in conditions)
    for count in range(max(numbers, default=0), 0, -1):
        texts = (text for one in conditions for text in (*one.examples[-count:], *one.counterexamples[-count:]))
        if bare + sum(len(text) + 4 for text in texts) <= most:
            return count
    return 0


def _journey(route: Route) -> dict[str, Any]:
    journey, position = route.journey, route.position
    if position is None:
        stands = "It does not run yet."
    else:
        state = journey.by_name[position.current]
        said = {True: "said", False: "not said yet"}[position.spoken]
        stands = f"It stands at {state.name}" + (f" ({said})." if state.kind == "chat" else ".")
    states = [{"name": state.name, "does": what_it_does(state)} for state in route.states]
    return {
        "name": journey.name,
        "title": journey.title,
        "description": journey.description,
        "stands": stands,
        "states": states,
        "moves": route.moves,
    }


def _tool(tool: Tool, question: Question, conversation: Conversation) -> dict[str, Any]:
    parameters = [
        {
            "name": parameter.name,
            "kind": parameter.type if parameter.required else f"{parameter.type}, optional",
            "description": described(parameter, parameter.name in conversation.asked),
        }
        for parameter in tool.parameters
    ]
    return {
        "name": tool.name,
        "description": tool.description,
        "parameters": parameters,
        "wanted_by": list(_wanting(tool.name, question, conversation.agent)),
    }


def _wanting(tool: str, question: Question, agent: Agent) -> Iterator[str]:
    """The conditions and the states for which a tool is run."""
    for condition in question.conditions:
        thing = agent.things.get(condition.of)
        if isinstance(thing, Observation) and tool in thing.tools:
            yield condition.of
    for route in question.routes:
        yield from (f"{route.journey.name}.{state.name}" for state in route.states if state.tool == tool)


def read_answer(text: str, question: Question, schema: type[BaseModel], conversation: Conversation) -> Findings:
    """Read an answer of the shape that `schema_of` gives for a question.

    Raises:
        pydantic.ValidationError: When it is not of the shape that was asked for.

    """
    answer = schema.model_validate_json(text)
    return Findings(
        judgements=_judgements(answer, question) if question.conditions else {},
        steps=_steps(answer, question) if question.routes else {},
        arguments=_arguments(answer, question, conversation) if question.tools else {},
        questions=_questions(answer) if question.ambiguities else {},
    )


def _judgements(answer: Any, question: Question) -> dict[str, Judgement]:
    reasons = {reason.of: " ".join(reason.why.split()) for reason in answer.reasons}
    found: dict[str, Judgement] = {}
    for name, verdict in by_own_names(answer.verdicts).items():
        score, confidence = MEANINGS[verdict]
        holds = score >= THRESHOLD
        why = reasons.get(name) or f"the model says {verdict.value}: {' '.join(answer.reading.split())}"
        fresh = verdict is not Verdict.STILL
        found[name] = Judgement(name, holds, score, THRESHOLD, confidence, RULE, why, fresh=fresh)
    return found


def _steps(answer: Any, question: Question) -> dict[str, Step]:
    routes = {route.journey.name: route for route in question.routes}
    return {
        name: routes[name].step(move.move, " ".join(move.why.split()), move.sure)
        for name, move in by_own_names(answer.journeys).items()
    }


def _arguments(answer: Any, question: Question, conversation: Conversation) -> dict[str, list[Argument]]:
    tools = {tool.name: tool for tool in question.tools}
    return {name: arguments_of(tools[name], found, conversation) for name, found in by_own_names(answer.tools).items()}


def _questions(answer: Any) -> dict[str, str]:
    return {name: text.strip() for name, text in by_own_names(answer.questions).items() if text.strip()}
