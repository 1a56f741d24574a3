"""The cases: agents with their conditions, and messages labelled by hand with the conditions that hold."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

HERE = Path(__file__).parent


class Half(StrEnum):
    """`dev` may be looked at while rules are made; on `held_out` nothing is ever tuned."""

    DEV = "dev"
    HELD_OUT = "held_out"


class Kind(StrEnum):
    """What makes an adversarial message hard.

    `negation`: the words of a condition, denied. `question`: asking about something against wanting or having done it.
    `mixed`: several matters, some of which no condition covers. `counting`: several matters at once, or numbers that
    decide. `look_alike`: the words of a condition with another meaning.
    """

    NEGATION = "negation"
    QUESTION = "question"
    MIXED = "mixed"
    COUNTING = "counting"
    LOOK_ALIKE = "look_alike"


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CaseCondition(_Written):
    """A condition as a designer wrote it, with messages for which it holds."""

    condition: str
    examples: tuple[str, ...]


class Message(_Written):
    """What a customer says, and the names of the conditions that hold then.

    `after` is what the agent had said just before, if anything.
    """

    says: str
    holds: tuple[str, ...] = ()
    after: str = ""


class AdversarialMessage(Message):
    """A message made to be misjudged."""

    kind: Kind


class Case(_Written):
    """One agent and its labelled messages, as its file has them."""

    agent: str
    about: str
    conditions: dict[str, CaseCondition]
    on_topic: tuple[Message, ...]
    off_topic: tuple[Message, ...]
    adversarial: tuple[AdversarialMessage, ...]

    @property
    def messages(self) -> tuple[Message, ...]:
        """All of them, in the order of the file."""
        return (*self.on_topic, *self.off_topic, *self.adversarial)

    @model_validator(mode="after")
    def _labels_name_conditions(self) -> Self:
        unknown = sorted({name for message in self.messages for name in message.holds} - self.conditions.keys())
        if unknown:
            raise ValueError(f"{self.agent}: there is no condition named {', '.join(unknown)}")
        return self


def load(half: Half, folder: Path = HERE) -> tuple[Case, ...]:
    """The agents of one half, in the order of their files' names.

    Raises:
        pydantic.ValidationError: When a file is not shaped as `Case` says, or a label names no condition.
    """
    files = sorted((folder / half).glob("*.yaml"))
    return tuple(Case.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files)
