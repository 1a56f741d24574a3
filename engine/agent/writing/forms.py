"""What the agent file says for a value of the model: plain mappings, lists and texts, defaults left out.

The inverse of reading. A text field's text is a `Text`, since there `1.10` and `null` are text as they stand; in free
data (metadata, values, what tools return) a text that looks like a number needs quotes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from engine.agent.basics import Value, format_duration
from engine.agent.model import (
    Agent,
    CannedResponse,
    Control,
    FollowUp,
    Guideline,
    Journey,
    NoMatch,
    Observation,
    Parameter,
    Relationship,
    State,
    Stub,
    Tool,
    Transition,
)
from engine.agent.references import key_field

Form = Any
"""A mapping, list, text, number, boolean or null, as it is to be written."""


class Text(str):
    """The text of a text field."""

    __slots__ = ()


class Length(Text):
    """A length of time, which can be written in several ways."""

    __slots__ = ()


class Inline(dict[str, Form]):
    """A few words by keys, which read well on one line."""

    __slots__ = ()


_FREE = {"value", "values_for", "metadata", "when", "data", "default"}
"""Fields that hold any data, in whichever value they stand."""


def file_key(owner: type[Value], field: str) -> str:
    """The key of the agent file for a field of the model."""
    if field == "condition" and owner is Transition:
        return "when"
    return "for" if field == "values_for" else field


def thing_form(thing: Value) -> Form:
    """What stands in the file for a thing, after its name: the short form where there is one that says it all."""
    if isinstance(thing, Relationship):
        return Text(str(thing))
    if isinstance(thing, Tool):
        return tool_form(thing)
    long = long_form(thing)
    if isinstance(thing, CannedResponse | Observation) and len(long) == 1:
        return next(iter(long.values()))
    return long


def long_form(thing: Value) -> dict[str, Form]:
    """What stands in the file for a thing with all its keys written out."""
    if isinstance(thing, Tool):
        form = tool_form(thing)
        return form if isinstance(form, dict) else {"stubs": form}
    fields = type(thing).model_fields
    own = key_field(thing) if has_key(thing) else None
    written: dict[str, Form] = Inline() if isinstance(thing, Control | Parameter) else {}
    for field in _field_order(type(thing)):
        if field in ("kind", own) or (not fields[field].is_required() and is_default(thing, field)):
            continue
        written[file_key(type(thing), field)] = field_form(thing, field)
    return written


def has_key(thing: Value) -> bool:
    """Whether a thing stands under a name of its own in the file."""
    return not isinstance(thing, FollowUp | Relationship | Stub | Transition | Agent) and bool(
        {"id", "name"} & set(type(thing).model_fields)
    )


def is_default(thing: Value, field: str) -> bool:
    """Whether a field has the value that it has when the file does not mention it."""
    default = type(thing).model_fields[field].get_default(call_default_factory=True)
    value = getattr(thing, field)
    if isinstance(thing, Journey) and field == "states":
        return False
    if isinstance(thing, Parameter) and field == "type":
        return bool(value == ("enum" if thing.choices else "string"))
    if isinstance(thing, Parameter) and field == "required":
        return bool(value == (thing.default is None))
    return type(value) is type(default) and bool(value == default)


def field_form(thing: Value, field: str) -> Form:
    """What stands in the file for the value of one field."""
    value = getattr(thing, field)
    if field in _FREE or (field == "fields" and isinstance(thing, Stub)):
        return value
    special = _SPECIAL.get((type(thing), field))
    return special(value) if special else _form(value)


def tool_form(tool: Tool) -> Form:
    """What stands in the file for a tool: its stub's keys in place, several stubs as a list."""
    written: dict[str, Form] = {}
    if tool.description:
        written["description"] = Text(tool.description)
    if tool.parameters:
        written["parameters"] = _parameters(tool.parameters)
    if tool.python is not None:
        written["python"] = Text(tool.python)
    stubs = [long_form(stub) for stub in tool.stubs]
    if len(stubs) == 1 and stubs[0]:
        return {**written, **stubs[0]}
    if stubs:
        return {**written, "stubs": stubs} if written else stubs
    return written


def transitions_form(ways: tuple[Transition, ...]) -> Form:
    """What stands in the file for the ways out of a state: a name, conditions with names, or the long form."""
    if len(ways) == 1 and _is_bare(ways[0]):
        return Text(ways[0].to)
    if can_be_conditions(ways):
        return conditions_form(ways)
    return [Text(way.to) if _is_bare(way) else long_form(way) for way in ways]


def can_be_conditions(ways: tuple[Transition, ...]) -> bool:
    """Whether ways can be written as `condition: state`."""
    conditions = [way.condition for way in ways]
    plain = all(way.condition and not way.examples and not way.counterexamples for way in ways)
    return plain and len(set(conditions)) == len(conditions) and all(_fits_a_key(str(text)) for text in conditions)


def conditions_form(ways: tuple[Transition, ...]) -> dict[str, Form]:
    """Ways as `condition: state`."""
    return {str(way.condition): Text(way.to) for way in ways}


def long_transitions_form(ways: tuple[Transition, ...]) -> list[Form]:
    """Ways as a list of `when`, `to`, `examples`."""
    return [Text(way.to) if _is_bare(way) else long_form(way) for way in ways]


def _fits_a_key(text: str) -> bool:
    return "\n" not in text and len(text) <= 200


def _is_bare(way: Transition) -> bool:
    return way.condition is None and not way.examples and not way.counterexamples


def _form(value: Any) -> Form:
    if isinstance(value, str):
        return Text(value)
    if isinstance(value, Value):
        return thing_form(value) if not isinstance(value, NoMatch) else {"python": Text(value.python)}
    if isinstance(value, tuple):
        return [_form(item) for item in value]
    return value


def _uses(uses: tuple[Any, ...]) -> list[Form]:
    return [{use.name: thing_form(use)} if isinstance(use, CannedResponse) else Text(use) for use in uses]


def _parameters(parameters: tuple[Parameter, ...]) -> dict[str, Form]:
    return {parameter.name: long_form(parameter) for parameter in parameters}


def _section(things: Iterable[Value]) -> dict[str, Form]:
    return {str(getattr(thing, key_field(thing))): thing_form(thing) for thing in things}


def _duration(value: Any) -> Form:
    return None if value is None else Length(format_duration(value))


def _field_order(owner: type[Value]) -> list[str]:
    fields = list(owner.model_fields)
    if owner is Transition:
        return ["condition", "to", "examples", "counterexamples"]
    if "action" in fields and "condition" in fields:
        fields.remove("action")
        fields.insert(fields.index("condition") + 1, "action")
    return fields


def keys_of(owner: type[Value]) -> list[str]:
    """The keys that a thing may have in the file, in the order in which they are usually written."""
    own = [file_key(owner, field) for field in _field_order(owner) if field != "kind"]
    if owner is Tool:
        return ["description", "parameters", "python", "stubs", *(file_key(Stub, field) for field in Stub.model_fields)]
    return own


_SPECIAL: Mapping[tuple[type[Value], str], Callable[[Any], Form]] = {
    (Observation, "canned_responses"): _uses,
    (Guideline, "canned_responses"): _uses,
    (State, "canned_responses"): _uses,
    (Journey, "states"): _section,
    (Journey, "guidelines"): _section,
    (Journey, "observations"): _section,
    (Journey, "canned_responses"): _section,
    (State, "next"): transitions_form,
    (Tool, "parameters"): _parameters,
    (Stub, "after"): _duration,
    (FollowUp, "after"): _duration,
}
