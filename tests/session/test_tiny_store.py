from __future__ import annotations

import asyncio
import errno
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.session import append_file
from engine.session.clock import VirtualClock
from engine.session.events import Event, EventKind, EventSource
from engine.session.store import StoreError, UnknownSession
from engine.session.tiny import TinyStore

CLOCK = VirtualClock(datetime(2026, 3, 14, 9))
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Record:
    values: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return self.values


async def say(store: TinyStore, words: str, session: str = "session-1") -> Event:
    data = {"message": words}
    return await store.append_event(session, EventSource.CUSTOMER, EventKind.MESSAGE, data, trace_id="turn")


async def said(store: TinyStore, session: str = "session-1") -> list[str]:
    return [event.text for event in await store.list_events(session)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".cuecard"


async def opened_with(folder: Path, *words: str) -> TinyStore:
    store = TinyStore(folder, CLOCK)
    await store.create_session("agent")
    for text in words:
        await say(store, text)
    return store


def error_line(raised: pytest.ExceptionInfo[StoreError]) -> str:
    line = str(raised.value)
    assert "\n" not in line
    return line


def events_file(folder: Path) -> Path:
    return folder / "sessions" / "session-1.json"


async def test_the_folder_keeps_itself_out_of_git(folder: Path) -> None:
    TinyStore(folder, CLOCK)
    assert (folder / ".gitignore").read_text() == "*\n"


async def test_an_event_is_one_appended_line_however_many_there_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await opened_with(folder, "first")
    written: list[int] = []
    real_write = os.write

    def counting_write(descriptor: int, content: bytes) -> int:
        written.append(len(content))
        return real_write(descriptor, content)

    monkeypatch.setattr(os, "write", counting_write)
    for _ in range(300):
        await say(store, "same words")
    assert len(written) == 300
    assert max(written) - min(written) <= 8  # the digits of the offset and the id, nothing that grows with the session
    assert events_file(folder).read_bytes().count(b"\n") == 301


async def test_an_event_is_with_the_operating_system_before_anyone_is_told(folder: Path) -> None:
    store = await opened_with(folder, "hello")
    last = json.loads(events_file(folder).read_bytes().splitlines()[-1])
    assert last["document"]["data"] == {"message": "hello"}
    await store.close()


def acknowledged_before_the_kill(folder: Path, count: int) -> list[int]:
    command = [sys.executable, str(Path(__file__).with_name("writer_to_kill.py")), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(REPOSITORY)}) as writer:
        assert writer.stdout
        heard = [int(writer.stdout.readline()) for _ in range(count)]
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().splitlines(keepends=True)
    return heard + [int(line) for line in rest if line.endswith(b"\n")]


@pytest.mark.parametrize("acknowledged", [1, 7, 40])
async def test_killing_the_writer_at_any_moment_loses_and_repeats_no_acknowledged_event(
    folder: Path, acknowledged: int
) -> None:
    expected = 0
    for _ in range(2):
        heard = acknowledged_before_the_kill(folder, acknowledged)
        assert heard == list(range(expected, expected + len(heard)))
        store = TinyStore(folder, CLOCK)
        assert not store.read_only
        offsets = [event.offset for event in await store.list_events("session-1")]
        assert offsets[: heard[-1] + 1] == list(range(heard[-1] + 1))
        assert offsets == list(range(len(offsets)))
        assert len(offsets) <= heard[-1] + 2  # at most one was written and not yet acknowledged
        await store.close()
        expected = len(offsets)


@pytest.mark.parametrize("cut", range(1, 60, 7))
async def test_a_torn_last_line_is_dropped_and_what_follows_it_is_kept(folder: Path, cut: int) -> None:
    await (await opened_with(folder, "one", "two")).close()
    file = events_file(folder)
    file.write_bytes(file.read_bytes()[:-cut])
    store = TinyStore(folder, CLOCK)
    assert await said(store) == ["one"]
    await say(store, "again")
    await store.close()
    assert await said(TinyStore(folder, CLOCK)) == ["one", "again"]


async def test_zeros_that_a_power_cut_left_at_the_end_are_dropped(folder: Path) -> None:
    await (await opened_with(folder, "one")).close()
    with events_file(folder).open("ab") as file:
        file.write(b"\0" * 100 + b"\n" + b"\0" * 10)
    store = TinyStore(folder, CLOCK)
    await say(store, "two")
    await store.close()
    assert await said(TinyStore(folder, CLOCK)) == ["one", "two"]


async def test_a_line_damaged_in_the_middle_is_named_and_other_sessions_stay_usable(folder: Path) -> None:
    store = await opened_with(folder, "one", "two")
    await store.create_session("agent")
    await say(store, "other", "session-2")
    await store.close()
    damaged = b"rubbish\n" + events_file(folder).read_bytes()
    events_file(folder).write_bytes(damaged)
    store = TinyStore(folder, CLOCK)
    with pytest.raises(StoreError) as raised:
        await store.list_events("session-1")
    assert "session-1.json, line 1, is damaged" in error_line(raised)
    assert events_file(folder).read_bytes() == damaged
    assert await said(store, "session-2") == ["other"]


@contextmanager
def disk_with_room_for(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_full_disk_is_one_clear_line_and_leaves_nothing_torn_behind(folder: Path) -> None:
    store = await opened_with(folder, "kept")
    before = events_file(folder).read_bytes()
    with disk_with_room_for(len(before) + 50), pytest.raises(StoreError) as raised:
        await say(store, "no room for this")
    assert "session-1.json cannot be written" in error_line(raised)
    assert events_file(folder).read_bytes() == before
    assert (await say(store, "room again")).offset == 1
    await store.close()
    assert await said(TinyStore(folder, CLOCK)) == ["kept", "room again"]


async def test_a_torn_write_that_cannot_be_cut_back_at_once_is_cut_back_before_the_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await opened_with(folder, "kept")
    real_write = os.write
    calls = iter(range(9))

    def half_write(descriptor: int, content: bytes) -> int:
        if next(calls) == 0:
            return real_write(descriptor, content[:20])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def no_truncate(descriptor: int, size: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(append_file.os, "write", half_write)
        broken.setattr(append_file.os, "ftruncate", no_truncate)
        with pytest.raises(StoreError, match="No space left"):
            await say(store, "lost and known to be lost")
    await say(store, "after")
    await store.close()
    assert await said(TinyStore(folder, CLOCK)) == ["kept", "after"]


async def test_a_session_update_that_cannot_be_written_changes_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await opened_with(folder)

    def no_write(descriptor: int, content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(append_file.os, "write", no_write)
        with pytest.raises(StoreError):
            await store.update_session("session-1", title="new")
        with pytest.raises(StoreError):
            await store.create_session("agent")
    assert (await store.get_session("session-1")).title == ""
    assert (await store.create_session("agent")).id == "session-2"


async def test_the_second_to_open_reads_along_and_is_told_who_writes(folder: Path) -> None:
    first = await opened_with(folder, "one")
    second = TinyStore(folder, CLOCK)
    assert not first.read_only
    assert second.read_only
    assert await said(second) == ["one"]
    await say(first, "two")
    await first.create_session("agent")
    assert await said(second) == ["one", "two"]
    assert len(await second.list_sessions()) == 2
    writes: list[Any] = [
        say(second, "no"),
        second.create_session("agent"),
        second.update_session("session-1", title="no"),
        second.delete_session("session-1"),
        second.delete_events("session-1", 0),
        second.save_trace("session-1", "turn", Record({})),
    ]
    for write in writes:
        with pytest.raises(StoreError) as raised:
            await write
        assert f"another process ({os.getpid()}) is writing" in error_line(raised)
    await second.close()
    await first.close()
    third = TinyStore(folder, CLOCK)
    assert not third.read_only
    assert await said(third) == ["one", "two"]


async def test_a_folder_that_cannot_be_written_is_opened_for_reading(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await opened_with(folder, "one")).close()
    real_open = os.open

    def read_only_open(path: Any, flags: int, *more: Any, **named: Any) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return real_open(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", read_only_open)
    store = TinyStore(folder, CLOCK)
    assert await said(store) == ["one"]
    with pytest.raises(StoreError) as raised:
        await say(store, "two")
    assert "Read-only file system" in error_line(raised)
    await store.close()


@pytest.mark.parametrize("place", [".cuecard", "."])
async def test_a_file_where_the_folder_should_be_is_one_clear_line(tmp_path: Path, place: str) -> None:
    blocked = tmp_path / "taken"
    blocked.write_text("a file")
    with pytest.raises(StoreError) as raised:
        TinyStore(blocked / place, CLOCK)
    assert "cannot be made" in error_line(raised)
    assert blocked.read_text() == "a file"


async def test_listing_events_reads_no_traces(folder: Path) -> None:
    store = await opened_with(folder, "one")
    await store.save_trace("session-1", "turn", Record({"why": ["because"]}))
    await store.close()
    traces = folder / "sessions" / "session-1.traces.json"
    kept = traces.read_bytes()
    traces.write_bytes(b"\xff" * 50 + b"\n")
    store = TinyStore(folder, CLOCK)
    assert await said(store) == ["one"]
    traces.write_bytes(kept)
    assert await store.get_trace("session-1", "turn") == {"why": ["because"]}


async def test_the_index_is_rewritten_at_opening_once_most_of_it_is_out_of_date(folder: Path) -> None:
    store = await opened_with(folder)
    await store.create_session("agent")
    await store.delete_session("session-2")
    for number in range(150):
        await store.update_session("session-1", title=f"title {number}")
    await store.close()
    index = folder / "sessions" / "index.json"
    before = index.stat().st_size
    store = TinyStore(folder, CLOCK)
    assert index.stat().st_size < before / 10
    assert [session.title for session in await store.list_sessions()] == ["title 149"]
    assert (await store.create_session("agent")).id == "session-3"


async def test_events_of_a_lost_index_are_never_given_to_a_new_session(folder: Path) -> None:
    await (await opened_with(folder, "old")).close()
    (folder / "sessions" / "index.json").unlink()
    store = TinyStore(folder, CLOCK)
    fresh = await store.create_session("agent")
    assert fresh.id == "session-2"
    assert await said(store, fresh.id) == []


async def test_deleting_a_session_removes_its_files(folder: Path) -> None:
    store = await opened_with(folder, "one")
    await store.save_trace("session-1", "turn", Record({}))
    await store.delete_session("session-1")
    assert sorted(path.name for path in (folder / "sessions").iterdir()) == ["index.json", "lock"]
    with pytest.raises(UnknownSession):
        await store.list_events("session-1")


async def test_syncing_while_events_are_added_loses_none(folder: Path) -> None:
    store = await opened_with(folder)
    for number in range(20):
        await asyncio.gather(store.sync(), say(store, f"{number} a"), store.sync(), say(store, f"{number} b"))
    assert len(await said(store)) == 40
    await store.close()
    assert len(await said(TinyStore(folder, CLOCK))) == 40


async def test_what_json_cannot_carry_is_refused_at_the_call(folder: Path) -> None:
    store = await opened_with(folder)
    with pytest.raises(ValueError, match="the event's data cannot be kept"):
        await store.append_event("session-1", EventSource.SYSTEM, EventKind.CUSTOM, object(), trace_id="turn")
    assert await said(store) == []


async def test_a_closed_store_writes_nothing_more(folder: Path) -> None:
    store = await opened_with(folder)
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await say(store, "late")
