"""Sessions in memory: the store that replays use, the twin of `engine.session.tiny`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from engine.session.clock import Clock
from engine.session.event_log import EventFilter, EventLog
from engine.session.events import Event, EventKind, EventSource, Session
from engine.session.store import JsonRecord, StoreError, UnknownSession
from engine.session.values import as_json, changed


class MemoryStore:
    """A `SessionStore` that forgets everything with the process. Use it from one event loop.

    Sessions are called `session-1`, `session-2`, … in order, events `session-1.0`, `session-1.1`, …
    """

    def __init__(self, clock: Clock) -> None:
        """Begin empty.

        Args:
            clock: Gives sessions and events their times.
        """
        self._clock = clock
        self._sessions: dict[str, Session] = {}
        self._logs: dict[str, EventLog] = {}
        self._traces: dict[str, dict[str, JsonRecord]] = {}
        self._created = 0

    def copied(self, clock: Clock) -> MemoryStore:
        """Another store with the same sessions and events, and without traces; neither sees what the other does.

        Args:
            clock: Gives the other store's events their times.
        """
        other = MemoryStore(clock)
        other._sessions = dict(self._sessions)
        other._logs = {session: log.copied() for session, log in self._logs.items()}
        other._traces = {session: {} for session in self._sessions}
        other._created = self._created
        return other

    async def create_session(self, agent: str, **values: Any) -> Session:
        """Make a session; see `SessionStore.create_session`."""
        session_id = f"session-{self._created + 1}"
        blank = Session(id=session_id, agent=agent, created=self._clock.now())
        session = changed(blank, values)
        self._created += 1
        self._sessions[session_id] = session
        self._logs[session_id] = EventLog()
        self._traces[session_id] = {}
        return session

    async def get_session(self, session_id: str) -> Session:
        """Get a session; see `SessionStore.get_session`."""
        if session_id not in self._sessions:
            raise UnknownSession(session_id)
        return self._sessions[session_id]

    async def list_sessions(self) -> list[Session]:
        """All sessions, oldest first."""
        return list(self._sessions.values())

    async def update_session(self, session_id: str, **values: Any) -> Session:
        """Replace fields of a session; see `SessionStore.update_session`."""
        session = changed(await self.get_session(session_id), values)
        self._sessions[session_id] = session
        return session

    async def delete_session(self, session_id: str) -> None:
        """Remove a session with its events and traces."""
        log = self._log(session_id)
        del self._sessions[session_id], self._logs[session_id], self._traces[session_id]
        log.abandon(UnknownSession(session_id))

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
        """Add an event at the next offset; see `SessionStore.append_event`."""
        log = self._log(session_id)
        event = Event(
            id=f"{session_id}.{log.next_offset}",
            offset=log.next_offset,
            source=source,
            kind=kind,
            created=self._clock.now(),
            trace_id=trace_id,
            data=as_json("the event's data", data),
            metadata=as_json("the event's metadata", metadata or {}),
        )
        log.add(event)
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
        log = self._log(session_id)
        return await log.wait(which, wait_for_data) if wait_for_data else log.list(which)

    async def delete_events(self, session_id: str, min_offset: int) -> None:
        """Mark the events from this offset on as deleted."""
        log = self._log(session_id)
        log.delete(log.alive_from(min_offset))

    async def save_trace(self, session_id: str, trace_id: str, trace: JsonRecord) -> None:
        """Keep the record of a turn; most are never asked for, so it becomes JSON values only then."""
        self._log(session_id)
        self._traces[session_id][trace_id] = trace

    async def get_trace(self, session_id: str, trace_id: str) -> dict[str, Any] | None:
        """The record of a turn, as JSON values; None when there is none."""
        self._log(session_id)
        trace = self._traces[session_id].get(trace_id)
        values: dict[str, Any] | None = as_json("the trace", trace.to_json()) if trace is not None else None
        return values

    async def sync(self) -> None:
        """Nothing to do: there is no disk."""

    async def close(self) -> None:
        """Let go of those who wait for events."""
        for log in self._logs.values():
            log.abandon(StoreError("the store was closed"))

    def _log(self, session_id: str) -> EventLog:
        if session_id not in self._logs:
            raise UnknownSession(session_id)
        return self._logs[session_id]
