"""Opening an agent to talk to it: the file, a store, a clock, the reasoner and the index, put together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.agent.code import FolderCode
from engine.agent.document import AgentDocument
from engine.agent.loading import load_agent
from engine.choosing import ReasonerChoice, make_model, make_reasoner
from engine.reasoner.llm.model import Model
from engine.session.clock import Clock, RealClock, VirtualClock
from engine.session.memory import MemoryStore
from engine.session.store import SessionStore, StoreError
from engine.turn.engine import Engine

PRIVATE_FOLDER = ".cuecard"
"""The folder beside the agent file in which the program keeps sessions, vectors and caches."""


@dataclass(frozen=True)
class Opened:
    """An agent ready to be talked to.

    Attributes:
        engine: What its turns run with.
        document: The agent file.
        notice: Why sessions are not kept, as one line for people; empty when they are.
        model: The language model that thinks, which closing the engine closes; None where none does.
    """

    engine: Engine
    document: AgentDocument
    notice: str = ""
    model: Model | None = None


def open_agent(
    path: Path, *, trusted: bool, start: datetime | None = None, choice: ReasonerChoice | None = None
) -> Opened:
    """Open an agent.

    Sessions go to the agent's own `.cuecard` folder. Where that cannot be written, or another process holds it, they
    stay in memory and the notice says so.

    Args:
        path: The agent's folder or its `agent.yaml`.
        trusted: Whether the code beside it may run.
        start: Where a virtual clock begins; None for the real one.
        choice: Who thinks and who compares; None for the embedded reasoner with the best embeddings there are.

    Raises:
        engine.reasoner.base.ReasonerError: One line: what is chosen cannot be had here.
        engine.agent.errors.AgentFileError: With everything that is wrong in the file.
    """
    document = load_agent(path)
    folder = document.folder or path.parent
    clock: Clock = VirtualClock(start) if start is not None else RealClock()
    choice = choice or ReasonerChoice()
    model = make_model(choice)
    reasoner, index = make_reasoner(choice, model)
    store, notice = _store(folder / PRIVATE_FOLDER, clock)
    engine = Engine(
        agent=document.agent,
        store=store,
        reasoner=reasoner,
        index=index,
        clock=clock,
        code=FolderCode(folder, trusted=trusted),
        on_close=model.close if model is not None else None,
    )
    return Opened(engine, document, notice, model)


def _store(folder: Path, clock: Clock) -> tuple[SessionStore, str]:
    from engine.session.tiny import TinyStore

    try:
        store = TinyStore(folder, clock)
    except StoreError as error:
        return MemoryStore(clock), f"this chat is not kept: {error}"
    if store.read_only:
        return MemoryStore(clock), f"this chat is not kept: {store.read_only_because}"
    return store, ""
