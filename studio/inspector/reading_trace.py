"""Every stage of a turn in order: one line each, and unfolded all that it read and decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache, partial
from typing import Any

from pydantic import TypeAdapter
from textual.content import Content

from engine.turn.results import Result
from engine.turn.trace import (
    Closing,
    Composition,
    Drafting,
    JourneySteps,
    Matching,
    PreambleChoice,
    Reads,
    Rendering,
    Resolution,
    Retrieval,
    Selecting,
    Situation,
    Stage,
    ToolRound,
    TurnTrace,
)
from studio.inspector.entries import BAD, DOUBT, NAMED, Entry, Keys, Page, joined, note, quiet, said
from studio.inspector.facts import Facts
from studio.inspector.reading_calls import read_calls


class TraceReading:
    """Reads traces; the details of a stage are worked out once, since a finished stage never changes."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Stage, tuple[Entry, ...]]] = {}

    def read(self, facts: Facts, page: Page) -> list[Entry]:
        """The panel Trace."""
        trace = facts.trace
        keys = Keys()
        entries = [Entry("heard", quiet("heard  ") + said(text), indent=7) for text in trace.heard[:1]]
        for stage in trace.stages:
            key = keys(f"stage {stage.stage}")
            folded = key not in page.unfolded
            entries.append(_stage(stage, key, folded))
            if not folded:
                entries.extend(self._details(stage, key))
        entries.extend(read_calls(trace.model_calls, page))
        if trace.status == "running":
            entries.append(note("running", "… the turn is running"))
        if trace.error:
            entries.append(Entry("error", said(f"✗ {trace.error}", BAD), indent=2, copied=trace.error))
        return entries

    def _details(self, stage: Stage, key: str) -> tuple[Entry, ...]:
        known = self._known.get(id(stage))
        if known is None or known[0] is not stage:
            known = self._known[id(stage)] = (stage, tuple(_details(stage, key)))
        return known[1]


def stage_text(stage: Stage) -> str:
    """A stage as YAML."""
    return as_yaml({stage.stage: _adapter(type(stage).__name__).dump_python(stage, mode="json", exclude={"stage"})})


def trace_text(trace: TurnTrace) -> str:
    """A whole turn as YAML."""
    return as_yaml(trace.to_json())


def as_yaml(values: Mapping[str, Any]) -> str:
    """Values as YAML, records of plain values on one line each."""
    import yaml

    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    written: str = yaml.dump(
        values, Dumper=dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=10_000
    )
    return written


def _stage(stage: Stage, key: str, folded: bool) -> Entry:
    count = getattr(stage, "round", 1)
    name = stage.stage if count == 1 else f"{stage.stage} {count}"
    warned = bool(getattr(stage, "warnings", ()))
    label = quiet("▸ " if folded else "▾ ") + said(f"{name:<14}", NAMED)
    label += Content.styled("! ", DOUBT) if warned else ""
    return Entry(
        key, label + said(_SUMMARIES[type(stage)](stage)), indent=4, folded=folded, copied=partial(stage_text, stage)
    )


def _details(stage: Stage, key: str) -> Iterator[Entry]:
    reads: Reads | None = getattr(stage, "reads", None)
    if reads is not None and reads.digests:
        yield Entry(f"{key} reads", quiet("    read  ") + said(joined(tuple(reads.digests))), indent=10)
    for text in getattr(stage, "warnings", ()):
        yield Entry(f"{key} {text}", said(f"    ! {text}", DOUBT), indent=6)
    shown = {each.name for each in fields(stage)} - {"stage", "reads", "warnings", "round"}
    values = _adapter(type(stage).__name__).dump_python(stage, mode="json", include=shown)
    for number, line in enumerate(as_yaml(values).splitlines()):
        yield Entry(f"{key} {number}", quiet(f"    {line}"), indent=8)


@cache
def _adapter(name: str) -> TypeAdapter[Stage]:
    return TypeAdapter(next(kind for kind in _SUMMARIES if kind.__name__ == name))


def _situation(stage: Situation) -> str:
    return f"{stage.customer}, {len(stage.variables)} variables, {len(stage.terms)} terms"


def _matching(stage: Matching) -> str:
    active = f"; active: {joined(stage.active)}" if stage.active else ""
    early = sum(judgement.rule == Result.RULED_OUT_EARLY for judgement in stage.judgements)
    ruled_out = f"; {early} ruled out early" if early else ""
    held = sum(judgement.holds for judgement in stage.judgements)
    return f"{held} of {len(stage.judgements)} hold{ruled_out}{active}"


def _journeys(stage: JourneySteps) -> str:
    moves = [
        f"{move.journey} {move.step.move}" + (f" → {move.after[-1]}" if move.after else "") for move in stage.moves
    ]
    return joined(moves) or "none moved"


def _resolution(stage: Resolution) -> str:
    asks = f"; asks which of {joined(stage.clarify)}" if stage.clarify else ""
    return f"{joined(stage.survivors) or 'nothing'} left, {len(stage.removed)} out{asks}"


def _tools(stage: ToolRound) -> str:
    marks = ("✗" if call.error else "✓" if call.called else "!" for call in stage.calls)
    return joined([f"{mark} {call.tool}" for mark, call in zip(marks, stage.calls, strict=True)]) or "none wanted"


def _retrieval(stage: Retrieval) -> str:
    return f"{sum(item.kept for item in stage.ranked)} of {len(stage.ranked)} in scope are near"


def _rendering(stage: Rendering) -> str:
    lacking = [item.name for item in stage.rendered if item.text is None]
    return f"{len(stage.rendered) - len(lacking)} ready" + (f", {joined(lacking)} not" if lacking else "")


_SUMMARIES: Mapping[type, Callable[[Any], str]] = {
    Situation: _situation,
    PreambleChoice: lambda stage: f"“{stage.text}”" if stage.text else stage.why,
    Matching: _matching,
    JourneySteps: _journeys,
    Resolution: _resolution,
    ToolRound: _tools,
    Drafting: lambda stage: f"“{stage.text}”" if stage.text else "empty",
    Retrieval: _retrieval,
    Rendering: _rendering,
    Selecting: lambda stage: f"{stage.choice or 'nothing'} · fit {stage.fit}",
    Composition: lambda stage: f"{stage.mode.value} → {joined(stage.sources) or 'nothing'}",
    Closing: lambda stage: f"{sum(outcome.result.won for outcome in stage.outcomes)} took part",
}
"""One line for each kind of stage."""
