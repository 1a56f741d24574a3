"""`cuecard replay [PATHS]`: replay scenarios with progress, say why what failed failed, write reports."""

from __future__ import annotations

import argparse
import json
import signal
import sys

from rich.console import Console
from rich.text import Text

from engine.choosing import Kind, embeddings_fault, written_fault
from engine.scenario.factory import AskedFor
from engine.scenario.formats import to_json, to_junit
from engine.scenario.reader import ScenarioFileError
from engine.scenario.replay import Replay, ReplayOptions, run_replay
from engine.scenario.report import failure_lines, reasoner_line, result_line, summary_line
from engine.scenario.results import CaseResult
from studio.cli import TROUBLE, WRONG_CALL
from studio.printing import counting_progress, open_console, stdout_kept_clean, telling_read, write_report

STYLES = {
    "passed": "green",
    "failed": "red",
    "error": "red",
    "flaky": "yellow",
    "stale": "yellow",
    "unjudged": "yellow",
}


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard replay`; what `--compare` asks for is a command of its own."""
    if arguments.compare:
        from studio.commands.compare import run as compare

        return compare(arguments)
    fault = _asked_fault(arguments)
    missing = embeddings_fault(arguments.embeddings) if arguments.embeddings and fault is None else None
    if fault or missing:
        print(f"cuecard: {fault or missing}", file=sys.stderr)
        return WRONG_CALL if fault else TROUBLE
    with stdout_kept_clean(arguments.json, arguments.junit):
        replay = _replayed(arguments)
    if replay is None:
        return WRONG_CALL
    _write_reports(arguments, replay)
    return replay.summary.exit_code


def _asked_fault(arguments: argparse.Namespace) -> str | None:
    """What is wrong with who is asked for, in one line; whether they are there is seen when cases ask them."""
    if arguments.record and arguments.processes > 1:
        return "--record writes files that the cases share: leave -n out"
    asked: tuple[tuple[Kind, str], ...] = (("reasoner", arguments.reasoner), ("embeddings", arguments.embeddings))
    faults = (written_fault(kind, written) for kind, written in asked if written)
    return next((". ".join(fault) for fault in faults if fault is not None), None)


def _replayed(arguments: argparse.Namespace) -> Replay | None:
    """Replay and print what came out; None when a file is wrong, which is said, too."""
    console = open_console()
    options = ReplayOptions(
        name=arguments.name,
        runs=arguments.runs,
        processes=arguments.processes,
        fail_fast=arguments.fail_fast,
        trusted=arguments.trust,
        record=arguments.record,
        asked=AskedFor(arguments.reasoner, arguments.embeddings, arguments.ollama_host),
    )
    try:
        replay = _with_progress(arguments, options, console)
    except ScenarioFileError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return None
    if replay.summary.interrupted:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the report of what ran is not interrupted, too
    if not replay.summary.planned:
        print(f"cuecard: no case has {arguments.name!r} in its name or its file's", file=sys.stderr)
    if arguments.record and replay.results and not replay.summary.model_calls:
        print(
            "cuecard: nothing was recorded: no model was asked; name one with --reasoner ollama:NAME", file=sys.stderr
        )
    for line in (reasoner_line(replay.results, replay.summary), summary_line(replay.summary)):
        if line:
            console.print(Text(line, "bold"))
    return replay


def _with_progress(arguments: argparse.Namespace, options: ReplayOptions, console: Console) -> Replay:
    progress = counting_progress(console)
    with progress:
        task = progress.add_task("replaying", total=None)

        def on_result(result: CaseResult) -> None:
            progress.advance(task)
            if result.verdict != "passed" or not arguments.quiet:
                progress.console.print(Text(result_line(result), STYLES[result.verdict]))
            for line in failure_lines(result):
                progress.console.print(Text(line))

        def on_planned(planned: int) -> None:
            progress.update(task, total=planned)

        return run_replay(arguments.paths, options, on_planned, on_result, telling_read(progress))


def _write_reports(arguments: argparse.Namespace, replay: Replay) -> None:
    if arguments.json:
        text = json.dumps(to_json(replay.results, replay.summary), indent=2, ensure_ascii=False) + "\n"
        write_report(arguments.json, text)
    if arguments.junit:
        write_report(arguments.junit, to_junit(replay.results, replay.summary))
