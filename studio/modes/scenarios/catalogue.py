"""The scenario files of a workspace, read file by file, so that one that is broken leaves the others usable."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from engine.agent.errors import Problem
from engine.agent.model import Agent
from engine.scenario.model import Case
from engine.scenario.reader import GIVEN_FILE, SUFFIX, ScenarioFileError, read_scenarios
from engine.scenario.suites import files_of


@dataclass(frozen=True)
class ScenarioFile:
    """One file with its cases, or with what is wrong in it.

    Attributes:
        path: The file.
        name: What it is called on screen: its path in the workspace without the ending.
        stamp: Changes with everything that its cases are read from: the file, what it inherits, the agent.
        cases: Its cases by key, in its order.
        problems: Why it cannot be read.
    """

    path: Path
    name: str
    stamp: str
    cases: dict[str, Case] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """All scenario files of a workspace. A case's key is its id, with its file's name where another has the same."""

    files: tuple[ScenarioFile, ...] = ()

    @property
    def cases(self) -> dict[str, Case]:
        """Every case by its key, in the order of the files."""
        return {key: case for file in self.files for key, case in file.cases.items()}

    def file_of(self, key: str) -> ScenarioFile | None:
        """The file that a case stands in."""
        return next((file for file in self.files if key in file.cases), None)


def read_catalogue(agent: Agent, folder: Path, known: Catalogue = Catalogue()) -> Catalogue:  # noqa: B008
    """Read the scenario files of a workspace.

    Args:
        agent: The agent they talk to.
        folder: Its folder.
        known: What was read before; a file that still says the same is taken from there.

    Returns:
        All files in the order of their paths; one that cannot be read has problems and no cases.
    """
    before = {file.path: file for file in known.files}
    taken: set[str] = set()
    files = []
    for path in files_of(folder):
        stamp = _stamp(path, folder, agent)
        old = before.get(path)
        if old is None or old.stamp != stamp:
            old = _read(path, folder, agent, stamp)
        cases = {_key(case, old.name, taken): case for case in old.cases.values()}
        files.append(ScenarioFile(path, old.name, stamp, cases, old.problems))
    return Catalogue(tuple(files))


def _key(case: Case, name: str, taken: set[str]) -> str:
    key = case.id if case.id not in taken else f"{case.id} ({name})"
    number = 1
    while key in taken:
        number += 1
        key = f"{case.id} ({name}, {number})"
    taken.add(key)
    return key


def _read(path: Path, folder: Path, agent: Agent, stamp: str) -> ScenarioFile:
    name = path.relative_to(folder).as_posix().removesuffix(SUFFIX)
    try:
        scenarios = read_scenarios(path, agent, folder)
    except ScenarioFileError as error:
        return ScenarioFile(path, name, stamp, problems=error.problems)
    cases = [case for scenario in scenarios for case in scenario.cases]
    return ScenarioFile(path, name, stamp, {str(number): case for number, case in enumerate(cases)})


def _stamp(path: Path, folder: Path, agent: Agent) -> str:
    """A digest of the texts that the cases are read from; a file that cannot be read is digested as that."""
    digest = sha256(agent.digest.encode())
    for file in (path, *_inherited(path, folder)):
        try:
            content = file.read_bytes()
        except OSError as error:
            content = str(error).encode()
        digest.update(sha256(content).digest())
    return digest.hexdigest()


def _inherited(path: Path, folder: Path) -> Iterator[Path]:
    for parent in path.parents:
        if (file := parent / GIVEN_FILE).is_file():
            yield file
        if parent == folder:
            return
