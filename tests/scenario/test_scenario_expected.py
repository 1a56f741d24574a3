from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.scenario.expected import Expected, holds_for, none_hold_for, same_things, same_value, subset_of


@pytest.mark.parametrize(
    ("expected", "actual", "holds", "absent"),
    [
        (Expected("all", ("a",)), ["a", "b"], True, False),
        (Expected("all", ("a", "c")), ["a", "b"], False, False),
        (Expected("all", ("c", "d")), ["a", "b"], False, True),
        (Expected("any_of", ("a", "c")), ["a", "b"], True, False),
        (Expected("any_of", ("c", "d")), ["a", "b"], False, True),
        (Expected("only", ("a", "b")), ["b", "a"], True, False),
        (Expected("only", ("a",)), ["a", "b"], False, True),
        (Expected("only", ()), [], True, False),
        (Expected("none"), [], True, False),
        (Expected("none"), ["a"], False, True),
        (Expected("count", count=2), ["a", "a"], True, False),
        (Expected("count", count=1), ["a", "a"], False, True),
    ],
)
def test_expectations_combine(expected: Expected[str], actual: list[str], holds: bool, absent: bool) -> None:
    assert holds_for(expected, actual, str.__eq__) is holds
    assert none_hold_for(expected, actual, str.__eq__) is absent


@pytest.mark.parametrize(
    ("wanted", "got", "same"),
    [
        ("7", 7, True),
        (7, "7", True),
        (1.5, "1.50", True),
        ("seven", 7, False),
        ("2026-03-14", date(2026, 3, 14), True),
        ("2026-03-15", date(2026, 3, 14), False),
        ("2026-03-14 09:00", datetime(2026, 3, 14, 9), True),
        ("1h30m", timedelta(minutes=90), True),
        ("soon", timedelta(minutes=90), False),
        ("yes", True, True),
        (1, True, False),
        (None, None, True),
        (None, 0, False),
        ("Rome ", "Rome", True),
        ("rome", "Rome", False),
        ([1, "2"], ("1", 2), True),
        ([1], [1, 2], False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ("x", ["x"], False),
    ],
)
def test_values_compare_in_the_type_of_what_there_is(wanted: Any, got: Any, same: bool) -> None:
    assert same_value(wanted, got) is same


def test_a_mapping_is_a_subset_at_every_depth() -> None:
    assert subset_of({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3})
    assert not subset_of({"a": {"b": 2}}, {"a": {"b": 1, "c": 2}})
    assert not subset_of({"e": None}, {"a": 1})


def test_things_are_paired_even_where_the_first_choice_is_wrong() -> None:
    def same(wanted: str, got: str) -> bool:
        return wanted == "*" or wanted == got

    assert same_things(["*", "a"], ["a", "b"], same)
    assert not same_things(["*", "a"], ["b", "c"], same)
    assert not same_things(["*"], ["a", "b"], same)
