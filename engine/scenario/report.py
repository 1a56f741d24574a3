"""Results as text for people: pure functions from results to lines, without colour."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.scenario.results import CaseResult, Failure, Summary, Verdict
from engine.scenario.transcript import shortened

LONGEST = 600
"""How many characters of a text a report for people shows; programs get all of it."""

MARKS: dict[Verdict, str] = {
    "passed": "✓",
    "failed": "✗",
    "flaky": "≈",
    "stale": "…",
    "unjudged": "○",
    "error": "!",
}
"""A mark for each verdict, so that colour is never the only difference."""


def result_line(result: CaseResult) -> str:
    """One line for a case, e.g. `✓ Book a flight [knows where/books]` or `✗ … failed`."""
    line = f"{MARKS[result.verdict]} {result.case}"
    if result.verdict != "passed":
        line += f"  {result.verdict}"
    helped = {"dictated": result.dictated, "pinned": result.pinned}
    told = ", ".join(f"{word}: {count}" for word, count in helped.items() if count)
    if result.draft_likeness:
        told += f"{', ' if told else ''}{_like_given(result.draft_likeness)}"
    return f"{line} ({told})" if told else line


def failure_lines(result: CaseResult) -> list[str]:
    """Everything that went wrong in a case: where, after what, expected, got and why."""
    lines: list[str] = []
    heading = ""
    for failure in result.failures:
        if failure.step != heading:
            heading = failure.step
            lines.append(f"  {heading}")
        lines.extend(_failure(failure))
    return lines


def _failure(failure: Failure) -> list[str]:
    lines = [f"    {failure.place}  {failure.check}"]
    lines.append(f"      expected  {shortened(failure.expected, LONGEST)}")
    lines.append(f"      got       {shortened(failure.got, LONGEST)}")
    for number, why in enumerate(failure.why):
        lines.append(f"      {'why' if number == 0 else '   '}       {shortened(why, LONGEST)}")
    return lines


def failure_text(result: CaseResult) -> str:
    """A whole failed case as text: its line, its transcript so far and its failures."""
    transcript = [f"  {line.who}: {shortened(line.text, LONGEST)}" for line in result.transcript]
    return "\n".join([result_line(result), *transcript, *failure_lines(result)])


def summary_line(summary: Summary) -> str:
    """The run in one line, e.g. `12 cases: 11 passed, 1 failed · 40 turns, 95 checks · 2 drafts dictated`."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in summary.counts.items() if count)
    line = f"{_plural(summary.ran, 'case')}: {counts or 'nothing ran'}"
    line += f" · {_plural(summary.turns, 'turn')}, {_plural(summary.checks, 'check')}"
    if summary.dictated:
        line += f" · {_plural(summary.dictated, 'draft')} dictated"
    if summary.pinned:
        line += f" · {_plural(summary.pinned, 'turn')} pinned"
    if summary.draft_likeness:
        line += f" · {_like_given(summary.draft_likeness)}"
    if summary.model_calls:
        recorded = f" ({summary.recorded_calls} recorded)" if summary.recorded_calls else ""
        line += f" · {_plural(summary.model_calls, 'model call')}{recorded}, {_plural(summary.tokens, 'token')}"
    if summary.interrupted:
        line += " · interrupted"
    if summary.ran < summary.planned:
        line += f" · {summary.planned - summary.ran} not run"
    return line


def reasoner_line(results: Sequence[CaseResult], summary: Summary) -> str:
    """Who did the thinking, and who asked for it if not the cases; empty when nothing ran.

    E.g. `reasoner: embedded · minilm (as --embeddings minilm asks)`.
    """
    names = dict.fromkeys(result.reasoner for result in results if result.reasoner)
    asked = f" (as {summary.asked} asks)" if summary.asked else ""
    return f"reasoner: {', '.join(names)}{asked}" if names else ""


def report_text(results: Iterable[CaseResult], summary: Summary) -> str:
    """The whole report: a line for each case, what failed in full, who did the thinking, and the summary."""
    known = list(results)
    lines: list[str] = []
    for result in known:
        lines.append(result_line(result))
        lines.extend(failure_lines(result))
    lines.extend(line for line in ("", reasoner_line(known, summary), summary_line(summary)) if line or known)
    return "\n".join(lines)


def _like_given(likeness: Sequence[float]) -> str:
    """How near a reasoner's own drafts came to those that scenarios give, e.g. `3 own drafts, .81 like the given`."""
    mean = sum(likeness) / len(likeness)
    shown = f"{mean:.2f}".removeprefix("0")
    return f"{_plural(len(likeness), 'own draft')}, {shown} like the given"


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
