"""What a check expects: all of, one of, only these, none, or so many; and how values compare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, Literal, TypeVar

from engine.agent.basics import parse_duration

T = TypeVar("T")
How = Literal["all", "any_of", "only", "none", "count"]
_TRUE = frozenset({"true", "yes"})
_FALSE = frozenset({"false", "no"})


@dataclass(frozen=True)
class Expected(Generic[T]):
    """A set of expectations and how they combine. `count` is used by `count` alone."""

    how: How
    items: tuple[T, ...] = ()
    count: int = 0

    def __str__(self) -> str:
        """The expectation in the words of a scenario."""
        if self.how == "none":
            return "none"
        if self.how == "count":
            return str(self.count)
        listed = ", ".join(str(item) for item in self.items)
        if self.how == "all":
            return listed if len(self.items) == 1 else f"[{listed}]"
        return f"{{{self.how}: [{listed}]}}"


def holds_for(expected: Expected[T], actual: Sequence[Any], same: Callable[[T, Any], bool]) -> bool:
    """Whether what happened is as expected.

    Args:
        expected: What is expected; `all` lets there be more, `only` does not.
        actual: What there is.
        same: Whether one expected item is met by one actual thing.
    """
    if expected.how == "none":
        return not actual
    if expected.how == "count":
        return len(actual) == expected.count
    met = [any(same(item, thing) for thing in actual) for item in expected.items]
    if expected.how == "any_of":
        return any(met)
    covered = all(any(same(item, thing) for item in expected.items) for thing in actual)
    return all(met) and (expected.how == "all" or covered)


def none_hold_for(expected: Expected[T], actual: Sequence[Any], same: Callable[[T, Any], bool]) -> bool:
    """Whether nothing that is expected happened: what a check means under `not`.

    A list means that none of its items happened; `only`, `none` and counts are simply turned round.
    """
    if expected.how in ("all", "any_of"):
        return not any(same(item, thing) for item in expected.items for thing in actual)
    return not holds_for(expected, actual, same)


def same_things(expected: Sequence[T], actual: Sequence[Any], same: Callable[[T, Any], bool]) -> bool:
    """Whether expected and actual things can be paired one to one, in any order."""
    if len(expected) != len(actual):
        return False
    partner: dict[int, int] = {}
    return all(_pair(index, expected, actual, same, partner, set()) for index in range(len(expected)))


def _pair(
    index: int,
    expected: Sequence[T],
    actual: Sequence[Any],
    same: Callable[[T, Any], bool],
    partner: dict[int, int],
    tried: set[int],
) -> bool:
    """Find a partner for one expected thing, moving others where that helps (Kuhn's bipartite matching)."""
    for other, thing in enumerate(actual):
        if other in tried or not same(expected[index], thing):
            continue
        tried.add(other)
        if other not in partner or _pair(partner[other], expected, actual, same, partner, tried):
            partner[other] = index
            return True
    return False


def same_value(wanted: Any, got: Any) -> bool:
    """Compare a value as written with a value as it is, in the type of the latter.

    Text compares with text, numbers with numbers, dates with their ISO form, lengths of time with `1h30m`; mappings
    and lists compare item by item.
    """
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        return wanted.keys() == got.keys() and all(same_value(value, got[key]) for key, value in wanted.items())
    if isinstance(got, (list, tuple)):
        return _same_list(wanted, got)
    if wanted is None or got is None or isinstance(wanted, (Mapping, list, tuple)):
        return wanted is got
    return _same_scalar(wanted, got)


def subset_of(wanted: Any, got: Any) -> bool:
    """Whether a mapping, at every depth, says nothing that the other does not say too; other values are compared."""
    if isinstance(wanted, Mapping) and isinstance(got, Mapping):
        return all(key in got and subset_of(value, got[key]) for key, value in wanted.items())
    return same_value(wanted, got)


def _same_list(wanted: Any, got: Sequence[Any]) -> bool:
    if not isinstance(wanted, (list, tuple)):
        return False
    return len(wanted) == len(got) and all(map(same_value, wanted, got))


def _same_scalar(wanted: Any, got: Any) -> bool:
    if isinstance(got, bool) or isinstance(wanted, bool):
        return _truth(wanted) is not None and _truth(wanted) == _truth(got)
    if isinstance(got, (int, float)) or isinstance(wanted, (int, float)):
        return _number(wanted) is not None and _number(wanted) == _number(got)
    if isinstance(got, (date, datetime)):
        return _moment(str(wanted)) == _moment(got.isoformat())
    if isinstance(got, timedelta):
        return _length(str(wanted)) == got
    return " ".join(str(wanted).split()) == " ".join(str(got).split())


def _truth(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _moment(text: str) -> str:
    """A date, or a date and time, in one form: seconds and a midnight that nobody wrote make no difference."""
    try:
        return datetime.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return text.strip()


def _length(text: str) -> timedelta | None:
    try:
        return parse_duration(text)
    except ValueError:
        return None


def shown(things: Iterable[Any]) -> str:
    """Things as a failure lists them; `none` when there are none."""
    return ", ".join(str(thing) for thing in things) or "none"
