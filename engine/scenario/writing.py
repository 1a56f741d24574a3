"""Saving a conversation as a scenario: what was said becomes the steps, what was decided the checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from engine.agent.basics import format_duration
from engine.agent.reading.nodes import scalar_value
from engine.scenario.text import parse_text
from engine.session.events import Event, EventKind, EventSource, Session
from engine.turn.results import Result
from engine.turn.trace import Closing, Composition, ToolCall, TurnTrace

_NOT_CANNED = frozenset({"draft", "restyled", "preamble"})
_INPUTS = {
    EventSource.HUMAN_AGENT: "human_agent",
    EventSource.HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT: "human_agent_on_behalf",
}


def write_scenario(name: str, session: Session, events: Sequence[Event], traces: Sequence[TurnTrace]) -> str:
    """Write a conversation as a scenario that holds as long as the agent answers as it did.

    Tools answer as they did then, for the arguments they were given; the time that passed before a triggered turn
    becomes a `wait`. Replayed at once on the same agent, the scenario passes, unless somebody changed the session's
    mode: that leaves no event, so such a step is to be added by hand.

    Args:
        name: What the scenario shows.
        session: The session.
        events: Its events, in order.
        traces: The traces of its turns, in order.

    Returns:
        The text of one YAML document.
    """
    by_id = {trace.id: trace for trace in traces}
    document: dict[str, Any] = {"scenario": name}
    given = _given(session, events, traces)
    if given:
        document["given"] = given
    document["steps"] = _steps(events, by_id)
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return text


def _given(session: Session, events: Sequence[Event], traces: Sequence[TurnTrace]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    if events:
        given["clock"] = events[0].created.strftime("%Y-%m-%d %H:%M:%S")
    if session.customer:
        given["customer"] = session.customer
    elif session.customer_name != "Guest":
        given["customer"] = {"name": session.customer_name}
    if session.state.overrides:
        given["variables"] = dict(session.state.overrides)
    tools = _tools(call for trace in traces for call in trace.calls if not call.background)
    if tools:
        given["tools"] = tools
    return given


def _tools(calls: Iterable[ToolCall]) -> dict[str, Any]:
    """A stub for every different call, in order; a tool without arguments has one for always."""
    found: dict[str, list[dict[str, Any]]] = {}
    for call in calls:
        stub = _stub(call)
        stubs = found.setdefault(call.tool, [])
        if stub.get("when") not in [other.get("when") for other in stubs]:
            stubs.append(stub)
    return {tool: stubs[0] if len(stubs) == 1 and "when" not in stubs[0] else stubs for tool, stubs in found.items()}


def _stub(call: ToolCall) -> dict[str, Any]:
    when = {"when": dict(call.values)} if call.values else {}
    if call.error:
        return {**when, "error": call.error}
    result = call.result or {}
    keys = {
        "data": "data",
        "canned_response_fields": "fields",
        "canned_responses": "responses",
        "control": "control",
        "metadata": "metadata",
        "guidelines": "guidelines",
    }
    answer = {keys[key]: value for key, value in result.items() if key in keys and value not in (None, {}, [], ())}
    return {**when, **(answer or {"data": None})}


def _steps(events: Sequence[Event], traces: dict[str, TurnTrace]) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    heard: set[str] = set()
    states: list[str] = []
    for position, event in enumerate(events):
        trace = traces.get(event.trace_id)
        if event.kind is EventKind.MESSAGE and event.source in _INPUTS:
            steps.append({_INPUTS[event.source]: event.text})
        elif event.kind is EventKind.CUSTOM:
            steps.append({"event": {"source": event.source.value, "data": event.data}})
        elif trace is not None and trace.id not in heard and event.source is not EventSource.HUMAN_AGENT:
            heard.add(trace.id)
            steps.extend(_cause(trace, events[:position]))
            checks = _checks(trace, states)
            steps.extend([checks] if checks else [])
            states = _states(trace)
    return steps


def _cause(trace: TurnTrace, before: Sequence[Event]) -> list[dict[str, Any]]:
    if trace.cause == "customer":
        return [{"customer": trace.heard[0] if len(trace.heard) == 1 else list(trace.heard)}]
    passed = trace.started - before[-1].created if before else None
    return [{"wait": format_duration(passed)}] if passed else []


def _checks(trace: TurnTrace, states_before: list[str]) -> dict[str, Any]:
    composition = trace.last(Composition)
    sources = composition.sources if composition else ()
    canned = [source for source in sources if source.partition(":")[0] not in _NOT_CANNED]
    checks: dict[str, Any] = {"response": _one_or_all(canned)} if canned else {}
    checks["agent"] = _one_or_all([exact(text) for text in trace.messages]) if trace.messages else "none"
    matched = [
        outcome.entity
        for outcome in trace.outcomes.values()
        if outcome.kind in ("guideline", "observation") and outcome.result in (Result.MATCHED, Result.ENTAILED)
    ]
    if matched:
        checks["matched"] = _one_or_all(matched)
    if trace.calls:
        checks["calls"] = _one_or_all([call.tool for call in trace.calls])
    states = _states(trace)
    if states or states_before:
        checks["state"] = _one_or_all(states) if states else "none"
    return checks


def _states(trace: TurnTrace) -> list[str]:
    if trace.last(Closing) is None:
        return []
    return [outcome.entity for outcome in trace.outcomes.values() if outcome.result is Result.CURRENT]


def _one_or_all(items: list[str]) -> str | list[str]:
    return items[0] if len(items) == 1 else items


def exact(text: str) -> str:
    """A text as a check that is met by it: itself, or a pattern where it would be taken for something else."""
    try:
        if parse_text(text).fits(text):
            return text
    except ValueError:
        pass
    return f"/^{re.escape(text)}$/"


class _Dumper(yaml.SafeDumper):
    """Writes text so that the reader of scenarios takes it for text."""


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    tag = "tag:yaml.org,2002:str"
    special = not isinstance(scalar_value(yaml.ScalarNode(tag, text)), str)
    return dumper.represent_scalar(tag, text, style="'" if special else None)


_Dumper.add_representer(str, _represent_text)
