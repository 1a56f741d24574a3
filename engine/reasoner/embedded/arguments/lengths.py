"""Lengths of time in a customer's words: `half an hour`, `two and a half hours`, `45 minutes`."""

from __future__ import annotations

import re
from datetime import timedelta

from engine.agent.basics import format_duration, parse_duration
from engine.reasoner.embedded.arguments.numbers import Spotted, spot_numbers

_UNIT = r"seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|nights?|weeks?|fortnights?"
_LENGTH = re.compile(
    r"\b(?P<count>half an?|(?:an?|\d+|[a-z]+) and a half|an?|\d+(?:[.,]\d+)?|[a-z]+(?:-[a-z]+)?|a couple of)[\s-]*"
    rf"(?P<unit>{_UNIT})\b(?P<half> and a half)?"
    r"(?:,? (?:and )?(?P<more>\d+|[a-z]+(?:-[a-z]+)?) (?P<smaller>seconds?|secs?|minutes?|mins?|hours?|hrs?|days?)\b)?",
    re.I,
)
_COMPACT = re.compile(r"(?<![\w.])(?:\d{1,4}d)?\d{1,4}h(?:\d{1,4}m)?(?!\w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "n": 86400, "w": 604800, "f": 1209600}


def spot_lengths(text: str) -> list[Spotted]:
    """The lengths of time of a text, as `45s`, `30m`, `2h` or `3d`: `half an hour` gives `30m`.

    Args:
        text: What the customer said.
    """
    return [
        Spotted(format_duration(length.value), length.start, length.end, length.quote)
        for length in spot_timedeltas(text)
    ]


def spot_timedeltas(text: str) -> list[Spotted]:
    """The lengths of time of a text as `timedelta`.

    Args:
        text: What the customer said.
    """
    found = [Spotted(parse_duration(one[0]), *one.span(), one[0]) for one in _COMPACT.finditer(text)]
    for length in _LENGTH.finditer(text):
        count = _count(length["count"].lower())
        more = _count(length["more"].lower()) if length["more"] else 0
        if count is None or more is None or any(length.start() < one.end and one.start < length.end() for one in found):
            continue
        count += 0.5 if length["half"] else 0
        seconds = count * _SECONDS[length["unit"][0].lower()]
        seconds += more * _SECONDS[length["smaller"][0].lower()] if length["smaller"] else 0
        if seconds < timedelta.max.total_seconds():
            found.append(Spotted(timedelta(seconds=seconds), *length.span(), length[0]))
    return found


def _count(words: str) -> float | None:
    if words.startswith("half"):
        return 0.5
    if words.endswith(" and a half"):
        whole = _count(words.removesuffix(" and a half"))
        return None if whole is None else whole + 0.5
    if words in ("a", "an"):
        return 1
    numbers = spot_numbers(words)
    return float(numbers[0].value) if numbers else None
