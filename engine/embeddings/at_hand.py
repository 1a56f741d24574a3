"""Answers that hold nobody up: at once where every vector is remembered, else in a thread.

Turning a sentence into a vector takes as long as a frame of a screen, so that an event loop must not do it; a thread
where there is nothing to turn would only be a detour.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from threading import Lock
from typing import TypeVar

_Answer = TypeVar("_Answer")

_only_at_hand: ContextVar[bool] = ContextVar("only_at_hand", default=False)


class NotAtHand(Exception):
    """A vector is asked for that is not remembered, where it may be neither made nor looked up."""


def is_only_at_hand() -> bool:
    """Whether vectors that are not remembered are to be refused."""
    return _only_at_hand.get()


@contextmanager
def only_at_hand() -> Iterator[None]:
    """Within this, a text whose vector is not remembered raises `NotAtHand`."""
    token = _only_at_hand.set(True)
    try:
        yield
    finally:
        _only_at_hand.reset(token)


async def answered(ask: Callable[[], _Answer], alone: Lock, *, waits: bool) -> _Answer:
    """Answer without holding up the event loop.

    Args:
        ask: What finds the answer by comparing texts. It is begun anew in a thread when it meets a text that is not
            remembered, so that it must change nothing but what it remembers by content.
        alone: Held while it runs: one thread at a time asks.
        waits: Whether it may wait for a server, and so is always asked in a thread.

    Returns:
        What `ask` returns, the same on either way.
    """
    if not waits and alone.acquire(blocking=False):
        try:
            with suppress(NotAtHand), only_at_hand():
                return ask()
        finally:
            alone.release()
    return await asyncio.to_thread(_alone, ask, alone)


def _alone(ask: Callable[[], _Answer], alone: Lock) -> _Answer:
    with alone:
        return ask()
