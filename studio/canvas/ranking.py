"""Which edges go back, and in which layer each state stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.canvas.graph import Graph


@dataclass(frozen=True, slots=True)
class Walk:
    """What a depth-first walk in the order of the file found.

    Attributes:
        back: For each edge, whether it leads to a state that the walk was still within.
        order: The nodes, each before all that it leads to other than by back edges.
    """

    back: tuple[bool, ...]
    order: tuple[int, ...]


def walk(graph: Graph) -> Walk:
    """Walk depth first from the first node, then from each node not met yet, in the order of the file."""
    leaving = outgoing(graph)
    back = [False] * len(graph.edges)
    state = [0] * len(graph.nodes)  # 0 not met, 1 within, 2 left
    left: list[int] = []
    for root in range(len(graph.nodes)):
        if state[root]:
            continue
        state[root] = 1
        path = [(root, iter(leaving[root]))]
        while path:
            node, edges = path[-1]
            for edge in edges:
                target = graph.edges[edge].target
                if state[target] == 0:
                    state[target] = 1
                    path.append((target, iter(leaving[target])))
                    break
                back[edge] = state[target] == 1 and target != node
            else:
                state[node] = 2
                left.append(node)
                path.pop()
    return Walk(tuple(back), tuple(reversed(left)))


def outgoing(graph: Graph) -> list[list[int]]:
    """For each node the edges that leave it, in the order of the file."""
    leaving: list[list[int]] = [[] for _ in graph.nodes]
    for number, edge in enumerate(graph.edges):
        leaving[edge.source].append(number)
    return leaving


def ranks(count: int, order: Iterable[int], apart: Iterable[tuple[int, int, int]]) -> list[int]:
    """The layer of each node: the longest way to it, so that every edge spans as many layers as it needs.

    Args:
        count: How many nodes there are.
        order: The nodes, each before all that are to be below it.
        apart: Upper node, lower node and the least number of layers between them.

    Returns:
        For each node its layer, from 0. A node that nothing is above stands right above what is below it.
    """
    below: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    led_to = [False] * count
    for upper, lower, length in apart:
        below[upper].append((lower, length))
        led_to[lower] = True
    rank = [0] * count
    order = tuple(order)
    for node in order:
        for lower, length in below[node]:
            rank[lower] = max(rank[lower], rank[node] + length)
    for node in order:
        if node and not led_to[node] and below[node]:
            rank[node] = max(0, min(rank[lower] - length for lower, length in below[node]))
    return rank
