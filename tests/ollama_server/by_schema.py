"""An answerer that understands nothing and still follows any JSON schema: words shared with the prompt decide.

It is what a chat can be carried through with where only the protocol matters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

PLAIN = "All right, let me see what I can do for you."


def answer(body: dict[str, Any]) -> str:
    """The text that answers the body of a chat request: words, or JSON that fits its `format`."""
    schema = body.get("format")
    if not isinstance(schema, dict):
        return PLAIN
    heard = _words(str(body["messages"][-1].get("content", "")))
    return json.dumps(_value(schema, schema, heard))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{3,}", text.lower()))


def _value(schema: Mapping[str, Any], root: Mapping[str, Any], heard: frozenset[str]) -> Any:
    """A value that fits a schema."""
    if "$ref" in schema:
        return _value(_target(schema["$ref"], root), root, heard)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return max(schema["enum"], key=lambda choice: len(_words(str(choice)) & heard))
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _value(schema[several][0], root, heard)
    return _of_type(schema, root, heard)


def _of_type(schema: Mapping[str, Any], root: Mapping[str, Any], heard: frozenset[str]) -> Any:
    kind = schema.get("type", "object")
    match kind[0] if isinstance(kind, list) else kind:
        case "object":
            return {name: _value(inner, root, heard) for name, inner in schema.get("properties", {}).items()}
        case "array":
            before = [_value(inner, root, heard) for inner in schema.get("prefixItems", ())]
            more = max(0, schema.get("minItems", 0) - len(before))
            return before + [_value(schema.get("items", {}), root, heard)] * more
        case "boolean":
            return bool(_words(str(schema.get("description", ""))) & heard)
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "null":
            return None
    return "x".ljust(schema.get("minLength", 1), "x")


def _target(reference: str, root: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = root
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)
