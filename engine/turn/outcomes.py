"""The one outcome of every guideline, observation, journey, state, tool and response in a turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.agent.model import Journey, Observation, State
from engine.reasoner.base import EdgeJudgement, Judgement
from engine.turn.journeys import Standing
from engine.turn.matching import activation
from engine.turn.response_outcomes import response_outcomes
from engine.turn.results import EntityKind, Outcome, Result
from engine.turn.scene import Scene
from engine.turn.trace import JourneySteps, ToolRound, TurnTrace


@dataclass
class Decided:
    """What the stages of a turn decided, as far as it came.

    Attributes:
        judged: The judgements by name.
        removed: The outcome of each thing that a relationship removed.
        survivors: What survived, in order.
        entailed: Who entailed each entailed thing.
        applied_before: Matched guidelines whose action was carried out earlier, with that turn.
        standing: Where the journeys stand.
        called: The tools that variables called, each with its variable.
        silenced: Set when nothing was judged at all: manual mode, a trigger, a cancellation.
    """

    judged: Mapping[str, Judgement] = field(default_factory=dict)
    removed: Mapping[str, Outcome] = field(default_factory=dict)
    survivors: tuple[str, ...] = ()
    entailed: Mapping[str, str] = field(default_factory=dict)
    applied_before: Mapping[str, int] = field(default_factory=dict)
    standing: Standing = field(default_factory=lambda: Standing({}))
    called: Mapping[str, str] = field(default_factory=dict)
    silenced: tuple[Result, str] | None = None


def outcomes_of(scene: Scene, decided: Decided, trace: TurnTrace) -> tuple[Outcome, ...]:
    """Write exactly one outcome for every entity of the agent, in file order."""
    found = _guidelines(scene, decided)
    for journey in scene.agent.journeys:
        found.append(_journey(scene, decided, journey))
        found.extend(_states(scene, decided, journey, trace))
    found.extend(_tools(scene, decided, trace))
    found.extend(response_outcomes(scene, decided.silenced, trace))
    return tuple(found)


def _guidelines(scene: Scene, decided: Decided) -> list[Outcome]:
    """The outcomes of guidelines and observations. What is judged as in an earlier turn has the very outcome of then.

    Most conditions are far from what was said, and a reasoner answers these with a judgement made once.
    """
    kept: dict[str, tuple[Judgement, Outcome]] = scene.agent.__dict__.setdefault("_far", {})
    special = {*decided.survivors, *decided.entailed, *decided.removed, *decided.applied_before}
    found = []
    for own, home in scene.agent.scoped_guidelines():
        judgement = decided.judged.get(own.name)
        known = kept.get(own.name)
        if known is not None and known[0] is judgement and own.name not in special and decided.silenced is None:
            found.append(known[1])
            continue
        outcome = _guideline(scene, decided, own, home)
        if judgement is not None and home is None and outcome.result is Result.NOT_MATCHED:
            kept[own.name] = (judgement, outcome)
        found.append(outcome)
    return found


def _guideline(scene: Scene, decided: Decided, own: Observation, home: Journey | None) -> Outcome:
    kind: EntityKind = own.kind
    name = own.name
    judgement = decided.judged.get(name)

    def outcome(result: Result, counterpart: tuple[str, ...] = (), why: str = "") -> Outcome:
        if judgement is None:
            return Outcome(name, kind, result, counterpart, why)
        return Outcome(name, kind, result, counterpart, why, judgement.score, judgement.threshold, judgement.confidence)

    if not own.enabled:
        return outcome(Result.DISABLED, why="it is switched off")
    if decided.silenced is not None:
        return outcome(decided.silenced[0], why=decided.silenced[1])
    if name in decided.entailed and name in decided.survivors:
        return outcome(Result.ENTAILED, (decided.entailed[name],), f"entailed by {decided.entailed[name]}")
    if name in decided.survivors:
        return outcome(Result.MATCHED, why=judgement.why if judgement is not None else "")
    if name in decided.removed:
        lost = decided.removed[name]
        return outcome(lost.result, lost.counterpart, lost.why)
    if name in decided.applied_before:
        turn = decided.applied_before[name]
        return outcome(Result.ALREADY_APPLIED, (str(turn),), f"it was carried out in turn {turn}")
    return _unmatched(outcome, judgement, home, decided)


def _unmatched(
    outcome: Callable[..., Outcome], judgement: Judgement | None, home: Journey | None, decided: Decided
) -> Outcome:
    if home is not None and home.name not in decided.standing.active:
        return outcome(Result.INACTIVE_JOURNEY, (home.name,), f"{home.name} is not active")
    if judgement is None:
        return outcome(Result.NOT_MATCHED, why="it was not judged in this turn")
    if judgement.rule == "ruled_out_early":
        return outcome(Result.RULED_OUT_EARLY, why=judgement.why)
    return outcome(Result.NOT_MATCHED, why=judgement.why)


def _journey(scene: Scene, decided: Decided, journey: Journey) -> Outcome:
    name = journey.name
    if not journey.enabled:
        return Outcome(name, "journey", Result.DISABLED, (), "it is switched off")
    if decided.silenced is not None:
        return Outcome(name, "journey", decided.silenced[0], (), decided.silenced[1])
    if name in decided.removed:
        return decided.removed[name]
    best = activation(journey, decided.judged)
    score, threshold, confidence = (best.score, best.threshold, best.confidence) if best else (None, None, None)
    position = decided.standing.positions.get(name)
    if position is not None and position.status == "active":
        why = best.why if best is not None and best.holds else "it is under way"
        return Outcome(name, "journey", Result.ACTIVE, (), why, score, threshold, confidence)
    if position is not None and scene.session.state.journeys.get(name) != position:
        why = "it came to its end" if position.status == "completed" else "the customer left it"
        return Outcome(name, "journey", Result.ACTIVE, (position.status,), why, score, threshold, confidence)
    why = best.why if best is not None else "it has no condition that was judged"
    return Outcome(name, "journey", Result.NOT_MATCHED, (), why, score, threshold, confidence)


def _states(scene: Scene, decided: Decided, journey: Journey, trace: TurnTrace) -> Iterator[Outcome]:
    position = decided.standing.positions.get(journey.name)
    active = position is not None and position.status == "active"
    moves = [move for stage in trace.all(JourneySteps) for move in stage.moves if move.journey == journey.name]
    edges = {edge.to: edge for move in moves for edge in move.step.edges}
    winners = {edge.source: edge for move in moves for edge in move.step.edges if move.took(edge)}
    called = {
        place for stage in trace.all(ToolRound) for call in stage.calls if call.called for place in call.wanted_by
    }
    passed = {name for move in moves for name in move.step.path}
    for state in journey.states:
        name = f"{journey.name}.{state.name}"
        if name in called:
            yield Outcome(name, "state", Result.CALLED, (state.tool or "",), f"{state.tool} ran")
        elif not active or position is None:
            yield _resting(scene, decided, journey, name)
        elif state.name == position.current and name in decided.removed:
            yield decided.removed[name]
        elif state.name == position.current:
            yield Outcome(name, "state", Result.CURRENT, (), moves[-1].step.why if moves else "")
        elif state.name in edges and state.name not in passed:
            yield _not_taken(name, state, edges[state.name], winners)
        else:
            why = "its purpose was already met" if state.name in passed else "the conversation is elsewhere"
            yield Outcome(name, "state", Result.NOT_NEEDED, (position.current,), why)


def _resting(scene: Scene, decided: Decided, journey: Journey, name: str) -> Outcome:
    if not journey.enabled:
        return Outcome(name, "state", Result.DISABLED, (journey.name,), f"{journey.name} is switched off")
    if decided.silenced is not None:
        return Outcome(name, "state", decided.silenced[0], (), decided.silenced[1])
    return Outcome(name, "state", Result.INACTIVE_JOURNEY, (journey.name,), f"{journey.name} is not active")


def _not_taken(name: str, state: State, edge: EdgeJudgement, winners: Mapping[str, EdgeJudgement]) -> Outcome:
    winner = winners.get(edge.source)
    if winner is not None and winner.to != state.name:
        why = f"{winner.to} was nearer ({winner.score:.2f} against {edge.score:.2f})"
        return Outcome(name, "state", Result.LOST_TO, (winner.to,), why, edge.score)
    return Outcome(name, "state", Result.NOT_MATCHED, (), edge.why, edge.score)


def _tools(scene: Scene, decided: Decided, trace: TurnTrace) -> Iterator[Outcome]:
    calls = {call.tool: call for stage in trace.all(ToolRound) for call in stage.calls}
    ran = {call.tool for call in trace.calls}
    for tool in scene.agent.tools:
        call = calls.get(tool.name)
        if tool.name in ran and call is not None:
            yield Outcome(tool.name, "tool", Result.CALLED, call.wanted_by, call.error or f"for {call.wanted_by[0]}")
        elif call is not None:
            problem = next(argument for argument in call.arguments if argument.problem)
            result = Result.MISSING_ARGUMENT if problem.problem == "missing" else Result.INVALID_ARGUMENT
            yield Outcome(tool.name, "tool", result, (problem.name,), problem.why)
        elif tool.name in decided.called:
            variable = decided.called[tool.name]
            yield Outcome(tool.name, "tool", Result.CALLED, (variable,), f"for the variable {variable}")
        elif decided.silenced is not None:
            yield Outcome(tool.name, "tool", decided.silenced[0], (), decided.silenced[1])
        else:
            yield Outcome(tool.name, "tool", Result.NOT_NEEDED, (), "nothing that wants it is active")
