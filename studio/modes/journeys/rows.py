"""The rows of Journeys: the journeys on the left, one journey's outline on the right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from engine.agent.model import Journey
from studio.canvas.marking import HERE
from studio.modes.journeys.running import Running
from studio.things.catalog import Things
from studio.things.lines import readable
from studio.things.outline import OutlineLine
from studio.widgets.thing_list import Row

STEP = 2
"""Columns for each step of depth."""

MOST_STEPS = 12
"""Deeper lines are drawn at this depth, so that their words keep some room."""


def journey_rows(things: Things, running: Running) -> Iterator[Row]:
    """One row of two lines for each journey: its title, then its name and size."""
    for journey in things.agent.journeys:
        count = len(journey.states)
        title = _one_line(journey.title or journey.name)
        off = "" if journey.enabled else "  ✕ off"
        small = f"{journey.name} · {count} state{'s' if count != 1 else ''}{off}"
        label = _marked(running.mark_of(journey.name)) + title + Content.styled(f"\n  {small}", "$text-muted")
        yield Row(journey.name, label, f"{journey.name} {journey.title} {' '.join(journey.conditions)}")


def outline_rows(journey: Journey, lines: Sequence[OutlineLine], running: Running) -> Iterator[Row]:
    """The rows of an outline; a state's key is its name, that of any other line `line` and its number."""
    for number, line in enumerate(lines):
        key = line.state if line.is_state else f"line {number}"
        if line.shape == "apart":
            yield Row(key, Content(_plain(line.text)), heading=True)
            continue
        yield Row(key, _label(journey, line, running), f"{line.state} {line.text} {line.condition}")


def _label(journey: Journey, line: OutlineLine, running: Running) -> Content:
    mark = running.mark(journey.name, line.state) if line.is_state else " "
    indent = " " * (STEP * min(line.depth, MOST_STEPS))
    label = Content("")
    if line.condition:
        label += Content.styled(f"  {indent}┄ {_plain(line.condition)}\n", "$accent italic")
    label += _marked(mark) + Content(indent)
    label += Content.styled(f"{line.glyph} ", "$text-warning" if line.shape in ("missing", "apart") else "$accent")
    label += Content.styled(line.state or _plain(line.text), "bold" if mark == HERE else "")
    if line.is_state:
        label += Content.styled(f"  {_plain(line.text)}", "$text-muted")
    return label + Content.styled("  ■", "$accent") if line.ends else label


def _marked(mark: str) -> Content:
    return Content.styled(f"{mark} ", "bold $text-success" if mark == HERE else "$text-success")


def _plain(text: str) -> str:
    return " ".join(readable(text).split())


def _one_line(text: str) -> Content:
    return Content.styled(_plain(text), "bold")


def head(things: Things, journey: Journey, running: Running) -> Content:
    """What stands above an outline: when the journey begins, and where the session stands in it."""
    conditions = "; or ".join(things.said(text) or text for text in journey.conditions)
    said = Content.styled("begins when ", "$text-muted") + Content(_plain(conditions) or "another journey leads to it")
    where = running.said(journey.name)
    if where:
        said += Content("\n") + _marked(running.mark_of(journey.name)) + Content.styled(where, "$text-success")
    return said


def as_text(journey: Journey, lines: Sequence[OutlineLine]) -> str:
    """An outline as plain text, for the clipboard."""
    said = [journey.title or journey.name]
    for line in lines:
        indent = "  " * line.depth
        said += [f"{indent}  {_plain(line.condition)}"] if line.condition else []
        name = f"{line.state}: {_plain(line.text)}" if line.is_state else line.state or _plain(line.text)
        said.append(f"{indent}{line.glyph} {name}" + (" ■" if line.ends else ""))
    return "\n".join(said) + "\n"
