"""Tools, their parameters and stubs, and the variables that tools refresh."""

from __future__ import annotations

import re
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.errors import suggestion
from engine.agent.model import Control, Parameter, Stub, Tool, Variable
from engine.agent.reading.nodes import entries, is_empty
from engine.agent.reading.records import (
    Record,
    built,
    check_name,
    claim_name,
    named,
    read_record,
    section_entries,
    section_schema,
)
from engine.agent.reading.sections_small import TRIGGER_GUIDELINE
from engine.agent.reading.values import (
    ANYTHING,
    BOOLEAN,
    CODE,
    DATA,
    DURATION,
    INTEGER,
    REFERENCE,
    TEXT,
    TEXTS,
    WORDS,
    WRONG,
    Reading,
    Shape,
    Wrong,
    list_of,
    one_of,
    read_code,
    read_text,
)

SIMPLE_TYPES = ("string", "integer", "number", "boolean", "date", "datetime", "timedelta", "enum")


def _read_type(reading: Reading, node: Node) -> str | Wrong:
    text = read_text(reading, node)
    if isinstance(text, Wrong):
        return WRONG
    if text.removeprefix("list of ") in SIMPLE_TYPES:
        return text
    remedy = suggestion(text, SIMPLE_TYPES, f"It is one of {', '.join(SIMPLE_TYPES)}, or `list of` one of these")
    return reading.wrong(node, "unknown-type", f"{text[:60]!r} is no type of a parameter", remedy)


TYPE = Shape(_read_type, {"enum": [*SIMPLE_TYPES, *(f"list of {kind}" for kind in SIMPLE_TYPES)]})

PARAMETER = Record(
    "a parameter",
    {
        "type": TYPE,
        "source": one_of("any", "customer", "context"),
        "required": BOOLEAN,
        "default": ANYTHING,
        "description": TEXT,
        "significance": TEXT,
        "examples": TEXTS,
        "choices": TEXTS,
        "precedence": INTEGER,
        "hidden": BOOLEAN,
    },
    scalar="type",
)


def _read_parameters(reading: Reading, node: Node) -> tuple[Parameter, ...] | Wrong:
    pairs = section_entries(reading, node, PARAMETER.what)
    if isinstance(pairs, Wrong):
        return WRONG
    parameters = []
    for key, value in pairs:
        check_name(reading, key, PARAMETER.what)
        values = {} if is_empty(value) else read_record(reading, value, PARAMETER)
        if not isinstance(values, Wrong):
            parameters.append(_build_parameter(str(key.value), values))
    return tuple(parameters)


def _build_parameter(name: str, values: dict[str, Any]) -> Parameter:
    """A parameter with choices is an enum, and one with a default is not required, unless the file says otherwise."""
    if values.get("choices"):
        values.setdefault("type", "enum")
    if values.get("default") is not None:
        values.setdefault("required", False)
    return Parameter(name=name, **values)


PARAMETERS = Shape(
    _read_parameters,
    {"type": "object", "additionalProperties": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/parameter"}]}},
)

CONTROL = Record(
    "what a tool asks of the session", {"mode": one_of("auto", "manual"), "lifespan": one_of("session", "response")}
)

_STUB_SHAPES: dict[str, Shape] = {
    "when": DATA,
    "data": ANYTHING,
    "fields": DATA,
    "responses": TEXTS,
    "control": built(CONTROL, lambda values: Control(**values)),
    "metadata": DATA,
    "guidelines": list_of(TRIGGER_GUIDELINE),
    "error": WORDS,
    "after": DURATION,
    "follow_up": TRIGGER_GUIDELINE,
}
STUB = Record("a stub", _STUB_SHAPES)
STUBS = list_of(built(STUB, lambda values: Stub(**values)))

TOOL = Record(
    "a tool",
    {
        "description": TEXT,
        "parameters": PARAMETERS,
        "python": CODE,
        "stubs": Shape(STUBS.read, {"type": "array", "items": {"$ref": "#/$defs/stub"}}),
        **_STUB_SHAPES,
    },
)


def read_tool(reading: Reading, name: str, node: Node) -> Tool:
    """Read a tool in any of its forms.

    A mapping with its keys (those of a stub may stand there directly), a list of stubs, or a lonely `tools.name`.

    Args:
        reading: Where problems are noted.
        name: The tool's name.
        node: What is written for it.

    Returns:
        The tool; without what is wrong, which has been noted.
    """
    if isinstance(node, ScalarNode) and not is_empty(node):
        code = read_code(reading, node)
        return Tool(name=name, python=None if isinstance(code, Wrong) else code)
    if isinstance(node, SequenceNode):
        return Tool(name=name, stubs=STUBS.read(reading, node))
    values = read_record(reading, node, TOOL)
    return Tool(name=name) if isinstance(values, Wrong) else _build_tool(reading, name, node, values)


def _build_tool(reading: Reading, name: str, node: Node, values: dict[str, Any]) -> Tool:
    stub = {key: values.pop(key) for key in STUB.shapes if key in values}
    if stub and "stubs" in values and isinstance(node, MappingNode):
        key = next(key_node for key, key_node, _ in entries(node) if key in STUB.shapes)
        said = f"`{key.value}` and `stubs` cannot stand beside each other"
        reading.wrong(key, "stub-beside-stubs", said, "Move it into a stub of the list")
    if stub:
        values["stubs"] = (*values.get("stubs", ()), Stub(**stub))
    return Tool(name=name, **values)


def _read_tools(reading: Reading, node: Node) -> tuple[Tool, ...] | Wrong:
    pairs = section_entries(reading, node, TOOL.what)
    if isinstance(pairs, Wrong):
        return WRONG
    tools = []
    for key, value in pairs:
        claim_name(reading, key, TOOL.what)
        tools.append(read_tool(reading, str(key.value), value))
    return tuple(tools)


TOOLS = Shape(_read_tools, section_schema("tool"))


def tool_schema() -> dict[str, Any]:
    """The JSON Schema of a tool in all its forms."""
    return {"anyOf": [dict(CODE.schema), {"type": "array", "items": {"$ref": "#/$defs/stub"}}, TOOL.schema()]}


_CRON_FIELD = r"(?:\*|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:/[1-9][0-9]*)?"
_CRON = re.compile(rf"{_CRON_FIELD}(?:,{_CRON_FIELD})*")
_CRON_LIMITS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def _read_freshness(reading: Reading, node: Node) -> str | Wrong:
    text = read_text(reading, node)
    if isinstance(text, Wrong):
        return WRONG
    parts = text.split()
    fits = len(parts) == 5 and all(_CRON.fullmatch(part) for part in parts)
    numbers = fits and all(
        low <= int(number) <= high
        for part, (low, high) in zip(parts, _CRON_LIMITS, strict=True)
        for number in re.findall(r"(?<![/\w])\d+|(?<=-)\d+", part)
    )
    if numbers:
        return text
    remedy = 'Write minute, hour, day, month and weekday, e.g. "*/15 * * * *" for every quarter of an hour'
    return reading.wrong(node, "bad-cron-line", f"{text[:60]!r} is no cron line", remedy)


VARIABLE = Record(
    "a variable",
    {
        "description": TEXT,
        "value": ANYTHING,
        "for": DATA,
        "tool": REFERENCE,
        "freshness": Shape(_read_freshness, {"type": "string"}),
    },
    attributes={"for": "values_for"},
    meant="value",
)
VARIABLES = named(VARIABLE, lambda name, values: Variable(name=name, **values), "variable")
