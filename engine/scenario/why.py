"""Why a turn went as it did, for people: what became of a thing, at which stage, by whom, with which scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.reasoner.base import Judgement
from engine.turn.results import Outcome, Result
from engine.turn.trace import (
    Composition,
    Drafting,
    JourneySteps,
    Matching,
    Rendering,
    Retrieval,
    Selecting,
    ToolRound,
    TurnTrace,
)

MAXIMUM_LINES = 8
"""How many lines one failure explains at most: the rest is in the trace."""

_STAGES = {
    Result.NOT_MATCHED: "matching",
    Result.RULED_OUT_EARLY: "matching",
    Result.ALREADY_APPLIED: "matching",
    Result.INACTIVE_JOURNEY: "matching",
    Result.DISABLED: "matching",
    Result.OUT_OF_SCOPE: "matching",
    Result.MATCHED: "matching",
    Result.EXCLUDED: "relationships",
    Result.OUTRANKED: "relationships",
    Result.UNMET_DEPENDENCY: "relationships",
    Result.DROPPED_DEPENDENCY: "relationships",
    Result.AMBIGUOUS: "relationships",
    Result.ENTAILED: "relationships",
    Result.NOT_RETRIEVED: "retrieval",
    Result.MISSING_FIELD: "rendering",
    Result.RENDER_ERROR: "rendering",
    Result.LOST_TO: "selection",
    Result.FIT_TOO_LOW: "selection",
    Result.SENT: "selection",
    Result.FOLLOW_UP_SENT: "selection",
    Result.USED_AS_STYLE: "composition",
    Result.MISSING_ARGUMENT: "tools",
    Result.INVALID_ARGUMENT: "tools",
    Result.NOT_NEEDED: "tools",
    Result.CALLED: "tools",
    Result.ACTIVE: "journeys",
    Result.CURRENT: "journeys",
}
_BY = {
    Result.EXCLUDED: "by",
    Result.OUTRANKED: "by",
    Result.ENTAILED: "by",
    Result.UNMET_DEPENDENCY: "on",
    Result.DROPPED_DEPENDENCY: "on",
    Result.AMBIGUOUS: "with",
    Result.NOT_RETRIEVED: "at rank",
    Result.CALLED: "for",
}
_FOLLOWED = frozenset(
    {
        Result.EXCLUDED,
        Result.OUTRANKED,
        Result.ENTAILED,
        Result.UNMET_DEPENDENCY,
        Result.DROPPED_DEPENDENCY,
        Result.LOST_TO,
    }
)


def explain(trace: TurnTrace | None, key: str, about: Iterable[str]) -> tuple[str, ...]:
    """Say why a turn went as it did.

    Args:
        trace: The turn; None when the agent took none.
        key: The key of the check that failed: what it is about decides what the turn as a whole adds.
        about: The entities concerned, most important first; who decided about them is followed.

    Returns:
        Lines such as `relationships · offer_pepsi: excluded by handoff_if_upset (clear .82)`.
    """
    if trace is None:
        return ("the agent took no turn here",)
    if trace.status == "silent" and trace.mode == "manual":
        return ("the session is in manual mode: the agent is silent",)
    lines = [*_chains(trace, about)]
    if key in _ENDINGS:
        lines.extend(_ENDINGS[key](trace))
    lines.extend(f"warning · {warning}" for warning in trace.warnings[:2])
    return tuple(dict.fromkeys(lines))[:MAXIMUM_LINES]


def stage_of(outcome: Outcome) -> str:
    """The stage that decided an outcome; the kind of the thing where no one stage did."""
    if outcome.result is Result.NOT_NEEDED and outcome.kind != "tool":
        return "journeys" if outcome.kind == "state" else "selection"
    return _STAGES.get(outcome.result, outcome.kind)


def _chains(trace: TurnTrace, about: Iterable[str]) -> Iterator[str]:
    outcomes = trace.outcomes
    judgements = {judgement.of: judgement for stage in trace.all(Matching) for judgement in stage.judgements}
    seen: set[str] = set()
    waiting = list(about)
    while waiting:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        outcome = outcomes.get(name)
        if outcome is None:
            if "." in name or name in ("no_match", "none"):
                continue
            yield f"{name}: it had no part in this turn"
            continue
        yield _line(outcome, judgements)
        if outcome.result in _FOLLOWED:
            waiting[:0] = [each for each in outcome.counterpart if each in outcomes]


def _line(outcome: Outcome, judgements: dict[str, Judgement]) -> str:
    line = f"{stage_of(outcome)} · {outcome.entity}: {outcome.result.value.replace('_', ' ')}{_deciders(outcome)}"
    judgement = judgements.get(outcome.entity)
    if judgement is not None:
        line += f" ({_judged(judgement)})"
    elif outcome.score is not None:
        line += f" ({_scored(outcome)})"
    told_already = outcome.result in _BY
    return f"{line}: {outcome.why}" if outcome.why and not told_already else line


def _deciders(outcome: Outcome) -> str:
    """Who or what decided, in the words that fit the result."""
    if not outcome.counterpart:
        return ""
    if outcome.result is Result.FIT_TOO_LOW and len(outcome.counterpart) == 2:
        return f": {outcome.counterpart[0]} in {outcome.counterpart[1]} mode"
    by = _BY.get(outcome.result, "")
    return f" {by} {', '.join(outcome.counterpart)}" if by else f" {', '.join(outcome.counterpart)}"


def _judged(judgement: Judgement) -> str:
    score = f"{judgement.confidence} {_short(judgement.score)}"
    if not judgement.holds:
        score = f"{_short(judgement.score)} under {_short(judgement.threshold)}, {judgement.confidence}"
    return f"{score}, nearest “{judgement.nearest}”" if judgement.nearest else score


def _scored(outcome: Outcome) -> str:
    assert outcome.score is not None
    score = _short(outcome.score)
    return score if outcome.threshold is None else f"{score}, threshold {_short(outcome.threshold)}"


def _short(score: float) -> str:
    return f"{score:.2f}".removeprefix("0") if 0 <= score < 1 else f"{score:.2f}"


def _said(trace: TurnTrace) -> Iterator[str]:
    selecting, composition = trace.last(Selecting), trace.last(Composition)
    retrieval = trace.last(Retrieval)
    if composition is not None and "draft" in composition.sources:
        yield from _drafted(trace)
    if retrieval is not None and not any(each.kept for each in retrieval.ranked):
        yield f"retrieval · no response is near the draft (threshold {_short(retrieval.threshold)})"
    if selecting is not None:
        chosen = selecting.choice or "nothing"
        yield f"selection · chose {chosen}, fit {selecting.fit}: {selecting.why}"
        for each in selecting.scored[:3]:
            yield f"selection · {each.name}: {_short(each.score)}, fit {each.fit}: {each.why}"
    if composition is not None:
        asked = f" (asked for by {', '.join(composition.asked_by)})" if composition.asked_by else ""
        yield f"composition · {composition.mode.value}{asked}: {composition.why}"


def _drafted(trace: TurnTrace) -> Iterator[str]:
    drafting = trace.last(Drafting)
    if drafting is None:
        yield "draft · nothing was drafted"
    elif drafting.dictated:
        yield "draft · the scenario dictated it"
    for part in drafting.parts if drafting else ():
        yield f"draft · “{part.text}” from {part.source} ({part.rule})"


def _called(trace: TurnTrace) -> Iterator[str]:
    considered = [call for stage in trace.all(ToolRound) for call in stage.calls]
    if not considered:
        yield "tools · nothing that matched wanted a tool"
    for call in considered:
        wanted = ", ".join(call.wanted_by)
        problems = [f"{each.name} {each.problem}" for each in call.arguments if each.problem]
        state = call.error or (", ".join(problems) if problems else "called" if call.called else "not called")
        yield f"tools · {call.tool}, wanted by {wanted}: {state}"


def _moved(trace: TurnTrace) -> Iterator[str]:
    moves = [move for stage in trace.all(JourneySteps) for move in stage.moves]
    if not moves:
        yield "journeys · none moved"
    for move in moves:
        now = move.after[-1] if move.after else "nowhere"
        yield f"journeys · {move.journey}: {move.step.move} to {now}: {move.step.why}"
        losers = [edge for edge in move.step.edges if not edge.holds]
        for edge in losers[:3]:
            yield f"journeys · {edge.source} → {edge.to}: not taken ({_short(edge.score)}): {edge.why}"


def _filled(trace: TurnTrace) -> Iterator[str]:
    rendering = trace.last(Rendering)
    for each in rendering.rendered if rendering else ():
        if each.missing:
            yield f"rendering · {each.name}: nobody provided {', '.join(each.missing)}"


_ENDINGS = {
    "agent": _said,
    "response": _said,
    "like": _said,
    "fit": _said,
    "mode": _said,
    "candidates": _filled,
    "fields": _filled,
    "draft": _drafted,
    "calls": _called,
    "failures": _called,
    "missing": _called,
    "invalid": _called,
    "state": _moved,
    "journey": _moved,
}
