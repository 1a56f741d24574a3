"""Where a running session stands in the journeys."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from engine.session.events import JourneyPosition
from engine.session.store import SessionStore, StoreError, UnknownSession
from studio.canvas.marking import BEEN, HERE
from studio.modes.simulate.kept_sessions import REMOVED

A_LONG_WAIT = 3600.0
"""Seconds for which one look into the store waits for something new; then it looks again."""


@dataclass(frozen=True)
class Running:
    """A session, as far as journeys are concerned.

    Attributes:
        session: Its id; empty when there is none.
        positions: Where it stands, by the names of journeys.
    """

    session: str = ""
    positions: Mapping[str, JourneyPosition] = field(default_factory=dict)

    def mark(self, journey: str, state: str) -> str:
        """The sign of a state: where the session is, where it has been, or a blank."""
        position = self.positions.get(journey)
        if position is None or state not in position.path:
            return " "
        return HERE if position.status == "active" and position.current == state else BEEN

    def mark_of(self, journey: str) -> str:
        """The sign of a journey: under way, been through, or a blank."""
        position = self.positions.get(journey)
        if position is None:
            return " "
        return HERE if position.status == "active" else BEEN

    def said(self, journey: str) -> str:
        """Where the session stands in a journey, in words; empty when it never came there."""
        position = self.positions.get(journey)
        if position is None:
            return ""
        if position.status == "active":
            return f"{self.session} is at {position.current}"
        return f"{self.session} has {'been through it' if position.status == 'completed' else 'left it'}"


async def running(store: SessionStore, wanted: str) -> Running:
    """Look where a session stands.

    Args:
        store: The sessions.
        wanted: The session that is open in Simulate, if one is; otherwise the newest is taken.
    """
    sessions = [session for session in await store.list_sessions() if REMOVED not in session.metadata]
    if not sessions:
        return Running()
    session = next((each for each in sessions if each.id == wanted), sessions[-1])
    return Running(session.id, dict(session.state.journeys))


async def follow(store: SessionStore, session_id: str) -> AsyncIterator[Running]:
    """Look where a session stands whenever something happens in it, endlessly.

    Args:
        store: The sessions.
        session_id: The session.

    Yields:
        Where it stands, after each of its events. It ends when the session is gone or the store is closed.
    """
    try:
        before = await store.list_events(session_id)
        offset = before[-1].offset + 1 if before else 0
        while True:
            session = await store.get_session(session_id)
            yield Running(session_id, dict(session.state.journeys))
            offset = await _next_offset(store, session_id, offset)
    except (StoreError, UnknownSession):
        return


async def _next_offset(store: SessionStore, session_id: str, offset: int) -> int:
    """Wait for an event; answers the offset after the last one there is."""
    try:
        found = await store.list_events(session_id, min_offset=offset, wait_for_data=A_LONG_WAIT)
    except TimeoutError:
        return offset
    return found[-1].offset + 1
