"""Arguments reach a tool's function in the types that it asks for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import Enum
from typing import Annotated, Any

import pytest

from engine.turn.converting import ArgumentFault, converted
from engine.turn.tool_api import ToolParameterOptions


class Size(Enum):
    SMALL = "s"
    LARGE = "l"


def book(
    context: Any,
    day: date,
    at: datetime | None = None,
    stay: timedelta = timedelta(days=1),
    size: Size = Size.SMALL,
    guests: Annotated[int, ToolParameterOptions(source="customer")] = 1,
    names: list[str] | None = None,
    days: tuple[date, ...] = (),
) -> None: ...


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"day": "2026-03-14"}, {"day": date(2026, 3, 14)}),
        ({"at": "2026-03-14T18:00"}, {"at": datetime(2026, 3, 14, 18)}),
        ({"stay": "1h30m"}, {"stay": timedelta(minutes=90)}),
        ({"size": "L"}, {"size": Size.LARGE}),
        ({"size": "large"}, {"size": Size.LARGE}),
        ({"guests": "3"}, {"guests": 3}),
        ({"names": ["Ann", "Bo"]}, {"names": ["Ann", "Bo"]}),
        ({"names": "Ann"}, {"names": ["Ann"]}),
        ({"at": None}, {"at": None}),
    ],
)
def test_values_take_the_types_of_the_function(given: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert converted(book, given) == wanted


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"day": "soon"}, "day: 'soon' does not fit date"),
        ({"size": "huge"}, "size: 'huge' does not fit Size"),
        ({"colour": "red"}, "book has no parameter colour; its parameters are context, day"),
    ],
)
def test_what_does_not_fit_is_one_line(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ArgumentFault) as caught:
        converted(book, given)
    assert str(caught.value).startswith(told)
