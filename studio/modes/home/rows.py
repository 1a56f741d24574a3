"""The rows of Home."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from textual.content import Content

from studio.modes.author.rows import problem_rows
from studio.modes.home.facts import Facts, Talk
from studio.modes.home.shelf import DEMO, Card
from studio.modes.scenarios.verdicts import MARKS
from studio.modes.simulate.kept_sessions import when
from studio.runs import Run
from studio.things.lines import readable
from studio.widgets.thing_list import Row
from studio.workspace import Snapshot

RESUME, CHAT, SCENARIOS, NEW, FOLDER = "go on", "new chat", "scenarios", "new agent", "a folder"
"""The keys of rows that stand for something to do."""

SESSION, WAITING, OPEN, RECENT = "session ", "waiting ", "open ", "recent "
"""What the keys of other rows begin with."""


def home_rows(snapshot: Snapshot | None, facts: Facts, folders: Sequence[Path]) -> Iterator[Row]:
    """Everything that Home offers, what is likeliest first.

    Args:
        snapshot: The open workspace, if one is.
        facts: What was gathered.
        folders: The folders of the examples, for while nothing is gathered yet.
    """
    for number, row in enumerate(_rows(snapshot, facts, folders)):
        yield replace(row, label=Content("\n") + row.label) if row.heading and number else row


def _rows(snapshot: Snapshot | None, facts: Facts, folders: Sequence[Path]) -> Iterator[Row]:
    examples = facts.examples or tuple(Card(folder, folder.name) for folder in folders)
    if snapshot is None:
        yield from _welcome(examples)
    else:
        yield from _here(snapshot, facts)
        yield from _shelf("Examples", OPEN, examples)
    yield from _shelf("Opened before", RECENT, facts.recent)
    yield _heading("Your own")
    yield Row(NEW, Content.styled("+ ", "$text-success") + Content("Begin a new agent"))
    yield Row(FOLDER, Content.styled("▸ ", "$accent") + Content("Open a folder"))


def _welcome(examples: Sequence[Card]) -> Iterator[Row]:
    demo = next((card for card in examples if card.folder.name == DEMO), None)
    if demo is not None:
        yield _heading("Begin here")
        label = Content.styled("▶ ", "bold $text-success") + Content.styled(f"Talk to {readable(demo.name)}", "bold")
        yield Row(f"{OPEN}{demo.folder}", label)
    yield from _shelf("More examples", OPEN, [card for card in examples if card is not demo])


def _here(snapshot: Snapshot, facts: Facts) -> Iterator[Row]:
    yield _heading(snapshot.agent.name if snapshot.agent is not None else snapshot.title)
    if facts.talks:
        first = facts.talks[0]
        yield Row(
            RESUME,
            Content.styled("▶ ", "bold $text-success") + Content.styled(f"Go on: {readable(first.words)}", "bold"),
        )
    yield Row(CHAT, Content.styled("+ ", "$text-success") + Content("A new chat"))
    yield Row(SCENARIOS, _last_run(facts.runs[-1] if facts.runs else None))
    yield from problem_rows(snapshot.problems, broken=snapshot.broken)
    yield from _talks("Waiting for a person", WAITING, facts.waiting, facts)
    more = facts.session_count - len(facts.talks)
    yield from _talks(
        f"Sessions  {facts.session_count}" + (" · ^o has all" if more else ""), SESSION, facts.talks, facts
    )


def _last_run(run: Run | None) -> Content:
    if run is None:
        return (
            Content.styled("○ ", "$text-muted") + Content("Scenarios") + Content.styled("  not run yet", "$text-muted")
        )
    label = Content.styled("✓ " if run.passed else "✗ ", "$text-success" if run.passed else "$text-error")
    return label + Content("Scenarios  ") + counts(run)


def counts(run: Run) -> Content:
    """How many cases have each verdict."""
    words = [Content.styled(f"{count} {verdict}", MARKS[verdict][1]) for verdict, count in run.counts.items()]
    missing = run.planned - run.ran
    words += [Content.styled(f"{missing} not run", "$text-muted")] if missing > 0 else []
    return Content(", ").join(words)


def _talks(title: str, prefix: str, talks: Sequence[Talk], facts: Facts) -> Iterator[Row]:
    if not talks or facts.now is None:
        return
    yield _heading(title)
    for talk in talks:
        sign = ("◌ ", "$text-warning") if talk.kept.mode == "manual" else ("· ", "$text-muted")
        small = f"{when(talk.kept.created, facts.now):<6} {turns(talk):>7}  "
        label = Content.styled(*sign) + Content.styled(small, "$text-muted") + Content(readable(talk.words))
        yield Row(f"{prefix}{talk.kept.id}", label)


def turns(talk: Talk) -> str:
    """How many turns a session has, in words."""
    return f"{talk.kept.turns} turn{'s' if talk.kept.turns != 1 else ''}"


def _shelf(title: str, prefix: str, cards: Sequence[Card]) -> Iterator[Row]:
    if cards:
        yield _heading(title)
    for card in cards:
        sign = Content.styled("✗ ", "$text-error") if card.fault else Content.styled("▸ ", "$accent")
        small = card.fault or card.folder.name
        label = sign + Content(readable(card.name)) + Content.styled(f"  {readable(small)}", "$text-muted")
        yield Row(f"{prefix}{card.folder}", label)


def _heading(text: str) -> Row:
    return Row(f"heading {text}", Content(readable(text)), heading=True)
