"""The draft beside what was sent, what differs, and where each part of the draft came from."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from engine.agent.model import Agent
from engine.turn.trace import Composition, Drafting, PreambleChoice, Resolution, TurnTrace
from studio.inspector.differences import compared, side_by_side
from studio.inspector.entries import DOUBT, GOOD, Entry, Keys, Page, heading, joined, note, quiet, said
from studio.inspector.facts import Facts

BESIDE = 58
"""From how many columns on draft and sent stand beside each other."""


def read_draft(facts: Facts, page: Page, writing: str = "") -> list[Entry]:
    """The panel Draft.

    Args:
        facts: The turn.
        page: What it is laid out for.
        writing: The draft of the turn that runs, as far as it is written.
    """
    trace = facts.trace
    drafting = trace.last(Drafting)
    entries = [*_preamble(trace)]
    if drafting is None:
        running = trace.status == "running"
        if running and writing:
            return [*entries, *_being_written(writing)]
        return [*entries, note("none", "Not drafted yet…" if running else "Nothing was drafted in this turn.")]
    entries.extend(_texts(trace, drafting, page))
    entries.extend(_parts(facts.agent, drafting))
    entries.extend(_asked(trace))
    return entries


def _preamble(trace: TurnTrace) -> Iterator[Entry]:
    stage = trace.last(PreambleChoice)
    if stage is not None and stage.text:
        yield Entry(
            "preamble", said(f"“{stage.text}”"), (quiet(f"said first: {stage.why}"),), entity=stage.response or ""
        )


def _being_written(writing: str) -> Iterator[Entry]:
    yield heading("Draft, being written")
    yield Entry("draft", said(writing) + quiet(" …"), indent=0, copied=writing)
    yield note("unsent", "Nothing of it is sent yet: what is sent is settled once it is whole.", DOUBT)


def _texts(trace: TurnTrace, drafting: Drafting, page: Page) -> Iterator[Entry]:
    """The two texts: beside each other where there is room, else one under the other."""
    composition = trace.last(Composition)
    if composition is None:
        yield heading("Draft")
        yield Entry("draft", said(drafting.text or "(empty)"), indent=0, copied=drafting.text)
        return
    sent = "\n".join(composition.messages)
    if drafting.text == sent and sent:
        yield heading("Draft = Sent, word for word")
        yield Entry("draft", said(sent), indent=0, copied=sent)
    elif not sent:
        yield heading("Draft")
        yield Entry("draft", said(drafting.text or "(empty)"), indent=0, copied=drafting.text)
        yield note("sent", "Nothing was sent.", DOUBT)
    else:
        yield from _different(drafting.text, sent, page)
    yield _source(composition)


def _different(draft: str, sent: str, page: Page) -> Iterator[Entry]:
    old, new = compared(draft, sent)
    both = f"Draft: {draft}\nSent:  {sent}"
    if page.width >= BESIDE:
        column = (page.width - 3) // 2
        title = Content("Draft".ljust(column) + "   Sent").stylize("bold $accent")
        yield Entry("heading texts", title, heading=True)
        yield Entry("draft", side_by_side(old if draft else quiet("(empty)"), new, page.width), copied=both)
        return
    yield heading("Draft")
    yield Entry("draft", old if draft else quiet("(empty)"), indent=0, copied=draft)
    yield heading("Sent")
    yield Entry("sent", new, indent=0, copied=sent)


def _source(composition: Composition) -> Entry:
    """What the messages are made from, and the mode."""
    names = [source.removeprefix("restyled:") for source in composition.sources]
    asked = f", asked by {joined(composition.asked_by)}" if composition.asked_by else ""
    label = Content.styled("▸ ", GOOD) + said(joined(composition.sources) or "nothing sent")
    entity = next((name for name in names if name not in ("draft", "no_match")), "")
    return Entry("source", label, (quiet(composition.why), quiet(f"mode {composition.mode.value}{asked}")), 2, entity)


def _parts(agent: Agent, drafting: Drafting) -> Iterator[Entry]:
    keys = Keys()
    yield heading("Where the draft comes from")
    if drafting.dictated:
        yield note("dictated", "The scenario dictated it.")
    if drafting.nothing_applies:
        yield note("nothing", "No instruction applied: the agent had only the conversation to go by.")
    for part in drafting.parts:
        how = "as written there" if part.rule == "say" else f"worded by {part.rule}"
        label = Content.styled("● ", GOOD) + said(part.source or "the conversation") + quiet(f" · {how}")
        alone = part.text == drafting.text
        words = "all of it" if alone else f"“{part.text}”" if part.text else "no words of its own"
        yield Entry(keys(f"part {part.source}"), label, (quiet(words),), 2, _entity(agent, part.source))
    worded = {part.source for part in drafting.parts}
    for name in drafting.instructions:
        if name not in worded:
            label = Content.styled("○ ", DOUBT) + said(name)
            yield Entry(keys(f"part {name}"), label, (quiet(_wanted(agent, name)),), 2, _entity(agent, name))


def _entity(agent: Agent, source: str) -> str:
    return source if source in agent.things or agent.state(source) is not None else ""


def _wanted(agent: Agent, name: str) -> str:
    """What an instruction asked for that the draft has no words for."""
    found = agent.state(name)
    thing = agent.things.get(name)
    text = (found[1].chat or "") if found is not None else getattr(thing, "action", "")
    return f"asked for, and not in the draft: {text}" if text else "asked for, and not in the draft"


def _asked(trace: TurnTrace) -> Iterator[Entry]:
    stage = trace.last(Resolution)
    if stage is not None and stage.clarify:
        label = Content.styled("? ", DOUBT) + said(f"asks which is meant: {joined(stage.clarify)}")
        yield Entry("clarify", label, (quiet(f"{stage.clarify_by} has it ask"),), 2, stage.clarify_by or "")
