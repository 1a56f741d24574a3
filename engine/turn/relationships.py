"""Which of the matched survive the relationships, and the one reason of everything that does not.

A pure function over names. One iteration applies dependencies, exclusion, numeric priority and entailment, in this
order; the sets of removed and of entailed things only grow, so iterating ends at a true fix-point.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.agent.model import Agent
from engine.turn.relationship_lines import (
    TAG,
    cycles_of,
    homes_of,
    is_state,
    kind_of,
    links_of,
    members_of,
    order_of,
)
from engine.turn.results import Outcome, Result
from engine.turn.trace import Reads, Resolution

__all__ = ["TAG", "Stands", "homes_of", "kind_of", "links_of", "members_of", "order_of", "resolve"]


Failure = tuple[Result, tuple[str, ...], str]
"""Why something lacks what it depends on: the result, what it lacks, and one sentence."""


@dataclass(frozen=True)
class Stands:
    """Where journeys stand in a turn, as far as relationships care.

    Attributes:
        states: The current state of each journey that is under way, as `journey.state`.
        within: By journey that goes on only because a state of another one links to it: that state, as `journey.state`.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Resolver:
    """One run of the resolution over one turn's matches.

    Attributes:
        agent: Whose relationships apply.
        matched: Matched guidelines, observations and active journeys, with their scores, in file order.
        usable: The names of everything that could take part (enabled and in scope).
        done: What holds as well, but whose action was carried out before: it does nothing, and what depends on it may.
        stands: Where the journeys stand. A state takes part when some line names it.
        aside: What is put aside because the agent asks which of it is meant, with its score; it cannot be entailed.
    """

    agent: Agent
    matched: Mapping[str, float]
    usable: frozenset[str]
    done: frozenset[str] = frozenset()
    stands: Stands = field(default_factory=Stands)
    aside: Mapping[str, float] = field(default_factory=dict)
    entailed: dict[str, str] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    removed: dict[str, Outcome] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    iterations: int = 0
    raised: int = 0

    def __post_init__(self) -> None:
        self.links = links_of(self.agent)
        self.current = {journey: state for journey, state in self.stands.states.items() if state in self.links.states}
        self._members = {state: journey for journey, state in self.current.items()}
        self._members |= {child: self._linking(state) for child, state in self.stands.within.items()}
        self._goes_with: dict[str, list[str]] = {}
        for member, home in self._members.items():
            self._goes_with.setdefault(home, []).append(member)
        self.matched = {**self.matched, **{self.current[name]: 1.0 for name in self.matched if name in self.current}}
        self.scores.update(self.aside)
        self.scores.update(self.matched)
        self._present = dict.fromkeys(name for name in self.matched if name not in self.removed)

    def _linking(self, state: str) -> str:
        """What a linked journey goes with: the state that links to it, where lines speak of that, else its journey."""
        return state if state in self.links.states else state.partition(".")[0]

    def standing(self) -> list[str]:
        """What is matched or entailed and not removed, matched ones first."""
        return list(self._present)

    def remove(self, name: str, result: Result, counterpart: Sequence[str], why: str) -> None:
        """Take something out, with its deciding reason; the first reason stays."""
        if name not in self.removed:
            self._present.pop(name, None)
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
            failing = self._failing({}, self._present)
            self._exclude(failing)
            self._outrank(failing)
            gone = list(self.removed)[before[0] :]
            failing = self._failing(failing, [name for lost in gone for name in self._dependents(lost)])
            self._entail(failing)
            if (len(self.removed), len(self.entailed), self.raised) == before:
                break
        for name, (result, counterpart, why) in failing.items():
            self.remove(name, result, counterpart, why)

    def _failing(self, known: Mapping[str, Failure], asked: Iterable[str]) -> dict[str, Failure]:
        """What stands and lacks something, with the reason.

        Args:
            known: What lacks something already.
            asked: Whose dependencies are to be tried; what depends on something that fails is tried again.
        """
        failing = dict(known)
        standing = self._present.keys() - failing.keys()
        needs, homes, members = self.links.needs, self.links.homes, self._members
        waiting = [name for name in asked if name in needs or name in homes or name in members]
        for name in waiting:
            reason = self._unmet(name, standing) if name in standing else None
            if reason:
                failing[name] = reason
                standing.discard(name)
                waiting.extend(self._dependents(name))
        return failing

    def home(self, name: str) -> str | None:
        """The journey that something belongs to, or the state that links to it."""
        return self._members.get(name) or self.links.homes.get(name)

    def _dependents(self, name: str) -> Iterator[str]:
        """What may fall with something: what depends on it, belongs to it, or goes on because it links to it."""
        yield from self.links.dependents.get(name, ())
        yield from self._goes_with.get(name, ())

    def _unmet(self, name: str, standing: set[str]) -> Failure | None:
        home = self.home(name)
        if home is not None and home not in standing:
            return Result.DROPPED_DEPENDENCY, (home,), f"belongs to {home}, which did not survive"
        for any_of, targets in self.links.needs.get(name, ()):
            lacking = [target for target in targets if not self._is_met(name, target, standing, any_of)]
            if len(lacking) == len(targets):
                return self._dependency_reason(lacking, any_of)
        return None

    def _is_met(self, name: str, target: str, standing: set[str], any_of: bool) -> bool:
        if target == name or target in self.done:
            return True
        if not target.startswith(TAG):
            return target in standing and self._state_stands(target, standing)
        members = [member for member in members_of(self.agent, target) if member in self.usable]
        met = (
            member in self.done or (member in standing and self._state_stands(member, standing)) for member in members
        )
        return any(met) if any_of else bool(members) and all(met)

    def _state_stands(self, name: str, standing: set[str]) -> bool:
        """Whether the current state of a journey, where it takes part, stands; true of anything else."""
        state = self.current.get(name)
        return state is None or state not in self.scores or state in standing

    def _dependency_reason(self, lacking: list[str], any_of: bool) -> Failure:
        was_there = [target for target in lacking if target in self.scores]
        if was_there and not any_of:
            lost = self._lost(was_there[0])
            return Result.DROPPED_DEPENDENCY, (lost,), f"depends on {was_there[0]}, and {lost} did not survive"
        if any_of:
            return Result.UNMET_DEPENDENCY, tuple(lacking), f"depends on any of {', '.join(lacking)}; none holds"
        return Result.UNMET_DEPENDENCY, (lacking[0],), f"depends on {lacking[0]}, which does not hold"

    def _lost(self, target: str) -> str:
        """What of a target did not survive: a journey that still stands lost its state."""
        return self.current.get(target, target) if target not in self.removed else target

    def _exclude(self, failing: Mapping[str, object]) -> None:
        """Test everything against the set before this step: with A over B and B over C, only A remains."""
        present = self._present.keys() - failing.keys()
        hits: dict[str, list[str]] = {}
        excludes = self.links.excludes
        for source in [name for name in self._present if name in excludes and name in present]:
            for written in excludes[source]:
                for target in members_of(self.agent, written):
                    if target in present and target != source:
                        hits.setdefault(target, []).append(source)
        for target, sources in hits.items():
            winner = max(sources, key=lambda name: (self.scores[name], -sources.index(name)))
            self.remove(target, Result.EXCLUDED, (winner,), f"excluded by {winner}")

    def _outrank(self, failing: Mapping[str, object]) -> None:
        if self.links.is_level:
            return
        priorities = self.links.priorities
        able = (name for name in self._present if name in self.matched and name not in failing)
        ranked = {name: priorities[name] for name in able if name in priorities}
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
        entails = self.links.entails
        able = [name for name in self._present if name in entails and name not in failing]
        for source in sorted(able, key=lambda name: -self.scores[name]):
            for target in self._entailed_by(source):
                if target in self.removed or target in self.aside or target in self.matched:
                    continue
                if target not in self.usable and target not in self.current.values():
                    self._warn(f"{source} entails {target}, which is disabled or out of scope")
                elif self.scores.get(target, -1.0) < self.scores[source]:
                    self.entailed.setdefault(target, source)
                    self._present.setdefault(target)
                    self.scores[target] = self.scores[source]
                    self.raised += 1

    def _entailed_by(self, source: str) -> Iterator[str]:
        """What a line brings in, and with a journey the state it stands on."""
        for written in self.links.entails.get(source, ()):
            for name in members_of(self.agent, written):
                if name in self.usable or not written.startswith(TAG):
                    yield name
                if name in self.usable and name in self.current:
                    yield self.current[name]

    def reads(self, matched: Iterable[str]) -> Reads:
        """What was looked at: the matched and entailed things, and the lines written under them."""
        found: dict[str, str] = {}
        things, lines = self.agent.things, self.links.lines
        for name in (*matched, *self.current.values(), *self.entailed):
            if name in things:
                found[name] = things[name].digest
            if name in lines:
                found |= lines[name]
        return Reads(found)

    def _warn(self, text: str) -> None:
        if text not in self.warnings:
            self.warnings.append(text)

    def is_resting(self, lost: Outcome) -> bool:
        """Whether something lost is a state that rests merely because its journey did not survive."""
        return is_state(lost.entity) and lost.counterpart == (self.home(lost.entity),)

    def warned(self) -> tuple[str, ...]:
        """The warnings, with the cycles that were met: they are refused when written, and survived when met."""
        met = (
            f"a cycle was met: {f' {kind} '.join(cycle)}"
            for kind, cycle in cycles_of(self.agent)
            if all(name in self.scores for name in cycle if not name.startswith(TAG))
        )
        return (*self.warnings, *met)


def resolve(
    agent: Agent,
    matched: Mapping[str, float],
    usable: Iterable[str],
    *,
    done: Iterable[str] = (),
    stands: Stands | None = None,
    round_number: int = 1,
) -> Resolution:
    """Resolve one round's matches.

    Args:
        agent: Whose relationships apply.
        matched: Score by name of the matched guidelines, observations and active journeys, in file order.
        usable: The names of all guidelines, observations and journeys that are enabled and in scope.
        done: What holds too, but was carried out before: it does nothing more, and what depends on it is not unmet.
        stands: Where the journeys stand: their states take part, too.
        round_number: Which round of the turn this is.

    Returns:
        The surviving guidelines, observations and journeys in file order (entailed ones after the matched), and one
        outcome for each that was removed, with the states that were kept from taking part.
    """
    ambiguity = _ambiguity(Resolver(agent, matched, frozenset(usable), frozenset(done), stands or Stands()))
    resolver = ambiguity.resolver
    order = order_of(agent)
    standing = [name for name in resolver.standing() if not is_state(name)]
    entailed = sorted((name for name in standing if name in resolver.entailed), key=lambda name: order[name])
    return Resolution(
        round=round_number,
        survivors=(*(name for name in standing if name in resolver.matched), *entailed),
        entailed={name: resolver.entailed[name] for name in entailed},
        removed=(*(lost for lost in resolver.removed.values() if not resolver.is_resting(lost)), *ambiguity.outcomes()),
        clarify=ambiguity.questions[0].options if ambiguity.questions else (),
        clarify_by=ambiguity.questions[0].by if ambiguity.questions else None,
        iterations=resolver.iterations,
        warnings=resolver.warned(),
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

    def outcomes(self) -> Iterator[Outcome]:
        """The outcome of everything that was put aside."""
        for name, score in self.resolver.aside.items():
            question = next(question for question in self.questions if name in question.options)
            others = tuple(other for other in question.options if other != name)
            why = f"{question.by} asks which one is meant"
            yield Outcome(name, kind_of(self.resolver.agent, name), Result.AMBIGUOUS, others, why, score)


def _ambiguity(resolver: Resolver) -> _Ambiguity:
    """Resolve; then put aside the targets that a surviving observation has the agent ask about.

    Whatever depends on a target put aside, or was entailed by it, goes with it, so the rest is resolved again without
    the targets. What they excluded or outranked stays removed: that they may be meant is enough.
    """
    matched = resolver.matched
    resolver.run()
    asked: list[_Question] = []
    while questions := _questions(resolver):
        asked += questions
        aside = {**resolver.aside, **{name: resolver.scores[name] for item in questions for name in item.options}}
        left = {name: score for name, score in matched.items() if name not in aside}
        removed = _final(resolver, matched)
        resolver = Resolver(
            resolver.agent, left, resolver.usable, resolver.done, resolver.stands, aside, removed=removed
        )
        resolver.run()
    return _Ambiguity(resolver, tuple(asked))


def _questions(resolver: Resolver) -> list[_Question]:
    """What the standing observations have the agent ask: each of those with two or more targets standing."""
    standing = set(resolver.standing())
    found = []
    for source, written in resolver.links.disambiguates:
        targets = dict.fromkeys(name for text in written for name in members_of(resolver.agent, text))
        alive = tuple(name for name in targets if name in standing and name != source and not is_state(name))
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
