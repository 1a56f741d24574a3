"""`cuecard replay`: verdicts, exit codes and reports."""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_what_passes_exits_0(cuecard: Run, agent: Path) -> None:
    done = cuecard("replay", str(agent))
    assert done.returncode == 0
    assert "✓ Only Pepsi" in done.stdout
    assert "reasoner: embedded · lexical" in done.stdout
    assert "1 case: 1 passed" in done.stdout


def test_a_broken_guideline_fails_with_stage_entity_and_reason(cuecard: Run, agent: Path) -> None:
    file = agent / "agent.yaml"
    file.write_text(file.read_text("utf-8").replace("wants a coke", "asks about the toilet"), "utf-8")
    done = cuecard("replay", str(agent))
    assert done.returncode == 1
    assert "coke.scenario.yaml:4" in done.stdout
    assert "expected  We only have Pepsi." in done.stdout
    assert "offer_pepsi" in done.stdout
    assert "not_matched" in done.stdout.replace("not matched", "not_matched")


def test_reports_are_written(cuecard: Run, agent: Path, tmp_path: Path) -> None:
    report, junit = tmp_path / "report.json", tmp_path / "junit.xml"
    assert cuecard("replay", str(agent), "--json", str(report), "--junit", str(junit), "-q").returncode == 0
    assert json.loads(report.read_text("utf-8"))["counts"]["passed"] == 1
    assert ElementTree.parse(junit).getroot().get("tests") == "1"
    assert json.loads(cuecard("replay", str(agent), "--json", "-").stdout)


def test_two_processes_give_the_same_report(cuecard: Run, agent: Path) -> None:
    one, two = (cuecard("replay", str(agent), "-n", count, "--json", "-").stdout for count in ("1", "2"))
    assert one == two


def test_a_wrong_file_exits_2_before_anything_runs(cuecard: Run, agent: Path) -> None:
    (agent / "bad.scenario.yaml").write_text("scenario: x\nsteps:\n  - custmer: hi\n", "utf-8")
    done = cuecard("replay", str(agent))
    assert done.returncode == 2
    assert "bad.scenario.yaml:3:" in done.stderr
    assert "customer" in done.stderr
    assert "✓" not in done.stdout


def test_a_scenario_without_checks_is_inconclusive(cuecard: Run, agent: Path) -> None:
    (agent / "coke.scenario.yaml").write_text("scenario: x\nsteps:\n  - customer: hi\n", "utf-8")
    done = cuecard("replay", str(agent))
    assert done.returncode == 4
    assert "unjudged" in done.stdout


PRINTING = 'print("imported")\n\n\ndef noise(context):\n    print("called")\n    return 1\n'


@pytest.mark.parametrize("processes", ["1", "2"])
def test_what_an_agents_code_prints_does_not_spoil_a_report(cuecard: Run, agent: Path, processes: str) -> None:
    (agent / "tools.py").write_text(PRINTING, "utf-8")
    file = agent / "agent.yaml"
    text = file.read_text("utf-8").replace("tools:\n", "tools:\n  noise: {python: tools.noise}\n", 1)
    file.write_text(text.replace("only have Pepsi\n", "only have Pepsi\n    tools: [noise]\n"), "utf-8")
    scenario = agent / "coke.scenario.yaml"
    scenario.write_text(
        "scenario: x\ngiven: {tools: live}\nsteps:\n  - customer: a coke\n    pin: {matched: offer_pepsi}\n"
        "  - calls: noise\n    failures: none\n",
        "utf-8",
    )
    done = cuecard("replay", str(agent), "--trust", "--json", "-", "-n", processes)
    assert json.loads(done.stdout)["counts"]["passed"] == 1, done.stderr
    assert "called" in done.stderr


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--reasoner", "ollama:", "reasoner: ollama: names no model. Write ollama:NAME, as `ollama list` has it"),
        ("--embeddings", "lexcal", "there is no embeddings 'lexcal'. Did you mean lexical?"),
    ],
)
def test_a_reasoner_that_there_is_not_is_said_in_one_line(
    cuecard: Run, agent: Path, option: str, value: str, said: str
) -> None:
    done = cuecard("replay", str(agent), option, value)
    assert (done.returncode, done.stderr, done.stdout) == (2, f"cuecard: {said}\n", "")


def test_the_reasoner_and_embeddings_that_there_are_can_be_named(cuecard: Run, agent: Path) -> None:
    done = cuecard("replay", str(agent), "--reasoner", "embedded", "--embeddings", "lexical")
    assert done.returncode == 0
    assert "reasoner: embedded · lexical (as --reasoner embedded --embeddings lexical asks)" in done.stdout


@pytest.mark.parametrize("option", ["-n", "--runs"])
@pytest.mark.parametrize("value", ["0", "-3", "two"])
def test_nobody_replays_less_than_once(cuecard: Run, agent: Path, option: str, value: str) -> None:
    done = cuecard("replay", str(agent), f"{option}={value}" if option == "--runs" else f"{option}{value}")
    assert done.returncode == 2
    assert "write 1 or more" in done.stderr


def test_a_name_that_no_case_has_is_said(cuecard: Run, agent: Path) -> None:
    done = cuecard("replay", str(agent), "-k", "lemonade")
    assert done.returncode == 4
    assert "no case has 'lemonade' in its name" in done.stderr


def test_a_report_that_cannot_be_written_does_not_lose_what_was_found(cuecard: Run, agent: Path) -> None:
    done = cuecard("replay", str(agent), "--junit", str(agent / "nowhere" / "report.xml"))
    assert done.returncode == 3
    assert "1 case: 1 passed" in done.stdout
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--record", "all", "-n", "2"), "--record writes files that the cases share: leave -n out"),
        (("--compare", "embedded"), "two different ones are compared: write them like embedded,ollama:llama3.2"),
        (("--compare", "embedded,gpt"), "there is no reasoner 'gpt'. Write embedded, ollama:NAME or recorded"),
        (("--compare", "embedded,recorded", "--record", "all"), "--record does not go with --compare: leave it out"),
        (
            ("--compare", "lexical,minilm", "--runs", "2"),
            "a comparison plays every case once, in one process: leave -n and --runs out",
        ),
    ],
)
def test_options_that_do_not_go_together_are_said_in_one_line(
    cuecard: Run, agent: Path, options: tuple[str, ...], said: str
) -> None:
    done = cuecard("replay", str(agent), *options)
    assert (done.returncode, done.stderr, done.stdout) == (2, f"cuecard: {said}\n", "")


def test_two_reasoners_are_compared(cuecard: Run, agent: Path) -> None:
    done = cuecard("replay", str(agent), "--compare", "embedded/lexical,embedded/auto", "--json", "-")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["stages"]["matched"] == {"agreed": 1, "counted": 1}
    assert "over 1 turn of 1 case" in done.stderr


def test_recording_without_a_model_says_that_nothing_was_recorded(cuecard: Run, agent: Path) -> None:
    done = cuecard("replay", str(agent), "--record", "missing")
    assert done.stderr == "cuecard: nothing was recorded: no model was asked; name one with --reasoner ollama:NAME\n"


def test_what_is_stale_ends_with_its_own_exit_code(cuecard: Run, agent: Path) -> None:
    done = cuecard("replay", str(agent), "--reasoner", "recorded")
    assert done.returncode == 3
    assert "--reasoner ollama:NAME --record missing" in done.stdout
