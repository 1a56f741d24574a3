"""All that is known about one thing or one problem, as sections to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from engine.agent.document import AgentDocument, read_file
from engine.agent.errors import AgentFileError, Problem
from engine.session.events import Session
from studio.modes.author.rows import problem_sign
from studio.modes.simulate.kept_sessions import REMOVED
from studio.things.around import links_of
from studio.things.catalog import Entry, Things
from studio.things.describe import describe
from studio.things.lines import Line, Section, Tone
from studio.things.places import source_of
from studio.things.uses import uses
from studio.workspace import Snapshot

AROUND = 3
"""How many lines of the file are shown before and after a problem's."""


def about(
    things: Things, entry: Entry, problems: Sequence[Problem], carried_out: tuple[str, int] | None
) -> tuple[Section, ...]:
    """What is wrong with a thing, what is written about it, and where it is used.

    Args:
        things: The agent.
        entry: The thing.
        problems: Its problems.
        carried_out: The session and turn in which its action was carried out last, if it was.
    """
    sections = [Section("Problems", tuple(_problems(problems)))] if problems else []
    sections += describe(things, entry.key)
    links = links_of(things, entry.key) if entry.kind != "relationship" else ()
    related = tuple(
        Line(link.said, sign=link.glyph, target=link.name) for link in links if link.relationship is not None
    )
    if related:
        sections.append(Section("Relationships", related))
    used = uses(things, entry.key)
    if used:
        sections.append(Section("Used by", used))
    if carried_out is not None:
        session, turn = carried_out
        line = Line(f"in turn {turn} of {session}", target=session, mode="simulate")
        sections.append(Section("Last carried out", (line,)))
    return tuple(sections)


def _problems(problems: Sequence[Problem]) -> Iterator[Line]:
    for problem in problems:
        yield Line(problem.message, sign=problem_sign(problem)[0], tone=_tone(problem))
        yield from _remedy(problem, depth=1)


def _remedy(problem: Problem, depth: int = 0) -> Iterator[Line]:
    if problem.remedy:
        yield Line(problem.remedy, sign="→", depth=depth)
    if problem.fix is not None:
        yield Line("`cuecard check --fix` does this", tone="quiet", depth=depth)


def _tone(problem: Problem) -> Tone:
    return "bad" if problem.severity == "error" else "doubtful"


def about_problem(snapshot: Snapshot, problem: Problem) -> tuple[Section, ...]:
    """A problem of the file as it is now: what, where, what to do, and the lines around it.

    Args:
        snapshot: The workspace.
        problem: The problem.
    """
    sign, _ = problem_sign(problem)
    sections = [Section("What is wrong", (Line(problem.message, sign=sign, tone=_tone(problem)),))]
    remedy = tuple(_remedy(problem))
    if remedy:
        sections.append(Section("What to do", remedy))
    first, lines = lines_around(problem)
    if lines:
        shown = [
            Line(text, str(first + number), sign=sign if first + number == problem.line else " ")
            for number, text in enumerate(lines)
        ]
        sections.append(Section(f"Line {problem.line}, column {problem.column}", tuple(shown)))
    if snapshot.broken:
        said = (
            "Nothing is lost: the agent goes on as it was when its file could be read last."
            if snapshot.agent is not None
            else "The agent can be used once its file can be read."
        )
        sections.append(Section("Meanwhile", (Line(said),)))
    return tuple(sections)


def lines_around(problem: Problem) -> tuple[int, list[str]]:
    """The lines of the file on disk around a problem, and the number of the first; none when it cannot be read."""
    try:
        lines = read_file(Path(problem.file)).splitlines()
    except AgentFileError:
        return 1, []
    first = max(1, problem.line - AROUND)
    return first, lines[first - 1 : problem.line + AROUND]


def written_around(problem: Problem) -> tuple[str, int, dict[int, str]]:
    """The lines around a problem, the number of the first, and the problem's sign by its line."""
    first, lines = lines_around(problem)
    return "\n".join(lines), first, {problem.line: problem_sign(problem)[0]}


def written_thing(
    document: AgentDocument, entry: Entry, problems: Sequence[Problem]
) -> tuple[str, int, dict[int, str]]:
    """A thing's lines in the file, the number of the first, and the signs of problems by their lines."""
    first, text = source_of(document, entry)
    return text, first, {problem.line: problem_sign(problem)[0] for problem in problems}


def carried_out(sessions: Sequence[Session]) -> Mapping[str, tuple[str, int]]:
    """The last session and turn in which each guideline's action was carried out.

    Args:
        sessions: The sessions, oldest first.
    """
    kept = (session for session in sessions if REMOVED not in session.metadata)
    return {name: (session.id, turn) for session in kept for name, turn in session.state.applied.items()}
