"""Choosing who thinks and who compares meanings, in the setup of a conversation, over a real socket."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from engine.choosing import ReasonerChoice
from studio.modals.ask import AskText
from studio.modes.simulate.choice_sheet import ChoiceSheet
from studio.modes.simulate.choices import ANOTHER_HOST
from studio.remembered import Remembered
from studio.widgets.frame_lines import CrumbLine
from studio.widgets.thing_list import ThingList
from tests.ollama_server.bodies import CHATTING, EMBEDDING
from tests.ollama_server.server import OllamaServer

from .conftest import settled
from .talking import said as said_above
from .talking import say, simulate, told

NOBODY = "http://127.0.0.1:9"
"""An address at which nothing listens."""


@pytest.fixture(autouse=True)
def no_host_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever host this machine may have is not asked."""
    monkeypatch.setenv("OLLAMA_HOST", NOBODY)


async def open_sheet(pilot, kind: str) -> ChoiceSheet:
    """Open the setup and go to the reasoners or the embeddings; the host has answered, or cannot."""
    await pilot.press("ctrl+l")
    await pilot.pause()
    assert pilot.app.screen.query_one(ThingList).select(kind)
    await pilot.press("enter")
    await settled(pilot)
    assert isinstance(pilot.app.screen, ChoiceSheet)
    return pilot.app.screen


async def take(pilot, key: str) -> None:
    """Choose a row of the open sheet."""
    assert pilot.app.screen.query_one(ThingList).select(key)
    await pilot.press("enter")
    await settled(pilot)


def shown(pilot) -> str:
    """The rows of the sheet as text."""
    return "\n".join(str(option.prompt) for option in pilot.app.screen.query_one(ThingList).rows.options)


def line_one(pilot) -> list[str]:
    """The words on the right of line 1."""
    return [text for text, _ in pilot.app.mode_screen.query_one(CrumbLine).where.states]


async def test_other_embeddings_begin_a_new_session_with_the_same_customer(studio, workspace_folder):
    async with studio(workspace_folder(), choice=ReasonerChoice(embeddings="auto")) as pilot:
        screen = simulate(pilot)
        await say(pilot, "/human Lee here")
        before, who = screen.conversation.id, screen.conversation.customer
        await open_sheet(pilot, "embeddings")
        await take(pilot, "lexical")
        assert screen.conversation.id == "" and screen.conversation.who == who
        await say(pilot, "Can I get a coke?")
        assert screen.conversation.id != before
        assert screen.conversation.traces[1].reasoner.embeddings == "lexical"
        assert "lexical" in line_one(pilot)


async def test_choosing_what_is_chosen_leaves_the_session_alone(studio, workspace_folder):
    async with studio(workspace_folder()) as pilot:
        await say(pilot, "Can I get a coke?")
        before = simulate(pilot).conversation
        await open_sheet(pilot, "embeddings")
        assert pilot.app.screen.query_one(ThingList).key == "lexical"
        await pilot.press("enter")
        await settled(pilot)
        assert simulate(pilot).conversation is before


async def test_a_choice_is_remembered_for_the_workspace_and_for_no_other(studio, workspace_folder, tmp_path):
    pizza, travel = workspace_folder("pizza"), workspace_folder("travel")
    async with studio(pizza, choice=None) as pilot:
        await open_sheet(pilot, "embeddings")
        await take(pilot, "lexical")
    async with studio(pizza, choice=None) as pilot:
        assert pilot.app.workspace.choice == ReasonerChoice(embeddings="lexical")
    async with studio(travel, choice=None) as pilot:
        assert pilot.app.workspace.choice == ReasonerChoice()
    kept = json.loads((tmp_path / "state" / "studio.json").read_text("utf-8"))
    assert kept["choices"] == {str(pizza.resolve()): {"embeddings": "lexical"}}


async def test_what_was_chosen_and_is_gone_is_said_and_the_default_thinks(studio, workspace_folder, tmp_path):
    folder = workspace_folder()
    remembered = Remembered(tmp_path / "state" / "studio.json")
    remembered.opened(folder)
    remembered.chose(folder, ReasonerChoice(embeddings="from a later version"))
    async with studio(folder, choice=None) as pilot:
        assert pilot.app.workspace.choice == ReasonerChoice()
        assert any("from a later version" in note.message for note in pilot.app._notifications)
        await say(pilot, "Can I get a coke?")
        assert simulate(pilot).conversation.traces[1].status == "completed"


async def test_a_wrong_word_in_the_environment_is_said_and_the_agent_opens(studio, workspace_folder, monkeypatch):
    monkeypatch.setenv("CUECARD_EMBEDDINGS", "nonsense")
    async with studio(workspace_folder(), choice=None) as pilot:
        assert any("CUECARD_EMBEDDINGS" in note.message for note in pilot.app._notifications)
        await say(pilot, "Can I get a coke?")
        assert str(simulate(pilot).conversation.traces[1].reasoner) == "embedded · lexical"


async def test_the_models_of_the_host_are_offered_where_they_can_think_or_compare(studio, workspace_folder):
    async with OllamaServer() as server, studio(workspace_folder()) as pilot:
        await open_sheet(pilot, "reasoner")
        assert f"no Ollama server answers at {NOBODY}" in shown(pilot) and "`ollama serve`" in shown(pilot)
        await take(pilot, ANOTHER_HOST)
        assert isinstance(pilot.app.screen, AskText)
        pilot.app.screen.query_one("Input").value = server.address
        await pilot.press("enter")
        await settled(pilot)
        assert server.address in shown(pilot) and "3.2B · Q4_K_M · 2.0 GB" in shown(pilot)
        keys = pilot.app.screen.query_one(ThingList).keys
        assert keys == ("embedded", f"ollama:{CHATTING.name}", ANOTHER_HOST)
        await take(pilot, f"ollama:{CHATTING.name}")
        assert pilot.app.workspace.choice == ReasonerChoice(f"ollama:{CHATTING.name}", "lexical", server.address)
        assert CHATTING.name in line_one(pilot)
        await open_sheet(pilot, "embeddings")
        assert f"ollama:{EMBEDDING.name}" in pilot.app.screen.query_one(ThingList).keys


async def test_a_host_without_models_says_how_to_get_one(studio, workspace_folder, monkeypatch):
    async with OllamaServer(models=()) as server:
        monkeypatch.setenv("OLLAMA_HOST", server.address)
        async with studio(workspace_folder()) as pilot:
            await open_sheet(pilot, "reasoner")
            assert "`ollama pull qwen3:8b`" in shown(pilot)


async def test_the_sheet_can_be_used_while_the_host_has_not_answered(studio, workspace_folder, monkeypatch):
    async def never(_: str = "") -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("engine.ollama.models_there.server_there", never)
    async with studio(workspace_folder()) as pilot:
        await pilot.press("ctrl+l")
        await pilot.pause()
        pilot.app.screen.query_one(ThingList).select("embeddings")
        await pilot.press("enter")
        await pilot.pause()
        assert "asking for its models" in shown(pilot)
        pilot.app.screen.query_one(ThingList).select("lexical")
        await pilot.press("enter")
        await settled(pilot)
        assert pilot.app.workspace.choice.embeddings == "lexical"


async def test_a_chosen_model_that_the_host_does_not_have_is_named_with_its_remedy(studio, workspace_folder):
    async with OllamaServer() as server:
        choice = ReasonerChoice("ollama:far-away", host=server.address)
        async with studio(workspace_folder(), choice=choice) as pilot:
            await open_sheet(pilot, "reasoner")
            assert pilot.app.screen.query_one(ThingList).key == "ollama:far-away"
            assert "`ollama pull far-away`" in shown(pilot)


async def test_what_cannot_be_had_is_said_and_the_session_goes_on(studio, workspace_folder, monkeypatch):
    from engine.reasoner.base import ReasonerError

    def refuse(*_: object) -> None:
        raise ReasonerError("minilm is not installed: cuecard models add minilm")

    async with studio(workspace_folder()) as pilot:
        await say(pilot, "Can I get a coke?")
        monkeypatch.setattr("studio.workspace.make_reasoner", refuse)
        await open_sheet(pilot, "embeddings")
        await take(pilot, "minilm")
        assert "cuecard models add minilm" in said_above(pilot)
        assert pilot.app.workspace.choice.embeddings == "lexical"
        monkeypatch.undo()
        await say(pilot, "thanks")
        assert ("you", "thanks") in told(pilot) and simulate(pilot).conversation.traces[2].status == "completed"


def test_a_memory_of_another_shape_counts_as_none(tmp_path: Path) -> None:
    file = tmp_path / "studio.json"
    file.write_text(json.dumps({"choices": {"/somewhere": {"reasoner": 3, "host": "http://x"}, "/else": 4}}), "utf-8")
    remembered = Remembered(file)
    assert remembered.choice_of(Path("/somewhere")) == ReasonerChoice(host="http://x")
    assert remembered.choice_of(Path("/else")) == ReasonerChoice()
