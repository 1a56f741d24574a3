"""The engine that replays run on unless something else is asked for: the embedded reasoner and lexical embeddings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.agent.code import FolderCode
from engine.agent.model import Agent, Stub
from engine.index.base import ResponseIndex
from engine.reasoner.base import Reasoner
from engine.scenario.model import Given
from engine.session.clock import VirtualClock
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine


@dataclass(frozen=True)
class EmbeddedFactory:
    """Makes engines for the cases of one agent.

    Attributes:
        agent: The agent being played.
        folder: Where its code lies.
        trusted: Whether that code may be run.
    """

    agent: Agent
    folder: Path
    trusted: bool = False

    def __call__(
        self, given: Given, store: MemoryStore, clock: VirtualClock, stubs: Mapping[str, tuple[Stub, ...]]
    ) -> Engine:
        """Make the engine of one case; see `engine.scenario.opening.EngineFactory`."""
        return Engine(
            agent=self.agent,
            store=store,
            reasoner=_reasoner(),
            index=_index(),
            clock=clock,
            code=FolderCode(self.folder, trusted=self.trusted),
            stubs=stubs,
        )


@cache
def _reasoner() -> Reasoner:
    """One reasoner for all cases of a process: what it keeps are caches by content, which no case can see."""
    from engine.reasoner.embedded.reasoner import EmbeddedReasoner

    return EmbeddedReasoner()


@cache
def _index() -> ResponseIndex:
    from engine.index.lexical import LexicalIndex

    return LexicalIndex()
