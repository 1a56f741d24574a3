"""The command line as a whole: version, help, exit codes, and what it does not import."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import __version__

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_version_imports_nothing_heavy() -> None:
    code = (
        "import sys; from studio.cli import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: pass\n"
        "print(sorted(name for name in sys.modules if name in"
        " ('textual', 'chromadb', 'ollama', 'pydantic', 'rich', 'jinja2', 'tinydb', 'yaml')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"cuecard {__version__}", "[]"]


def test_help_has_examples_and_exit_codes(cuecard: Run) -> None:
    done = cuecard("--help")
    assert done.returncode == 0
    assert "cuecard replay scenarios" in done.stdout
    assert "1 behaviour failed" in done.stdout


@pytest.mark.parametrize("command", ["chat", "replay", "check", "schema", "new", "trust", "doctor", "completions"])
def test_every_command_has_help(cuecard: Run, command: str) -> None:
    done = cuecard(command, "--help")
    assert done.returncode == 0
    assert f"cuecard {command}" in done.stdout


def test_no_command_prints_the_help(cuecard: Run) -> None:
    assert "commands:" in cuecard().stdout


def test_an_unknown_command_is_a_wrong_call(cuecard: Run) -> None:
    done = cuecard("chta")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["agent", "scenario"])
def test_schema_is_json_schema(cuecard: Run, kind: str) -> None:
    schema = json.loads(cuecard("schema", kind).stdout)
    assert schema["$schema"].startswith("https://json-schema.org/draft/2020-12/")


def test_completions_name_the_commands(cuecard: Run) -> None:
    assert "replay" in cuecard("completions", "bash").stdout


def test_doctor_says_what_is_chosen(cuecard: Run) -> None:
    done = cuecard("doctor")
    assert done.returncode == 0
    assert "embedded" in done.stdout
    assert "lexical" in done.stdout


def test_new_makes_an_agent_that_passes_its_scenarios(cuecard: Run, tmp_path: Path) -> None:
    for mode in ("fluid", "composited", "strict"):
        folder = str(tmp_path / f"agent_{mode}")
        assert cuecard("new", folder, "--mode", mode).returncode == 0
        assert cuecard("check", folder).returncode == 0
        done = cuecard("replay", folder)
        assert done.returncode == 0, done.stdout


def test_new_never_overwrites(cuecard: Run, agent: Path) -> None:
    before = (agent / "agent.yaml").read_bytes()
    done = cuecard("new", str(agent), "--mode", "fluid")
    assert done.returncode == 2
    assert "is there already" in done.stderr
    assert (agent / "agent.yaml").read_bytes() == before


def test_trust_is_remembered(cuecard: Run, agent: Path) -> None:
    assert cuecard("trust", str(agent)).returncode == 0
    assert str(agent) in cuecard("doctor").stdout
    assert cuecard("trust", str(agent / "no" / "where")).returncode == 2


def test_check_lists_problems_with_their_places_and_mends_some(cuecard: Run, agent: Path) -> None:
    file = agent / "agent.yaml"
    file.write_text(file.read_text("utf-8").replace("The customer wants a coke", "{{ coke }} is wanted"), "utf-8")
    done = cuecard("check", str(agent))
    assert done.returncode == 2
    assert "agent.yaml:9:16:" in done.stdout
    assert cuecard("check", str(agent), "--fix").returncode == 0
    assert '"{{ coke }} is wanted"' in file.read_text("utf-8").replace("'", '"')


def test_check_finds_all_agents_below_a_folder(cuecard: Run, agent: Path) -> None:
    done = cuecard("check", str(agent.parent), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == []
    assert cuecard("check", str(agent.parent / "empty")).returncode == 2
