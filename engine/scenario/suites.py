"""Finding scenario files and the agents they talk to; nothing is run here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.agent.document import AGENT_FILE
from engine.agent.errors import AgentFileError, Problem
from engine.agent.loading import load_agent
from engine.agent.model import Agent
from engine.scenario.model import Case
from engine.scenario.reader import SUFFIX, ScenarioFileError, read_scenarios


@dataclass(frozen=True)
class Suite:
    """An agent and the cases that talk to it."""

    agent: Agent
    folder: Path
    cases: tuple[Case, ...]


def load_suites(paths: Sequence[Path | str], name: str = "") -> list[Suite]:
    """Read every scenario under some paths.

    Args:
        paths: Scenario files, or folders that are searched to the bottom.
        name: Only cases in whose id or file name this occurs, whatever its case.

    Returns:
        One suite for each agent, in the order in which they are met; suites without cases are left out.

    Raises:
        ScenarioFileError: With everything that is wrong in any of the files, agents included.
    """
    problems: list[Problem] = []
    by_agent: dict[Path, list[Path]] = {}
    for file in _scenario_files(paths, problems):
        folder = _agent_folder(file)
        if folder is None:
            said = f"no {AGENT_FILE} in its folder or above"
            problems.append(Problem("no-agent", str(file), 1, 1, said, "Put it beside the agent it talks to"))
        else:
            by_agent.setdefault(folder, []).append(file)
    suites = [_suite(folder, files, name, problems) for folder, files in by_agent.items()]
    if problems:
        raise ScenarioFileError(problems)
    return [suite for suite in suites if suite is not None and suite.cases]


def files_of(folder: Path) -> list[Path]:
    """The scenario files of one agent: those below its folder that are not nearer to another agent.

    Args:
        folder: The agent's folder.

    Returns:
        The files in the order of their paths; none where the folder cannot be read.
    """
    found = sorted(folder.rglob(f"*{SUFFIX}"))
    return [file for file in found if not _hidden(file, folder) and _agent_folder(file) == folder]


def _scenario_files(paths: Iterable[Path | str], problems: list[Problem]) -> Iterator[Path]:
    met: set[Path] = set()
    for path in map(Path, paths):
        if path.is_dir():
            found = [file for file in sorted(path.rglob(f"*{SUFFIX}")) if not _hidden(file, path)]
            if not found:
                said = f"no *{SUFFIX} files in this folder"
                problems.append(Problem("no-scenarios", str(path), 1, 1, said, "Name another folder or a file"))
        elif path.exists():
            found = [path]
        else:
            found = []
            problems.append(Problem("no-file", str(path), 1, 1, "there is no such file or folder"))
        for file in found:
            if file.resolve() not in met:
                met.add(file.resolve())
                yield file


def _hidden(file: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(root).parts)


def _agent_folder(file: Path) -> Path | None:
    """The nearest folder that holds an agent, named as the user named the file where that is possible."""
    for folder in file.parents:
        if (folder / AGENT_FILE).is_file():
            return folder
    return next((folder for folder in file.resolve().parents if (folder / AGENT_FILE).is_file()), None)


def _suite(folder: Path, files: Sequence[Path], name: str, problems: list[Problem]) -> Suite | None:
    try:
        agent = load_agent(folder).agent
    except AgentFileError as error:
        problems.extend(error.problems)
        return None
    cases: list[Case] = []
    for file in files:
        try:
            scenarios = read_scenarios(file, agent, folder)
        except ScenarioFileError as error:
            problems.extend(error.problems)
            continue
        cases.extend(case for scenario in scenarios for case in scenario.cases if _wanted(case, name))
    return Suite(agent, folder, tuple(cases))


def _wanted(case: Case, name: str) -> bool:
    return name.casefold() in f"{Path(case.place.file).name} {case.id}".casefold()
