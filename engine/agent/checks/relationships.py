"""Relationships that contradict themselves: cycles, lonely targets, misplaced sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.agent.checks.cycles import short_cycle, strongly_connected
from engine.agent.checks.registry import advice, check
from engine.agent.errors import Problem
from engine.agent.model import Agent, Observation, Relationship, RelationshipKind

if TYPE_CHECKING:
    from engine.agent.document import AgentDocument

CYCLIC = (RelationshipKind.DEPENDS_ON, RelationshipKind.ENTAILS, RelationshipKind.EXCLUDES)
"""The kinds of relationship that nothing may bear to itself by way of others."""


def relationship_graph(agent: Agent, kind: RelationshipKind) -> dict[str, list[str]]:
    """Who bears on whom by one kind of relationship, with tags as vertices of their own.

    A tag as a source is reached from each of its members (`from:t`), a tag as a target leads to each (`tag:t`), so the
    graph stays as small as the file. A guideline's way back to itself through its own tag is no cycle.
    """
    graph: dict[str, list[str]] = {}
    for relationship in agent.relationships:
        if relationship.kind is not kind:
            continue
        source = relationship.source
        if source.startswith("tag:"):
            tag, source = source[4:], f"from:{source[4:]}"
            for member in agent.tagged.get(tag, ()):
                _lead(graph, member, source)
        for target in relationship.targets:
            _lead(graph, source, target)
            if target.startswith("tag:"):
                for member in agent.tagged.get(target[4:], ()):
                    _lead(graph, target, member)
    return graph


def _lead(graph: dict[str, list[str]], source: str, target: str) -> None:
    targets = graph.setdefault(source, [])
    if target not in targets:
        targets.append(target)
    graph.setdefault(target, [])


def cycles(agent: Agent, kind: RelationshipKind) -> Iterator[tuple[str, ...]]:
    """Find what bears on itself by one kind of relationship, tags included.

    Yields:
        One short cycle for each group of things that hang together in cycles: its names in order, the first one
        repeated at the end, `tag:t` where it runs through a tag. A direct relationship to itself is not among them.
    """
    graph = relationship_graph(agent, kind)
    for group in strongly_connected(graph):
        things = [vertex for vertex in group if not _is_tag(vertex)]
        if len(things) > 1:
            found = short_cycle(graph, group, counted=things)
            yield tuple(vertex.replace("from:", "tag:") for vertex in found)


def _is_tag(vertex: str) -> bool:
    return vertex.startswith(("tag:", "from:"))


@check
def cyclic_relationships(document: AgentDocument) -> Iterator[Problem]:
    """Nothing may depend on, entail or exclude itself by way of others."""
    agent = document.agent
    for kind in CYCLIC:
        for cycle in cycles(agent, kind):
            position = _closing_line(agent, kind, cycle)
            said = f"a cycle: {f' {kind} '.join(cycle)}"
            remedy = "Remove one of these relationships"
            yield document.problem(f"cycle-{kind}", ("relationships", position), said, remedy)


def _closing_line(agent: Agent, kind: RelationshipKind, cycle: tuple[str, ...]) -> int:
    """The last line of the file that is part of a cycle: the one that closed it."""
    steps = set(zip(cycle, cycle[1:], strict=False))
    lines = [
        position
        for position, line in enumerate(agent.relationships)
        if line.kind is kind and any((line.source, target) in steps for target in line.targets)
    ]
    return lines[-1] if lines else 0


@check
def relationships_to_itself(document: AgentDocument) -> Iterator[Problem]:
    """Entailing or excluding itself is an error; a dependency on itself says nothing and is ignored."""
    for position, line in enumerate(document.agent.relationships):
        if line.source not in line.targets or line.source.startswith("tag:"):
            continue
        path = ("relationships", position)
        said = f"{line.source!r} {line.kind} itself"
        if line.kind is RelationshipKind.DEPENDS_ON:
            yield document.warning("self-dependency", path, said, "This is ignored: remove it")
        else:
            yield document.problem("self-relationship", path, said, "Remove it")


@check
def any_of_one(document: AgentDocument) -> Iterator[Problem]:
    """`any of` needs a choice: two targets or a tag."""
    for position, line in enumerate(document.agent.relationships):
        if line.any_of and len(set(line.targets)) == 1 and not line.targets[0].startswith("tag:"):
            path = ("relationships", position)
            said = f"`any of` has only one target, {line.targets[0]!r}"
            fixed = str(line.model_copy(update={"any_of": False}))
            yield document.problem("any-of-one", path, said, f"Write {fixed}, or name another target", put=fixed)


@check
def disambiguating_sources(document: AgentDocument) -> Iterator[Problem]:
    """Only an observation (or guideline) can notice that something is ambiguous."""
    for position, line in enumerate(document.agent.relationships):
        if line.kind is not RelationshipKind.DISAMBIGUATES:
            continue
        source = document.agent.things.get(line.source)
        if line.source.startswith("tag:") or _is_state(line.source) or (source and not isinstance(source, Observation)):
            said = f"{line.source!r} cannot disambiguate: an observation notices that something is ambiguous"
            remedy = "Make an observation for it and name it here"
            yield document.problem("bad-disambiguation", ("relationships", position), said, remedy, within=line.source)


@check
def entered_states(document: AgentDocument) -> Iterator[Problem]:
    """A journey finds its way by its own transitions: nothing jumps into a state, and nobody is asked to choose one."""
    for position, line in enumerate(document.agent.relationships):
        if line.kind not in (RelationshipKind.ENTAILS, RelationshipKind.DISAMBIGUATES):
            continue
        for state in filter(_is_state, line.targets):
            journey = state.partition(".")[0]
            said = f"the state {state!r} cannot be what something {line.kind}: a journey is entered at its first state"
            remedy = f"Name the journey, {journey}; states can exclude, entail, be excluded and be depended on"
            path = ("relationships", position)
            yield document.problem("entered-state", path, said, remedy, within=state, put=journey)


@check
def states_of_one_journey(document: AgentDocument) -> Iterator[Problem]:
    """A journey stands on one state at a time, so its states say nothing of one another, nor of the journey itself."""
    for position, line in enumerate(document.agent.relationships):
        for target in line.targets:
            alike = line.source.partition(".")[0] == target.partition(".")[0]
            if alike and line.source != target and (_is_state(line.source) or _is_state(target)):
                said = f"{line.source!r} and {target!r} are one journey, which stands on one state at a time"
                remedy = "Remove this line; the transitions of a journey say where it goes"
                yield document.problem("states-of-one-journey", ("relationships", position), said, remedy)


@check
def forks_as_parties(document: AgentDocument) -> Iterator[Problem]:
    """A fork is passed through: a journey never stands on it, so it cannot take part."""
    agent = document.agent
    for position, line in enumerate(agent.relationships):
        for party in dict.fromkeys((line.source, *line.targets)):
            found = agent.state(party)
            if found is not None and found[1].kind == "fork":
                said = f"{party!r} is a fork: the journey passes through it and never stands on it"
                remedy = "Name a state that it leads to"
                yield document.problem("fork-as-party", ("relationships", position), said, remedy, within=party)


def _is_state(party: str) -> bool:
    return "." in party and not party.startswith("tag:")


@advice
def disambiguation_without_choice(document: AgentDocument) -> Iterator[Problem]:
    """A disambiguation between fewer than two things never asks."""
    tagged = document.agent.tagged
    for position, line in enumerate(document.agent.relationships):
        if line.kind is RelationshipKind.DISAMBIGUATES and len(_expanded(line, tagged)) < 2:
            said = f"{line.source!r} has fewer than two things to choose between"
            yield document.warning("disambiguation-without-choice", ("relationships", position), said, "Name another")


def _expanded(line: Relationship, tagged: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    for target in line.targets:
        found.update(tagged.get(target[4:], ()) if target.startswith("tag:") else [target])
    return found
