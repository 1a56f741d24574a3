"""`cuecard replay`: verdicts, exit codes and reports."""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

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
