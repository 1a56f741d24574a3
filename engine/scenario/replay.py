"""Replaying many cases: one after the other, or on several processes with the same results in the same order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from engine.agent.code import is_trusted
from engine.reading import reading
from engine.reasoner.base import ReasonerError
from engine.reasoner.recording.recording import RecordMode
from engine.scenario.factory import AskedFor, ReplayFactory
from engine.scenario.model import Case
from engine.scenario.opening import EngineFactory
from engine.scenario.player import play
from engine.scenario.recordings import Recordings
from engine.scenario.results import CaseResult, Failure, Summary, summarize
from engine.scenario.suites import Suite, load_suites

OnRead = Callable[[str, int, int], None]
"""Told the name of an agent that is being read, and how many of how many of its texts are."""

_CHUNKS_PER_PROCESS = 8
_LARGEST_CHUNK = 16
"""How many cases a process is given at once at most: what it has not handed back is lost when a person interrupts."""


@dataclass(frozen=True)
class ReplayOptions:
    """How to replay.

    Attributes:
        name: Only cases in whose id or file name this occurs.
        runs: How often each case is played; different outcomes make it flaky.
        processes: How many processes share the work.
        fail_fast: Stop at the first case that does not pass.
        trusted: Whether the agents' code may be run even from folders that the user does not trust.
        asked: Who is to think and compare, whatever the cases say.
        record: What of the answers of language models is recorded; None records nothing. Needs one process.
    """

    name: str = ""
    runs: int = 1
    processes: int = 1
    fail_fast: bool = False
    trusted: bool = False
    asked: AskedFor = AskedFor()
    record: RecordMode | None = None


@dataclass(frozen=True)
class Replay:
    """What ran, in order, and what it comes to."""

    results: tuple[CaseResult, ...]
    summary: Summary


def run_replay(
    paths: Sequence[Path | str],
    options: ReplayOptions | None = None,
    on_planned: Callable[[int], None] = lambda count: None,
    on_result: Callable[[CaseResult], None] = lambda result: None,
    on_read: OnRead = lambda name, done, of: None,
) -> Replay:
    """Replay every scenario under some paths; the engine's side of `cuecard replay`. Prints nothing.

    Args:
        paths: Scenario files or folders.
        options: How to replay.
        on_planned: Called once with the number of cases, before the first is played.
        on_result: Called with each result as it is there, in the order of the files; with its traces where the case
            was played in this process. What is returned leaves them out, so that a long run needs little memory.
        on_read: Told while agents are read that nobody on this machine has read before.

    Returns:
        What ran; Ctrl-C ends it early, which the summary says.

    Raises:
        ScenarioFileError: When any file is wrong: nothing has run then (exit code 2).
    """
    options = options or ReplayOptions()
    suites = load_suites(paths, options.name)
    planned = sum(len(suite.cases) for suite in suites)
    on_planned(planned)
    results: list[CaseResult] = []

    async def collect() -> None:
        async with aclosing(replay_suites(suites, options)) as stream:
            async for result in stream:
                results.append(replace(result, traces=()))
                on_result(result)

    interrupted = False
    try:
        read_agents(suites, (options.asked,), on_read)
        asyncio.run(collect())
    except KeyboardInterrupt:
        interrupted = True
    return Replay(tuple(results), summarize(results, planned, interrupted, str(options.asked)))


def read_agents(suites: Sequence[Suite], sides: Sequence[AskedFor], on_read: OnRead) -> None:
    """Make the vectors that suites will need, before their cases wait for them one by one.

    Args:
        suites: Agents with their cases.
        sides: Who is asked for; what cannot be had, the cases say themselves.
        on_read: Told how many texts of an agent are read, of how many; not at all where there is nothing to read.
    """
    for suite in suites:
        for choice in dict.fromkeys(asked.over(case.given) for asked in sides for case in suite.cases):
            with suppress(ReasonerError):
                for done, of in reading(suite.agent, choice):
                    on_read(suite.agent.name, done, of)


async def replay_suites(suites: Sequence[Suite], options: ReplayOptions) -> AsyncGenerator[CaseResult, None]:
    """Replay suites, in their order.

    Args:
        suites: Agents with their cases.
        options: How to replay.

    Yields:
        A result for each case; after the first that does not pass, none with `fail_fast`.
    """
    jobs = [(factory_of(suite, options), suite.cases) for suite in suites]
    async with aclosing(_stream(jobs, options)) as stream:
        async for result in stream:
            yield result
            if options.fail_fast and result.verdict not in ("passed", "unjudged"):
                return


def factory_of(suite: Suite, options: ReplayOptions) -> ReplayFactory:
    """What makes the engines of a suite's cases; its agent's code runs if the options or the user's list trust it."""
    trusted = options.trusted or is_trusted(suite.folder)
    return ReplayFactory(suite.agent, suite.folder, trusted, options.asked, Recordings(options.record))


async def _stream(
    jobs: Sequence[tuple[ReplayFactory, tuple[Case, ...]]], options: ReplayOptions
) -> AsyncGenerator[CaseResult, None]:
    if options.processes > 1:
        async with aclosing(_on_processes(jobs, options)) as stream:
            async for result in stream:
                yield result
        return
    for factory, cases in jobs:
        async with aclosing(replay(cases, factory, options.runs)) as stream:
            async for result in stream:
                yield factory.recordings.settle(result)
        if not options.name:
            factory.recordings.keep_cases(cases)


async def replay(cases: Sequence[Case], factory: EngineFactory, runs: int = 1) -> AsyncGenerator[CaseResult, None]:
    """Replay cases one after the other.

    Args:
        cases: The cases; each gets a store, a clock and a session of its own.
        factory: Makes the engine of a case.
        runs: How often each is played.

    Yields:
        The result of each case as soon as it is there.
    """
    for case in cases:
        yield await replay_case(case, factory, runs)
        # A replay never waits for anything, so that without this nothing else in the program would get a turn.
        await asyncio.sleep(0)


async def replay_case(case: Case, factory: EngineFactory, runs: int = 1) -> CaseResult:
    """Play a case so many times; it is flaky when the runs do not all go the same way."""
    played = [await play(case, factory) for _ in range(max(1, runs))]
    if len({result.verdict for result in played}) == 1:
        return played[0]
    worst = next(result for result in played if result.failures)
    passed = sum(result.verdict == "passed" for result in played)
    note = Failure(case.place, "runs", f"{len(played)} of {len(played)} runs pass", f"{passed} of {len(played)} pass")
    return replace(worst, verdict="flaky", failures=(note, *worst.failures))


async def _on_processes(
    jobs: Sequence[tuple[ReplayFactory, tuple[Case, ...]]], options: ReplayOptions
) -> AsyncGenerator[CaseResult, None]:
    import multiprocessing

    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    factories = [factory for factory, _ in jobs]
    pool = ProcessPoolExecutor(options.processes, context, _begin_worker, (factories,))
    try:
        chunks = _chunks(jobs, options.processes)
        futures = [_submitted(pool, index, cases, options.runs) for index, cases in chunks]
        for future, (_, cases) in zip(futures, chunks, strict=True):
            try:
                results = await asyncio.wrap_future(future)
            except BrokenProcessPool:
                results = [_lost(case) for case in cases]
            for result in results:
                yield result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in multiprocessing.active_children():
            if child not in others:
                child.terminate()


def _submitted(pool: ProcessPoolExecutor, index: int, cases: tuple[Case, ...], runs: int) -> Future[list[CaseResult]]:
    """Hand cases to the processes; where one has died already, that is the outcome of these cases, too."""
    try:
        return pool.submit(_play_chunk, index, cases, runs)
    except BrokenProcessPool as error:
        failed: Future[list[CaseResult]] = Future()
        failed.set_exception(error)
        return failed


def _lost(case: Case) -> CaseResult:
    got = "the process that played it ended"
    return CaseResult(case.id, case.place, "error", (Failure(case.place, "process", "a result", got),))


def _chunks(
    jobs: Sequence[tuple[ReplayFactory, tuple[Case, ...]]], processes: int
) -> list[tuple[int, tuple[Case, ...]]]:
    total = sum(len(cases) for _, cases in jobs)
    size = max(1, min(_LARGEST_CHUNK, total // (processes * _CHUNKS_PER_PROCESS)))
    return [
        (index, cases[start : start + size])
        for index, (_, cases) in enumerate(jobs)
        for start in range(0, len(cases), size)
    ]


_worker_factories: list[ReplayFactory] = []


def _begin_worker(factories: list[ReplayFactory]) -> None:
    """Keep the agents in the worker; Ctrl-C ends it without a word, since the first process reports.

    What agents' own code prints goes to standard error: standard output belongs to the first process.
    """
    import signal
    import sys

    sys.stdout = sys.stderr
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _worker_factories[:] = factories


def _play_chunk(index: int, cases: tuple[Case, ...], runs: int) -> list[CaseResult]:
    async def all_of_them() -> list[CaseResult]:
        return [replace(await replay_case(case, _worker_factories[index], runs), traces=()) for case in cases]

    return asyncio.run(all_of_them())
