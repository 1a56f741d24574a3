"""The canned responses that competed: score, fit, text or what it lacks, and why each lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from engine.agent.model import CannedResponse
from engine.turn.results import Outcome, Result
from engine.turn.trace import Composition, Retrieval, Selecting
from studio.inspector.entries import (
    DOUBT,
    GOOD,
    Entry,
    Page,
    joined,
    name_column,
    note,
    quiet,
    said,
    scored_line,
    short,
)
from studio.inspector.facts import FAR, NEAREST, Facts
from studio.inspector.sentences import told

MOST = 12
"""How many responses are shown; the rest is counted."""


def read_canned(facts: Facts, page: Page) -> list[Entry]:
    """The panel Canned."""
    trace = facts.trace
    retrieval, composition = trace.last(Retrieval), trace.last(Composition)
    entries = [*_mode(composition)]
    if retrieval is None:
        running = trace.status == "running"
        said_instead = "No draft to compare responses with yet…" if running else "No response was looked for."
        return [*entries, note("none", said_instead)]
    shown, left = _best_first(facts)
    column = name_column((outcome.entity for outcome in shown), page.width)
    entries.extend(_candidate(facts, outcome, column, page.width) for outcome in shown)
    if not any(item.kept for item in retrieval.ranked):
        entries.append(note("far", f"No response is near the draft: each needs {short(retrieval.threshold)}."))
    entries.extend(_what_was_sent(facts, composition))
    if left:
        entries.append(Entry("more", quiet(f"○ {left} more lost or were out of scope   / lists all"), indent=2))
    how = f"near the draft is {short(retrieval.threshold)} or more, measured by {retrieval.embeddings}"
    entries.append(note("threshold", how))
    return entries


def _mode(composition: Composition | None) -> Iterator[Entry]:
    if composition is not None:
        asked = f", asked by {joined(composition.asked_by)}" if composition.asked_by else ""
        entity = next((name for name in composition.asked_by if name != "agent"), "")
        label = quiet("Mode  ") + Content.styled(composition.mode.value, "bold") + quiet(asked)
        yield Entry("mode", label, (quiet(composition.why),), 6, entity)


def _best_first(facts: Facts) -> tuple[Sequence[Outcome], int]:
    """The candidates that were scored, best first, then those that could not be rendered, then the nearest others."""
    ranked = facts.ranked(("response",), NEAREST)
    order = {name: place for place, name in enumerate(facts.scored)}
    rank = {name: item.rank for name, item in facts.retrieved.items()}
    last = len(order) + len(rank) + 1

    def place(outcome: Outcome) -> tuple[int, int]:
        if outcome.result.won:
            return 0, 1 if outcome.result is Result.FOLLOW_UP_SENT else 0
        far = outcome.result in FAR
        own = order.get(outcome.entity, last)
        return 2 if far else 1, own if own < last else last + rank.get(outcome.entity, last)

    ordered = sorted(ranked.shown, key=place)
    return ordered[:MOST], ranked.left + len(ordered[MOST:])


def _candidate(facts: Facts, outcome: Outcome, column: int, width: int) -> Entry:
    seen = facts.scored.get(outcome.entity)
    item = facts.retrieved.get(outcome.entity)
    word = seen.fit if seen is not None else ""
    under = [*_text(facts, outcome.entity)]
    if outcome.result is Result.FOLLOW_UP_SENT:
        under.append(said("sent second: says what the first left unsaid", GOOD))
    elif outcome.result.won:
        selecting = facts.trace.last(Selecting)
        under.append(quiet(f"{told(outcome)}: {selecting.why if selecting is not None else outcome.why}"))
    else:
        style = DOUBT if outcome.result in (Result.MISSING_FIELD, Result.RENDER_ERROR) else ""
        under.append(said(told(outcome).removeprefix("is "), style))
        if seen is not None and seen.why:
            under.append(quiet(seen.why))
    if item is not None and item.linked:
        bonus = f", +{short(item.bonus)} for a field at hand" if item.bonus else ""
        under.append(quiet(f"attached to {item.linked}{bonus}"))
    label = scored_line(outcome, column, width, word)
    return Entry(outcome.entity, label, tuple(under), entity=outcome.entity)


def _text(facts: Facts, name: str) -> Iterator[Content]:
    """The response as it would be sent; its template when it could not be filled in or was not tried."""
    rendered = facts.rendered.get(name)
    thing = facts.agent.things.get(name)
    if rendered is not None and rendered.text is not None:
        yield said(rendered.text)
    elif isinstance(thing, CannedResponse):
        yield quiet(thing.template)


def _what_was_sent(facts: Facts, composition: Composition | None) -> Iterator[Entry]:
    if composition is None:
        return
    if "no_match" in composition.sources:
        text = "\n".join(composition.messages)
        yield Entry("no_match", said("▸ no match", DOUBT), (said(text), quiet(composition.why)), 2, copied=text)
    selecting = facts.trace.last(Selecting)
    if selecting is not None and selecting.beside:
        yield Entry("beside", quiet("sent after it, from the draft:"), (said(selecting.beside),), 2)
    if composition.recommended and composition.recommended in composition.messages:
        yield note("recommended", "▸ the draft was sent as it is; it may be worth keeping as a response")
    elif composition.recommended:
        label = quiet("the draft as a response worth keeping:")
        yield Entry("recommended", label, (said(composition.recommended),), 2, copied=composition.recommended)
