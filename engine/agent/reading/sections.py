"""The sections of the agent file: which keys each thing may have, and the values of the model made of them.

Journeys and tools have modules of their own beside this one.
"""

from __future__ import annotations

from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.basics import NAME_PATTERN
from engine.agent.errors import Fix
from engine.agent.model import CannedResponse, Guideline, Observation
from engine.agent.reading.mistakes import quoted
from engine.agent.reading.records import Record, claim_name, named, read_record, slug_of
from engine.agent.reading.values import (
    BOOLEAN,
    CODE,
    DATA,
    INTEGER,
    REFERENCE,
    REFERENCES,
    SENTENCES,
    TEXT,
    TEXTS,
    WORDS,
    WRONG,
    Reading,
    Shape,
    Wrong,
    describe,
    items,
    one_of,
    read_text,
)

MODE = one_of("fluid", "composited", "strict")

RESPONSE = Record(
    "a canned response",
    {"template": WORDS, "signals": SENTENCES, "metadata": DATA, "tags": TEXTS, "exclusive": BOOLEAN},
    required=("template",),
    scalar="template",
)


def build_response(name: str, values: dict[str, Any]) -> CannedResponse:
    """Make a canned response of what was read."""
    return CannedResponse(name=name, **{"template": "", **values})


def _read_use(reading: Reading, node: Node) -> str | CannedResponse | Wrong:
    """Read one of the responses of a guideline or state: a name, or a response defined there."""
    if isinstance(node, ScalarNode):
        return _read_use_by_name(reading, node)
    if not isinstance(node, MappingNode) or len(node.value) != 1:
        said = f"the name of a response or one `name: template` belongs here, not {describe(node)}"
        if isinstance(node, MappingNode):
            said = "each response defined here is an item of its own, `- name: template`"
        return reading.wrong(node, "not-a-response", said)
    key, value = node.value[0]
    if not NAME_PATTERN.fullmatch(key.value) and " " in key.value and not node.flow_style:
        return _without_name(reading, node, reading.text[key.start_mark.index : value.end_mark.index])
    claim_name(reading, key, RESPONSE.what)
    values = read_record(reading, value, RESPONSE)
    return WRONG if isinstance(values, Wrong) else build_response(str(key.value), values)


def _read_use_by_name(reading: Reading, node: ScalarNode) -> str | Wrong:
    text = read_text(reading, node)
    if isinstance(text, Wrong) or NAME_PATTERN.fullmatch(text):
        return text
    return _without_name(reading, node, reading.source(node))


def _without_name(reading: Reading, node: Node, source: str) -> Wrong:
    """Note a template that was written where a name should come first; the fix makes up the name."""
    name = slug_of(source) or "response"
    while name in reading.names:
        name += "_2"
    written = source if source[:1] in ('"', "'") else quoted(source)
    start = node.start_mark.index
    fix = Fix(start, start + len(source), f"{name}: {written}") if "\n" not in source else None
    said = f"{source[:60]!r} is no name of a response, and a response defined here needs one"
    return reading.wrong(node, "response-without-name", said, f"Write {name}: {written}", fix)


def _read_uses(reading: Reading, node: Node) -> tuple[str | CannedResponse, ...] | Wrong:
    nodes = items(reading, node)
    if isinstance(nodes, Wrong):
        return WRONG
    uses: list[str | CannedResponse] = []
    for before, item in zip([None, *nodes], nodes, strict=False):
        if isinstance(node, SequenceNode) and node.flow_style and _continues(before, item):
            _note_split_template(reading, before, item)
            continue
        use = _read_use(reading, item)
        if not isinstance(use, Wrong):
            uses.append(use)
    return tuple(uses)


def _continues(before: Node | None, item: Node) -> bool:
    """Whether an item of a flow list is the rest of the template before it, cut off at a comma."""
    if not isinstance(before, MappingNode) or not isinstance(item, ScalarNode) or item.style:
        return False
    value = before.value[-1][1]
    return isinstance(value, ScalarNode) and not value.style and not NAME_PATTERN.fullmatch(item.value)


def _note_split_template(reading: Reading, before: Any, item: Node) -> None:
    start, end = before.value[-1][1].start_mark.index, item.end_mark.index
    text = quoted(reading.text[start:end])
    said = f"the comma made an item of its own of {item.value!r}"
    reading.wrong(before.value[-1][1], "comma-in-text", said, f"Write {text}", Fix(start, end, text))


USES = Shape(
    _read_uses,
    {
        "type": "array",
        "items": {
            "anyOf": [
                dict(REFERENCE.schema),
                {
                    "type": "object",
                    "minProperties": 1,
                    "maxProperties": 1,
                    "additionalProperties": {"$ref": "#/$defs/response"},
                },
            ]
        },
    },
)

_COMMON: dict[str, Shape] = {
    "condition": WORDS,
    "examples": SENTENCES,
    "counterexamples": SENTENCES,
    "title": TEXT,
    "description": TEXT,
    "enabled": BOOLEAN,
    "criticality": one_of("low", "medium", "high"),
    "priority": INTEGER,
    "tags": TEXTS,
    "labels": TEXTS,
    "metadata": DATA,
    "tools": REFERENCES,
    "canned_responses": USES,
    "composition_mode": MODE,
    "matcher": CODE,
    "fields": CODE,
    "reevaluate_after": REFERENCES,
}

OBSERVATION = Record(
    "an observation",
    _COMMON,
    required=("condition",),
    hints={"action": "An observation only observes: with an action it is a guideline, move it to guidelines"},
    scalar="condition",
)

GUIDELINE = Record(
    "a guideline",
    {**_COMMON, "action": WORDS, "say": WORDS, "continuous": BOOLEAN, "track": BOOLEAN},
    required=("condition", "action"),
    hints={"no action": "Say what the agent should do, or move it to observations"},
)

RESPONSES = named(RESPONSE, build_response, "response")
OBSERVATIONS = named(
    OBSERVATION, lambda name, values: Observation(name=name, **{"condition": "", **values}), "observation"
)
GUIDELINES = named(
    GUIDELINE, lambda name, values: Guideline(name=name, **{"condition": "", "action": "", **values}), "guideline"
)
