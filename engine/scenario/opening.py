"""Opening the session of a case: its own store and clock, what is given, and what was said before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from engine.agent.model import END, Agent, Stub
from engine.reasoner.pinned import Pin, PinnedReasoner
from engine.scenario.model import (
    AgentSaid,
    Case,
    CustomerSays,
    CustomEvent,
    Given,
    HistoryEntry,
    HumanAgentSays,
    OnBehalfSays,
    ToolAnswer,
)
from engine.session.clock import VirtualClock
from engine.session.events import EventKind, EventSource, JourneyPosition, SessionState, ToolMemory
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession

NO_STUB = "has no stub in this scenario"
"""What the error of a tool says that may not run: the words by which a replay recognises it."""


class EngineFactory(Protocol):
    """Makes the engine that a case plays on."""

    def __call__(
        self, case: Case, store: MemoryStore, clock: VirtualClock, stubs: Mapping[str, tuple[Stub, ...]]
    ) -> Engine:
        """Make it.

        Args:
            case: The case: its `given` says which reasoner and embeddings it asks for.
            store: The case's own store.
            clock: The case's own clock.
            stubs: What tools answer; changes in it take effect at once.
        """
        ...


@dataclass(frozen=True)
class Opened:
    """A session ready for the first step; `stubs` is what `set` changes, `pinned` what takes a step's pin."""

    live: LiveSession
    engine: Engine
    stubs: dict[str, tuple[Stub, ...]]
    pinned: PinnedReasoner


async def open_case(case: Case, factory: EngineFactory) -> Opened:
    """Open a session that is as the case's `given` says."""
    given = case.given
    clock = VirtualClock(given.clock)
    store = MemoryStore(clock)
    stubs: dict[str, tuple[Stub, ...]] = {}
    engine = _with_live_code(factory(case, store, clock, stubs), given.live)
    pinned = PinnedReasoner(engine.reasoner)
    if any(step.pin is not None for step in case.steps):
        engine = replace(engine, reasoner=pinned)
    stubs.update(forbidden_tools(engine.agent, given))
    stubs.update(given.stubs)
    live = await LiveSession.open(engine, **_session_fields(engine.agent, given))
    session = await live.session()
    turn = 0
    for entry in given.history:
        turn += isinstance(entry, CustomerSays)
        for source, kind, data in _events(entry, engine.agent, session.customer_name):
            await store.append_event(session.id, source, kind, data, trace_id=f"given-{turn}")
    return Opened(live, engine, stubs, pinned)


def engine_beside(case: Case, factory: EngineFactory, opened: Opened, pin: Pin | None = None) -> Engine:
    """Another engine for a case that is being played, on a copy of its session as it is now.

    Args:
        case: The case.
        factory: Makes the other engine.
        opened: The session that is being played; it never sees what the other engine does.
        pin: What is dictated to the other engine.
    """
    clock = VirtualClock(opened.engine.clock.now())
    store = opened.engine.store
    assert isinstance(store, MemoryStore), "a case plays in memory"
    engine = _with_live_code(factory(case, store.copied(clock), clock, dict(opened.stubs)), case.given.live)
    if pin is None:
        return engine
    pinned = PinnedReasoner(engine.reasoner)
    pinned.pin = pin
    return replace(engine, reasoner=pinned)


def forbidden_tools(agent: Agent, given: Given) -> dict[str, tuple[Stub, ...]]:
    """Stubs that fail, for the tools that have code but may not run it: not live, and without a stub."""
    if given.all_live:
        return {}
    return {
        tool.name: (Stub(error=f"{tool.name} {NO_STUB}; give it one under given.tools, or write {tool.name}: live"),)
        for tool in agent.tools
        if not tool.stubs and tool.name not in given.live
    }


def _with_live_code(engine: Engine, live: tuple[str, ...]) -> Engine:
    """The engine with the agent's own stubs taken from the tools that are to run their code."""
    if not live:
        return engine
    tools = tuple(
        tool.model_copy(update={"stubs": ()}) if tool.name in live and tool.python else tool
        for tool in engine.agent.tools
    )
    return replace(engine, agent=engine.agent.model_copy(update={"tools": tools}))


def _session_fields(agent: Agent, given: Given) -> dict[str, Any]:
    fields: dict[str, Any] = dict(given.session)
    customer = given.customer
    registered = next((each for each in agent.customers if each.id == customer.id), None)
    if registered is not None:
        fields["customer"] = registered.id
        fields["customer_name"] = registered.name or registered.id
        fields["customer_tags"] = registered.tags
    if customer.name is not None:
        fields["customer_name"] = customer.name
    if customer.tags:
        fields["customer_tags"] = customer.tags
    fields["state"] = _state(given)
    return fields


def _state(given: Given) -> SessionState:
    answers = [entry for entry in given.history if isinstance(entry, ToolAnswer)]
    turns = sum(isinstance(entry, CustomerSays) for entry in given.history)
    return SessionState(
        turn=turns,
        journeys={journey: _position(path) for journey, path in given.at.items()},
        applied=dict.fromkeys(given.applied, turns),
        overrides=dict(given.variables),
        fields={name: value for answer in answers for name, value in answer.fields.items()},
        tool_results=tuple(
            ToolMemory(
                tool=answer.tool,
                arguments=dict(answer.arguments),
                data=answer.data,
                fields=dict(answer.fields),
                turn=turns,
            )
            for answer in answers
        ),
    )


def _position(path: tuple[str, ...]) -> JourneyPosition:
    return JourneyPosition(path=path, status="completed" if path[-1] == END else "active", spoken=True)


def _events(entry: HistoryEntry, agent: Agent, customer_name: str) -> list[tuple[EventSource, EventKind, Any]]:
    if isinstance(entry, CustomerSays):
        texts = entry.texts
        return [_message(EventSource.CUSTOMER, text, "customer", customer_name) for text in texts]
    if isinstance(entry, AgentSaid):
        return [_message(EventSource.AI_AGENT, entry.text, "agent", agent.name)]
    if isinstance(entry, HumanAgentSays):
        return [_message(EventSource.HUMAN_AGENT, entry.text, "human_agent", "Human agent")]
    if isinstance(entry, OnBehalfSays):
        source = EventSource.HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT
        return [_message(source, entry.text, "agent", agent.name)]
    if isinstance(entry, CustomEvent):
        return [(EventSource(entry.source), EventKind.CUSTOM, entry.data)]
    call = {
        "tool": entry.tool,
        "arguments": dict(entry.arguments),
        "result": {"data": entry.data, "canned_response_fields": dict(entry.fields)},
        "error": "",
    }
    return [(EventSource.SYSTEM, EventKind.TOOL, {"tool_calls": [call]})]


def _message(source: EventSource, text: str, who: str, name: str) -> tuple[EventSource, EventKind, Any]:
    return source, EventKind.MESSAGE, {"message": text, "participant": {"id": who, "display_name": name}}
