"""A turn's decisions as a block that can be read: matched, journeys, tools, draft, canned, mode; winners first.

The block is plain text with a mark and a word for every state, so that it reads the same in a pipe; colour is added on
top, never instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.table import Table
from rich.text import Text

from engine.turn.results import EntityKind, Outcome, Result
from engine.turn.trace import (
    Composition,
    Drafting,
    JourneyMove,
    JourneySteps,
    Matching,
    PreambleChoice,
    Resolution,
    Selecting,
    ToolCall,
    ToolRound,
    TurnTrace,
)
from studio.inspector.facts import FAR

LABEL = 9
NEAREST = 3
"""How many things that merely did not match are shown, nearest first."""

WON, LOST, QUIET = "green", "red", "dim"


@dataclass(frozen=True)
class WhyLine:
    """One line of the block: the section's name (on its first line), and what is said."""

    label: str
    body: Text


def why_lines(trace: TurnTrace, *, everything: bool = False) -> list[WhyLine]:
    """The decisions of a turn.

    Args:
        trace: The turn.
        everything: Whether to show all that lost, not only what was near or lost for a telling reason.
    """
    limit = None if everything else NEAREST
    outcomes = list(trace.outcomes.values())
    sections: list[tuple[str, Iterator[Text]]] = [
        ("Matched", _entities(outcomes, ("guideline", "observation"), limit)),
        ("Journeys", _journeys(trace, outcomes)),
        ("Tools", _tools(trace)),
        ("Preamble", _preamble(trace)),
        ("Draft", _draft(trace)),
        ("Canned", _entities(outcomes, ("response",), limit)),
        ("Sent", _sent(trace)),
        ("Warnings", (Text(f"! {warning}", "yellow") for warning in trace.warnings)),
        ("Error", iter([Text(trace.error, LOST)] if trace.error else [])),
    ]
    return [
        WhyLine(label if number == 0 else "", body) for label, lines in sections for number, body in enumerate(lines)
    ]


def why_block(trace: TurnTrace, *, everything: bool = False, wrapped: bool = True) -> Text | Table:
    """The decisions of a turn as something to print.

    Args:
        trace: The turn.
        everything: As in `why_lines`.
        wrapped: Whether long lines wrap under their own column (a terminal), or stay whole (a pipe).
    """
    lines = why_lines(trace, everything=everything)
    if not wrapped:
        whole = [Text(f"  {line.label:<{LABEL}} ", "bold").append_text(_plain(line.body)) for line in lines]
        return Text("\n").join(whole)
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=LABEL + 2, style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row(f"  {line.label}", line.body)
    return grid


def _plain(body: Text) -> Text:
    """A body whose own style does not take over the label's."""
    return Text("", "not bold").append_text(body)


def _entities(outcomes: Sequence[Outcome], kinds: tuple[EntityKind, ...], limit: int | None) -> Iterator[Text]:
    """Winners, then losers with a telling reason, then the nearest of those that were simply not near."""
    own = [outcome for outcome in outcomes if outcome.kind in kinds]
    if not own:
        return
    width = min(28, max(len(outcome.entity) for outcome in own))
    won = [outcome for outcome in own if outcome.result.won]
    told = [outcome for outcome in own if not outcome.result.won and outcome.result not in FAR]
    far = sorted((outcome for outcome in own if outcome.result in FAR), key=lambda outcome: -(outcome.score or 0.0))
    near = far if limit is None else [outcome for outcome in far if outcome.score][:limit]
    shown = [*won, *told, *near]
    for outcome in shown:
        yield _entity(outcome, width)
    left = far[len(near) :] if limit is not None else []
    if left:
        counts = [f"{len(list(group))} {result}" for result, group in groupby(sorted(o.result for o in left))]
        yield Text(f"{'… and' if shown else '–'} {', '.join(counts)}", QUIET)


_SAID_BY_ITS_WORD = frozenset({Result.EXCLUDED, Result.UNMET_DEPENDENCY, Result.OUT_OF_SCOPE, Result.INACTIVE_JOURNEY})
"""Reasons that name their counterpart, so that a sentence would only say it again."""


def _entity(outcome: Outcome, width: int) -> Text:
    mark, style = ("✓", WON) if outcome.result.won else ("✗", QUIET if outcome.result in FAR else LOST)
    line = Text(f"{mark} {outcome.entity.ljust(width)} ", style)
    words = outcome.confidence or "" if outcome.result.won else ""
    score = f"{outcome.score:.2f}" if outcome.score is not None else "    "
    line.append(f"{words:<5} {score}  ", QUIET)
    if not (outcome.kind != "response" and outcome.result is Result.MATCHED):
        line.append(f"{outcome}  ", style)
    line.append("" if outcome.result in _SAID_BY_ITS_WORD else outcome.why, QUIET)
    line.rstrip()
    return line


def _journeys(trace: TurnTrace, outcomes: Sequence[Outcome]) -> Iterator[Text]:
    moves = [move for stage in trace.all(JourneySteps) for move in stage.moves]
    for move in moves:
        yield _move(move)
        for edge in move.step.edges:
            taken = move.took(edge)
            line = Text(f"    {'✓' if taken else '✗'} {edge.source} → {edge.to}", WON if taken else QUIET)
            yield line.append(f"  {edge.condition or 'directly'}  {edge.score:.2f}  {edge.why}", QUIET)
    matching = next(iter(trace.all(Matching)), None)
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
    rules: dict[str, dict[str, None]] = {}
    for part in stage.parts:
        rules.setdefault(part.source, {})[part.rule] = None
    for source, how in rules.items():
        yield Text(f"from {source} by {', '.join(how)}" if source else f"by {', '.join(how)}", QUIET)
    if stage.dictated:
        yield Text("dictated by the scenario", QUIET)
    resolution = trace.last(Resolution)
    if resolution is not None and resolution.clarify:
        yield Text(f"asks which is meant: {', '.join(resolution.clarify)} (by {resolution.clarify_by})", QUIET)


def _sent(trace: TurnTrace) -> Iterator[Text]:
    stage = trace.last(Composition)
    if stage is None:
        return
    selecting = trace.last(Selecting)
    for source in stage.sources:
        fit = f"  fit {selecting.fit}" if selecting is not None and selecting.choice == source else ""
        yield Text(f"▸ {source}{fit}", WON).append(f" · {stage.why}", QUIET)
    if not stage.sources:
        yield Text(f"nothing: {stage.why}", QUIET)
    yield Text(f"mode {stage.mode}, asked by {', '.join(stage.asked_by)}", QUIET)
