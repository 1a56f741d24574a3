from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.session.clock import VirtualClock
from engine.session.events import EventKind, EventSource, JourneyPosition, SessionState
from engine.session.memory import MemoryStore
from engine.session.store import SessionStore, UnknownSession
from engine.session.tiny import TinyStore

START = datetime(2026, 3, 14, 9, 26, 53)


@dataclass(frozen=True)
class Record:
    values: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return self.values


words = st.text(max_size=12)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
data_values = json_values | st.tuples(words, st.just(START)) | st.dictionaries(words, json_values, max_size=2)
sessions = st.integers(1, 4).map(lambda number: f"session-{number}")
turns = st.sampled_from(["t1", "t2", 't"3\n', "é\ud800"])
positions = st.builds(JourneyPosition, path=st.lists(words, min_size=1).map(tuple))
states = st.builds(
    SessionState,
    turn=st.integers(0, 9),
    fields=st.dictionaries(words, data_values, max_size=2),
    journeys=st.dictionaries(
        words, st.builds(JourneyPosition, path=st.lists(words, min_size=1).map(tuple)), max_size=2
    ),
    asked=st.lists(words, max_size=2).map(tuple),
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "title": words,
        "mode": st.sampled_from(["auto", "manual"]),
        "metadata": st.dictionaries(words, data_values, max_size=2),
        "labels": st.lists(words, max_size=2),
        "state": states,
    },
)
sources = st.sampled_from(EventSource)
kinds = st.sampled_from(EventKind)
filters = st.fixed_dictionaries(
    {"min_offset": st.integers(-2, 8)},
    optional={
        "source": sources,
        "kinds": st.lists(kinds, max_size=2),
        "trace_id": turns,
    },
)
operations = st.one_of(
    st.tuples(st.just("create"), changes),
    st.tuples(
        st.just("append"),
        sessions,
        st.sampled_from(EventSource),
        st.sampled_from(EventKind),
        data_values,
        turns,
        changes,
    ),
    st.tuples(
        st.just("append"), st.just("session-1"), st.just("customer"), st.just("message"), data_values, turns, changes
    ),
    st.tuples(st.just("list"), sessions, filters),
    st.tuples(st.just("update"), sessions, changes),
    st.tuples(st.just("cut"), sessions, st.integers(-1, 8)),
    st.tuples(st.just("remember"), sessions, turns, st.dictionaries(words, data_values, max_size=2)),
    st.tuples(st.just("recall"), sessions, turns),
    st.tuples(st.just("delete"), sessions),
    st.tuples(st.just("everything")),
    st.tuples(st.just("reopen"), st.booleans()),
)


async def perform(store: SessionStore, operation: tuple[Any, ...]) -> Any:
    match operation:
        case ("create", values):
            return await store.create_session("agent", **values)
        case ("append", session, source, kind, data, turn, values):
            metadata = values.get("metadata")
            return await store.append_event(session, source, kind, data, trace_id=turn, metadata=metadata)
        case ("list", session, which):
            return await store.list_events(session, **which)
        case ("update", session, values):
            return await store.update_session(session, **values)
        case ("cut", session, offset):
            return await store.delete_events(session, offset)
        case ("remember", session, turn, trace):
            return await store.save_trace(session, turn, Record(trace))
        case ("recall", session, turn):
            return await store.get_trace(session, turn)
        case ("delete", session):
            return await store.delete_session(session)
        case _:
            listed = await store.list_sessions()
            return listed, [await store.list_events(session.id) for session in listed]


async def outcome(store: SessionStore, operation: tuple[Any, ...]) -> Any:
    try:
        return await perform(store, operation)
    except UnknownSession as error:
        return repr(error)


async def compare(folder: Path, steps: list[tuple[Any, ...]]) -> None:
    clock = VirtualClock(START)
    memory, tiny = MemoryStore(clock), TinyStore(folder, clock)
    for step in [("create", {}), *steps, ("reopen", True), ("everything",)]:
        await clock.advance(timedelta(milliseconds=1500))
        if step[0] == "reopen":
            await tiny.close()
            if step[1]:
                (folder / "sessions" / "index.json").open("ab").write(b'{"insert":"sessions","id":77,"docu')
            tiny = TinyStore(folder, clock)
        else:
            assert await outcome(tiny, step) == await outcome(memory, step)
    await tiny.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(operations, max_size=25))
@example([("append", "session-1", EventSource.CUSTOMER, EventKind.MESSAGE, float("inf"), "t1", {})])
def test_a_store_in_files_reopened_at_any_time_behaves_like_the_one_in_memory(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(compare(Path(folder) / ".cuecard", steps))
