"""Vectors are kept on disk for every agent and process, and whatever is wrong with the disk costs only time."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.embeddings import remembering
from engine.embeddings.kept import Kept, key_of
from engine.embeddings.remembering import RememberingEmbedder

if TYPE_CHECKING:
    from engine.embeddings.base import Vectors


class Counting:
    """An embedder that makes vectors of letters and counts the texts it was asked for."""

    name = "counting:1"
    version = "v1"
    waits = False

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = numpy.zeros((len(texts), 26), numpy.float32)
        for row, text in zip(rows, texts, strict=True):
            row[len(text) % 26] = 1.0
        return rows


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "cuecard"


def test_a_text_is_embedded_once_whoever_asks(cache: Path) -> None:
    first, second = Counting(), Counting()
    one = RememberingEmbedder(first).embed(["a", "bb", "a"])
    other = RememberingEmbedder(second).embed(["bb", "a", "ccc"])
    assert first.asked == ["a", "bb"] and second.asked == ["ccc"]
    assert numpy.array_equal(one[[1, 0]], other[:2]) and numpy.array_equal(one[0], one[2])
    assert [file.name for file in cache.glob("*.sqlite")] == ["counting-1-v1.sqlite"]


def test_a_vector_in_memory_is_not_looked_up_again(cache: Path) -> None:
    embedder = Counting()
    remembering = RememberingEmbedder(embedder)
    remembering.embed(["a"])
    for file in cache.glob("*"):
        file.unlink()
    assert remembering.embed(["a"]).shape == (1, 26) and embedder.asked == ["a"]


def test_no_texts_give_no_vectors() -> None:
    assert len(RememberingEmbedder(Counting()).embed([])) == 0


def test_memory_stays_small_however_many_texts_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "MOST", 10)
    embedder = RememberingEmbedder(Counting())
    for start in range(0, 60, 6):
        embedder.embed([f"text {number}" for number in range(start, start + 6)])
    assert len(embedder._known) <= 10


@pytest.mark.parametrize("content", [b"", b"this is no database at all, but long enough to look at" * 50])
def test_a_broken_file_costs_only_time(cache: Path, content: bytes) -> None:
    cache.mkdir(parents=True)
    (cache / "counting-1-v1.sqlite").write_bytes(content)
    embedder = Counting()
    remembering = RememberingEmbedder(embedder)
    assert remembering.embed(["a"]).tolist() == remembering.embed(["a"]).tolist()
    assert embedder.asked == ["a"]


def test_a_folder_that_cannot_be_made_costs_only_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a file"))
    assert RememberingEmbedder(Counting()).embed(["a", "b"]).shape == (2, 26)


def test_a_vector_that_was_cut_off_is_made_anew(cache: Path) -> None:
    RememberingEmbedder(Counting()).embed(["a"])
    with sqlite3.connect(cache / "counting-1-v1.sqlite") as connection:
        connection.execute("UPDATE kept SET value = substr(value, 1, 7)")
    connection.close()
    again = Counting()
    assert RememberingEmbedder(again).embed(["a"]).shape == (1, 26) and again.asked == ["a"]


def test_many_threads_and_processes_keep_everything(tmp_path: Path) -> None:
    file = tmp_path / "shared.sqlite"
    code = (
        "import sys; from pathlib import Path; from engine.embeddings.kept import Kept, key_of\n"
        "kept = Kept(Path(sys.argv[1]))\n"
        "for n in range(50): kept.put({key_of(sys.argv[2], str(n)): str(n).encode()})"
    )
    others = [subprocess.Popen([sys.executable, "-c", code, str(file), name]) for name in ("one", "two")]
    kept = Kept(file)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: kept.put({key_of("here", str(n)): b"x"}), range(50)))
    assert [other.wait(60) for other in others] == [0, 0]
    keys = [key_of(name, str(n)) for name in ("one", "two", "here") for n in range(50)]
    assert len(Kept(file).get(keys)) == 150


def test_the_oldest_entries_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.embeddings import kept as room

    monkeypatch.setattr(room, "MOST", 10)
    Kept(tmp_path / "k.sqlite").put({key_of(str(number)): b"x" for number in range(20)})
    left = Kept(tmp_path / "k.sqlite").get([key_of(str(number)) for number in range(20)])
    assert key_of("19") in left and key_of("0") not in left and len(left) <= 10


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_different_texts_have_different_keys(one: list[str], other: list[str]) -> None:
    assert (key_of(*one) == key_of(*other)) == (one == other)
