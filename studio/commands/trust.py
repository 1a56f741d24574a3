"""`cuecard trust DIR`: let the code beside an agent run on this machine, from now on."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.agent.code import CodeError, trust
from engine.agent.document import AGENT_FILE
from studio.cli import FINE, WRONG_CALL


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard trust`."""
    path = Path(arguments.agent)
    folder = path.parent if path.name == AGENT_FILE else path
    try:
        trust(folder)
    except CodeError as error:
        print(f"cuecard: {error}", file=sys.stderr)
        return WRONG_CALL
    print(f"{folder}: its code may run on this machine now")
    return FINE
