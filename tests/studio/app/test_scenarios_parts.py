"""What the mode Scenarios is made of, without a screen."""

from __future__ import annotations

import asyncio
import threading
from datetime import datetime
from pathlib import Path

import pytest
from textual.content import Content

from engine.agent.loading import load_agent
from engine.scenario.factory import ReplayFactory
from engine.scenario.model import Place
from engine.scenario.results import CaseResult
from studio.modes.scenarios.bench import Bench, Progress, digests_of
from studio.modes.scenarios.catalogue import read_catalogue
from studio.modes.scenarios.changes import told_changes
from studio.modes.scenarios.rows import Listing, next_in_need, parents_of, row_for, rows_of
from studio.modes.scenarios.runner import Runner
from studio.modes.scenarios.verdicts import MOST_TURNS, Verdicts
from studio.modes.scenarios.wrapped import both_ends, hung, tidy
from studio.runs import Runs

AGENT = """\
name: A
preambles: off
guidelines:
  greet: {condition: The customer says hello, action: Greet them}
"""
ONE = "scenario: same\nsteps:\n  - customer: hello\n  - matched: greet\n"
WHEN = datetime(2026, 3, 3, 18, 30)
PLACE = Place("a.scenario.yaml", 1, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "agent.yaml").write_text(AGENT, "utf-8")
    (tmp_path / "a.scenario.yaml").write_text(ONE, "utf-8")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.scenario.yaml").write_text(ONE, "utf-8")
    return tmp_path


def result(verdict: str, turns: int = 0) -> CaseResult:
    return CaseResult("c", PLACE, verdict, traces=(None,) * turns)


def test_cases_of_the_same_name_in_two_files_are_told_apart(folder: Path) -> None:
    catalogue = read_catalogue(load_agent(folder).agent, folder)
    assert list(catalogue.cases) == ["same", "same (more/b)"]
    assert catalogue.file_of("same (more/b)").name == "more/b"


def test_only_what_has_changed_is_read_again(folder: Path) -> None:
    agent = load_agent(folder).agent
    before = read_catalogue(agent, folder)
    (folder / "more" / "b.scenario.yaml").write_text(ONE.replace("hello", "hi"), "utf-8")
    after = read_catalogue(agent, folder, before)
    assert after.cases["same"] is before.cases["same"]
    assert after.cases["same (more/b)"] != before.cases["same (more/b)"]
    (folder / "_given.yaml").write_text("variables: {}\n", "utf-8")
    inherited = read_catalogue(agent, folder, after)
    assert [file.stamp for file in inherited.files] != [file.stamp for file in after.files]


def test_a_file_mended_or_broken_says_so_by_itself(folder: Path) -> None:
    agent = load_agent(folder).agent
    (folder / "a.scenario.yaml").write_text("scenario: [", "utf-8")
    broken = read_catalogue(agent, folder)
    assert broken.files[0].problems and list(broken.cases) == ["same"]
    (folder / "a.scenario.yaml").write_text(ONE, "utf-8")
    assert not read_catalogue(agent, folder, broken).files[0].problems


async def test_cases_are_played_on_another_thread_and_handed_over_on_this_one(folder: Path) -> None:
    agent = load_agent(folder).agent
    found: list[tuple[str, str, threading.Thread]] = []

    def take(key: str, result: CaseResult) -> None:
        found.append((key, result.verdict, threading.current_thread()))

    await Runner().play(read_catalogue(agent, folder).cases, ReplayFactory(agent, folder), take)
    here = threading.current_thread()
    assert found == [("same", "passed", here), ("same (more/b)", "passed", here)]


async def test_a_run_that_is_stopped_hands_nothing_over_and_the_next_one_waits_for_it(folder: Path) -> None:
    agent = load_agent(folder).agent
    case = read_catalogue(agent, folder).cases["same"]
    factory = ReplayFactory(agent, folder)
    runner, found, begun = Runner(), [], asyncio.Event()

    def take(key: str, _: CaseResult) -> None:
        found.append(key)
        begun.set()

    first = asyncio.create_task(runner.play({str(n): case for n in range(10_000)}, factory, take))
    await begun.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    count = len(found)
    await runner.play({"next": case}, factory, take)
    assert found[count:] == ["next"]


async def test_a_defect_while_playing_is_raised_where_the_run_was_started(folder: Path) -> None:
    case = read_catalogue(load_agent(folder).agent, folder).cases["same"]

    def factory(*_: object) -> None:
        raise TypeError("a defect")

    with pytest.raises(TypeError, match="a defect"):
        await Runner().play({"same": case}, factory, lambda key, result: None)


async def test_a_bench_keeps_what_came_out_and_what_changed(folder: Path) -> None:
    bench = Bench(folder)
    agent = load_agent(folder).agent
    await bench.read(agent)
    first = await bench.play(bench.catalogue.cases, ReplayFactory(agent, folder), WHEN, lambda: None)
    assert first.wrong == 0 and not first.changed and bench.progress is None
    (folder / "a.scenario.yaml").write_text(ONE.replace("greet", "none"), "utf-8")
    await bench.read(agent)
    second = await bench.play(["same", "no more"], ReplayFactory(agent, folder), WHEN, lambda: None)
    assert second.planned == ("same",) and second.changed == {"same": "passed"}
    assert bench.failed() == ("same",)
    assert bench.ran_before() == ("same", "same (more/b)")
    assert bench.runs.history("same") == ("passed", "failed")


async def test_what_a_saved_file_concerns(folder: Path) -> None:
    bench = Bench(folder)
    await bench.read(load_agent(folder).agent)
    own, other = folder / "a.scenario.yaml", folder / "more" / "b.scenario.yaml"
    assert bench.concerned({own}) == ("same",)
    assert bench.concerned({folder / "more" / "_given.yaml"}) == ("same (more/b)",)
    assert bench.concerned({folder / "_given.yaml"}) == ("same", "same (more/b)")
    assert bench.concerned({folder / "agent.yaml"}) == ()
    bench.verdicts.take("same (more/b)", result("passed"), "")
    assert bench.concerned({folder / "tools.py"}) == ("same (more/b)",)
    assert bench.concerned({other, own}) == ("same", "same (more/b)")


def test_a_file_that_still_says_the_same_has_not_changed(folder: Path) -> None:
    bench, file = Bench(folder), folder / "a.scenario.yaml"
    assert bench.note(digests_of({file})) == {file}
    assert bench.note(digests_of({file})) == frozenset()
    file.unlink()
    assert bench.note(digests_of({file})) == {file}


def test_traces_beyond_what_is_kept_are_let_go_of_the_oldest_first() -> None:
    verdicts = Verdicts()
    verdicts.take("a", result("passed", MOST_TURNS - 10), "")
    verdicts.take("b", result("passed", 10), "")
    assert verdicts.get("a").result.traces
    verdicts.take("c", result("passed", 1), "")
    assert not verdicts.get("a").result.traces and verdicts.get("b").result.traces
    verdicts.take("d", result("failed", MOST_TURNS * 2), "")
    assert len(verdicts.get("d").result.traces) == MOST_TURNS * 2
    assert verdicts.verdict("a") == "passed"


def test_a_changed_verdict_is_known_until_the_next_run() -> None:
    verdicts = Verdicts()
    verdicts.take("a", result("failed"), "")
    assert verdicts.take("a", result("passed"), "").was == "failed"
    verdicts.settle(["a"])
    assert verdicts.get("a").was is None


def test_the_next_in_need_goes_round(folder: Path) -> None:
    (folder / "z.scenario.yaml").write_text("scenario: [", "utf-8")
    catalogue = read_catalogue(load_agent(folder).agent, folder)
    verdicts = Verdicts()
    listing = Listing(catalogue, verdicts, Runs(folder))
    assert next_in_need("file:a", listing) == "file:z"
    verdicts.take("same", result("failed"), "")
    assert next_in_need("file:z", listing) == "case:same"
    assert next_in_need("case:same", listing) == "file:z"
    assert next_in_need(None, listing) in ("case:same", "file:z")


def test_things_are_found_by_the_names_that_others_use(folder: Path) -> None:
    catalogue = read_catalogue(load_agent(folder).agent, folder)
    assert row_for("same", catalogue) == "case:same"
    assert row_for("more/b", catalogue) == row_for("b.scenario.yaml", catalogue) == "file:more/b"
    assert row_for("nothing", catalogue) is None
    assert parents_of("case:same (more/b)", catalogue) == ("file:more/b",)


def test_rows_fit_any_width(folder: Path) -> None:
    (folder / "z.scenario.yaml").write_text("scenario: 日本語日本語日本語\nsteps:\n  - agen: 1", "utf-8")
    catalogue = read_catalogue(load_agent(folder).agent, folder)
    for width in range(12, 90, 7):
        for row in rows_of(Listing(catalogue, Verdicts(), Runs(folder), width=width)):
            assert all(line.cell_length <= width for line in row.label.split("\n"))


def test_changes_are_told_worse_first() -> None:
    found = {"a": "passed", "b": "failed", "c": "passed", "d": "error", "e": "passed"}
    changed = {"a": "failed", "b": "passed", "d": "failed", "e": "flaky"}
    said = told_changes(Progress(tuple(found), {}, found, changed))
    assert said.title == "1 no longer passes, 1 fails in another way, 2 pass now" and said.severity == "warning"
    assert said.text.splitlines() == ["✓ → ✗  b", "✗ → !  d", "✗ → ✓  a", "… and 1 more"]
    assert told_changes(Progress((), {})) is None


@pytest.mark.parametrize("width", [1, 2, 5, 11, 12, 40])
def test_a_hung_text_keeps_its_width(width: int) -> None:
    text = Content(tidy("Ein sehr langer Text\tmit 日本語 und\x1b[0m mehr\nzweite Zeile"))
    for line in hung(Content("speaker"), text, width).split("\n"):
        assert line.cell_length <= max(2, width)
    assert both_ends(Content("left" * 9), Content("right"), 20).cell_length == 20
