"""The sessions of a workspace: which there are, their names, and those that were deleted but can still come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.session.events import EventKind, EventSource, Mode, Session
from engine.session.store import SessionStore

REMOVED = "removed_in_studio"
"""The metadata key of sessions that are hidden until the studio is left, and then deleted."""


@dataclass(frozen=True)
class KeptSession:
    """A session as a list shows it.

    Attributes:
        id: Its id.
        title: The name that somebody gave it; empty without one.
        customer: Who the customer is.
        turns: How many turns it has.
        mode: Whether the agent or people answer.
        created: When it began, naive local time.
    """

    id: str
    title: str
    customer: str
    turns: int
    mode: Mode
    created: datetime


class KeptSessions:
    """The sessions of one store. Everybody who shows them is told when they change."""

    def __init__(self, store: SessionStore) -> None:
        """Know a store's sessions."""
        self._store = store
        self._listeners: list[Callable[[], None]] = []
        self._words: dict[str, str] = {}

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Have a function called after every change made here; answers what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def all(self) -> list[KeptSession]:
        """The sessions that are not deleted, newest first."""
        sessions = await self._store.list_sessions()
        return [_kept(session) for session in reversed(sessions) if REMOVED not in session.metadata]

    async def first_words(self, session_id: str) -> str:
        """What the customer said first; empty when nothing was."""
        if not self._words.get(session_id):
            kinds = (EventKind.MESSAGE,)
            events = await self._store.list_events(session_id, source=EventSource.CUSTOMER, kinds=kinds)
            self._words[session_id] = events[0].text if events else ""
        return self._words[session_id]

    async def rename(self, session_id: str, title: str) -> None:
        """Give a session another name; an empty one takes its name away."""
        await self._store.update_session(session_id, title=title.strip())
        self.changed()

    async def title(self, session_id: str) -> str:
        """The name that somebody gave it."""
        return (await self._store.get_session(session_id)).title

    async def hide(self, session_id: str) -> None:
        """Take a session from sight; it is deleted when the studio is left."""
        session = await self._store.get_session(session_id)
        await self._store.update_session(session_id, metadata={**session.metadata, REMOVED: True})
        self.changed()

    async def bring_back(self, session_id: str) -> None:
        """Have a hidden session back."""
        session = await self._store.get_session(session_id)
        metadata = {name: value for name, value in session.metadata.items() if name != REMOVED}
        await self._store.update_session(session_id, metadata=metadata)
        self.changed()

    async def bring_all_back(self) -> int:
        """Have back what was hidden by a studio that was never left properly; answers how many came back."""
        hidden = await self._hidden()
        for session in hidden:
            await self.bring_back(session.id)
        return len(hidden)

    async def delete_hidden(self) -> None:
        """Delete what is hidden, for good."""
        for session in await self._hidden():
            await self._store.delete_session(session.id)

    def changed(self) -> None:
        """Tell everybody who shows the sessions."""
        for listener in list(self._listeners):
            listener()

    async def _hidden(self) -> list[Session]:
        return [session for session in await self._store.list_sessions() if REMOVED in session.metadata]


def when(moment: datetime, now: datetime) -> str:
    """A time in few letters: the hour today, the day otherwise."""
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    return f"{moment.day} {moment:%b}" if moment.year == now.year else f"{moment:%Y-%m-%d}"


def _kept(session: Session) -> KeptSession:
    return KeptSession(
        session.id, session.title, session.customer_name, session.state.turn, session.mode, session.created
    )
