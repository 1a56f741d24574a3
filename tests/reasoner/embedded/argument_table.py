"""Reads tables of argument cases.

A line has three columns: the parameters (`name?!:type=choices — description`, `?` for optional, `!` for only from the
customer), the conversation (`>` before what the agent said, `@` before what a tool answered, `$name=` before a
variable) and the values that are to be found. What stands side by side in a column is parted by ` | ` or ` / `.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.agent.model import Agent, Parameter, Tool
from engine.reasoner.base import Argument
from engine.reasoner.conversation import Conversation, KnownResult, Said
from engine.reasoner.embedded.arguments.finding_arguments import find_arguments

NOW = datetime(2026, 3, 2, 9)
_PARAMETER = re.compile(r"(\w+)(\??)(!?)(?::([\w ]+))?(?:=(.*))?")


@dataclass(frozen=True)
class ArgumentCase:
    """What is asked for, what was said, and what is to be found."""

    parameters: str
    talk: str
    expected: str

    def __str__(self) -> str:
        return f"{self.parameters} · {self.talk}"


def read_cases(file_name: str) -> list[ArgumentCase]:
    """The cases of a file in `data`."""
    text = Path(__file__).with_name("data").joinpath(file_name).read_text(encoding="utf-8")
    return [ArgumentCase(*line.split("\t")) for line in text.splitlines()]


def read_misses() -> list[tuple[ArgumentCase, str]]:
    """The cases that are known to fail, each with the reason in a fourth column."""
    text = Path(__file__).with_name("data").joinpath("arguments_known_misses.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    return [(ArgumentCase(*row[:3]), row[3]) for row in rows]


def outcome(case: ArgumentCase) -> str:
    """What is found, written like the column of what is expected."""
    tool = Tool(name="do_it", parameters=tuple(map(_parameter, case.parameters.split(" | "))))
    return " | ".join(map(_shown, find_arguments(tool, _conversation(case.talk))))


def _parameter(spec: str) -> Parameter:
    described, _, description = spec.partition(" — ")
    found = _PARAMETER.fullmatch(described)
    assert found, described
    name, optional, customer, kind, choices = found.groups()
    return Parameter(
        name=name,
        type=kind or "string",
        required=not optional,
        source="customer" if customer else "any",
        choices=tuple(choices.split(",")) if choices else (),
        description=description,
    )


def _conversation(talk: str) -> Conversation:
    said: list[Said] = []
    results: list[KnownResult] = []
    variables: dict[str, str] = {}
    turn = 1
    for part in talk.split(" / "):
        if part.startswith("@"):
            results.append(KnownResult("look_up", {}, json.loads(part[1:]), turn=turn))
        elif part.startswith("$"):
            name, _, value = part[1:].partition("=")
            variables[name] = value
        elif part.startswith(">"):
            said.append(Said("agent", part[1:].strip(), turn))
            turn += 1
        else:
            said.append(Said("customer", part, turn))
    return Conversation(Agent(name="Test"), tuple(said), NOW, turn, variables=variables, results=tuple(results))


def _shown(argument: Argument) -> str:
    return {"missing": "none", "invalid": "invalid", "": str(argument.value)}[argument.problem]
