"""What is lit in a drawing while a session runs, and what a search finds: names and numbers, no cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from engine.agent.model import END as THE_END
from studio.canvas.graph import END, START, Graph


@dataclass(frozen=True, slots=True)
class Lit:
    """What differs from the rest.

    Attributes:
        here: The state where the session stands; empty when it stands nowhere.
        visited: The states where it has been before.
        edges: The numbers of the edges along which it went.
    """

    here: str = ""
    visited: frozenset[str] = frozenset()
    edges: frozenset[int] = frozenset()


NOTHING = Lit()


def lit(graph: Graph, path: Sequence[str], *, active: bool) -> Lit:
    """What a session lights up.

    Args:
        graph: The journey.
        path: The states that were visited, oldest first, as a `JourneyPosition` has them.
        active: Whether the journey is under way, so that the last one is where the session stands.

    Returns:
        What is lit; where two edges lead from one state to the next, both are.
    """
    if not path:
        return NOTHING
    names = [START, *(END if name == THE_END else name for name in path)]
    steps = set(pairwise(names))
    edges = frozenset(
        number
        for number, edge in enumerate(graph.edges)
        if (graph.nodes[edge.source].name, graph.nodes[edge.target].name) in steps
    )
    here = names[-1] if active else ""
    return Lit(here, frozenset(names[1:]) - {here}, edges)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        states: The names of the states, in the order of the file.
        edges: The numbers of the edges whose labels have the words; the states they lead to are among `states`.
    """

    states: tuple[str, ...] = ()
    edges: frozenset[int] = frozenset()


def find(graph: Graph, words: str) -> Found:
    """Search the states' names and titles and the edges' labels.

    Args:
        graph: The journey.
        words: All of them have to occur, in any order and case; nothing is found without one.
    """
    wanted = words.casefold().split()
    if not wanted:
        return Found()
    edges = frozenset(number for number, edge in enumerate(graph.edges) if edge.label and _has(edge.label, wanted))
    led_to = {graph.nodes[graph.edges[number].target].name for number in sorted(edges)}
    # A state that a label leads to counts, but not the start and the end, where no cursor stands.
    found = (
        node.name
        for node in graph.nodes
        if node.name not in (START, END) and (node.name in led_to or _has(f"{node.name} {node.title}", wanted))
    )
    return Found(tuple(found), edges)


def _has(text: str, words: Sequence[str]) -> bool:
    text = text.casefold()
    return all(word in text for word in words)
