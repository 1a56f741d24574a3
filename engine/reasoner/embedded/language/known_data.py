"""What is known as data: variables and tool results, flattened to one list of named values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.language.features import stems
from engine.reasoner.embedded.language.lexicon import stem_set

MOST_VALUES = 2_000
"""How many values are looked at; a larger tool result is cut off here."""

_DEEPEST = 4
_EMPTY_WORDS = stem_set(
    "the a an of customer user client their current in on for to and or is are data value info information name get"
    " load fetch check lookup look list this that has whether how many much number our"
)


@dataclass(frozen=True, slots=True)
class Datum:
    """A named value.

    `names` are the stems of its own name, `about` those of its description and its place; `fresh` says that a tool
    answered it in this turn.
    """

    name: str
    value: Any
    names: frozenset[str]
    about: frozenset[str]
    fresh: bool = False


def known(conversation: Conversation) -> list[Datum]:
    """Everything known as data, the newest tool results first, then variables in their order.

    Args:
        conversation: What is at hand.

    Returns:
        One datum for each value and, for mappings and lists, for what they hold (`balance.amount`).
    """
    described = {variable.name: variable.description for variable in conversation.agent.variables}
    found: list[Datum] = []
    for result in reversed(conversation.results):
        told = list(_flattened(result.tool, result.told, ""))
        if result.data is not None:
            told += _inside(result.tool, result.fields, "", 1)
        found += [replace(datum, fresh=True) for datum in told] if result.this_turn else told
    for name, value in conversation.variables.items():
        found += _flattened(name, value, described.get(name, ""))
    return found[:MOST_VALUES]


def _flattened(name: str, value: Any, description: str) -> Iterator[Datum]:
    yield _datum(name, name, value, description)
    yield from _inside(name, value, description, _DEEPEST)


def _inside(name: str, value: Any, description: str, depth: int) -> Iterator[Datum]:
    if depth and isinstance(value, Mapping):
        for key, held in value.items():
            yield _datum(f"{name}.{key}", str(key), held, f"{name} {description}")
            yield from _inside(f"{name}.{key}", held, f"{name} {description}", depth - 1)


def _datum(name: str, own: str, value: Any, description: str) -> Datum:
    return Datum(name, value, content_stems(own), content_stems(description))


@lru_cache(maxsize=8_192)
def content_stems(text: str) -> frozenset[str]:
    """The stems of a text or of an identifier (`member_since`, `memberSince`), without words that say nothing."""
    readable = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ").replace(".", " ").replace("-", " ")
    return frozenset(stems(readable)) - _EMPTY_WORDS


def words_of(datum: Datum) -> frozenset[str]:
    """All stems by which a statement could mean a datum: of its name, its description and a short text value."""
    value = content_stems(datum.value) if isinstance(datum.value, str) and len(datum.value) < 60 else frozenset()
    return datum.names | datum.about | value


def mentioned_values(value: Any) -> Iterator[str]:
    """The texts that a value holds, in order: itself, or what its lists and mappings hold."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for held in value.values():
            yield from mentioned_values(held)
    elif isinstance(value, Sequence):
        for held in value:
            yield from mentioned_values(held)
