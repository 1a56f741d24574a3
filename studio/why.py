"""A turn's decisions as a block that can be read: matched, journeys, tools, draft, canned, mode; winners first.

The block is plain text with a mark and a word for every state, so that it reads the same in a pipe; colour is added on
top, never instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.text import Text

from engine.turn.trace import (
    Composition,
    Drafting,
    EntityKind,
    JourneyMove,
    JourneySteps,
    Matching,
    Outcome,
    PreambleChoice,
    Resolution,
    Result,
    Selecting,
    ToolCall,
    ToolRound,
    TurnTrace,
)

LABEL = 9
NEAREST = 3
"""How many things that merely did not match are shown, nearest first."""

WON, LOST, QUIET = "green", "red", "dim"


def why_block(trace: TurnTrace, *, everything: bool = False) -> Text:
    """The decisions of a turn.

    Args:
        trace: The turn.
        everything: Whether to show all that lost, not only what was near or lost for a telling reason.

    Returns:
        Lines of text, without a line break at the end.
    """
    lines: list[Text] = []
    limit = None if everything else NEAREST
    outcomes = list(trace.outcomes.values())
    lines += _section("Matched", _entities(outcomes, ("guideline", "observation"), limit))
    lines += _section("Journeys", _journeys(trace, outcomes))
    lines += _section("Tools", _tools(trace))
    lines += _section("Preamble", _preamble(trace))
    lines += _section("Draft", _draft(trace))
    lines += _section("Canned", _entities(outcomes, ("response",), limit))
    lines += _section("Sent", _sent(trace))
    lines += _section("Warnings", (Text(f"! {warning}", "yellow") for warning in trace.warnings))
    lines += _section("Error", iter([Text(trace.error, LOST)] if trace.error else []))
    return Text("\n").join(lines)


def _section(label: str, lines: Iterable[Text]) -> Iterator[Text]:
    for number, line in enumerate(lines):
        head = Text((label if number == 0 else "").ljust(LABEL) + " ", "bold")
        yield Text("  ") + head + line


def _entities(outcomes: Sequence[Outcome], kinds: tuple[EntityKind, ...], limit: int | None) -> Iterator[Text]:
    """Winners, then losers with a telling reason, then the nearest of those that were simply not near."""
    own = [outcome for outcome in outcomes if outcome.kind in kinds]
    if not own:
        return
    width = min(28, max(len(outcome.entity) for outcome in own))
    won = [outcome for outcome in own if outcome.result.won]
    told = [outcome for outcome in own if not outcome.result.won and outcome.result not in _FAR]
    far = sorted((outcome for outcome in own if outcome.result in _FAR), key=lambda outcome: -(outcome.score or 0.0))
    shown = [*won, *told, *far[:limit]]
    for outcome in shown:
        yield _entity(outcome, width)
    left = own if not shown else [outcome for outcome in far if outcome not in shown]
    if left:
        counts = [f"{len(list(group))} {result}" for result, group in groupby(sorted(o.result for o in left))]
        yield Text(f"… and {', '.join(counts)}", QUIET)


_FAR = frozenset(
    {
        Result.NOT_MATCHED,
        Result.NOT_RETRIEVED,
        Result.OUT_OF_SCOPE,
        Result.NOT_NEEDED,
        Result.INACTIVE_JOURNEY,
        Result.MANUAL_MODE,
        Result.TRIGGERED,
        Result.PREAMBLE_ONLY,
        Result.RULED_OUT_EARLY,
    }
)


def _entity(outcome: Outcome, width: int) -> Text:
    mark, style = ("✓", WON) if outcome.result.won else ("✗", QUIET if outcome.result in _FAR else LOST)
    line = Text(f"{mark} {outcome.entity.ljust(width)} ", style)
    words = outcome.confidence or "" if outcome.result.won else ""
    score = f"{outcome.score:.2f}" if outcome.score is not None else "    "
    line.append(f"{words:<5} {score}  ", QUIET)
    if not (outcome.kind != "response" and outcome.result is Result.MATCHED):
        line.append(f"{outcome}  ", style)
    return line.append(outcome.why if outcome.why != str(outcome) else "", QUIET)


def _journeys(trace: TurnTrace, outcomes: Sequence[Outcome]) -> Iterator[Text]:
    moves = [move for stage in trace.all(JourneySteps) for move in stage.moves]
    for move in moves:
        yield _move(move)
        for edge in move.step.edges:
            taken = edge.to in move.after[len(move.before) :]
            line = Text(f"    {'✓' if taken else '✗'} {edge.source} → {edge.to}", WON if taken else QUIET)
            yield line.append(f"  {edge.condition or 'directly'}  {edge.score:.2f}  {edge.why}", QUIET)
    matching = trace.last(Matching)
    if moves and matching is not None and matching.guessed and not matching.guess_held:
        yield Text(f"guessed {matching.guessed} first; another journey needed a further pass", QUIET)
    for outcome in outcomes:
        if outcome.kind == "journey" and outcome.result in (Result.EXCLUDED, Result.OUTRANKED, Result.AMBIGUOUS):
            yield _entity(outcome, len(outcome.entity))


def _move(move: JourneyMove) -> Text:
    entered = " → ".join(move.after[max(0, len(move.before) - 1) :]) if move.after else ""
    where = entered or (move.before[-1] if move.before else "")
    return Text(f"▸ {move.journey}  {move.step.move}: {where}  ", WON).append(move.step.why, QUIET)


def _tools(trace: TurnTrace) -> Iterator[Text]:
    for stage in trace.all(ToolRound):
        for call in stage.calls:
            yield _call(call)


def _call(call: ToolCall) -> Text:
    arguments = ", ".join(f"{name}={value!r}" for name, value in call.values.items())
    if not call.called:
        lacking = ", ".join(f"{argument.problem} {argument.name}" for argument in call.arguments if argument.problem)
        return Text(f"✗ {call.tool}({arguments})  not called: {lacking}", LOST)
    if call.error:
        return Text(f"✗ {call.tool}({arguments})  failed: {call.error}", LOST)
    result = call.result or {}
    told = [f"data {result['data']!r}"] if result.get("data") is not None else []
    told += [f"fields {', '.join(result['canned_response_fields'])}"] if result.get("canned_response_fields") else []
    told += [f"asks for {name} {value}" for name, value in (result.get("control") or {}).items()]
    told += ["finishes later"] if call.background else []
    how = " (stub)" if call.stubbed else ""
    return Text(f"✓ {call.tool}({arguments}){how}  ", WON).append(" · ".join(told) or "no data", QUIET)


def _preamble(trace: TurnTrace) -> Iterator[Text]:
    stage = trace.last(PreambleChoice)
    if stage is not None and stage.text:
        yield Text(stage.text).append(f"  {stage.why}", QUIET)


def _draft(trace: TurnTrace) -> Iterator[Text]:
    stage = trace.last(Drafting)
    if stage is None:
        return
    yield Text(stage.text or "(empty)", "" if stage.text else QUIET)
    for part in stage.parts:
        yield Text(f"  {part.source}", QUIET).append(f" by {part.rule}" if part.rule else "", QUIET)
    if stage.dictated:
        yield Text("  dictated by the scenario", QUIET)
    resolution = trace.last(Resolution)
    if resolution is not None and resolution.clarify:
        yield Text(f"  asks which is meant: {', '.join(resolution.clarify)} (by {resolution.clarify_by})", QUIET)


def _sent(trace: TurnTrace) -> Iterator[Text]:
    stage = trace.last(Composition)
    if stage is None:
        return
    selecting = trace.last(Selecting)
    for source in stage.sources:
        fit = f"  fit {selecting.fit}" if selecting is not None and selecting.choice == source else ""
        yield Text(f"▸ {source}{fit}", WON).append(f"  {stage.why}", QUIET)
    if not stage.sources:
        yield Text(f"nothing: {stage.why}", QUIET)
    yield Text(f"mode {stage.mode}, asked by {', '.join(stage.asked_by)}", QUIET)
