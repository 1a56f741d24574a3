"""What is written of each thing: its relationships under its own name or a tag it bears, its place, kind and home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.agent.checks.relationships import CYCLIC, cycles
from engine.agent.model import Agent, Journey, RelationshipKind
from engine.turn.results import EntityKind

TAG = "tag:"


@dataclass(frozen=True)
class Links:
    """What is written of each guideline, observation and journey, under its own name or a tag it bears.

    Attributes:
        excludes: What each excludes, as written (names and tags).
        needs: What each depends on: groups that are met by one of their targets (`any of`) or by all of them.
        entails: What each entails, as written.
        disambiguates: The observations that have the agent ask, with what they ask about.
        lines: The digests of the lines written of each, for read sets.
        priorities: The priority of each; a journey's guideline has the journey's.
        states: The states (`journey.state`) that some line names.
        homes: The journey that each journey-scoped guideline or observation belongs to.
        dependents: By name, what may fall with it: what belongs to it, or depends on it or on a tag it bears.
    """

    excludes: Mapping[str, Sequence[str]]
    needs: Mapping[str, Sequence[tuple[bool, tuple[str, ...]]]]
    entails: Mapping[str, Sequence[str]]
    disambiguates: Sequence[tuple[str, tuple[str, ...]]]
    lines: Mapping[str, Mapping[str, str]]
    priorities: Mapping[str, int]
    states: frozenset[str]
    homes: dict[str, str]
    dependents: Mapping[str, Sequence[str]]

    @cached_property
    def is_level(self) -> bool:
        """Whether everything has the same priority, so that nothing can be outranked."""
        return len(set(self.priorities.values())) < 2


def links_of(agent: Agent) -> Links:
    """Sort an agent's relationships by kind and source. Computed once per agent, kept with it."""
    kept = agent.__dict__.get("_links")
    if not isinstance(kept, Links):
        kept = agent.__dict__["_links"] = _links(agent)
    return kept


def _links(agent: Agent) -> Links:
    excludes: dict[str, list[str]] = {}
    needs: dict[str, list[tuple[bool, tuple[str, ...]]]] = {}
    entails: dict[str, list[str]] = {}
    disambiguates: list[tuple[str, tuple[str, ...]]] = []
    lines: dict[str, dict[str, str]] = {}
    for line in agent.relationships:
        if line.kind is RelationshipKind.DISAMBIGUATES:
            disambiguates.append((line.source, line.targets))
        text, digest = str(line), line.digest
        for source in members_of(agent, line.source):
            lines.setdefault(source, {})[text] = digest
            if line.kind is RelationshipKind.EXCLUDES:
                excludes.setdefault(source, []).extend(line.targets)
            elif line.kind is RelationshipKind.ENTAILS:
                entails.setdefault(source, []).extend(line.targets)
            elif line.kind is RelationshipKind.DEPENDS_ON:
                groups = [line.targets] if line.any_of else [(target,) for target in line.targets]
                needs.setdefault(source, []).extend((line.any_of, group) for group in groups)
    states = frozenset(name for line in agent.relationships for name in (line.source, *line.targets) if is_state(name))
    homes = {name: home.name for name, home in homes_of(agent).items()}
    dependents = _dependents(agent, needs, homes, sorted(states))
    return Links(excludes, needs, entails, disambiguates, lines, _priorities(agent), states, homes, dependents)


def _dependents(
    agent: Agent,
    needs: Mapping[str, Sequence[tuple[bool, tuple[str, ...]]]],
    homes: Mapping[str, str],
    states: Sequence[str],
) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, home in homes.items():
        found.setdefault(home, []).append(name)
    for source, groups in needs.items():
        for name in dict.fromkeys(
            one for _, targets in groups for target in targets for one in members_of(agent, target)
        ):
            found.setdefault(name, []).append(source)
    for state in states:
        found.setdefault(state, []).extend(found.get(state.partition(".")[0], ()))
    return found


def _priorities(agent: Agent) -> dict[str, int]:
    found = {journey.name: journey.priority for journey in agent.journeys}
    for own, home in agent.scoped_guidelines():
        found[own.name] = home.priority if home is not None else own.priority
    return found


def members_of(agent: Agent, written: str) -> tuple[str, ...]:
    """What a written name stands for: a name for itself, a tag for its members."""
    return agent.tagged.get(written[len(TAG) :], ()) if written.startswith(TAG) else (written,)


def is_state(name: str) -> bool:
    """Whether a name is that of a state, `journey.state`."""
    return "." in name and not name.startswith(TAG)


def cycles_of(agent: Agent) -> Sequence[tuple[RelationshipKind, tuple[str, ...]]]:
    """What bears on itself by way of others, although it is refused when written. Found once per agent."""
    kept: list[tuple[RelationshipKind, tuple[str, ...]]] | None = agent.__dict__.get("_cycles")
    if kept is None:
        kept = agent.__dict__["_cycles"] = [(kind, cycle) for kind in CYCLIC for cycle in cycles(agent, kind)]
    return kept


def order_of(agent: Agent) -> Mapping[str, int]:
    """The place of each guideline, observation and journey, in file order. Computed once per agent."""
    kept: dict[str, int] | None = agent.__dict__.get("_order")
    if kept is None:
        names = (*(own.name for own, _ in agent.scoped_guidelines()), *(journey.name for journey in agent.journeys))
        kept = {name: place for place, name in enumerate(names)}
        agent.__dict__["_order"] = kept
    return kept


def kind_of(agent: Agent, name: str) -> EntityKind:
    """What an entity is, for its outcome."""
    if is_state(name):
        return "state"
    thing = agent.things.get(name)
    if isinstance(thing, Journey):
        return "journey"
    return "guideline" if getattr(thing, "kind", "") == "guideline" else "observation"


def homes_of(agent: Agent) -> Mapping[str, Journey]:
    """The journey that each journey-scoped guideline or observation belongs to. Computed once per agent."""
    kept: dict[str, Journey] | None = agent.__dict__.get("_homes")
    if kept is None:
        kept = {guideline.name: journey for guideline, journey in agent.scoped_guidelines() if journey is not None}
        agent.__dict__["_homes"] = kept
    return kept
