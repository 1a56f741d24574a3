"""Dates, times and lengths of time in a customer's words, relative to the session's clock (by parsedatetime).

The library misses days without a month (`the 14th`) and days written `14/3` or `14.3.`; these are read here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from engine.agent.basics import format_duration
from engine.reasoner.embedded.arguments.numbers import Spotted, spot_numbers

_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
_WRITTEN = (
    re.compile(r"\b(?P<year>\d{4})-(?P<monthly>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"\b(?P<day>\d{1,2})(?P<dot>/)(?P<monthly>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?![\d/])"),
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<monthly>\d{1,2})\.(?P<year>\d{4}|\d{2})?(?!\d)"),
    re.compile(rf"\b(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b{_YEAR}", re.I),
    re.compile(rf"\b{_MONTH}\s+(?:the\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}(?!\s*[:\d])", re.I),
    re.compile(r"\b(?:the\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)\b", re.I),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LENGTH = re.compile(
    r"\b(?P<count>half an?|an?|\d+(?:[.,]\d+)?|[a-z]+(?:-[a-z]+)?)[\s-]*"
    r"(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|h|days?|nights?|weeks?)\b(?P<half> and a half)?",
    re.I,
)
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "n": 86400, "w": 604800}
_NO_DATE = re.compile(
    r"\s*(?:may|sun|sat|wed|mar|march|an?\s+\w+|now|sec|min|m|s|h|d|\d+|(?:\d+|one|two|three|four|five|six|seven|eight"
    r"|nine|ten|eleven|twelve)\s+(?:second|minute|hour|day|week|month|year)s?)\s*",
    re.I,
)
"""What the library takes for a moment and is none: words that mean something else, and bare lengths (`for 4 days`)."""

_COUNTED_ON = re.compile(r"\s+(?:later|hence)\b", re.I)
_CLOCK = re.compile(r"\b(?P<hour>[01]?\d|2[0-3])[:.h](?P<minute>[0-5]\d)(?!\d|\s?[ap]\.?m)", re.I)
_EXACT = re.compile(r"\d|noon|midnight|midday", re.I)
"""What makes a time of day exact: `monday morning` has a day, but no time that anybody said."""

_TOLD_CLOCK = re.compile(r"\b(?:a )?(?P<part>half past|quarter past|quarter to) (?P<hour>\d{1,2}|[a-z]+)\b", re.I)
_MINUTES = {"half past": 30, "quarter past": 15, "quarter to": -15}
_TODAY = re.compile(r"tonight|today|this (?:morning|afternoon|evening)", re.I)

Wanted = Literal["date", "datetime", "time"]


@dataclass(frozen=True, slots=True)
class _Moment:
    """A day, a time of day or both, and where it stands in the text."""

    day: date | None
    clock: time | None
    start: int
    end: int


def spot_dates(text: str, now: datetime, wanted: Wanted = "date") -> list[Spotted]:
    """The dates or times of a text, in their order.

    Args:
        text: What the customer said, e.g. `the 14th, or next friday at 6pm`.
        now: The session's clock; `tomorrow`, `the 14th` and `14 March` are the next such day, on or after it.
        wanted: What is looked for.

    Returns:
        ISO texts: `2026-03-14` for dates, `2026-03-14T18:00` for date and time, `18:00` for times.
    """
    joined = _moments(text, now)
    return [spotted for moment in joined if (spotted := _as(moment, wanted, text, now))]


@lru_cache(maxsize=256)
def _moments(text: str, now: datetime) -> tuple[_Moment, ...]:
    """All moments of a text; remembered, since every parameter that is a date or a time asks for them."""
    moments = list(_written(text, now.date()))
    rest = _blank(text, moments)
    clocks = [*_told_clocks(rest)]
    clocks += [_Moment(None, time(int(one["hour"]), int(one["minute"])), *one.span()) for one in _CLOCK.finditer(rest)]
    moments += clocks
    moments += _spoken(_blank(rest, clocks), now)
    return tuple(_joined(sorted(moments, key=lambda moment: moment.start), text))


def _written(text: str, today: date) -> Iterator[_Moment]:
    """Dates in figures, and days with or without a month."""
    rest = text
    for pattern in _WRITTEN:
        for found in pattern.finditer(rest):
            day = _day_of(found.groupdict(), today)
            if day:
                yield _Moment(day, None, *found.span())
                rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]


def _day_of(parts: dict[str, str | None], today: date) -> date | None:
    day = int(parts["day"] or 0)
    month = int(parts.get("monthly") or 0)
    if parts.get("month"):
        month = _MONTHS.index(str(parts["month"]).lower()[:3]) + 1
    if month > 12 >= day and parts.get("dot") == "/":
        day, month = month, day
    year = int(parts.get("year") or 0)
    if year:
        return _date(year + 2000 if year < 100 else year, month, day)
    return _next(today, month, day)


def _next(today: date, month: int, day: int) -> date | None:
    """The first such day on or after today; month 0 for any month."""
    year, current = today.year, month or today.month
    for _ in range(13):
        found = _date(year, current, day)
        if found and found >= today:
            return found
        if month:
            year += 1
        else:
            year, current = (year + 1, 1) if current == 12 else (year, current + 1)
    return None


def _date(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def _spoken(text: str, now: datetime) -> Iterator[_Moment]:
    import parsedatetime

    reader = parsedatetime.Calendar(version=parsedatetime.VERSION_CONTEXT_STYLE)
    text = re.sub(r"\b(?:the )?day after tomorrow\b", lambda found: "in 2 days".ljust(len(found[0])), text, flags=re.I)
    text = re.sub(r"\d{9,}", lambda found: " " * len(found[0]), text)
    for moment, kind, start, end, phrase in reader.nlp(text, sourceTime=now.timetuple()) or ():
        bare = _NO_DATE.fullmatch(phrase) and not _COUNTED_ON.match(text, end)
        if not kind.hasDateOrTime or bare or re.search(r"\d{3}", phrase):
            continue
        day = moment.date() if kind.hasDate or _TODAY.search(phrase) else None
        clock = moment.time() if kind.hasTime and _EXACT.search(phrase) else None
        if day or clock:
            yield _Moment(day, clock, max(0, start), end)


def _told_clocks(text: str) -> Iterator[_Moment]:
    """`Half past seven`, `quarter to 8`."""
    for found in _TOLD_CLOCK.finditer(text):
        hours = spot_numbers(found["hour"])
        if hours and 0 < hours[0].value <= 24:
            minutes = int(hours[0].value) * 60 + _MINUTES[found["part"].lower()]
            yield _Moment(None, time(minutes // 60 % 24, minutes % 60), *found.span())


def _blank(text: str, moments: list[_Moment]) -> str:
    for moment in moments:
        text = text[: moment.start] + " " * (moment.end - moment.start) + text[moment.end :]
    return text


def _joined(moments: list[_Moment], text: str) -> Iterator[_Moment]:
    """A day and the time beside it as one moment."""
    place = 0
    while place < len(moments):
        one = moments[place]
        other = moments[place + 1] if place + 1 < len(moments) else None
        if other and _belong(one, other, text):
            yield _Moment(one.day or other.day, one.clock or other.clock, one.start, other.end)
            place += 1
        else:
            yield one
        place += 1


def _belong(one: _Moment, other: _Moment, text: str) -> bool:
    between = text[one.end : other.start].strip(" ,").lower()
    complementary = (one.day is None) != (other.day is None) and (one.clock is None) != (other.clock is None)
    return complementary and between in ("", "at", "on", "around", "about", "@", "for")


def _as(moment: _Moment, wanted: Wanted, text: str, now: datetime) -> Spotted | None:
    quote = text[moment.start : moment.end].strip()
    if wanted == "time":
        value = moment.clock.isoformat("minutes") if moment.clock else None
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


def spot_lengths(text: str) -> list[Spotted]:
    """The lengths of time of a text, as `45s`, `30m`, `2h` or `3d`: `half an hour` gives `30m`.

    Args:
        text: What the customer said.
    """
    found: list[Spotted] = []
    for length in _LENGTH.finditer(text):
        count = _count(length["count"].lower())
        if count is not None:
            count += 0.5 if length["half"] else 0
            seconds = count * _UNIT_SECONDS[length["unit"][0].lower()]
            found.append(Spotted(format_duration(timedelta(seconds=seconds)), *length.span(), length[0]))
    return found


def _count(words: str) -> float | None:
    if words.startswith("half"):
        return 0.5
    if words in ("a", "an"):
        return 1
    numbers = spot_numbers(words)
    return float(numbers[0].value) if numbers else None
