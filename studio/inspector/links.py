"""Whose doing an outcome was: the things that a chain of reasons leads on to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.agent.model import Journey, Observation, Tool
from engine.turn.relationships import TAG, members_of
from engine.turn.results import Outcome, Result
from engine.turn.trace import Composition, Resolution
from studio.inspector.facts import Facts

LONGEST = 12
"""How many steps a chain is followed."""


@dataclass(frozen=True)
class Link:
    """Something that had a part in an outcome, and which part."""

    name: str
    part: str


def links_of(facts: Facts, name: str) -> tuple[Link, ...]:
    """Who or what decided about a thing, most important first; only things that have an outcome themselves."""
    outcome = facts.outcomes.get(name) or facts.final.get(name)
    if outcome is None:
        return ()
    found: dict[str, Link] = {}
    for link in _LEADS.get(outcome.result, _counterparts)(facts, outcome):
        for each in _entities(facts, outcome, link.name):
            if each != name:
                found.setdefault(each, Link(each, link.part))
    return tuple(found.values())


def chain_of(facts: Facts, name: str) -> tuple[str, ...]:
    """The thing, who decided about it, who decided about that, and so on: each the first link of the one before."""
    chain = [name]
    while len(chain) < LONGEST:
        following = next((link.name for link in links_of(facts, chain[-1]) if link.name not in chain), None)
        if following is None:
            break
        chain.append(following)
    return tuple(chain)


def _entities(facts: Facts, outcome: Outcome, written: str) -> Iterator[str]:
    """The entities that a written name stands for: itself, a tag's members, or a state of the same journey."""
    known = facts.final or facts.outcomes
    if written.startswith(TAG):
        yield from (member for member in members_of(facts.agent, written) if member in known)
    elif written in known and outcome.kind != "state":
        yield written
    elif outcome.kind == "state" and (state := f"{outcome.entity.partition('.')[0]}.{written}") in known:
        yield state
    elif written in known:
        yield written


def _counterparts(facts: Facts, outcome: Outcome) -> Iterator[Link]:
    part = _PARTS.get(outcome.result, "decided")
    for name in outcome.counterpart:
        yield Link(name, part)


_PARTS = {
    Result.EXCLUDED: "excludes it",
    Result.OUTRANKED: "ranks above it",
    Result.ENTAILED: "entails it",
    Result.UNMET_DEPENDENCY: "it depends on this",
    Result.DROPPED_DEPENDENCY: "it depends on this",
    Result.AMBIGUOUS: "may be meant as well",
    Result.INACTIVE_JOURNEY: "it belongs to this",
    Result.DISABLED: "it belongs to this",
    Result.OUT_OF_SCOPE: "it is attached to this",
    Result.LOST_TO: "was nearer",
}


def _ambiguous(facts: Facts, outcome: Outcome) -> Iterator[Link]:
    stage = facts.trace.last(Resolution)
    if stage is not None and stage.clarify_by:
        yield Link(stage.clarify_by, "has the agent ask")
    yield from _counterparts(facts, outcome)


def _missing_field(facts: Facts, outcome: Outcome) -> Iterator[Link]:
    """The tools whose stubs give the field."""
    lacking = {name.partition(".")[0] for name in outcome.counterpart}
    for tool in facts.agent.tools:
        if any(lacking & stub.fields.keys() for stub in tool.stubs):
            yield Link(tool.name, "gives the field")


def _argument(facts: Facts, outcome: Outcome) -> Iterator[Link]:
    for call in facts.calls:
        if call.tool == outcome.entity:
            yield from (Link(name, "wanted it") for name in call.wanted_by)


def _fit_too_low(facts: Facts, outcome: Outcome) -> Iterator[Link]:
    stage = facts.trace.last(Composition)
    yield from (Link(name, "asks for the mode") for name in (stage.asked_by if stage is not None else ()))


def _not_needed(facts: Facts, outcome: Outcome) -> Iterator[Link]:
    if outcome.kind == "state":
        yield from (Link(name, "is where the journey stands") for name in outcome.counterpart)
    elif isinstance(tool := facts.agent.things.get(outcome.entity), Tool):
        yield from (Link(name, "would want it") for name in wanted_by(facts, tool.name))


_FOLLOW = frozenset({Result.ENTAILED, Result.CALLED, Result.UNMET_DEPENDENCY, Result.DROPPED_DEPENDENCY})
"""Results that are the doing of the thing that they name."""


def led_to(facts: Facts, name: str) -> tuple[str, ...]:
    """What came of a thing besides what it beat: entailed, called, said for it, or lost because it was not there."""
    found = []
    for other, outcome in facts.outcomes.items():
        thing = facts.agent.things.get(other)
        item = facts.retrieved.get(other)
        begun = isinstance(thing, Journey) and name in thing.conditions and outcome.result.won
        used = item is not None and item.linked == name and outcome.result.won
        named = outcome.result in _FOLLOW and outcome.kind != "state" and name in outcome.counterpart
        if other != name and (begun or used or named):
            found.append(other)
    return tuple(found)


def wanted_by(facts: Facts, tool: str) -> Iterator[str]:
    """The guidelines, observations and states that a tool is attached to, in file order."""
    for own, _ in facts.agent.scoped_guidelines():
        if tool in own.tools:
            yield own.name
    for journey in facts.agent.journeys:
        for state in journey.states:
            if state.tool == tool:
                yield f"{journey.name}.{state.name}"


def _conditions(facts: Facts, outcome: Outcome) -> Iterator[Link]:
    """The observations that a journey's conditions name; of an active journey those that hold."""
    journey = facts.agent.things.get(outcome.entity)
    for text in journey.conditions if isinstance(journey, Journey) else ():
        named = isinstance(facts.agent.things.get(text), Observation)
        if named and (facts.holds(text) or not outcome.result.won):
            yield Link(text, "is its condition")


def _home(facts: Facts, outcome: Outcome) -> Iterator[Link]:
    journey, dot, _ = outcome.entity.partition(".")
    if dot:
        yield Link(journey, "it is a state of this")


def _called(facts: Facts, outcome: Outcome) -> Iterator[Link]:
    yield from _home(facts, outcome)
    part = "is its tool" if outcome.kind == "state" else "wanted it"
    yield from (Link(name, part) for name in outcome.counterpart)


def _attached(facts: Facts, outcome: Outcome) -> Iterator[Link]:
    item = facts.retrieved.get(outcome.entity)
    if item is not None and item.linked:
        yield Link(item.linked, "it is attached to this")


_LEADS: Mapping[Result, Callable[[Facts, Outcome], Iterator[Link]]] = {
    Result.AMBIGUOUS: _ambiguous,
    Result.MISSING_FIELD: _missing_field,
    Result.MISSING_ARGUMENT: _argument,
    Result.INVALID_ARGUMENT: _argument,
    Result.FIT_TOO_LOW: _fit_too_low,
    Result.NOT_NEEDED: _not_needed,
    Result.ACTIVE: _conditions,
    Result.NOT_MATCHED: _conditions,
    Result.CURRENT: _home,
    Result.CALLED: _called,
    Result.SENT: _attached,
    Result.FOLLOW_UP_SENT: _attached,
    Result.USED_AS_STYLE: _attached,
}
