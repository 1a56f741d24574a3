"""What two reasoners agree on, as text for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.scenario.agreement import STAGES, Agreement, TurnComparison
from engine.scenario.transcript import shortened

JSON_VERSION = 1
_LONGEST = 200


def agreement_lines(agreement: Agreement) -> list[str]:
    """Every turn on which two reasoners differ, with both sides, then the totals stage by stage."""
    lines = [line for turn in agreement.turns for line in _turn_lines(turn, agreement)]
    first, second = agreement.sides
    turns = sum(not turn.fault for turn in agreement.turns)
    lines.append(f"{first} and {second} over {_plural(turns, 'turn')} of {_plural(agreement.cases, 'case')}")
    for stage in STAGES:
        agreed, counted = agreement.counted(stage)
        share = f"{100 * agreed / counted:5.1f} %" if counted else "    –"
        lines.append(f"  {stage:<10} {share}   {agreed} of {counted}")
    lines.append(f"  {agreement.sides[agreement.leader]} led; a turn counts in a stage where either decided something")
    if agreement.faults:
        lines.append(f"  {_plural(agreement.faults, 'turn')} could not be compared")
    if agreement.interrupted:
        lines.append("  interrupted")
    return lines


def _turn_lines(turn: TurnComparison, agreement: Agreement) -> Iterator[str]:
    differing = [each for each in turn.comparisons if not each.agreed]
    if not differing and not turn.fault:
        return
    said = f" · “{shortened(' / '.join(turn.heard), _LONGEST)}”" if turn.heard else ""
    yield f"{'!' if turn.fault else '≠'} {turn.case} · turn {turn.turn}{said}"
    if turn.fault:
        yield f"    {shortened(turn.fault, _LONGEST)}"
    width = max(map(len, agreement.sides))
    for each in differing:
        for number, (name, decided) in enumerate(zip(agreement.sides, each.sides, strict=True)):
            yield f"    {each.stage if number == 0 else '':<10} {name:<{width}}  {', '.join(decided) or 'nothing'}"


def agreement_json(agreement: Agreement) -> dict[str, Any]:
    """The comparison as JSON values.

    Returns:
        `version`, `sides` (two names), `leader` (one of them), `cases`, `interrupted`, `stages` (by name: `agreed`,
        `counted`), and `turns`, each with `case`, `file`, `line`, `turn`, `heard`, `fault` and `stages` (by name:
        `agreed` and, in the order of `sides`, what each `decided`). No times: equal runs give equal bytes.
    """
    counts = {stage: agreement.counted(stage) for stage in STAGES}
    return {
        "version": JSON_VERSION,
        "sides": list(agreement.sides),
        "leader": agreement.sides[agreement.leader],
        "cases": agreement.cases,
        "interrupted": agreement.interrupted,
        "stages": {stage: {"agreed": agreed, "counted": counted} for stage, (agreed, counted) in counts.items()},
        "turns": [_turn_json(turn) for turn in agreement.turns],
    }


def _turn_json(turn: TurnComparison) -> dict[str, Any]:
    return {
        "case": turn.case,
        "file": turn.place.file,
        "line": turn.place.line,
        "turn": turn.turn,
        "heard": list(turn.heard),
        "fault": turn.fault,
        "stages": {
            each.stage: {"agreed": each.agreed, "decided": [list(side) for side in each.sides]}
            for each in turn.comparisons
        },
    }


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
