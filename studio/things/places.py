"""Where things stand in the agent file, and which problems lie there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.agent.document import AgentDocument
from engine.agent.errors import Problem
from studio.things.catalog import THE_AGENT, Entry, Things


@dataclass(frozen=True)
class Span:
    """Lines of a file, counted from 1, both ends included."""

    first: int
    last: int

    def __contains__(self, line: object) -> bool:
        return isinstance(line, int) and self.first <= line <= self.last


def span_of(document: AgentDocument, entry: Entry) -> Span:
    """The lines on which a thing stands; all lines for the agent itself and for tags, which stand nowhere."""
    if not entry.path:
        return Span(1, document.text.count("\n") + 1)
    start = document.key_node(*entry.path).start_mark
    end = document.node(*entry.path).end_mark
    ended_before = end.line > start.line and not document.text[end.index - end.column : end.index].strip()
    return Span(start.line + 1, end.line if ended_before else end.line + 1)


def source_of(document: AgentDocument, entry: Entry) -> tuple[int, str]:
    """A thing as it is written.

    Args:
        document: The agent file.
        entry: The thing.

    Returns:
        Its first line, from 1, and its lines; blank lines and comments that follow it are left out.
    """
    if not entry.path:
        return 1, document.text.replace("\r\n", "\n").rstrip("\n")
    start, end = document.key_node(*entry.path).start_mark, document.node(*entry.path).end_mark
    last = document.text.find("\n", end.index)
    lines = document.text[start.index - start.column : last if last >= 0 else None].splitlines()
    del lines[span_of(document, entry).last - start.line :]
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return start.line + 1, "\n".join(lines)


def problems_by_thing(
    things: Things, document: AgentDocument, problems: Iterable[Problem]
) -> Mapping[str, tuple[Problem, ...]]:
    """Which things have problems.

    A problem counts for every thing whose lines it lies in: for a state and for its journey. What lies in none
    counts for the agent itself.

    Args:
        things: The agent.
        document: The file that both the agent and the problems were read from.
        problems: What is wrong in it.

    Returns:
        The problems by the keys of the things that have some.
    """
    wanted = tuple(problems)
    if not wanted:
        return {}
    spans = {key: span_of(document, entry) for key, entry in things.entries.items() if entry.path}
    found: dict[str, list[Problem]] = {}
    for problem in wanted:
        inside = [key for key, span in spans.items() if problem.line in span]
        for key in inside or [THE_AGENT]:
            found.setdefault(key, []).append(problem)
    return {key: tuple(of_thing) for key, of_thing in found.items()}


def nearest_thing(things: Things, document: AgentDocument, problem: Problem) -> str:
    """The key of the smallest thing that a problem lies in."""
    found = [
        (span.last - span.first, key)
        for key, entry in things.entries.items()
        if entry.path and problem.line in (span := span_of(document, entry))
    ]
    return min(found, key=lambda each: each[0])[1] if found else THE_AGENT
