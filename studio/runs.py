"""What became of a workspace's scenarios so far: the last runs, and the history of every case.

It is kept in `.cuecard/runs.json` beside the agent, as a convenience: a file that cannot be read counts as empty, and
one that cannot be written leaves the history in memory. No time is taken here: the caller says when.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.opening import PRIVATE_FOLDER
from engine.scenario.results import VERDICTS, Verdict

MANY = 20
"""How many runs, and how many verdicts of each case, are kept."""

MOST_CASES = 20_000
"""How many cases are remembered; those that were not seen for longest are forgotten first."""

FILE = "runs.json"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """One run, counted.

    Attributes:
        when: When it began, naive local time.
        counts: How many cases have each verdict; verdicts that none has are left out.
        planned: How many cases were to run.
        seconds: How long it took.
    """

    when: datetime
    counts: Mapping[Verdict, int]
    planned: int
    seconds: float

    @property
    def ran(self) -> int:
        """How many cases ran to their end."""
        return sum(self.counts.values())

    @property
    def passed(self) -> bool:
        """Whether everything ran and nothing is wrong."""
        return self.ran == self.planned and not set(self.counts) - {"passed", "unjudged"}


class Runs:
    """The history of a workspace's scenarios."""

    def __init__(self, folder: Path) -> None:
        """Read what is known.

        Args:
            folder: The agent's folder.
        """
        self._file = folder / PRIVATE_FOLDER / FILE
        values = self._read()
        self._runs = [run for each in _list(values.get("runs")) if (run := _run(each)) is not None][-MANY:]
        cases = values.get("cases")
        known = cases.items() if isinstance(cases, dict) else ()
        self._cases = {case: found for case, marks in known if (found := _verdicts(marks))}

    @property
    def last(self) -> Run | None:
        """The last run; None when there was none yet."""
        return self._runs[-1] if self._runs else None

    @property
    def runs(self) -> tuple[Run, ...]:
        """The last runs, oldest first."""
        return tuple(self._runs)

    def history(self, case_id: str) -> tuple[Verdict, ...]:
        """The last verdicts of a case, oldest first; none when it never ran."""
        return self._cases.get(case_id, ())

    def record(
        self, when: datetime, verdicts: Iterable[tuple[str, Verdict]], planned: int, seconds: float
    ) -> Run | None:
        """Keep a run.

        Args:
            when: When it began, naive local time.
            verdicts: The cases that ran, by id, in their order.
            planned: How many were to run.
            seconds: How long it took.

        Returns:
            The run as it is kept; None when no case ran, which is no run.
        """
        found = list(verdicts)
        if not found:
            return None
        for case, verdict in found:
            marks = self._cases.pop(case, ())  # what ran last stands last, so that the oldest are forgotten
            self._cases[case] = (*marks, verdict)[-MANY:]
        for case in list(self._cases)[:-MOST_CASES]:
            del self._cases[case]
        counts = {each: sum(verdict == each for _, verdict in found) for each in VERDICTS}
        run = Run(when, {each: count for each, count in counts.items() if count}, planned, round(seconds, 3))
        self._runs = [*self._runs, run][-MANY:]
        self._write()
        return run

    def _write(self) -> None:
        """Write everything down, whole or not at all."""
        runs = [
            {"when": run.when.isoformat(), "counts": dict(run.counts), "planned": run.planned, "seconds": run.seconds}
            for run in self._runs
        ]
        values = {"version": 1, "runs": runs, "cases": {case: " ".join(marks) for case, marks in self._cases.items()}}
        text = json.dumps(values, ensure_ascii=False)
        fresh = ""
        try:
            self._file.parent.mkdir(exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", dir=self._file.parent, prefix=FILE, delete=False, encoding="utf-8"
            ) as file:
                fresh = file.name
                file.write(text)
            Path(fresh).replace(self._file)
        except OSError as error:
            log.warning("%s cannot be written, so the history stays in memory: %s", self._file, error)
            with contextlib.suppress(OSError):
                os.unlink(fresh)  # noqa: PTH108 - an empty name is no path

    def _read(self) -> dict[str, Any]:
        try:
            values = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            log.warning("%s cannot be read, so the history begins anew: %s", self._file, error)
            return {}
        if isinstance(values, dict):
            return values
        log.warning("%s is no table, so the history begins anew", self._file)
        return {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _verdicts(value: object) -> tuple[Verdict, ...]:
    words = value.split() if isinstance(value, str) else []
    known = {verdict: verdict for verdict in VERDICTS}
    return tuple(known[word] for word in words if word in known)[-MANY:]


def _run(value: object) -> Run | None:
    """A run as it was written; None for anything else."""
    if not isinstance(value, dict) or not isinstance(value.get("counts"), dict):
        return None
    counts = {
        verdict: count for verdict in VERDICTS if isinstance(count := value["counts"].get(verdict), int) and count > 0
    }
    planned, seconds = value.get("planned"), value.get("seconds")
    with contextlib.suppress(ValueError, TypeError, KeyError):
        when = datetime.fromisoformat(value["when"])
        if isinstance(planned, int) and isinstance(seconds, (int, float)):
            return Run(when, counts, planned, float(seconds))
    return None
