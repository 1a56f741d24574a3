"""Vectors made ahead are kept as they are made, and nothing that is kept is made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.embeddings.remembering import AT_ONCE, RememberingEmbedder
from tests.embeddings.letters import Letters

TEXTS = [f"text number {number}" for number in range(2 * AT_ONCE + 3)]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


def test_it_is_told_how_many_of_how_many_are_made() -> None:
    made = list(RememberingEmbedder(Letters()).making([*TEXTS, *TEXTS]))
    count = len(TEXTS)
    assert made == [(0, count), (AT_ONCE, count), (2 * AT_ONCE, count), (count, count)]


def test_whoever_stops_has_lost_nothing() -> None:
    first, second = Letters(), Letters()
    making = RememberingEmbedder(first).making(TEXTS)
    next(making), next(making)
    making.close()
    list(RememberingEmbedder(second).making(TEXTS))
    assert len(first.asked) == AT_ONCE and sorted(first.asked + second.asked) == sorted(TEXTS)


def test_what_is_kept_asks_nobody() -> None:
    list(RememberingEmbedder(Letters()).making(TEXTS))
    again = Letters()
    assert list(RememberingEmbedder(again).making(TEXTS)) == [] and again.asked == []


def test_a_text_has_the_vector_that_it_would_have_had_alone() -> None:
    ahead = RememberingEmbedder(Letters())
    list(ahead.making(TEXTS))
    assert ahead.embed(TEXTS[5:7]).tolist() == Letters().embed(TEXTS[5:7]).tolist()
