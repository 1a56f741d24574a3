"""The lines of single fields: names that lead somewhere, transitions, parameters, what stubs answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from engine.agent.basics import format_duration
from engine.agent.model import CannedResponse, Control, NoMatch, Parameter, State, Stub, Transition, TriggerGuideline
from engine.agent.template import TemplateFault, fields_used
from engine.agent.writing.forms import is_default
from studio.things.catalog import TAG, Entry, Things, words_of
from studio.things.lines import Line, data_lines, flat

LABELS = {
    "composition_mode": "wording",
    "reevaluate_after": "looks again after",
    "no_match": "says",
    "at_most": "at most",
    "values_for": "for",
}
"""What fields are called before their values, where it is not their own name."""

SIGNS = {"tool": "⚙", "fork": "◇", "chat": "○", "link": "▸"}
"""The sign of each kind of state."""


def named(things: Things, _: Entry, names: str | Iterable[str]) -> Iterator[Line]:
    """Names of things, each with what it is about."""
    for name in [names] if isinstance(names, str) else names:
        said = things.said(name)
        yield Line(f"{name}: {said}" if said else name, sign="▸", target=name)


def tags(_: Things, __: Entry, names: Iterable[str]) -> Iterator[Line]:
    """Tags."""
    for name in names:
        yield Line(name, "tag", target=f"{TAG}{name}")


def conditions(things: Things, _: Entry, texts: Iterable[str]) -> Iterator[Line]:
    """The conditions of a journey: texts, or names of observations."""
    for text in texts:
        if things.get(text) is not None:
            yield Line(f"{text}: {things.said(text)}", sign="▸", target=text)
        else:
            yield Line(text, sign="•")


def responses(things: Things, _: Entry, uses: Iterable[Any]) -> Iterator[Line]:
    """Canned responses: the agent's own are preferred, those defined in place are considered only there."""
    for use in uses:
        if isinstance(use, CannedResponse):
            yield Line(use.template, use.name, "▸", target=use.name)
        else:
            yield Line(things.said(use), f"{use} (preferred)", "▸", target=use)


def members(_: Things, entry: Entry, values: Iterable[Any]) -> Iterator[Line]:
    """The things inside a journey."""
    for value in values:
        if isinstance(value, State):
            yield Line(words_of(value), value.name, SIGNS[value.kind], target=f"{entry.key}.{value.name}")
        else:
            yield Line(value.condition, value.name, "▸", target=value.name)


def ways(things: Things, entry: Entry, transitions: Iterable[Transition]) -> Iterator[Line]:
    """Where a state leads."""
    for way in transitions:
        key = f"{entry.scope}.{way.to}"
        there = Line(f"{way.to}: {things.said(key)}", sign="→", target=key)
        place = Line("the journey ends", sign="■") if way.ends else there
        if way.condition is None:
            yield place
            continue
        yield Line(way.condition, "when", target=place.target)
        yield Line(place.text, sign=place.sign, target=place.target, depth=1)
        yield from (Line(text, "e.g.", depth=1, tone="quiet") for text in way.examples)
        yield from (Line(text, "not", depth=1, tone="quiet") for text in way.counterexamples)


def parameters(_: Things, __: Entry, values: Iterable[Parameter]) -> Iterator[Line]:
    """The parameters of a tool."""
    sources = {
        "any": "",
        "customer": "only from the customer's words",
        "context": "worked out from the context, never asked for",
    }
    for value in values:
        facts = [
            value.type,
            "" if value.required else "may be left out",
            sources[value.source],
            "hidden" if value.hidden else "",
            f"asked for in place {value.precedence}" if value.precedence else "",
        ]
        yield Line(", ".join(fact for fact in facts if fact), value.name, "•")
        for field in ("description", "significance", "choices", "examples", "default"):
            if not is_default(value, field):
                yield Line(flat(getattr(value, field)), "" if field == "description" else field, depth=1)


def stubs(_: Things, __: Entry, values: Iterable[Stub]) -> Iterator[Line]:
    """What a tool answers without code: stub by stub, in the order in which they are tried."""
    every = tuple(values)
    for stub in every:
        depth = 0
        if len(every) > 1 or stub.when is not None:
            said = f"when {flat(stub.when)}" if stub.when is not None else "otherwise"
            yield Line(said, sign="•")
            depth = 1
        found = False
        for field in Stub.model_fields:
            if field == "when" or is_default(stub, field):
                continue
            found = True
            yield from _of_stub(field, getattr(stub, field), depth)
        if not found:
            yield Line("nothing", tone="quiet", depth=depth)


def _of_stub(field: str, value: Any, depth: int) -> Iterator[Line]:
    labels = {"after": "finishes after", "follow_up": "then says", "guidelines": "tells the agent"}
    label = labels.get(field, field)
    if isinstance(value, timedelta):
        yield Line(format_duration(value), label, depth=depth)
    elif isinstance(value, Control):
        said = {name: getattr(value, name) for name in Control.model_fields if getattr(value, name) is not None}
        yield Line(flat(said), label, depth=depth)
    elif isinstance(value, TriggerGuideline):
        yield Line(_trigger(value), label, depth=depth)
    elif field == "guidelines":
        yield from (Line(_trigger(each), label, depth=depth) for each in value)
    else:
        yield from data_lines(value, label, depth)


def _trigger(value: TriggerGuideline) -> str:
    return value.action + (f" ({value.rationale})" if value.rationale != "unspecified" else "")


def values_for(_: Things, __: Entry, values: Mapping[str, Any]) -> Iterator[Line]:
    """A variable's values for some customers and tags."""
    for who, value in values.items():
        yield Line(flat(value), who, target=who)


def no_match(_: Things, __: Entry, value: str | NoMatch) -> Iterator[Line]:
    """The words of a no-match, or the function that gives them."""
    yield Line(f"what {value.python} returns" if isinstance(value, NoMatch) else value)


def duration(_: Things, __: Entry, value: timedelta) -> Iterator[Line]:
    """A length of time, as it is written."""
    yield Line(format_duration(value))


def switch(on: str, off: str) -> Callable[[Things, Entry, bool], Iterator[Line]]:
    """A field that is yes or no, in words."""

    def lines(_: Things, __: Entry, value: bool) -> Iterator[Line]:
        yield Line(on if value else off)

    return lines


def needs(things: Things, response: CannedResponse) -> Iterator[Line]:
    """The fields that a response cannot do without, each with who provides it."""
    try:
        fields = fields_used(response.template)
    except TemplateFault as fault:
        yield Line(f"the template cannot be read: {fault}", sign="✗", tone="bad")
        return
    for field in fields:
        yield from _provided(things, field)


def _provided(things: Things, field: str) -> Iterator[Line]:
    group, _, name = field.removeprefix("std.").partition(".")
    if field.startswith("std.") and things.get(name) is not None:
        yield Line(f"the {'variable' if group == 'variables' else 'term'} {name}", field, target=name)
    elif field.startswith(("std.", "generative.")):
        yield Line("filled in by the engine", field)
    else:
        providers = providers_of(things, field)
        for name in providers:
            yield Line(f"from {name}", field, target=name)
        if not providers:
            yield Line("from code, or from nowhere", field, sign="?", tone="doubtful")


def providers_of(things: Things, field: str) -> tuple[str, ...]:
    """The tools whose stubs provide a field of templates."""
    return tuple(tool.name for tool in things.agent.tools if any(field in stub.fields for stub in tool.stubs))


LINES: dict[str, Callable[[Things, Entry, Any], Iterator[Line]]] = {
    "tools": named,
    "tool": named,
    "journey": named,
    "reevaluate_after": named,
    "tags": tags,
    "conditions": conditions,
    "canned_responses": responses,
    "states": members,
    "guidelines": members,
    "observations": members,
    "next": ways,
    "parameters": parameters,
    "stubs": stubs,
    "values_for": values_for,
    "no_match": no_match,
    "after": duration,
    "enabled": switch("on", "off: it is never considered"),
    "continuous": switch("considered at every turn, also when it was carried out before", "once"),
    "track": switch("remembered once carried out", "never remembered as carried out"),
    "exclusive": switch("only where a guideline or state names it", "wherever it fits"),
}
"""How fields are drawn that are more than text or data."""
