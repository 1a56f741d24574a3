"""Appends events for ever and says of each that it is kept: the process that a test kills."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from engine.session.clock import RealClock
from engine.session.events import EventKind, EventSource
from engine.session.tiny import TinyStore


async def write_for_ever(folder: Path) -> None:
    store = TinyStore(folder, RealClock())
    session = (await store.list_sessions() or [await store.create_session("agent")])[0]
    while True:
        event = await store.append_event(
            session.id, EventSource.CUSTOMER, EventKind.MESSAGE, {"message": "x" * 3000}, trace_id="turn"
        )
        os.write(sys.stdout.fileno(), f"{event.offset}\n".encode())


asyncio.run(write_for_ever(Path(sys.argv[1])))
