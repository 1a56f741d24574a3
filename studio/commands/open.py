"""`cuecard [open] [DIR]`: the studio."""

from __future__ import annotations

import argparse
import gc
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from studio.cli import FINE, WRONG_CALL

if TYPE_CHECKING:
    from engine.choosing import ReasonerChoice


def run(arguments: argparse.Namespace) -> int:
    """Run the studio until it is left."""
    path = Path(arguments.agent) if arguments.agent else None
    fault = _fault(path)
    if fault:
        print(f"cuecard: {fault}", file=sys.stderr)
        return WRONG_CALL
    start = None
    if arguments.clock:
        try:
            start = datetime.fromisoformat(arguments.clock)
        except ValueError:
            print(f"cuecard: --clock {arguments.clock!r} is no time; write it like '2026-03-02 09:00'", file=sys.stderr)
            return WRONG_CALL
    choice, fault = _choice(arguments, path)
    if fault:
        print(f"cuecard: {fault}", file=sys.stderr)
        return WRONG_CALL
    gc.disable()  # until the first screen stands: nothing of what is loaded till then can be let go

    from studio.app import Opening, StudioApp
    from studio.logs import log_to_file

    log_to_file()
    theme, mode = arguments.theme or "", arguments.mode or ""
    opening = Opening(path, arguments.trust, start, theme, arguments.ascii, mode, choice)
    app = StudioApp(opening)
    return app.run(mouse=not arguments.no_mouse) or FINE


def _choice(arguments: argparse.Namespace, path: Path | None) -> tuple[ReasonerChoice | None, str]:
    """Who is to think, and why that cannot be; None where the command line says nothing of it.

    What it leaves open stays as it was chosen last in the studio.
    """
    named = {"reasoner": arguments.reasoner, "embeddings": arguments.embeddings, "host": arguments.ollama_host}
    given = {name: value for name, value in named.items() if value}
    if not given or path is None:
        return None, "" if not given else "say which agent they shall think for: cuecard DIR --reasoner NAME"
    from engine.choosing import choice_fault
    from studio.remembered import Remembered

    folder = path.parent if path.suffix == ".yaml" else path
    choice = replace(Remembered().choice_of(folder), **given)
    return choice, choice_fault(choice) or ""


def _fault(path: Path | None) -> str:
    """Why the studio cannot begin; empty when it can."""
    if not _in_terminal():
        return "the studio needs a terminal; `cuecard chat DIR` and `cuecard replay` work in pipes"
    if path is None:
        return ""
    if not path.exists():
        return f"{path}: there is no such folder; `cuecard new {path}` begins an agent there"
    if path.is_dir() and not (path / "agent.yaml").is_file():
        return f"{path}: no agent.yaml in this folder; `cuecard new DIR` begins an agent"
    return ""


def _in_terminal() -> bool:
    """Whether there is somebody who sees and types."""
    return sys.stdin.isatty() and sys.stdout.isatty()
