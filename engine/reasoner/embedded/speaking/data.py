"""Sentences from what tools answered. Never more facts than the data has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from engine.reasoner.embedded.language.clause_words import DETERMINERS, QUESTION_WORDS, VERBS, word_set
from engine.reasoner.embedded.speaking.realise_questions import head_noun, sentence
from engine.reasoner.embedded.speaking.realise_telling import is_statement

_STATUS_WORDS = word_set(
    "ok okay done success successful succeeded queued true false null none pending sent created "
    "saved completed complete "
    "accepted ready error failed failure unknown yes no started scheduled"
)
_NAMING = frozenset({"name", "title", "label"})
_MOST_ITEMS = 12


def join_and(items: Sequence[str], word: str = "and") -> str:
    """`Rome`, `Rome and Lisbon`, `Rome, Lisbon and Oslo`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {word} {items[-1]}" if items else ""


def say_value(value: Any) -> str:
    """A value in words: lists joined, mappings as `key: value`, whole floats without their point."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping):
        named = next((key for key in value if str(key).lower() in _NAMING and len(value) > 1), None)
        if named is not None:
            rest = {key: item for key, item in value.items() if key != named}
            return f"{say_value(value[named])} ({say_value(rest)})"
        return ", ".join(f"{_words(key)}: {say_value(item)}" for key, item in value.items() if item is not None)
    if isinstance(value, list | tuple):
        items = [say_value(item) for item in value if item is not None]
        nested = any("," in item for item in items)
        return "; ".join(items) if nested else join_and(items)
    return str(value).strip()


def reads_as_sentence(value: Any) -> bool:
    """Whether a value is a text that can be said as it is."""
    if not isinstance(value, str) or len(value.split()) < 3:
        return False
    return value.rstrip().endswith((".", "!", "?")) or is_statement(value)


def says_something(value: Any) -> bool:
    """Whether a value is worth saying without anybody asking for it: no status words, truth values or nothing."""
    if value is None or isinstance(value, bool):
        return False
    if isinstance(value, str):
        return bool(value.strip()) and value.strip().lower() not in _STATUS_WORDS
    if isinstance(value, Mapping):
        return any(says_something(item) for item in value.values())
    return bool(value) if isinstance(value, list | tuple) else True


def say_data(data: Any, label: str = "") -> str:
    """Sentences for everything that a tool answered.

    Args:
        data: The data of a tool's result.
        label: What the data is, e.g. `your balance` (from an action) or `balance` (from the tool's name); may be empty.

    Returns:
        One or more sentences; empty when there is nothing to say.
    """
    if isinstance(data, str) and reads_as_sentence(data):
        return sentence(data)
    if isinstance(data, list | tuple) and data and all(reads_as_sentence(item) for item in data):
        return " ".join(sentence(item) for item in data[:_MOST_ITEMS])
    if isinstance(data, Mapping):
        return _say_mapping(data)
    value = say_value(data)
    return say_labelled(label, data) if label and value else sentence(value)


def _say_mapping(data: Mapping[str, Any]) -> str:
    told = [(key, item) for key, item in data.items() if item is not None]
    whole = [sentence(item) for _, item in told if reads_as_sentence(item)]
    rest = [f"{_words(key)}: {say_value(item)}" for key, item in told if not reads_as_sentence(item)]
    return " ".join([*whole, sentence(", ".join(rest))]).strip()


def say_labelled(label: str, value: Any) -> str:
    """A value with its name: `The fare is 240.`, `The toppings are olives and peppers.`, `Menu: Margherita, Diavola.`.

    Args:
        label: A noun phrase, with or without an article, already in the second person.
        value: The value it has.
    """
    words = label.split()
    spoken = say_value(value)
    first = words[0].lower() if words else ""
    if not words or first in QUESTION_WORDS or isinstance(value, Mapping) or reads_as_sentence(value):
        return sentence(spoken)
    if len(words) == 1 and _is_of_verb(first) and not isinstance(value, list | tuple):
        return sentence(f"{label}: {spoken}")
    phrase = label if first in DETERMINERS else f"the {label}"
    plural = _is_plural(head_noun(label))
    if isinstance(value, list | tuple) and not plural:
        return sentence(f"{re.sub(r'^the ', '', phrase)}: {spoken}")
    return sentence(f"{phrase} {'are' if plural else 'is'} {spoken}")


def label_of_tool(name: str) -> str:
    """What a tool answers, by its name: `get_balance` gives `balance`; empty when the name is no noun."""
    words = _words(name).split()
    if len(words) > 1 and words[0] in VERBS:
        return " ".join(words[2:] if words[1] in ("up", "out", "in", "for") else words[1:])
    return " ".join(words) if words and words[0] not in VERBS else ""


def _is_of_verb(word: str) -> bool:
    """Whether a word can be a verb of the third person (`opens`, `closes`), so that it does not stand after `the`."""
    return word.endswith("s") and (word[:-1] in VERBS or word.removesuffix("es") in VERBS)


def _is_plural(noun: str) -> bool:
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is")) or noun in ("people", "children", "data")


def _words(name: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-.]+", " ", str(name))).strip().lower()
