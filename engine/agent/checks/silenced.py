"""Relationships and priorities by which something can never, or hardly ever, take part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.agent.checks.registry import Path, advice, guideline_paths
from engine.agent.errors import Problem
from engine.agent.model import Agent, Observation, Relationship, RelationshipKind

if TYPE_CHECKING:
    from engine.agent.document import AgentDocument

NAMED = 3
"""How many names a problem lists before it only counts."""


def lines_of(agent: Agent, kind: RelationshipKind) -> Iterator[tuple[int, str, str]]:
    """The relationships of one kind between single things: position in the file, source, target; tags are expanded."""
    for position, line in enumerate(agent.relationships):
        if line.kind is not kind or (line.any_of and len(line.targets) > 1):
            continue
        for source in _members(agent, line.source):
            for target in line.targets:
                for member in _members(agent, target):
                    if member != source:
                        yield position, source, member


def _members(agent: Agent, party: str) -> tuple[str, ...]:
    return agent.tagged.get(party[4:], ()) if party.startswith("tag:") else (party,)


def _reached(agent: Agent, kind: RelationshipKind) -> Mapping[str, Mapping[str, None]]:
    """By thing, everything that it leads to by one kind of relationship, directly or through others."""
    direct: dict[str, dict[str, None]] = {}
    for _, source, target in lines_of(agent, kind):
        direct.setdefault(source, {})[target] = None
    found: dict[str, dict[str, None]] = {}
    for source in direct:
        reached = dict(direct[source])
        queue = list(reached)
        for name in queue:
            for further in direct.get(name, ()):
                if further not in reached:
                    reached[further] = None
                    queue.append(further)
        found[source] = reached
    return found


@advice
def always_silenced(document: AgentDocument) -> Iterator[Problem]:
    """An exclusion by something that always holds when the excluded thing does."""
    agent = document.agent
    depends = _reached(agent, RelationshipKind.DEPENDS_ON)
    entails = _reached(agent, RelationshipKind.ENTAILS)
    gated = {source for line in agent.relationships for source in _gated_by(agent, line)}
    for position, source, target in lines_of(agent, RelationshipKind.EXCLUDES):
        because = ""
        if target in depends.get(source, ()):
            said = f"{source!r} can never take part: it depends on {target!r}, which it excludes"
            yield document.warning("always-silenced", ("relationships", position), said, "Remove one of the two")
        if source in depends.get(target, ()):
            because = f"{target} depends on {source}"
        elif source not in gated and source in entails.get(target, ()):
            because = f"{target} entails {source}"
        elif source not in gated and _same_condition(agent, source, target):
            because = "both have the same condition"
        if because:
            said = f"{target!r} can never take part: {source!r} excludes it, and {because}"
            remedy = "Remove this exclusion, or make the conditions differ"
            yield document.warning("always-silenced", ("relationships", position), said, remedy)


def _gated_by(agent: Agent, line: Relationship) -> tuple[str, ...]:
    """What a line keeps from holding by its condition alone."""
    return _members(agent, line.source) if line.kind is RelationshipKind.DEPENDS_ON else ()


def _same_condition(agent: Agent, source: str, target: str) -> bool:
    """Whether a source that is judged by its condition alone has just the condition of the target."""
    one, other = agent.things.get(source), agent.things.get(target)
    if not isinstance(one, Observation) or not isinstance(other, Observation):
        return False
    if one.matcher is not None or not one.enabled or _scope(agent, one) not in (None, _scope(agent, other)):
        return False
    return bool(one.condition) and one.condition.casefold().split() == other.condition.casefold().split()


def _scope(agent: Agent, guideline: Observation) -> str | None:
    return next((journey.name for own, journey in agent.scoped_guidelines() if own is guideline and journey), None)


@advice
def entailed_and_excluded(document: AgentDocument) -> Iterator[Problem]:
    """Something is brought in and kept out by the same thing, or by what is brought in beside it."""
    agent = document.agent
    excludes: dict[str, dict[str, None]] = {}
    for _, source, target in lines_of(agent, RelationshipKind.EXCLUDES):
        excludes.setdefault(source, {})[target] = None
    entails = _reached(agent, RelationshipKind.ENTAILS)
    for position, source, target in lines_of(agent, RelationshipKind.ENTAILS):
        excluder = next(
            (
                each
                for each in (source, *entails.get(source, ()))
                if each != target and target in excludes.get(each, ())
            ),
            None,
        )
        if excluder is None:
            continue
        who = "excludes it, too" if excluder == source else f"also entails {excluder}, which excludes it"
        said = f"{source!r} entails {target!r}, and {who}"
        yield document.warning("entailed-and-excluded", ("relationships", position), said, "Remove one of the two")


@advice
def disabled_parties(document: AgentDocument) -> Iterator[Problem]:
    """A dependency on something switched off is never met, and what is switched off cannot be entailed."""
    agent = document.agent
    off = _switched_off(agent)
    for position, line in enumerate(agent.relationships):
        whole = [target for target in line.targets if off.issuperset(_members(agent, target) or (target,))]
        if line.kind is RelationshipKind.DEPENDS_ON and (whole == list(line.targets) if line.any_of else whole):
            said = f"{line.source!r} can never take part: it depends on {whole[0]!r}, which is switched off"
        elif line.kind is RelationshipKind.ENTAILS and whole:
            said = f"{line.source!r} entails {whole[0]!r}, which is switched off"
        else:
            continue
        remedy = "Switch it on, or remove this relationship"
        yield document.warning("disabled-party", ("relationships", position), said, remedy, within=whole[0])


def _switched_off(agent: Agent) -> frozenset[str]:
    """The guidelines, observations, journeys and states that are switched off, by themselves or with their journey."""
    own = {each.name for each, home in agent.scoped_guidelines() if not (each.enabled and (not home or home.enabled))}
    asleep = [journey for journey in agent.journeys if not journey.enabled]
    states = {f"{journey.name}.{state.name}" for journey in asleep for state in journey.states}
    return frozenset(own | states | {journey.name for journey in asleep})


@advice
def scoped_priorities(document: AgentDocument) -> Iterator[Problem]:
    """A journey's guideline has the journey's priority: by one of its own it would silence its own journey."""
    for guideline, path in guideline_paths(document.agent):
        if path[0] == "journeys" and guideline.priority:
            said = f"{guideline.name!r} has the priority of its journey {path[1]!r}; its own is not looked at"
            remedy = "Remove it, or set the journey's priority"
            yield document.warning("scoped-priority", (*path, "priority"), said, remedy)


@advice
def silencing_priorities(document: AgentDocument) -> Iterator[Problem]:
    """Numeric priority is blunt: only the highest level of what matched stays."""
    levels = list(_levels(document.agent))
    top = max((priority for _, priority, _ in levels), default=0)
    highest = [(name, path) for name, priority, path in levels if priority == top]
    lower = [name for name, priority, _ in levels if priority < top]
    if not lower or len(highest) > len(lower):
        return
    named = ", ".join(lower[:NAMED]) + (f" and {len(lower) - NAMED} more" if len(lower) > NAMED else "")
    for name, path in highest:
        said = f"whenever {name!r} matches, its priority {top} silences everything below it: {named}"
        remedy = "Exclude what it should silence by name, unless it is meant to stand alone"
        yield document.warning("silencing-priority", (*path, "priority"), said, remedy)


def _levels(agent: Agent) -> Iterator[tuple[str, int, Path]]:
    """What has a priority of its own; a journey's guidelines have the journey's."""
    for guideline, path in guideline_paths(agent):
        if guideline.enabled and path[0] != "journeys":
            yield guideline.name, guideline.priority, path
    for journey in agent.journeys:
        if journey.enabled:
            yield journey.name, journey.priority, ("journeys", journey.name)
