"""The left side: files, scenarios and cases, which fold."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult

from engine.agent.errors import Problem
from engine.scenario.model import Case
from studio.modes.scenarios.bench import Bench
from studio.modes.scenarios.catalogue import Catalogue, ScenarioFile
from studio.modes.scenarios.rows import (
    CASE,
    FILE,
    SCENARIO,
    Listing,
    cases_of,
    file_of,
    next_in_need,
    parents_of,
    problem_of,
    row_for,
    rows_of,
)
from studio.widgets.thing_list import Rows, ThingList


class ScenarioRows(Rows):
    """The rows of the scenarios."""

    HELP = (
        "The scenario files with their cases. x runs the case, scenario or file under the cursor, a runs all, f what"
        " did not pass. Enter shows how a case went, F goes to the next one that failed, Space folds. While it says"
        " ◉ watching, whatever you save in any editor is run again."
    )


class ScenarioList(ThingList):
    """Draws a bench.

    Attributes:
        composed: Set once there is something to draw on.
    """

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__("Reading the scenarios …")
        self._bench: Bench | None = None
        self._folded: set[str] = set()
        self._width = 0
        self.composed = asyncio.Event()

    def on_mount(self) -> None:
        """Its rows are there now."""
        self.composed.set()

    def compose(self) -> ComposeResult:
        """The filter, and rows with a help of their own."""
        yield next(iter(super().compose()))
        yield ScenarioRows(markup=False)

    @property
    def listing(self) -> Listing:
        """What is shown, and how wide."""
        assert self._bench is not None
        bench = self._bench
        waiting = bench.progress.waiting if bench.progress is not None else {}
        width = max(12, self.size.width - 3)  # one cell on either side, and the scrollbar
        return Listing(bench.catalogue, bench.verdicts, bench.runs, waiting, self._folded, width)

    @property
    def catalogue(self) -> Catalogue:
        """The files that are shown."""
        return self._bench.catalogue if self._bench is not None else Catalogue()

    @property
    def file(self) -> ScenarioFile | None:
        """The file under the cursor, or that of the row there."""
        return file_of(self.key, self.catalogue)

    @property
    def cases(self) -> Mapping[str, Case]:
        """The cases that the row under the cursor stands for."""
        return cases_of(self.key, self.catalogue)

    @property
    def case(self) -> tuple[str, Case] | None:
        """The case under the cursor; None on a row that is no case."""
        on_case = (self.key or "").startswith(CASE)
        return next(iter(self.cases.items()), None) if on_case else None

    @property
    def problem(self) -> Problem | None:
        """The problem under the cursor."""
        return problem_of(self.key, self.catalogue)

    def take(self, bench: Bench) -> None:
        """Show another workspace's scenarios from now on."""
        self._bench = bench
        self._folded.clear()

    def draw(self, key: str | None = None) -> None:
        """Draw everything as it is now.

        Args:
            key: The row that the cursor is to stand on; where it stood when None.
        """
        if self._bench is not None:
            self.show(list(rows_of(self.listing)), key)

    def on_resize(self, _: events.Resize) -> None:
        """Fit the rows to another width."""
        if self.size.width != self._width:
            self._width = self.size.width
            self.draw()

    def go_to(self, thing: str) -> bool:
        """Go to a case by its id, or to a file or scenario by its name; False when there is none."""
        key = row_for(thing, self.catalogue)
        if key is None:
            return False
        self._show_row(key)
        return True

    def go_to_next_in_need(self) -> bool:
        """Go to the next row that did not pass or cannot be read; False when there is none."""
        key = next_in_need(self.key, self.listing) if self._bench is not None else None
        if key is not None:
            self._show_row(key)
        return key is not None

    def fold(self) -> None:
        """Fold or unfold the file or scenario under the cursor; from a case, the one it stands in."""
        key = self.key or ""
        if not key.startswith((FILE, SCENARIO)):
            key = next(reversed(parents_of(key, self.catalogue)), "")
        if key:
            self._folded ^= {key}
            self.draw(key)

    def _show_row(self, key: str) -> None:
        hidden = self._folded.intersection(parents_of(key, self.catalogue)) - {key}
        self._folded -= hidden
        if hidden:
            self.draw(key)
        self.select(key)
