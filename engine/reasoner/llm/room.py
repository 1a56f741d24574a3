"""How much of everything a prompt may hold, in characters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CHARACTERS_PER_TOKEN = 3
"""A careful guess: English has about four, other languages fewer."""

DEFAULT_CONTEXT = 8_192
"""Tokens that a model is taken to hold when its options do not say."""

MOST_CONDITIONS = 14_000
MOST_AT_ONCE = 120
"""How many conditions one call judges: a model has to write a verdict for each."""

GLOSSARY = 4_000
"""A longer glossary is not in every prompt; of it only the words that are being used are."""


@dataclass(frozen=True, slots=True)
class Room:
    """How many characters each part of a prompt may have.

    Attributes:
        history: The messages; older ones are left out, visibly.
        message: One message.
        datum: One value of a variable or result of a tool.
        conditions: The conditions of one call.
    """

    history: int
    message: int
    datum: int
    conditions: int


def room_in(options: Mapping[str, Any]) -> Room:
    """What fits into the context that a model's options ask for (`num_ctx`, in tokens).

    Half of it is for the conditions and three tenths for the conversation; the rest, and what these leave, is for the
    agent's description, the task and the answer. English has four characters in a token rather than three.
    """
    characters = int(options.get("num_ctx") or DEFAULT_CONTEXT) * CHARACTERS_PER_TOKEN
    history, conditions = max(1_000, characters * 3 // 10), max(1_000, characters // 2)
    return Room(history, min(4_000, history // 2), min(2_000, history // 4), min(MOST_CONDITIONS, conditions))
