"""Turns of a language model on a server that takes its time, dies, and comes back: over a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from engine.choosing import ReasonerChoice
from engine.turn.engine import Engine
from engine.turn.trace import PreambleChoice
from studio.inspector.inspector import Inspector
from studio.modes.simulate.conversation import Conversation
from studio.modes.simulate.standing import UNSENT, quiet_line
from studio.workspace import Workspace
from tests.ollama_server.answers import answer
from tests.ollama_server.bodies import CHATTING
from tests.ollama_server.script import Answer, Hold, Request, Say
from tests.ollama_server.server import OllamaServer

from .conftest import settled
from .inspector_turns import AGENT, CODE
from .talking import lines, said, simulate, told, type_in

COFFEE = "a coffee please"
PATIENCE = 60.0
"""Seconds after which a test gives up; what it waits for comes at once."""


class Slow:
    """A model that stops in the middle of a draft until it is released."""

    def __init__(self) -> None:
        self.released = asyncio.Event()

    def __call__(self, request: Request) -> Answer | str:
        """Drafts have no schema; everything else is answered at once."""
        if request.schema is not None:
            return answer(request.body)
        return Answer((Say("We only "), Say("have tea"), Hold(self.released), Say(" today.")))


@pytest.fixture
def cafe(tmp_path: Path) -> Path:
    """A strict agent that says no preambles."""
    folder = tmp_path / "cafe"
    folder.mkdir()
    (folder / "agent.yaml").write_text(AGENT, "utf-8")
    (folder / "tools.py").write_text(CODE, "utf-8")
    return folder


@asynccontextmanager
async def talking(studio: Any, folder: Path, slow: Slow) -> AsyncIterator[tuple[Pilot[Any], OllamaServer]]:
    """The studio, whose agent thinks on a scripted server."""
    async with OllamaServer(slow) as server:
        choice = ReasonerChoice(f"ollama:{CHATTING.name}", "lexical", server.address)
        async with studio(folder, size=(100, 30), choice=choice) as pilot:
            yield pilot, server
            slow.released.set()
            await settled(pilot)


async def until(pilot: Pilot[Any], holds: Callable[[], bool]) -> None:
    """Let things happen until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not holds():
            await pilot.pause()


async def half_written(pilot: Pilot[Any]) -> None:
    """Say something, and wait until half of the draft is there."""
    await type_in(pilot, COFFEE)
    await until(pilot, lambda: "have tea" in simulate(pilot).conversation.writing)
    await pilot.pause()


def rows(pilot: Pilot[Any]) -> str:
    """What the inspector shows."""
    entries = simulate(pilot).query_one(Inspector).rows.entries
    return "\n".join("\n".join(line.plain for line in entry.lines(200)) for entry in entries)


async def test_a_draft_is_seen_growing_and_marked_as_not_sent(studio, cafe):
    slow = Slow()
    async with talking(studio, cafe, slow) as (pilot, _):
        await half_written(pilot)
        assert any(f"{UNSENT} We only have tea" in line for line in lines(pilot))
        assert ("agent", "We only have tea") not in told(pilot)
        simulate(pilot).inspector.panel = 1
        await pilot.pause()
        assert "being written" in rows(pilot) and "We only have tea" in rows(pilot)
        assert "Nothing of it is sent yet" in rows(pilot)
        slow.released.set()
        await settled(pilot)
        assert not any(UNSENT in line for line in lines(pilot))
        assert "being written" not in rows(pilot)
        assert told(pilot)[-1][0] == "agent"


async def test_the_screen_acts_while_a_model_thinks(studio, cafe):
    async with talking(studio, cafe, Slow()) as (pilot, _):
        await half_written(pilot)
        await pilot.press(*"and a cake")
        assert simulate(pilot).composer.text == "and a cake"


async def test_escape_stops_the_answer_and_the_server_is_left(studio, cafe):
    async with talking(studio, cafe, Slow()) as (pilot, server):
        await half_written(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert told(pilot)[-1] == ("", "✕ cancelled before the agent spoke")
        assert not simulate(pilot).transcript.quiet
        held = server.chats[-1]
        await held.ended.wait()
        assert held.client_left
        assert simulate(pilot).conversation.traces[1].status == "cancelled"


async def test_a_turn_that_has_only_said_a_preamble_can_be_stopped(studio, cafe):
    file = cafe / "agent.yaml"
    file.write_text(AGENT.replace("preambles: off\ncomposition_mode: strict", "composition_mode: fluid"), "utf-8")
    async with talking(studio, cafe, Slow()) as (pilot, _):
        await half_written(pilot)
        assert ("agent", simulate(pilot).conversation.traces[1].last(PreambleChoice).text) in told(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert simulate(pilot).conversation.traces[1].status == "cancelled"


async def test_an_agent_that_has_begun_to_speak_finishes_what_it_says(studio, cafe, monkeypatch):
    slow = Slow()
    async with talking(studio, cafe, slow) as (pilot, _):
        await half_written(pilot)
        monkeypatch.setattr(simulate(pilot).conversation._live, "cancel", lambda: False)
        await pilot.press("escape")
        await pilot.pause()
        assert "begun to speak" in said(pilot)
        slow.released.set()
        await settled(pilot)
        assert simulate(pilot).conversation.traces[1].status == "completed"


@pytest.mark.parametrize(("seconds", "line"), [(0.4, "interpreting …"), (6.2, "interpreting … 6 s · Esc stops it")])
async def test_how_long_a_turn_takes_is_said_once_it_is_long(seconds, line):
    conversation = Conversation(cast("Engine", None))
    conversation.running, conversation.since, conversation.script.status = 1, 100.0, "Interpreting"
    assert quiet_line(conversation, 100.0 + seconds) == line
    conversation.writing = "We only have"
    assert quiet_line(conversation, 100.0 + seconds) == f"{line}\n{UNSENT} We only have"


async def test_a_newer_message_takes_the_place_of_one_that_is_thought_about(studio, cafe):
    slow = Slow()
    async with talking(studio, cafe, slow) as (pilot, _):
        await half_written(pilot)
        await type_in(pilot, "a cake please")
        await until(pilot, lambda: 2 in simulate(pilot).conversation.traces)
        slow.released.set()
        await settled(pilot)
        traces = simulate(pilot).conversation.traces
        assert [traces[turn].status for turn in (1, 2)] == ["cancelled", "completed"]


async def test_a_server_killed_in_mid_draft_is_one_line_and_the_session_goes_on(studio, cafe):
    slow = Slow()
    async with talking(studio, cafe, slow) as (pilot, server):
        await half_written(pilot)
        port = int(server.address.rpartition(":")[2])
        await server.kill()
        await settled(pilot)
        who, line = told(pilot)[-1]
        assert (who, line.count("\n")) == ("", 0)
        assert line.startswith("✗ the turn failed:") and "`ollama serve`" in line
        assert "Traceback" not in line
        slow.released.set()
        await server.start(port)
        await pilot.press("ctrl+r")
        await settled(pilot)
        assert simulate(pilot).conversation.traces[2].status == "completed"
        assert told(pilot)[-1][0] == "agent"


async def test_the_panel_trace_tells_every_call_of_the_model(studio, cafe):
    slow = Slow()
    slow.released.set()
    async with talking(studio, cafe, slow) as (pilot, server):
        await type_in(pilot, COFFEE)
        await settled(pilot)
        inspector = simulate(pilot).inspector
        inspector.panel = 4
        await pilot.pause()
        calls = inspector.trace.model_calls
        assert len(calls) == len(server.chats) > 1
        assert f"{calls[0].prompt_characters:,} characters" in rows(pilot)
        assert f"{len(calls)} calls" in rows(pilot)
        inspector.focus()
        while inspector.rows.entry.key != "call draft":
            await pilot.press("j")
        await pilot.press("enter")
        await pilot.pause()
        assert "\nWe only have tea today." in "\n".join(line.strip() for line in rows(pilot).splitlines())


# -- the rehearsal ----------------------------------------------------------------------------------------------------


@pytest.fixture
def rehearsal(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """A rehearsal that goes on until this is set."""
    over = asyncio.Event()

    async def warm_up(_: Workspace) -> None:
        await over.wait()

    monkeypatch.setattr(Workspace, "warm_up", warm_up)
    return over


async def test_what_is_said_during_the_rehearsal_waits_visibly_and_is_answered_in_order(studio, cafe, rehearsal):
    async with studio(cafe) as pilot:
        await type_in(pilot, COFFEE)
        await type_in(pilot, "a cake please")
        await pilot.pause()
        assert any("getting ready" in line for line in lines(pilot)) and not told(pilot)
        rehearsal.set()
        await settled(pilot)
        assert [text for who, text in told(pilot) if who == "you"] == [COFFEE, "a cake please"]
        assert not simulate(pilot).transcript.quiet


async def test_the_studio_can_be_left_during_the_rehearsal(studio, cafe, rehearsal):
    async with studio(cafe) as pilot:
        await type_in(pilot, COFFEE)
        await pilot.pause()
        await pilot.press("ctrl+q")
    assert pilot.app.return_code == 0


async def test_the_rehearsal_of_a_model_is_the_embedded_reasoners(studio, cafe):
    slow = Slow()
    slow.released.set()
    async with talking(studio, cafe, slow) as (pilot, server):
        await pilot.press("a")
        await settled(pilot)
        assert not server.requests, "a model server's time is its user's"
