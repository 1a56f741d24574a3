"""What every stage of a turn may look at: the engine, the session as the turn began, and the conversation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.agent.model import Agent, Customer, Stub, Term, TriggerGuideline
from engine.reasoner.base import OnWords
from engine.reasoner.conversation import Conversation, KnownResult
from engine.session.events import Event, Session
from engine.turn.engine import Engine
from engine.turn.trace import Stage

OnStage = Callable[[Stage], None]


@dataclass
class Voice:
    """Whether the agent has begun to speak in a turn: from then on the turn finishes. A preamble does not count."""

    begun: bool = False


@dataclass(frozen=True)
class TurnRequest:
    """What a turn is asked to do.

    Attributes:
        trace_id: The id that everything of this turn shares.
        turn: The number of the turn, from 1.
        heard: The customer's messages that this turn answers; none in a triggered turn.
        triggered: Whether the turn was triggered instead of caused by the customer.
        guidelines: What a triggered turn is to say; empty for a normal turn.
        given_draft: The draft that a scenario dictates.
        failures: What went wrong in the background, for the trace of the turn that apologises for it.
        later: Called with a tool's name and stub to let it finish in the background.
        on_stage: Called with each finished stage.
        on_words: Called with the draft so far while it is being written.
        voice: Whether the agent has begun to speak in this turn, whoever of the turn's parts spoke.
    """

    trace_id: str
    turn: int
    heard: tuple[str, ...] = ()
    triggered: bool = False
    guidelines: tuple[TriggerGuideline, ...] = ()
    given_draft: str | None = None
    failures: tuple[str, ...] = ()
    later: Callable[[str, Stub, Mapping[str, Any]], None] = field(default=lambda tool, stub, arguments: None)
    on_stage: OnStage | None = None
    on_words: OnWords | None = None
    voice: Voice = field(default_factory=Voice)


@dataclass(frozen=True)
class Scene:
    """The turn's surroundings, fixed while a stage runs; later stages get one with more known."""

    engine: Engine
    session: Session
    request: TurnRequest
    events: tuple[Event, ...]
    conversation: Conversation

    @property
    def agent(self) -> Agent:
        """The agent being played."""
        return self.engine.agent


@dataclass(frozen=True)
class EngineContext:
    """What an author's function (a matcher, a field provider, a no-match provider) is given."""

    agent: Agent
    customer: Customer
    session: Session
    events: tuple[Event, ...]
    variables: Mapping[str, Any]
    terms: tuple[Term, ...]
    matched: tuple[str, ...] = ()
    active_journeys: tuple[str, ...] = ()
    active_states: tuple[str, ...] = ()
    tool_results: tuple[KnownResult, ...] = ()
    draft: str | None = None


def context_of(
    scene: Scene,
    matched: tuple[str, ...] = (),
    positions: Mapping[str, tuple[str, ...]] | None = None,
    draft: str | None = None,
) -> EngineContext:
    """The context for an author's function, as far as the turn has come."""
    active = positions or {}
    return EngineContext(
        agent=scene.agent,
        customer=customer_of(scene.agent, scene.session),
        session=scene.session,
        events=scene.events,
        variables=scene.conversation.variables,
        terms=scene.conversation.terms,
        matched=matched,
        active_journeys=tuple(active),
        active_states=tuple(f"{journey}.{path[-1]}" for journey, path in active.items() if path),
        tool_results=scene.conversation.results,
        draft=draft,
    )


def customer_of(agent: Agent, session: Session) -> Customer:
    """The session's customer: as registered in the agent file, else as the session knows them, else a guest."""
    registered = agent.things.get(session.customer or "")
    if isinstance(registered, Customer):
        return registered
    return Customer(id=session.customer or "guest", name=session.customer_name, tags=session.customer_tags)
