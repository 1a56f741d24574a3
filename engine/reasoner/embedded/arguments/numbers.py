"""Numbers and money in a customer's words, written in digits or in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Spotted:
    """A value in a text: where it stands, and its words."""

    value: Any
    start: int
    end: int
    quote: str


MOST_NUMBERS = 40
"""Of a text with more numbers than that the first and the last half of them count."""

_REACH = 80


def lead(text: str, start: int) -> str:
    """The words right before a place in a text, as far back as anything that tells of a value stands."""
    return text[max(0, start - _REACH) : start]


_SMALL = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen"
)
_UNITS = {word: number for number, word in enumerate(re.split(r"\|", _SMALL))}
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_SCALES = {"thousand": 1000, "million": 1_000_000}
_MULTIPLES = {"hundred": 100, "dozen": 12}
_GROUPS = {"a couple": 2, "a pair": 2, "half a dozen": 6, "half a million": 500_000}
_WORD = "|".join((*_UNITS, *_TENS, *_MULTIPLES, *_SCALES))
_MONEY = r"dollars?|euros?|pounds?|bucks|quid|francs?|usd|eur|gbp|chf"
_SPELLED = re.compile(
    rf"\b(?:(?:minus|negative)\s+)?(?:(?P<group>{'|'.join(_GROUPS)})|"
    rf"(?P<words>(?:a\s+(?=hundred|thousand|million|dozen))?(?:{_WORD})(?:[\s-]+(?:and\s+)?(?:{_WORD}))*)"
    rf"(?P<half>\s+and\s+a\s+half)?)\b(?P<unit>\s(?:{_MONEY}|percent)\b)?",
    re.I,
)
_DIGITS = re.compile(
    r"(?<![\w@#./:-])(?P<sign>-|(?:minus|negative)\s)?\s?(?P<currency>[$€£¥]\s?)?"
    rf"(?P<digits>\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+(?=\s?(?:{_MONEY}|[€£$]))|"
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?)"
    rf"(?P<scale>\s?(?:k|thousand|million|m)\b)?(?P<unit>\s?(?:{_MONEY}|[$€£¥%]|percent)(?!\w))?"
    r"(?![\w@-]|[./:]\d)",
    re.I,
)
_LONGEST = 18
"""How many characters of figures are a number; more of them are none that anybody means."""

_METRES = re.compile(r"\s?m\b", re.I)
_SHORT_SCALES = {"k": 1000, "thousand": 1000, "m": 1_000_000, "million": 1_000_000}
_CENTS = re.compile(r"\s*(?:cents?|pence|ct)\b", re.I)
_PRONOUN = re.compile(
    r"\b(?:the|that|this|which|another|any|no|each|every|last|next|first|second|third|other|number|an?\s+[\w-]+)\s+$",
    re.I,
)
_AFTER_PRONOUN = re.compile(r"\s+(?:of|more|that|which|question|thing|moment|second|sec|last)\b", re.I)


def spot_numbers(text: str) -> list[Spotted]:
    """The numbers of a text in their order, as int or float; those inside dates, times, ids and addresses are none.

    Args:
        text: What the customer said, e.g. `two pizzas, max $1,200.50`.

    Returns:
        Values with their places, here 2 and 1200.5.
    """
    found = sorted([*_in_digits(text), *_in_words(text)], key=lambda spotted: spotted.start)
    merged = list(_with_cents(found, text))
    return merged if len(merged) <= MOST_NUMBERS else merged[: MOST_NUMBERS // 2] + merged[-MOST_NUMBERS // 2 :]


def _in_digits(text: str) -> Iterator[Spotted]:
    for found in _DIGITS.finditer(text):
        if len(found["digits"]) > _LONGEST:
            continue
        money = bool(found["currency"] or (found["unit"] and "%" not in found["unit"]))
        number = _as_number(found["digits"], money=money)
        end = found.end()
        if found["scale"] and (money or not _METRES.fullmatch(found["scale"])):
            number *= _SHORT_SCALES[found["scale"].strip().lower()]
        elif found["scale"]:
            end = found.end("digits")
        if found["sign"] and (found.start() == 0 or not text[found.start() - 1].isalnum()):
            number = -number
        yield Spotted(_whole(number), found.start(), end, text[found.start() : end].strip())


def _as_number(digits: str, *, money: bool) -> float:
    """The number that figures write, with a point or a comma before its decimals; three decimals of money are none."""
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return float(digits.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", digits) or (money and re.fullmatch(r"\d{1,3}(?:\.\d{3})+", digits)):
        return float(digits.replace(".", "").replace(",", "."))
    return float(re.sub(r"\s", "", digits).replace(",", "."))


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _in_words(text: str) -> Iterator[Spotted]:
    for found in _SPELLED.finditer(text):
        said = found[0].lower()
        if said in ("one", "zero", "second") and (
            _AFTER_PRONOUN.match(text, found.end()) or _PRONOUN.search(lead(text, found.start()))
        ):
            continue
        value: float = _GROUPS[found["group"].lower()] if found["group"] else _value_of(found["words"].lower())
        value += 0.5 if found["half"] else 0
        if said.startswith(("minus", "negative")):
            value = -value
        yield Spotted(_whole(value), found.start(), found.end(), found[0])


def _value_of(spoken: str) -> int:
    total = current = 0
    for word in re.findall(r"[a-z]+", spoken):
        if word in _UNITS or word in _TENS:
            current += _UNITS.get(word, _TENS.get(word, 0))
        elif word in _MULTIPLES:
            current = max(current, 1) * _MULTIPLES[word]
        elif word in _SCALES:
            total += max(current, 1) * _SCALES[word]
            current = 0
    return total + current


def _with_cents(found: list[Spotted], text: str) -> Iterator[Spotted]:
    """Numbers with the cents that follow them: `twelve dollars and fifty cents`."""
    place = 0
    while place < len(found):
        one = found[place]
        other = found[place + 1] if place + 1 < len(found) else None
        cents = other and _CENTS.match(text, other.end)
        if other and cents and text[one.end : other.start].strip().lower() in ("", "and"):
            yield Spotted(
                round(one.value + other.value / 100, 2), one.start, cents.end(), text[one.start : cents.end()]
            )
            place += 1
        else:
            yield one
        place += 1
