"""`cuecard chat` and `cuecard replay` read an agent that nobody has read yet, and say so."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from engine.agent.model import Agent, Guideline
from engine.choosing import ReasonerChoice
from engine.embeddings import choosing
from engine.embeddings.remembering import RememberingEmbedder
from engine.scenario.factory import AskedFor
from engine.scenario.replay import ReplayOptions, run_replay
from studio.commands.chat import _read
from tests.embeddings.letters import Letters

MINILM = ReasonerChoice(embeddings="minilm")


@pytest.fixture(autouse=True)
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Letters:
    """What embeds for MiniLM here."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = Letters()
    remembering = RememberingEmbedder(found)
    monkeypatch.setattr(choosing, "choose", lambda name, host="": remembering)
    return found


def agent_of(examples: int) -> Agent:
    texts = tuple(f"example {number}" for number in range(examples))
    return Agent(name="Big", guidelines=(Guideline(name="g", condition="c", action="Greet.", examples=texts),))


def test_without_a_terminal_one_line_says_what_takes_long(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(file=io.StringIO())
    _read(agent_of(1_100), MINILM, console)
    assert capsys.readouterr().err == "cuecard: reading Big for the first time: 1,100 texts\n"
    _read(agent_of(1_100), MINILM, console)
    assert capsys.readouterr() == ("", "")


def test_a_few_texts_are_not_worth_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    _read(agent_of(5), MINILM, Console(file=io.StringIO()))
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_a_bar_counts(capsys: pytest.CaptureFixture[str]) -> None:
    screen = io.StringIO()
    _read(agent_of(100), MINILM, Console(file=screen, force_terminal=True, width=80))
    assert "reading Big" in screen.getvalue() and capsys.readouterr() == ("", "")


def test_a_replay_reads_each_agent_before_its_first_case(agent: Path, letters: Letters) -> None:
    told: list[tuple[str, int, int]] = []
    asked = AskedFor(embeddings="minilm")
    replayed = run_replay([agent], ReplayOptions(asked=asked), on_read=lambda *read: told.append(read))
    assert replayed.results and told[0][1] == 0 and told[-1][1] == told[-1][2] == told[0][2] > 0
    told.clear()
    run_replay([agent], ReplayOptions(asked=asked), on_read=lambda *read: told.append(read))
    assert told == []
