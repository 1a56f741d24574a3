"""What becomes of each edge: onwards, back, a loop, or a name instead of a line where the target is too far away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from studio.canvas.blocks import label_lines
from studio.canvas.graph import Graph
from studio.canvas.options import Options, Zoom
from studio.canvas.ranking import ranks, walk
from studio.canvas.wrapping import shortened

MOST_BENDS = 120_000
"""With more bends the farthest edges are not drawn as lines: nobody could follow them, and it would take minutes."""


class Course(Enum):
    """Where an edge goes."""

    ON = "on"
    BACK = "back"
    LOOP = "loop"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a graph before anything has a place.

    Attributes:
        courses: Where each edge goes.
        texts: What the label of each edge says; empty without one.
        alone: For each edge, whether nothing else leaves its source in its direction.
        apart: For each edge, whether it needs a bend of its own, between a source and a target of several.
        ranks: The layer of each node.
        depth: How many layers there are.
    """

    courses: list[Course]
    texts: list[tuple[str, ...]]
    alone: list[bool]
    apart: list[bool]
    ranks: list[int]
    depth: int


def plan(graph: Graph, options: Options) -> Plan:
    """Plan the courses of a graph's edges and the layers of its nodes."""
    walked = walk(graph)
    courses = [
        Course.LOOP if edge.source == edge.target else Course.BACK if back else Course.ON
        for edge, back in zip(graph.edges, walked.back, strict=True)
    ]
    texts = [label_lines(edge.label, options) for edge in graph.edges]
    planned = _plan(graph, courses, texts, walked.order)
    far = _too_far(graph, planned)
    if far:
        for number in far:
            courses[number] = Course.FAR
            title = graph.nodes[graph.edges[number].target].title
            name = "→" if options.zoom is Zoom.MAP else "→ " + shortened(title, options.words_width - 2)
            texts[number] = (*texts[number], name)
        planned = _plan(graph, courses, texts, walked.order)
    return planned


def _plan(graph: Graph, courses: list[Course], texts: list[tuple[str, ...]], order: Iterable[int]) -> Plan:
    leaving: Counter[tuple[int, bool]] = Counter()
    coming: Counter[tuple[int, bool]] = Counter()
    for edge, course in zip(graph.edges, courses, strict=True):
        if course is not Course.LOOP:
            leaving[edge.source, course is Course.BACK] += 1
            coming[edge.target, course is Course.BACK] += course is not Course.FAR
    alone, apart, between = [], [], []
    for edge, course, text in zip(graph.edges, courses, texts, strict=True):
        back = course is Course.BACK
        alone.append(leaving[edge.source, back] == 1)
        apart.append(not (text or course is Course.LOOP or alone[-1]) and coming[edge.target, back] > 1)
        upper, lower = (edge.target, edge.source) if back else (edge.source, edge.target)
        if course in (Course.ON, Course.BACK):
            between.append((upper, lower, 2 if text or apart[-1] else 1))
    rank = ranks(len(graph.nodes), order, between)
    ends = [rank[edge.source] + 1 for edge, course in zip(graph.edges, courses, strict=True) if course is Course.FAR]
    return Plan(courses, texts, alone, apart, rank, max([*rank, *ends], default=-1) + 1)


def _too_far(graph: Graph, planned: Plan) -> list[int]:
    """The edges that span more layers than all can, if there are to be no more than `MOST_BENDS`."""
    spans = [abs(planned.ranks[edge.source] - planned.ranks[edge.target]) for edge in graph.edges]
    most = max(spans, default=0)
    while most and _bends(graph, planned.courses, spans, most) > MOST_BENDS:
        most = most * 3 // 4
    return [number for number, span in enumerate(spans) if span > most]


def _bends(graph: Graph, courses: list[Course], spans: list[int], most: int) -> int:
    """About how many bends there are when no edge spans more layers than some."""
    longest: dict[tuple[int, Course], int] = {}
    for edge, course, span in zip(graph.edges, courses, spans, strict=True):
        if span <= most and span - 1 > longest.get((edge.target, course), 0):
            longest[edge.target, course] = span - 1
    return sum(longest.values())
