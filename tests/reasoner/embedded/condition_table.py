"""Reads the tables of conditions: text files in `data/`, the form is explained at the top of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.agent.model import Agent, Variable
from engine.reasoner.base import Condition
from engine.reasoner.conversation import Conversation, Said

NOW = datetime(2026, 3, 2, 9, 0)


@dataclass(frozen=True)
class Case:
    """One message judged by one condition."""

    condition: Condition
    message: str
    holds: bool
    agent_said: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def conversation(self) -> Conversation:
        said = [Said("agent", self.agent_said, 1)] if self.agent_said else []
        agent = Agent(name="Table", variables=tuple(Variable(name=name) for name in self.data))
        return Conversation(agent, (*said, Said("customer", self.message, 2)), NOW, turn=2, variables=self.data)

    def __str__(self) -> str:
        return f"{self.condition.text} | {self.message} | {'holds' if self.holds else 'does not hold'}"


def cases(name: str) -> Iterator[Case]:
    text, examples, against = "", [], []
    agent_said, data = "", {}
    for line in (Path(__file__).parent / "data" / name).read_text("utf-8").splitlines():
        mark, rest = line[:1], line[1:].strip()
        if mark == "?":
            text, examples, against, agent_said, data = rest, [], [], "", {}
        elif mark == "=":
            examples.append(rest)
        elif mark == "!":
            against.append(rest)
        elif mark == "<":
            agent_said = rest
        elif mark == "$":
            data = json.loads(rest)
        elif mark and mark in "+-":
            condition = Condition("condition", text, tuple(examples), tuple(against))
            yield Case(condition, rest, mark == "+", agent_said, dict(data))
