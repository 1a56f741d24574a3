"""The open agent: its file, what is wrong with it, and the engine that its sessions run on.

One workspace is open at a time. It publishes frozen snapshots; screens draw them and never keep a copy of their own.
Nothing here knows about a terminal.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine.agent.code import FolderCode, is_trusted
from engine.agent.document import AgentDocument
from engine.agent.errors import AgentFileError, Problem
from engine.agent.loading import load_agent
from engine.agent.model import Agent
from engine.choosing import ReasonerChoice, make_model, make_reasoner
from engine.opening import Opened, open_agent
from engine.reasoner.base import ReasonerInfo
from engine.turn.engine import Engine

WATCHED = (".yaml", ".py", ".json", ".txt", ".jinja")
"""The kinds of files that an agent is made of."""


@dataclass(frozen=True)
class Snapshot:
    """The workspace at one moment.

    Attributes:
        folder: The agent's folder.
        document: The agent file as it last could be used; None when it never could.
        problems: What is wrong or doubtful in the file as it is now.
        trusted: Whether the agent's own code may run.
        notice: Why sessions are not kept, as one line; empty when they are.
        number: Counts the snapshots of this workspace.
        reasoner: Who does the thinking in sessions that begin now; None while no usable agent has been read.
    """

    folder: Path
    document: AgentDocument | None = None
    problems: tuple[Problem, ...] = ()
    trusted: bool = False
    notice: str = ""
    number: int = 0
    reasoner: ReasonerInfo | None = None

    @property
    def agent(self) -> Agent | None:
        """The agent as it last could be used."""
        return self.document.agent if self.document is not None else None

    @property
    def broken(self) -> bool:
        """Whether the file on disk cannot be used, so that an older state of it is shown."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def title(self) -> str:
        """What the workspace is called on screen: its folder's name."""
        return self.folder.resolve().name

    @property
    def untrusted_code(self) -> tuple[str, ...]:
        """The tools whose code may not run because the folder is not trusted."""
        if self.trusted or self.agent is None:
            return ()
        return tuple(tool.name for tool in self.agent.tools if tool.python)


Listener = Callable[[Snapshot], None]


class Workspace:
    """An agent's folder, open.

    Attributes:
        folder: The agent's folder.
        snapshot: How it is now.
        engine: What its sessions run with; None while no usable agent has been read.
        choice: Who does the thinking in them.
    """

    def __init__(
        self,
        path: Path,
        *,
        trusted: bool = False,
        start: datetime | None = None,
        choice: ReasonerChoice = ReasonerChoice(),  # noqa: B008 - it is frozen
    ) -> None:
        """Name a workspace; `open` reads it.

        Args:
            path: The agent's folder or its `agent.yaml`.
            trusted: Whether its code may run, even when the user's list does not have the folder.
            start: Where a virtual clock begins; None for the real one.
            choice: Who does the thinking.
        """
        self.choice = choice
        self.folder = path if path.is_dir() or path.suffix != ".yaml" else path.parent
        self.snapshot = Snapshot(self.folder, trusted=trusted)
        self.engine: Engine | None = None
        self._start = start
        self._listeners: list[Listener] = []
        self._left: list[Callable[[], Awaitable[None]]] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Have a function called with every snapshot from now on.

        Returns:
            What ends that.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    async def open(self) -> Snapshot:
        """Read the agent and open its sessions; a file that cannot be used becomes problems, never an exception."""
        trusted = self.snapshot.trusted or await asyncio.to_thread(is_trusted, self.folder)
        self.snapshot = replace(self.snapshot, trusted=trusted)
        return await self.reload()

    async def reload(self) -> Snapshot:
        """Read the agent file anew. What cannot be used leaves the agent as it was, and says so in the problems."""
        try:
            document = await asyncio.to_thread(self._read)
        except AgentFileError as error:
            return self._publish(replace(self.snapshot, problems=error.problems))
        changes = replace(self.snapshot, document=document, problems=tuple(document.warnings))
        return self._publish(changes)

    async def read(self, told: Callable[[int, int], None]) -> None:
        """Turn the texts of the agent that nobody has read yet into vectors; beside everything else, in a thread.

        Cancelled, it stops soon; what was read is kept.

        Args:
            told: Told how many of how many are read; not at all where there is nothing to read.

        Raises:
            engine.reasoner.base.ReasonerError: When the model that compares meanings cannot be loaded.
        """
        from engine.reading import reading
        from engine.turn.authors_code import in_daemon

        if self.engine is None:
            return
        agent, choice = self.engine.agent, self.choice
        loop, stopped = asyncio.get_running_loop(), threading.Event()

        def read_on() -> None:
            for done, of in reading(agent, choice):
                if stopped.is_set():
                    return
                loop.call_soon_threadsafe(told, done, of)

        try:
            await in_daemon(read_on)
        finally:
            stopped.set()

    async def warm_up(self) -> None:
        """Have the first turn be as fast as any; beside everything else, in a thread of its own.

        The embedded reasoner rehearses, whoever thinks later: a model server's time is its user's.

        Raises:
            engine.reasoner.base.ReasonerError: When the model that compares meanings cannot be loaded.
        """
        from engine.turn.authors_code import in_daemon
        from engine.turn.warming import warm_up

        if self.engine is None or self.engine.reasoner.info.embeddings.startswith("ollama"):
            return
        engine = self.engine
        if engine.reasoner.info.name != "embedded":
            reasoner, _ = make_reasoner(replace(self.choice, reasoner="embedded"))
            engine = replace(engine, reasoner=reasoner)
        # In a daemon: who leaves meanwhile does not wait until thousands of conditions have been prepared.
        await in_daemon(asyncio.run, warm_up(engine))

    async def choose(self, choice: ReasonerChoice) -> Snapshot:
        """Have somebody else do the thinking in the sessions that begin from now on.

        Raises:
            engine.reasoner.base.ReasonerError: When that cannot be had; everything stays as it was.
        """
        model = make_model(choice)
        reasoner, index = await asyncio.to_thread(make_reasoner, choice, model)
        self.choice = choice
        if self.engine is None:
            return self.snapshot
        if self.engine.on_close is not None:
            self._left.append(self.engine.on_close)
        on_close = model.close if model is not None else None
        self.engine = replace(self.engine, reasoner=reasoner, index=index, on_close=on_close)
        return self._publish(replace(self.snapshot, reasoner=reasoner.info))

    async def trust(self) -> Snapshot:
        """Let the agent's code run from now on, in this studio; `engine.agent.code.trust` makes that last."""
        self.snapshot = replace(self.snapshot, trusted=True)
        return await self.reload()

    async def changes(self) -> AsyncIterator[frozenset[Path]]:
        """Watch the folder.

        Yields:
            The files of the agent that changed, each time some did; its own `.cuecard` folder is left out.
        """
        from watchfiles import awatch

        async for found in awatch(self.folder.resolve(), watch_filter=self._is_watched, step=50, debounce=200):
            yield frozenset(Path(path) for _, path in found)

    async def close(self) -> None:
        """Stop the clock and let go of the session files and of every model that was chosen meanwhile."""
        if self.engine is not None:
            await self.engine.close()
        for let_go in self._left:
            await let_go()

    def _read(self) -> AgentDocument:
        """Read the file; the first time it can be used, the sessions are opened with it."""
        if self.engine is None:
            trusted = self.snapshot.trusted
            return self._take(open_agent(self.folder, trusted=trusted, start=self._start, choice=self.choice))
        document = load_agent(self.folder)
        code = FolderCode(self.folder, trusted=self.snapshot.trusted)
        self.engine = replace(self.engine, agent=document.agent, code=code)
        return document

    def _is_watched(self, _: object, path: str) -> bool:
        file = Path(path)
        hidden = any(part.startswith((".", "__")) for part in file.relative_to(self.folder.resolve()).parts)
        return not hidden and file.suffix in WATCHED

    def _take(self, opened: Opened) -> AgentDocument:
        self.engine = opened.engine
        self.snapshot = replace(self.snapshot, notice=opened.notice, reasoner=opened.engine.reasoner.info)
        return opened.document

    def _publish(self, snapshot: Snapshot) -> Snapshot:
        self.snapshot = replace(snapshot, number=self.snapshot.number + 1)
        for listener in list(self._listeners):
            listener(self.snapshot)
        return self.snapshot
