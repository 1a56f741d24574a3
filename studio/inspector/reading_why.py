"""One thing's outcome in a turn, in plain words: who decided, why they did, and what it would take."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from engine.agent.model import CannedResponse, Guideline, Journey, Observation, Tool
from engine.scenario.why import stage_of
from engine.turn.results import Outcome
from engine.turn.trace import Drafting
from studio.inspector.checklist import Requirement, checklist
from studio.inspector.entries import (
    BAD,
    GOOD,
    NAMED,
    QUIET,
    Entry,
    Keys,
    bar,
    clean,
    heading,
    note,
    quiet,
    said,
    short,
    sign,
)
from studio.inspector.facts import FAR, Facts
from studio.inspector.links import chain_of, led_to, links_of
from studio.inspector.sentences import compared, told
from studio.widgets.thing_list import Row


def read_why(facts: Facts, name: str) -> list[Entry]:
    """Why a thing took part in a turn, or why not."""
    outcome = facts.final.get(name) or facts.outcomes.get(name)
    if outcome is None:
        return _unknown(facts, name)
    keys = Keys()
    entries = [_head(outcome), *_itself(facts, outcome), *_judgement(facts, outcome)]
    entries.extend(_because(facts, outcome, keys))
    entries.extend(_consequences(facts, outcome, keys))
    entries.extend(_takes(facts, outcome, keys))
    return entries


def chain_text(facts: Facts, name: str) -> str:
    """The whole chain of reasons as one sentence: X …, because Y …, because Z."""
    steps = [_outcome(facts, each) for each in chain_of(facts, name)]
    return ", because ".join(f"{outcome.entity} {told(outcome)}" for outcome in steps if outcome is not None) + "."


def read_everything(facts: Facts, width: int) -> list[Row]:
    """Every thing of the agent with what became of it, as rows of one line to choose from.

    By kind; what took part first, then what lost for a telling reason, then the rest, nearest first.
    """
    known = [*(facts.final or facts.outcomes).values()]
    column = min(28, max((len(outcome.entity) for outcome in known), default=8))
    rows: list[Row] = []
    kind = ""
    for outcome in sorted(known, key=_order):
        if outcome.kind != kind:
            kind = outcome.kind
            rows.append(Row(f" {kind}", said(_PLURALS.get(kind, kind)), heading=True))
        mark, style = sign(outcome.result)
        name = said(outcome.entity).truncate(column, ellipsis=True, pad=True)
        label = Content.styled(f"{mark} ", style) + name + quiet(f"  {told(outcome)}")
        words = f"{outcome.entity} {mark} {outcome.result.value} {told(outcome)}"
        rows.append(Row(outcome.entity, label.truncate(width, ellipsis=True), words))
    return rows


def _order(outcome: Outcome) -> tuple[int, int, float]:
    rank = 0 if outcome.result.won else 2 if outcome.result in FAR else 1
    return _KIND_ORDER.get(outcome.kind, len(_KIND_ORDER)), rank, -(outcome.score or 0.0) if rank == 2 else 0.0


_PLURALS = {
    "guideline": "Guidelines",
    "observation": "Observations",
    "journey": "Journeys",
    "state": "States",
    "tool": "Tools",
    "response": "Responses",
    "preamble": "Preambles",
}
_KIND_ORDER = {kind: place for place, kind in enumerate(_PLURALS)}


def _outcome(facts: Facts, name: str) -> Outcome | None:
    return facts.outcomes.get(name) or facts.final.get(name)


def _unknown(facts: Facts, name: str) -> list[Entry]:
    if facts.trace.status == "running":
        return [note("unknown", f"Nothing is decided about {name} yet: the turn is running.")]
    if name in facts.agent.things:
        return [note("unknown", f"{name} has no part in the decisions of a turn, or came to the agent after this one.")]
    return [note("unknown", f"This turn knows nothing called {name}; it may have another name by now.")]


def _head(outcome: Outcome) -> Entry:
    mark, style = sign(outcome.result)
    label = Content.styled(f"{mark} {clean(outcome.entity)} ", f"bold {style}") + said(f"{told(outcome)}.")
    under = quiet(f"{outcome.kind} · {stage_of(outcome)}   ⏎ shows it in Author")
    return Entry("head", label, (under,), 2, outcome.entity)


def _itself(facts: Facts, outcome: Outcome) -> Iterator[Entry]:
    """What the author wrote: the condition and the action, the words of a state, the template."""
    for name, text in _written(facts, outcome):
        if text:
            yield Entry(f"written {name}", quiet(f"{name:<10}") + said(text), indent=10)


def _written(facts: Facts, outcome: Outcome) -> Iterator[tuple[str, str]]:
    thing = facts.agent.things.get(outcome.entity)
    if isinstance(thing, Observation):
        yield "when", thing.condition
        yield "then", thing.action if isinstance(thing, Guideline) else ""
    elif isinstance(thing, Journey):
        yield "title", thing.title
        yield "when", " / ".join(thing.conditions)
    elif isinstance(thing, CannedResponse):
        rendered = facts.rendered.get(outcome.entity)
        yield "says", thing.template if rendered is None or rendered.text is None else rendered.text
    elif isinstance(thing, Tool):
        yield "does", thing.description
    elif (found := facts.agent.state(outcome.entity)) is not None:
        yield "says", found[1].chat or ""
        yield "tool", found[1].tool or ""


def _judgement(facts: Facts, outcome: Outcome) -> Iterator[Entry]:
    judgement = facts.judgements.get(outcome.entity)
    if judgement is not None:
        numbers = f" {short(judgement.score)}, needs {short(judgement.threshold)}, {judgement.confidence}"
        under = [quiet(f"{judgement.why} (by {judgement.rule})")] if judgement.why else []
        if judgement.nearest and judgement.nearest.casefold() not in judgement.why.casefold():
            under.append(quiet(f"nearest: “{clean(judgement.nearest)}”"))
        yield Entry("judged", quiet(f"{'judged':<10}") + bar(judgement.score) + said(numbers), tuple(under), 10)
    elif outcome.score is not None:
        label = quiet(f"{'score':<10}") + bar(outcome.score) + said(f" {compared(outcome)}")
        yield Entry("judged", label, (quiet(outcome.why),) if outcome.why else (), 10)
    elif outcome.why and outcome.why not in told(outcome):
        yield Entry("judged", quiet(f"{'since':<10}") + said(outcome.why), indent=10)
    drafting = facts.trace.last(Drafting)
    for number, part in enumerate(drafting.parts if drafting is not None else ()):
        if part.source == outcome.entity and part.text:
            yield Entry(f"said {number}", quiet(f"{'drafted':<10}") + said(f"“{part.text}”"), indent=10)


def _because(facts: Facts, outcome: Outcome, keys: Keys) -> Iterator[Entry]:
    """Who decided, and the chain behind the first of them, each a link."""
    links = links_of(facts, outcome.entity)
    if not links:
        return
    yield heading("Because")
    for link in links:
        other = _outcome(facts, link.name)
        if other is not None:
            yield _link(other, keys(f"because {link.name}"), 0, link.part)
        if link is links[0]:
            for depth, name in enumerate(chain_of(facts, outcome.entity)[2:], start=1):
                further = _outcome(facts, name)
                if further is not None:
                    yield _link(further, keys(f"because {name}"), depth, "")


def _link(outcome: Outcome, key: str, depth: int, part: str) -> Entry:
    mark, style = sign(outcome.result)
    lead = Content.styled(f"{'  ' * depth}▸ ", NAMED) + Content.styled(f"{mark} ", style)
    label = lead + said(outcome.entity, "bold") + quiet(f" {part}: it" if part else " ") + said(f" {told(outcome)}")
    return Entry(key, label, indent=4 + 2 * depth, entity=outcome.entity)


def _consequences(facts: Facts, outcome: Outcome, keys: Keys) -> Iterator[Entry]:
    beaten = facts.beaten.get(outcome.entity, ())
    if outcome.result.won and beaten:
        yield heading("It beat")
        for name in beaten:
            yield _link(facts.outcomes[name], keys(f"beat {name}"), 0, "")
    followed = led_to(facts, outcome.entity)
    if followed:
        yield heading("It led to")
        for name in followed:
            yield _link(facts.outcomes[name], keys(f"led {name}"), 0, "")


def _takes(facts: Facts, outcome: Outcome, keys: Keys) -> Iterator[Entry]:
    requirements = checklist(facts, outcome.entity)
    if not requirements:
        return
    yield heading("What it took" if outcome.result.won else "What it would take")
    for requirement in requirements:
        yield _requirement(requirement, keys)
    open_ones = [each for each in requirements if each.met is False]
    if len(open_ones) > 1 and not outcome.result.won:
        yield note("all", f"All {len(open_ones)} that are marked ✗ would have to change.")


def _requirement(requirement: Requirement, keys: Keys) -> Entry:
    mark, style = {True: ("✓", GOOD), False: ("✗", BAD), None: ("○", QUIET)}[requirement.met]
    label = Content.styled(f"{mark} ", style) + said(
        requirement.text, "" if requirement.met is False else "$text-muted"
    )
    link = Content.styled("▸", NAMED) if requirement.entity else Content("")
    key = keys(f"takes {requirement.entity or requirement.text}")
    return Entry(key, label + (" " + link if link else ""), indent=2, entity=requirement.entity)
