"""A conversation of 1,000 messages opened in Simulate, beside Textual's own RichLog with the same lines."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from textual.app import App, ComposeResult
from textual.widgets import RichLog

from benchmarks.measure import Figure, figure
from engine.session.clock import RealClock
from engine.session.events import EventKind, EventSource
from engine.session.tiny import TinyStore

PIZZA = Path(__file__).parent.parent / "scenarios" / "pizza"
MESSAGES = 1_000
RUNS = 5
TEXT = "message {number}: a large margherita with olives and a bottle of water, please, for delivery to 5 Elm Street"


def figures() -> Iterator[Figure]:
    """From asking for the session until its end has been drawn."""
    with tempfile.TemporaryDirectory() as folder:
        agent = Path(folder, "pizza")
        shutil.copytree(PIZZA, agent, ignore=shutil.ignore_patterns(".*", "__*"))
        session = asyncio.run(_written(agent))
        taken = asyncio.run(_opened(agent, session))
    floor = f"the same lines in a RichLog {1000 * median(asyncio.run(_bare())):.0f} ms"
    yield figure("studio: 1,000-message chat opens", [1000 * each for each in taken], "ms", 150, floor=floor)


async def _written(agent: Path) -> str:
    """Write the session down; say what it is called."""
    clock = RealClock()
    store = TinyStore(agent / ".cuecard", clock)
    session = await store.create_session("pizza", title="long")
    for number in range(MESSAGES):
        source = EventSource.AI_AGENT if number % 2 else EventSource.CUSTOMER
        data = {"message": TEXT.format(number=number), "participant": {"id": "x", "display_name": "x"}}
        trace_id = f"{session.id}-t{number // 2 + 1}"
        await store.append_event(session.id, source, EventKind.MESSAGE, data, trace_id=trace_id)
    await store.close()
    await clock.close()
    return session.id


async def _opened(agent: Path, session: str) -> list[float]:
    from studio.app import Opening, StudioApp
    from studio.modes.simulate.screen import SimulateScreen
    from studio.remembered import Remembered

    app = StudioApp(Opening(agent, trusted=True), Remembered(agent / "studio.json"))
    taken = []
    async with app.run_test(size=(100, 30)) as pilot:
        while not isinstance(app.screen, SimulateScreen):
            await pilot.pause()
        screen = app.screen
        for run in range(RUNS + 1):
            screen.show("new")
            await pilot.pause(0.3)
            began = time.perf_counter()
            screen.show(session)
            while f"message {MESSAGES - 1}:" not in _seen(screen.transcript):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0)
            if run:
                taken.append(time.perf_counter() - began)
    return taken


def _seen(transcript: object) -> str:
    """What the transcript draws now."""
    from studio.modes.simulate.transcript import Transcript

    assert isinstance(transcript, Transcript)
    return " ".join(transcript.render_line(y).text for y in range(transcript.size.height))


async def _bare() -> list[float]:
    class Bare(App[None]):
        def compose(self) -> ComposeResult:
            yield RichLog(wrap=True)

    app = Bare()
    taken = []
    async with app.run_test(size=(100, 30)) as pilot:
        log = app.query_one(RichLog)
        for _ in range(RUNS):
            log.clear()
            await pilot.pause()
            began = time.perf_counter()
            for number in range(MESSAGES):
                log.write(TEXT.format(number=number))
            await asyncio.sleep(0)
            taken.append(time.perf_counter() - began)
    return taken
