"""A thing of an agent as titled sections of lines, in its author's words; what is left at its default is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from engine.agent.basics import Value
from engine.agent.model import (
    Agent,
    CannedResponse,
    Capability,
    Customer,
    FollowUp,
    Guideline,
    Journey,
    Observation,
    Relationship,
    State,
    Term,
    Tool,
    Variable,
)
from engine.agent.writing.forms import is_default
from studio.things import parts
from studio.things.catalog import TAG, Entry, Tag, Things
from studio.things.lines import Line, Section, data_lines

Layout = tuple[tuple[str, tuple[str, ...]], ...]
"""The titles of sections, each with the fields that stand under it."""

WITHIN = "Only within"
"""The title over the thing that another one belongs to."""

_RULE: Layout = (
    ("Condition", ("condition",)),
    ("Action", ("action",)),
    ("In these words", ("say",)),
    ("What it is for", ("title", "description")),
    ("Tools", ("tools",)),
    ("Canned responses", ("canned_responses",)),
    ("Examples", ("examples",)),
    ("Counterexamples", ("counterexamples",)),
    (
        "Settings",
        (
            "enabled",
            "composition_mode",
            "criticality",
            "priority",
            "continuous",
            "track",
            "reevaluate_after",
            "matcher",
            "fields",
            "tags",
            "labels",
        ),
    ),
    ("Metadata", ("metadata",)),
)

LAYOUTS: dict[type[Value], Layout] = {
    Agent: (
        ("Name", ("name",)),
        ("Description", ("description",)),
        ("When nothing fits", ("no_match",)),
        ("Settings", ("composition_mode", "preambles", "tags")),
        ("Metadata", ("metadata",)),
    ),
    Guideline: _RULE,
    Observation: _RULE,
    Journey: (
        ("Title", ("title",)),
        ("Begins when", ("conditions",)),
        ("Description", ("description",)),
        ("States", ("states",)),
        ("Guidelines, here only", ("guidelines",)),
        ("Observations, here only", ("observations",)),
        ("Canned responses, here only", ("canned_responses",)),
        ("Settings", ("enabled", "composition_mode", "priority", "tags", "labels")),
        ("Metadata", ("metadata",)),
    ),
    State: (
        ("Says", ("chat",)),
        ("Calls", ("tool",)),
        ("Goes through", ("journey",)),
        ("Instruction", ("instruction",)),
        ("In these words", ("say",)),
        ("Canned responses", ("canned_responses",)),
        ("Then", ("next",)),
        ("Settings", ("composition_mode", "fields")),
        ("Metadata", ("metadata",)),
    ),
    CannedResponse: (
        ("Template", ("template",)),
        ("Signals: drafts it is good for", ("signals",)),
        ("Settings", ("exclusive", "tags")),
        ("Metadata", ("metadata",)),
    ),
    Tool: (
        ("Description", ("description",)),
        ("Parameters", ("parameters",)),
        ("Code", ("python",)),
        ("Answers", ("stubs",)),
    ),
    Variable: (
        ("Description", ("description",)),
        ("Value for everybody", ("value",)),
        ("Values for some", ("values_for",)),
        ("Kept fresh by", ("tool",)),
        ("At most as often as", ("freshness",)),
    ),
    Term: (("Name", ("name",)), ("Description", ("description",)), ("Also called", ("synonyms",))),
    Capability: (("Title", ("title",)), ("Description", ("description",)), ("Offered to messages like", ("signals",))),
    Customer: (("Name", ("name",)), ("Tags", ("tags",)), ("Metadata", ("metadata",))),
    FollowUp: (
        ("When the customer is silent for", ("after",)),
        ("Action", ("action",)),
        ("Settings", ("at_most", "rationale")),
    ),
}
"""How things of each type are laid out."""

APART: dict[type[Value], list[str]] = {
    Agent: (
        "glossary capabilities variables customers tools observations guidelines relationships canned_responses"
        " follow_ups journeys"
    ).split()
}
"""Fields whose things have descriptions of their own."""


def describe(things: Things, key: str) -> tuple[Section, ...]:
    """Everything that is written about a thing.

    Args:
        things: The agent.
        key: The thing's key.

    Returns:
        Its sections; none when there is no such thing.
    """
    entry = things.get(key)
    if entry is None:
        return ()
    value = entry.value
    if isinstance(value, Tag):
        return _tag(things, value)
    if isinstance(value, Relationship):
        return _relationship(things, value)
    sections = [*_laid_out(things, entry, value)]
    if isinstance(value, CannedResponse):
        needed = tuple(parts.needs(things, value))
        sections[1:1] = [Section("Needs", needed)] if needed else []
    if entry.scope:
        belongs = Line(things.said(entry.scope), entry.scope, target=entry.scope)
        sections.append(Section(WITHIN, (belongs,)))
    return tuple(sections)


def _laid_out(things: Things, entry: Entry, value: Value) -> Iterator[Section]:
    layout = LAYOUTS[type(value)]
    placed = {field for _, fields in layout for field in fields}
    own = {"kind", "name" if "id" not in type(value).model_fields else "id", *APART.get(type(value), ())}
    if isinstance(value, Agent):
        own.discard("name")
    others = tuple(field for field in type(value).model_fields if field not in placed | own)
    for title, fields in (*layout, ("More", others)):
        labelled = len(fields) > 1
        lines = [line for field in fields for line in _lines(things, entry, value, field, labelled)]
        if lines:
            yield Section(title, tuple(lines))


def _lines(things: Things, entry: Entry, value: Value, field: str, labelled: bool) -> Iterator[Line]:
    """The lines of one field; none when it is left at its default."""
    info = type(value).model_fields.get(field)
    if info is None or (not info.is_required() and is_default(value, field)):
        return
    content = getattr(value, field)
    label = parts.LABELS.get(field, field.replace("_", " ")) if labelled else ""
    special: Callable[[Things, Entry, Any], Iterator[Line]] | None = parts.LINES.get(field)
    if special is not None:
        for line in special(things, entry, content):
            yield Line(line.text, line.label or label, line.sign, line.tone, line.target, line.mode, line.depth)
    elif isinstance(content, tuple) and not labelled:
        yield from (Line(str(text), sign="•") for text in content)
    else:
        yield from data_lines(content, label)


def _tag(things: Things, tag: Tag) -> tuple[Section, ...]:
    bearers = tuple(Line(things.said(name), name, target=name) for name in tag.bearers)
    none = (Line("Nothing bears it", tone="quiet"),)
    return (Section("Borne by", bearers or none),)


def _relationship(things: Things, line: Relationship) -> tuple[Section, ...]:
    words = {
        "excludes": "excludes",
        "depends_on": "depends on any of" if line.any_of else "depends on",
        "entails": "entails",
        "disambiguates": "has the customer choose between",
    }[line.kind]
    return (
        Section("Line", (Line(str(line)),)),
        Section("Source", (_end(things, line.source),)),
        Section(words[:1].upper() + words[1:], tuple(_end(things, target) for target in line.targets)),
        Section("What it means", (Line(MEANINGS[line.kind]),)),
    )


def _end(things: Things, name: str) -> Line:
    said = f"whatever bears the tag ({things.said(name)})" if name.startswith(TAG) else things.said(name)
    return Line(said, name, target=name)


MEANINGS = {
    "excludes": "When both hold, the source stays and what it excludes is left out.",
    "depends_on": "The source counts only while what it depends on holds, too; with any of, one of them is enough.",
    "entails": "When the source holds, what it entails holds, too, whatever its own condition says.",
    "disambiguates": "When two or more of the targets may be meant, the agent asks which.",
}
"""What each kind of relationship does, in a sentence."""
