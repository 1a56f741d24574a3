"""Which of the matched survive the relationships, and the one reason of everything that does not.

A pure function over names. One iteration applies dependencies, exclusion, numeric priority and entailment, in this
order; the sets of removed and of entailed things only grow, so iterating ends at a true fix-point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.agent.model import Agent, Journey, Observation, RelationshipKind
from engine.turn.trace import EntityKind, Outcome, Resolution, Result

TAG = "tag:"


@dataclass(frozen=True)
class Links:
    """The relationships of an agent by source, with the file's order kept.

    `needs[source]` is a list of groups; each group is met when one of its targets is (`any of`), or all (else).
    """

    excludes: Mapping[str, tuple[str, ...]]
    needs: Mapping[str, tuple[tuple[bool, tuple[str, ...]], ...]]
    entails: Mapping[str, tuple[str, ...]]
    disambiguates: tuple[tuple[str, tuple[str, ...]], ...]


def links_of(agent: Agent) -> Links:
    """Sort an agent's relationships by kind and source. Computed once per agent, kept with it."""
    kept = agent.__dict__.get("_links")
    if isinstance(kept, Links):
        return kept
    excludes: dict[str, list[str]] = {}
    needs: dict[str, list[tuple[bool, tuple[str, ...]]]] = {}
    entails: dict[str, list[str]] = {}
    disambiguates: list[tuple[str, tuple[str, ...]]] = []
    for line in agent.relationships:
        if line.kind is RelationshipKind.EXCLUDES:
            excludes.setdefault(line.source, []).extend(line.targets)
        elif line.kind is RelationshipKind.ENTAILS:
            entails.setdefault(line.source, []).extend(line.targets)
        elif line.kind is RelationshipKind.DISAMBIGUATES:
            disambiguates.append((line.source, line.targets))
        elif line.any_of:
            needs.setdefault(line.source, []).append((True, line.targets))
        else:
            needs.setdefault(line.source, []).extend((False, (target,)) for target in line.targets)
    links = Links(
        {source: tuple(targets) for source, targets in excludes.items()},
        {source: tuple(groups) for source, groups in needs.items()},
        {source: tuple(targets) for source, targets in entails.items()},
        tuple(disambiguates),
    )
    agent.__dict__["_links"] = links
    return links


@dataclass
class Resolver:
    """One run of the resolution over one turn's matches.

    Attributes:
        agent: Whose relationships apply.
        matched: Matched guidelines, observations and active journeys, with their scores, in file order.
        usable: The names of everything that could take part (enabled and in scope).
        aside: What is put aside because the agent asks which of it is meant; it cannot be entailed either.
    """

    agent: Agent
    matched: Mapping[str, float]
    usable: frozenset[str]
    aside: frozenset[str] = frozenset()
    entailed: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    removed: dict[str, Outcome] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    iterations: int = 0

    def __post_init__(self) -> None:
        self.links = links_of(self.agent)
        self.homes = homes_of(self.agent)
        self.scores.update(self.matched)

    def standing(self) -> list[str]:
        """What is matched or entailed and not removed, matched ones first."""
        return [name for name in (*self.matched, *self.entailed) if name not in self.removed]

    def _names(self, source: str) -> tuple[str, ...]:
        """A name for itself; a tag for its members."""
        return self.agent.tagged.get(source[len(TAG) :], ()) if source.startswith(TAG) else (source,)

    def _bearers(self, name: str) -> Iterator[str]:
        """Under which sources relationships of `name` are written: itself, then its tags, then its journey."""
        yield name
        thing = self.agent.things.get(name)
        if isinstance(thing, (Observation, Journey)):
            for tag in thing.tags:
                yield TAG + tag

    def remove(self, name: str, result: Result, counterpart: Sequence[str], why: str) -> None:
        """Take something out, with its deciding reason; the first reason stays."""
        if name not in self.removed:
            self.removed[name] = Outcome(
                name, kind_of(self.agent, name), result, tuple(counterpart), why, self.scores.get(name)
            )

    def run(self) -> None:
        """Iterate to the fix-point.

        Dependencies are tried anew in each iteration, since something entailed may meet them: a dependency
        failure only becomes final when an iteration adds nothing more.
        """
        while True:
            self.iterations += 1
            before = (len(self.removed), len(self.entailed))
            failing = self._failing_dependencies()
            self._exclude(failing)
            self._outrank(failing)
            failing = self._failing_dependencies()
            self._entail(failing)
            if (len(self.removed), len(self.entailed)) == before:
                break
        for name, (result, counterpart, why) in self._failing_dependencies().items():
            self.remove(name, result, counterpart, why)

    def _failing_dependencies(self) -> dict[str, tuple[Result, tuple[str, ...], str]]:
        failing: dict[str, tuple[Result, tuple[str, ...], str]] = {}
        standing_in_order = self.standing()
        standing = set(standing_in_order)
        waiting = [name for name in standing_in_order if self._has_needs(name)]
        changed = True
        while changed:
            changed = False
            for name in waiting:
                reason = None if name in failing else self._unmet(name, standing)
                if reason:
                    failing[name] = reason
                    standing.discard(name)
                    changed = True
        return failing

    def _has_needs(self, name: str) -> bool:
        return name in self.homes or any(bearer in self.links.needs for bearer in self._bearers(name))

    def _unmet(self, name: str, standing: set[str]) -> tuple[Result, tuple[str, ...], str] | None:
        home = self.homes.get(name)
        if home is not None and home.name not in standing:
            return Result.DROPPED_DEPENDENCY, (home.name,), f"belongs to {home.name}, which did not survive"
        for bearer in self._bearers(name):
            for any_of, targets in self.links.needs.get(bearer, ()):
                lacking = [target for target in targets if not self._is_met(name, target, standing, any_of)]
                if (any_of and len(lacking) == len(targets)) or (not any_of and lacking):
                    return self._dependency_reason(lacking, any_of)
        return None

    def _is_met(self, name: str, target: str, standing: set[str], any_of: bool) -> bool:
        if target == name:
            return True
        if not target.startswith(TAG):
            return target in standing
        members = [member for member in self._names(target) if member in self.usable]
        if any_of:
            return any(member in standing for member in members)
        return bool(members) and all(member in standing for member in members)

    def _dependency_reason(self, lacking: list[str], any_of: bool) -> tuple[Result, tuple[str, ...], str]:
        was_there = [target for target in lacking if target in self.scores]
        if was_there and not any_of:
            return (
                Result.DROPPED_DEPENDENCY,
                (was_there[0],),
                f"depends on {was_there[0]}, which did not survive",
            )
        if any_of:
            return Result.UNMET_DEPENDENCY, tuple(lacking), f"depends on any of {', '.join(lacking)}; none holds"
        return Result.UNMET_DEPENDENCY, (lacking[0],), f"depends on {lacking[0]}, which does not hold"

    def _exclude(self, failing: Mapping[str, object]) -> None:
        """Test everything against the set before this step: with A over B and B over C, only A remains."""
        present = dict.fromkeys(name for name in self.standing() if name not in failing)
        hits: dict[str, list[str]] = {}
        for source in present:
            for bearer in self._bearers(source):
                for written in self.links.excludes.get(bearer, ()):
                    for target in self._names(written):
                        if target in present and target != source:
                            hits.setdefault(target, []).append(source)
        for target, sources in hits.items():
            winner = max(sources, key=lambda name: (self.scores[name], -sources.index(name)))
            self.remove(target, Result.EXCLUDED, (winner,), f"excluded by {winner}")

    def _outrank(self, failing: Mapping[str, object]) -> None:
        ranked = {
            name: self._priority(name) for name in self.matched if name not in self.removed and name not in failing
        }
        if not ranked:
            return
        highest = max(ranked.values())
        best = next(name for name, priority in ranked.items() if priority == highest)
        for name, priority in ranked.items():
            if priority < highest:
                self.remove(
                    name,
                    Result.OUTRANKED,
                    (best,),
                    f"priority {priority} is below {highest} of {best}, which holds too",
                )

    def _priority(self, name: str) -> int:
        thing = self.agent.things.get(name)
        if isinstance(thing, Journey):
            return thing.priority
        home = self.homes.get(name)
        own = thing.priority if isinstance(thing, Observation) else 0
        return own or (home.priority if home is not None else 0)

    def _entail(self, failing: Mapping[str, object]) -> None:
        queue = [name for name in self.standing() if name not in failing]
        while queue:
            source = queue.pop(0)
            for target in self._entailed_by(source):
                if target in self.removed or target in self.aside or target in self.matched:
                    continue
                if target not in self.usable:
                    self._warn(f"{source} entails {target}, which is disabled or out of scope")
                    continue
                score = self.scores[source]
                if target not in self.entailed:
                    self.entailed[target] = source
                    self.scores[target] = score
                    queue.append(target)
                else:
                    self.scores[target] = max(score, self.scores[target])

    def _entailed_by(self, source: str) -> Iterator[str]:
        for bearer in self._bearers(source):
            for written in self.links.entails.get(bearer, ()):
                names = self._names(written)
                yield from (name for name in names if not written.startswith(TAG) or name in self.usable)

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)


def resolve(agent: Agent, matched: Mapping[str, float], usable: Iterable[str], *, round_number: int = 1) -> Resolution:
    """Resolve one round's matches.

    Args:
        agent: Whose relationships apply.
        matched: Score by name of the matched guidelines, observations and active journeys, in file order.
        usable: The names of all guidelines, observations and journeys that are enabled and in scope.
        round_number: Which round of the turn this is.

    Returns:
        The survivors in file order (entailed ones after the matched), and one outcome for each that was removed.
    """
    ambiguity = _ambiguity(agent, matched, frozenset(usable))
    resolver = ambiguity.resolver
    survivors = tuple(name for name in resolver.standing() if name not in ambiguity.asked)
    removed = (*resolver.removed.values(), *ambiguity.outcomes(agent))
    return Resolution(
        round=round_number,
        survivors=survivors,
        entailed={name: source for name, source in resolver.entailed.items() if name in survivors},
        removed=removed,
        clarify=ambiguity.asked,
        clarify_by=ambiguity.by,
        iterations=resolver.iterations,
        warnings=tuple(resolver.warnings),
    )


@dataclass(frozen=True)
class _Ambiguity:
    resolver: Resolver
    asked: tuple[str, ...] = ()
    by: str | None = None

    def outcomes(self, agent: Agent) -> tuple[Outcome, ...]:
        return tuple(
            Outcome(
                name,
                kind_of(agent, name),
                Result.AMBIGUOUS,
                tuple(other for other in self.asked if other != name),
                f"{self.by} asks which one is meant",
                self.resolver.scores.get(name),
            )
            for name in self.asked
        )


def _ambiguity(agent: Agent, matched: Mapping[str, float], usable: frozenset[str]) -> _Ambiguity:
    """Resolve; then put aside the targets that a surviving observation has the agent ask about.

    Whatever depends on a target put aside goes with it, so the rest is resolved again without the targets.
    """
    resolver = Resolver(agent, matched, usable)
    resolver.run()
    standing = set(resolver.standing())
    for source, written in resolver.links.disambiguates:
        if source not in standing:
            continue
        targets = [name for text in written for name in resolver._names(text)]
        alive = tuple(name for name in dict.fromkeys(targets) if name in standing and name != source)
        if len(alive) >= 2:
            left = {name: score for name, score in matched.items() if name not in alive}
            again = Resolver(agent, left, usable, frozenset(alive))
            again.run()
            again.scores.update({name: resolver.scores[name] for name in alive})
            return _Ambiguity(again, alive, source)
    return _Ambiguity(resolver)


def kind_of(agent: Agent, name: str) -> EntityKind:
    """What an entity is, for its outcome."""
    if "." in name:
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
