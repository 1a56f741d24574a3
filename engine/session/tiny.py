"""Sessions on disk: TinyDB files in an agent's `.cuecard/sessions/` folder.

`index.json` has the sessions, `<id>.json` the events of one, `<id>.traces.json` the records of its turns. All of them
only grow, a line at a time (see `engine.session.tiny_table`), so a process can be killed at any moment.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from tinydb.table import Document

from engine.session.append_file import AppendFile
from engine.session.clock import Clock
from engine.session.event_log import EventFilter
from engine.session.events import Event, EventKind, EventSource, Session
from engine.session.lock import FolderLock
from engine.session.session_file import SessionFile
from engine.session.store import JsonRecord, StoreError, UnknownSession
from engine.session.tiny_table import Database
from engine.session.values import as_json, changed


class TinyStore:
    """A `SessionStore` in files, written by one process and readable by others. Use it from one event loop.

    Sessions are called `session-1`, `session-2`, … in order, events `session-1.0`, `session-1.1`, …; no id is used
    twice, not even after a deletion.

    Attributes:
        read_only: Whether somebody else holds the folder, or it cannot be written. Reading then shows what is in the
            files at each call; waiting for events sees only what this process reads anew.
        read_only_because: Why, as a phrase; empty otherwise.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Open the sessions of an agent, making the folder when needed.

        Args:
            folder: The agent's `.cuecard` folder.
            clock: Gives sessions and events their times.

        Raises:
            StoreError: When the folder cannot be made or read, or the index is damaged.
        """
        self._clock = clock
        self._folder = folder / "sessions"
        _make(folder, self._folder)
        self._lock = FolderLock(self._folder / "lock")
        self.read_only_because = self._lock.refusal
        self.read_only = bool(self.read_only_because)
        self._files: dict[str, SessionFile] = {}
        self._cache: dict[str, Session] = {}
        self._seen = 0
        self._closed = False
        try:
            self._open_index()
        except StoreError:
            self._lock.release()
            raise

    async def create_session(self, agent: str, **values: Any) -> Session:
        """Make a session; see `SessionStore.create_session`."""
        self._check_writable()
        number = self._free_number()
        blank = Session(id=f"session-{number}", agent=agent, created=self._clock.now())
        session = changed(blank, values)
        self._sessions.insert(Document(session.model_dump(mode="json"), doc_id=number))
        self._cache[session.id] = session
        return session

    async def get_session(self, session_id: str) -> Session:
        """Get a session; see `SessionStore.get_session`."""
        self._catch_up()
        if session_id not in self._cache:
            raise UnknownSession(session_id)
        return self._cache[session_id]

    async def list_sessions(self) -> list[Session]:
        """All sessions, oldest first."""
        self._catch_up()
        return list(self._cache.values())

    async def update_session(self, session_id: str, **values: Any) -> Session:
        """Replace fields of a session; see `SessionStore.update_session`."""
        before = await self.get_session(session_id)
        self._check_writable()
        after = changed(before, values)
        fresh = after.model_dump(mode="json", include=set(values))
        self._sessions.update(fresh, doc_ids=[_number(session_id)])
        self._cache[session_id] = after
        return after

    async def delete_session(self, session_id: str) -> None:
        """Remove a session with its events and traces."""
        file = self._file(session_id)
        self._check_writable()
        self._sessions.remove(doc_ids=[_number(session_id)])
        del self._cache[session_id], self._files[session_id]
        file.delete()

    async def append_event(
        self,
        session_id: str,
        source: EventSource,
        kind: EventKind,
        data: Any,
        *,
        trace_id: str,
        metadata: dict[str, Any] | None = None,
    ) -> Event:
        """Add an event at the next offset; see `SessionStore.append_event`.

        Raises:
            StoreError: When it cannot be written; the session is then as before.
        """
        file = self._file(session_id)
        self._check_writable()
        offset = file.log.next_offset
        event = Event(
            id=f"{session_id}.{offset}",
            offset=offset,
            source=source,
            kind=kind,
            created=self._clock.now(),
            trace_id=trace_id,
            data=as_json("the event's data", data),
            metadata=as_json("the event's metadata", metadata or {}),
        )
        file.add(event)
        return event

    async def list_events(
        self,
        session_id: str,
        *,
        min_offset: int = 0,
        source: EventSource | None = None,
        kinds: Collection[EventKind] | None = None,
        trace_id: str | None = None,
        wait_for_data: float | None = None,
    ) -> list[Event]:
        """The events that fit, in order; see `SessionStore.list_events`."""
        which = EventFilter(min_offset, source, kinds, trace_id)
        log = self._file(session_id).log
        return await log.wait(which, wait_for_data) if wait_for_data else log.list(which)

    async def delete_events(self, session_id: str, min_offset: int) -> None:
        """Mark the events from this offset on as deleted."""
        file = self._file(session_id)
        self._check_writable()
        file.delete_events(min_offset)

    async def save_trace(self, session_id: str, trace_id: str, trace: JsonRecord) -> None:
        """Keep the record of a turn."""
        file = self._file(session_id)
        self._check_writable()
        file.traces.save(trace_id, as_json("the trace", trace.to_json()))

    async def get_trace(self, session_id: str, trace_id: str) -> dict[str, Any] | None:
        """The record of a turn; None when there is none."""
        return self._file(session_id).traces.find(trace_id)

    async def sync(self) -> None:
        """Have everything on disk; called once a turn."""
        growing: list[AppendFile] = [self._index.journal.file]
        for session_file in self._files.values():
            growing += session_file.growing
        descriptors = [found for file in growing if (found := file.detach()) is not None]
        if descriptors:
            await asyncio.to_thread(_sync_and_close, descriptors, self._folder)

    async def close(self) -> None:
        """Sync, let go of the files and of those who wait for events."""
        if self._closed:
            return
        self._closed = True
        try:
            await self.sync()
        finally:
            for file in self._files.values():
                file.log.abandon(StoreError("the store was closed"))
            self._lock.release()

    def _open_index(self) -> None:
        path = self._folder / "index.json"
        self._seen = _size(path)
        self._index = Database(path)
        self._sessions = self._index.table("sessions")
        self._cache = {}
        for document in self._sessions:
            session = _session(path, document)
            self._cache[session.id] = session
        if not self.read_only:
            self._index.journal.compact()

    def _free_number(self) -> int:
        number = self._index.journal.next_id("sessions")
        while (self._folder / f"session-{number}.json").exists():  # left by a lost index: never taken for the new one's
            number += 1
        return number

    def _catch_up(self) -> None:
        """See what the process that owns the folder has written since."""
        if self.read_only and _size(self._folder / "index.json") != self._seen:
            self._open_index()

    def _file(self, session_id: str) -> SessionFile:
        self._catch_up()
        if session_id not in self._cache:
            raise UnknownSession(session_id)
        if session_id not in self._files:
            self._files[session_id] = SessionFile(self._folder, session_id)
        elif self.read_only:
            self._files[session_id].catch_up()
        return self._files[session_id]

    def _check_writable(self) -> None:
        if self.read_only:
            raise StoreError(f"{self.read_only_because}; sessions can be read here, not changed")
        if self._closed:
            raise StoreError("the store was closed")


def _make(folder: Path, sessions: Path) -> None:
    try:
        sessions.mkdir(parents=True, exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        if not sessions.is_dir():
            raise StoreError(f"{sessions} cannot be made ({error.strerror}); choose another folder") from error


def _session(path: Path, document: Document) -> Session:
    try:
        return Session.model_validate(dict(document))
    except ValidationError as error:
        problem = f"{path} has a session that cannot be read (number {document.doc_id})"
        raise StoreError(f"{problem}; was it written by a newer version?") from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _number(session_id: str) -> int:
    return int(session_id.removeprefix("session-"))


def _sync_and_close(descriptors: list[int], folder: Path) -> None:
    folder_descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        for descriptor in (*descriptors, folder_descriptor):
            os.fsync(descriptor)
    except OSError as error:
        raise StoreError(f"{folder} cannot be synced to disk ({error.strerror})") from error
    finally:
        for descriptor in (*descriptors, folder_descriptor):
            os.close(descriptor)
