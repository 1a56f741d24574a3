"""What a rule of the realiser is given and gives back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from engine.reasoner.embedded.language.clause_words import VERBS
from engine.reasoner.embedded.language.pronouns import LISTENER

THEM = f"(?:them|him|her|{LISTENER})"
"""The customer as the object of an action's verb, as a regular expression."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is known and may be said: a sentence, and which tool results it came from."""

    text: str
    results: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What a rule may know beside the words of the action.

    `look_up` finds what is known about a noun phrase; `has_tools` says that the action's own tools do a part of it;
    `waiting` that a tool of its could not run or failed.
    """

    look_up: Callable[[str], Fact | None]
    agent_name: str = ""
    customer_name: str = ""
    has_tools: bool = False
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Worded:
    """What a rule made of a clause: sentences (empty for nothing to say), the rule's name, the results it used."""

    text: str
    rule: str
    results: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern for a whole clause, and what it says. `make` may return None: then the next rule is tried."""

    name: str
    pattern: re.Pattern[str]
    make: Callable[[re.Match[str], Scene], str | Worded | None]


def rule(name: str, pattern: str, make: Callable[[re.Match[str], Scene], str | Worded | None]) -> Rule:
    """Make a rule; in the pattern, `<them>` stands for the customer as an object and blanks for any white space."""
    pattern = pattern.replace("<them>", THEM).replace(" ", r"\s+")
    return Rule(name, re.compile(pattern, re.I | re.S), make)


def begins_with_verb(text: str) -> bool:
    """Whether a text begins with the base form of a common verb."""
    first = re.match(r"[A-Za-z]+", text)
    return first is not None and first[0].lower() in VERBS
