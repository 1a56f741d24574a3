"""A new agent: a small one that works, with comments that say what to change."""

from __future__ import annotations

import re
from pathlib import Path

from engine.agent.basics import CompositionMode
from engine.agent.document import AGENT_FILE
from engine.agent.reading.mistakes import quoted

SCENARIO_FILE = "first.scenario.yaml"
_TEMPLATES = Path(__file__).parent / "templates"


class NewAgentError(Exception):
    """A new agent cannot be made; the message is one line that says why."""


def new_agent(folder: Path, name: str, composition_mode: CompositionMode = CompositionMode.FLUID) -> tuple[Path, ...]:
    """Write a small agent and a scenario that it passes.

    Args:
        folder: Where to write it; it is made if it is not there.
        name: What the agent is called, on one line.
        composition_mode: How freely it words its messages.

    Returns:
        The files written.

    Raises:
        NewAgentError: When there is an agent already, the name is empty, or the folder cannot be written.
    """
    called = " ".join(name.split())
    if not called or not called.isprintable():
        raise NewAgentError("an agent needs a name that can be read")
    texts = {
        AGENT_FILE: _filled("new_agent.yaml", called, composition_mode),
        SCENARIO_FILE: _filled("new_scenario.yaml", called, composition_mode),
    }
    for file in texts:
        if (folder / file).exists():
            raise NewAgentError(f"{folder / file} is there already, and nothing was changed: name another folder")
    return tuple(_write(folder, file, text) for file, text in texts.items())


def _filled(template: str, name: str, composition_mode: CompositionMode) -> str:
    text = (_TEMPLATES / template).read_text("utf-8")
    written = name if re.fullmatch(r"[A-Z][A-Za-z ]*", name) else quoted(name)
    return text.replace("NAME_OF_THE_AGENT", written).replace("COMPOSITION_MODE", composition_mode)


def _write(folder: Path, file: str, text: str) -> Path:
    path = folder / file
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as new:
            new.write(text)
    except OSError as error:
        raise NewAgentError(f"{path} cannot be written: {error.strerror}") from error
    return path
