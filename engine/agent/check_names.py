"""Names that nothing bears: in relationships, guidelines, journeys, states and variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from engine.agent.check_registry import (
    Path,
    advice,
    check,
    guideline_paths,
    state_paths,
    transition_paths,
)
from engine.agent.errors import Problem, nearest
from engine.agent.model import END, NAME_PATTERN, Agent, CannedResponse, Journey, Observation

if TYPE_CHECKING:
    from engine.agent.document import AgentDocument

_KINDS = {
    "response": "a canned response",
    "tool": "a tool",
    "journey": "a journey",
    "guideline": "a guideline",
    "observation": "an observation",
    "variable": "a variable",
    "term": "a glossary term",
    "capability": "a capability",
    "customer": "a customer",
}


def _names_of(agent: Agent, *kinds: str) -> list[str]:
    return [name for name, thing in agent.things.items() if thing.kind in kinds]


def unknown(
    document: AgentDocument, path: Path, name: str, wanted: str, known: Iterable[str], within: str = ""
) -> Problem:
    """Make the problem of a name that nothing fitting bears.

    Args:
        document: The agent with its file.
        path: Where the name is written.
        name: The name.
        wanted: What it should name, with its article.
        known: The names that would fit.
        within: The piece of the place to point at; the whole scalar when empty.
    """
    names = list(known)
    other = document.agent.things.get(name)
    said = f"{name!r} is {_KINDS[other.kind]}, not {wanted}" if other else f"there is no {_bare(wanted)} {name!r}"
    near = nearest(name, names)
    shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
    remedy = f"Did you mean {near}?" if near else (f"There are {shown}" if names else f"Define {wanted} of this name")
    return document.problem("unknown-name", path, said, remedy, within=within, put=near)


def _bare(wanted: str) -> str:
    return wanted.split(" ", 1)[1] if wanted.startswith(("a ", "an ")) else wanted


def _each_unknown(document: AgentDocument, path: Path, names: Iterable[str], kind: str) -> Iterator[Problem]:
    things = document.agent.things
    for position, name in enumerate(names):
        if name not in things or things[name].kind != kind:
            yield unknown(document, (*path, position), name, _KINDS[kind], _names_of(document.agent, kind))


@check
def unknown_tools(document: AgentDocument) -> Iterator[Problem]:
    """Tools that guidelines, states and variables name must exist."""
    agent = document.agent
    for guideline, path in guideline_paths(agent):
        yield from _each_unknown(document, (*path, "tools"), guideline.tools, "tool")
        yield from _each_unknown(document, (*path, "reevaluate_after"), guideline.reevaluate_after, "tool")
    owners: list[tuple[str | None, Path]] = [(state.tool, (*path, "tool")) for state, path in state_paths(agent)]
    owners += [(variable.tool, ("variables", variable.name, "tool")) for variable in agent.variables]
    tools = {tool.name for tool in agent.tools}
    for name, place in owners:
        if name is not None and name not in tools:
            yield unknown(document, place, name, "a tool", _names_of(agent, "tool"))


@check
def unknown_responses(document: AgentDocument) -> Iterator[Problem]:
    """Responses that guidelines and states name must exist."""
    agent = document.agent
    users = [(owner.canned_responses, path) for owner, path in guideline_paths(agent)]
    users += [(state.canned_responses, path) for state, path in state_paths(agent)]
    for uses, path in users:
        for position, use in enumerate(uses):
            if isinstance(use, str) and not isinstance(agent.things.get(use), CannedResponse):
                place = (*path, "canned_responses", position)
                yield unknown(document, place, use, "a canned response", _names_of(agent, "response"))


@check
def unknown_states(document: AgentDocument) -> Iterator[Problem]:
    """States and journeys that states lead to must exist."""
    agent = document.agent
    for state, path in state_paths(agent):
        journey = agent.things[str(path[1])]
        states = [*journey.by_name, END] if isinstance(journey, Journey) else [END]
        for transition, place in transition_paths(document, state, path):
            if transition.to not in states:
                yield unknown(document, place, transition.to, f"a state of {path[1]}", states)
        if state.journey is not None and not isinstance(agent.things.get(state.journey), Journey):
            yield unknown(document, (*path, "journey"), state.journey, "a journey", _names_of(agent, "journey"))


@check
def unknown_conditions(document: AgentDocument) -> Iterator[Problem]:
    """A journey's condition that is written like a name must be the name of an observation."""
    agent = document.agent
    observations = _names_of(agent, "observation")
    for journey in agent.journeys:
        for position, condition in enumerate(journey.conditions):
            if not NAME_PATTERN.fullmatch(condition) or condition in observations:
                continue
            if "_" in condition or condition in agent.things or nearest(condition, observations):
                path = ("journeys", journey.name, "conditions", position)
                yield unknown(document, path, condition, "an observation", observations)


@check
def unknown_parties(document: AgentDocument) -> Iterator[Problem]:
    """What relationships name must be guidelines, observations, journeys, states or tags that something bears."""
    agent = document.agent
    for position, relationship in enumerate(agent.relationships):
        for party in dict.fromkeys((relationship.source, *relationship.targets)):
            problem = _party_problem(document, ("relationships", position), party)
            if problem is not None:
                yield problem


def _party_problem(document: AgentDocument, path: Path, party: str) -> Problem | None:
    agent = document.agent
    if party.startswith("tag:"):
        tags = [f"tag:{tag}" for tag in agent.tagged]
        return None if party in tags else _unknown_tag(document, path, party, tags)
    if "." in party:
        states = [f"{journey.name}.{state.name}" for journey in agent.journeys for state in journey.states]
        return None if agent.state(party) else unknown(document, path, party, "a state", states, within=party)
    if isinstance(agent.things.get(party), Observation | Journey):
        return None
    known = _names_of(agent, "guideline", "observation", "journey")
    return unknown(document, path, party, "a guideline, observation or journey", known, within=party)


def _unknown_tag(document: AgentDocument, path: Path, party: str, tags: list[str]) -> Problem:
    near = nearest(party.removeprefix("tag:"), [tag.removeprefix("tag:") for tag in tags])
    said = f"no guideline, observation or journey bears the tag {party.removeprefix('tag:')!r}"
    remedy = f"Did you mean tag:{near}?" if near else "Give the tag to something with `tags`"
    put = f"tag:{near}" if near else None
    return document.problem("unknown-tag", path, said, remedy, within=party, put=put)


@advice
def unknown_customers(document: AgentDocument) -> Iterator[Problem]:
    """A customer's value of a variable, for a name that looks like a slip of a known customer's."""
    agent = document.agent
    customers = [customer.id for customer in agent.customers]
    for variable in agent.variables:
        for name in variable.values_for:
            near = nearest(name, customers)
            if not name.startswith("tag:") and name not in customers and near:
                path = ("variables", variable.name, "for")
                said = f"no customer in this file is called {name!r}"
                yield document.warning("unknown-customer", path, said, f"Did you mean {near}?", within=name, put=near)
