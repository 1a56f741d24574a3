"""Lines from a terminal or a pipe, read without holding up the session, and given up at once on ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading


class TypedLines:
    """Reads one line at a time in a thread of its own.

    The thread is a daemon: a process that is asked to end does not wait for somebody to press return.

    Args:
        prompt: What to show before each line on a terminal; None reads a pipe.
    """

    def __init__(self, prompt: str | None) -> None:
        self._prompt = prompt
        if prompt is not None:
            _give_arrow_keys_and_history()

    async def next(self) -> str | None:
        """The next line; None at the end of the input."""
        loop = asyncio.get_running_loop()
        line: asyncio.Future[str | None] = loop.create_future()

        def read() -> None:
            found = self._read()
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(_deliver, line, found)

        threading.Thread(target=read, daemon=True).start()
        return await line

    def _read(self) -> str | None:
        if self._prompt is None:
            return sys.stdin.readline() or None
        with contextlib.suppress(EOFError):
            return input(self._prompt)
        print()
        return None


def _give_arrow_keys_and_history() -> None:
    """Give `input` arrow keys and history, where the platform has readline."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - importing it is what it takes


def _deliver(line: asyncio.Future[str | None], found: str | None) -> None:
    """Hand a line over, unless nobody waits for it any more."""
    if not line.done():
        line.set_result(found)
