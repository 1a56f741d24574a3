"""A journey in DOT, the language of Graphviz; writing it needs no `dot`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import wrap
from typing import TYPE_CHECKING

from engine.agent.export.flow import Flow, Step, Way, flow_of
from engine.agent.model import Journey

if TYPE_CHECKING:
    from graphviz import Digraph

START, END = "start", "end"
"""The nodes where a journey begins and ends; plain names of states all begin otherwise."""

LABEL_WIDTH = 28
"""The most characters in a line of a label; a longer word is broken."""

FONT = "Helvetica, Arial, sans-serif"

SHAPES = {
    "chat": {"shape": "box", "style": "rounded,filled", "fillcolor": "#eef4fb"},
    "tool": {"shape": "component", "style": "filled", "fillcolor": "#fdf3e0"},
    "fork": {"shape": "diamond", "style": "filled", "fillcolor": "#f4f4f4"},
    "link": {"shape": "box", "style": "filled", "fillcolor": "#f1ecfa", "peripheries": "2"},
}
"""What each kind of state looks like."""

MARK = {"label": "", "style": "filled", "fillcolor": "#56606b"}
"""What the beginning and the end look like."""


def as_dot(journey: Journey, titles: Mapping[str, str] | None = None) -> str:
    """Write a journey in DOT.

    Args:
        journey: The journey.
        titles: Titles of other journeys by name, for the states that link them.

    Returns:
        A directed graph, which ends with a line break; the same for the same journey.
    """
    from graphviz import Digraph

    flow = flow_of(journey, titles)
    graph = Digraph("journey")
    graph.attr("graph", label=_label(flow.title), labelloc="t", fontname=FONT, fontsize="16", rankdir="TB")
    graph.attr("node", fontname=FONT, fontsize="12", color="#56606b", margin="0.15,0.08")
    graph.attr("edge", fontname=FONT, fontsize="11", color="#56606b")
    _fill(graph, flow)
    return str(graph.source)


def _fill(graph: Digraph, flow: Flow) -> None:
    """Add the nodes and then the edges, in the order of the file."""
    if flow.steps:
        graph.node(START, tooltip="Start", shape="circle", width="0.2", **MARK)
    for step in flow.steps:
        _add_step(graph, step)
    if any(way.target is None for way in flow.ways):
        graph.node(
            END, label="", tooltip="End", shape="doublecircle", style="filled", fillcolor="#56606b", width="0.15"
        )
    if flow.steps:
        graph.edge(START, flow.steps[0].alias)
    for way in flow.ways:
        _add_way(graph, way)


def _add_step(graph: Digraph, step: Step) -> None:
    graph.node(step.alias, label=_label(step.title), tooltip=_literal(step.name), **SHAPES[step.kind])


def _add_way(graph: Digraph, way: Way) -> None:
    graph.edge(way.source, way.target or END, label=_label(way.label, around=" ") if way.label else None)


def _label(text: str, around: str = "") -> str:
    """A text over as many lines as it needs; what is around each line keeps it off what it stands beside."""
    from graphviz import nohtml

    whole: str = nohtml("\\n".join(f"{around}{_literal(line)}{around}" for line in wrap(text, LABEL_WIDTH)))
    return whole


def _literal(text: str) -> str:
    """A text that Graphviz shows as it is: no escapes, no entities, no markup."""
    from graphviz import escape

    literal: str = escape(re.sub(r"&(?=#?\w+;)", "&amp;", text))
    return literal
