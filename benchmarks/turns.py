"""What a turn costs, with agents of growing size and over a long session."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from benchmarks import made_up
from benchmarks.measure import Figure, figure, seconds
from engine.agent.code import FolderCode
from engine.agent.model import Agent
from engine.index.lexical import LexicalIndex
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from engine.session.clock import VirtualClock
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession

GOALS = {10: 3.0, 100: 6.0, 1000: 20.0}
LONG = 200


def figures() -> Iterator[Figure]:
    """One embedded turn at three sizes, growth over a long session, and the time until an agent is ready to talk."""
    for size, goal in GOALS.items():
        taken = asyncio.run(turns(made_up.agent(size, size), made_up.messages(20)))[1:]
        what = f"one turn, lexical, {size:,} guidelines and responses"
        yield figure(what, [value * 1000 for value in taken], "ms", goal)
    taken = asyncio.run(turns(made_up.agent(100, 100), made_up.messages(LONG + 10)))
    early, late = statistics.median(taken[1:11]), statistics.median(taken[-11:])
    yield Figure(f"turn {LONG} of a session against turn 1 (100 guidelines)", late / early, "×", 1.3)
    large = made_up.agent(1000, 1000)
    ready = seconds(lambda: asyncio.run(turns(large, made_up.messages(1))), runs=3, warmup=0)
    yield figure("agent of 1,000 guidelines and responses ready to talk", ready, "s", 2.0)


async def turns(agent: Agent, messages: list[str]) -> list[float]:
    """The seconds that each turn of a new session takes."""
    clock = VirtualClock(datetime(2026, 3, 2, 9))
    engine = Engine(
        agent, MemoryStore(clock), EmbeddedReasoner(), LexicalIndex(), clock, FolderCode(Path(), trusted=False)
    )
    live = await LiveSession.open(engine)
    taken = []
    for message in messages:
        began = time.perf_counter()
        trace = await live.say(message)
        taken.append(time.perf_counter() - began)
        if trace.status not in ("completed", "silent"):
            raise RuntimeError(f"a measured turn {trace.status}: {trace.error}")
    return taken
