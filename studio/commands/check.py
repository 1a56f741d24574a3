"""`cuecard check DIR …`: what is wrong in agent files, each with its place and remedy."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.agent.document import AGENT_FILE, read_file
from engine.agent.errors import AgentFileError, Problem
from engine.agent.loading import load_agent
from engine.agent.writing.saving import content_digest, save
from studio.cli import FINE, WRONG_CALL

MAX_PASSES = 50
"""How many remedies are applied one after the other before giving up."""


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard check`."""
    found: list[Problem] = []
    files = [file for named in arguments.agents for file in _agent_files(Path(named))]
    for file in files:
        fixed = _fix(file) if arguments.fix else 0
        if fixed:
            print(f"{file}: {fixed} {'remedy' if fixed == 1 else 'remedies'} applied")
        found.extend(_problems(file))
    errors = sum(problem.severity == "error" for problem in found)
    if arguments.json:
        print(json.dumps([_as_json(problem) for problem in found], indent=2, ensure_ascii=False))
    else:
        for problem in found:
            print(problem)
        print(f"{_plural(len(files), 'agent')}: {_plural(errors, 'error')}, {_plural(len(found) - errors, 'warning')}")
    return WRONG_CALL if errors or not files else FINE


def _agent_files(path: Path) -> Iterator[Path]:
    """The agent file of a folder, or those of all agents below it; a file as it is."""
    if path.is_dir() and not os.path.lexists(path / AGENT_FILE):
        below = [file for file in sorted(path.rglob(AGENT_FILE)) if ".cuecard" not in file.parts]
        if not below:
            print(f"cuecard: {path}: no {AGENT_FILE} here or below; `cuecard new {path}` begins one", file=sys.stderr)
        yield from below
    else:
        yield path / AGENT_FILE if path.is_dir() and path.name != AGENT_FILE else path


def _problems(file: Path) -> tuple[Problem, ...]:
    try:
        return load_agent(file).warnings
    except AgentFileError as error:
        return error.problems


def _fix(file: Path) -> int:
    """Apply remedies one at a time, since each may move what follows; how many were applied."""
    for count in range(MAX_PASSES):
        problem = next((problem for problem in _problems(file) if problem.fix is not None), None)
        if problem is None or problem.fix is None:
            return count
        text = read_file(file)
        save(file, problem.fix.apply(text), read_as=content_digest(text.encode()))
    return MAX_PASSES


def _as_json(problem: Problem) -> dict[str, object]:
    return dataclasses.asdict(problem)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
