"""A measured figure beside its goal, and how to take one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the report.

    Attributes:
        what: What was measured.
        value: The median, in `unit`.
        unit: ms, s, MiB, × or a rate.
        goal: The figure to stay at or below (or at or above, when `more_is_better`).
        spread: The least and the greatest value measured.
        floor: What the same thing costs without us, measured in the same run, in words.
        more_is_better: Whether the goal is a least value.
    """

    what: str
    value: float
    unit: str
    goal: float
    spread: tuple[float, float] | None = None
    floor: str = ""
    more_is_better: bool = False

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.value >= self.goal if self.more_is_better else self.value <= self.goal

    def __str__(self) -> str:
        sign = "≥" if self.more_is_better else "≤"
        low, high = self.spread or (self.value, self.value)
        line = f"{'✓' if self.met else '✗'} {self.what:<58} {_short(self.value):>8} {self.unit:<6}"
        line += f" goal {sign} {_short(self.goal):<7} ({_short(low)}–{_short(high)})"
        return f"{line}  {self.floor}".rstrip()


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def seconds(work: Callable[[], object], runs: int = 5, warmup: int = 1) -> list[float]:
    """How long some work takes, in seconds, over several runs after a warm-up."""
    for _ in range(warmup):
        work()
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return taken


def figure(
    what: str, values: list[float], unit: str, goal: float, *, floor: str = "", more_is_better: bool = False
) -> Figure:
    """A figure from several values: their median, with the least and the greatest."""
    return Figure(what, statistics.median(values), unit, goal, (min(values), max(values)), floor, more_is_better)
