import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from engine.scenario.schema import scenario_schema

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = scenario_schema()
    Draft202012Validator.check_schema(schema)
    json.dumps(schema)
    return Draft202012Validator(schema)


def test_the_schema_takes_the_scenarios_of_the_tests(validator: Draft202012Validator) -> None:
    files = sorted(DATA.rglob("*.scenario.yaml"))
    assert files
    for file in files:
        for document in yaml.load_all(file.read_text(), Loader=yaml.BaseLoader):
            assert [error.message for error in validator.iter_errors(_typed(document))] == []


@pytest.mark.parametrize(
    "document",
    [
        "scenario: S",
        "{scenario: S, step: [], steps: []}",
        "{scenario: S, steps: [{costumer: a}]}",
        "{scenario: S, steps: [{fit: hihg}]}",
        "{scenario: S, steps: [{why_not: {a: becuase}}]}",
        "{scenario: S, steps: [{wait: soon}]}",
        "{scenario: S, given: {clok: '9:00'}, steps: []}",
        "{scenario: S, steps: [{set: {tool: {}}}]}",
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(validator: Draft202012Validator, document: str) -> None:
    assert not validator.is_valid(yaml.safe_load(document))


def _typed(value: object) -> object:
    """Text as the files mean it: whole numbers are numbers, everything else that is no container is text."""
    if isinstance(value, dict):
        return {key: _typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_typed(inner) for inner in value]
    if isinstance(value, str) and re.fullmatch(r"\d+", value):
        return int(value)
    return None if value == "" else value
