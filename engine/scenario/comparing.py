"""Comparing two reasoners over scenarios, turn by turn.

One of them leads: it plays every case, and before each turn that a step begins the other one takes the same turn on a
copy of the session as it stands. Both thus decide with the same history, and one early difference does not spoil the
rest. The one named first leads, unless the other plays recordings: those know no conversation but their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from engine.reasoner.base import ReasonerError
from engine.scenario.agreement import STAGES, Agreement, Comparison, TurnComparison, decisions, plays_recordings
from engine.scenario.factory import AskedFor, ReplayFactory
from engine.scenario.model import Case, CustomerSays
from engine.scenario.opening import Opened, engine_beside
from engine.scenario.player import TurnInput, play
from engine.scenario.replay import OnRead, ReplayOptions, factory_of, read_agents
from engine.scenario.suites import Suite, load_suites
from engine.turn.live_session import LiveSession
from engine.turn.trace import TurnTrace

T = TypeVar("T")


def run_comparison(
    paths: Sequence[Path | str],
    sides: tuple[AskedFor, AskedFor],
    options: ReplayOptions | None = None,
    on_planned: Callable[[int], None] = lambda count: None,
    on_case: Callable[[], None] = lambda: None,
    on_read: OnRead = lambda name, done, of: None,
) -> Agreement:
    """Compare two reasoners over every scenario under some paths. Prints nothing.

    Tools that run their code (`tools: live`) run once for each of the two.

    Args:
        paths: Scenario files or folders.
        sides: Who is compared; `parse_sides` reads them.
        options: Which cases, and whether the agents' code may run.
        on_planned: Called once with the number of cases.
        on_case: Called when a case has been played.
        on_read: Told while agents are read that nobody on this machine has read before.

    Raises:
        ScenarioFileError: When any file is wrong: nothing has run then.
    """
    options = options or ReplayOptions()
    suites = load_suites(paths, options.name)
    on_planned(sum(len(suite.cases) for suite in suites))
    leader = 1 if plays_recordings(sides[1]) else 0
    names: list[str] = ["", ""]
    turns: list[TurnComparison] = []
    cases = 0

    async def collect() -> None:
        nonlocal cases
        async with aclosing(_compared(suites, sides, leader, options)) as stream:
            async for found in stream:
                turns.extend(found.turns)
                names[:] = [new or old for new, old in zip(found.names, names, strict=True)]
                cases += 1
                on_case()

    interrupted = False
    try:
        read_agents(suites, sides, on_read)
        asyncio.run(collect())
    except KeyboardInterrupt:
        interrupted = True
    shown = [name or side.reasoner for name, side in zip(names, sides, strict=True)]
    return Agreement((shown[0], shown[1]), leader, tuple(turns), cases, interrupted)


@dataclass(frozen=True)
class _Compared:
    """One case: its turns, and who the two came out to be."""

    turns: tuple[TurnComparison, ...]
    names: tuple[str, str]


async def _compared(
    suites: Iterable[Suite], sides: tuple[AskedFor, AskedFor], leader: int, options: ReplayOptions
) -> AsyncGenerator[_Compared, None]:
    for suite in suites:
        factories = [factory_of(suite, replace(options, asked=side)) for side in sides]
        for case in suite.cases:
            yield await _compare(case, factories[leader], factories[1 - leader], leader)
            await asyncio.sleep(0)


async def _compare(case: Case, leading: ReplayFactory, following: ReplayFactory, leader: int) -> _Compared:
    """Play a case on the leading side, with the following one taking each turn beside it."""
    beside: dict[int, TurnTrace] = {}
    faults: list[TurnComparison] = []

    async def take_beside(opened: Opened, given: TurnInput) -> None:
        heard = given.happens.texts if isinstance(given.happens, CustomerSays) else ()
        try:
            trace = await _turn_beside(case, following, opened, given)
        except (ReasonerError, OSError, ValueError, LookupError) as error:
            turn = (await opened.live.session()).state.turn + 1
            faults.append(
                TurnComparison(case.id, case.place, turn, heard, fault=f"{following.asked.reasoner}: {error}")
            )
            return
        if trace is not None:
            beside[trace.turn] = trace

    result = await play(case, leading, take_beside)
    turns = [_both(case, trace, beside.get(trace.turn), leader) for trace in result.traces]
    if result.verdict in ("error", "stale") and not any(turn.fault for turn in turns if turn):
        got = result.failures[-1].got
        faults.append(TurnComparison(case.id, case.place, len(turns) + 1, (), fault=f"{leading.asked.reasoner}: {got}"))
    found = sorted([turn for turn in turns if turn is not None] + faults, key=lambda turn: turn.turn)
    follower = next((str(trace.reasoner) for trace in beside.values()), "")
    return _Compared(tuple(found), _in_order(result.reasoner, follower, leader))


async def _turn_beside(case: Case, factory: ReplayFactory, opened: Opened, given: TurnInput) -> TurnTrace | None:
    engine = engine_beside(case, factory, opened, given.pin)
    try:
        live = LiveSession(engine, opened.live.id)
        if isinstance(given.happens, CustomerSays):
            return await live.say(*given.happens.texts, given_draft=given.given_draft)
        return await live.trigger(given.happens.guidelines, given.happens.name, given.given_draft)
    finally:
        await engine.close()


def _both(case: Case, leading: TurnTrace, following: TurnTrace | None, leader: int) -> TurnComparison | None:
    """A turn that both have taken, compared; None where only one has."""
    if following is None:
        return None
    both = _in_order(leading, following, leader)
    fault = next((f"{trace.reasoner}: {trace.error}" for trace in both if trace.status == "failed"), "")
    first, second = map(decisions, both)
    comparisons = [
        Comparison(stage, (first[stage], second[stage])) for stage in STAGES if first[stage] or second[stage]
    ]
    if fault:
        comparisons = []
    return TurnComparison(case.id, case.place, leading.turn, leading.heard, tuple(comparisons), fault)


def _in_order(leading: T, following: T, leader: int) -> tuple[T, T]:
    return (leading, following) if leader == 0 else (following, leading)
