"""Lines from a terminal or a pipe, read without holding up the session, and given up at once on ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

ENDING_SIGNALS = ("SIGTERM", "SIGHUP", "SIGQUIT")
"""The signals, as far as the platform has them, at which the terminal is put right before the process ends."""


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


@contextlib.contextmanager
def terminal_given_back() -> Iterator[None]:
    """Leave the terminal as it was found, whatever ends the block, and also when a signal ends the process.

    Somebody may be typing at that moment, and while a line is edited the terminal shows nothing by itself.
    """
    if not sys.stdin.isatty() or sys.platform == "win32":
        yield
        return
    import termios

    found = termios.tcgetattr(sys.stdin)

    def give_back() -> None:
        with contextlib.suppress(OSError, termios.error):
            termios.tcsetattr(sys.stdin, termios.TCSANOW, found)

    def give_back_and_end(number: int, frame: FrameType | None) -> None:
        give_back()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    numbers = [getattr(signal, name) for name in ENDING_SIGNALS if hasattr(signal, name)]
    before = {number: signal.signal(number, give_back_and_end) for number in numbers}
    try:
        yield
    finally:
        give_back()
        for number, handler in before.items():
            signal.signal(number, handler)


def _give_arrow_keys_and_history() -> None:
    """Give `input` arrow keys and history, where the platform has readline."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - importing it is what it takes


def _deliver(line: asyncio.Future[str | None], found: str | None) -> None:
    """Hand a line over, unless nobody waits for it any more."""
    if not line.done():
        line.set_result(found)
