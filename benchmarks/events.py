"""What an event costs to append to a session on disk, early and late."""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure, figure
from engine.session.clock import RealClock
from engine.session.events import EventKind, EventSource
from engine.session.tiny import TinyStore

COUNT = 10_000
WINDOW = 200


def figures() -> Iterator[Figure]:
    """The 10,000th append beside the 10th; opening a session of 1,000 messages."""
    with tempfile.TemporaryDirectory() as folder:
        taken = asyncio.run(_appends(Path(folder)))
        early, late = statistics.median(taken[10 : 10 + WINDOW]), statistics.median(taken[-WINDOW:])
        floor = f"a bare write {_bare_write(Path(folder)) * 1e6:.0f} µs"
        yield figure("append of an event on disk", [value * 1000 for value in taken[-WINDOW:]], "ms", 1.0, floor=floor)
        yield Figure(f"append {COUNT:,} against append 10", late / early, "×", 1.3)
    with tempfile.TemporaryDirectory() as folder:
        taken = [asyncio.run(_reopen(Path(folder))) for _ in range(5)]
        yield figure("session of 1,000 messages opened", [value * 1000 for value in taken], "ms", 150)


async def _appends(folder: Path) -> list[float]:
    clock = RealClock()
    store = TinyStore(folder, clock)
    session = await store.create_session("Measured")
    taken = []
    for number in range(COUNT):
        data = {"message": f"message {number}", "participant": {"id": "guest", "display_name": "Guest"}}
        began = time.perf_counter()
        await store.append_event(session.id, EventSource.CUSTOMER, EventKind.MESSAGE, data, trace_id="t")
        taken.append(time.perf_counter() - began)
    await store.close()
    await clock.close()
    return taken


async def _reopen(folder: Path) -> float:
    clock = RealClock()
    store = TinyStore(folder, clock)
    if not await store.list_sessions():
        session = await store.create_session("Measured")
        for number in range(1000):
            data = {"message": f"message {number}", "participant": {"id": "guest", "display_name": "Guest"}}
            await store.append_event(session.id, EventSource.CUSTOMER, EventKind.MESSAGE, data, trace_id="t")
    await store.close()
    began = time.perf_counter()
    store = TinyStore(folder, clock)
    events = await store.list_events("session-1")
    taken = time.perf_counter() - began
    await store.close()
    await clock.close()
    if len(events) != 1000:
        raise RuntimeError(f"{len(events)} events were read, not 1,000")
    return taken


def _bare_write(folder: Path) -> float:
    taken = []
    descriptor = os.open(folder / "bare", os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    for _ in range(1000):
        began = time.perf_counter()
        os.write(descriptor, b"x" * 250)
        taken.append(time.perf_counter() - began)
    os.close(descriptor)
    return statistics.median(taken)
