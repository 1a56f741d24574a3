"""`cuecard replay --compare A,B`: how often two reasoners agree over scenarios, turn by turn."""

from __future__ import annotations

import argparse
import json
import sys

from rich.text import Text

from engine.choosing import embeddings_fault
from engine.scenario.agreement import Agreement, parse_sides
from engine.scenario.agreement_report import agreement_json, agreement_lines
from engine.scenario.comparing import run_comparison
from engine.scenario.factory import AskedFor
from engine.scenario.reader import ScenarioFileError
from engine.scenario.replay import ReplayOptions
from studio.cli import FINE, INTERRUPTED, TROUBLE, WRONG_CALL
from studio.printing import counting_progress, open_console, stdout_kept_clean, telling_read, write_report

STYLES = {"!": "red", "≠": "yellow"}


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard replay --compare`."""
    try:
        sides = _sides(arguments)
    except ValueError as error:
        print(f"cuecard: {error}", file=sys.stderr)
        return WRONG_CALL
    missing = next(
        filter(None, (embeddings_fault(side.embeddings, side.host) for side in sides if side.embeddings)), ""
    )
    if missing:
        print(f"cuecard: {missing}", file=sys.stderr)
        return TROUBLE
    try:
        with stdout_kept_clean(arguments.json):
            agreement = _compared(arguments, sides)
            _print(arguments, agreement)
    except ScenarioFileError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return WRONG_CALL
    if arguments.json:
        write_report(arguments.json, json.dumps(agreement_json(agreement), indent=2, ensure_ascii=False) + "\n")
    if agreement.interrupted:
        return INTERRUPTED
    return TROUBLE if agreement.faults else FINE


def _sides(arguments: argparse.Namespace) -> tuple[AskedFor, AskedFor]:
    """Who is compared.

    Raises:
        ValueError: When the call does not say so, or asks for what a comparison does not do.
    """
    for option in ("record", "junit", "reasoner"):
        if getattr(arguments, option):
            raise ValueError(f"--{option} does not go with --compare: leave it out")
    if arguments.processes > 1 or arguments.runs > 1:
        raise ValueError("a comparison plays every case once, in one process: leave -n and --runs out")
    first, second = parse_sides(arguments.compare, arguments.ollama_host)
    usual = arguments.embeddings
    return (
        AskedFor(first.reasoner, first.embeddings or usual, first.host),
        AskedFor(second.reasoner, second.embeddings or usual, second.host),
    )


def _compared(arguments: argparse.Namespace, sides: tuple[AskedFor, AskedFor]) -> Agreement:
    with counting_progress(open_console()) as progress:
        task = progress.add_task("comparing", total=None)
        return run_comparison(
            arguments.paths,
            sides,
            ReplayOptions(name=arguments.name, trusted=arguments.trust),
            lambda planned: progress.update(task, total=planned),
            lambda: progress.advance(task),
            telling_read(progress),
        )


def _print(arguments: argparse.Namespace, agreement: Agreement) -> None:
    if not agreement.cases and not agreement.interrupted:
        print(f"cuecard: no case has {arguments.name!r} in its name or its file's", file=sys.stderr)
    console = open_console()
    for line in agreement_lines(agreement):
        console.print(Text(line, STYLES.get(line[:1], "")))
