"""How well a canned response says a draft: nearness of wording, fields, numbers and polarity."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeAlias

from engine.reasoner.base import Candidate
from engine.reasoner.embedded.language.features import likeness, rarity, stems

FIELD_BONUS = 0.15
"""Added when a field that the response shows is what the draft speaks of (its value or its name is in the draft)."""

NAMED_BONUS = 0.35
"""The same where the draft has no words and its action names the whole field (`their lucky number`: `lucky_number`)."""

ALIGNED = 0.3
"""Likeness from which two sentences speak of the same thing, so that a negation in only one of them contradicts."""

ALIGNED_IN_MEANING = 0.5
"""The same for sentences in other words: all that is said of one matter is near each other in meaning."""

MOST_SENTENCES = 24
"""How many sentences of a message are compared one by one; no canned response is longer."""

Meaning: TypeAlias = Callable[[Sequence[str], Sequence[str]], Sequence[float]]
"""For each of the second texts, how surely one of the first says the same in other words; between 0 and 1, in the scale
of likeness of wording."""

_LONGEST = 8_000
_TELLING = 1.0
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\s*\n+\s*")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_BLANK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
_STUB = re.compile(r"\[say: (?P<action>.*?)\]", re.S)
_ORDER = re.compile(
    r"^(?:explain|describe|provide|give|share|show|list|present|tell|inform|answer|mention|"
    r"summari[sz]e|state|clarify|discuss)"
    r"(?:\s+(?:them|him|her|(?:the\s+)?customer|(?:the\s+)?user))?(?:\s+(?:with|about|of|on))?\s+",
    re.I,
)
_HARMLESS = re.compile(
    r"\b(?:no (?:problem|problems|worries|doubt|matter|longer than)|not (?:only|just|at all|a "
    r"problem)|why not|or not|if not|"
    r"(?:do not|don't) (?:worry|hesitate|forget|mind)|(?:can't|cannot|can not) wait|not to "
    r"worry|nothing else|no need to worry)\b",
    re.I,
)
_NEGATIVE = re.compile(
    r"\b(?:no|not|never|none|nothing|neither|nor|nobody|nowhere|cannot|unable|impossible|unavailable|unsuccessful|"
    r"failed|fails|declined|denied|rejected|refused|invalid|sold out|out of stock|ran out|run out)\b|n't\b",
    re.I,
)
_YES = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|sure|certainly|of course|absolutely|definitely|we do\b|i can\b|"
    r"you can\b)",
    re.I,
)
_NO = re.compile(
    r"^\W*(?:no|nope|nah|sorry, (?:no|but|we)|unfortunately|i'm afraid|not (?:yet|really|at the "
    r"moment))\b",
    re.I,
)
_GREETING = re.compile(
    r"(?:^|[.!?]\s+)\W*(?:hi|hello|hey|welcome|greetings|howdy|good (?:morning|afternoon|evening|day))\b", re.I
)
_PARTING = re.compile(
    r"\b(?:good ?bye|bye|farewell|see you|take care|you(?:['’]re| are) (?:very |most )?welcome"
    r"|have a (?:nice|good|great|lovely|wonderful) \w+)\b",
    re.I,
)
_REQUEST = re.compile(
    r"\?|\b(?:please|let me know|tell me|give me|need|share|provide|specify|choose|which|what|could you|would you)\b",
    re.I,
)
_OPPOSITES = (
    ("open", "closed"),
    ("succeeded", "failed"),
    ("successful", "failed"),
    ("available", "unavailable"),
    ("accepted", "rejected"),
    ("approved", "declined"),
    ("approved", "denied"),
    ("confirmed", "cancelled"),
    ("enabled", "disabled"),
    ("activated", "deactivated"),
    ("included", "excluded"),
    ("valid", "invalid"),
    ("valid", "expired"),
    ("allowed", "forbidden"),
    ("possible", "impossible"),
    ("locked", "unlocked"),
    ("on", "off"),
    ("increase", "decrease"),
    ("early", "late"),
    ("first", "last"),
    ("free", "charged"),
)
"""Words that say the opposite; a closed class of general English."""

_STATEMENT_FOR_QUESTION = 0.7
"""What remains of the nearness when the draft only asks and the response asks for nothing."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a response is to a draft.

    `against` says in words what contradicts it (empty: nothing); `in_other_words` that it is nearer in meaning than in
    words.
    """

    score: float
    by: str
    against: str = ""
    in_other_words: bool = False


def words_alone(pieces: Sequence[str], texts: Sequence[str]) -> Sequence[float]:
    """The `Meaning` where only words are compared: nothing is known to be said in other words."""
    return [0.0] * len(texts)


def sentences(text: str) -> list[str]:
    """The first `MOST_SENTENCES` sentences of a text; line breaks end one, too."""
    found = _SENTENCE.split(text[:_LONGEST], maxsplit=MOST_SENTENCES)[:MOST_SENTENCES]
    return [piece.strip() for piece in found if piece.strip()]


def spoken(text: str) -> str:
    """A draft's words for comparing: of a stub, what its action is about."""
    return _STUB.sub(lambda found: _ORDER.sub("", found["action"]), text).strip()


def nearness(
    draft: str,
    candidate: Candidate,
    also: Sequence[str] = (),
    wordless: bool = False,
    meaning: Meaning = words_alone,
) -> Nearness:
    """How near a candidate is to a draft.

    Args:
        draft: The draft's words (see `spoken`).
        candidate: A rendered response.
        also: Further texts that say what is meant, e.g. the action of the guideline that the response belongs to.
        wordless: Whether the draft has no words of its own, only the action that asks for them.
        meaning: What finds the same said in other words.

    Returns:
        The best of rendered text, template and signals against the draft and each of its sentences, plus the bonus for
        fields; between 0 and 1, rounded to 4 decimals.
    """
    pieces = list(dict.fromkeys((draft, *sentences(draft), *also)))
    blank = own_words(candidate)
    told = [one for one in sentences(candidate.text) if len(stems(one)) > 2]
    texts = [(text, "its text") for text in dict.fromkeys((candidate.text, *told))]
    texts_before = len(texts)
    texts += [(signal, f"its signal “{signal}”") for signal in candidate.signals]
    scored = [(likeness(piece, text), -place) for piece in pieces for place, (text, _) in enumerate(texts)]
    if candidate.fields and blank:
        scored += [(likeness(_NUMBER.sub(" ", piece), blank), 0) for piece in pieces]
    in_words = max(scored)[0]
    meant = meaning(pieces, (blank, *candidate.signals)) if blank else ()
    scored += [(value, -place) for value, place in zip(meant, (0, *range(texts_before, len(texts))), strict=False)]
    best, place = max(scored)
    in_other_words = best > in_words
    if all(one.endswith("?") for one in sentences(draft)) and not _REQUEST.search(candidate.text):
        best *= _STATEMENT_FOR_QUESTION
    bonus = FIELD_BONUS if shares_fields(draft, candidate.fields) else 0.0
    if wordless and _names_field(draft, candidate.fields):
        bonus = NAMED_BONUS
    by = texts[-place][1] + (" and its fields" if bonus else "")
    compared = meaning if best >= ALIGNED else words_alone
    against = contradiction(draft, candidate, compared)
    return Nearness(round(min(1.0, best + bonus), 4), by, against, in_other_words)


def own_words(candidate: Candidate) -> str:
    """The words of a response's template, without its fields."""
    return re.sub(r"\s+", " ", _BLANK.sub(" ", candidate.template)).strip()


@lru_cache(maxsize=2_048)
def _stem_set(text: str) -> frozenset[str]:
    return frozenset(stems(text))


@lru_cache(maxsize=2_048)
def telling(text: str) -> frozenset[str]:
    """The stems of a text that are not among the commonest words."""
    return frozenset(stem for stem in stems(text.replace("_", " ")) if rarity(stem) >= _TELLING)


def shares_fields(draft: str, fields: Mapping[str, Any]) -> bool:
    """Whether a draft says the name or the value of a field that a response shows."""
    words = telling(draft)
    for name, value in fields.items():
        if name.startswith(("std.", "generative.")):
            continue
        shown = str(value)
        if telling(name.split(".")[-1]) & words or (len(shown) > 1 and shown.lower() in draft.lower()):
            return True
    return False


def _names_field(draft: str, fields: Mapping[str, Any]) -> bool:
    names = [telling(name.split(".")[-1]) for name in fields if not name.startswith(("std.", "generative."))]
    return any(name and name <= telling(draft) for name in names)


def contradiction(draft: str, candidate: Candidate, meaning: Meaning = words_alone) -> str:
    """What in a response goes against the draft, in words; empty when nothing does.

    Numbers that come from fields do not count: they are data, and the draft may be wrong about them.
    """
    wrong = _other_numbers(draft, candidate)
    if wrong:
        return f"it says {wrong}, which the draft does not"
    if _YES.search(draft) and _NO.search(candidate.text) or _NO.search(draft) and _YES.search(candidate.text):
        return "one says yes and the other no"
    if _greets_only(draft) and _parts_only(candidate.text) or _parts_only(draft) and _greets_only(candidate.text):
        return "one greets and the other takes leave"
    told = [_plain(other) for other in _statements(candidate.text)]
    for one in map(_plain, _statements(draft)):
        for other in told:
            if (is_negative(one) != is_negative(other) or opposed(one, other)) and _aligned(one, other, meaning):
                return "one denies what the other says"
    return ""


def _aligned(one: str, other: str, meaning: Meaning) -> bool:
    """Whether two sentences are about the same thing, one of them perhaps denying it."""
    if likeness(_positive(one), _positive(other)) >= ALIGNED:
        return True
    return meaning([_positive(one)], [_positive(other)])[0] >= ALIGNED_IN_MEANING


def _greets_only(text: str) -> bool:
    return bool(_GREETING.search(text)) and not _PARTING.search(text)


def _parts_only(text: str) -> bool:
    return bool(_PARTING.search(text)) and not _GREETING.search(text)


@cache
def _opposite_stems() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    return tuple((frozenset(stems(one)), frozenset(stems(other))) for one, other in _OPPOSITES)


def opposed(one: str, other: str) -> bool:
    """Whether one text says a word and the other its opposite, and neither says both."""
    first, second = _stem_set(one), _stem_set(other)
    return any(
        (left <= first and right <= second and not left <= second and not right <= first)
        or (right <= first and left <= second and not right <= second and not left <= first)
        for left, right in _opposite_stems()
    )


def _plain(text: str) -> str:
    return text.replace("’", "'")


def _statements(text: str) -> list[str]:
    return [one for one in sentences(text) if not one.endswith("?")]


def _positive(text: str) -> str:
    """A sentence without its negation, so that likeness compares what it is about."""
    return _NEGATIVE.sub(" ", text)


@lru_cache(maxsize=4_096)
def is_negative(text: str) -> bool:
    """Whether a sentence denies something (`no problem` and the like do not)."""
    return bool(_NEGATIVE.search(_HARMLESS.sub(" ", _plain(text))))


def _other_numbers(draft: str, candidate: Candidate) -> str:
    """A number that the template itself says while the draft says others; empty when there is none."""
    said = _numbers(draft)
    own = _numbers(_BLANK.sub(" ", candidate.template))
    if not said or not own or said & own or _numbers(candidate.text) & said:
        return ""
    return min(own)


def leaves_out_numbers(draft: str, candidate: Candidate) -> bool:
    """Whether the draft tells numbers and the response none of them, nor anything from a field in their place."""
    told = _numbers(draft)
    return bool(told) and not candidate.fields and told.isdisjoint(_numbers(candidate.text))


def _numbers(text: str) -> frozenset[str]:
    return frozenset(_normal(found) for found in _NUMBER.findall(text))


def _normal(number: str) -> str:
    plain = number.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
