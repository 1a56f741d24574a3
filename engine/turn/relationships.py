"""Which of the matched survive the relationships, and the one reason of everything that does not.

A pure function over names. One iteration applies dependencies, exclusion, numeric priority and entailment, in this
order; the sets of removed and of entailed things only grow, so iterating ends at a true fix-point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.agent.model import Agent, Journey, RelationshipKind
from engine.turn.results import EntityKind, Outcome, Result
from engine.turn.trace import Reads, Resolution

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
        priorities: The priority of each; a journey's guideline without one of its own has the journey's.
    """

    excludes: Mapping[str, Sequence[str]]
    needs: Mapping[str, Sequence[tuple[bool, tuple[str, ...]]]]
    entails: Mapping[str, Sequence[str]]
    disambiguates: Sequence[tuple[str, tuple[str, ...]]]
    lines: Mapping[str, Mapping[str, str]]
    priorities: Mapping[str, int]


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
    return Links(excludes, needs, entails, disambiguates, lines, _priorities(agent))


def _priorities(agent: Agent) -> dict[str, int]:
    found = {journey.name: journey.priority for journey in agent.journeys}
    for own, home in agent.scoped_guidelines():
        found[own.name] = own.priority or (home.priority if home is not None else 0)
    return found


def members_of(agent: Agent, written: str) -> tuple[str, ...]:
    """What a written name stands for: a name for itself, a tag for its members."""
    return agent.tagged.get(written[len(TAG) :], ()) if written.startswith(TAG) else (written,)


@dataclass
class Resolver:
    """One run of the resolution over one turn's matches.

    Attributes:
        agent: Whose relationships apply.
        matched: Matched guidelines, observations and active journeys, with their scores, in file order.
        usable: The names of everything that could take part (enabled and in scope).
        done: What holds as well, but whose action was carried out before: it does nothing, and what depends on it may.
        aside: What is put aside because the agent asks which of it is meant, with its score; it cannot be entailed.
    """

    agent: Agent
    matched: Mapping[str, float]
    usable: frozenset[str]
    done: frozenset[str] = frozenset()
    aside: Mapping[str, float] = field(default_factory=dict)
    entailed: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    removed: dict[str, Outcome] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    iterations: int = 0
    raised: int = 0

    def __post_init__(self) -> None:
        self.links = links_of(self.agent)
        self.homes = homes_of(self.agent)
        self.scores.update(self.aside)
        self.scores.update(self.matched)

    def standing(self) -> list[str]:
        """What is matched or entailed and not removed, matched ones first."""
        return [name for name in (*self.matched, *self.entailed) if name not in self.removed]

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
            before = (len(self.removed), len(self.entailed), self.raised)
            failing = self._failing_dependencies()
            self._exclude(failing)
            self._outrank(failing)
            failing = self._failing_dependencies()
            self._entail(failing)
            if (len(self.removed), len(self.entailed), self.raised) == before:
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
        return name in self.homes or name in self.links.needs

    def _unmet(self, name: str, standing: set[str]) -> tuple[Result, tuple[str, ...], str] | None:
        home = self.homes.get(name)
        if home is not None and home.name not in standing:
            return Result.DROPPED_DEPENDENCY, (home.name,), f"belongs to {home.name}, which did not survive"
        for any_of, targets in self.links.needs.get(name, ()):
            lacking = [target for target in targets if not self._is_met(name, target, standing, any_of)]
            if len(lacking) == len(targets):
                return self._dependency_reason(lacking, any_of)
        return None

    def _is_met(self, name: str, target: str, standing: set[str], any_of: bool) -> bool:
        if target == name or target in self.done:
            return True
        if not target.startswith(TAG):
            return target in standing
        members = [member for member in members_of(self.agent, target) if member in self.usable]
        if any_of:
            return any(member in standing or member in self.done for member in members)
        return bool(members) and all(member in standing or member in self.done for member in members)

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
            for written in self.links.excludes.get(source, ()):
                for target in members_of(self.agent, written):
                    if target in present and target != source:
                        hits.setdefault(target, []).append(source)
        for target, sources in hits.items():
            winner = max(sources, key=lambda name: (self.scores[name], -sources.index(name)))
            self.remove(target, Result.EXCLUDED, (winner,), f"excluded by {winner}")

    def _outrank(self, failing: Mapping[str, object]) -> None:
        priorities = self.links.priorities
        ranked = {name: priorities[name] for name in self.matched if name not in self.removed and name not in failing}
        highest = max(ranked.values(), default=0)
        if all(priority == highest for priority in ranked.values()):
            return
        best = next(name for name, priority in ranked.items() if priority == highest)
        for name, priority in ranked.items():
            if priority < highest:
                self.remove(
                    name,
                    Result.OUTRANKED,
                    (best,),
                    f"priority {priority} is below {highest} of {best}, which holds too",
                )

    def _entail(self, failing: Mapping[str, object]) -> None:
        """Add what the standing entail. What is new here entails in the next iteration, once it has stood the tests."""
        able = [name for name in self.standing() if name in self.links.entails and name not in failing]
        for source in sorted(able, key=lambda name: -self.scores[name]):
            for target in self._entailed_by(source):
                if target in self.removed or target in self.aside or target in self.matched:
                    continue
                if target not in self.usable:
                    self._warn(f"{source} entails {target}, which is disabled or out of scope")
                elif self.scores.get(target, -1.0) < self.scores[source]:
                    self.entailed.setdefault(target, source)
                    self.scores[target] = self.scores[source]
                    self.raised += 1

    def _entailed_by(self, source: str) -> Iterator[str]:
        for written in self.links.entails.get(source, ()):
            names = members_of(self.agent, written)
            yield from (name for name in names if not written.startswith(TAG) or name in self.usable)

    def reads(self, matched: Iterable[str]) -> Reads:
        """What was looked at: the matched and entailed things, and the lines written under them."""
        found: dict[str, str] = {}
        for name in (*matched, *self.entailed):
            found[name] = self.agent.things[name].digest
            found |= self.links.lines.get(name, {})
        return Reads(found)

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)


def resolve(
    agent: Agent,
    matched: Mapping[str, float],
    usable: Iterable[str],
    *,
    done: Iterable[str] = (),
    round_number: int = 1,
) -> Resolution:
    """Resolve one round's matches.

    Args:
        agent: Whose relationships apply.
        matched: Score by name of the matched guidelines, observations and active journeys, in file order.
        usable: The names of all guidelines, observations and journeys that are enabled and in scope.
        done: What holds too, but was carried out before: it does nothing more, and what depends on it is not unmet.
        round_number: Which round of the turn this is.

    Returns:
        The survivors in file order (entailed ones after the matched), and one outcome for each that was removed.
    """
    ambiguity = _ambiguity(agent, matched, frozenset(usable), frozenset(done))
    resolver = ambiguity.resolver
    order = order_of(agent)
    entailed = sorted(
        (name for name in resolver.entailed if name not in resolver.removed), key=lambda name: order[name]
    )
    return Resolution(
        round=round_number,
        survivors=(*(name for name in resolver.matched if name not in resolver.removed), *entailed),
        entailed={name: resolver.entailed[name] for name in entailed},
        removed=(*resolver.removed.values(), *ambiguity.outcomes(agent)),
        clarify=ambiguity.questions[0].options if ambiguity.questions else (),
        clarify_by=ambiguity.questions[0].by if ambiguity.questions else None,
        iterations=resolver.iterations,
        warnings=tuple(resolver.warnings),
        reads=resolver.reads(matched),
    )


@dataclass(frozen=True)
class _Question:
    """What an observation has the agent ask: which of the options is meant."""

    by: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class _Ambiguity:
    """The resolution without what was put aside, and the questions about that; the agent asks the first one."""

    resolver: Resolver
    questions: tuple[_Question, ...] = ()

    def outcomes(self, agent: Agent) -> Iterator[Outcome]:
        for name, score in self.resolver.aside.items():
            question = next(question for question in self.questions if name in question.options)
            others = tuple(other for other in question.options if other != name)
            why = f"{question.by} asks which one is meant"
            yield Outcome(name, kind_of(agent, name), Result.AMBIGUOUS, others, why, score)


def _ambiguity(agent: Agent, matched: Mapping[str, float], usable: frozenset[str], done: frozenset[str]) -> _Ambiguity:
    """Resolve; then put aside the targets that a surviving observation has the agent ask about.

    Whatever depends on a target put aside, or was entailed by it, goes with it, so the rest is resolved again without
    the targets. What they excluded or outranked stays removed: that they may be meant is enough.
    """
    resolver = Resolver(agent, matched, usable, done)
    resolver.run()
    asked: list[_Question] = []
    while questions := _questions(resolver):
        asked += questions
        aside = {**resolver.aside, **{name: resolver.scores[name] for item in questions for name in item.options}}
        left = {name: score for name, score in matched.items() if name not in aside}
        resolver = Resolver(agent, left, usable, done, aside, removed=_final(resolver, matched))
        resolver.run()
    return _Ambiguity(resolver, tuple(asked))


def _questions(resolver: Resolver) -> list[_Question]:
    """What the standing observations have the agent ask: each of those with two or more targets standing."""
    standing = set(resolver.standing())
    found = []
    for source, written in resolver.links.disambiguates:
        targets = dict.fromkeys(name for text in written for name in members_of(resolver.agent, text))
        alive = tuple(name for name in targets if name in standing and name != source)
        if source in standing and len(alive) >= 2:
            found.append(_Question(source, alive))
    return found


def _final(resolver: Resolver, matched: Mapping[str, float]) -> dict[str, Outcome]:
    """What stays removed when things are put aside: what something matched excluded or outranked."""
    final = (Result.EXCLUDED, Result.OUTRANKED)
    return {
        name: outcome
        for name, outcome in resolver.removed.items()
        if name in matched and outcome.result in final and outcome.counterpart[0] in matched
    }


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
