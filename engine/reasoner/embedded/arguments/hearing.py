"""One message of the customer as it is heard: what was asked before it, and what an answer that cannot be right is."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 2_000
"""How many characters of a message are read for arguments."""


def clipped(text: str) -> str:
    """The beginning and the end of a text, `LONGEST` characters together; what people paste between is not read."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the customer.

    `asked` names the parameters that the agent had just asked for, `certainly` those of them for which there is no
    doubt; `fresh` says that the message belongs to this turn, `turn` to which. `text` is what is read of a long message
    (see `clipped`), `whole` all of it; `agent_said` is what it answers.
    """

    number: int
    text: str
    asked: tuple[str, ...]
    certainly: tuple[str, ...]
    fresh: bool
    whole: str
    turn: int
    agent_said: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer to the agent's question that cannot be the parameter's value, and why."""

    said: str
    why: str
