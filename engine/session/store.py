"""The store's contract: sessions, their events and the traces of their turns.

`engine.session.memory` keeps them in memory (replays), `engine.session.tiny` in TinyDB files (everything else).
Both behave the same; the store is the single source of truth for every screen and client.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol

from engine.session.events import Event, EventKind, EventSource, Session


class UnknownSession(KeyError):
    """There is no session with this id."""


class StoreError(OSError):
    """The store cannot be read or written; the message names the file and what to do."""


class JsonRecord(Protocol):
    """Something that can be written down as JSON values."""

    def to_json(self) -> dict[str, Any]:
        """Its JSON values; equal for equal records."""
        ...


class SessionStore(Protocol):
    """Where sessions and events are kept. Ids are given by the store, in order, never random."""

    async def create_session(self, agent: str, **values: Any) -> Session:
        """Make a session; `values` are further fields of `Session`."""
        ...

    async def get_session(self, session_id: str) -> Session:
        """Get a session.

        Raises:
            UnknownSession: When there is none with this id.
        """
        ...

    async def list_sessions(self) -> list[Session]:
        """All sessions, oldest first."""
        ...

    async def update_session(self, session_id: str, **values: Any) -> Session:
        """Replace fields of a session and return it as it is now."""
        ...

    async def delete_session(self, session_id: str) -> None:
        """Remove a session with its events and traces."""
        ...

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
        """Add an event at the next offset.

        When this returns, the event is with the operating system: killing the process cannot lose it.
        """
        ...

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
        """The events that fit, in order, without deleted ones.

        Args:
            session_id: The session.
            min_offset: The first offset that counts.
            source: Only events from here.
            kinds: Only events of these kinds.
            trace_id: Only events of this turn.
            wait_for_data: Seconds to wait for the first fitting event when there is none yet; None or 0 does not wait.

        Raises:
            TimeoutError: When nothing arrived in time.
        """
        ...

    async def delete_events(self, session_id: str, min_offset: int) -> None:
        """Mark the events from this offset on as deleted; their offsets are not used again."""
        ...

    async def save_trace(self, session_id: str, trace_id: str, trace: JsonRecord) -> None:
        """Keep the record of a turn.

        It must not change afterwards: a store may turn it into JSON values only when somebody asks for it.
        """
        ...

    async def get_trace(self, session_id: str, trace_id: str) -> dict[str, Any] | None:
        """The record of a turn, as JSON values; None when there is none."""
        ...

    async def sync(self) -> None:
        """Have everything on disk; called once a turn."""
        ...

    async def close(self) -> None:
        """Sync and let go of the files."""
        ...
