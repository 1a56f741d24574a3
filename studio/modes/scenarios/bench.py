"""The scenarios of one workspace: what there is, what came out, what is running. Nothing here draws."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from engine.agent.model import Agent
from engine.scenario.factory import ReplayFactory
from engine.scenario.model import Case
from engine.scenario.opening import EngineFactory, Opened
from engine.scenario.player import play_until
from engine.scenario.reader import GIVEN_FILE, SUFFIX
from engine.scenario.results import CaseResult, Verdict
from studio.modes.scenarios.catalogue import Catalogue, read_catalogue
from studio.modes.scenarios.runner import Runner
from studio.modes.scenarios.verdicts import FINE, Verdicts
from studio.runs import Runs


@dataclass
class Progress:
    """A run under way.

    Attributes:
        planned: The cases it is to play.
        waiting: Those of them that it has not played yet, in their order.
        found: What came out so far.
        changed: The cases whose verdict is another than before, with what it was.
    """

    planned: tuple[str, ...]
    waiting: dict[str, None]
    found: dict[str, Verdict] = field(default_factory=dict)
    changed: dict[str, Verdict] = field(default_factory=dict)

    @property
    def wrong(self) -> int:
        """How many did not pass."""
        return sum(verdict not in FINE for verdict in self.found.values())


class Bench:
    """Reads and plays the scenarios of a workspace, one run at a time.

    Attributes:
        folder: The agent's folder.
        catalogue: The scenario files as they were last read.
        verdicts: What came out since the studio was started.
        runs: What came out in earlier runs.
        progress: The run under way; None between runs.
        last: The cases of the last run.
        seconds: How long the last run took; None before the first.
    """

    def __init__(self, folder: Path) -> None:
        """Know a workspace; `read` reads its files."""
        self.folder = folder
        self.catalogue = Catalogue()
        self.verdicts = Verdicts()
        self.runs = Runs(folder)
        self.progress: Progress | None = None
        self.last: tuple[str, ...] = ()
        self.seconds: float | None = None
        self._runner = Runner()
        self._noted: dict[Path, str] = {}

    async def read(self, agent: Agent) -> None:
        """Read what has changed in the scenario files, on another thread."""
        found = await asyncio.to_thread(read_catalogue, agent, self.folder, self.catalogue)
        self.catalogue = found
        self.verdicts.keep_only(found.cases)

    def stamp(self, key: str) -> str:
        """What a case is read from now."""
        file = self.catalogue.file_of(key)
        return file.stamp if file is not None else ""

    async def play(
        self, keys: Iterable[str], factory: EngineFactory, when: datetime, on_result: Callable[[], None]
    ) -> Progress:
        """Play cases and keep what comes out. Cancelling this stops the run; what it has played stays.

        Args:
            keys: The cases; those that are no more are left out.
            factory: Makes their engines.
            when: The time now.
            on_result: Called whenever a case has been played.

        Returns:
            The run as it ended.
        """
        there = self.catalogue.cases
        cases = {key: there[key] for key in keys if key in there}
        stamps = {key: self.stamp(key) for key in cases}
        progress = self.progress = Progress(tuple(cases), dict.fromkeys(cases))
        self.last = progress.planned
        self.verdicts.settle(there)
        began = time.perf_counter()

        def take(key: str, result: CaseResult) -> None:
            known = self.verdicts.take(key, result, stamps[key])
            progress.waiting.pop(key, None)
            progress.found[key] = result.verdict
            if known.was is not None:
                progress.changed[key] = known.was
            on_result()

        try:
            await self._runner.play(cases, factory, take)
        finally:
            self.seconds = time.perf_counter() - began
            self.runs.record(when, progress.found.items(), len(cases), self.seconds)
            if self.progress is progress:
                self.progress = None
        return progress

    def failed(self) -> tuple[str, ...]:
        """The cases that did not pass when they last ran."""
        return tuple(key for key in self.catalogue.cases if self.verdicts.verdict(key) not in (*FINE, None))

    def ran_before(self) -> tuple[str, ...]:
        """What to run again when the agent changes: the last run, then whatever else has run; else what ever ran."""
        known = [key for key in self.catalogue.cases if key in self.verdicts]
        known = known or [key for key in self.catalogue.cases if self.runs.history(key)]
        return tuple(dict.fromkeys((*self.last, *known)))

    def note(self, digests: Mapping[Path, str]) -> frozenset[Path]:
        """Note what files say now, and answer which of them say something else than when they were last noted.

        One save is often seen more than once; what it began is not begun again.
        """
        changed = frozenset(file for file, digest in digests.items() if self._noted.get(file) != digest)
        self._noted.update(digests)
        return changed

    def concerned(self, files: Collection[Path]) -> tuple[str, ...]:
        """The cases to run again after files were saved.

        Args:
            files: The files that changed.

        Returns:
            The cases of the scenario files among them, and of those that inherit from a `_given.yaml` among them; for
            any other file of the agent all that ran before.
        """
        scenarios = {file.resolve() for file in files if file.name.endswith(SUFFIX)}
        given = {file.resolve().parent for file in files if file.name == GIVEN_FILE}
        found: dict[str, None] = {}
        for file in self.catalogue.files:
            path = file.path.resolve()
            if path in scenarios or any(folder in path.parents for folder in given):
                found.update(dict.fromkeys(file.cases))
        if any(file.name != GIVEN_FILE and not file.name.endswith(SUFFIX) for file in files):
            found.update(dict.fromkeys(self.ran_before()))
        return tuple(found)


def digests_of(files: Iterable[Path]) -> dict[Path, str]:
    """A digest of what each file says; empty for one that is no more or cannot be read."""
    found = {}
    for file in sorted(files):
        try:
            found[file] = sha256(file.read_bytes()).hexdigest()
        except OSError:
            found[file] = ""
    return found


async def open_at(case: Case, turn: int, folder: Path, trusted: bool, agent: Agent) -> Opened:
    """Play a case up to a turn on a store and clock of its own, to go on from there with whom the case has think.

    Args:
        case: The case.
        turn: The last turn to take, counted from 1.
        folder: The agent's folder.
        trusted: Whether its code may run.
        agent: The agent as it is now.
    """
    return await play_until(case, ReplayFactory(agent, folder, trusted), turn)
