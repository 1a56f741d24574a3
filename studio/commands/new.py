"""`cuecard new DIR`: a small agent to begin from, with a scenario that passes."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path

from engine.agent.basics import CompositionMode
from engine.agent.new import NewAgentError, new_agent
from studio.cli import FINE, WRONG_CALL

MODES = """\
How freely may the agent word its messages?
  1 fluid       canned responses where one fits well, else its own words
  2 composited  its own words, in the style of the canned responses
  3 strict      only approved words; recommended where a wrong word is
                costly (money, health, law)
"""


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard new`."""
    folder = Path(arguments.folder)
    mode = CompositionMode(arguments.mode) if arguments.mode else _ask_mode()
    name = arguments.name or folder.resolve().name.replace("_", " ").replace("-", " ").title()
    try:
        written = new_agent(folder, name, mode)
    except NewAgentError as error:
        print(f"cuecard: {error}", file=sys.stderr)
        return WRONG_CALL
    for file in written:
        print(f"wrote {file}")
    named = shlex.quote(str(folder))
    print(f"now: cuecard chat {named} --why   and   cuecard replay {named}")
    return FINE


def _ask_mode() -> CompositionMode:
    """Ask for the mode on a terminal; fluid where nobody can answer."""
    if not sys.stdin.isatty():
        return CompositionMode.FLUID
    print(MODES)
    modes = list(CompositionMode)
    while True:
        answer = input("1, 2 or 3 [1]: ").strip().lower() or "1"
        chosen = [mode for number, mode in enumerate(modes, start=1) if answer in (str(number), mode.value)]
        if chosen:
            return chosen[0]
