"""Statements about known data: `balance is below 500`, `the customer has been a member for over a year`.

A statement is judged when one datum is clearly meant: its name stands in the statement, or most of its name and
description. Otherwise there is no answer, and a fact of which nothing is known does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.reasoner.embedded.language.features import stems
from engine.reasoner.embedded.language.known_data import Datum, content_stems
from engine.reasoner.embedded.language.lexicon import stem_set
from engine.reasoner.embedded.language.stemming import related

_NUMBER = r"(?P<number>\d[\d,]*(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|zero)"
_BELOW = (
    r"less than|lower than|below|under|fewer than|smaller than|younger than|within(?: the (?:last|past))?"
    r"|in the (?:last|past)"
)
_ABOVE = r"more than|greater than|higher than|above|over|exceed(?:s|ing)?|longer than|older than|larger than|beyond"
_AT_MOST = r"at most|no more than|not more than|up to|maximum of"
_AT_LEAST = r"at least|no less than|not less than|minimum of|since"
_COMPARED = re.compile(
    rf"(?<!\S)(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST})|(?P<below>{_BELOW})|(?P<above>{_ABOVE})"
    r"|(?P<equal>equals?(?: to)?|exactly))"
    rf" {_NUMBER}(?: (?P<unit>years?|months?|weeks?|days?|hours?))?(?!\S)"
)
_BETWEEN = re.compile(r"(?<!\S)between (?P<low>\d[\d,]*(?:\.\d+)?) and (?P<high>\d[\d,]*(?:\.\d+)?)(?!\S)")
_NEGATED = re.compile(r"(?<!\S)(?:not|no|never|without|none)(?!\S)")
_EMPTY = re.compile(r"(?<!\S)(?:empty|nothing in)(?!\S)")
_UNKNOWN = re.compile(r"(?<!\S)(?:unknown|missing|(?:not|no .+) (?:known|given|set|provided|available))(?!\S)")
_NUMERALS = {"a": 1.0, "an": 1.0, "ten": 10.0, "twelve": 12.0} | {
    word: float(number)
    for number, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
}
_DAYS = {"year": 365.25, "month": 30.4375, "week": 7.0, "day": 1.0, "hour": 1 / 24}
_STATIVE = stem_set("is are was were be been has have had active there customer current account status no not a an the")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a statement holds, by which datum, and why, as one sentence."""

    holds: bool
    datum: str
    why: str


def is_comparison(statement: str) -> bool:
    """Whether a statement compares something with a number or a length of time."""
    return bool(_COMPARED.search(statement) or _BETWEEN.search(statement))


def judge(statement: str, data: Sequence[Datum], now: datetime) -> Verdict | None:
    """Judge a statement by what is known.

    Args:
        statement: The claim, in lower case words (`features.words`).
        data: What is known, in the order in which ties are broken.
        now: The session's time, for lengths of time.

    Returns:
        The verdict, or None when no datum is clearly meant.
    """
    if not data:
        return None
    comparing = is_comparison(statement)
    subject = _COMPARED.sub(" ", _BETWEEN.sub(" ", statement))
    meant = _meant(subject, data, comparing)
    if meant is None:
        return None
    if comparing:
        return _compared(statement, meant, now)
    return _present(statement, meant) or _equal(statement, meant)


def _meant(statement: str, data: Sequence[Datum], comparing: bool) -> Datum | None:
    """The datum whose name the statement covers best; for a comparison only those that can be compared."""
    said = content_stems(statement)
    best: tuple[float, Datum] | None = None
    for datum in data:
        if comparing and _size(datum.value) is None and _moment(datum.value) is None:
            continue
        share = _covered(datum, said, comparing)
        if share and (best is None or share > best[0]):
            best = (share, datum)
    return best[1] if best else None


def _covered(datum: Datum, said: frozenset[str], comparing: bool) -> float:
    """How surely a statement means a datum, 0 for not at all.

    All of its name is said; or, in a comparison, a part of its name or description; or its value is said with a part.
    """
    if not datum.names:
        return 0.0
    named = _share(datum.names, said)
    described = _share(datum.about, said)
    if named == 1.0:
        return round(2.0 + described, 4)
    if comparing and (named or described):
        return round(named + described / 2, 4)
    value = content_stems(datum.value) if isinstance(datum.value, str) and len(datum.value) < 60 else frozenset()
    if value and value <= said and (named or described):
        return round(1.0 + named, 4)
    return 0.0


def _share(wanted: frozenset[str], said: frozenset[str]) -> float:
    """Which share of some stems is said, literally or by a word of the same family."""
    return sum(1 for one in wanted if any(related(one, other) for other in said)) / len(wanted) if wanted else 0.0


def _compared(statement: str, datum: Datum, now: datetime) -> Verdict | None:
    between = _BETWEEN.search(statement)
    compared = _COMPARED.search(statement)
    value = _amount(datum, compared["unit"] if compared else None, now)
    if value is None:
        return None
    if between:
        low, high = _number(between["low"]), _number(between["high"])
        return _verdict(low <= value <= high, datum, f"{datum.name} is {_shown(datum.value)}")
    assert compared is not None
    bound = _number(compared["number"])
    ways = {
        "most": value <= bound,
        "least": value >= bound,
        "below": value < bound,
        "above": value > bound,
        "equal": value == bound,
    }
    holds = next(result for way, result in ways.items() if compared[way])
    negated = re.search(r"(?<!\S)not(?: \S+){0,2}$", statement[: compared.start()].strip()) is not None
    return _verdict(holds != negated, datum, f"{datum.name} is {_shown(datum.value)}")


def _amount(datum: Datum, unit: str | None, now: datetime) -> float | None:
    """The value as a number, a moment as the time gone by since then (or still to go) in the unit."""
    moment = _moment(datum.value)
    if moment is not None and unit:
        return abs((now.replace(tzinfo=None) - moment).total_seconds()) / 86_400 / _DAYS[unit.rstrip("s")]
    size = _size(datum.value)
    if size is None or not unit:
        return size
    own = next((name for name in _DAYS if stems(name)[0] in datum.names | datum.about), unit.rstrip("s"))
    return size * _DAYS[own] / _DAYS[unit.rstrip("s")]


def _present(statement: str, datum: Datum) -> Verdict | None:
    """Claims that something is known, unknown, there or empty."""
    missing = datum.value is None or datum.value in ("", [], {}, ())
    if _UNKNOWN.search(statement):
        return _verdict(missing, datum, f"{datum.name} is {'not known' if missing else 'known'}")
    if _EMPTY.search(statement):
        return _verdict(missing or _size(datum.value) == 0, datum, f"{datum.name} is {_shown(datum.value)}")
    return None


def _equal(statement: str, datum: Datum) -> Verdict | None:
    """Claims of a truth (`is active`), of a text (`plan is business`), or that there is any."""
    negated = bool(_NEGATED.search(statement))
    value = datum.value
    shown = f"{datum.name} is {_shown(value)}"
    if isinstance(value, bool) or value is None or value in ("", [], {}, ()):
        return _verdict(bool(value) != negated, datum, shown)
    left = frozenset(stems(statement)) - _STATIVE - datum.names - datum.about
    if isinstance(value, str):
        said = frozenset(stems(value))
        return _verdict((bool(said) and said <= frozenset(stems(statement)) or not left) != negated, datum, shown)
    if isinstance(value, int | float):
        numbers = [_number(word) for word in statement.split() if re.fullmatch(r"\d[\d,]*(?:\.\d+)?", word)]
        return _verdict((value in numbers if numbers else bool(value)) != negated, datum, shown)
    return _verdict(_holds_inside(value, left) != negated, datum, shown)


def _holds_inside(value: Any, left: frozenset[str]) -> bool:
    """A list contains what is said, a mapping's own `active` or `status` says so; with nothing said, it is there."""
    if isinstance(value, Mapping):
        status = next((held for key, held in value.items() if str(key) in {"status", "state"}), None)
        if isinstance(status, str) and status:
            return frozenset(stems(status)) <= left or (status.lower() == "active" and not left)
        flags = [held for key, held in value.items() if str(key) in {"active", "enabled", "available"}]
        return bool(flags[0]) if flags else bool(value)
    if not left or not isinstance(value, Sequence):
        return bool(value)
    return any(left & frozenset(stems(str(held))) for held in value)


def _verdict(holds: bool, datum: Datum, why: str) -> Verdict:
    return Verdict(holds, datum.name, why)


def _size(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        plain = re.fullmatch(r"\s*[$€£]?\s*(-?\d[\d,]*(?:\.\d+)?)\s*[%€$£]?\s*", value)
        return float(plain[1].replace(",", "")) if plain else None
    return float(len(value)) if isinstance(value, Sized) and not isinstance(value, Mapping) else None


def _moment(value: Any) -> datetime | None:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return datetime.fromisoformat(value).replace(tzinfo=None)
        except ValueError:
            return None
    return None


def _number(text: str) -> float:
    return _NUMERALS[text] if text in _NUMERALS else float(text.replace(",", ""))


def _shown(value: Any) -> str:
    text = "not known" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:39]}…"
