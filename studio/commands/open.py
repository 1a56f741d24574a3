"""`cuecard [open] [DIR]`: the studio."""

from __future__ import annotations

import argparse
import gc
import sys
from datetime import datetime
from pathlib import Path

from studio.cli import FINE, WRONG_CALL


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
    gc.disable()  # until the first screen stands: nothing of what is loaded till then can be let go

    from studio.app import Opening, StudioApp
    from studio.logs import log_to_file

    log_to_file()
    opening = Opening(path, arguments.trust, start, arguments.theme or "", arguments.ascii, arguments.mode or "")
    app = StudioApp(opening)
    return app.run(mouse=not arguments.no_mouse) or FINE


def _fault(path: Path | None) -> str:
    """Why the studio cannot begin; empty when it can."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return "the studio needs a terminal; `cuecard chat DIR` and `cuecard replay` work in pipes"
    if path is None:
        return ""
    if not path.exists():
        return f"{path}: there is no such folder; `cuecard new {path}` begins an agent there"
    if path.is_dir() and not (path / "agent.yaml").is_file():
        return f"{path}: no agent.yaml in this folder; `cuecard new DIR` begins an agent"
    return ""
