"""The user's own keys: `keys.yaml` in the configuration folder, with ids of the key table and keys for them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from textual.app import App

from studio.keys import KEYS


def keys_file() -> Path:
    """Where the user's keys are: `cuecard/keys.yaml` in the user's configuration folder."""
    configured = os.environ.get("XDG_CONFIG_HOME")
    return (Path(configured) if configured else Path.home() / ".config") / "cuecard" / "keys.yaml"


def read_own_keys(text: str, file: str = "keys.yaml") -> tuple[dict[str, str], list[str]]:
    """Read a file of keys such as `palette: ctrl+k` or `down: [j, ctrl+n]`.

    Args:
        text: The file's text.
        file: Its name for people.

    Returns:
        The keys by id, and a line for everything in the file that cannot be used.
    """
    from yaml import YAMLError, safe_load

    from engine.agent.errors import suggestion

    try:
        values = safe_load(text)
    except YAMLError as error:
        return {}, [f"{file} is no YAML: {' '.join(str(error).split())}"]
    if values is None:
        return {}, []
    if not isinstance(values, Mapping):
        return {}, [f"{file}: write lines such as `palette: ctrl+k`"]
    keys: dict[str, str] = {}
    faults: list[str] = []
    for name, value in values.items():
        if name not in KEYS:
            faults.append(f"{file}: no key is called {name}. {suggestion(str(name), KEYS)}".strip())
        elif written := _keys(value):
            keys[name] = written
        else:
            faults.append(f"{file}: {name} needs a key such as ctrl+k, or a list of keys")
    return keys, [*faults, *_clashes(keys, file)]


def use_own_keys(app: App[Any]) -> None:
    """Put the user's keys in place of ours; say what in their file cannot be used."""
    file = keys_file()
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        app.notify(f"{file} cannot be read: {error}", severity="warning")
        return
    keys, faults = read_own_keys(text, str(file))
    app.set_keymap(keys)
    for fault in faults:
        app.notify(fault, title="keys.yaml", severity="warning", timeout=10)


def _keys(value: object) -> str:
    written = [value] if isinstance(value, str) else value
    if not isinstance(written, list) or not all(isinstance(key, str) and key.strip() for key in written):
        return ""
    return ",".join(key.strip() for key in written)


def _clashes(keys: Mapping[str, str], file: str) -> list[str]:
    taken: dict[str, str] = {}
    faults = []
    for name, written in keys.items():
        for key in written.split(","):
            if key in taken:
                faults.append(
                    f"{file}: {key} is given to both {taken[key]} and {name}; the one nearer to the focus wins"
                )
            taken[key] = name
    return faults
