"""Journeys: their states and the ways between them."""

from __future__ import annotations

from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.model import END, Journey, State, Transition
from engine.agent.reading.nodes import entries
from engine.agent.reading.records import Record, check_name, named, read_record, section_entries, section_schema
from engine.agent.reading.sections import GUIDELINES, MODE, OBSERVATIONS, RESPONSES, USES
from engine.agent.reading.values import (
    BOOLEAN,
    CODE,
    DATA,
    INTEGER,
    REFERENCE,
    SENTENCES,
    TEXT,
    TEXTS,
    WORDS,
    WRONG,
    Reading,
    Shape,
    Wrong,
    describe,
    read_reference,
    read_text,
)

TRANSITION = Record(
    "a transition",
    {"when": WORDS, "to": REFERENCE, "examples": SENTENCES, "counterexamples": SENTENCES},
    required=("to",),
    attributes={"when": "condition"},
)


def _read_transition(reading: Reading, node: Node) -> Transition | Wrong:
    """Read one item of a list of transitions: the long form, or a lonely name, which is a direct one."""
    if isinstance(node, ScalarNode):
        name = read_reference(reading, node)
        return WRONG if isinstance(name, Wrong) else Transition(to=name)
    values = read_record(reading, node, TRANSITION)
    if isinstance(values, Wrong):
        return WRONG
    return Transition(**{"to": END, **values})


def _read_next(reading: Reading, node: Node) -> tuple[Transition, ...] | Wrong:
    if isinstance(node, ScalarNode):
        name = read_reference(reading, node)
        return WRONG if isinstance(name, Wrong) else (Transition(to=name),)
    if isinstance(node, SequenceNode):
        read = [_read_transition(reading, item) for item in node.value]
        return tuple(transition for transition in read if not isinstance(transition, Wrong))
    pairs = section_entries(reading, node, "a state")
    found = []
    for key, value in [] if isinstance(pairs, Wrong) else pairs:
        condition, name = read_text(reading, key), _read_target(reading, value)
        if not isinstance(condition, Wrong) and not isinstance(name, Wrong):
            found.append(Transition(to=name, condition=condition))
    return tuple(found)


def _read_target(reading: Reading, node: Node) -> str | Wrong:
    if isinstance(node, ScalarNode):
        return read_reference(reading, node)
    remedy = "Write `condition: state`, or a list of `when`, `to`, `examples` where a condition wants examples"
    return reading.wrong(node, "not-a-name", f"the name of a state belongs here, not {describe(node)}", remedy)


NEXT = Shape(
    _read_next,
    {
        "anyOf": [
            dict(REFERENCE.schema),
            {"type": "object", "additionalProperties": dict(REFERENCE.schema)},
            {"type": "array", "items": {"anyOf": [dict(REFERENCE.schema), TRANSITION.schema()]}},
        ]
    },
)

STATE = Record(
    "a state",
    {
        "chat": WORDS,
        "tool": REFERENCE,
        "journey": REFERENCE,
        "instruction": TEXT,
        "next": NEXT,
        "say": WORDS,
        "canned_responses": USES,
        "composition_mode": MODE,
        "fields": CODE,
        "metadata": DATA,
    },
    meant="chat",
)
_DOINGS = ("chat", "tool", "journey")


def _read_state(reading: Reading, key: ScalarNode, node: Node) -> State:
    values = read_record(reading, node, STATE)
    if isinstance(values, Wrong):
        return State(name=str(key.value), chat="")
    _judge_state(reading, key, node, values)
    return State(name=str(key.value), **values)


def _judge_state(reading: Reading, key: ScalarNode, node: Node, values: dict[str, Any]) -> None:
    pairs = entries(node) if isinstance(node, MappingNode) else ()
    written = [(name, place) for name, place, _ in pairs if name in _DOINGS]
    if len(written) > 1:
        names = " and ".join(name for name, _ in written)
        said = f"the state {key.value!r} has {names}, and a state does one thing"
        reading.wrong(written[1][1], "state-does-two-things", said, "Make two states of it")
    elif not written and not values.get("next"):
        said = f"the state {key.value!r} does nothing and leads nowhere"
        reading.wrong(
            key, "empty-state", said, "Give it `chat`, `tool`, `journey` or, for a fork, conditions in `next`"
        )


def _read_states(reading: Reading, node: Node) -> tuple[State, ...] | Wrong:
    pairs = section_entries(reading, node, STATE.what)
    if isinstance(pairs, Wrong):
        return WRONG
    states = []
    for key, value in pairs:
        check_name(reading, key, STATE.what)
        states.append(_read_state(reading, key, value))
    return tuple(states)


JOURNEY = Record(
    "a journey",
    {
        "title": TEXT,
        "conditions": SENTENCES,
        "description": TEXT,
        "enabled": BOOLEAN,
        "priority": INTEGER,
        "tags": TEXTS,
        "labels": TEXTS,
        "metadata": DATA,
        "composition_mode": MODE,
        "states": Shape(_read_states, section_schema("state")),
        "guidelines": GUIDELINES,
        "observations": OBSERVATIONS,
        "canned_responses": RESPONSES,
    },
    required=("states",),
    hints={"condition": "Its conditions are a list: `conditions`"},
)
_BY_NAME = named(JOURNEY, lambda name, values: Journey(name=name, **values), "journey")


def _read_journeys(reading: Reading, node: Node) -> tuple[Journey, ...] | Wrong:
    """Read all journeys; one that is no mapping has states that nobody can know, so references are not judged."""
    if isinstance(node, MappingNode) and any(not isinstance(value, MappingNode) for _, value in node.value):
        reading.complete = False
    journeys: tuple[Journey, ...] | Wrong = _BY_NAME.read(reading, node)
    return journeys


JOURNEYS = Shape(_read_journeys, _BY_NAME.schema)
