"""Which words of a sentence are negated.

A negation reaches from its word to the end of its clause, at most six words. Set phrases (`no problem`, `not only`,
`why not`) negate nothing, and neither does the negation of a question (`why don't you have coke?`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from engine.reasoner.embedded.language.features import words
from engine.reasoner.embedded.language.lexicon import anywhere, stem_set, word_set
from engine.reasoner.embedded.language.stemming import related_to_any, stem

REACH = 6
"""How many words after it a negation reaches within its clause."""

_NEGATIONS = word_set("not no never without neither nor none nobody nothing cannot")
_INVERTED = word_set("do does did is are was were can could will would should has have had")
_PEOPLE = word_set("i you we they he she it there this that the my your")
_CLAUSE = re.compile(
    r"[,.;:!?()\n]|\s[-–—]+\s|\b(?:but|because|since|so|although|though|instead|and then|(?<!not )(?:just|only))\b",
    re.I,
)
_EVENTS = stem_set(
    "get got receive arrive arrived come came load open find see able show shown send sent deliver happen fit turn"
    " connect start help respond answer reply let go log sign access reach use seem appear hear heard process update"
    " give gave told tell have had work charge pay"
)
_LACKS = stem_set("unable fail lost forgot forgotten missing broken stopped impossible")
_NOT_KNOWING = ("do not know", "do not remember", "no idea", "not sure")


@dataclass(frozen=True, slots=True)
class Negation:
    """One negation: its word, the words it reaches, and whether it negates an event rather than a wish.

    `I haven't received it` negates an event and still speaks about what it names; `I don't want it` does not.
    """

    word: str
    reaches: tuple[str, ...]
    of_event: bool


@lru_cache(maxsize=2_048)
def negations(sentence: str) -> tuple[Negation, ...]:
    """The negations of a sentence, in order; none for set phrases and for the `not` of a negative question."""
    return tuple(found for clause in _CLAUSE.split(sentence) if clause for found in _of_clause(words(clause)))


def _of_clause(spoken: list[str]) -> Iterator[Negation]:
    for place, word in enumerate(spoken):
        if word in _NEGATIONS and not _in_set_phrase(spoken, place) and not _asking(spoken, place):
            reaches = tuple(spoken[place + 1 : place + 1 + REACH])
            verb = next((other for other in reaches if other not in {"even", "yet", "been", "be", "to", "really"}), "")
            modal = place > 0 and spoken[place - 1] in {"can", "could", "has", "have", "had", "was", "were", "did"}
            of_event = word == "not" and (stem(verb) in _EVENTS or (modal and stem(verb) not in {"want", "need"}))
            yield Negation(word, reaches, of_event)


def _in_set_phrase(spoken: list[str], place: int) -> bool:
    before = len(" ".join(spoken[:place])) + (place > 0)
    return any(hit.start() <= before < hit.end() for hit in anywhere("set phrase").finditer(" ".join(spoken)))


def _asking(spoken: list[str], place: int) -> bool:
    """`don't you`, `why isn't there`: the negation belongs to the question, not to what is asked about."""
    return (
        spoken[place] == "not"
        and place > 0
        and spoken[place - 1] in _INVERTED
        and place + 1 < len(spoken)
        and spoken[place + 1] in _PEOPLE
        and (place < 2 or spoken[place - 2] not in _PEOPLE)
    )


def negates(sentence: str, stemmed: frozenset[str]) -> Negation | None:
    """The first negation of a sentence that reaches one of some stems, or a word of its family; None when none does."""
    for found in negations(sentence):
        if any(related_to_any(stem(word), stemmed) for word in found.reaches):
            return found
    return None


@lru_cache(maxsize=8_192)
def is_negative(sentence: str) -> bool:
    """Whether a sentence denies or misses something: a negation, or a word such as `unable`, `lost` or `forgot`."""
    return bool(negations(sentence)) or any(stem(word) in _LACKS for word in words(sentence)) or _unknowing(sentence)


def _unknowing(sentence: str) -> bool:
    spoken = " ".join(words(sentence))
    return any(phrase in spoken for phrase in _NOT_KNOWING)
