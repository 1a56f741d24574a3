"""The smaller sections of the agent file: glossary, capabilities, customers, follow-ups, preambles and the no-match."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode

from engine.agent.errors import nearest
from engine.agent.model import Capability, Customer, FollowUp, NoMatch, Term, TriggerGuideline
from engine.agent.reading.mistakes import quoted
from engine.agent.reading.records import Record, built, named, read_record
from engine.agent.reading.values import (
    CODE,
    DATA,
    DURATION,
    INTEGER,
    SENTENCES,
    TEXT,
    TEXTS,
    WORDS,
    WRONG,
    Reading,
    Shape,
    Wrong,
    list_of,
    one_of,
    read_words,
)

TERM = Record("a glossary term", {"name": TEXT, "description": TEXT, "synonyms": SENTENCES}, meant="description")
TERMS = named(TERM, lambda name, values: Term(id=name, **values), "term")
CAPABILITY = Record("a capability", {"title": TEXT, "description": TEXT, "signals": SENTENCES}, meant="description")
CAPABILITIES = named(CAPABILITY, lambda name, values: Capability(name=name, **values), "capability")
CUSTOMER = Record("a customer", {"name": TEXT, "tags": TEXTS, "metadata": DATA}, meant="name")
CUSTOMERS = named(CUSTOMER, lambda name, values: Customer(id=name, **values), "customer")

RATIONALE = one_of("follow_up", "buy_time", "unspecified")
TRIGGER = Record("what the agent is told to say", {"action": WORDS, "rationale": RATIONALE}, ("action",))


TRIGGER_GUIDELINE = built(TRIGGER, lambda values: TriggerGuideline(**{"action": "", **values}))
FOLLOW_UP = Record(
    "a follow-up",
    {"after": DURATION, "action": WORDS, "at_most": INTEGER, "rationale": RATIONALE},
    required=("after", "action"),
)
FOLLOW_UPS = list_of(built(FOLLOW_UP, lambda values: FollowUp(**{"after": timedelta(0), "action": "", **values})))


def _read_preambles(reading: Reading, node: Node) -> Any:
    if not isinstance(node, ScalarNode):
        return SENTENCES.read(reading, node)
    if node.value in ("auto", "off"):
        return node.value
    said = f"{node.value[:40]!r} is neither auto nor off nor a list of preambles"
    return reading.wrong(node, "unknown-choice", said, f"Write [{quoted(node.value)}] for a preamble of your own")


PREAMBLES = Shape(_read_preambles, {"anyOf": [{"enum": ["auto", "off"]}, dict(TEXTS.schema)]})
_PYTHON = Record("code", {"python": CODE}, ("python",))


def _read_no_match(reading: Reading, node: Node) -> str | NoMatch | Wrong:
    if isinstance(node, MappingNode) and any(nearest(str(key.value), ("python",)) for key, _ in node.value):
        values = read_record(reading, node, _PYTHON)
        return WRONG if isinstance(values, Wrong) or not values else NoMatch(**values)
    return read_words(reading, node)


NO_MATCH = Shape(_read_no_match, {"anyOf": [dict(WORDS.schema), _PYTHON.schema()]})
