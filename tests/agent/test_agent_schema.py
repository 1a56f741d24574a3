"""The published schema accepts what the loader accepts and refuses what it refuses."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from engine.agent.errors import AgentFileError
from engine.agent.loading import parse_agent
from engine.agent.reading.composing import compose
from engine.agent.reading.nodes import plain_value
from engine.agent.reading.schema import agent_schema

ATLAS = Path(__file__).parent / "data" / "atlas" / "agent.yaml"


def values(text: str) -> Any:
    root = compose(text, "f")
    assert root is not None
    return plain_value(root)


def accepts(text: str) -> bool:
    return jsonschema.Draft202012Validator(agent_schema()).is_valid(values(text))


def test_it_is_a_schema_of_draft_2020_12_and_the_same_each_time() -> None:
    jsonschema.Draft202012Validator.check_schema(agent_schema())
    assert agent_schema() == agent_schema()


def test_the_example_of_the_design_is_valid() -> None:
    jsonschema.validate(values(ATLAS.read_text("utf-8")), agent_schema(), jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    "text",
    [
        "name: 1.10\n",
        "name: A\nobservations: {a: x, b: {condition: y}}\n",
        "name: A\ncanned_responses: {a: x, b: {template: y}}\n",
        "name: A\ntools: {a: tools.b, b: [{data: 1}], c: {data: 2}, d: {stubs: [{error: x}]}}\n",
        "name: A\ntools: {a: {parameters: {x: date, y: {choices: [b, c]}, z: }}}\n",
        "name: A\njourneys: {j: {states: {s: {chat: x, next: [{when: a, to: end}]}, t: {next: {a: s}}}}}\n",
        "name: A\nno_match: {python: tools.f}\npreambles: auto\n",
        "name: A\nfollow_ups: [{after: 1h30m, action: x}]\n",
    ],
)
def test_short_forms_are_valid(text: str) -> None:
    assert accepts(text)
    try:
        parse_agent(text, "f")
    except AgentFileError as error:
        assert {problem.id for problem in error.problems} <= {"tool-without-chat"}


@pytest.mark.parametrize(
    "text",
    [
        "description: x\n",
        "name: A\nguidlines: {}\n",
        "name: A\ncomposition_mode: loose\n",
        "name: A\nguidelines: {a: x}\n",
        "name: A\nguidelines: {a: {condition: x}}\n",
        "name: A\nobservations: {Bad: x}\n",
        "name: A\nobservations: {a: {condition: x, enabled: yes}}\n",
        "name: A\nfollow_ups: [{after: soon, action: x}]\n",
        "name: A\ntools: {a: {parameters: {x: {type: text}}}}\n",
    ],
)
def test_what_the_loader_refuses_is_not_valid(text: str) -> None:
    assert not accepts(text)
    with pytest.raises(AgentFileError):
        parse_agent(text, "f")
