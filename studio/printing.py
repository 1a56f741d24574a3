"""The console that commands print on."""

from __future__ import annotations

import sys
from typing import NoReturn

from rich.console import Console


class LineConsole(Console):
    """A console that says when whoever read our output has gone, instead of ending the process by itself."""

    def on_broken_pipe(self) -> NoReturn:
        """Raise `BrokenPipeError`; the command line ends quietly on it."""
        raise BrokenPipeError


def open_console() -> LineConsole:
    """A console that wraps on a terminal and keeps lines whole in a pipe."""
    return LineConsole(highlight=False, soft_wrap=not sys.stdout.isatty())
