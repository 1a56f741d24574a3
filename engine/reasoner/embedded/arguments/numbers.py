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
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_GROUPS = {
    "a couple": 2,
    "a dozen": 12,
    "half a dozen": 6,
    "a pair": 2,
    "a hundred": 100,
    "a thousand": 1000,
}
_WORD = "|".join((*_UNITS, *_TENS, *_SCALES))
_SPELLED = re.compile(rf"\b(?:{'|'.join(_GROUPS)})\b|\b(?:{_WORD})(?:[\s-]+(?:and\s+)?(?:{_WORD}))*\b", re.I)
_DIGITS = re.compile(
    r"(?<![\w@#./:-])(?P<sign>-)?\s?(?P<currency>[$€£¥]\s?)?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
    r"(?P<scale>\s?(?:k|thousand|million|m)\b)?(?P<unit>\s?(?:dollars?|euros?|pounds?|bucks|usd|"
    r"eur|gbp|%|percent)(?!\w))?"
    r"(?![\w@-]|[./:]\d)",
    re.I,
)
_SHORT_SCALES = {"k": 1000, "thousand": 1000, "m": 1_000_000, "million": 1_000_000}


def spot_numbers(text: str) -> list[Spotted]:
    """The numbers of a text in their order, as int or float; those inside dates, times, ids and addresses are none.

    Args:
        text: What the customer said, e.g. `two pizzas, max $1,200.50`.

    Returns:
        Values with their places, here 2 and 1200.5.
    """
    found = [*_in_digits(text), *_in_words(text)]
    return sorted(found, key=lambda spotted: spotted.start)


def _in_digits(text: str) -> Iterator[Spotted]:
    for found in _DIGITS.finditer(text):
        number = _as_number(found["digits"])
        if found["scale"]:
            number *= _SHORT_SCALES[found["scale"].strip().lower()]
        if found["sign"] and (found.start() == 0 or not text[found.start() - 1].isalnum()):
            number = -number
        yield Spotted(_whole(number), found.start(), found.end(), found[0].strip())


def _as_number(digits: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _in_words(text: str) -> Iterator[Spotted]:
    for found in _SPELLED.finditer(text):
        spoken = found[0].lower()
        if spoken in ("one", "zero") and re.match(
            r"\s+(?:of|more|that|which|question|thing|moment|second)\b", text[found.end() :]
        ):
            continue
        value = _GROUPS[spoken] if spoken in _GROUPS else _value_of(spoken)
        yield Spotted(value, found.start(), found.end(), found[0])


def _value_of(spoken: str) -> int:
    total = current = 0
    for word in re.findall(r"[a-z]+", spoken):
        if word in _UNITS or word in _TENS:
            current += _UNITS.get(word, _TENS.get(word, 0))
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word in _SCALES:
            total += max(current, 1) * _SCALES[word]
            current = 0
    return total + current
