"""What sentence vectors cost: loading, a sentence, a search, calibration after an edit, a turn."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from benchmarks import made_up
from benchmarks.measure import Figure, figure, seconds
from engine.agent.model import CannedResponse
from engine.embeddings.minilm import DIMENSION, MiniLM, folder
from engine.embeddings.remembering import RememberingEmbedder
from engine.index.vectors import VectorIndex
from engine.reasoner.embedded.judging.calibration import prepare, threshold
from engine.reasoner.embedded.language.mixed import MixedSimilarity

if TYPE_CHECKING:
    from engine.embeddings.base import Vectors

SENTENCE = "I'd like to know where my order number {} is, please"


def figures() -> Iterator[Figure]:
    """Nothing where MiniLM is not installed."""
    place = folder()
    if place is None:
        return
    number = count()
    taken = seconds(lambda: MiniLM(place).embed(["hello"]), runs=3)
    yield figure("minilm: loaded, with its first sentence", taken, "s", 0.2)
    model = MiniLM(place)
    taken = seconds(lambda: model.embed([SENTENCE.format(next(number))]), runs=20)
    yield figure("minilm: one sentence of 15 tokens", [value * 1000 for value in taken], "ms", 10.0)
    taken = seconds(lambda: model.embed([SENTENCE.format(next(number)) for _ in range(64)]), runs=3)
    yield figure("minilm: a sentence among 64", [value * 1000 / 64 for value in taken], "ms", 10.0)
    with _own_cache():
        yield _search()
        yield _calibration(RememberingEmbedder(model))


def _search() -> Figure:
    index = VectorIndex(RememberingEmbedder(_Scattered()))
    responses = [CannedResponse(name=f"r{place}", template=f"Response {place}") for place in range(10_000)]
    taken = seconds(lambda: asyncio.run(index.search("How many do you have?", responses)), runs=10, warmup=2)
    return figure("retrieval by meaning among 10,000 responses", [value * 1000 for value in taken], "ms", 2.0)


class _Scattered:
    """Vectors that lie anywhere, the same in each run: what they say does not matter to how long a search takes."""

    name = "scattered"
    version = "1"
    waits = False

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy

        found = numpy.random.default_rng(len(texts)).standard_normal((len(texts), DIMENSION)).astype(numpy.float32)
        unit: Vectors = found / numpy.linalg.norm(found, axis=1, keepdims=True)
        return unit


def _calibration(embedder: RememberingEmbedder) -> Figure:
    examples = [own.examples for own, _ in made_up.agent(100, 1).scoped_guidelines()]
    similarity = MixedSimilarity(embedder)
    prepared = [prepare(texts, similarity) for texts in examples]
    embedder.embed([text for texts in examples for text in texts])
    unkept = _Unkept(embedder)
    taken = seconds(lambda: [threshold(one, unkept) for one in prepared], runs=3)
    return figure("thresholds of 100 guidelines, vectors ready", [value * 1000 for value in taken], "ms", 200.0)


class _Unkept(MixedSimilarity):
    """Makes every threshold anew."""

    def kept(self, purpose: str, texts: Sequence[str], made: Callable[[], float]) -> float:
        """The number, made anew."""
        return made()


@contextmanager
def _own_cache() -> Iterator[None]:
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_CACHE_HOME"] = place
        try:
            yield
        finally:
            if before is None:
                del os.environ["XDG_CACHE_HOME"]
            else:
                os.environ["XDG_CACHE_HOME"] = before
