"""The studio on a folder of the test's own, driven by keys."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from engine.choosing import ReasonerChoice
from engine.opening import open_agent
from engine.session.memory import MemoryStore
from engine.turn.warming import warm_up
from studio.app import Opening, StudioApp
from studio.remembered import Remembered

ROOT = Path(__file__).parents[3]
START = datetime(2026, 3, 3, 18, 30)
"""When the test's virtual clock begins, so that pictures are always the same."""

LEXICAL = ReasonerChoice(embeddings="lexical")
"""Who thinks unless a test says otherwise, so that it is the same whatever is installed."""

Studio = Callable[..., AbstractAsyncContextManager[Pilot[Any]]]


@pytest.fixture(autouse=True, scope="session")
def first_turn_loaded() -> None:
    """What the first turn loads is loaded here: in a thread, pytest's rewriting of modules can crash CPython 3.11."""
    engine = open_agent(ROOT / "scenarios" / "pizza", trusted=False, start=START, choice=LEXICAL).engine
    asyncio.run(warm_up(replace(engine, store=MemoryStore(engine.clock))))


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configuration and state lie in the test's own folder."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("EDITOR", raising=False)
    monkeypatch.delenv("VISUAL", raising=False)


@pytest.fixture
def workspace_folder(tmp_path: Path) -> Callable[[str], Path]:
    """Copies one of the example agents, without its sessions."""

    def copy(name: str = "pizza") -> Path:
        folder = tmp_path / name
        shutil.copytree(ROOT / "scenarios" / name, folder, ignore=shutil.ignore_patterns(".*", "__*"))
        return folder

    return copy


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """Starts the studio: `async with studio(folder, mode="author") as pilot`; it is settled when the block begins."""

    @asynccontextmanager
    async def start(
        path: Path | None = None, size: tuple[int, int] = (80, 24), **opening: Any
    ) -> AsyncIterator[Pilot[Any]]:
        values = {"trusted": True, "start": START, "choice": LEXICAL, **opening}
        app = StudioApp(Opening(path, **values), Remembered(tmp_path / "state" / "studio.json"))
        async with app.run_test(size=size) as pilot:
            await settled(pilot)
            yield pilot

    return start


async def settled(pilot: Pilot[Any]) -> None:
    """Wait until nothing that was begun is still under way: workers that end by themselves, and what they changed."""
    await pilot.pause()
    endless = {"watch", "listen"}
    while running := [worker for worker in pilot.app.workers if worker.name not in endless and worker.is_running]:
        await pilot.app.workers.wait_for_complete(running)
        await pilot.pause()
    await pilot.pause()
