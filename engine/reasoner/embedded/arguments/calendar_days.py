"""Days that customers write or describe: `14/3`, `the 14th`, `the 3rd of May`, `end of the month`, `tuesday next week`.

These are the ones that the date library misses or misreads. A day that can be read in two ways (`12/05`) is told apart
from one that is certain: nobody is booked for the wrong month.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from engine.reasoner.embedded.arguments.numbers import lead, spot_numbers

Toward = Literal["future", "past"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thurs?|thu|fri|sat|sun)"
_M = rf"(?P<month>{MONTH})\b\.?"
_YEAR = r"(?:,?\s+(?P<year>\d{4})\b)?"
_TH = r"(?:st|nd|rd|th)"
_TO = r"\s*(?:to|until|till|through|and|[-–])\s*(?:the\s+)?"
_RANGES = (
    re.compile(rf"\b(?:the\s+)?(?P<day>\d{{1,2}}){_TH}?{_TO}(?P<until>\d{{1,2}}){_TH}?\s+(?:of\s+)?{_M}{_YEAR}", re.I),
    re.compile(rf"\b{_M}\s+(?:the\s+)?(?P<day>\d{{1,2}}){_TH}?{_TO}(?P<until>\d{{1,2}}){_TH}?(?![\d:]){_YEAR}", re.I),
)
_WRITTEN = (
    re.compile(r"\b(?P<year>\d{4})[-/.](?P<monthly>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?<![\d/-])(?P<day>\d{1,2})(?P<slash>-)(?P<monthly>\d{1,2})-(?P<year>\d{4})(?![\d-])"),
    re.compile(r"(?<![\d/])(?P<day>\d{1,2})(?P<slash>/)(?P<monthly>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?![\d/])"),
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<monthly>\d{1,2})\.(?P<year>\d{4}|\d{2})?(?!\d)"),
    re.compile(rf"\b(?:the\s+)?(?P<day>\d{{1,2}}){_TH}?\s+(?:of\s+)?{_M}{_YEAR}", re.I),
    re.compile(rf"\b{_M}\s+(?:the\s+)?(?P<day>\d{{1,2}}){_TH}?\b{_YEAR}(?!\s*[:\d])", re.I),
    re.compile(rf"\b(?:the\s+)?(?P<day>\d{{1,2}}){_TH}\b(?!\s+(?:floor|time|row|place|one|of\s+(?!{MONTH}\b)))", re.I),
)
_NTH = re.compile(
    rf"\b(?:the\s+)?(?P<nth>first|1st|second|2nd|third|3rd|fourth|4th|last)\s+(?P<weekday>{WEEKDAY})\s+(?:of|in)\s+"
    rf"(?:(?P<which>the|this|next)\s+month|{_M}){_YEAR}",
    re.I,
)
_NTHS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3, "last": -1}
_EDGE = re.compile(
    r"\b(?:the\s+)?(?P<edge>(?:very\s+)?end|last day|start|beginning|first day)\s+of\s+"
    rf"(?:(?P<which>the|this|next)\s+(?P<span>month|year)|{_M}{_YEAR})",
    re.I,
)
_IN_WEEK = re.compile(
    rf"\b(?:(?P<weekday>{WEEKDAY})(?:\s+of)?\s+(?P<which>next|this|last)\s+week"
    rf"|(?P<which_first>next|this|last)\s+week['’]?s?\s+(?:on\s+)?(?P<weekday_last>{WEEKDAY}))\b",
    re.I,
)
_AFTER_NEXT = re.compile(
    rf"\b(?:(?P<weekday>{WEEKDAY})\s+week|a\s+week\s+(?:on|from)\s+(?P<weekday_last>{WEEKDAY}))\b", re.I
)
_RELATIVE = re.compile(
    r"\b(?:(?P<before>(?:the\s+)?day\s+before\s+yesterday)|(?P<after>(?:the\s+)?day\s+after\s+tomorrow"
    r"|(?:not\s+)?tomorrow[^.;!?\n]{1,12}\bthe\s+day\s+after)|(?P<soon>tmrw|tmr|tomo|tomorow|tommorow|tommorrow)"
    r"|in\s+(?P<count>an?(?:\s+(?:couple|pair)\s+of)?|\w+(?:-\w+)?)\s+(?P<unit>days?|weeks?|fortnights?)(?:['’]\s+time)?)\b",
    re.I,
)
_SURE_PLACE = re.compile(r"\b(?:on|by|from|until|till|since|before|after|born|date\s+is)\s+(?:the\s+)?$", re.I)
_ROUND_THE_CLOCK = re.compile(r"24/7")


@dataclass(frozen=True, slots=True)
class Day:
    """A day and where it stands in a text; `other` is the second day that the same words can mean."""

    day: date
    start: int
    end: int
    other: date | None = None


def spot_days(text: str, today: date, toward: Toward = "future") -> list[Day]:
    """The days that a text writes or describes, in their order.

    Args:
        text: What the customer said.
        today: The day of the session's clock.
        toward: Where a day without a year lies: the next one on or after today, or the last one on or before.

    Returns:
        Days with their places; those of a range with the month that is said once.
    """
    found: list[Day] = []
    rest = text
    for reading in _READINGS:
        for day in reading(rest, today, toward):
            found.append(day)
            rest = rest[: day.start] + " " * (day.end - day.start) + rest[day.end :]
    return sorted(found, key=lambda day: day.start)


def _ranges(text: str, today: date, toward: Toward) -> Iterator[Day]:
    for pattern in _RANGES:
        for found in pattern.finditer(text):
            month, year = _month(found["month"]), int(found["year"] or 0)
            first = _resolved(year, month, int(found["day"]), today, toward)
            last = _resolved(year, month, int(found["until"]), today, toward)
            if first and last:
                yield Day(first, found.start(), found.end("day"))
                yield Day(last, found.start("until"), found.end())


def _written(text: str, today: date, toward: Toward) -> Iterator[Day]:
    for pattern in _WRITTEN:
        for found in pattern.finditer(text):
            yield from _in_figures(found, today, toward)
        text = pattern.sub(lambda found: " " * len(found[0]), text)


def _in_figures(found: re.Match[str], today: date, toward: Toward) -> Iterator[Day]:
    parts = found.groupdict()
    day, month, year = int(parts["day"]), int(parts.get("monthly") or 0), int(parts.get("year") or 0)
    year += 2000 if 0 < year < 100 else 0
    month = _month(parts["month"]) if parts.get("month") else month
    swapped = None
    if parts.get("slash"):
        if not _is_date(found):
            return
        if month > 12 >= day:
            day, month = month, day
        elif day <= 12 and day != month:
            swapped = _resolved(year, day, month, today, toward)
    resolved = _resolved(year, month, day, today, toward)
    if resolved:
        yield Day(resolved, *found.span(), swapped)


def _is_date(found: re.Match[str]) -> bool:
    """Whether figures with one slash are a day, not `24/7`, `1/2` or `4/5 stars`."""
    if _ROUND_THE_CLOCK.fullmatch(found[0]):
        return False
    written_out = (
        bool(found["year"]) or len(found[0]) == len("12/05") or max(int(found["day"]), int(found["monthly"])) > 12
    )
    alone = found[0] == found.string.strip(" .!")
    return written_out or alone or bool(_SURE_PLACE.search(lead(found.string, found.start())))


def _nth(text: str, today: date, toward: Toward) -> Iterator[Day]:
    for found in _NTH.finditer(text):
        weekday, place = _weekday(found["weekday"]), _NTHS[found["nth"].lower()]
        for year, month in _months(found, today, toward):
            days = [day for day in _days_of(year, month) if day.weekday() == weekday]
            if days[place] >= today or toward == "past" or found["year"]:
                yield Day(days[place], *found.span())
                break


def _edges(text: str, today: date, toward: Toward) -> Iterator[Day]:
    for found in _EDGE.finditer(text):
        last = found["edge"].lower().endswith(("end", "last day"))
        if (found["span"] or "").lower() == "year":
            year = today.year + (found["which"].lower() == "next" or not last)
            yield Day(date(year, 12, 31) if last else date(year, 1, 1), *found.span())
            continue
        for year, month in _months(found, today, toward):
            day = _days_of(year, month)[-1 if last else 0]
            if day >= today or toward == "past" or found["year"]:
                yield Day(day, *found.span())
                break


def _months(found: re.Match[str], today: date, toward: Toward) -> Iterator[tuple[int, int]]:
    """The months that `of May`, `of the month` or `of next month` can mean, the likeliest first."""
    if found["month"]:
        month = _month(found["month"])
        years = [int(found["year"])] if found["year"] else [today.year, today.year + (1 if toward == "future" else -1)]
        yield from ((year, month) for year in years)
        return
    following = (today.year + today.month // 12, today.month % 12 + 1)
    if found["which"].lower() != "next":
        yield today.year, today.month
    yield following


def _in_week(text: str, today: date, toward: Toward) -> Iterator[Day]:
    del toward
    monday = today - timedelta(days=today.weekday())
    for found in _IN_WEEK.finditer(text):
        which = (found["which"] or found["which_first"]).lower()
        weekday = _weekday(found["weekday"] or found["weekday_last"])
        weeks = {"last": -1, "this": 0, "next": 1}[which]
        yield Day(monday + timedelta(days=weekday, weeks=weeks), *found.span())
    for found in _AFTER_NEXT.finditer(text):
        weekday = _weekday(found["weekday"] or found["weekday_last"])
        ahead = (weekday - today.weekday() - 1) % 7 + 1
        yield Day(today + timedelta(days=ahead + 7), *found.span())


def _relative(text: str, today: date, toward: Toward) -> Iterator[Day]:
    del toward
    for found in _RELATIVE.finditer(text):
        if found["before"] or found["after"] or found["soon"]:
            days = -2 if found["before"] else 2 if found["after"] else 1
        else:
            count = _count(found["count"].lower())
            if count is None:
                continue
            unit = found["unit"].lower()
            days = count * (14 if unit.startswith("fortnight") else 7 if unit.startswith("week") else 1)
        if abs(days) < 400_000:
            yield Day(today + timedelta(days=days), *found.span())


_READINGS: tuple[Callable[[str, date, Toward], Iterator[Day]], ...] = (
    _ranges,
    _nth,
    _edges,
    _in_week,
    _relative,
    _written,
)


def _count(said: str) -> int | None:
    if said in ("a", "an"):
        return 1
    numbers = spot_numbers(said.removesuffix(" of"))
    return numbers[0].value if numbers and isinstance(numbers[0].value, int) else None


def _month(name: str) -> int:
    return _MONTHS.index(name.lower()[:3]) + 1


def _weekday(name: str) -> int:
    return _WEEKDAYS.index(name.lower()[:3])


def _days_of(year: int, month: int) -> list[date]:
    return [date(year, month, day) for day in range(1, calendar.monthrange(year, month)[1] + 1)]


def _resolved(year: int, month: int, day: int, today: date, toward: Toward) -> date | None:
    """A day of a month; year 0 for the nearest year in that direction, month 0 for the nearest month."""
    if year:
        return _date(year, month, day)
    step = 1 if toward == "future" else -1
    tried, current = today.year, month or today.month
    for _ in range(13):
        found = _date(tried, current, day)
        if found and (found - today).days * step >= 0:
            return found
        if month:
            tried += step
        else:
            tried, current = divmod(tried * 12 + current - 1 + step, 12)
            current += 1
    return None


def _date(year: int, month: int, day: int) -> date | None:
    if not (1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)
