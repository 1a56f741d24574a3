"""Which conditions hold: guidelines and observations in scope, and the conditions of journeys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.agent.model import Agent, Journey, Observation
from engine.reasoner.base import Condition, Judgement
from engine.session.events import JourneyPosition
from engine.turn.authors_code import run_code
from engine.turn.scene import Scene, context_of
from engine.turn.trace import Matching, Reads
from engine.turn.waiting import taken_up


@dataclass(frozen=True)
class Judged:
    """The judgements of a turn so far, by name (`journey#n` for a journey's n-th condition, from 1)."""

    by_name: Mapping[str, Judgement]

    def holds(self, name: str) -> bool:
        """Whether the condition of this name was judged to hold."""
        found = self.by_name.get(name)
        return found is not None and found.holds


def under_way(scene: Scene) -> dict[str, JourneyPosition]:
    """The journeys that were active when the turn began and still exist, in file order."""
    positions = scene.session.state.journeys
    return {
        journey.name: positions[journey.name]
        for journey in scene.agent.journeys
        if journey.enabled and journey.name in positions and positions[journey.name].status == "active"
    }


async def match(scene: Scene) -> tuple[Matching, Judged, tuple[str, ...]]:
    """The first round's judgements.

    The likeliest journey and those under way are matched together with everything else; another journey that turns
    out active costs a further pass.

    Returns:
        The stage's record, the judgements, and the names of the active journeys in file order.
    """
    journeys = [journey for journey in scene.agent.journeys if journey.enabled]
    active_before = under_way(scene)
    guessed = await scene.engine.reasoner.guess(journeys, scene.conversation) if journeys else None
    expected = {*active_before, *([guessed] if guessed else [])}
    first = [own for own in (*scene.agent.observations, *scene.agent.guidelines) if own.enabled]
    first += [scoped for journey in journeys if journey.name in expected for scoped in _scoped(journey)]
    warnings: list[str] = []
    conditions = conditions_of(scene.agent)
    judged = await judge(
        scene, [*(conditions[own.name] for own in first), *journey_conditions(scene.agent, journeys)], first, warnings
    )
    judged |= await taken_up(scene, judged)
    active = tuple(journey.name for journey in journeys if _is_active(journey, judged, scene, active_before))
    late = [scoped for journey in journeys if journey.name in active and journey.name not in expected
            for scoped in _scoped(journey)]  # fmt: skip
    if late:
        judged |= await judge(scene, [condition_of(scoped) for scoped in late], late, warnings)
    surprises = [name for name in active if name not in expected]
    stage = Matching(
        round=1,
        judgements=tuple(judged.values()),
        guessed=guessed,
        guess_held=not surprises,
        active=active,
        warnings=tuple(warnings),
        reads=_reads([*first, *late], journeys),
    )
    return stage, Judged(judged), active


async def match_again(
    scene: Scene, judged: Judged, ran: Iterable[str], touched: Collection[str], round_number: int
) -> tuple[Matching, Judged, tuple[str, ...]]:
    """A later round: judge anew what is to be re-evaluated after the tools that ran; the rest stands.

    Returns:
        The stage's record, all judgements, and the journeys that become active by the new ones: none of `touched`,
        those that were in play already.
    """
    tools = set(ran)
    again = [
        guideline
        for guideline, _ in scene.agent.scoped_guidelines()
        if guideline.name in judged.by_name and tools & set(guideline.reevaluate_after)
    ]
    warnings: list[str] = []
    fresh = await judge(scene, [condition_of(guideline) for guideline in again], again, warnings)
    merged = {**judged.by_name, **fresh}
    joining = tuple(
        journey.name
        for journey in scene.agent.journeys
        if journey.enabled
        and journey.name not in touched
        and not fresh.keys().isdisjoint(journey.conditions)
        and _is_active(journey, merged, scene, {})
    )
    stage = Matching(
        round=round_number,
        judgements=tuple(fresh.values()),
        active=joining,
        warnings=tuple(warnings),
        reads=_reads(again, []),
    )
    return stage, Judged(merged), joining


async def match_joined(
    scene: Scene, judged: Judged, active: Collection[str], round_number: int
) -> tuple[Matching | None, Judged]:
    """A further pass for journeys that came into play after the round was matched, by a link or a new judgement.

    Returns:
        The stage's record, None when nothing was left to judge, and all judgements.
    """
    journeys = [journey for journey in scene.agent.journeys if journey.name in active]
    late = [scoped for journey in journeys for scoped in _scoped(journey) if scoped.name not in judged.by_name]
    if not late:
        return None, judged
    warnings: list[str] = []
    fresh = await judge(scene, [condition_of(scoped) for scoped in late], late, warnings)
    stage = Matching(
        round=round_number,
        judgements=tuple(fresh.values()),
        active=tuple(journey.name for journey in journeys),
        warnings=tuple(warnings),
        reads=_reads(late, []),
    )
    return stage, Judged({**judged.by_name, **fresh})


async def judge(
    scene: Scene, conditions: Sequence[Condition], guidelines: Sequence[Observation], warnings: list[str]
) -> dict[str, Judgement]:
    """Judge conditions; a guideline with a `matcher` is judged by its function, everything else by the reasoner."""
    by_function = {
        guideline.name: await _by_function(scene, guideline, warnings) for guideline in guidelines if guideline.matcher
    }
    asked = [condition for condition in conditions if condition.of not in by_function]
    answers = await scene.engine.reasoner.match(asked, scene.conversation) if asked else []
    by_reasoner = {answer.of: answer for answer in answers}
    return {
        condition.of: by_function.get(condition.of) or by_reasoner[condition.of]
        for condition in conditions
        if condition.of in by_function or condition.of in by_reasoner
    }


async def _by_function(scene: Scene, guideline: Observation, warnings: list[str]) -> Judgement:
    """Ask the guideline's matcher. Its answer stands; an exception in it is "not matched" and a warning."""
    reference = guideline.matcher or ""
    try:
        answer = await run_code(scene.engine, reference, context_of(scene), guideline)
    except Exception as error:  # noqa: BLE001 - somebody's code may raise anything, and the turn goes on
        warnings.append(f"the matcher {reference} of {guideline.name} failed: {type(error).__name__}: {error}")
        return _decided(guideline.name, False, f"{reference} failed: {error}")
    holds = bool(getattr(answer, "matched", answer))
    return _decided(guideline.name, holds, f"{reference} says {'yes' if holds else 'no'}")


def _decided(name: str, holds: bool, why: str) -> Judgement:
    return Judgement(name, holds, 1.0 if holds else 0.0, 0.5, "clear", "matcher", why)


def condition_of(guideline: Observation) -> Condition:
    """A guideline's or observation's condition, as a reasoner judges it."""
    return Condition(guideline.name, guideline.condition, guideline.examples, guideline.counterexamples)


def conditions_of(agent: Agent) -> Mapping[str, Condition]:
    """The conditions of all guidelines and observations by name. Made once per agent, kept with it."""
    kept: dict[str, Condition] | None = agent.__dict__.get("_conditions")
    if kept is None:
        kept = {own.name: condition_of(own) for own, _ in agent.scoped_guidelines()}
        agent.__dict__["_conditions"] = kept
    return kept


def journey_conditions(agent: Agent, journeys: Sequence[Journey]) -> list[Condition]:
    """The conditions that journeys write themselves; those that name an observation are judged as that."""
    return [
        Condition(f"{journey.name}#{number}", text)
        for journey in journeys
        for number, text in enumerate(journey.conditions, start=1)
        if not isinstance(agent.things.get(text), Observation)
    ]


def _scoped(journey: Journey) -> list[Observation]:
    return [scoped for scoped in (*journey.observations, *journey.guidelines) if scoped.enabled]


def activation(journey: Journey, judged: Mapping[str, Judgement]) -> Judgement | None:
    """The best judgement among a journey's conditions: the one that activates it, when it holds."""
    own = (judged.get(f"{journey.name}#{number}") for number in range(1, len(journey.conditions) + 1))
    named = (judged.get(text) for text in journey.conditions)
    answers = [answer for answer in (*own, *named) if answer is not None]
    return max(answers, key=lambda answer: (answer.holds, answer.fresh, answer.score), default=None)


def called_for(agent: Agent, judged: Judged) -> frozenset[str]:
    """The journeys that the latest message alone asks for."""
    best = ((journey.name, activation(journey, judged.by_name)) for journey in agent.journeys)
    return frozenset(name for name, answer in best if answer is not None and answer.holds and answer.fresh)


def _is_active(
    journey: Journey, judged: Mapping[str, Judgement], scene: Scene, active_before: Mapping[str, JourneyPosition]
) -> bool:
    """Under way, or activated now; one that was completed or left starts anew only when it is asked for anew."""
    if journey.name in active_before:
        return True
    best = activation(journey, judged)
    if best is None or not best.holds or not journey.states:
        return False
    return best.fresh or journey.name not in scene.session.state.journeys


def _reads(guidelines: Sequence[Observation], journeys: Sequence[Journey]) -> Reads:
    read = {guideline.name: guideline.digest for guideline in guidelines}
    return Reads(read | {journey.name: journey.digest for journey in journeys})
