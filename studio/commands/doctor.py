"""`cuecard doctor`: what is installed, reachable and chosen, how fast, and the one command that mends each thing."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.cli import FINE, TROUBLE
from studio.health.finding import Finding

if TYPE_CHECKING:
    from engine.choosing import ReasonerChoice

INDENT = 13


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard doctor`: 0 when nothing that is needed is wrong, else 3."""
    agent = Path(arguments.agent) if arguments.agent else None
    folder = agent.parent if agent is not None and agent.suffix == ".yaml" else agent
    findings: list[Finding] = []
    for finding in examine(folder, _choice(folder, arguments.ollama_host or ""), arguments.try_model or ""):
        findings.append(finding)
        if not arguments.json:
            print("\n".join(lines(finding)), flush=True)
    if arguments.json:
        print(as_json(findings))
    return FINE if all(finding.fine or not finding.needed for finding in findings) else TROUBLE


def examine(agent: Path | None, choice: ReasonerChoice, tried: str) -> Iterator[Finding]:
    """Look at the machine, who thinks and who compares, the Ollama host, and the folders.

    Args:
        agent: The folder of the agent that all this is for; None for none in particular.
        choice: Who was chosen for it, and where Ollama listens.
        tried: The model that is asked to say one word; empty for none.
    """
    from studio.health import machine, ollama, thinking

    yield from machine.surroundings()
    yield thinking.chosen(choice)
    yield from thinking.embeddings(choice)
    yield from ollama.host(choice, tried)
    yield from machine.outlets()
    yield from machine.folders(agent)


def lines(finding: Finding) -> list[str]:
    """A finding as people read it: one line, and one more for what mends it."""
    found = [f"{finding.mark} {finding.name:<{INDENT - 1}} {finding.found}"]
    if not finding.fine and finding.remedy:
        found.append(f"  {'':<{INDENT - 1}} mend it with: {finding.remedy}")
    return found


def as_json(findings: Sequence[Finding]) -> str:
    """All findings as JSON: a list of objects, in the order in which they are looked at."""
    values = [{**asdict(finding), "seconds": _rounded(finding.seconds)} for finding in findings]
    return json.dumps(values, indent=1, ensure_ascii=False)


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 6)


def _choice(folder: Path | None, host: str) -> ReasonerChoice:
    """Who was chosen for an agent in the studio, with the host that was named here, if one was."""
    from engine.choosing import ReasonerChoice
    from studio.remembered import Remembered

    choice = Remembered().choice_of(folder) if folder is not None else ReasonerChoice()
    return replace(choice, host=host) if host else choice
