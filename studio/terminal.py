"""The terminal is always given back: signals end the studio in order, a terminal that is gone ends it at once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable

ENDING_SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
"""The signals, as far as the platform has them, at which the studio leaves as if it had been asked to."""

PATIENCE = 2.0
"""Seconds that the studio has to leave by itself once its terminal is gone. Every event is on disk by then."""

HANGUP = 129
"""The exit code of a process whose terminal is gone, as shells have it (128 + SIGHUP)."""


def leave_on_signals(leave: Callable[[int], None]) -> None:
    """Have a function called with an exit code when a signal asks the process to end.

    Args:
        leave: Ends the studio in order; called on the running event loop.
    """
    loop = asyncio.get_running_loop()
    for name in ENDING_SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                loop.add_signal_handler(number, leave, 128 + number)


def leave_when_gone(leave: Callable[[int], None], terminal: int | None = None) -> None:
    """Watch the terminal, and end the process when it is gone (a closed window, a lost connection).

    A terminal that is gone takes no output any more, so leaving in order can hang: after `PATIENCE` the process ends.

    Args:
        leave: Ends the studio in order; called on the running event loop.
        terminal: Its file descriptor; standard input's when None.
    """
    descriptor = sys.__stdin__.fileno() if terminal is None and sys.__stdin__ is not None else terminal
    if descriptor is None or not hasattr(select, "poll") or not os.isatty(descriptor):
        return
    loop = asyncio.get_running_loop()

    def watch() -> None:
        poller = select.poll()
        poller.register(descriptor, 0)  # no event asked for: only hang-ups and errors are told
        poller.poll()
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(leave, HANGUP)
        threading.Event().wait(PATIENCE)
        os._exit(HANGUP)

    threading.Thread(target=watch, name="terminal-watch", daemon=True).start()
