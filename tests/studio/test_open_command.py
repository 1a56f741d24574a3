"""`cuecard` and `cuecard DIR`: what opens the studio, and what is said when it cannot be opened."""

from __future__ import annotations

import gc

import pytest

from engine.choosing import ReasonerChoice
from studio.app import Opening
from studio.cli import _with_command, build_parser
from studio.commands.open import run
from studio.remembered import Remembered


@pytest.mark.parametrize("written", [["./pizza"], ["open", "./pizza"], ["pizza/agent.yaml"]])
def test_a_folder_by_itself_opens_the_studio(written):
    chosen = build_parser().parse_args(_with_command(written))
    assert chosen.module == "open" and chosen.agent in ("./pizza", "pizza/agent.yaml")


def test_a_folder_with_an_agent_needs_no_slash(agent, monkeypatch):
    monkeypatch.chdir(agent.parent)
    assert _with_command([agent.name]) == ["open", agent.name]


@pytest.mark.parametrize("written", [["chat", "pizza"], ["--version"], ["nonsense"], []])
def test_anything_else_is_a_command_or_a_mistake(written):
    assert _with_command(written) == written


def test_in_a_pipe_it_says_what_works_there(cuecard, agent):
    done = cuecard("open", str(agent))
    assert done.returncode == 2
    assert (
        done.stderr == "cuecard: the studio needs a terminal; `cuecard chat DIR` and `cuecard replay` work in pipes\n"
    )


# -- who thinks -------------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(agent, monkeypatch, tmp_path) -> list[Opening]:
    """What the studio is opened with, in a terminal that it believes in."""
    seen: list[Opening] = []
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("studio.commands.open._in_terminal", lambda: True)
    monkeypatch.setattr("studio.app.StudioApp.run", lambda app, **_: seen.append(app.opening))
    yield seen
    gc.enable()


def open_with(agent, *options: str) -> int:
    """Run the command; its exit code."""
    return run(build_parser().parse_args(["open", str(agent), *options]))


def test_nobody_named_leaves_it_to_the_workspace(opened, agent):
    assert open_with(agent) == 0
    assert opened[0].choice is None


def test_who_is_named_thinks_this_time(opened, agent):
    host = "http://127.0.0.1:9"
    assert open_with(agent, "--reasoner", "ollama:qwen3", "--embeddings", "lexical", "--ollama-host", host) == 0
    assert opened[0].choice == ReasonerChoice("ollama:qwen3", "lexical", host)


def test_what_is_not_named_stays_as_it_was_chosen_in_the_studio(opened, agent):
    remembered = Remembered()
    remembered.opened(agent)
    remembered.chose(agent, ReasonerChoice("ollama:qwen3", host="http://there:1"))
    assert open_with(agent, "--embeddings", "lexical") == 0
    assert opened[0].choice == ReasonerChoice("ollama:qwen3", "lexical", "http://there:1")


@pytest.mark.parametrize("wrong", [("--reasoner", "nobody"), ("--embeddings", "none"), ("--reasoner", "ollama:")])
def test_somebody_who_is_not_there_is_one_line_and_nothing_opens(opened, agent, wrong, capsys):
    assert open_with(agent, *wrong) == 2
    said = capsys.readouterr().err
    assert said.startswith("cuecard: ") and said.count("\n") == 1 and "terminal" not in said and not opened


def test_a_reasoner_needs_an_agent_to_think_for(opened, capsys):
    assert run(build_parser().parse_args(["open", "--reasoner", "embedded"])) == 2
    assert "cuecard DIR --reasoner NAME" in capsys.readouterr().err and not opened
