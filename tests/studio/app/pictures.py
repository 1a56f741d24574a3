"""The pictures of the studio: how each comes about. The tests compare them, `make screenshots` keeps them."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from textual.pilot import Pilot

from studio.app import Opening, StudioApp
from studio.remembered import Remembered

from .conftest import LEXICAL, ROOT, START, settled

Act = Callable[[Pilot[Any]], Awaitable[None]]


@dataclass(frozen=True)
class Picture:
    """One picture.

    Attributes:
        agent: The example agent that is open.
        mode: The mode to begin in.
        act: What is done before the picture is taken.
        size: Columns and rows.
        theme: The theme.
        edit: Pieces of the agent file, each with what stands there instead.
    """

    agent: str
    mode: str
    act: Act
    size: tuple[int, int] = (80, 24)
    theme: str = "cuecard-dark"
    edit: tuple[tuple[str, str], ...] = ()

    def app(self, folder: Path) -> StudioApp:
        """The studio on a copy of the agent in a folder of its own."""
        workspace = folder / self.agent
        shutil.copytree(ROOT / "scenarios" / self.agent, workspace, ignore=shutil.ignore_patterns(".*", "__*"))
        file = workspace / "agent.yaml"
        for before, after in self.edit:
            file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")
        opening = Opening(workspace, trusted=True, start=START, theme=self.theme, mode=self.mode, choice=LEXICAL)
        return StudioApp(opening, Remembered(folder / "state" / "studio.json"))

    async def before(self, pilot: Pilot[Any]) -> None:
        """Bring the screen to what the picture shows."""
        await settled(pilot)
        await self.act(pilot)
        for field in pilot.app.screen.query("TextArea, Input"):
            field.cursor_blink = False  # a picture has the cursor in it, whenever it is taken
        await settled(pilot)


@contextmanager
def steady_clock() -> Iterator[None]:
    """Every turn takes the same time, so that a picture is always the same."""
    with ExitStack() as patches:
        for module in ("engine.turn.live_session", "studio.modes.scenarios.bench"):
            ticks = count()
            clock = SimpleNamespace(perf_counter=lambda ticks=ticks: next(ticks) * 0.006)
            patches.enter_context(patch(f"{module}.time", clock))
        yield


def pressing(*keys: str) -> Act:
    """Press some keys, each after the last has had its effect."""

    async def act(pilot: Pilot[Any]) -> None:
        for key in keys:
            await pilot.press(key)
            await settled(pilot)

    return act


def saying(*texts: str, then: Act | None = None) -> Act:
    """Say some things in the chat."""

    async def act(pilot: Pilot[Any]) -> None:
        for text in texts:
            await pilot.press(*("space" if letter == " " else letter for letter in text), "enter")
            await settled(pilot)
        if then is not None:
            await then(pilot)

    return act


COKE = ("Can I get a coke?", "What? I hate Pepsi, why don't you have coke??")
BOOKING = ("I'd like to book a flight", "no idea, surprise me", "Lisbon then", "the 20th")
RETURN = ("I want to return my boots", "how much is the backpack?", "1234")

PICTURES: dict[str, Picture] = {
    "home": Picture("pizza", "home", pressing()),
    "author": Picture("pizza", "author", pressing("j", "j")),
    "journeys": Picture("travel", "journeys", pressing("l", "j", "j")),
    "map": Picture("pizza", "map", pressing("j")),
    "simulate": Picture("pizza", "simulate", saying(*COKE)),
    "scenarios": Picture("pizza", "scenarios", pressing("a")),
}
"""The pictures that the tests compare: one of every mode."""

FAILING = (("  - handoff_if_upset excludes offer_pepsi\n", ""),)

MORE: dict[str, Picture] = {
    "simulate_wide": Picture("pizza", "simulate", saying(*COKE), (160, 36)),
    "simulate_light": Picture("shop", "simulate", saying(*RETURN), (120, 30), "cuecard-light"),
    "why": Picture("pizza", "simulate", saying(*COKE, then=pressing("tab", "tab", "j", "w")), (100, 30)),
    "journey_running": Picture("travel", "simulate", saying(*BOOKING, then=pressing("f4")), (120, 36)),
    "canvas_travel": Picture("travel", "journeys", pressing("l", "j"), (120, 48)),
    "canvas_running": Picture("travel", "simulate", saying(*BOOKING, then=pressing("f4", "l")), (120, 48)),
    "scenarios_failed": Picture("pizza", "scenarios", pressing("a", "F", "enter"), (120, 30), edit=FAILING),
}
"""More pictures, for the README and for whoever looks."""
