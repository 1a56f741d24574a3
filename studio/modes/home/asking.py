"""What Home asks: which folder, and how freely a new agent words its messages."""

from __future__ import annotations

from pathlib import Path

from textual.content import Content

from engine.agent.basics import CompositionMode
from engine.agent.document import AGENT_FILE
from studio.modals.ask import Pick
from studio.widgets.thing_list import Row

MEANT = {
    CompositionMode.FLUID: "canned responses where one fits well, else its own words",
    CompositionMode.COMPOSITED: "its own words, in the style of the canned responses",
    CompositionMode.STRICT: "only approved words; for money, health, law",
}
"""What each mode means, in a few words."""


def meant_folder(text: str) -> Path:
    """The folder that somebody typed: `~` is their own, an `agent.yaml` stands for its folder."""
    path = Path(text.strip()).expanduser()
    return path.parent if path.name == AGENT_FILE else path


def name_of(folder: Path) -> str:
    """What an agent in a folder is called at first."""
    return folder.resolve().name.replace("_", " ").replace("-", " ").title()


def folder_fault(text: str) -> str:
    """Why a folder cannot be opened; empty when it can."""
    if not text.strip():
        return "name a folder"
    folder = meant_folder(text)
    if not folder.is_dir():
        return f"there is no folder {folder}"
    return "" if (folder / AGENT_FILE).is_file() else f"there is no {AGENT_FILE} in {folder}"


def new_folder_fault(text: str) -> str:
    """Why an agent cannot be begun in a folder; empty when it can."""
    if not text.strip():
        return "name a folder; it is made if it is not there"
    folder = meant_folder(text)
    if folder.exists() and not folder.is_dir():
        return f"{folder} is a file"
    return f"there is an agent in {folder} already" if (folder / AGENT_FILE).exists() else ""


def ask_mode() -> Pick:
    """Ask how freely the new agent words its messages."""
    width = max(len(mode) for mode in CompositionMode)
    rows = [
        Row(mode, Content.styled(f"{mode:<{width}}  ", "bold") + Content.styled(said, "$text-muted"))
        for mode, said in MEANT.items()
    ]
    return Pick("How freely may it word its messages?", rows)
