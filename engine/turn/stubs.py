"""Stubs: tools that answer without code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.agent.model import Stub
from engine.agent.template import render


def choose_stub(stubs: Sequence[Stub], arguments: Mapping[str, Any]) -> Stub | None:
    """The first stub whose `when` fits the arguments; one without `when` fits always."""
    return next((stub for stub in stubs if stub.when is None or _fits(stub.when, arguments)), None)


def _fits(when: Mapping[str, Any], arguments: Mapping[str, Any]) -> bool:
    return all(_same(arguments.get(name), wanted) for name, wanted in when.items())


def _same(given: Any, wanted: Any) -> bool:
    """Whether an argument is the wanted one, compared in the argument's own type; null means not given."""
    if wanted is None or given is None:
        return given is wanted
    if isinstance(given, bool) or isinstance(wanted, bool):
        return str(given).lower() == str(wanted).lower()
    if isinstance(given, (int, float)):
        try:
            return float(wanted) == float(given)
        except (TypeError, ValueError):
            return False
    if isinstance(given, (list, tuple)):
        others = wanted if isinstance(wanted, (list, tuple)) else [wanted]
        return len(given) == len(others) and all(map(_same, given, others))
    return str(given).strip().casefold() == str(wanted).strip().casefold()


def answer_of(stub: Stub, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The stub's answer in the form of a tool result's JSON, its texts rendered over the arguments."""
    return {
        "data": _filled(stub.data, arguments),
        "metadata": _filled(stub.metadata, arguments),
        "control": stub.control.model_dump(exclude_none=True),
        "canned_responses": [_filled(text, arguments) for text in stub.responses],
        "canned_response_fields": _filled(stub.fields, arguments),
        "guidelines": [guideline.model_dump() for guideline in stub.guidelines],
    }


def _filled(value: Any, arguments: Mapping[str, Any]) -> Any:
    if isinstance(value, str):
        return render(value, {"arguments": _askable(arguments)}) if "{{" in value or "{%" in value else value
    if isinstance(value, Mapping):
        return {key: _filled(inner, arguments) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(inner, arguments) for inner in value]
    return value


def _askable(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments that a template may ask about: one that was not given is not defined, counts as false, prints never."""
    return {name: _not_given(name) if value is None else value for name, value in arguments.items()}


def _not_given(name: str) -> Any:
    from engine.agent.sandbox import NotGiven

    return NotGiven(f"the argument {name} was not given")
