"""A new agent loads without a complaint, in every mode and by every name, and nothing is ever overwritten."""

from pathlib import Path

import pytest

from engine.agent.basics import CompositionMode
from engine.agent.loading import load_agent
from engine.agent.new import NewAgentError, new_agent
from engine.agent.reading.composing import compose_all
from engine.scenario.replay import run_replay


@pytest.mark.parametrize("mode", CompositionMode)
@pytest.mark.parametrize("name", ["Acme", 'Joe\'s: the "best"', "#1 Pizza", "日本 {{x}}", "null", "a: b # c"])
def test_a_new_agent_is_sound_and_bears_the_name_and_the_mode(tmp_path: Path, name: str, mode: CompositionMode) -> None:
    agent_file, scenario_file = new_agent(tmp_path / "deep" / "folder", name, mode)
    document = load_agent(agent_file.parent)
    assert (document.agent.name, document.agent.composition_mode) == (name, mode)
    assert document.warnings == ()
    assert scenario_file.name.endswith(".scenario.yaml")
    assert len(compose_all(scenario_file.read_text("utf-8"), "f")) == 3


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "agent.yaml").write_text("mine")
    with pytest.raises(NewAgentError, match="agent.yaml is there already, and nothing was changed"):
        new_agent(tmp_path, "Acme")
    assert [path.name for path in tmp_path.iterdir()] == ["agent.yaml"]
    assert (tmp_path / "agent.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["", "  \n", "a\x07b"])
def test_an_agent_needs_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(NewAgentError, match="needs a name"):
        new_agent(tmp_path, name)


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NewAgentError, match=r"agent.yaml cannot be written: "):
        new_agent(tmp_path / "file", "Acme")


@pytest.mark.parametrize("mode", CompositionMode)
def test_a_new_agent_passes_its_own_scenarios(tmp_path: Path, mode: CompositionMode) -> None:
    new_agent(tmp_path, "Acme", mode)
    results = run_replay([tmp_path]).results
    assert [(result.verdict, result.failures) for result in results] == [("passed", ())] * 3
