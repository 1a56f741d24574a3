"""Graphs as no author would write them: loops, merges, wide forks, several edges between two, labels in any script."""

from __future__ import annotations

from hypothesis import strategies as st

from studio.canvas.graph import END, START, Edge, Graph, Kind, Node

WORDS = (
    "they", "want", "another", "date", "refuses", "OK", "a_rather_long_tool_name_with_underscores", "Straßenbahn",
    "目的地を", "選ぶ", "航班", "👍", "👩‍👩‍👧", "🇩🇪", "é",
    "שלום", "Donaudampfschifffahrtsgesellschaft", "x", "no", "yes",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
LABELS = st.one_of(st.just(""), TEXTS, TEXTS)


@st.composite
def graphs(draw: st.DrawFn, most: int = 14) -> Graph:
    """A graph of up to so many nodes, mostly along a line so that it is not one knot."""
    count = draw(st.integers(0, most))
    if not count:
        return Graph()
    kinds = st.sampled_from([Kind.CHAT, Kind.CHAT, Kind.TOOL, Kind.FORK, Kind.LINK])
    nodes = [Node(f"state_{number}", draw(TEXTS), draw(kinds)) for number in range(count)]
    if draw(st.booleans()):
        nodes[0] = Node(START, "Start", Kind.START)
    if count > 1 and draw(st.booleans()):
        nodes[-1] = Node(END, "End", Kind.END)
    edges = []
    for source in range(count):
        for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2, 2, 3, 8]))):
            near = st.integers(source - 3, source + 4).map(lambda number: min(max(number, 0), count - 1))
            target = draw(st.one_of(near, st.integers(0, count - 1)))
            edges.append(Edge(source, target, draw(LABELS)))
    return Graph(tuple(nodes), tuple(edges))
