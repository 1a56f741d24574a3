"""Arguments of many kinds of tools found in what customers say, over one message or several."""

from __future__ import annotations

import pytest
from argument_table import ArgumentCase, outcome, read_cases, read_misses


@pytest.mark.parametrize("case", read_cases("arguments_in_talk.tsv"), ids=str)
def test_what_customers_say_gives_the_arguments(case: ArgumentCase) -> None:
    assert outcome(case) == case.expected


@pytest.mark.parametrize("case", read_cases("arguments_held_out.tsv"), ids=str)
def test_what_nobody_tuned_on_gives_the_arguments_too(case: ArgumentCase) -> None:
    assert outcome(case) == case.expected


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, marks=pytest.mark.xfail(reason=why, strict=True)) for case, why in read_misses()],
    ids=str,
)
def test_what_is_known_to_be_missed_is_still_missed(case: ArgumentCase) -> None:
    assert outcome(case) == case.expected
