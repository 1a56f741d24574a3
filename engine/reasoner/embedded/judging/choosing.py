"""The answer to `do you mean A or B?`: which of the things that the agent asked about the customer chose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from engine.agent.model import Journey, Observation
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.judging.conditions import read
from engine.reasoner.embedded.language.acts import spoken
from engine.reasoner.embedded.language.negation import negates
from engine.reasoner.embedded.language.stemming import related
from engine.reasoner.embedded.language.topics import text_stems, weights


def _place(ordinals: str, number: str = "") -> re.Pattern[str]:
    """A place among the options; `a second`, `the last time` and `first of all` are none."""
    numbered = rf"|(?<!\S)(?:option |number )?{number}(?!\S)" if number else ""
    no_time = r"(?! (?:time|times|thoughts?|of all)\b)"
    return re.compile(rf"(?<!\S)(?<!\ba )(?<!\bone )(?:{ordinals})(?: (?:one|option))?{no_time}(?!\S){numbered}")


_FIRST = _place("first|1st|former", "1")
_SECOND = _place("second|2nd", "2")
_LAST = _place("last|latter|third|3rd")
_ALL = re.compile(r"(?<!\S)(?:both|all of (?:them|these|it)|all (?:three|four)|everything)(?!\S)")
_NONE = re.compile(r"(?<!\S)(?:neither|none of (?:them|these|those|that))(?!\S)")
_SHORT = 6
"""How long an answer may be, in words, that chooses by place (`the first one`)."""


def choice(conversation: Conversation) -> Mapping[str, bool]:
    """Which of the things that the agent's last message asked about the customer chose.

    Args:
        conversation: What was said; `asked` names what the agent asked for.

    Returns:
        For each of at least two options, and for the observations that start a journey among them, whether it was
        chosen; empty when the agent asked for no choice, or when the answer chooses nothing.
    """
    things = conversation.agent.things
    options = [name for name in conversation.asked if isinstance(things.get(name), Observation | Journey)]
    message = conversation.latest
    if len(options) < 2 or not message:
        return {}
    words = [_words_of(_texts(things[name], things)) for name in options]
    shared = frozenset.intersection(*words)
    named = [_named(own - shared, message) for own in words]
    chosen = [score > 0 and score == max(named) for score in named]
    if not any(chosen) and any(score < 0 for score in named):
        chosen = [score == 0 for score in named]
    if not any(chosen) or all(chosen):
        chosen = _by_place(spoken(message), len(options)) or (chosen if all(chosen) else [])
    return _with_starters(dict(zip(options, chosen, strict=True)), things) if chosen else {}


def _with_starters(chosen: dict[str, bool], things: Mapping[str, object]) -> dict[str, bool]:
    """The same with the observations by which journeys start: what chooses a journey is what starts it.

    One by which a chosen journey and another one start starts neither, where the chosen one has a condition besides.
    """
    starting = {
        name: [text for text in thing.conditions if text not in chosen]
        for name in chosen
        if isinstance(thing := things[name], Journey)
    }
    others = {text for name, texts in starting.items() if not chosen[name] for text in texts}
    wanted: set[str] = set()
    for name, texts in starting.items():
        if chosen[name]:
            wanted.update([text for text in texts if text not in others] or texts)
    named = (text for texts in starting.values() for text in texts if isinstance(things.get(text), Observation))
    return {**chosen, **{text: text in wanted for text in named}}


def _texts(thing: object, things: Mapping[str, object]) -> tuple[str, ...]:
    """What an option says of itself; a journey's condition may be the name of an observation."""
    if isinstance(thing, Journey):
        named = [things.get(condition) for condition in thing.conditions]
        said = [
            other.condition if isinstance(other, Observation) else condition
            for condition, other in zip(thing.conditions, named, strict=True)
        ]
        return (thing.title or "", *said)
    return (thing.condition,) if isinstance(thing, Observation) else ()


@lru_cache(maxsize=4_096)
def _words_of(texts: tuple[str, ...]) -> frozenset[str]:
    """What the options say; between few options even a frequent word (`order`) tells which is meant."""
    return frozenset(stem for text in texts for clause in read(text).clauses for stem, _ in weights(clause.content))


def _named(own: frozenset[str], message: str) -> int:
    """How many of an option's own words a message says; below 0 when it denies them."""
    said = frozenset(stem for stem in text_stems(message) if any(related(stem, one) for one in own))
    return -1 if said and negates(message, said) else len(said)


def _by_place(said: str, count: int) -> list[bool]:
    if _NONE.search(said):
        return [False] * count
    if _ALL.search(said):
        return [True] * count
    if len(said.split()) > _SHORT:
        return []
    place = 0 if _FIRST.search(said) else 1 if _SECOND.search(said) else count - 1 if _LAST.search(said) else None
    return [] if place is None else [place == other for other in range(count)]
