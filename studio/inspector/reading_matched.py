"""What matched: winners, losers with who decided, the nearest of the rest; journeys; tools with what they answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from textual.content import Content

from engine.turn.results import Outcome, Result
from engine.turn.trace import Matching, Resolution, ToolCall, TurnTrace
from studio.inspector.entries import (
    BAD,
    DOUBT,
    GOOD,
    Entry,
    Keys,
    Page,
    clean,
    heading,
    joined,
    name_column,
    note,
    quiet,
    said,
    scored_line,
    short,
)
from studio.inspector.facts import FAR, Facts
from studio.inspector.sentences import near_enough, told

MOST_BEATEN = 4
"""How many of the things that a survivor beat are named under it."""


def read_matched(facts: Facts, page: Page) -> list[Entry]:
    """The panel Matched."""
    trace = facts.trace
    if trace.status == "silent" and trace.mode == "manual":
        return [note("manual", "The session is in manual mode: a person answers, so nothing was judged.")]
    if trace.trigger:
        return [*_triggered(trace), *_tools(facts, page)]
    entries = [*_conditions(facts, page), *_journeys(facts, page), *_tools(facts, page)]
    entries.extend(Entry(f"warning {text}", said(f"! {text}", DOUBT), indent=2) for text in trace.warnings)
    if not entries:
        waiting = "Judging the conditions…" if trace.status == "running" else "Nothing was judged in this turn."
        return [note("waiting", waiting)]
    return entries


def _triggered(trace: TurnTrace) -> Iterator[Entry]:
    yield note("triggered", "The turn was told what to say, so no condition was judged:")
    for number, action in enumerate(trace.trigger):
        yield Entry(f"trigger {number}", said(f"▸ {action}"), indent=2)


def _conditions(facts: Facts, page: Page) -> Iterator[Entry]:
    """Guidelines and observations."""
    if facts.trace.last(Matching) is None:
        return
    ranked = facts.ranked(("guideline", "observation"))
    column = name_column((outcome.entity for outcome in ranked.shown), page.width)
    won = False
    for outcome in ranked.shown:
        won = won or outcome.result.won
        if outcome.result in FAR and not won:
            yield note("none", "No guideline or observation matched. The nearest:")
            won = True
        yield condition_entry(facts, outcome, column, page.width)
    if not ranked.shown:
        yield note("none", "No guideline or observation came near.")
    if ranked.left:
        yield Entry("more", quiet(f"○ {ranked.left} more did not match   / lists all"), indent=2)
    if facts.ruled_out:
        told = f"○ {len(facts.ruled_out)} were ruled out early: too far from what was said to ask the model about"
        yield Entry("ruled out", quiet(told), indent=2)


def condition_entry(facts: Facts, outcome: Outcome, column: int, width: int) -> Entry:
    """A guideline, observation or journey with its score, and under it the quote, who decided, and what it beat."""
    under_way = outcome.result.won and outcome.score is not None and outcome.score < (outcome.threshold or 0.0)
    drawn = replace(outcome, score=None) if under_way else outcome
    clearly_not = outcome.result in FAR and outcome.confidence == "clear"
    word = "" if clearly_not or not drawn.score else outcome.confidence or ""
    label = scored_line(drawn, column, width, word)
    return Entry(outcome.entity, label, tuple(_under(facts, outcome)), entity=outcome.entity)


def _under(facts: Facts, outcome: Outcome) -> Iterator[Content]:
    judgement = facts.judgements.get(outcome.entity)
    nearest = f"“{clean(judgement.nearest)}”" if judgement is not None and judgement.nearest else ""
    if outcome.result is Result.ENTAILED:
        yield quiet(f"entailed by {joined(outcome.counterpart)}")
    elif outcome.result.won:
        yield quiet(nearest or (judgement.why if judgement is not None else outcome.why))
    elif outcome.result is Result.RULED_OUT_EARLY:
        yield quiet(f"ruled out early: {clean(outcome.why)}")
    elif outcome.result in FAR and near_enough(outcome):
        yield quiet(clean(outcome.why))
    elif outcome.result in FAR:
        needed = f"needs {short(outcome.threshold)}" if outcome.threshold is not None else ""
        yield quiet(", ".join(part for part in (needed, nearest and f"nearest {nearest}") if part) or outcome.why)
    else:
        yield said(told(outcome).removeprefix("is "))
    beaten = facts.beaten.get(outcome.entity, ())
    if beaten and outcome.result.won:
        more = f" and {len(beaten) - MOST_BEATEN} more" if len(beaten) > MOST_BEATEN else ""
        yield quiet(f"beat {joined(beaten[:MOST_BEATEN])}{more}")
    stage = facts.trace.last(Resolution)
    if stage is not None and stage.clarify and stage.clarify_by == outcome.entity:
        yield quiet(f"asks which is meant: {joined(stage.clarify)}")


def _journeys(facts: Facts, page: Page) -> Iterator[Entry]:
    ranked = facts.ranked(("journey",), 2)
    if not ranked.shown:
        return
    yield heading("Journeys")
    column = name_column((outcome.entity for outcome in ranked.shown), page.width)
    for outcome in ranked.shown:
        yield condition_entry(facts, outcome, column, page.width)


def _tools(facts: Facts, page: Page) -> Iterator[Entry]:
    keys = Keys()
    if facts.calls:
        yield heading("Tools")
    for call in facts.calls:
        yield call_entry(call, keys(f"call {call.tool}"), page)


def call_entry(call: ToolCall, key: str, page: Page) -> Entry:
    """A tool with its arguments, and what it answered or why it was not called; a traceback unfolds."""
    arguments = ", ".join(f"{name}={value!r}" for name, value in call.values.items())
    ok = call.called and not call.error
    mark, style = ("✓", GOOD) if ok else ("✗", BAD) if call.called else ("!", DOUBT)
    label = Content.styled(f"{mark} ", style) + said(f"{call.tool}({arguments})")
    folded = key not in page.unfolded if call.traceback else None
    under = [*_answer(call)]
    if folded is False:
        under.extend(quiet(line) for line in call.traceback.splitlines())
    elif folded:
        under.append(quiet("▸ space shows the traceback"))
    return Entry(key, label, tuple(under), entity=call.tool, folded=folded)


def _answer(call: ToolCall) -> Iterator[Content]:
    yield quiet(f"wanted by {joined(call.wanted_by)}")
    if not call.called:
        for argument in call.arguments:
            if argument.problem:
                yield said(f"{argument.problem} {argument.name}: {argument.why}", DOUBT)
        return
    if call.error:
        yield said(f"failed: {call.error}", BAD)
        return
    result = call.result or {}
    how = "the stub answered" if call.stubbed else "it answered"
    yield quiet(f"{how} ") + said(repr(result["data"]) if result.get("data") is not None else "without data")
    for name, value in (result.get("canned_response_fields") or {}).items():
        yield quiet(f"field {name} = ") + said(repr(value))
    for name, value in (result.get("control") or {}).items():
        if value is not None:
            yield quiet(f"asks for {name} {value}")
    if call.background:
        yield quiet("finishes later")
