"""The history of scenarios: kept, bounded, and never in the way."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.runs import MANY, Run, Runs

WHEN = datetime(2026, 3, 3, 18, 30)


def test_a_run_is_there_the_next_time(tmp_path: Path) -> None:
    Runs(tmp_path).record(WHEN, [("a", "passed"), ("b", "failed")], 3, 0.25)
    again = Runs(tmp_path)
    assert again.last == Run(WHEN, {"passed": 1, "failed": 1}, 3, 0.25)
    assert again.history("a") == ("passed",) and again.history("b") == ("failed",)
    assert again.history("never ran") == ()


def test_a_run_has_passed_when_all_of_it_ran_and_nothing_is_wrong() -> None:
    assert Run(WHEN, {"passed": 2, "unjudged": 1}, 3, 0).passed
    assert not Run(WHEN, {"passed": 2}, 3, 0).passed
    assert not Run(WHEN, {"passed": 2, "flaky": 1}, 3, 0).passed


def test_only_the_last_runs_are_kept(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    for number in range(MANY + 5):
        runs.record(WHEN + timedelta(minutes=number), [("a", "failed" if number < MANY else "passed")], 1, 0)
    again = Runs(tmp_path)
    assert len(again.runs) == len(again.history("a")) == MANY
    assert again.history("a")[-5:] == ("passed",) * 5
    assert again.last is not None and again.last.when == WHEN + timedelta(minutes=MANY + 4)


def test_a_run_in_which_nothing_ran_is_none(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    assert runs.record(WHEN, [], 7, 0) is None
    assert runs.last is None and not (tmp_path / ".cuecard").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"runs": 3, "cases": []}', "[" * 100_000, "\x00\xff"])
def test_a_damaged_file_counts_as_empty_and_is_written_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / ".cuecard").mkdir()
    (tmp_path / ".cuecard" / "runs.json").write_text(text, "latin-1")
    runs = Runs(tmp_path)
    assert runs.last is None
    runs.record(WHEN, [("a", "passed")], 1, 0)
    assert Runs(tmp_path).history("a") == ("passed",)


def test_what_is_right_in_a_half_damaged_file_is_kept(tmp_path: Path) -> None:
    whole = {"when": WHEN.isoformat(), "counts": {"passed": 2, "odd": "x"}, "planned": 2, "seconds": 1}
    values = {
        "runs": [3, {"counts": {}}, {**whole, "when": "yesterday"}, whole],
        "cases": {"a": "passed what failed", "b": 7},
    }
    (tmp_path / ".cuecard").mkdir()
    (tmp_path / ".cuecard" / "runs.json").write_text(json.dumps(values), "utf-8")
    runs = Runs(tmp_path)
    assert runs.runs == (Run(WHEN, {"passed": 2}, 2, 1.0),)
    assert runs.history("a") == ("passed", "failed") and runs.history("b") == ()


def test_a_folder_that_cannot_be_written_keeps_the_history_in_memory(tmp_path: Path) -> None:
    (tmp_path / ".cuecard").write_text("a file where the folder would be", "utf-8")
    runs = Runs(tmp_path)
    runs.record(WHEN, [("a", "passed")], 1, 0)
    assert runs.history("a") == ("passed",)
    assert (tmp_path / ".cuecard").read_text("utf-8") == "a file where the folder would be"


def test_no_file_is_left_behind_beside_the_history(tmp_path: Path) -> None:
    Runs(tmp_path).record(WHEN, [("a", "passed")], 1, 0)
    assert [file.name for file in (tmp_path / ".cuecard").iterdir()] == ["runs.json"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["when", "counts", "a"]), inner),
    max_leaves=8,
)


@given(runs=json_values, cases=json_values)
def test_no_file_however_odd_keeps_the_studio_from_starting(tmp_path_factory, runs, cases) -> None:
    folder = tmp_path_factory.mktemp("odd")
    (folder / ".cuecard").mkdir()
    (folder / ".cuecard" / "runs.json").write_text(json.dumps({"runs": runs, "cases": cases}), "utf-8")
    Runs(folder)
