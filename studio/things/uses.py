"""Where a thing is used: who calls it, names it, leads to it, or mentions it in a template."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.agent.model import CannedResponse, Guideline, Observation, State, Tool, Variable
from engine.agent.template import TemplateFault, fields_used
from studio.things.catalog import THE_AGENT, Entry, Things
from studio.things.lines import Line


def uses(things: Things, key: str) -> tuple[Line, ...]:
    """Where a thing is used, apart from relationships (see `studio.things.around`).

    Args:
        things: The agent.
        key: The thing's key.

    Returns:
        One line for each use, in the order of the file within each kind of user; its target is the user.
    """
    entry = things.get(key)
    if entry is None:
        return ()
    found: dict[tuple[str, str], Line] = {}
    for line in (*_mentions(things, entry), *_templates(things, entry)):
        found.setdefault((line.target, line.text), line)
    return tuple(found.values())


def _mentions(things: Things, entry: Entry) -> Iterator[Line]:
    for other in things.entries.values():
        said = _said_of(other, entry)
        if said:
            yield Line(said, other.key, "▸", target=other.key)


def _said_of(user: Entry, entry: Entry) -> str:
    """How one thing uses another; empty when it does not."""
    value, key = user.value, entry.key
    if isinstance(value, Observation):
        return _of_guideline(value, key)
    if isinstance(value, State):
        return _of_state(user, value, entry)
    if isinstance(value, Variable):
        if value.tool == key:
            return "is kept fresh by it"
        return "has a value for it" if key in value.values_for else ""
    if user.kind == "journey" and key in getattr(value, "conditions", ()):
        return "begins when it holds"
    return ""


def _of_guideline(value: Observation, key: str) -> str:
    if key in value.tools:
        return "calls it"
    if key in value.reevaluate_after:
        return "is looked at again after it"
    return "prefers it" if key in value.canned_responses else ""


def _of_state(user: Entry, value: State, entry: Entry) -> str:
    key = entry.key
    if value.tool == key:
        return "calls it"
    if value.journey == key:
        return "goes through it"
    if key in value.canned_responses:
        return "prefers it"
    if entry.kind == "state" and entry.scope == user.scope:
        name = key.partition(".")[2]
        ways = [way for way in value.next if way.to == name]
        said = [f"when {way.condition}" if way.condition else "always" for way in ways]
        return f"leads here: {'; '.join(said)}" if said else ""
    return ""


def _templates(things: Things, entry: Entry) -> Iterator[Line]:
    """The templates that a thing fills in."""
    wanted = _fields_of(entry)
    if not wanted:
        return
    near = re.compile("|".join(rf"\b{re.escape(field.rpartition('.')[2])}\b" for field in wanted))
    for user, template in _every_template(things):
        if "{" not in template or not near.search(template):
            continue
        filled = [field for field in _read_fields(template) if field in wanted]
        if filled:
            yield Line(f"shows {', '.join(filled)}", user, "▸", target=user)


def _fields_of(entry: Entry) -> frozenset[str]:
    """The fields of templates that a thing provides."""
    if isinstance(entry.value, Tool):
        return frozenset(field for stub in entry.value.stubs for field in stub.fields)
    group = {"variable": "variables", "term": "glossary"}.get(entry.kind)
    return frozenset({f"std.{group}.{entry.key}"}) if group else frozenset()


def _read_fields(template: str) -> tuple[str, ...]:
    try:
        return fields_used(template)
    except TemplateFault:
        return ()


def _every_template(things: Things) -> Iterator[tuple[str, str]]:
    """Every template, with the key of the thing that it stands in."""
    agent = things.agent
    settings = [agent.no_match] if isinstance(agent.no_match, str) else []
    settings += [] if isinstance(agent.preambles, str) else list(agent.preambles)
    for text in settings:
        yield THE_AGENT, text
    for entry in things.entries.values():
        if isinstance(entry.value, CannedResponse):
            yield entry.key, entry.value.template
        elif isinstance(entry.value, Guideline | State) and entry.value.say:
            yield entry.key, entry.value.say
