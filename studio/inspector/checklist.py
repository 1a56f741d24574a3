"""What it takes for a thing to take part in a turn, each requirement met or not: “what would change it?”."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.agent.model import Journey, Observation
from engine.turn.matching import activation
from engine.turn.relationships import homes_of, links_of, members_of
from engine.turn.results import Outcome, Result
from engine.turn.trace import Composition, JourneySteps, Resolution, Retrieval
from studio.inspector.entries import joined, short
from studio.inspector.facts import Facts
from studio.inspector.links import wanted_by


@dataclass(frozen=True)
class Requirement:
    """One thing that it takes.

    Attributes:
        met: Whether it was so in this turn; None when the turn did not get to it.
        text: What it takes, and how it was.
        entity: The thing that decides it; empty for the thing itself.
    """

    met: bool | None
    text: str
    entity: str = ""


def checklist(facts: Facts, name: str) -> tuple[Requirement, ...]:
    """What it takes for a thing to take part, in the order in which a turn asks.

    Args:
        facts: The turn.
        name: A guideline, observation, journey, state (`journey.state`), tool or response.
    """
    outcome = facts.final.get(name) or facts.outcomes.get(name)
    return tuple(_KINDS[outcome.kind](facts, outcome)) if outcome is not None else ()


def _condition(facts: Facts, outcome: Outcome) -> Iterator[Requirement]:
    own = facts.agent.things.get(outcome.entity)
    if not isinstance(own, Observation):
        return
    yield from _enabled(own.enabled)
    home = homes_of(facts.agent).get(own.name)
    if home is not None:
        yield _standing(facts, home.name, f"its journey {home.name} is active")
    yield _judged(facts, own.name, outcome)
    if outcome.result is Result.AMBIGUOUS:
        stage = facts.trace.last(Resolution)
        asking = stage.clarify_by or "" if stage is not None else ""
        yield Requirement(False, f"the customer says that this is meant, not {joined(outcome.counterpart)}", asking)
    if outcome.result is Result.ALREADY_APPLIED:
        yield Requirement(False, f"not carried out before: it was, in turn {joined(outcome.counterpart)}")
    yield from _relationships(facts, own.name)


def _judged(facts: Facts, name: str, outcome: Outcome) -> Requirement:
    judgement = facts.judgements.get(name)
    if outcome.result is Result.ENTAILED:
        return Requirement(True, f"entailed by {joined(outcome.counterpart)}", outcome.counterpart[0])
    if judgement is None:
        return Requirement(None, "its condition holds: it was not judged")
    if judgement.holds:
        return Requirement(True, f"its condition holds: {short(judgement.score)}, needs {short(judgement.threshold)}")
    if name in facts.ruled_out:
        return Requirement(False, f"it is near enough to be asked about: {judgement.why}")
    if judgement.score >= judgement.threshold:
        return Requirement(
            False, f"its condition holds: near enough with {short(judgement.score)}, but {judgement.why}"
        )
    has = short(judgement.score) if judgement.score else "nothing"
    return Requirement(False, f"its condition holds: needs {short(judgement.threshold)}, has {has}")


def _enabled(enabled: bool) -> Iterator[Requirement]:
    if not enabled:
        yield Requirement(False, "it is switched on")


def _standing(facts: Facts, name: str, text: str) -> Requirement:
    """Whether something takes part; a journey that ended in this turn no longer does."""
    outcome = facts.outcomes.get(name)
    ended = outcome is not None and outcome.result is Result.ACTIVE and bool(outcome.counterpart)
    return Requirement(facts.holds(name) and not ended, f"{text}, but it ended" if ended else text, name)


def _relationships(facts: Facts, name: str) -> Iterator[Requirement]:
    """Its dependencies, those that could exclude it, and the highest priority among what takes part."""
    links = links_of(facts.agent)
    for any_of, targets in links.needs.get(name, ()):
        yield from _dependency(facts, name, any_of, targets)
    for source, written in links.excludes.items():
        hit = source != name and any(name in members_of(facts.agent, target) for target in written)
        if hit and (facts.holds(source) or source in facts.outcomes):
            survives = facts.holds(source)
            here = ", but here it survives" if survives else ""
            yield Requirement(not survives, f"{source}, which excludes it, takes no part{here}", source)
    outcome = facts.outcomes.get(name)
    if outcome is not None and outcome.result is Result.OUTRANKED:
        best = outcome.counterpart[0]
        own, higher = links.priorities.get(name, 0), links.priorities.get(best, 0)
        yield Requirement(False, f"nothing with a higher priority takes part: {best} has {higher}, it has {own}", best)


def _dependency(facts: Facts, name: str, any_of: bool, targets: tuple[str, ...]) -> Iterator[Requirement]:
    members = [(target, member) for target in targets for member in members_of(facts.agent, target) if member != name]
    held = [member for _, member in members if _is_there(facts, member)]
    if any_of:
        met = bool(held)
        told = f": {held[0]} does" if held else ""
        first = next(iter([*held, *(member for _, member in members)]), "")
        yield Requirement(met, f"any of {joined(targets)} holds{told}", first)
        return
    for target, member in members:
        through = f" ({target})" if target != member else ""
        yield Requirement(member in held, f"{member}{through}, which it depends on, holds", member)


def _is_there(facts: Facts, name: str) -> bool:
    outcome = facts.outcomes.get(name)
    return outcome is not None and (outcome.result.won or outcome.result is Result.ALREADY_APPLIED)


def _journey(facts: Facts, outcome: Outcome) -> Iterator[Requirement]:
    journey = facts.agent.things.get(outcome.entity)
    if not isinstance(journey, Journey):
        return
    yield from _enabled(journey.enabled)
    best = activation(journey, facts.judgements)
    if outcome.result is Result.ACTIVE and (best is None or not best.holds):
        yield Requirement(True, "one of its conditions holds, or it is under way: it is under way")
    elif not journey.conditions:
        yield Requirement(None, "something leads to it: it has no condition of its own")
    else:
        yield from _any_condition(facts, journey)
    yield from _relationships(facts, journey.name)


def _any_condition(facts: Facts, journey: Journey) -> Iterator[Requirement]:
    """One condition is enough: where there are several, those that do not hold are not failures by themselves."""
    named = {text for text in journey.conditions if isinstance(facts.agent.things.get(text), Observation)}
    keys = [text if text in named else f"{journey.name}#{number}" for number, text in enumerate(journey.conditions, 1)]
    found = []
    for text, key in zip(journey.conditions, keys, strict=True):
        judgement, entity = facts.judgements.get(key), text if text in named else ""
        if judgement is None:
            found.append(Requirement(None, f"{text}: not judged", entity))
        else:
            has = short(judgement.score) if judgement.score else "nothing"
            told = f"{text}: needs {short(judgement.threshold)}, has {has}"
            found.append(Requirement(judgement.holds, told, entity))
    yield from _one_of("one of its conditions holds:", found)


def _one_of(told: str, ways: Sequence[Requirement]) -> Iterator[Requirement]:
    """Of several ways one is enough: if one is met, the others are no failures; if none is, they are one."""
    if len(ways) == 1:
        yield from ways
        return
    if ways and not any(way.met for way in ways):
        yield Requirement(False, told)
    yield from (way if way.met else replace(way, met=None) for way in ways)


def _state(facts: Facts, outcome: Outcome) -> Iterator[Requirement]:
    journey, _, name = outcome.entity.partition(".")
    yield _standing(facts, journey, f"its journey {journey} is active")
    moves = [move for stage in facts.trace.all(JourneySteps) for move in stage.moves if move.journey == journey]
    edges = [(move, edge) for move in moves for edge in move.step.edges if edge.to == name]
    for move, edge in edges:
        how = f"“{edge.condition}” holds" if edge.condition else "directly"
        taken = move.took(edge)
        met = taken or edge.holds or (None if outcome.result.won else False)
        yield Requirement(met, f"from {edge.source}: {how} ({short(edge.score)}: {edge.why})")
        rival = next((each for each in move.step.edges if move.took(each) and each.source == edge.source), None)
        if outcome.result.won:
            continue
        if edge.holds and not taken and rival is None:
            now = move.after[-1] if move.after else "its end"
            yield Requirement(False, f"the journey goes this way: it is at {now}, since {move.step.why}")
        elif rival is not None and rival is not edge:
            told = f"no other way from {edge.source} is nearer: {rival.to} has {short(rival.score)}"
            yield Requirement(False, told, f"{journey}.{rival.to}")
    if outcome.result is Result.NOT_NEEDED and outcome.counterpart:
        current = outcome.counterpart[0]
        yield Requirement(
            False, f"the journey stops there; it stands at {current}: {outcome.why}", f"{journey}.{current}"
        )


def _tool(facts: Facts, outcome: Outcome) -> Iterator[Requirement]:
    if outcome.result.won:
        for name in outcome.counterpart:
            yield Requirement(True, f"wanted by {name}", name if name in facts.outcomes else "")
    else:
        yield from _wanted(facts, outcome)
    for call in facts.calls:
        if call.tool == outcome.entity:
            for argument in call.arguments:
                how = f"{argument.value!r}" if not argument.problem else f"{argument.problem}, {argument.why}"
                yield Requirement(not argument.problem, f"{argument.name}: {how}")


def _wanted(facts: Facts, outcome: Outcome) -> Iterator[Requirement]:
    wanting = tuple(wanted_by(facts, outcome.entity))
    ways = [_standing(facts, name, f"wanted by {name}, which takes part") for name in wanting]
    yield from _one_of("one of these takes part:", ways)
    if not wanting:
        yield Requirement(False, "something wants it: no guideline, observation or state has it")


def _response(facts: Facts, outcome: Outcome) -> Iterator[Requirement]:
    item = facts.retrieved.get(outcome.entity)
    if outcome.result in (Result.PREAMBLE, Result.PREAMBLE_ONLY):
        yield Requirement(outcome.result.won, "it is a preamble: said while the agent is thinking, never as an answer")
        return
    if item is None:
        owner = outcome.counterpart[0] if outcome.counterpart else ""
        in_scope = False if outcome.result is Result.OUT_OF_SCOPE else None
        yield Requirement(in_scope, f"what it is attached to takes part{f': {owner}' if owner else ''}", owner)
        return
    yield Requirement(True, f"in scope{f', attached to {item.linked}' if item.linked else ''}", item.linked or "")
    retrieval = facts.trace.last(Retrieval)
    threshold = retrieval.threshold if retrieval is not None else None
    linked = ", or attached to what takes part" if item.linked else ""
    yield Requirement(item.kept, f"near the draft: needs {short(threshold)}{linked}, has {short(item.score)}")
    rendered = facts.rendered.get(outcome.entity)
    if rendered is not None:
        lacking = f": nobody provided {joined(rendered.missing)}" if rendered.missing else ""
        fault = f": {rendered.error}" if rendered.error else ""
        yield Requirement(rendered.text is not None, f"its fields can be filled in{lacking}{fault}")
    yield from _chosen(facts, outcome)


def _chosen(facts: Facts, outcome: Outcome) -> Iterator[Requirement]:
    if outcome.result is Result.LOST_TO:
        winner = outcome.counterpart[0]
        best, own = facts.scored.get(winner), facts.scored.get(outcome.entity)
        numbers = f": {short(best.score)} against {short(own.score)}" if best and own else ""
        yield Requirement(False, f"nearer to the draft than {winner}{numbers}", winner)
    seen, composition = facts.scored.get(outcome.entity), facts.trace.last(Composition)
    if seen is not None and composition is not None:
        mode = composition.mode.value
        yield Requirement(outcome.result is not Result.FIT_TOO_LOW, f"a fit that {mode} mode takes: it is {seen.fit}")


_KINDS: Mapping[str, Callable[[Facts, Outcome], Iterator[Requirement]]] = {
    "guideline": _condition,
    "observation": _condition,
    "journey": _journey,
    "state": _state,
    "tool": _tool,
    "response": _response,
    "preamble": _response,
}
