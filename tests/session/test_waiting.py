from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from engine.session.clock import VirtualClock
from engine.session.events import EventKind, EventSource
from engine.session.memory import MemoryStore
from engine.session.store import SessionStore, StoreError, UnknownSession
from engine.session.tiny import TinyStore

CLOCK = VirtualClock(datetime(2026, 3, 14, 9))
LONG = 3600.0


@pytest.fixture(params=["memory", "tiny"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> SessionStore:
    made: dict[str, Callable[[], SessionStore]] = {
        "memory": lambda: MemoryStore(CLOCK),
        "tiny": lambda: TinyStore(tmp_path / ".cuecard", CLOCK),
    }
    store = made[request.param]()
    await store.create_session("agent")
    return store


async def add(store: SessionStore, kind: EventKind = EventKind.MESSAGE, session: str = "session-1") -> None:
    await store.append_event(session, EventSource.AI_AGENT, kind, {"message": "hi"}, trace_id="turn")


async def waiting(store: SessionStore, **which: object) -> asyncio.Task[list[object]]:
    listing = store.list_events("session-1", wait_for_data=LONG, **which)  # type: ignore[arg-type]
    task: asyncio.Task[list[object]] = asyncio.ensure_future(listing)  # type: ignore[arg-type]
    await asyncio.sleep(0)
    return task


async def test_what_is_there_is_returned_at_once(store: SessionStore) -> None:
    await add(store)
    assert len(await store.list_events("session-1", wait_for_data=LONG)) == 1


async def test_without_waiting_nothing_is_an_empty_list(store: SessionStore) -> None:
    assert await store.list_events("session-1") == []
    assert await store.list_events("session-1", wait_for_data=0) == []


async def test_an_event_wakes_everybody_who_waits(store: SessionStore) -> None:
    tasks = [await waiting(store) for _ in range(3)]
    await add(store)
    assert [len(await task) for task in tasks] == [1, 1, 1]


async def test_only_a_fitting_event_ends_the_wait(store: SessionStore) -> None:
    task = await waiting(store, kinds=[EventKind.TOOL], min_offset=2)
    await store.create_session("agent")
    for kind in (EventKind.TOOL, EventKind.MESSAGE, EventKind.STATUS):
        await add(store, kind)
        await asyncio.sleep(0)
        assert not task.done()
    await add(store, EventKind.TOOL, "session-2")
    await add(store, EventKind.TOOL)
    assert [event.offset for event in await task] == [3]  # type: ignore[attr-defined]


async def test_nothing_in_time_is_a_timeout(store: SessionStore) -> None:
    with pytest.raises(TimeoutError):
        await store.list_events("session-1", wait_for_data=0.001)


async def test_a_cancelled_wait_leaves_the_others_waiting(store: SessionStore) -> None:
    gone, there = await waiting(store), await waiting(store)
    gone.cancel()
    await asyncio.sleep(0)
    await add(store)
    assert len(await there) == 1
    assert gone.cancelled()


async def test_deleting_the_session_ends_the_wait(store: SessionStore) -> None:
    task = await waiting(store)
    await store.delete_session("session-1")
    with pytest.raises(UnknownSession):
        await task


async def test_closing_the_store_ends_the_wait(store: SessionStore) -> None:
    task = await waiting(store)
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await task


async def test_an_unknown_session_is_said_to_be_unknown(store: SessionStore) -> None:
    for call in (
        store.get_session("session-9"),
        store.list_events("session-9"),
        store.get_trace("session-9", "turn"),
        store.update_session("session-9"),
        store.delete_session("session-9"),
        store.delete_events("session-9", 0),
    ):
        with pytest.raises(UnknownSession):
            await call


async def test_a_field_that_no_session_has_or_an_id_is_refused(store: SessionStore) -> None:
    with pytest.raises(ValueError):
        await store.update_session("session-1", colour="red")
    with pytest.raises(ValueError, match="keeps the id"):
        await store.create_session("agent", id="mine")
    assert (await store.create_session("agent")).id == "session-2"
