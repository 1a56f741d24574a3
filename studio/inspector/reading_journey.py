"""Where each journey was, how it moved, where it is, and the transitions that competed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from engine.agent.model import END, Agent, Journey, State
from engine.reasoner.base import EdgeJudgement
from engine.turn.trace import Closing, JourneyMove, JourneySteps, Matching
from studio.inspector.entries import (
    DOUBT,
    GOOD,
    NAMED,
    QUIET,
    Entry,
    Keys,
    Page,
    clean,
    name_column,
    note,
    quiet,
    said,
    short,
)
from studio.inspector.facts import Facts
from studio.inspector.reading_matched import condition_entry

STATE_SIGNS = {"tool": "⚙", "fork": "◇", "link": "▸", "chat": "□"}
"""The sign of each kind of state; the first one is ● and the end ■."""

MOVES = {
    "start": "begins",
    "stay": "stays",
    "advance": "goes on",
    "back": "goes back",
    "restart": "begins again",
    "leave": "is left",
    "complete": "comes to its end",
}


def read_journey(facts: Facts, page: Page) -> list[Entry]:
    """The panel Journey."""
    keys = Keys()
    moves = [move for stage in facts.trace.all(JourneySteps) for move in stage.moves]
    entries = [entry for move in moves for entry in _move(facts.agent, move, keys)]
    entries.extend(_resting(facts, {move.journey for move in moves}, keys))
    if entries:
        return [*entries, *_guess(facts)]
    return [*_none(facts), *_nearest(facts, page)]


def state_sign(agent: Agent, journey: str, name: str) -> str:
    """The sign of a state: ● start, ⚙ tool, ◇ fork, ▸ another journey, □ words, ■ end."""
    if name == END:
        return "■"
    thing = agent.things.get(journey)
    state = thing.by_name.get(name) if isinstance(thing, Journey) else None
    if isinstance(thing, Journey) and state is not None and state is thing.first:
        return "●"
    return STATE_SIGNS[state.kind] if isinstance(state, State) else "□"


def _path(agent: Agent, journey: str, path: Sequence[str], entered: Sequence[str], current: str) -> Content:
    """The states as a line: where the journey stands in bold, what it entered now in colour."""
    words = []
    for place, name in enumerate(path):
        fresh = place >= len(path) - len(entered)
        style = f"bold {NAMED}" if name == current and place == len(path) - 1 else GOOD if fresh else QUIET
        words.append(said(f"{state_sign(agent, journey, name)} {name}", style))
    return Content.styled(" → ", QUIET).join(words)


def _move(agent: Agent, move: JourneyMove, keys: Keys) -> Iterator[Entry]:
    step = move.step
    before = move.before[-1] if move.before else ""
    now = move.after[-1] if move.after else END if step.move == "complete" else ""
    path = move.after or (*move.before, *step.path)
    label = Content.styled("▸ ", GOOD) + Content.styled(clean(move.journey), "bold") + f" {MOVES[step.move]}"
    if step.uncertain:
        label += Content.styled("  ? unsure", DOUBT)
    under = [_path(agent, move.journey, path, step.path, now)] if path else []
    where = " → ".join(part for part in (before or "not begun", now) if part)
    under.append(quiet(f"{where if before != now else f'at {now}'} · {step.why}"))
    if move.warning:
        under.append(said(f"! {move.warning}", DOUBT))
    yield Entry(keys(move.journey), label, tuple(under), 2, move.journey)
    for edge in step.edges:
        yield _edge(agent, move, edge, keys)


def _edge(agent: Agent, move: JourneyMove, edge: EdgeJudgement, keys: Keys) -> Entry:
    taken = move.took(edge) or (edge.to == END and move.step.move == "complete" and edge.holds)
    mark, style = ("✓", GOOD) if taken else ("○", QUIET)
    label = Content.styled(f"  {mark} ", style) + quiet(f"{clean(edge.source)} → ")
    label += said(f"{state_sign(agent, move.journey, edge.to)} {edge.to}", style if taken else "")
    label += quiet(f"  {short(edge.score)}") if edge.condition else Content("")
    under = (quiet(f"if {edge.condition}") if edge.condition else quiet("directly"), quiet(edge.why))
    entity = f"{move.journey}.{edge.to}" if edge.to != END else move.journey
    return Entry(keys(f"{move.journey} {edge.source} {edge.to}"), label, under, 6, entity)


def _resting(facts: Facts, moved: set[str], keys: Keys) -> Iterator[Entry]:
    """Journeys that stand somewhere and did not move in this turn."""
    closing = facts.trace.last(Closing)
    for name, path in (closing.positions if closing is not None else {}).items():
        if name in moved or not path:
            continue
        active = facts.holds(name)
        label = Content.styled("● " if active else "■ ", GOOD if active else QUIET) + said(name, "bold")
        label += quiet("  stands still" if active else "  is over")
        yield Entry(keys(name), label, (_path(facts.agent, name, path, (), path[-1] if active else ""),), 2, name)


def _guess(facts: Facts) -> Iterator[Entry]:
    stages = facts.trace.all(Matching)
    first = stages[0] if stages else None
    if first is not None and first.guessed:
        held = "the guess held" if first.guess_held else "another journey needed a further pass"
        yield note("guess", f"{first.guessed} was expected first; {held}")


def _none(facts: Facts) -> Iterator[Entry]:
    if not facts.agent.journeys:
        yield note("none", "This agent has no journeys.")
    elif facts.trace.status == "running":
        yield note("none", "No journey has moved yet…")
    else:
        yield note("none", "No journey was active in this turn.")


def _nearest(facts: Facts, page: Page) -> Iterator[Entry]:
    shown = facts.ranked(("journey",)).shown
    column = name_column((outcome.entity for outcome in shown), page.width)
    for outcome in shown:
        yield condition_entry(facts, outcome, column, page.width)
