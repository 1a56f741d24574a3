"""What people do with words whatever the topic: greet, thank, agree, refuse, get upset, ask for a person.

The phrases stand in `acts.txt`; they are of acts, never of topics. How a condition names an act is in `conditions.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from engine.reasoner.embedded.language.features import words
from engine.reasoner.embedded.language.lexicon import anywhere, opening
from engine.reasoner.embedded.language.negation import negations
from engine.reasoner.embedded.language.sentences import is_question, sentences


class Act(StrEnum):
    """A conversational act, as a phrase that completes `the customer …`."""

    GREETS = "greets"
    THANKS = "thanks"
    PARTS = "says goodbye"
    AGREES = "agrees"
    REFUSES = "refuses"
    UNSURE = "does not know"
    WANTS_PERSON = "asks for a person"
    UPSET = "is upset"
    PLEASED = "is pleased"
    CONFUSED = "is confused"
    HURRIES = "is in a hurry"
    APOLOGIZES = "apologizes"
    SWEARS = "swears"
    ASKS = "asks a question"


@dataclass(frozen=True, slots=True)
class Sign:
    """How strongly a message shows an act (from `SHOWN` on it does) and the words that show it."""

    strength: float
    quote: str


SHOWN = 0.5
"""The strength from which an act counts as shown."""

_NONE = Sign(0.0, "")
_SWEARING, _ANGER, _IRRITATION, _SHOUTING, _MARKS = 0.5, 0.6, 0.25, 0.5, 0.25
_FEW_WORDS = 3
_NICE = re.compile(
    r" (?:good|great|awesome|amazing|nice|yeah|yes|yea|perfect|delicious|excellent|cool|brilliant|well|tasty)(?!\S)"
)


def spoken(message: str) -> str:
    """A message's words joined by blanks, the form that the phrases of `acts.txt` are written for."""
    return " ".join(words(message))


def _first(section: str, said: str, strength: float = 1.0) -> Sign:
    found = anywhere(section).search(said)
    return Sign(strength, found.group()) if found else _NONE


def _opening(section: str, said: str, strength: float = 1.0) -> Sign:
    found = opening(section).match(said)
    return Sign(strength, found.group()) if found else _NONE


def _thanks(message: str) -> Sign:
    return _first("thanks", anywhere("no thanks").sub(" ", spoken(message)))


def _parts(message: str) -> Sign:
    return _NONE if is_question(message) else _first("parting", spoken(message))


def _unsure(message: str) -> Sign:
    said = spoken(message)
    found = _first("unsure", said)
    return found if found.strength else _opening("maybe", said, 0.7)


def _asks_at_length(message: str) -> bool:
    return is_question(message) and len(words(message)) > _FEW_WORDS


def _agrees(message: str) -> Sign:
    first = next(iter(sentences(message)), "")
    if _asks_at_length(first) or _refuses(message).strength >= SHOWN:
        return _NONE
    found = _opening("yes", spoken(first))
    return found if found.strength else _first("yes elsewhere", spoken(message))


def _refuses(message: str) -> Sign:
    first = next(iter(sentences(message)), "")
    said = spoken(first)
    if anywhere("not a no").match(said) or (_asks_at_length(first) and not said.startswith("no ")):
        return _NONE
    found = _opening("no", said)
    return found if found.strength else _first("no elsewhere", spoken(message))


def _wants_person(message: str) -> Sign:
    for sentence in sentences(message):
        said = spoken(sentence)
        found = anywhere("wants person").search(said)
        if found and not _denied(sentence, found.group()):
            return Sign(1.0, found.group())
        if anywhere("person alone").fullmatch(said):
            return Sign(1.0, said)
    return _NONE


def _denied(message: str, phrase: str) -> bool:
    """Whether a phrase is taken back (`I'm not angry`); one that is itself negative cannot be."""
    first = phrase.split()[0]
    return first not in {"not", "never", "no"} and any(
        first in found.reaches for sentence in sentences(message) for found in negations(sentence)
    )


def _upset(message: str) -> Sign:
    said = spoken(message)
    swearing = [hit for hit in anywhere("profanity").finditer(said) if not _NICE.match(said, hit.end())]
    found = [(_SWEARING, hit.group()) for hit in swearing[:2]]
    angry = [hit.group() for hit in anywhere("anger").finditer(said)]
    found += [(_ANGER, phrase) for phrase in angry[:4] if not _denied(message, phrase)]
    found += [(_IRRITATION, hit.group()) for hit in anywhere("irritation").finditer(said)][:3]
    found += _loudness(message)
    return Sign(round(min(1.0, sum(weight for weight, _ in found)), 4), found[0][1] if found else "")


def _loudness(message: str) -> list[tuple[float, str]]:
    """Capitals, doubled marks and an astonished `what?`."""
    shouted = [word for word in re.findall(r"[^\W\d_]{3,}", message) if word.isupper()]
    letters = [letter for letter in message if letter.isalpha()]
    mostly = len(shouted) > 1 and len(letters) > 9 and sum(map(str.isupper, letters)) > 0.6 * len(letters)
    found = [(_SHOUTING, " ".join(shouted[:4]))] if mostly else []
    for pattern in (r"\?{2,}|!{2,}|\?!|!\?", r"(?:^|[.!?,]\s*)(?:wait,? )?what\s*[?!]+"):
        marks = re.search(pattern, message, re.I)
        if marks:
            found.append((_MARKS, marks.group().strip()))
    return found


def _pleased(message: str) -> Sign:
    found = _first("pleased", spoken(message), 0.8)
    return found if found.strength and not _denied(message, found.quote) else _NONE


def _hurries(message: str) -> Sign:
    return _first("hurry", anywhere("no hurry").sub(" ", spoken(message)))


def _asks(message: str) -> Sign:
    asked = [sentence for sentence in sentences(message) if is_question(sentence)]
    return Sign(1.0, asked[0]) if asked else _NONE


_SHOWN_BY: Mapping[Act, Callable[[str], Sign]] = {
    Act.GREETS: lambda message: _opening("greeting", spoken(message)),
    Act.THANKS: _thanks,
    Act.PARTS: _parts,
    Act.AGREES: _agrees,
    Act.REFUSES: _refuses,
    Act.UNSURE: _unsure,
    Act.WANTS_PERSON: _wants_person,
    Act.UPSET: _upset,
    Act.PLEASED: _pleased,
    Act.CONFUSED: lambda message: _first("confused", spoken(message)),
    Act.HURRIES: _hurries,
    Act.APOLOGIZES: lambda message: _first("apology", spoken(message)),
    Act.SWEARS: lambda message: _first("profanity", spoken(message)),
    Act.ASKS: _asks,
}


@lru_cache(maxsize=4_096)
def sign_of(act: Act, message: str) -> Sign:
    """How strongly a message shows an act, and by which words.

    Args:
        act: The act.
        message: What was said.

    Returns:
        The sign; its strength is between 0 and 1, from `SHOWN` on the act is shown.
    """
    return _SHOWN_BY[act](message)


def shows(act: Act, message: str) -> bool:
    """Whether a message shows an act."""
    return sign_of(act, message).strength >= SHOWN


def reply(message: str) -> Act | None:
    """A message read as the answer to a yes-no question.

    `I don't know` is tested before `no`.

    Args:
        message: What the customer answered.

    Returns:
        `UNSURE`, `REFUSES`, `AGREES`, or None for no answer to such a question.
    """
    return next((act for act in (Act.UNSURE, Act.REFUSES, Act.AGREES) if shows(act, message)), None)
