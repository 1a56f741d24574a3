"""What a reasoner may know: the conversation, and the data at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from engine.agent.model import Agent, Capability, Term

Speaker = Literal["customer", "agent", "human_agent"]


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the conversation. `turn` is the turn it was said in (0 before the first)."""

    speaker: Speaker
    text: str
    turn: int = 0


@dataclass(frozen=True, slots=True)
class KnownResult:
    """What a tool answered, now or in an earlier turn: its data, and the fields it gave to canned responses.

    `turn` is the turn in which it was called, 0 where that does not matter.
    """

    tool: str
    arguments: Mapping[str, Any]
    data: Any
    this_turn: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)
    turn: int = 0

    @property
    def told(self) -> Any:
        """What may be said of it: its data, or its fields where it has no data."""
        return self.data if self.data is not None else dict(self.fields) or None


@dataclass(frozen=True, slots=True)
class Position:
    """Where a journey stands before it steps: visited states, and whether the current one has been spoken."""

    path: tuple[str, ...]
    spoken: bool

    @property
    def current(self) -> str:
        """The current state's name."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a reasoner may know: the messages, oldest first, and the data at hand.

    `agent` is the agent being played, `now` the session's clock, `variables` by name, `asked` the names of what the
    agent's last message asked for (missing arguments or disambiguation targets), `journeys` where those stand that were
    under way when the turn began, `turn` counts from 1.
    """

    agent: Agent
    messages: tuple[Said, ...]
    now: datetime
    turn: int = 1
    customer_name: str = "Guest"
    variables: Mapping[str, Any] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    results: tuple[KnownResult, ...] = ()
    asked: tuple[str, ...] = ()
    journeys: Mapping[str, Position] = field(default_factory=dict)

    @property
    def latest(self) -> str:
        """What the customer said last in this turn; several messages of one turn are joined by line breaks."""
        texts: list[str] = []
        for said in reversed(self.messages):
            if said.speaker != "customer" or (texts and said.turn != self.turn):
                break
            texts.append(said.text)
        return "\n".join(reversed(texts))

    @property
    def before(self) -> tuple[Said, ...]:
        """The messages before those that `latest` joins."""
        count = len(self.messages)
        seen = False
        while (
            count
            and self.messages[count - 1].speaker == "customer"
            and (not seen or self.messages[count - 1].turn == self.turn)
        ):
            seen = True
            count -= 1
        return self.messages[:count]

    @property
    def agent_said(self) -> str:
        """The last message from the agent's side before the customer's latest words."""
        for said in reversed(self.before):
            if said.speaker != "customer":
                return said.text
        return ""
