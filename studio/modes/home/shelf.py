"""Agents on the shelf: the examples that come with the program and the workspaces opened before, from a first look.

Nothing here runs or checks an agent: only its file's outermost keys are read, and a file that cannot be read says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

import engine
from engine.agent.document import AGENT_FILE, read_file
from engine.agent.errors import AgentFileError
from engine.agent.reading.composing import compose

DEMO = "pizza"
"""The example that newcomers are shown first."""

COUNTED = {
    "guidelines": "guideline",
    "observations": "observation",
    "journeys": "journey",
    "canned_responses": "canned response",
    "tools": "tool",
}
"""The sections of an agent file that are counted, and what one entry is called."""


@dataclass(frozen=True)
class Card:
    """An agent from a first look.

    Attributes:
        folder: Its folder.
        name: What it is called; its folder's name where its file does not say.
        description: What it is for.
        counts: What it is made of, in words.
        scenarios: How many scenario files stand beside it.
        fault: Why it cannot be opened, in one line; empty when it can.
    """

    folder: Path
    name: str
    description: str = ""
    counts: str = ""
    scenarios: int = 0
    fault: str = ""


def examples_folder() -> Path | None:
    """Where the example agents are; None where the program was installed without them."""
    folder = Path(engine.__file__).resolve().parent.parent / "scenarios"
    return folder if (folder / DEMO / AGENT_FILE).is_file() else None


def example_folders() -> tuple[Path, ...]:
    """The folders of the example agents: the demo, then the others by name."""
    root = examples_folder()
    if root is None:
        return ()
    found = sorted(file.parent for file in root.glob(f"*/{AGENT_FILE}"))
    return tuple(sorted(found, key=lambda folder: folder.name != DEMO))


class Shelf:
    """Cards, read again only when a file has changed."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[float, Card]] = {}

    def cards(self, folders: Iterable[Path]) -> tuple[Card, ...]:
        """Look at some agents; takes a few milliseconds for each that is new or changed."""
        return tuple(self._card(folder) for folder in folders)

    def _card(self, folder: Path) -> Card:
        try:
            stamp = (folder / AGENT_FILE).stat().st_mtime
        except OSError:
            fault = "there is no agent.yaml any more" if folder.is_dir() else "the folder is gone"
            return Card(folder, folder.name, fault=fault)
        known = self._known.get(folder)
        if known is None or known[0] != stamp:
            known = self._known[folder] = (stamp, read_card(folder))
        return known[1]


def read_card(folder: Path) -> Card:
    """Look at an agent."""
    file = folder / AGENT_FILE
    try:
        root = compose(read_file(file), str(file))
    except AgentFileError as error:
        return Card(folder, folder.name, fault=str(error.problems[0].message))
    values = {key.value: value for key, value in root.value} if isinstance(root, MappingNode) else {}
    counts = [_counted(values.get(section), word) for section, word in COUNTED.items()]
    return Card(
        folder,
        _text(values.get("name")) or folder.name,
        _text(values.get("description")),
        " · ".join(count for count in counts if count),
        sum(1 for _ in folder.glob("*.scenario.yaml")),
    )


def _text(node: Node | None) -> str:
    return " ".join(str(node.value).split()) if isinstance(node, ScalarNode) else ""


def _counted(node: Node | None, word: str) -> str:
    count = len(node.value) if isinstance(node, MappingNode | SequenceNode) else 0
    return f"{count} {word}{'s' if count > 1 else ''}" if count else ""
