"""`cuecard doctor`: what is installed and chosen, and the one command that mends each thing that is missing."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from engine import __version__
from engine.agent.code import trust_file, trusted_folders
from studio.cli import FINE, TROUBLE

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: whether it is fine, what was found, and what mends it."""

    name: str
    fine: bool
    found: str
    remedy: str = ""
    needed: bool = True


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard doctor`: 0 when everything that is needed is there, else 3."""
    findings = list(examine())
    for finding in findings:
        mark = "✓" if finding.fine else "✗" if finding.needed else "–"
        print(f"{mark} {finding.name:<12} {finding.found}")
        if not finding.fine and finding.remedy:
            print(f"  {'':<12} mend it with: {finding.remedy}")
    return FINE if all(finding.fine or not finding.needed for finding in findings) else TROUBLE


def examine() -> Iterator[Finding]:
    """Look at Python, the packages, the reasoner, the embeddings, `dot`, the terminal, trust and the disk."""
    here = ".".join(map(str, sys.version_info[:3]))
    fine = sys.version_info >= OLDEST_PYTHON
    yield Finding("python", fine, f"{here} ({sys.executable})", "install Python 3.11 or newer")
    yield Finding("cuecard", True, __version__)
    yield from _packages()
    yield _yaml()
    yield Finding("reasoner", True, "embedded: no model server, no network, the same answer every time")
    yield Finding("embeddings", True, "lexical: words, word pairs and letters")
    dot = shutil.which("dot")
    yield Finding(
        "dot", dot is not None, dot or "not found; only PNG and PDF exports need it", "apt-get install graphviz", False
    )
    yield _terminal()
    folders = ", ".join(map(str, trusted_folders())) or "no folder yet"
    yield Finding("trust", True, f"{folders} ({trust_file()})")
    yield _disk()


def _packages() -> Iterator[Finding]:
    try:
        needed = [line.split(";")[0] for line in requires("cuecard") or () if "extra ==" not in line]
    except PackageNotFoundError:
        yield Finding("packages", False, "cuecard runs from a folder and is not installed", "pip install -e .")
        return
    found, missing = [], []
    for line in needed:
        name = line.split("<")[0].split(">")[0].split("=")[0].split("~")[0].strip()
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Finding("packages", False, f"missing: {', '.join(missing)}", f"pip install {' '.join(missing)}")
    else:
        yield Finding("packages", True, ", ".join(found))


def _yaml() -> Finding:
    import yaml

    quick = bool(getattr(yaml, "__with_libyaml__", False))
    found = "libyaml" if quick else "PyYAML without libyaml: large agents load ten times slower"
    return Finding("yaml", quick, found, "pip install --force-reinstall pyyaml", False)


def _terminal() -> Finding:
    size = shutil.get_terminal_size()
    colour = (
        "no colour (NO_COLOR)" if os.environ.get("NO_COLOR") else os.environ.get("COLORTERM") or "16 or 256 colours"
    )
    kind = os.environ.get("TERM", "no TERM")
    return Finding("terminal", True, f"{size.columns}×{size.lines}, {kind}, {colour}")


def _disk() -> Finding:
    """Whether a file can be written where agents usually lie: the current folder."""
    try:
        with tempfile.NamedTemporaryFile(dir=Path.cwd(), prefix=".cuecard-doctor-"):
            return Finding("disk", True, "sessions can be kept here")
    except OSError as error:
        return Finding(
            "disk", False, f"this folder cannot be written: {error.strerror}", f"chmod u+w {Path.cwd()}", False
        )
