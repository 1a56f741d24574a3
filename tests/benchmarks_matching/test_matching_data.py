"""The cases are shaped as their README says."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from pydantic import ValidationError

from benchmarks.matching.cases import Case, Half, Kind, load

CASES = tuple(chain.from_iterable(load(half) for half in Half))
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.agent)

ON_TOPIC, OFF_TOPIC, ADVERSARIAL, EXAMPLES = 15, 10, 10, 5


@pytest.mark.parametrize("half", Half)
def test_each_half_has_at_least_four_agents(half: Half) -> None:
    assert len(load(half)) >= 4


def test_no_agent_is_in_both_halves() -> None:
    names = [case.agent for case in CASES]
    assert len(set(names)) == len(names)


@each_case
def test_a_case_has_ten_to_fifteen_conditions_with_five_different_examples(case: Case) -> None:
    assert 10 <= len(case.conditions) <= 15
    for name, condition in case.conditions.items():
        assert len({example.casefold() for example in condition.examples}) == EXAMPLES, name


@each_case
def test_a_case_has_the_promised_number_of_messages(case: Case) -> None:
    assert len(case.on_topic) == ON_TOPIC
    assert len(case.off_topic) >= OFF_TOPIC
    assert len(case.adversarial) == ADVERSARIAL


@each_case
def test_messages_on_topic_hold_something_and_those_off_topic_nothing(case: Case) -> None:
    assert [message.says for message in case.on_topic if not message.holds] == []
    assert [message.says for message in case.off_topic if message.holds] == []


@each_case
def test_every_condition_holds_for_some_message(case: Case) -> None:
    held = set(chain.from_iterable(message.holds for message in case.messages))
    assert [name for name in case.conditions if name not in held] == []


@each_case
def test_every_kind_of_adversarial_message_is_there_twice(case: Case) -> None:
    assert Counter(message.kind for message in case.adversarial) == dict.fromkeys(Kind, 2)


@each_case
def test_no_message_is_there_twice_or_is_an_example(case: Case) -> None:
    examples = {example.casefold() for condition in case.conditions.values() for example in condition.examples}
    said = [message.says.casefold() for message in case.messages]
    assert len(set(said)) == len(said)
    assert examples.isdisjoint(said)


@each_case
def test_no_label_names_a_condition_twice(case: Case) -> None:
    assert [message.says for message in case.messages if len(set(message.holds)) < len(message.holds)] == []


def test_a_label_that_names_no_condition_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "dev"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        "agent: A\nabout: B\nconditions: {}\non_topic: [{says: hi, holds: [greets]}]\noff_topic: []\nadversarial: []\n"
    )
    with pytest.raises(ValidationError, match="A: there is no condition named greets"):
        load(Half.DEV, tmp_path)
