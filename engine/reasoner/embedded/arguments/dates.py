"""Dates and times in a customer's words, relative to the session's clock (by parsedatetime).

What the library misses or misreads is read before it: days in `calendar_days.py`, times of day in `clocks.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from engine.reasoner.embedded.arguments.calendar_days import MONTH, WEEKDAY, Day, Toward, spot_days
from engine.reasoner.embedded.arguments.clocks import Clock, spot_clocks
from engine.reasoner.embedded.arguments.numbers import Spotted

_NO_DATE = re.compile(
    rf"\s*(?:sun|sat|wed|\d{{1,2}}/\d{{1,2}}|an?\s+\w+|now|sec|min|m|s|h|d|\d+|(?:(?:in|this|next|last)\s+)?{MONTH}"
    r"|(?:this|next|last)\s+(?:week|month|year)"
    r"|(?:\d+|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve)\s+(?:second|minute|hour|day|week|month|year)s?)\s*",
    re.I,
)
"""What the library takes for a day and is none: other words, bare lengths (`for 4 days`), whole weeks and months."""

_NO_FIGURES = re.compile(r"\d{3,}|\d+(?:[.,/]\d+)+")
"""Figures that are no part of what the library should read: it takes `2.5 kilos` for a day in February."""

_COUNTED_ON = re.compile(r"\s+(?:later|hence)\b", re.I)
_EXACT = re.compile(r"\d|noon|midnight|midday", re.I)
"""What makes a time of day exact: `monday morning` has a day, but no time that anybody said."""

_TODAY = re.compile(r"tonight|today|this (?:morning|afternoon|evening)", re.I)
_BETWEEN = frozenset({"", "at", "on", "around", "about", "@", "for", "by", "from"})

Wanted = Literal["date", "datetime", "time"]


@dataclass(frozen=True, slots=True)
class Unclear:
    """Two days that the same words can mean."""

    days: tuple[date, date]


@dataclass(frozen=True, slots=True)
class _Moment:
    """A day, a time of day or both, and where it stands in the text."""

    day: date | None
    clock: time | None
    start: int
    end: int
    other: date | None = None


def spot_dates(text: str, now: datetime, wanted: Wanted = "date", toward: Toward = "future") -> list[Spotted]:
    """The dates or times of a text, in their order.

    Args:
        text: What the customer said, e.g. `the 14th, or next friday at 6pm`.
        now: The session's clock; `tomorrow`, `the 14th` and `14 March` are the next such day, on or after it.
        wanted: What is looked for.
        toward: Where a day without a year lies.

    Returns:
        ISO texts: `2026-03-14` for dates, `2026-03-14T18:00` for date and time, `18:00` for times; `Unclear` for a day
        that can be read in two ways.
    """
    joined = _moments(text, now, toward)
    return [spotted for moment in joined if (spotted := _as(moment, wanted, text, now))]


@lru_cache(maxsize=256)
def _moments(text: str, now: datetime, toward: Toward) -> tuple[_Moment, ...]:
    """All moments of a text; remembered, since every parameter that is a date or a time asks for them."""
    days = spot_days(text, now.date(), toward)
    rest = _blank(text, days)
    clocks = spot_clocks(rest)
    moments = [_Moment(day.day, None, day.start, day.end, day.other) for day in days]
    moments += [_Moment(None, clock.at, clock.start, clock.end) for clock in clocks]
    moments += _spoken(_blank(rest, clocks), now)
    return tuple(_joined(_one_day(sorted(moments, key=lambda moment: moment.start), text), text))


def _spoken(text: str, now: datetime) -> Iterator[_Moment]:
    import parsedatetime

    reader = parsedatetime.Calendar(version=parsedatetime.VERSION_CONTEXT_STYLE)
    text = _NO_FIGURES.sub(lambda found: " " * len(found[0]), text)
    for moment, kind, start, end, phrase in reader.nlp(text, sourceTime=now.timetuple()) or ():
        alone = re.fullmatch(WEEKDAY, phrase.strip(), re.I) and text.strip(" .!?,").lower() == phrase.strip().lower()
        bare = _NO_DATE.fullmatch(phrase) and not _COUNTED_ON.match(text, end) and not alone
        if not kind.hasDateOrTime or bare:
            continue
        day = moment.date() if kind.hasDate or _TODAY.search(phrase) else None
        clock = moment.time() if kind.hasTime and _EXACT.search(phrase) else None
        if day or clock:
            yield _Moment(day, clock, max(0, start), end)


def _blank(text: str, spots: Sequence[Day] | Sequence[Clock]) -> str:
    for spot in spots:
        text = text[: spot.start] + " " * (spot.end - spot.start) + text[spot.end :]
    return text


def _one_day(moments: list[_Moment], text: str) -> list[_Moment]:
    """Moments without the weekday that only goes with the day beside it: `Friday 13 March`, `Monday the 9th`."""
    return [
        one
        for one, other in zip(moments, [*moments[1:], None], strict=False)
        if not (
            other
            and one.day
            and other.day
            and one.clock is None
            and re.fullmatch(rf"\s*(?:on\s+)?{WEEKDAY}\s*", text[one.start : one.end], re.I)
            and text[one.end : other.start].strip(" ,").lower() in ("", "the")
        )
    ]


def _joined(moments: list[_Moment], text: str) -> Iterator[_Moment]:
    """A day and the time beside it as one moment."""
    place = 0
    while place < len(moments):
        one = moments[place]
        other = moments[place + 1] if place + 1 < len(moments) else None
        if other and _belong(one, other, text):
            unclear = one.other or other.other
            yield _Moment(one.day or other.day, one.clock or other.clock, one.start, other.end, unclear)
            place += 1
        else:
            yield one
        place += 1


def _belong(one: _Moment, other: _Moment, text: str) -> bool:
    between = text[one.end : other.start].strip(" ,").lower()
    complementary = (one.day is None) != (other.day is None) and (one.clock is None) != (other.clock is None)
    return complementary and between in _BETWEEN


def _as(moment: _Moment, wanted: Wanted, text: str, now: datetime) -> Spotted | None:
    quote = text[moment.start : moment.end].strip()
    value: str | Unclear | None
    if wanted == "time":
        value = moment.clock.isoformat("minutes") if moment.clock else None
    elif moment.day and moment.other:
        value = Unclear((moment.day, moment.other))
    elif wanted == "date":
        value = moment.day.isoformat() if moment.day else None
    else:
        value = _moment_text(moment, now)
    return Spotted(value, moment.start, moment.end, quote) if value else None


def _moment_text(moment: _Moment, now: datetime) -> str:
    day = moment.day or now.date()
    if moment.clock is None:
        return day.isoformat()
    if moment.day is None and moment.clock < now.time():
        day += timedelta(days=1)
    return datetime.combine(day, moment.clock).isoformat(timespec="minutes")
