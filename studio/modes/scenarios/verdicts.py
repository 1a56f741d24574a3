"""What is known about the cases since the studio was started: results, what they were before, what is outdated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.scenario.results import CaseResult, Verdict
from studio.modes.scenarios.wrapped import QUIET

MOST_TURNS = 2_000
"""Of how many turns the traces are kept; those of the oldest results are let go of first."""

FINE: tuple[Verdict, ...] = ("passed", "unjudged")
"""Verdicts that need nobody's attention."""

MARKS: dict[Verdict, tuple[str, str]] = {
    "passed": ("✓", "$text-success"),
    "failed": ("✗", "$text-error"),
    "flaky": ("~", "$text-warning"),
    "stale": ("!", "$text-warning"),
    "unjudged": ("?", "$text-warning"),
    "error": ("!", "$text-error"),
}
"""A sign and a style for each verdict."""

NOT_RUN = ("·", QUIET)


@dataclass(frozen=True)
class Known:
    """The last result of a case.

    Attributes:
        result: The result; its traces may have been let go of.
        stamp: What the case was read from, as `ScenarioFile.stamp` says it.
        was: The verdict before, when this run changed it.
    """

    result: CaseResult
    stamp: str
    was: Verdict | None = None


class Verdicts:
    """The last result of each case, by its key."""

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._turns = 0

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def get(self, key: str) -> Known | None:
        """What is known about a case; None when it has not run."""
        return self._known.get(key)

    def verdict(self, key: str) -> Verdict | None:
        """The last verdict of a case; None when it has not run."""
        known = self._known.get(key)
        return known.result.verdict if known is not None else None

    def take(self, key: str, result: CaseResult, stamp: str) -> Known:
        """Keep a result."""
        before = self._known.pop(key, None)
        changed = before is not None and before.result.verdict != result.verdict
        known = self._known[key] = Known(result, stamp, before.result.verdict if before and changed else None)
        self._turns += len(result.traces) - (len(before.result.traces) if before is not None else 0)
        self._let_go()
        return known

    def settle(self, keys: Iterable[str]) -> None:
        """Mark these cases as unchanged: a new run begins."""
        for key in keys:
            if (known := self._known.get(key)) is not None and known.was is not None:
                self._known[key] = replace(known, was=None)

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forget the cases that are no more."""
        there = set(keys)
        self._known = {key: known for key, known in self._known.items() if key in there}
        self._turns = sum(len(known.result.traces) for known in self._known.values())

    def counts(self, keys: Iterable[str]) -> dict[Verdict | None, int]:
        """How many of some cases have each verdict; None stands for those that have not run."""
        found = Counter(self.verdict(key) for key in keys)
        return {verdict: found[verdict] for verdict in (*MARKS, None) if found[verdict]}

    def _let_go(self) -> None:
        """Drop the oldest traces beyond what is kept; the newest result keeps its own whatever their number."""
        for key in list(self._known)[:-1] if self._turns > MOST_TURNS else ():
            known = self._known[key]
            self._turns -= len(known.result.traces)
            self._known[key] = replace(known, result=replace(known.result, traces=()))
            if self._turns <= MOST_TURNS:
                return
