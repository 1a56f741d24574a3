"""F9: the user's own editor on a place in a file, while the studio stands aside."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

from textual.app import App, SuspendNotSupported

LINE_FIRST = ("vi", "vim", "nvim", "nano", "emacs", "emacsclient", "micro", "kak", "joe", "mg", "ne")
"""Editors that take `+LINE FILE`."""
WITH_COLON = ("code", "code-insiders", "codium", "hx", "helix", "subl", "zed")
"""Editors that take `FILE:LINE`."""


def command_for(editor: str, file: Path, line: int) -> list[str]:
    """The command that opens a file at a line.

    Args:
        editor: What `$VISUAL` or `$EDITOR` says, with its own arguments.
        file: The file.
        line: The line, counted from 1.

    Returns:
        The command; without the line for an editor whose way of naming lines is not known.
    """
    words = shlex.split(editor)
    name = Path(words[0]).name
    if name in LINE_FIRST:
        return [*words, f"+{line}", str(file)]
    if name in WITH_COLON:
        goto = ["--goto"] if name.startswith("cod") else []
        return [*words, *goto, f"{file}:{line}"]
    return [*words, str(file)]


async def edit(app: App[int], file: Path, line: int) -> None:
    """Open a file in `$VISUAL` or `$EDITOR`; what is saved there is seen by the watcher like any other change."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        app.notify(f"{file}:{line}\nset EDITOR to open it from here", title="No editor", severity="warning")
        return
    command = command_for(editor, file, line)
    try:
        with app.suspend():
            subprocess.run(command, check=False)  # noqa: ASYNC221 - the terminal belongs to the editor until it ends
    except SuspendNotSupported:
        app.notify(f"{file}:{line}", title="This terminal cannot be lent to an editor", severity="warning")
    except OSError as error:
        app.notify(f"{command[0]}: {error.strerror}", title="The editor did not start", severity="error")
    app.refresh()
