"""What the doctor finds, says and measures; an Ollama host is asked over a real socket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.choosing import ReasonerChoice
from studio.cli import build_parser
from studio.commands import doctor
from studio.health import machine
from studio.remembered import Remembered
from tests.ollama_server.beside import beside
from tests.ollama_server.script import Answer, Break
from tests.ollama_server.server import OllamaServer

NOBODY = "http://127.0.0.1:9"
"""An address at which nothing listens."""


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of the test's own, no Ollama host of this machine, and MiniLM only where a test brings it."""
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("OLLAMA_HOST", NOBODY)
    monkeypatch.delenv("CUECARD_EMBEDDINGS", raising=False)
    monkeypatch.setattr("engine.embeddings.minilm.folder", lambda: None)
    monkeypatch.setattr("engine.embeddings.choosing.folder", lambda: None)


def examined(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, dict[str, object]]]:
    """Run the doctor: its exit code, and what it found by name."""
    code = doctor.run(build_parser().parse_args(["doctor", "--json", *arguments]))
    return code, {finding["name"]: finding for finding in json.loads(capsys.readouterr().out)}


def test_nothing_that_is_needed_is_wrong_and_everything_is_named(capsys):
    code, found = examined(capsys)
    assert code == 0
    assert {"python", "cuecard", "packages", "chosen", "lexical", "minilm", "ollama", "dot", "terminal"} <= set(found)
    assert "textual" in str(found["packages"]["found"])
    assert found["lexical"]["seconds"] > 0


def test_each_thing_that_is_missing_has_one_command(capsys):
    doctor.run(build_parser().parse_args(["doctor"]))
    said = capsys.readouterr().out
    assert "mend it with: cuecard models add minilm" in said
    assert f"nothing answers at {NOBODY}" in said and "mend it with: ollama serve" in said


def test_minilm_is_needed_where_it_was_chosen(capsys, agent: Path):
    remembered = Remembered()
    remembered.opened(agent)
    remembered.chose(agent, ReasonerChoice(embeddings="minilm"))
    code, found = examined(capsys, str(agent))
    assert code == 3
    assert not found["chosen"]["fine"] and found["chosen"]["remedy"] == "cuecard models add minilm"
    assert not found["minilm"]["fine"] and found["minilm"]["needed"]


def test_weights_of_somebody_else_are_refused(capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_text("not the published one", "utf-8")
    for module in ("minilm", "choosing"):
        monkeypatch.setattr(f"engine.embeddings.{module}.folder", lambda: tmp_path)
    _, found = examined(capsys)
    assert not found["minilm"]["fine"] and "SHA-256" in found["minilm"]["found"]
    assert found["minilm"]["remedy"] == "cuecard models add minilm"


def test_the_host_that_is_named_is_asked_what_it_has(capsys):
    with beside(OllamaServer("Hello")) as server:
        code, found = examined(capsys, "--ollama-host", server.address)
        assert code == 0
        said = str(found["ollama"]["found"])
        assert server.version in said and "scripted:latest" in said and "embeddings" in said
        assert not server.chats, "nobody asked for a model to be tried"


def test_trying_a_model_says_how_long_it_took(capsys):
    with beside(OllamaServer("Hello")) as server:
        code, found = examined(capsys, "--ollama-host", server.address, "--try", "scripted")
        assert code == 0
        assert found["try"]["fine"] and found["try"]["seconds"] > 0 and "scripted answered" in found["try"]["found"]
        assert len(server.chats) == 1


def test_a_model_that_is_not_there_has_its_command_and_is_trouble(capsys):
    with beside(OllamaServer()) as server:
        code, found = examined(capsys, "--ollama-host", server.address, "--try", "far-away")
    assert code == 3
    assert found["model"]["remedy"] == "ollama pull far-away" and "try" not in found


def test_a_model_that_breaks_off_is_one_line(capsys):
    with beside(OllamaServer(Answer((Break(),)))) as server:
        code, found = examined(capsys, "--ollama-host", server.address, "--try", "scripted")
    assert code == 3
    assert not found["try"]["fine"] and "\n" not in found["try"]["found"]


def test_a_chosen_host_that_does_not_answer_is_trouble(capsys, agent: Path):
    remembered = Remembered()
    remembered.opened(agent)
    remembered.chose(agent, ReasonerChoice("ollama:scripted", "lexical", NOBODY))
    code, found = examined(capsys, str(agent))
    assert code == 3
    assert not found["ollama"]["fine"] and "ollama serve" in found["ollama"]["found"]


def test_an_agent_is_looked_at_for_its_own_code(capsys, agent: Path):
    _, found = examined(capsys, str(agent))
    assert found["trust"]["fine"] and "no code of its own" in found["trust"]["found"]
    file = agent / "agent.yaml"
    file.write_text(file.read_text("utf-8").replace("{data: queued,", "{python: tools.call_manager,"), "utf-8")
    file.write_text(file.read_text("utf-8").replace(" control: {mode: manual}}", "}").replace(",}", "}"), "utf-8")
    (agent / "tools.py").write_text("def call_manager(context):\n    return None\n", "utf-8")
    code, found = examined(capsys, str(agent))
    assert code == 0
    assert not found["trust"]["fine"] and found["trust"]["remedy"] == f"cuecard trust {agent}"


def test_an_agent_that_cannot_be_read_is_trouble(capsys, agent: Path):
    (agent / "agent.yaml").write_text("guidelines: [", "utf-8")
    code, found = examined(capsys, str(agent))
    assert code == 3 and found["trust"]["remedy"] == f"cuecard check {agent}"


def test_a_missing_package_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine, "requires", lambda _: ["textual>=8", "no-such-package ~= 2.0", "x; extra == 'y'"])
    finding = machine.packages()
    assert not finding.fine and finding.remedy == "pip install no-such-package"


def test_the_doctor_runs_as_a_command(cuecard):
    done = cuecard("doctor", "--ollama-host", NOBODY)
    assert done.returncode == 0, done.stderr
    assert "embedded" in done.stdout and "lexical" in done.stdout and "Traceback" not in done.stderr
