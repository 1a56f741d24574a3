"""How many turns a second a replay takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Figure, figure
from engine.scenario.replay import ReplayOptions, run_replay

SCENARIOS = Path(__file__).parent.parent / "scenarios"
RUNS = 15


def figures() -> Iterator[Figure]:
    """Turns a second on one core, and what a second process adds."""
    one = [_rate(1) for _ in range(3)]
    yield figure("replay of the example scenarios, one process", one, "turns/s", 300, more_is_better=True)
    two = [_rate(2) for _ in range(3)]
    ratio = sorted(two)[1] / sorted(one)[1]
    yield Figure("two processes against one", ratio, "×", 1.7, more_is_better=True)


def _rate(processes: int) -> float:
    began = time.perf_counter()
    replay = run_replay([SCENARIOS], ReplayOptions(runs=RUNS, processes=processes))
    taken = time.perf_counter() - began
    if replay.summary.exit_code:
        raise RuntimeError("the example scenarios do not pass; run `cuecard replay scenarios`")
    return RUNS * sum(result.turns for result in replay.results) / taken
