"""The model of an agent: frozen values in the shape and the order of `agent.yaml`.

Every key of the agent file is a field here. Nothing in this module reads files, runs code or knows about sessions;
an `Agent` is a value that can be compared, hashed by content and rebuilt by an edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, model_validator

from engine.agent.basics import Code, CompositionMode, Duration, Texts, Value

END = "end"
"""The name that a transition gives to say that the journey ends."""


class Term(Value):
    """A glossary term: a word of the business and what it means."""

    kind: Literal["term"] = Field("term", exclude=True, repr=False)
    id: str
    name: str = ""
    description: str = ""
    synonyms: Texts = ()


class Capability(Value):
    """Something the agent can do and may offer, found by meaning."""

    kind: Literal["capability"] = Field("capability", exclude=True, repr=False)
    name: str
    title: str = ""
    description: str = ""
    signals: Texts = ()


class Variable(Value):
    """Something known about the customer: a value for everybody, for a tag or a customer, or from a tool.

    `values_for` maps a customer's name or `tag:name` to a value (the file's key is `for`); `freshness` is a cron line
    that says how often the tool may be asked again.
    """

    kind: Literal["variable"] = Field("variable", exclude=True, repr=False)
    name: str
    description: str = ""
    value: Any = None
    values_for: dict[str, Any] = Field(default_factory=dict, alias="for")
    tool: str | None = None
    freshness: str | None = None


class Customer(Value):
    """A registered customer. `id` is the name used in the file, `name` how the customer is addressed."""

    kind: Literal["customer"] = Field("customer", exclude=True, repr=False)
    id: str
    name: str = ""
    tags: Texts = ()
    metadata: dict[str, Any] = Field(default_factory=dict)


class Parameter(Value):
    """One parameter of a tool, and where its value may come from (`customer`: only from the customer's words).

    `type` is string, integer, number, boolean, date, datetime, timedelta, enum or `list of …`.
    """

    name: str
    type: str = "string"
    source: Literal["any", "customer", "context"] = "any"
    required: bool = True
    default: Any = None
    description: str = ""
    significance: str = ""
    examples: Texts = ()
    choices: Texts = ()
    precedence: int = 0
    hidden: bool = False


class Control(Value):
    """What a tool result asks of the session."""

    mode: Literal["auto", "manual"] | None = None
    lifespan: Literal["session", "response"] | None = None


class TriggerGuideline(Value):
    """What the agent is told to say in a triggered response, and why."""

    action: str
    rationale: Literal["follow_up", "buy_time", "unspecified"] = "unspecified"


class Stub(Value):
    """What a tool answers without code. Text in it is a template over `arguments`.

    `when` maps arguments to the values for which this stub answers (null: not given); `after` lets it finish in the
    background, and `follow_up` is then said.
    """

    when: dict[str, Any] | None = None
    data: Any = None
    fields: dict[str, Any] = Field(default_factory=dict)
    responses: Texts = ()
    control: Control = Control()
    metadata: dict[str, Any] = Field(default_factory=dict)
    guidelines: tuple[TriggerGuideline, ...] = ()
    error: str | None = None
    after: Duration | None = None
    follow_up: TriggerGuideline | None = None


class Tool(Value):
    """A tool: code (`python`) or stubs that answer in its place, tried in order.

    `parameters` are those written in the file, else those read (not run) from the function's signature.
    """

    kind: Literal["tool"] = Field("tool", exclude=True, repr=False)
    name: str
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    python: Code | None = None
    stubs: tuple[Stub, ...] = ()


class CannedResponse(Value):
    """An approved message: a template, drafts it is good for (signals) and data for the front end (metadata)."""

    kind: Literal["response"] = Field("response", exclude=True, repr=False)
    name: str
    template: str
    signals: Texts = ()
    metadata: dict[str, Any] = Field(default_factory=dict)
    tags: Texts = ()
    exclusive: bool = False


ResponseUse = str | CannedResponse
"""In a guideline or state: the name of a response (preferred there) or a response defined there (only there)."""


class Observation(Value):
    """A condition with no action: it gates, excludes, disambiguates, restricts the mode or brings responses."""

    kind: Literal["observation", "guideline"] = Field("observation", exclude=True, repr=False)
    name: str
    condition: str
    examples: Texts = ()
    counterexamples: Texts = ()
    title: str = ""
    description: str = ""
    enabled: bool = True
    criticality: Literal["low", "medium", "high"] = "medium"
    priority: int = 0
    tags: Texts = ()
    labels: Texts = ()
    metadata: dict[str, Any] = Field(default_factory=dict)
    tools: Texts = ()
    canned_responses: tuple[ResponseUse, ...] = ()
    composition_mode: CompositionMode | None = None
    matcher: Code | None = None
    fields: Code | None = None
    reevaluate_after: Texts = ()


class Guideline(Observation):
    """When the condition holds, the agent follows the action.

    `say` are the agent's own words for the action; `continuous` has it considered at every turn, `track=False` never
    remembers that it was carried out.
    """

    kind: Literal["observation", "guideline"] = Field("guideline", exclude=True, repr=False)
    action: str
    say: str | None = None
    continuous: bool = False
    track: bool = True


class Transition(Value):
    """A way from one state to another; without a condition it is direct."""

    to: str
    condition: str | None = Field(None, alias="when")
    examples: Texts = ()
    counterexamples: Texts = ()

    @property
    def ends(self) -> bool:
        """Whether this transition leads out of the journey."""
        return self.to == END


class State(Value):
    """One state of a journey: chat, tool, a link to another journey, or a fork (only transitions)."""

    name: str
    chat: str | None = None
    tool: str | None = None
    journey: str | None = None
    instruction: str = ""
    next: tuple[Transition, ...] = ()
    say: str | None = None
    canned_responses: tuple[ResponseUse, ...] = ()
    composition_mode: CompositionMode | None = None
    fields: Code | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)

    @property
    def kind(self) -> Literal["chat", "tool", "link", "fork"]:
        """What the state does."""
        if self.tool is not None:
            return "tool"
        if self.journey is not None:
            return "link"
        return "fork" if self.chat is None else "chat"

    @property
    def direct(self) -> Transition | None:
        """The state's direct transition, if it has one."""
        return self.next[0] if self.next and self.next[0].condition is None else None


class Journey(Value):
    """A protocol for a conversation: conditions that activate it and states to go through.

    A condition is a text or the name of an observation.
    """

    kind: Literal["journey"] = Field("journey", exclude=True, repr=False)
    name: str
    title: str = ""
    conditions: Texts = ()
    description: str = ""
    enabled: bool = True
    priority: int = 0
    tags: Texts = ()
    labels: Texts = ()
    metadata: dict[str, Any] = Field(default_factory=dict)
    composition_mode: CompositionMode | None = None
    states: tuple[State, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    observations: tuple[Observation, ...] = ()
    canned_responses: tuple[CannedResponse, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, State]:
        """The states by their names."""
        return {state.name: state for state in self.states}

    @property
    def first(self) -> State | None:
        """Where the journey starts: its first state."""
        return self.states[0] if self.states else None


class RelationshipKind(StrEnum):
    """How a source bears on its targets, as the word in a relationship's line."""

    EXCLUDES = "excludes"
    DEPENDS_ON = "depends_on"
    ENTAILS = "entails"
    DISAMBIGUATES = "disambiguates"


class Relationship(Value):
    """One line of `relationships`: names or `tag:name`; `any_of` makes the targets of a dependency an OR."""

    kind: RelationshipKind
    source: str
    targets: Texts
    any_of: bool = False

    def __str__(self) -> str:
        """The line as it stands in the file."""
        return f"{self.source} {self.kind} {'any of ' if self.any_of else ''}{', '.join(self.targets)}"


class FollowUp(Value):
    """What the agent says when the customer has been silent for `after`, at most `at_most` times."""

    after: Duration
    action: str
    at_most: int = 1
    rationale: Literal["follow_up", "buy_time", "unspecified"] = "follow_up"


class NoMatch(Value):
    """The function that gives the words of a no-match."""

    python: Code


Thing = Guideline | Observation | Journey | CannedResponse | Tool | Variable | Term | Capability | Customer


class Agent(Value):
    """Everything an author wrote, in the order of the file."""

    name: str
    description: str = ""
    composition_mode: CompositionMode = CompositionMode.FLUID
    preambles: Literal["auto", "off"] | Texts = "auto"
    no_match: str | NoMatch | None = None
    tags: Texts = ()
    metadata: dict[str, Any] = Field(default_factory=dict)
    glossary: tuple[Term, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    variables: tuple[Variable, ...] = ()
    customers: tuple[Customer, ...] = ()
    tools: tuple[Tool, ...] = ()
    observations: tuple[Observation, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    relationships: tuple[Relationship, ...] = ()
    canned_responses: tuple[CannedResponse, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    journeys: tuple[Journey, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _preambles_as_written(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("preambles"), list):
            return {**data, "preambles": tuple(data["preambles"])}
        return data

    def scoped_guidelines(self) -> Iterator[tuple[Observation, Journey | None]]:
        """All observations and guidelines, each with the journey it is scoped to, in file order."""
        for own in (*self.observations, *self.guidelines):
            yield own, None
        for journey in self.journeys:
            for scoped in (*journey.observations, *journey.guidelines):
                yield scoped, journey

    def scoped_responses(self) -> Iterator[tuple[CannedResponse, str | None]]:
        """All canned responses, each with the name of what it is scoped to.

        The scope is None for the agent's own, a journey's name, a guideline's or observation's name, or
        `journey.state`, in file order.
        """
        for response in self.canned_responses:
            yield response, None
        for guideline, _ in self.scoped_guidelines():
            for use in guideline.canned_responses:
                if isinstance(use, CannedResponse):
                    yield use, guideline.name
        for journey in self.journeys:
            for response in journey.canned_responses:
                yield response, journey.name
            for state in journey.states:
                for use in state.canned_responses:
                    if isinstance(use, CannedResponse):
                        yield use, f"{journey.name}.{state.name}"

    @cached_property
    def things(self) -> Mapping[str, Thing]:
        """Every named thing of the agent by its name (states are reached through `state`)."""
        found: dict[str, Thing] = {}
        for term in self.glossary:
            found[term.id] = term
        for customer in self.customers:
            found[customer.id] = customer
        named: tuple[Capability | Variable | Tool | Journey, ...] = (
            *self.capabilities,
            *self.variables,
            *self.tools,
            *self.journeys,
        )
        for thing in named:
            found[thing.name] = thing
        for guideline, _ in self.scoped_guidelines():
            found[guideline.name] = guideline
        for response, _ in self.scoped_responses():
            found[response.name] = response
        return found

    @cached_property
    def tagged(self) -> Mapping[str, tuple[str, ...]]:
        """The names of the guidelines, observations and journeys that bear each tag, in file order."""
        members: dict[str, list[str]] = {}
        bearers: list[Observation | Journey] = [guideline for guideline, _ in self.scoped_guidelines()]
        for bearer in (*bearers, *self.journeys):
            for tag in bearer.tags:
                members.setdefault(tag, []).append(bearer.name)
        return {tag: tuple(names) for tag, names in members.items()}

    def state(self, full_name: str) -> tuple[Journey, State] | None:
        """Find a state by `journey.state`; None when there is no such journey or state."""
        journey_name, _, state_name = full_name.partition(".")
        journey = self.things.get(journey_name)
        if isinstance(journey, Journey) and state_name in journey.by_name:
            return journey, journey.by_name[state_name]
        return None
