"""Plays the worked examples of the product's promises: an agent file, its code, and a conversation on virtual time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.agent.basics import CompositionMode
from engine.agent.code import FolderCode
from engine.agent.loading import load_agent
from engine.index.lexical import LexicalIndex
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from engine.session.clock import VirtualClock
from engine.session.events import Event, EventKind, EventSource
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession
from engine.turn.trace import Composition, Drafting, ToolRound, TurnTrace

NOW = datetime(2026, 3, 2, 9, 0)
HEAD = "name: Promise\ndescription: You help customers.\npreambles: off\n"
REASONER = EmbeddedReasoner()
INDEX = LexicalIndex()


@dataclass(frozen=True)
class Turn:
    """What a turn decided, in the words of `why_not`."""

    trace: TurnTrace

    @property
    def text(self) -> str:
        """What the agent said."""
        return " ".join(self.trace.messages)

    @property
    def sources(self) -> tuple[str, ...]:
        """The responses that were sent, `draft` or `no_match`."""
        return self._composition.sources

    @property
    def mode(self) -> CompositionMode:
        """The mode that the message was composed in."""
        return self._composition.mode

    @property
    def draft(self) -> str:
        """What the agent would have said in its own words."""
        stage = self.trace.last(Drafting)
        return stage.text if stage else ""

    @property
    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        """The tools that were called, with their arguments."""
        rounds = self.trace.all(ToolRound)
        return [(call.tool, dict(call.values)) for stage in rounds for call in stage.calls if call.called]

    def became(self, name: str) -> str:
        """What became of a thing: `matched`, `excluded upset` …"""
        return str(self.trace.outcomes[name])

    @property
    def _composition(self) -> Composition:
        found = self.trace.last(Composition)
        assert found is not None
        return found


@dataclass
class Play:
    """A session of an agent."""

    live: LiveSession

    async def say(self, *texts: str, given_draft: str | None = None) -> Turn:
        """Let the customer speak."""
        return Turn(await self.live.say(*texts, given_draft=given_draft))

    async def wait(self, **delay: float) -> list[Turn]:
        """Let time pass; answers the turns that were taken meanwhile."""
        return [Turn(trace) for trace in await self.live.advance(timedelta(**delay))]

    async def state(self, journey: str) -> str:
        """Where a journey stands: a state's name, or `left`, `completed` or `none`."""
        position = (await self.live.session()).state.journeys.get(journey)
        if position is None:
            return "none"
        return position.current if position.status == "active" else position.status

    async def spoken(self) -> list[Event]:
        """The messages of the agent and of people, oldest first."""
        events = await self.live.events()
        return [event for event in events if event.kind is EventKind.MESSAGE and event.source != EventSource.CUSTOMER]


Open = Callable[..., Awaitable[Play]]


@pytest.fixture
def play(tmp_path: Path) -> Open:
    """Open a session of an agent written as text, with its code beside it."""

    async def open_play(text: str, code: str = "", **session: Any) -> Play:
        (tmp_path / "agent.yaml").write_text(text if text.startswith("name:") else HEAD + text, "utf-8")
        if code:
            (tmp_path / "tools.py").write_text(code, "utf-8")
        clock = VirtualClock(NOW)
        engine = Engine(
            agent=load_agent(tmp_path).agent,
            store=MemoryStore(clock),
            reasoner=REASONER,
            index=INDEX,
            clock=clock,
            code=FolderCode(tmp_path, trusted=True),
        )
        return Play(await LiveSession.open(engine, **session))

    return open_play
