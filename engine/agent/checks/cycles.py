"""Cycles in small directed graphs, without recursion and in a fixed order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

Graph = Mapping[str, Sequence[str]]
"""Each vertex to those it leads to; every vertex is a key."""


def strongly_connected(graph: Graph) -> list[list[str]]:
    """Group the vertices that can reach each other (Tarjan 1972, iteratively).

    Args:
        graph: The graph.

    Returns:
        The groups of two or more vertices, each in the order of the graph, ordered by their first vertex.
    """
    order = {vertex: position for position, vertex in enumerate(graph)}
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    open_vertices: dict[str, None] = {}
    groups: list[list[str]] = []
    for root in graph:
        if root not in number:
            _visit(graph, root, number, low, open_vertices, groups)
    ordered = [sorted(group, key=order.__getitem__) for group in groups if len(group) > 1]
    return sorted(ordered, key=lambda group: order[group[0]])


def _visit(
    graph: Graph,
    root: str,
    number: dict[str, int],
    low: dict[str, int],
    open_vertices: dict[str, None],
    groups: list[list[str]],
) -> None:
    stack: list[tuple[str, Iterator[str]]] = []

    def enter(vertex: str) -> None:
        number[vertex] = low[vertex] = len(number)
        open_vertices[vertex] = None
        stack.append((vertex, iter(graph[vertex])))

    enter(root)
    while stack:
        vertex, following = stack[-1]
        for target in following:
            if target not in number:
                enter(target)
                break
            if target in open_vertices:
                low[vertex] = min(low[vertex], number[target])
        else:
            stack.pop()
            if stack:
                low[stack[-1][0]] = min(low[stack[-1][0]], low[vertex])
            if low[vertex] == number[vertex]:
                groups.append(_close(vertex, open_vertices))


def _close(vertex: str, open_vertices: dict[str, None]) -> list[str]:
    group = []
    while True:
        last, _ = open_vertices.popitem()
        group.append(last)
        if last == vertex:
            return group


def short_cycle(graph: Graph, group: Collection[str], counted: Sequence[str]) -> list[str]:
    """Find a short cycle in a strongly connected group that passes at least two counted vertices.

    Args:
        graph: The graph.
        group: Vertices that can all reach each other.
        counted: Those of the group of which two must be on the cycle; there are at least two.

    Returns:
        The vertices along the cycle, the first one repeated at the end: a shortest one through the first counted
        vertex where that passes two, else a way there and back.
    """
    start, others = counted[0], set(counted[1:])
    ways = _ways(graph, set(group), start)
    for vertex in ways:
        if start in graph[vertex] and others.intersection(way := _walk(ways, vertex)):
            return [*way, start]
    nearest = next(vertex for vertex in ways if vertex in others)
    back = _walk(_ways(graph, set(group), nearest), start)
    return [*_walk(ways, nearest), *back[1:]]


def _ways(graph: Graph, members: Collection[str], start: str) -> dict[str, str]:
    """From where each vertex is first reached, breadth first, in the order in which they are reached."""
    came_from = {start: ""}
    queue = [start]
    for vertex in queue:
        for target in graph[vertex]:
            if target in members and target not in came_from:
                came_from[target] = vertex
                queue.append(target)
    return came_from


def _walk(ways: Mapping[str, str], goal: str) -> list[str]:
    way = [goal]
    while ways[way[-1]]:
        way.append(ways[way[-1]])
    return way[::-1]
