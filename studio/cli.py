"""The command `cuecard`: reads its arguments and hands over to the command's own module, loaded only then."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from engine import __version__

EXAMPLES = """\
examples:
  cuecard scenarios/pizza                   open the studio on an agent
  cuecard chat scenarios/pizza --why        talk without the studio, and see every decision
  printf 'hi\\n' | cuecard chat DIR --why    the same in a pipe
  cuecard chat DIR --reasoner ollama:NAME    let a local model think
  cuecard replay scenarios                  run every scenario below a folder
  cuecard replay -k coke --junit out.xml    run some, and write a report for CI
  cuecard check DIR                         find what is wrong in an agent file
  cuecard new my_agent                      begin an agent of your own
  cuecard export journey DIR NAME -o a.svg  draw a journey for people without the studio

exit codes:
  0 fine · 1 behaviour failed · 2 a file, an agent or the call is wrong · 3 stale, or trouble with the surroundings
  4 inconclusive (nothing was judged, or flaky) · 130 interrupted
"""

MODES = ("home", "author", "journeys", "map", "simulate", "scenarios")

DIAGRAMS = ("mermaid", "dot", "svg", "png", "pdf", "text")

FINE, WRONG_CALL, TROUBLE, INTERRUPTED = 0, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: The command line without the program's name; `sys.argv` when None.

    Returns:
        The exit code, as `cuecard --help` lists them.
    """
    _open_closed_streams()
    # Sentences are too short to be worth two threads, which would wait for each other and for the screen.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    parser = build_parser()
    chosen = parser.parse_args(_with_command(sys.argv[1:] if arguments is None else arguments))
    if not hasattr(chosen, "module"):
        parser.print_help()
        return FINE
    run: Callable[[argparse.Namespace], int] = import_module(f"studio.commands.{chosen.module}").run
    return _guarded(run, chosen)


def _with_command(arguments: Sequence[str]) -> list[str]:
    """`cuecard` alone in a terminal, and `cuecard DIR`, open the studio."""
    if not arguments and sys.stdin.isatty() and sys.stdout.isatty():
        return ["open"]
    first = arguments[0] if arguments else ""
    names_agent = "/" in first or Path(first, "agent.yaml").is_file() or first.endswith(".yaml")
    return ["open", *arguments] if first and not first.startswith("-") and names_agent else list(arguments)


def _open_closed_streams() -> None:
    """Where a stream was closed before we began (`<&-`), read nothing and write to nobody."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open as long as we run


def _guarded(run: Callable[[argparse.Namespace], int], chosen: argparse.Namespace) -> int:
    """Run a command; whatever a user can cause ends in one clear line, never in a traceback."""
    try:
        return run(chosen)
    except KeyboardInterrupt:
        if sys.stdout.isatty():
            print()
        return INTERRUPTED
    except BrokenPipeError:
        _silence_stdout()
        return FINE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        print(f"cuecard: {place}{error.strerror or error}", file=sys.stderr)
        return TROUBLE
    except MemoryError:
        print("cuecard: there is not enough memory for this", file=sys.stderr)
        return TROUBLE
    except Exception as error:
        raise SystemExit(_defect(error)) from error


def _defect(error: Exception) -> int:
    """Say in one line that this program is wrong, and where the details for a report are kept."""
    from studio.defects import written_down

    for line in written_down(error):
        print(line, file=sys.stderr)
    return TROUBLE


def _silence_stdout() -> None:
    """Whoever read our output has gone; keep Python from complaining about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, for parsing, help and completions."""
    parser = argparse.ArgumentParser(
        prog="cuecard",
        description="Design customer-facing AI agents: write them, talk to them, see why, replay.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"cuecard {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in (_open, _chat, _replay, _check, _schema, _new, _export, _trust, _models, _doctor, _completions):
        add(commands)
    return parser


Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(commands: Commands, name: str, summary: str, examples: str = "") -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"examples:\n{examples}" if examples else None,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(module=name)
    return command


def _agent_argument(command: argparse.ArgumentParser, **more: str) -> None:
    command.add_argument("agent", metavar="DIR", help="the agent's folder, or its agent.yaml", **more)  # type: ignore[arg-type]


def _reasoner_arguments(command: argparse.ArgumentParser, reasoners: str, otherwise: str) -> None:
    """Who thinks and who compares; what is not given is empty."""
    command.add_argument("--reasoner", default="", metavar="NAME", help=f"who does the thinking: {reasoners}")
    command.add_argument(
        "--embeddings",
        default="",
        metavar="NAME",
        help=f"who compares meanings: auto, lexical, minilm or ollama:NAME {otherwise}",
    )
    command.add_argument("--ollama-host", default="", metavar="URL", help="where Ollama listens (OLLAMA_HOST)")


def _count(written: str) -> int:
    """A number of things that there is at least one of."""
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError(f"{written!r} is no number of them; write 1 or more")
    return int(written)


def _open(commands: Commands) -> None:
    command = _command(
        commands,
        "open",
        "open the studio; `cuecard DIR` does the same",
        "  cuecard                     the studio, at Home\n  cuecard scenarios/pizza     the studio, with this agent",
    )
    command.add_argument("agent", nargs="?", metavar="DIR", help="the agent's folder, or its agent.yaml")
    command.add_argument("--mode", choices=MODES, help="the mode to begin in")
    command.add_argument("--theme", metavar="NAME", help="e.g. cuecard-light, ansi-dark, nord")
    command.add_argument("--ascii", action="store_true", help="draw with ASCII characters only")
    command.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    command.add_argument("--clock", metavar="TIME", help="virtual time, beginning here, e.g. '2026-03-02 09:00'")
    command.add_argument("--trust", action="store_true", help="let the agent's own code run, this time")
    _reasoner_arguments(command, "embedded or ollama:NAME", "(as last chosen there, at first auto)")


def _chat(commands: Commands) -> None:
    command = _command(
        commands,
        "chat",
        "talk to an agent in the terminal",
        "  cuecard chat scenarios/pizza --why\n  cuecard chat DIR --session session-3\n"
        "  cuecard chat DIR --clock '2026-03-02 09:00'   then /wait 20m lets time pass",
    )
    _agent_argument(command)
    command.add_argument("--why", action="store_true", help="print the decisions of each turn")
    command.add_argument("--all", action="store_true", help="with --why: everything that lost, not only the nearest")
    command.add_argument("--session", metavar="ID", help="go on with an earlier session")
    command.add_argument("--customer", metavar="NAME", help="talk as this customer of the agent file")
    command.add_argument("--clock", metavar="TIME", help="virtual time, beginning here, e.g. '2026-03-02 09:00'")
    command.add_argument("--trust", action="store_true", help="let the agent's own code run, this time")
    _reasoner_arguments(command, "embedded or ollama:NAME", "(auto)")


def _replay(commands: Commands) -> None:
    command = _command(
        commands,
        "replay",
        "replay scenario files and say what changed and why",
        "  cuecard replay scenarios\n  cuecard replay scenarios/pizza -k coke\n"
        "  cuecard replay scenarios -n 2 --junit report.xml\n"
        "  cuecard replay FILE --reasoner ollama:llama3.2 --record missing   then, without a server:\n"
        "  cuecard replay FILE --reasoner recorded\n"
        "  cuecard replay scenarios --compare embedded,ollama:llama3.2   how often they decide alike\n"
        "  cuecard replay scenarios --compare embedded/lexical,embedded/minilm",
    )
    command.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="scenario files or folders (here)")
    command.add_argument("-k", dest="name", default="", metavar="NAME", help="only cases with this in file or name")
    command.add_argument(
        "-n", dest="processes", type=_count, default=1, metavar="N", help="share the work among N processes"
    )
    command.add_argument("--runs", type=_count, default=1, metavar="N", help="play each case N times")
    _reasoner_arguments(command, "embedded, ollama:NAME or recorded (as the scenarios say)", "(as the scenarios say)")
    command.add_argument(
        "--record",
        choices=["missing", "stale", "all"],
        help="keep what an Ollama model answers beside the scenarios: what is not there yet, also what is no longer "
        "right, or everything anew",
    )
    command.add_argument(
        "--compare",
        metavar="A,B",
        help="say how often two reasoners agree: each as for --reasoner, /EMBEDDINGS behind it where they matter; the "
        "first (or the recorded one) leads the conversation, and the other takes each turn with the same history",
    )
    command.add_argument("--fail-fast", action="store_true", help="stop at the first case that does not pass")
    command.add_argument("--json", metavar="FILE", help="write the results as JSON (- for standard output)")
    command.add_argument("--junit", metavar="FILE", help="write a JUnit report")
    command.add_argument("--trust", action="store_true", help="let the agents' own code run, this time")
    command.add_argument("-q", "--quiet", action="store_true", help="only what did not pass, and the summary")


def _check(commands: Commands) -> None:
    command = _command(commands, "check", "find what is wrong in agent files", "  cuecard check scenarios/pizza --fix")
    command.add_argument("agents", nargs="+", metavar="DIR", help="agent folders, or folders that hold some")
    command.add_argument("--fix", action="store_true", help="apply the remedies that need no decision")
    command.add_argument("--json", action="store_true", help="print the problems as JSON")


def _schema(commands: Commands) -> None:
    command = _command(
        commands, "schema", "print the JSON Schema of a kind of file", "  cuecard schema agent > agent.schema.json"
    )
    command.add_argument("kind", choices=["agent", "scenario"], help="which file")


def _new(commands: Commands) -> None:
    command = _command(commands, "new", "begin an agent of your own", "  cuecard new my_agent --mode strict")
    command.add_argument("folder", metavar="DIR", help="the folder to make")
    command.add_argument("--name", help="what the agent is called (from the folder's name)")
    command.add_argument(
        "--mode",
        choices=["fluid", "composited", "strict"],
        help="how freely it words its messages (asked when missing)",
    )


def _export(commands: Commands) -> None:
    command = _command(commands, "export", "write journeys as diagrams for other programs")
    journey = command.add_subparsers(title="what to export", metavar="WHAT", required=True).add_parser(
        "journey",
        help="a journey as Mermaid, DOT, picture or text",
        description="Write a journey as a diagram: on standard output, or into a file, which is replaced.",
        epilog="examples:\n  cuecard export journey scenarios/travel book_flight\n"
        "  cuecard export journey scenarios/travel book_flight -o flight.svg\n"
        "  cuecard export journey scenarios/travel --all --format png -o pictures",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    journey.add_argument("agent", nargs="?", metavar="DIR", help="the agent's folder, or its agent.yaml (here)")
    journey.add_argument("name", nargs="?", metavar="NAME", help="which journey; not needed where there is only one")
    journey.add_argument("--format", choices=DIAGRAMS, help="what to write (as FILE is called, else mermaid)")
    journey.add_argument("-o", dest="output", metavar="FILE", help="the file to write, or with --all the folder")
    journey.add_argument("--all", action="store_true", help="every journey, into a folder")
    journey.add_argument("--zoom", choices=["full", "compact"], help="for text: every word, or one line a state")
    journey.add_argument("--ascii", action="store_true", help="for text: draw with ASCII characters only")


def _trust(commands: Commands) -> None:
    command = _command(commands, "trust", "let the code beside an agent run on this machine")
    _agent_argument(command)


def _models(commands: Commands) -> None:
    command = _command(
        commands,
        "models",
        "say which embeddings are installed, and install one",
        "  cuecard models\n  cuecard models add minilm",
    )
    command.add_argument("action", nargs="?", choices=["list", "add"], default="list", help="what to do (list)")
    command.add_argument("name", nargs="?", choices=["minilm"], default="minilm", help="what to add (minilm)")


def _doctor(commands: Commands) -> None:
    command = _command(
        commands,
        "doctor",
        "say what is installed, reachable, chosen and how fast, and how to mend what is missing",
        "  cuecard doctor\n  cuecard doctor scenarios/pizza --try qwen3:8b   the model is asked to say one word",
    )
    command.add_argument("agent", nargs="?", metavar="DIR", help="an agent's folder: who was chosen to think for it")
    command.add_argument("--ollama-host", default="", metavar="URL", help="where Ollama listens (OLLAMA_HOST)")
    command.add_argument("--try", dest="try_model", default="", metavar="MODEL", help="time a tiny call of this model")
    command.add_argument("--json", action="store_true", help="print the findings as JSON")


def _completions(commands: Commands) -> None:
    command = _command(
        commands, "completions", "print shell completions", "  cuecard completions bash > ~/.bash_completion.d/cuecard"
    )
    command.add_argument("shell", choices=["bash", "zsh", "tcsh"], help="which shell")


if __name__ == "__main__":
    sys.exit(main())
