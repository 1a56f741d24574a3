"""Arguments found in what customers say, one case a line: parameters, the agent's question, the message, the values."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from engine.agent.model import Agent, Parameter, Tool
from engine.reasoner.base import Argument
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.arguments.finding_arguments import find_arguments

CASES = [
    line.split("\t") for line in Path(__file__).with_name("data").joinpath("arguments.tsv").read_text().splitlines()
]


def parameter_of(spec: str) -> Parameter:
    named, _, choices = spec.partition("=")
    name, _, kind = named.partition(":")
    return Parameter(name=name, type=kind or "string", choices=tuple(choices.split(",")) if choices else ())


def shown(argument: Argument) -> str:
    return {"missing": "none", "invalid": "invalid", "": str(argument.value)}[argument.problem]


@pytest.mark.parametrize(
    ("specs", "agent_said", "message", "expected"), CASES, ids=[" · ".join(case) for case in CASES]
)
def test_an_argument_is_what_the_customer_said_or_nothing(
    specs: str, agent_said: str, message: str, expected: str
) -> None:
    tool = Tool(name="do_it", parameters=tuple(map(parameter_of, specs.split("|"))))
    said = (Said("agent", agent_said, 0),) if agent_said else ()
    conversation = Conversation(Agent(name="Test"), (*said, Said("customer", message, 1)), datetime(2026, 3, 2, 9))
    found = find_arguments(tool, conversation)
    assert "|".join(map(shown, found)) == expected
    assert [argument.name for argument in found] == [parameter.name for parameter in tool.parameters]
