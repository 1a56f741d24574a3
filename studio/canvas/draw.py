"""A graph drawn: layers, order, columns, lines."""

from __future__ import annotations

from engine.agent.model import Journey
from studio.canvas.drawing import Drawing
from studio.canvas.graph import Graph, graph_of
from studio.canvas.layering import layers_of
from studio.canvas.options import Options
from studio.canvas.ordering import order
from studio.canvas.placing import place
from studio.canvas.routing import drawing_of
from studio.canvas.straightening import straighten


def draw(journey: Journey, options: Options | None = None) -> Drawing:
    """Draw a journey.

    Args:
        journey: The journey.
        options: What the drawing shows; full zoom by default.

    Returns:
        The drawing, the same for the same journey and options.
    """
    return draw_graph(graph_of(journey), options)


def draw_graph(graph: Graph, options: Options | None = None) -> Drawing:
    """Draw any graph; see `draw`."""
    options = options or Options()
    layers = layers_of(graph, options)
    order(layers)
    place(layers)
    straighten(layers)
    return drawing_of(graph, layers, options)
