"""Times of day in a customer's words: `half past seven`, `18:30`, `quarter to nine pm`, `9 to 11 am`.

An hour up to twelve is taken as it is said, unless `pm`, `evening` or the like beside it, or a range that ends in the
other half of the day, says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from engine.reasoner.embedded.arguments.numbers import lead, spot_numbers

_HOUR = r"\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_HALF = r"(?:\s?(?P<half>[ap])\.?\s?m\b|\s*,?\s*(?:in the|at)\s(?P<part>morning|afternoon|evening|night)\b)"
_TOLD = re.compile(
    r"\b(?:an? )?(?P<part_of_hour>(?:half|quarter|five|ten|twenty) past|(?:quarter|(?:five|ten|twenty) minutes) to)"
    rf" (?P<hour>{_HOUR})\b{_HALF}?",
    re.I,
)
_SPOKEN = re.compile(
    rf"(?:^\s*|\b(?:at|by|around|about|from|until|till|to)\s+)(?P<hour>{_HOUR})"
    rf"[ -](?P<minutes>fifteen|thirty|forty[ -]five)\b{_HALF}?",
    re.I,
)
_WRITTEN = re.compile(rf"(?<![\d.:/-])(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?![\d%]|[.,]\d){_HALF}?", re.I)
_WHOLE = re.compile(rf"(?<![\d.,:/$€£-])\b(?P<hour>{_HOUR})(?: ?o['’]?clock)?{_HALF}", re.I)
_SHARP = re.compile(rf"\b(?P<hour>{_HOUR}) ?o['’]?clock\b", re.I)
_NAMED = re.compile(r"\b(?:at |by |around )?(?P<name>noon|midday|midnight)\b", re.I)
_RANGE = re.compile(
    rf"(?<![\d.,:/$€£-])\b(?P<hour>{_HOUR})(?P<between>\s*(?:to|until|till|and|or|[-–])\s*)(?={_HOUR})", re.I
)
_MINUTES_SPOKEN = {"fifteen": 15, "thirty": 30, "forty five": 45}
_MINUTES = {"half": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20}
_AFTER_PART = re.compile(
    rf"\b(?:morning|afternoon|evening|night|tonight),? (?:at|around|by|from) (?P<hour>{_HOUR})\b(?![\d:.]|\s?[ap]\.?m)",
    re.I,
)
_PART_BEFORE = re.compile(
    r"\b(?:(?P<part>morning|afternoon|evening|night)|to(?P<tonight>night))\b,?(?: at| around| by| from)?\s*$", re.I
)
_DAWN = 6


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day and where it stands in a text."""

    at: time
    start: int
    end: int


def spot_clocks(text: str) -> list[Clock]:
    """The times of day of a text, in their order.

    Args:
        text: What the customer said.

    Returns:
        Times that are told with minutes, with their half of the day, or by name; a bare `at 7` is none.
    """
    found: list[Clock] = []
    for reading in (_told, _spoken, _written, _whole, _named):
        found += [
            one for one in reading(text) if not any(one.start < other.end and other.start < one.end for other in found)
        ]
    found += _beginnings(text, found)
    return sorted(found, key=lambda one: one.start)


def _told(text: str) -> Iterator[Clock]:
    for found in _TOLD.finditer(text):
        first, *_, side = found["part_of_hour"].lower().split()
        yield from _clock(found, _MINUTES[first] if side == "past" else -_MINUTES[first])


def _spoken(text: str) -> Iterator[Clock]:
    for found in _SPOKEN.finditer(text):
        minutes = _MINUTES_SPOKEN[re.sub(r"[ -]", " ", found["minutes"].lower())]
        yield from (Clock(one.at, found.start("hour"), one.end) for one in _clock(found, minutes))


def _written(text: str) -> Iterator[Clock]:
    for found in _WRITTEN.finditer(text):
        yield from _clock(found, int(found["minute"]))


def _whole(text: str) -> Iterator[Clock]:
    for pattern in (_WHOLE, _SHARP, _AFTER_PART):
        for found in pattern.finditer(text):
            yield from _clock(found, 0)


def _named(text: str) -> Iterator[Clock]:
    for found in _NAMED.finditer(text):
        yield Clock(time(0 if found["name"].lower() == "midnight" else 12), found.start("name"), found.end())


def _clock(found: re.Match[str], minutes: int) -> Iterator[Clock]:
    hour = _hour(found["hour"])
    if hour is None:
        return
    later = _is_later_half(found, hour)
    if later is not None and hour <= 12:
        hour = hour % 12 + (12 if later else 0)
    total = (hour * 60 + minutes) % (24 * 60)
    yield Clock(time(total // 60, total % 60), found.start() if minutes else found.start("hour"), found.end())


def _hour(said: str) -> int | None:
    numbers = spot_numbers(said)
    hour = numbers[0].value if numbers else None
    return hour if isinstance(hour, int) and 0 <= hour <= 24 else None


def _is_later_half(found: re.Match[str], hour: int) -> bool | None:
    """Whether the words beside an hour put it after noon; None where they say nothing."""
    half = found.groupdict().get("half")
    if half:
        return bool(half.lower() == "p")
    before = _PART_BEFORE.search(lead(found.string, found.start("hour")))
    part = found.groupdict().get("part") or (before and (before["part"] or before["tonight"])) or ""
    if part.lower() == "night":
        return _DAWN <= hour < 12
    return part.lower() != "morning" if part else None


def _beginnings(text: str, ends: list[Clock]) -> Iterator[Clock]:
    """The first hour of `9 to 11 am`: in the half of the day in which it comes before the second."""
    for found in _RANGE.finditer(text):
        end = next((one for one in ends if one.start == found.end()), None)
        hour = _hour(found["hour"])
        if end is None or hour is None:
            continue
        if hour + 12 < end.at.hour + (end.at.minute > 0) and hour < 12:
            hour += 12
        if not any(one.start <= found.start() < one.end for one in ends):
            yield Clock(time(hour), found.start(), found.end("hour"))
