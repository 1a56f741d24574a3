"""The canvas on screen, without a terminal: processor time of each step over a journey of 2,000 states."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

from textual.app import App, ComposeResult

from benchmarks.canvas import journey
from benchmarks.measure import Figure, figure
from studio.canvas.graph import graph_of
from studio.canvas.graph_canvas import GraphCanvas
from studio.canvas.lighting import lit

SIZE = (160, 48)
STEPS = 60


class Canvas(App[None]):
    """Nothing but the canvas."""

    def compose(self) -> ComposeResult:
        """The canvas."""
        yield GraphCanvas()


def figures() -> Iterator[Figure]:
    """Panning line by line, moving from state to state, and another current state of the running session."""
    panned, moved, lighted = asyncio.run(_taken())
    yield figure("canvas of 160 × 48: panned by a line over 2,000 states, CPU", panned, "ms", 8)
    yield figure("canvas of 160 × 48: to the state below among 2,000, CPU", moved, "ms", 16)
    yield figure("canvas of 160 × 48: another state of 2,000 lit, CPU", lighted, "ms", 16)


async def _taken() -> tuple[list[float], list[float], list[float]]:
    graph = graph_of(journey(2_000))
    async with Canvas().run_test(size=SIZE) as pilot:
        canvas = pilot.app.query_one(GraphCanvas)
        canvas.show("made up", graph)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        panned, moved, lighted = [], [], []
        for step in range(STEPS):
            panned.append(_drawn(canvas, lambda: canvas.scroll_relative(y=1, animate=False, immediate=True)))
            await pilot.pause()
            moved.append(_drawn(canvas, canvas.action_cursor_down))
            await pilot.pause()
            light = lit(graph, canvas.states[: step + 1], active=True)
            lighted.append(_drawn(canvas, lambda light=light: canvas.light(light)))  # type: ignore[misc]
            await pilot.pause()
    return panned, moved, lighted


def _drawn(canvas: GraphCanvas, change: object) -> float:
    """How many milliseconds of processor time a change takes with every line that is drawn because of it."""
    assert callable(change)
    began = time.process_time()
    change()
    canvas.render_lines(canvas.size.region)
    return 1000 * (time.process_time() - began)
