"""Where a running session stands in the journeys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.session.events import JourneyPosition
from engine.session.store import SessionStore
from studio.modes.simulate.kept_sessions import REMOVED

HERE, BEEN = "▶", "✓"
"""The signs of the current state and of those visited before it."""


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
