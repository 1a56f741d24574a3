"""The first meeting with a large agent: how far it is read, what waits meanwhile, and how to stop it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.choosing import ReasonerChoice
from engine.embeddings import choosing
from engine.embeddings.remembering import AT_ONCE, RememberingEmbedder
from tests.embeddings.letters import Letters

from .conftest import settled
from .talking import lines, said, simulate, told, type_in

MINILM = ReasonerChoice(embeddings="minilm")
COUNT = AT_ONCE + 6
FILE = f"""\
name: Cafe
preambles: off
guidelines:
  coffee:
    condition: the customer wants coffee
    action: Say "One coffee, coming up."
    examples: [{", ".join(f"coffee number {number}" for number in range(COUNT))}]
"""


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Letters:
    """What embeds for MiniLM here; its gate is closed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = Letters()
    found.gate.clear()
    remembering = RememberingEmbedder(found)
    monkeypatch.setattr(choosing, "choose", lambda name, host="": None if name == "lexical" else remembering)
    monkeypatch.setattr(choosing, "minilm_fault", lambda: "")
    return found


@pytest.fixture
def cafe(tmp_path: Path) -> Path:
    folder = tmp_path / "cafe"
    folder.mkdir()
    (folder / "agent.yaml").write_text(FILE, "utf-8")
    return folder


async def reading(pilot) -> None:
    """Wait until the agent is being read."""
    while simulate(pilot)._read is None:
        await asyncio.sleep(0)
        await pilot.pause()


async def test_it_is_told_how_far_the_agent_is_read_and_what_waits_for_it(studio, cafe, letters):
    async with studio(cafe, choice=MINILM) as pilot:
        await pilot.press("c")
        await reading(pilot)
        assert f"reading the agent: 0 of {COUNT} texts · Esc stops it" in " ".join(map(str.strip, lines(pilot)))
        await type_in(pilot, "offee number 1")
        await pilot.pause()
        assert simulate(pilot).transcript.quiet.endswith("then “coffee number 1” is answered · Esc stops it")
        assert not told(pilot)
        letters.gate.set()
        await settled(pilot)
        assert ("you", "coffee number 1") in told(pilot) and told(pilot)[-1][0] == "agent"
        assert not simulate(pilot).transcript.quiet


async def test_esc_stops_it_gives_the_messages_back_and_the_next_message_goes_on(studio, cafe, letters):
    async with studio(cafe, choice=MINILM) as pilot:
        await type_in(pilot, "coffee please")
        await type_in(pilot, "and cake")
        await reading(pilot)
        await pilot.press("escape")
        letters.gate.set()
        await settled(pilot)
        assert said(pilot).startswith(f"stopped: 0 of {COUNT} texts of the agent are read and kept")
        assert sorted(simulate(pilot).composer.text.splitlines()) == ["and cake", "coffee please"]
        assert not told(pilot) and not simulate(pilot).transcript.quiet
        await pilot.press("!")
        await settled(pilot)
        assert simulate(pilot)._read is None and not told(pilot), "typing alone does not begin it again"
        simulate(pilot).composer.load_text("")
        await type_in(pilot, "coffee number 1")
        await settled(pilot)
        assert [who for who, _ in told(pilot)] == ["you", "agent"]


async def test_an_agent_that_was_read_before_is_not_read_again(studio, cafe, letters):
    letters.gate.set()
    async with studio(cafe, choice=MINILM) as pilot:
        await type_in(pilot, "coffee number 1")
        await settled(pilot)
        letters.asked.clear()
        await type_in(pilot, "coffee number 2")
        await settled(pilot)
        assert len(told(pilot)) == 4 and not letters.asked


async def test_the_studio_can_be_left_while_the_agent_is_read(studio, cafe, letters):
    async with studio(cafe, choice=MINILM) as pilot:
        await type_in(pilot, "coffee please")
        await reading(pilot)
        await pilot.press("ctrl+q")
    letters.gate.set()
    assert pilot.app.return_code == 0
