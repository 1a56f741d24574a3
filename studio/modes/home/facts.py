"""What Home tells about: gathered in one go, so that the screen draws from values alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.session.events import Event, EventKind, EventSource, HandOff
from engine.session.store import SessionStore
from studio.modes.home.shelf import Card, Shelf, example_folders
from studio.modes.simulate.kept_sessions import KeptSession, KeptSessions
from studio.runs import Run, Runs
from studio.workspace import Workspace

MOST_SESSIONS = 8
"""How many of the newest sessions are listed; Simulate has all of them."""

LAST_WORDS = 6
"""How many messages of a session are shown."""


@dataclass(frozen=True)
class Talk:
    """A session from a first look.

    Attributes:
        kept: The session as lists show it.
        words: Its name, or what the customer said first.
        last: The last messages, each with who said it.
        hand_off: Why a person was asked for, while people answer.
    """

    kept: KeptSession
    words: str
    last: tuple[tuple[str, str], ...] = ()
    hand_off: HandOff | None = None


@dataclass(frozen=True)
class Facts:
    """All that Home shows besides the agent itself.

    Attributes:
        now: What time it is, for the words for other times.
        talks: The newest sessions, the newest first.
        waiting: The sessions in which people answer, the newest first.
        session_count: How many sessions there are in all.
        runs: The last scenario runs, oldest first.
        examples: The example agents, the demo first.
        recent: The workspaces opened before, without the one that is open.
    """

    now: datetime | None = None
    talks: tuple[Talk, ...] = ()
    waiting: tuple[Talk, ...] = ()
    session_count: int = 0
    runs: tuple[Run, ...] = ()
    examples: tuple[Card, ...] = ()
    recent: tuple[Card, ...] = ()


async def gather(workspace: Workspace | None, recent: Sequence[str], shelf: Shelf) -> Facts:
    """Look around.

    Args:
        workspace: The open workspace, if one is.
        recent: The folders opened before, the newest first.
        shelf: Reads cards.
    """
    own = workspace.folder.resolve() if workspace is not None else None
    examples = [folder for folder in example_folders() if folder != own]
    others = [Path(folder) for folder in recent if Path(folder) != own and Path(folder) not in example_folders()]
    example_cards, recent_cards = await asyncio.to_thread(lambda: (shelf.cards(examples), shelf.cards(others)))
    if workspace is None or workspace.engine is None:
        return Facts(examples=example_cards, recent=recent_cards)
    runs = await asyncio.to_thread(Runs, workspace.folder)
    store = workspace.engine.store
    sessions = [kept for kept in await KeptSessions(store).all() if kept.turns or kept.title]
    manual = [kept for kept in sessions if kept.mode == "manual"]
    return Facts(
        now=workspace.engine.clock.now(),
        talks=tuple([await _talk(store, kept) for kept in sessions[:MOST_SESSIONS]]),
        waiting=tuple([await _talk(store, kept) for kept in manual]),
        session_count=len(sessions),
        runs=runs.runs,
        examples=example_cards,
        recent=recent_cards,
    )


async def _talk(store: SessionStore, kept: KeptSession) -> Talk:
    events = await store.list_events(kept.id, kinds=(EventKind.MESSAGE,))
    first = next((event.text for event in events if event.source is EventSource.CUSTOMER), "")
    session = await store.get_session(kept.id)
    current = session.hand_offs[-1] if session.hand_offs and kept.mode == "manual" else None
    last = tuple((_speaker(event, kept), event.text) for event in events[-LAST_WORDS:])
    return Talk(kept, " ".join((kept.title or first or kept.id).split()), last, current)


def _speaker(event: Event, kept: KeptSession) -> str:
    if event.source in (EventSource.CUSTOMER, EventSource.CUSTOMER_UI):
        return kept.customer
    return "person" if event.source is EventSource.HUMAN_AGENT else "agent"
