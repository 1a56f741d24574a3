"""`cuecard export journey DIR NAME`: a journey as Mermaid, DOT, SVG, PNG, PDF or text."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.agent.document import AGENT_FILE
from engine.agent.errors import AgentFileError, nearest
from engine.agent.loading import load_agent
from engine.agent.model import Agent, Journey
from studio.cli import DIAGRAMS, FINE, TROUBLE, WRONG_CALL
from studio.diagrams import BINARY, DiagramError, Looks, drawn

ENDINGS = {"mermaid": ".mmd", "dot": ".dot", "svg": ".svg", "png": ".png", "pdf": ".pdf", "text": ".txt"}
"""How the file of each format ends."""

FORMATS = {ending: name for name, ending in ENDINGS.items()} | {".mermaid": "mermaid", ".gv": "dot"}
"""The format that a file's ending asks for."""


class WrongCall(Exception):
    """The command line asks for something that cannot be; one line says what."""


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for.

    Attributes:
        folder: The agent's folder or file.
        name: The journey; empty where none is named.
        everything: Whether all journeys are wanted.
        format: One of `DIAGRAMS`.
        output: The file or folder to write; None for standard output.
        looks: How text is drawn.
    """

    folder: Path
    name: str
    everything: bool
    format: str
    output: Path | None
    looks: Looks


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard export`."""
    try:
        wanted = _wanted(arguments)
        agent = load_agent(wanted.folder).agent
        journeys = agent.journeys if wanted.everything else (_journey(agent, wanted),)
        if not journeys:
            raise WrongCall(f"{agent.name} has no journeys")
        titles = {journey.name: journey.title for journey in agent.journeys}
        diagrams = [drawn(journey, titles, wanted.format, wanted.looks) for journey in journeys]
    except AgentFileError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return WRONG_CALL
    except (WrongCall, DiagramError) as error:
        print(f"cuecard: {error}", file=sys.stderr)
        return TROUBLE if isinstance(error, DiagramError) else WRONG_CALL
    _write(wanted, journeys, diagrams)
    return FINE


def _wanted(arguments: argparse.Namespace) -> Wanted:
    folder, name = _folder_and_name(arguments)
    output = Path(arguments.output) if arguments.output not in (None, "-") else None
    if arguments.all and name:
        raise WrongCall(f"{name} or --all, not both")
    if arguments.all and output is None:
        raise WrongCall("--all needs a folder to write into: -o FOLDER")
    looks = Looks(arguments.zoom or "full", arguments.ascii)
    chosen = arguments.format or _format_of(None if arguments.all else output, arguments)
    if chosen != "text" and (arguments.zoom or arguments.ascii):
        raise WrongCall(f"--zoom and --ascii are for --format text, not for {chosen}")
    if chosen in BINARY and output is None and sys.stdout.isatty():
        raise WrongCall(f"a terminal cannot show {chosen}; name a file: -o {name or 'journey'}{ENDINGS[chosen]}")
    return Wanted(folder, name, arguments.all, chosen, output, looks)


def _folder_and_name(arguments: argparse.Namespace) -> tuple[Path, str]:
    """What is the agent and what the journey; both may be left out, and be written in either order."""
    words = [word for word in (arguments.agent, arguments.name) if word is not None]
    if len(words) == 2:
        folder, name = words if _is_agent(words[0]) or not _is_agent(words[1]) else reversed(words)
        return Path(folder), name
    if not words:
        return Path(), ""
    word = words[0]
    if arguments.all or _is_agent(word) or "/" in word:
        return Path(word), ""
    if not _is_agent("."):
        if Path(word).is_dir():
            return Path(word), ""
        raise WrongCall(f"there is no {AGENT_FILE} here; name the agent's folder: cuecard export journey DIR {word}")
    return Path(), word


def _is_agent(word: str) -> bool:
    path = Path(word)
    return path.suffix == ".yaml" or (path / AGENT_FILE).is_file()


def _format_of(output: Path | None, arguments: argparse.Namespace) -> str:
    """The format that nobody named: that of the file, of `--ascii` and `--zoom`, or Mermaid."""
    ending = output.suffix.lower() if output is not None and not output.is_dir() else ""
    if ending and ending not in FORMATS:
        known = ", ".join(DIAGRAMS)
        raise WrongCall(f"{output}: no format goes with {ending}; name one with --format: {known}")
    if not ending and (arguments.zoom or arguments.ascii):
        return "text"
    return FORMATS.get(ending, "mermaid")


def _journey(agent: Agent, wanted: Wanted) -> Journey:
    names = [journey.name for journey in agent.journeys]
    if not names:
        raise WrongCall(f"{agent.name} has no journeys")
    if not wanted.name and len(names) > 1:
        raise WrongCall(f"which journey? {agent.name} has {', '.join(names)}; --all -o FOLDER writes them all")
    name = wanted.name or names[0]
    found = next((journey for journey in agent.journeys if journey.name == name), None)
    if found is not None:
        return found
    near = nearest(name, names)
    more = f"did you mean {near}?" if near else f"it has {', '.join(names)}"
    raise WrongCall(f"{agent.name} has no journey {name}; {more}")


def _write(wanted: Wanted, journeys: Sequence[Journey], diagrams: Sequence[bytes]) -> None:
    """Write to standard output, a file or a folder; files that are there are replaced."""
    if wanted.output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(b"".join(diagrams))
        sys.stdout.buffer.flush()
        return
    if wanted.everything:
        wanted.output.mkdir(parents=True, exist_ok=True)
    inside = wanted.output.is_dir()
    for journey, diagram in zip(journeys, diagrams, strict=True):
        file = wanted.output / f"{journey.name}{ENDINGS[wanted.format]}" if inside else wanted.output
        file.write_bytes(diagram)
        print(f"wrote {file}")
