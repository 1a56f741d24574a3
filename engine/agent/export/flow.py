"""A journey as other programs want it: a plain name for each state, a title on one line, and the ways between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.agent.model import Journey, State

PREFIX = "s_"
"""Begins every plain name: no language knows a word that begins like this, and none makes such names by itself."""

UNPRINTABLE = frozenset({"Cc", "Cs", "Cn"})
"""Unicode categories that no picture can hold: control characters, halves of characters, and no characters."""


@dataclass(frozen=True, slots=True)
class Step:
    """One state.

    Attributes:
        alias: Its plain name: ASCII letters, digits and underscores, unlike any other's.
        name: Its name in the file.
        title: What it does, on one line.
        kind: What it is.
    """

    alias: str
    name: str
    title: str
    kind: Literal["chat", "tool", "link", "fork"]


@dataclass(frozen=True, slots=True)
class Way:
    """One transition between plain names; `target` is None where the journey ends, and a direct one has no label."""

    source: str
    target: str | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """Steps and ways in the order of the file; the journey starts at the first step."""

    title: str
    steps: tuple[Step, ...]
    ways: tuple[Way, ...]


def flow_of(journey: Journey, titles: Mapping[str, str] | None = None) -> Flow:
    """The steps and ways of a journey.

    A state without transitions ends the journey, as a transition to `end` does. Transitions to states that are not
    there are left out.

    Args:
        journey: The journey.
        titles: Titles of other journeys by name, for the states that link them.

    Returns:
        The flow; without steps for a journey without states.
    """
    aliases = plain_names([state.name for state in journey.states])
    steps = [
        Step(alias, one_line(state.name), _title(state, titles or {}) or alias, state.kind)
        for alias, state in zip(aliases, journey.states, strict=True)
    ]
    targets: dict[str, str] = {}
    for alias, state in zip(aliases, journey.states, strict=True):
        targets.setdefault(state.name, alias)
    ways: list[Way] = []
    for alias, state in zip(aliases, journey.states, strict=True):
        if not state.next:
            ways.append(Way(alias, None))
        ways += [
            Way(alias, None if way.ends else targets[way.to], one_line(way.condition or ""))
            for way in state.next
            if way.ends or way.to in targets
        ]
    return Flow(one_line(journey.title) or one_line(journey.name), tuple(steps), tuple(ways))


def plain_names(names: Sequence[str]) -> list[str]:
    """A plain name for each name, readable where the name is, and no two alike.

    Args:
        names: Names in any script.

    Returns:
        As many plain names, in the same order.
    """
    taken: set[str] = set()
    found: list[str] = []
    for name in names:
        stem = PREFIX + re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_")
        alias, number = stem, 1
        # Programs compare without case here and there, so names that differ in case alone are told apart, too.
        while alias.lower() in taken or alias == PREFIX:
            number += 1
            alias = f"{stem.rstrip('_')}_{number}"
        taken.add(alias.lower())
        found.append(alias)
    return found


def one_line(text: str) -> str:
    """A text on one line, without what cannot be shown."""
    spaced = " ".join(text.split())
    shown = "".join(character for character in spaced if unicodedata.category(character) not in UNPRINTABLE)
    return " ".join(shown.split())


def _title(state: State, titles: Mapping[str, str]) -> str:
    """What a state does, in words, or else its name; empty where nothing of it can be shown."""
    own = one_line(state.name)
    if state.tool is not None:
        return one_line(state.tool) or own
    if state.journey is not None:
        return one_line(titles.get(state.journey) or state.journey) or own
    return one_line(state.chat or "") or own.replace("_", " ").capitalize()
