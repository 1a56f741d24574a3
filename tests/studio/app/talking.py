"""What the tests of Simulate share: saying things, looking at what is there, a reasoner that waits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from textual.pilot import Pilot

from engine.reasoner.base import Condition, Judgement
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from engine.session.events import Event
from studio.modes.simulate.conversation import Who
from studio.modes.simulate.screen import SimulateScreen, _Rehearsal

from .conftest import settled


def simulate(pilot: Pilot[Any]) -> SimulateScreen:
    """The screen of Simulate."""
    screen = pilot.app.mode_screen
    assert isinstance(screen, SimulateScreen)
    return screen


async def say(pilot: Pilot[Any], text: str) -> None:
    """Type something, say it, and wait for the answer."""
    await type_in(pilot, text)
    await settled(pilot)


async def type_in(pilot: Pilot[Any], text: str) -> None:
    """Type something and press enter."""
    await pilot.press(*text, "enter")


async def events(pilot: Pilot[Any]) -> list[Event]:
    """What the store has of the conversation that goes on."""
    screen = simulate(pilot)
    return await screen.conversation.engine.store.list_events(screen.conversation.id)


def told(pilot: Pilot[Any]) -> list[tuple[str, str]]:
    """What the transcript shows: who, and what."""
    return [(entry.label, entry.text) for entry in simulate(pilot).conversation.script.entries]


def lines(pilot: Pilot[Any]) -> list[str]:
    """The lines of the transcript as they are drawn."""
    transcript = simulate(pilot).transcript
    return [transcript.render_line(y).text.rstrip() for y in range(transcript.size.height)]


def said(pilot: Pilot[Any]) -> str:
    """What stands above the composer; empty when nothing does."""
    line = simulate(pilot).typing.query_one("#said")
    return str(line.render()) if line.display else ""


class Waiting(EmbeddedReasoner):
    """Judges only once its gate is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        """Wait, then judge."""
        await self.gate.wait()
        return await super().match(conditions, conversation)


class Failing(EmbeddedReasoner):
    """Cannot judge while it is broken."""

    broken = True

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        """Fail while broken."""
        if self.broken:
            raise OSError("the model is gone")
        return await super().match(conditions, conversation)


def without_rehearsal(pilot: Pilot[Any]) -> None:
    """Have the agent as it is now count as rehearsed."""
    rehearsal = _Rehearsal(pilot.app.workspace.engine)
    rehearsal.over.set()
    simulate(pilot)._rehearsal = rehearsal


async def think_with(pilot: Pilot[Any], reasoner: EmbeddedReasoner) -> None:
    """Begin anew with another reasoner."""
    workspace = pilot.app.workspace
    workspace.engine = replace(workspace.engine, reasoner=reasoner)
    without_rehearsal(pilot)  # it would wait for the reasoner in a thread, or fail in one
    simulate(pilot).begin(Who())
    await settled(pilot)
