"""The rows of Author: problems first, then everything by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from textual.content import Content, Span

from engine.agent.errors import Problem
from engine.agent.model import Journey, Observation, Relationship, State
from studio.things.around import GLYPHS
from studio.things.catalog import KINDS, Entry, Things
from studio.things.lines import readable
from studio.things.parts import SIGNS
from studio.widgets.thing_list import Row

PROBLEM = "problem "
"""What the keys of problems begin with; the number after it counts the problems of the snapshot, from 1."""


def problem_sign(problem: Problem) -> tuple[str, str]:
    """The sign of a problem and its style."""
    return ("✗", "$text-error") if problem.severity == "error" else ("!", "$text-warning")


def problem_rows(problems: Sequence[Problem], *, broken: bool) -> Iterator[Row]:
    """The problems of the file, under a heading that says what they mean."""
    if not problems:
        return
    said = "Not usable now" if broken else "Problems"
    yield Row("problems", Content(f"{said}  {len(problems)}"), heading=True)
    for number, problem in enumerate(problems, start=1):
        sign, style = problem_sign(problem)
        label = Content.styled(f"{sign} ", style) + Content.styled(f"{problem.line:>3} ", "$text-muted")
        yield Row(f"{PROBLEM}{number}", label + Content(_one_line(problem.message)), f"{problem.message} {problem.id}")


def thing_rows(things: Things, troubled: Mapping[str, Sequence[Problem]], title: str) -> Iterator[Row]:
    """Everything by kind, the states journey by journey.

    Args:
        things: The agent.
        troubled: The problems by the keys of the things that have some.
        title: What stands above all of it.
    """
    for kind, entries in groupby(things.entries.values(), key=lambda entry: entry.kind):
        if kind == "state":
            yield from _states(list(entries), troubled)
            continue
        found = list(entries)
        heading = f"{KINDS[kind]}  {len(found)}" if kind != "agent" else title
        yield Row(f"heading {kind}", Content(heading), heading=True)
        yield from (_row(entry, entry.key, troubled) for entry in found)


def _states(entries: Sequence[Entry], troubled: Mapping[str, Sequence[Problem]]) -> Iterator[Row]:
    for journey, states in groupby(entries, key=lambda entry: entry.scope):
        found = list(states)
        yield Row(f"heading {journey}.", Content(f"States of {journey}  {len(found)}"), heading=True)
        yield from (_row(entry, entry.key.partition(".")[2], troubled) for entry in found)


def _row(entry: Entry, name: str, troubled: Mapping[str, Sequence[Problem]]) -> Row:
    problems = troubled.get(entry.key, ())
    worst = min(problems, key=lambda problem: problem.severity != "error", default=None)
    sign, style = problem_sign(worst) if worst is not None else (_sign(entry), "$text-muted")
    shown = _one_line(entry.said if entry.kind in ("relationship", "follow-up", "agent") else name)
    scope = f"  in {entry.scope}" if entry.scope and entry.kind != "state" else ""
    text = f"{sign} {shown}{scope}"
    label = Content(text, [Span(0, 1, style), Span(len(text) - len(scope), len(text), "$text-muted")])
    return Row(entry.key, label, f"{entry.key} {entry.said} {entry.kind}")


def _sign(entry: Entry) -> str:
    """The sign of what has no problems: off is a shape of its own."""
    if isinstance(entry.value, State):
        return SIGNS[entry.value.kind]
    if isinstance(entry.value, Relationship):
        return GLYPHS[entry.value.kind]
    off = isinstance(entry.value, Observation | Journey) and not entry.value.enabled
    return "✕" if off else "·"


def _one_line(text: str) -> str:
    return " ".join(readable(text).split())
