"""The golden drafts: actions as designers write them, each with what is said to the customer.

Run as a script, it words every action anew and writes the tables, for review as a difference:
`python tests/reasoner/embedded/draft_table.py`.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from engine.agent.model import Agent
from engine.reasoner.base import Brief, Instruction
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.speaking.drafting import draft

NOTHING = "-"
"""Stands in a table for an action that says nothing."""

FILES = tuple(
    Path(__file__).with_name("data").joinpath(name) for name in ("drafts.tsv", "drafts_dev.tsv", "drafts_held_out.tsv")
)


def said(action: str) -> str:
    """What an action alone is worded as, without tools or data."""
    talk = Conversation(Agent(name="Nova"), (Said("customer", "asdf", 1),), datetime(2026, 3, 2, 9))
    made = draft(Brief(talk, (Instruction("g", "guideline", action),)))
    return NOTHING if made.nothing_applies else made.text


def rows(file: Path) -> list[tuple[str, str]]:
    """The actions of a table with what is said; a line break in an action is written as `\\n`."""
    lines = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
    return [(action.replace("\\n", "\n"), expected) for action, expected in lines]


def write(file: Path) -> None:
    """Word every action of a table anew, in its order."""
    lines = (f"{action}\t{said(action)}".replace("\n", "\\n") for action, _ in rows(file))
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    for table in FILES:
        write(table)
