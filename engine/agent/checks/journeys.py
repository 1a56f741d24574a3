"""Journeys that cannot run: what follows a tool, what leaves a fork, and what nobody reaches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.agent.checks.registry import Path, advice, check, state_paths, transition_paths
from engine.agent.errors import Problem
from engine.agent.model import Agent, Journey, Transition
from engine.agent.reading.nodes import entry

if TYPE_CHECKING:
    from engine.agent.document import AgentDocument


@check
def mixed_transitions(document: AgentDocument) -> Iterator[Problem]:
    """A state has one direct transition or conditional ones; out of a fork lead conditions only."""
    for state, path in state_paths(document.agent):
        direct = [
            place for transition, place in transition_paths(document, state, path) if transition.condition is None
        ]
        if not direct:
            continue
        if state.kind == "fork":
            said = f"the fork {state.name!r} has a branch without a condition"
            yield document.problem("branch-without-condition", direct[0], said, "Write `condition: state` under `next`")
        elif len(direct) > 1:
            said = f"the state {state.name!r} leads to two states at once"
            yield document.problem("two-direct-transitions", direct[1], said, "Give each a condition with `when`")
        elif len(state.next) > 1:
            said = f"the state {state.name!r} mixes a direct transition with conditional ones"
            remedy = "Give this one a condition with `when`, or remove the others"
            yield document.problem("mixed-transitions", direct[0], said, remedy)


@check
def tools_without_chat(document: AgentDocument) -> Iterator[Problem]:
    """A tool state must be followed by a chat state, which tells the customer what came out."""
    agent = document.agent
    for state, path in state_paths(agent):
        journey = agent.things[str(path[1])]
        if state.tool is None or not isinstance(journey, Journey):
            continue
        if not state.next:
            said = f"the tool state {state.name!r} is not followed by a chat state"
            remedy = "Add `next: ` and a chat state that tells the customer what came out"
            yield document.problem("tool-without-chat", path, said, remedy)
        for transition, place in transition_paths(document, state, path):
            wrong = _no_chat(agent, journey, transition)
            if wrong:
                said = f"the tool state {state.name!r} is followed by {wrong}, and it must be followed by a chat state"
                yield document.problem("tool-without-chat", place, said, "Put a chat state between them")


def _no_chat(agent: Agent, journey: Journey, transition: Transition) -> str:
    """What a transition leads to instead of a chat state, through forks and links; empty when it is a chat state."""
    waiting = [(journey, transition)]
    seen: set[tuple[str, str]] = set()
    while waiting:
        within, way = waiting.pop()
        if way.ends:
            return "the end of the journey"
        state = within.by_name.get(way.to)
        while state is not None and (within.name, state.name) not in seen:
            seen.add((within.name, state.name))
            if state.kind == "tool":
                return f"the tool state {state.name!r}"
            if state.kind != "link":
                waiting.extend((within, branch) for branch in reversed(state.next if state.kind == "fork" else ()))
                break
            linked = agent.things.get(state.journey or "")
            within, state = (linked, linked.first) if isinstance(linked, Journey) else (within, None)
    return ""


@check
def empty_journeys(document: AgentDocument) -> Iterator[Problem]:
    """Where `states` is written, there is at least one (a journey without the key is refused on reading)."""
    for journey in document.agent.journeys:
        path = ("journeys", journey.name)
        if not journey.states and entry(document.node(*path), "states") is not None:
            said = f"the journey {journey.name!r} has no states"
            yield document.problem("empty-journey", path, said, "Write what the agent does first under `states`")


@advice
def unreachable_states(document: AgentDocument) -> Iterator[Problem]:
    """A state that no way from the first state leads to."""
    for journey in document.agent.journeys:
        if journey.first is None:
            continue
        reached = _reachable(journey, journey.first.name)
        for state in journey.states:
            if state.name not in reached:
                path: Path = ("journeys", journey.name, "states", state.name)
                said = f"no way leads to the state {state.name!r}"
                yield document.warning("unreachable-state", path, said, "Lead to it with a `next`, or remove it")


@advice
def states_without_end(document: AgentDocument) -> Iterator[Problem]:
    """A state from which no way leads to an end of the journey."""
    for journey in document.agent.journeys:
        ending = _ending(journey)
        for state in journey.states:
            if state.name not in ending:
                path = ("journeys", journey.name, "states", state.name)
                said = f"no way leads from the state {state.name!r} to an end of the journey"
                yield document.warning("state-without-end", path, said, "Add a way out, e.g. to `end`")


def _reachable(journey: Journey, start: str) -> dict[str, None]:
    found = {start: None}
    queue = [start]
    for name in queue:
        for transition in journey.by_name[name].next:
            if transition.to in journey.by_name and transition.to not in found:
                found[transition.to] = None
                queue.append(transition.to)
    return found


def _ending(journey: Journey) -> dict[str, None]:
    """The states from which the journey can end; a way to a state that does not exist is not judged here."""
    leading_to: dict[str, list[str]] = {}
    for state in journey.states:
        for transition in state.next:
            leading_to.setdefault(transition.to, []).append(state.name)
    ends = [
        state.name
        for state in journey.states
        if not state.next or any(way.to not in journey.by_name for way in state.next)
    ]
    found = dict.fromkeys(ends)
    for name in ends:
        for before in leading_to.get(name, ()):
            if before not in found:
                found[before] = None
                ends.append(before)
    return found
