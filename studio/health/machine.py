"""The machine: Python, the packages, `dot`, the terminal, the folders that Cuecard writes to, and whom it trusts."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from shlex import quote

from engine import __version__
from engine.agent.code import is_trusted, trust_file, trusted_folders
from engine.agent.errors import AgentFileError
from engine.agent.loading import load_agent
from engine.embeddings.kept import cache_folder
from studio.health.finding import Finding
from studio.remembered import state_folder

OLDEST_PYTHON = (3, 11)


def surroundings() -> Iterator[Finding]:
    """Python, Cuecard itself, the packages that it needs."""
    here = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info >= OLDEST_PYTHON
    yield Finding("python", fine, f"{here} ({sys.executable})", "" if fine else "install Python 3.11 or newer")
    yield Finding("cuecard", True, __version__)
    yield packages()
    yield _yaml()


def outlets() -> Iterator[Finding]:
    """What draws, and where it is drawn."""
    dot = shutil.which("dot")
    missing = "not found; only PNG and PDF exports need it"
    yield Finding("dot", dot is not None, dot or missing, "" if dot else "apt-get install graphviz", needed=False)
    yield _terminal()


def folders(agent: Path | None) -> Iterator[Finding]:
    """Where Cuecard writes: beside agents, its own state; and whose code may run.

    Args:
        agent: The agent's folder, if one was named.
    """
    yield _writable("sessions", agent if agent is not None else Path.cwd(), "sessions can be kept here")
    yield _writable("state", state_folder(), f"{state_folder()}: logs, and what the studio remembers")
    yield _writable("cache", cache_folder(), f"{cache_folder()}: {_size(cache_folder())} that can be computed again")
    yield _trust(agent)


def packages() -> Finding:
    """The packages that Cuecard needs, with their versions."""
    try:
        needed = [line.split(";")[0] for line in requires("cuecard") or () if "extra ==" not in line]
    except PackageNotFoundError:
        return Finding("packages", False, "cuecard runs from a folder and is not installed", "pip install -e .")
    found, missing = [], []
    for line in needed:
        name = re.split(r"[^A-Za-z0-9._-]", line.strip(), maxsplit=1)[0]
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding("packages", False, f"missing: {', '.join(missing)}", f"pip install {' '.join(missing)}")
    return Finding("packages", True, ", ".join(found))


def _yaml() -> Finding:
    import yaml

    if getattr(yaml, "__with_libyaml__", False):
        return Finding("yaml", True, "libyaml")
    slow = "PyYAML without libyaml: large agents load ten times slower"
    return Finding("yaml", False, slow, "pip install --force-reinstall pyyaml", needed=False)


def _terminal() -> Finding:
    size = shutil.get_terminal_size()
    plain = "no colour (NO_COLOR)" if os.environ.get("NO_COLOR") else ""
    colour = plain or os.environ.get("COLORTERM") or "16 or 256 colours"
    return Finding("terminal", True, f"{size.columns}×{size.lines}, {os.environ.get('TERM', 'no TERM')}, {colour}")


def _writable(name: str, folder: Path, fine: str) -> Finding:
    """Whether a file can be written to a folder, or to the one in which it would be made."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.is_dir())
    try:
        with tempfile.NamedTemporaryFile(dir=there, prefix=".cuecard-doctor-"):
            return Finding(name, True, fine)
    except OSError as error:
        found = f"{there} cannot be written: {error.strerror}"
        return Finding(name, False, found, f"chmod u+w {quote(str(there))}", needed=False)


def _size(folder: Path) -> str:
    """How much a folder holds."""
    held = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) if folder.is_dir() else 0
    return f"{held / 1e6:.1f} MB"


def _trust(agent: Path | None) -> Finding:
    """Whose code may run; of an agent that was named, whether its own may."""
    listed = ", ".join(map(str, trusted_folders())) or "no folder yet"
    if agent is None or is_trusted(agent):
        return Finding("trust", True, f"{listed} ({trust_file()})")
    try:
        tools = [tool.name for tool in load_agent(agent).agent.tools if tool.python]
    except AgentFileError as error:
        return Finding("trust", False, f"{error.problems[0]}", f"cuecard check {quote(str(agent))}")
    if not tools:
        return Finding("trust", True, f"{agent} has no code of its own")
    found = f"the code of {', '.join(tools)} does not run yet"
    return Finding("trust", False, found, f"cuecard trust {quote(str(agent))}", needed=False)
