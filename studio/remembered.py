"""What the studio remembers between starts: recent workspaces, who thinks in them, the theme, where splits stand.

It is convenience, never the only copy of anything: a file that cannot be read counts as empty, and one that cannot be
written costs only the memory.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.choosing import ReasonerChoice

MANY = 12
"""How many recent workspaces are kept."""

log = logging.getLogger(__name__)


def state_folder() -> Path:
    """Where the studio keeps its own state and logs: `cuecard` in the user's state folder."""
    configured = os.environ.get("XDG_STATE_HOME")
    return (Path(configured) if configured else Path.home() / ".local" / "state") / "cuecard"


class Remembered:
    """The studio's memory, read once and written at every change.

    Attributes:
        recent: Folders of agents, the newest first.
        theme: The theme's name; empty for the default.
        splits: Widths in columns by the name of the split.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or state_folder() / "studio.json"
        values = self._read()
        self.recent: list[str] = [entry for entry in _list(values.get("recent")) if isinstance(entry, str)]
        self.theme: str = values["theme"] if isinstance(values.get("theme"), str) else ""
        splits = values.get("splits")
        known = splits.items() if isinstance(splits, dict) else ()
        self.splits: dict[str, int] = {name: width for name, width in known if isinstance(width, int)}
        self._choices: dict[str, dict[str, str]] = _choices(values.get("choices"))

    def opened(self, folder: Path) -> None:
        """Note that a workspace was opened."""
        entry = str(folder.resolve())
        self.recent = [entry, *(other for other in self.recent if other != entry)][:MANY]
        self.write()

    def forget(self, folder: str) -> None:
        """Take a workspace from the recent ones; the folder itself is not touched."""
        self.recent = [other for other in self.recent if other != folder]
        self.write()

    def choice_of(self, folder: Path) -> ReasonerChoice:
        """Who thinks in a workspace; the default where nobody else was chosen."""
        from engine.choosing import ReasonerChoice

        return ReasonerChoice(**self._choices.get(str(folder.resolve()), {}))

    def chose(self, folder: Path, choice: ReasonerChoice) -> None:
        """Note who thinks in a workspace from now on; a default is not kept, so that it may become another one."""
        from dataclasses import asdict

        default = asdict(type(choice)())
        chosen = {name: value for name, value in asdict(choice).items() if value != default[name]}
        self._choices.pop(str(folder.resolve()), None)
        if chosen:
            self._choices[str(folder.resolve())] = chosen
        self.write()

    def write(self) -> None:
        """Write everything down, whole or not at all."""
        choices = {folder: chosen for folder, chosen in self._choices.items() if folder in self.recent}
        splits = dict(sorted(self.splits.items()))
        values = {"recent": self.recent, "theme": self.theme, "splits": splits, "choices": choices}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile("w", dir=self._file.parent, delete=False, encoding="utf-8") as fresh:
                json.dump(values, fresh, indent=1)
            Path(fresh.name).replace(self._file)
        except OSError as error:
            log.warning("%s cannot be written: %s", self._file, error)

    def _read(self) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError):
            values = json.loads(self._file.read_text("utf-8"))
            if isinstance(values, dict):
                return values
        return {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


CHOICE = ("reasoner", "embeddings", "host")
"""The fields of a choice that are kept."""


def _choices(value: object) -> dict[str, dict[str, str]]:
    """Who thinks, by workspace; what has another shape is left out."""
    kept = value if isinstance(value, dict) else {}
    return {
        folder: {name: chosen[name] for name in CHOICE if isinstance(chosen.get(name), str)}
        for folder, chosen in kept.items()
        if isinstance(chosen, dict)
    }
