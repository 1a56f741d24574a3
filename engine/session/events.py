"""Events and sessions: the values that a store keeps.

A session is a list of events with offsets 0, 1, 2 …, never reused, plus where its conversation stands.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.agent.model import TriggerGuideline

Mode = Literal["auto", "manual"]


class Record(BaseModel):
    """A frozen value that a store keeps."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class EventSource(StrEnum):
    """Who an event comes from."""

    CUSTOMER = "customer"
    CUSTOMER_UI = "customer_ui"
    HUMAN_AGENT = "human_agent"
    HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT = "human_agent_on_behalf_of_ai_agent"
    AI_AGENT = "ai_agent"
    SYSTEM = "system"


class EventKind(StrEnum):
    """What an event is."""

    MESSAGE = "message"
    TOOL = "tool"
    STATUS = "status"
    CUSTOM = "custom"


class Event(Record):
    """One thing that happened in a session.

    `data` of a message: `{message, participant: {id, display_name}}` and, for the agent's, `draft`, `canned_responses`
    and the `source` it is made from; its `metadata` is the chosen response's. `data` of a status: `{status, data}`; of
    a tool event: `{tool_calls: [{tool, arguments, result}]}`; of a custom event: anything.
    """

    id: str
    offset: int
    source: EventSource
    kind: EventKind
    created: datetime
    trace_id: str
    data: Any = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    deleted: bool = False

    @property
    def text(self) -> str:
        """The words of a message event; empty for other kinds."""
        if self.kind is EventKind.MESSAGE and isinstance(self.data, dict):
            return str(self.data.get("message", ""))
        return ""


class JourneyPosition(Record):
    """Where a journey stands, by state names, so that editing the agent never moves a live session.

    `path` is every state visited, oldest first; the last one is current. `status` is `active`, `completed` or `left`.
    `spoken` is whether the current state's words have been said to the customer. `since` is the turn in which the
    journey began anew, 0 when it has not: what was said before that was for another time through it.
    """

    path: tuple[str, ...]
    status: Literal["active", "completed", "left"] = "active"
    spoken: bool = False
    since: int = 0

    @property
    def current(self) -> str:
        """The name of the current state (`end` once completed)."""
        return self.path[-1]


class KnownValue(Record):
    """A variable's value as a tool gave it, and when."""

    value: Any
    refreshed: datetime


class ToolMemory(Record):
    """A tool result that later turns can still use."""

    tool: str
    arguments: dict[str, Any]
    data: Any = None
    fields: dict[str, Any] = Field(default_factory=dict)
    turn: int
    lifespan: Literal["session", "response"] = "session"


class HeldTrigger(Record):
    """A triggered response that waits until the session is in auto mode again."""

    name: str
    guidelines: tuple[TriggerGuideline, ...]
    due: datetime


class HandOff(Record):
    """One stretch of manual mode: who asked for it, why, from when to when, and how it ended."""

    by: str
    reason: str = ""
    since: datetime
    until: datetime | None = None
    ended: str = ""


class SessionState(Record):
    """What the engine remembers between the turns of a session.

    `applied` maps a guideline to the turn in which its action was carried out; `fields` holds the newest tool-given
    value of each field; `follow_ups` counts the inactivity follow-ups said, by position in the agent's list;
    `pending_results` are results of tools that ran in a cancelled turn, kept for the next one.
    """

    turn: int = 0
    journeys: dict[str, JourneyPosition] = Field(default_factory=dict)
    applied: dict[str, int] = Field(default_factory=dict)
    variables: dict[str, KnownValue] = Field(default_factory=dict)
    overrides: dict[str, Any] = Field(default_factory=dict)
    fields: dict[str, Any] = Field(default_factory=dict)
    tool_results: tuple[ToolMemory, ...] = ()
    pending_results: tuple[dict[str, Any], ...] = ()
    held: tuple[HeldTrigger, ...] = ()
    follow_ups: dict[str, int] = Field(default_factory=dict)
    last_preamble_turn: int = -2
    answer_seconds: tuple[float, ...] = ()
    asked: tuple[str, ...] = ()
    """Names of the missing arguments or disambiguation targets that the agent's last message asked for."""
    waiting: tuple[str, ...] = ()
    """Names of the guidelines and states whose tools were not called in the last turn for want of an argument."""


class Session(Record):
    """A conversation: who takes part, in which mode, and where it stands."""

    id: str
    agent: str
    customer: str | None = None
    customer_name: str = "Guest"
    customer_tags: tuple[str, ...] = ()
    title: str = ""
    mode: Mode = "auto"
    created: datetime
    metadata: dict[str, Any] = Field(default_factory=dict)
    labels: tuple[str, ...] = ()
    consumption_offsets: dict[str, int] = Field(default_factory=dict)
    hand_offs: tuple[HandOff, ...] = ()
    state: SessionState = SessionState()
