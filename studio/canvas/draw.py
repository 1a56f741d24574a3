"""A graph drawn: layers, order, columns, lines."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

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
    with _collector_paused():
        layers = layers_of(graph, options)
        order(layers)
        place(layers)
        straighten(layers)
        drawing = drawing_of(graph, layers, options)
        layers.take_apart()
    return drawing


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking through thousands of new blocks again and again: a third of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
