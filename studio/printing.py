"""The console that commands print on, and the reports that they write."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class LineConsole(Console):
    """A console that says when whoever read our output has gone, instead of ending the process by itself."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise `BrokenPipeError`; the command line ends quietly on it."""
        raise BrokenPipeError


def open_console() -> LineConsole:
    """A console that wraps on a terminal and keeps lines whole in a pipe."""
    return LineConsole(highlight=False, soft_wrap=not sys.stdout.isatty())


A_FEW = 64
"""So many texts are read before anybody wonders what goes on."""


def counting_progress(console: Console) -> Progress:
    """A bar that counts what is done of how many; nothing where nobody watches."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def telling_read(progress: Progress) -> Callable[[str, int, int], None]:
    """What tells of agents that are read for the first time: a bar on a terminal, elsewhere one line on standard error.

    Args:
        progress: Where the bar is drawn.

    Returns:
        To be called with an agent's name, and how many of how many of its texts are read.
    """
    tasks: dict[str, TaskID] = {}

    def told(name: str, done: int, of: int) -> None:
        if name not in tasks:
            tasks[name] = progress.add_task(f"reading {name}", total=of)
            if not progress.console.is_terminal and of > A_FEW:
                print(f"cuecard: reading {name} for the first time: {of:,} texts", file=sys.stderr, flush=True)
        progress.update(tasks[name], completed=done)
        if done == of:
            progress.remove_task(tasks.pop(name))

    return told


def stdout_kept_clean(*files: str | None) -> AbstractContextManager[object]:
    """While a report goes to standard output (`-`), nothing else does: not even what an agent's own code prints."""
    return redirect_stdout(sys.stderr) if "-" in files else nullcontext()


def write_report(file: str, text: str) -> None:
    """Write a report into a file, or with `-` on standard output."""
    if file == "-":
        sys.stdout.write(text)
    else:
        Path(file).write_text(text, "utf-8")
