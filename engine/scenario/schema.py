"""The JSON Schema of a scenario, for editors: made from the same tables by which files are read."""

from __future__ import annotations

from typing import Any

from engine.scenario.checks import CHECKS
from engine.scenario.given import GIVEN_KEYS
from engine.scenario.inputs import EVENT_SOURCES, SET_KEYS
from engine.scenario.pins import PIN_KEYS
from engine.scenario.shapes import TEXT, Schema

_TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
_DURATION: Schema = {"type": "string", "pattern": r"^(\d+d)?(\d+h)?(\d+m)?(\d+(\.\d+)?s)?$"}


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one document of a scenario file.

    Names are not checked by it, since they are the agent's; `cuecard check` and `cuecard replay` do.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cuecard scenario",
        "type": "object",
        "required": ["scenario", "steps"],
        "additionalProperties": False,
        "properties": {
            "scenario": {**TEXT, "description": "What the scenario shows"},
            "given": {"$ref": "#/$defs/given"},
            "cases": {"type": "array", "items": {"type": "object"}, "minItems": 1},
            "steps": {"$ref": "#/$defs/steps"},
            "expect": {"$ref": "#/$defs/expect"},
        },
        "$defs": _definitions(),
    }


def _definitions() -> Schema:
    from engine.agent.model import Stub

    checks = {key: {**kind.shape.schema(), "description": _summary(kind.judge)} for key, kind in CHECKS.items()}
    stub = Stub.model_json_schema(ref_template="#/$defs/{model}")
    inner = stub.pop("$defs", {})
    return {
        **inner,
        "stub": {"anyOf": [{"const": "live"}, stub, {"type": "array", "items": stub}]},
        "given": _given(),
        "steps": {"type": "array", "items": {"anyOf": [{"const": "end"}, {"$ref": "#/$defs/step"}]}},
        "step": _object({**_inputs(), **checks, "not": {"$ref": "#/$defs/checks"}}),
        "checks": _object(checks),
        "expect": _object({**checks, "not": {"$ref": "#/$defs/checks"}, "order": {"type": "array", "items": _turn()}}),
    }


def _turn() -> Schema:
    return {"type": "object", "propertyNames": {"enum": ["not", *CHECKS]}, "minProperties": 1}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _summary(function: object) -> str:
    return (function.__doc__ or "").strip().splitlines()[0]


def _given() -> Schema:
    known: Schema = {
        "clock": {"type": "string"},
        "customer": {"anyOf": [{"type": "string"}, _object({"name": TEXT, "tags": _TEXTS})]},
        "variables": {"type": "object"},
        "tools": {"anyOf": [{"const": "live"}, {"type": "object", "additionalProperties": {"$ref": "#/$defs/stub"}}]},
        "session": {"type": "object"},
        "at": _TEXTS,
        "applied": _TEXTS,
        "history": {"type": "array", "items": {"type": "object", "minProperties": 1, "maxProperties": 1}},
    }
    return _object({key: known.get(key, {"type": "string"}) for key in GIVEN_KEYS})


def _inputs() -> Schema:
    messages: Schema = {"type": "array", "items": _TEXTS, "minItems": 1}
    guideline = _object({"action": TEXT, "rationale": {"enum": ["follow_up", "buy_time", "unspecified"]}})
    return {
        "customer": {"anyOf": [_TEXTS, _object({"any_of": messages})]},
        "human_agent": TEXT,
        "human_agent_on_behalf": TEXT,
        "trigger_response": _object({"name": TEXT, "guidelines": {"type": "array", "items": guideline}}),
        "event": _object({"source": {"enum": list(EVENT_SOURCES)}, "data": {}}),
        "set": _object({key: {"type": "object"} for key in SET_KEYS}),
        "wait": _DURATION,
        "given_draft": TEXT,
        "pin": _object({key: {} for key in PIN_KEYS}),
        "branch": {"type": "object", "additionalProperties": {"anyOf": [{"$ref": "#/$defs/steps"}, {"type": "null"}]}},
        "end": {"enum": [True, None]},
    }
