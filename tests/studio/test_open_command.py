"""`cuecard` and `cuecard DIR`: what opens the studio, and what is said when it cannot be opened."""

from __future__ import annotations

import pytest

from studio.cli import _with_command, build_parser


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
