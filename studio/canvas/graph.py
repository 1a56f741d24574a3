"""What the canvas draws: nodes and edges as a plain value, made from a journey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.agent.model import Journey, State, Transition

START = "(start)"
"""The name of the node where a journey begins; no state can have it."""

END = "(end)"
"""The name of the node that transitions to `end` lead to; no state can have it."""


class Kind(StrEnum):
    """What a node is; each kind has a glyph and a colour of its own."""

    START = "start"
    CHAT = "chat"
    TOOL = "tool"
    FORK = "fork"
    LINK = "link"
    END = "end"


@dataclass(frozen=True, slots=True)
class Node:
    """One state.

    Attributes:
        name: The state's name, by which it is found again.
        title: What its box says, in any script and length.
        kind: What it is.
    """

    name: str
    title: str
    kind: Kind = Kind.CHAT


@dataclass(frozen=True, slots=True)
class Edge:
    """One transition, between positions in `Graph.nodes`; without a label it is direct."""

    source: int
    target: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges in the order of the file, which decides every tie. The first node is where it starts."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()


def graph_of(journey: Journey, titles: Mapping[str, str] | None = None) -> Graph:
    """The graph of a journey: its states between a start and, where one is needed, an end.

    A chat state without transitions is an end by itself; any other state without, and every transition to `end`,
    leads to the end node. Transitions to states that are not there are left out.

    Args:
        journey: The journey to draw.
        titles: Titles of other journeys by name, for the states that link them.

    Returns:
        The graph; empty for a journey without states.
    """
    if not journey.states:
        return Graph()
    nodes = [Node(START, "Start", Kind.START), *(_node(state, titles or {}) for state in journey.states)]
    number = {node.name: position for position, node in enumerate(nodes)}
    number[END] = len(nodes)
    edges = [Edge(0, 1)]
    for state in journey.states:
        ways = [(_target(way), way.condition or "") for way in _ways(state)]
        edges += [Edge(number[state.name], number[to], label) for to, label in ways if to in number]
    if any(edge.target == number[END] for edge in edges):
        nodes.append(Node(END, "End", Kind.END))
    return Graph(tuple(nodes), tuple(edges))


def _ways(state: State) -> tuple[Transition, ...]:
    if state.next or state.kind == "chat":
        return state.next
    return (Transition(to="end"),)


def _target(way: Transition) -> str:
    return END if way.ends else way.to


def _node(state: State, titles: Mapping[str, str]) -> Node:
    if state.tool is not None:
        return Node(state.name, state.tool, Kind.TOOL)
    if state.journey is not None:
        return Node(state.name, titles.get(state.journey) or state.journey, Kind.LINK)
    if state.chat is None:
        return Node(state.name, state.name.replace("_", " ").capitalize(), Kind.FORK)
    return Node(state.name, state.chat, Kind.CHAT if state.next else Kind.END)
