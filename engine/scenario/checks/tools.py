"""Checks of tools: calls, failures, arguments that were missing or invalid, and the fields they gave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.scenario.checks.registry import Finding, check, named
from engine.scenario.expected import Expected, none_hold_for, same_things, same_value, shown, subset_of
from engine.scenario.moment import Moment
from engine.scenario.shapes import FieldValues, Names, Parameters
from engine.scenario.special_shapes import Calls, CallWanted
from engine.turn.trace import ToolCall


@check("calls", Calls())
def calls(expected: Expected[CallWanted], moment: Moment) -> Finding:
    """The tools that ran: exactly these, since calls have effects; their arguments as far as they are given."""
    actual = moment.calls
    if expected.how == "none":
        holds = not actual
    elif expected.how == "count":
        holds = len(actual) == expected.count
    elif expected.how == "any_of":
        holds = len(actual) == 1 and any(_is_call(wanted, actual[0]) for wanted in expected.items)
    else:
        holds = same_things(expected.items, actual, _is_call)
    absent = none_hold_for(expected, actual, _is_call)
    about = dict.fromkeys([wanted.tool for wanted in expected.items] + [call.tool for call in actual])
    return Finding(holds, absent, shown(_call_text(call) for call in actual), tuple(about))


@check("failures", Names(("tool",)))
def failures(expected: Expected[str], moment: Moment) -> Finding:
    """The tools that ran and failed: exactly these."""
    failed = [call for call in moment.calls if call.error]
    names = [call.tool for call in failed]
    found = named(expected, names)
    holds = same_things(expected.items, names, str.__eq__) if expected.how == "all" else found.holds
    return Finding(holds, found.absent, shown(f"{call.tool} ({call.error})" for call in failed), found.about)


@check("missing", Parameters())
def missing(expected: Expected[str], moment: Moment) -> Finding:
    """The arguments that a tool needs and nobody gave."""
    return named(expected, moment.problems("missing"))


@check("invalid", Parameters())
def invalid(expected: Expected[str], moment: Moment) -> Finding:
    """The arguments that were given and cannot be used."""
    return named(expected, moment.problems("invalid"))


@check("fields", FieldValues())
def fields(expected: Expected[str] | Mapping[str, Any], moment: Moment) -> Finding:
    """The fields at hand for canned responses (standard ones left out), and their values where candidates used them."""
    known = moment.fields
    if isinstance(expected, Expected):
        return named(expected, tuple(known))
    met = [name in known and same_value(value, known[name]) for name, value in expected.items()]
    got = shown(f"{name}={value}" for name, value in known.items())
    return Finding(all(met), not any(met), got)


def _is_call(wanted: CallWanted, call: ToolCall) -> bool:
    if wanted.tool != call.tool:
        return False
    return wanted.arguments is None or _has_arguments(wanted.arguments, call.values)


def _has_arguments(wanted: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Null stands for an argument that was not given."""
    return all(
        values.get(name) is None if value is None else name in values and subset_of(value, values[name])
        for name, value in wanted.items()
    )


def _call_text(call: ToolCall) -> str:
    return f"{call.tool}({', '.join(f'{name}={value}' for name, value in call.values.items())})"
