"""What a scenario file says, read and validated: cases, their steps, and what is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from engine.agent.model import Stub, TriggerGuideline
from engine.reasoner.pinned import Pin

DEFAULT_CLOCK = datetime(2026, 1, 5, 9, 0)
"""When a scenario plays unless `given.clock` says otherwise: Monday, 5 January 2026, 09:00."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        """E.g. `balance.scenario.yaml:12:5`."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class CustomerSays:
    """The customer's messages of one turn."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HumanAgentSays:
    """A message of a human agent, as themselves."""

    text: str


@dataclass(frozen=True, slots=True)
class OnBehalfSays:
    """A message of a human agent that the customer sees as the agent's."""

    text: str


@dataclass(frozen=True, slots=True)
class TriggerResponse:
    """A turn without a customer message; with guidelines, the agent says just that."""

    guidelines: tuple[TriggerGuideline, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class CustomEvent:
    """Something that a front end or another system reports."""

    source: str
    data: Any


@dataclass(frozen=True, slots=True)
class Changes:
    """What a `set` step changes: variables, fields of the session, and the answers of tools."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    session: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, tuple[Stub, ...]] = field(default_factory=dict)
    live: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """Virtual time that passes; whatever falls due meanwhile happens in order."""

    span: timedelta


Input = CustomerSays | HumanAgentSays | OnBehalfSays | TriggerResponse | CustomEvent | Changes | Wait
"""What a step does to the conversation."""


@dataclass(frozen=True, slots=True)
class CheckCall:
    """One check of a step: its key and what is expected. `negated` stands under `not`."""

    key: str
    expected: Any
    place: Place
    negated: bool = False

    def __str__(self) -> str:
        """E.g. `response: balance_is` or `not calls: book_flight`."""
        return f"{'not ' if self.negated else ''}{self.key}: {self.expected_text}"

    @property
    def expected_text(self) -> str:
        """What is expected, for people."""
        if not isinstance(self.expected, Mapping):
            return str(self.expected)
        listed = (f"{name}: {_listed(value)}" for name, value in self.expected.items())
        return ", ".join(listed) or "{}"


@dataclass(frozen=True, slots=True)
class Step:
    """One item of `steps`: what happens, or what is checked about the turn before it, or both."""

    place: Place
    input: Input | None = None
    checks: tuple[CheckCall, ...] = ()
    given_draft: str | None = None
    pin: Pin | None = None

    @property
    def release(self) -> str | None:
        """The trigger that this step names, which is said now if the session still holds it."""
        for check in self.checks:
            if check.key == "trigger" and not check.negated and len(check.expected.items) == 1:
                return str(check.expected.items[0])
        return None


@dataclass(frozen=True, slots=True)
class GivenCustomer:
    """Who the customer is: `id` when registered with the agent, else just a name and tags."""

    id: str | None = None
    name: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolAnswer:
    """A tool result in `given.history`."""

    tool: str
    arguments: Mapping[str, Any]
    data: Any
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AgentSaid:
    """An `agent:` line in `given.history`."""

    text: str


HistoryEntry = CustomerSays | HumanAgentSays | OnBehalfSays | CustomEvent | AgentSaid | ToolAnswer


@dataclass(frozen=True, slots=True)
class Given:
    """What holds before the first step.

    `live` names the tools that run their code although this is a replay (`all_live`: every one); `at` maps a journey
    to the path of states it has gone (the last one may be `end`).
    """

    reasoner: str = "embedded"
    embeddings: str = "auto"
    clock: datetime = DEFAULT_CLOCK
    customer: GivenCustomer = GivenCustomer()
    variables: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, tuple[Stub, ...]] = field(default_factory=dict)
    live: tuple[str, ...] = ()
    all_live: bool = False
    session: Mapping[str, Any] = field(default_factory=dict)
    at: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    applied: tuple[str, ...] = ()
    history: tuple[HistoryEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectations:
    """What `expect` says about all turns of a case together.

    Each check holds at some turn (negated: at no turn); `order` lists sets of checks that hold at turns one after
    the other.
    """

    checks: tuple[CheckCall, ...] = ()
    order: tuple[tuple[CheckCall, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One conversation to replay. `path` says which case, alternative and branches it takes."""

    scenario: str
    place: Place
    path: tuple[str, ...]
    given: Given
    steps: tuple[Step, ...]
    expect: Expectations = Expectations()

    @property
    def id(self) -> str:
        """E.g. `Book a flight [knows where/sold out]`: the same as long as the file says the same."""
        return f"{self.scenario} [{'/'.join(self.path)}]" if self.path else self.scenario


@dataclass(frozen=True, slots=True)
class Scenario:
    """One document of a scenario file, with all its cases."""

    name: str
    place: Place
    cases: tuple[Case, ...]


def _listed(value: Any) -> str:
    return " or ".join(str(each) for each in value) if isinstance(value, tuple) else str(value)
