"""A pytest plugin: every case of a `*.scenario.yaml` is a test, so that `pytest -n 8` and every CI understand them.

A failing case prints the report of `cuecard replay`, not a traceback; an unjudged one counts as skipped.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

SUFFIX = ".scenario.yaml"


class ScenarioFailure(Exception):
    """A case did not pass; the message is its report."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--cuecard-trust`."""
    group = parser.getgroup("cuecard")
    group.addoption("--cuecard-trust", action="store_true", help="let scenarios run the code of their agents")


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Collect a scenario file."""
    return ScenarioFile.from_parent(parent, path=file_path) if file_path.name.endswith(SUFFIX) else None


class ScenarioFile(pytest.File):
    """A scenario file as a collector of its cases."""

    def collect(self) -> Iterable[pytest.Item]:
        """One item for each case."""
        from engine.scenario.suites import load_suites

        for suite in load_suites([self.path]):
            for case in suite.cases:
                yield ScenarioItem.from_parent(self, name=case.id, suite=suite, case=case)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is wrong with the file, one line for each problem."""
        from engine.agent.errors import AgentFileError

        if isinstance(excinfo.value, AgentFileError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class ScenarioItem(pytest.Item):
    """One case as a test."""

    def __init__(self, *, suite: Any, case: Any, **rest: Any) -> None:
        super().__init__(**rest)
        self._suite = suite
        self._case = case

    def runtest(self) -> None:
        """Replay the case.

        Raises:
            ScenarioFailure: When it does not pass; an unjudged case is skipped.
        """
        import asyncio

        from engine.scenario.player import play
        from engine.scenario.replay import ReplayOptions, factory_of
        from engine.scenario.report import failure_text

        options = ReplayOptions(trusted=bool(self.config.getoption("--cuecard-trust")))
        result = asyncio.run(play(self._case, factory_of(self._suite, options)))
        if result.verdict == "unjudged":
            pytest.skip("nothing is checked")
        if result.verdict != "passed":
            raise ScenarioFailure(failure_text(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report of the case."""
        if isinstance(excinfo.value, ScenarioFailure):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the case stands."""
        return self.path, self._case.place.line - 1, self._case.id
