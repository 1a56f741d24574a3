"""Files, suites, processes and the pytest plugin, on the embedded reasoner."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from engine.scenario.formats import to_json
from engine.scenario.reader import ScenarioFileError
from engine.scenario.replay import ReplayOptions, run_replay
from engine.scenario.suites import load_suites

pytest_plugins = ["pytester"]

PIZZA = Path(__file__).parent / "data" / "pizza"
ROOT = Path(__file__).parents[2]
COLA = ["There is only Pepsi [coke]", "There is only Pepsi [pepsi]"]
PLUGIN = "engine.scenario.pytest_plugin"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the pizza agent that a test may change."""
    return Path(shutil.copytree(PIZZA, tmp_path / "pizza"))


def test_the_example_scenarios_pass() -> None:
    replay = run_replay([PIZZA])
    assert [(result.case, result.failures) for result in replay.results if result.failures] == []
    assert replay.summary.counts["passed"] == 5
    assert replay.summary.counts["unjudged"] == 2
    assert replay.summary.exit_code == 0
    assert {result.reasoner for result in replay.results} == {"embedded · lexical"}


def test_several_processes_give_the_same_results_in_the_same_order(folder: Path) -> None:
    (folder / "broken.scenario.yaml").write_text("scenario: B\nsteps: [{customer: coke}, {response: sorry}]\n")
    alone = run_replay([folder])
    shared = run_replay([folder], ReplayOptions(processes=2))
    assert to_json(shared.results, shared.summary) == to_json(alone.results, alone.summary)
    assert alone.summary.exit_code == 1


def test_breaking_the_agent_fails_the_right_scenario_and_says_why(folder: Path) -> None:
    agent = folder / "agent.yaml"
    agent.write_text(agent.read_text().replace("relationships:\n  - upset excludes offer_pepsi\n", ""))
    failed = [result for result in run_replay([folder]).results if result.verdict == "failed"]
    assert [result.case for result in failed] == ["Nobody upset is offered a Pepsi"]
    assert failed[0].failures[0].why[0].startswith("matching · offer_pepsi: matched")


def test_progress_is_told_as_it_happens() -> None:
    planned: list[int] = []
    told: list[str] = []
    replay = run_replay(
        [PIZZA], ReplayOptions(name="ONLY pepsi"), planned.append, lambda result: told.append(result.case)
    )
    assert planned == [2]
    assert (
        told
        == [result.case for result in replay.results]
        == ["There is only Pepsi [coke]", "There is only Pepsi [pepsi]"]
    )


def test_fail_fast_stops_at_the_first_failure(folder: Path) -> None:
    steps = "cases: [{n: 1}, {n: 2}]\nsteps: [{customer: coke <n>}, {response: sorry}]\n"
    (folder / "a.scenario.yaml").write_text(f"scenario: A\n{steps}")
    replay = run_replay([folder / "a.scenario.yaml"], ReplayOptions(fail_fast=True))
    assert len(replay.results) == 1
    assert replay.summary.planned == 2


def test_nothing_runs_when_any_file_is_wrong(folder: Path) -> None:
    (folder / "a.scenario.yaml").write_text("scenario: A\nsteps: [{respons: x}]\n")
    (folder / "b.scenario.yaml").write_text("scenario: [\n")
    told: list[str] = []
    with pytest.raises(ScenarioFileError) as error:
        run_replay([folder], on_result=lambda result: told.append(result.case))
    assert [Path(problem.file).name for problem in error.value.problems] == ["a.scenario.yaml", "b.scenario.yaml"]
    assert told == []


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere", "there is no such file or folder"), ("empty", "no *.scenario.yaml files in this folder")],
)
def test_paths_that_lead_nowhere_are_said(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ScenarioFileError, match=said.replace("*", r"\*")):
        load_suites([tmp_path / name])


def test_a_scenario_without_an_agent_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.scenario.yaml").write_text("scenario: A\nsteps: []\n")
    with pytest.raises(ScenarioFileError, match=r"no agent.yaml in its folder or above"):
        load_suites([tmp_path])


def test_an_agent_that_is_wrong_is_said_with_its_place(folder: Path) -> None:
    (folder / "agent.yaml").write_text("name: Pizza\nguidlines: {}\n")
    with pytest.raises(ScenarioFileError, match=r"agent.yaml:2:1: "):
        load_suites([folder])


def test_a_file_named_twice_is_read_once() -> None:
    (suite,) = load_suites([PIZZA, PIZZA / "cola.scenario.yaml"])
    assert len(suite.cases) == 7


CODED = """
name: Clock
preambles: off
tools:
  get_time: {description: Tells the time., python: tools.get_time}
guidelines:
  tell_time:
    condition: The customer asks for the time
    examples: [what time is it, the time please]
    action: Tell them the time
    say: Let me look.
    tools: [get_time]
"""


@pytest.mark.parametrize(
    ("given", "trusted", "verdict", "got"),
    [
        ("{}", True, "error", "get_time has no stub in this scenario"),
        ("{tools: live}", True, "passed", ""),
        ("{tools: {get_time: live}}", True, "passed", ""),
        ("{tools: {get_time: live}}", False, "failed", "is code in a folder that is not trusted"),
        ("{tools: {get_time: {data: noon}}}", False, "passed", ""),
    ],
)
def test_code_runs_only_where_the_scenario_and_the_user_say_so(
    tmp_path: Path, given: str, trusted: bool, verdict: str, got: str
) -> None:
    (tmp_path / "agent.yaml").write_text(CODED)
    (tmp_path / "tools.py").write_text("def get_time(context):\n    return 'noon'\n")
    steps = "[{customer: what time is it}, {calls: get_time, failures: none}]"
    (tmp_path / "a.scenario.yaml").write_text(f"scenario: A\ngiven: {given}\nsteps: {steps}\n")
    (result,) = run_replay([tmp_path], ReplayOptions(trusted=trusted)).results
    assert result.verdict == verdict
    assert got in "".join(failure.got for failure in result.failures)


def test_code_that_ends_its_process_is_an_error_of_the_cases_it_took_along(tmp_path: Path) -> None:
    (tmp_path / "agent.yaml").write_text(CODED)
    (tmp_path / "tools.py").write_text("import os\ndef get_time(context):\n    os._exit(1)\n")
    steps = "[{customer: what time is it}, {calls: get_time}]"
    (tmp_path / "a.scenario.yaml").write_text(f"scenario: A\ngiven: {{tools: live}}\nsteps: {steps}\n")
    replay = run_replay([tmp_path], ReplayOptions(trusted=True, processes=2))
    assert [(result.verdict, result.failures[0].got) for result in replay.results] == [
        ("error", "the process that played it ended")
    ]
    assert replay.summary.exit_code == 3


INTERRUPTED = """
import os, signal, sys
from engine.scenario.replay import ReplayOptions, run_replay

def on_result(result):
    if result.case.endswith("[pepsi]"):
        os.kill(os.getpid(), signal.SIGINT)

if __name__ == "__main__":
    replay = run_replay([sys.argv[1]], ReplayOptions(processes=int(sys.argv[2])), on_result=on_result)
    print(replay.summary.interrupted, replay.summary.exit_code, [result.case for result in replay.results][:2])
"""


@pytest.mark.parametrize("processes", ["1", "2"])
def test_ctrl_c_ends_with_the_report_of_what_ran(tmp_path: Path, processes: str) -> None:
    script = tmp_path / "script.py"
    script.write_text(INTERRUPTED)
    done = subprocess.run(
        [sys.executable, str(script), str(PIZZA), processes],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (
        done.stdout.strip()
        == f"True {128 + signal.SIGINT} {['There is only Pepsi [coke]', 'There is only Pepsi [pepsi]']}"
    )
    assert done.stderr == ""


@pytest.fixture
def run_pytest(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], pytest.RunResult]:
    """Run pytest in a process of its own over a path, with the plugin, whether or not it is installed."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    known = any(entry.value == PLUGIN for entry in entry_points(group="pytest11"))
    plugin = [] if known else ["-p", PLUGIN]

    def run(path: Path) -> pytest.RunResult:
        return pytester.runpytest_subprocess(str(path), "-rs", "-p", "no:cacheprovider", *plugin)

    return run


def test_pytest_collects_scenarios_and_prints_our_report(
    run_pytest: Callable[[Path], pytest.RunResult], folder: Path
) -> None:
    (folder / "broken.scenario.yaml").write_text("scenario: B\nsteps: [{customer: coke}, {response: sorry}]\n")
    result = run_pytest(folder)
    result.assert_outcomes(passed=5, skipped=2, failed=1)
    result.stdout.fnmatch_lines(
        ["✗ B  failed", "*broken.scenario.yaml:2:*response", "*expected  sorry", "*got*only_pepsi"]
    )
    assert "Traceback" not in result.stdout.str()


def test_pytest_says_what_is_wrong_with_a_file(run_pytest: Callable[[Path], pytest.RunResult], folder: Path) -> None:
    file = folder / "wrong.scenario.yaml"
    file.write_text("scenario: B\nsteps: [{costumer: coke}]\n")
    run_pytest(file).stdout.fnmatch_lines(["*unknown key 'costumer'. Did you mean customer?*"])
