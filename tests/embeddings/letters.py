"""An embedder for tests: vectors of letters, a list of what it was asked for, and a gate."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy

if TYPE_CHECKING:
    from engine.embeddings.base import Vectors


class Letters:
    """Embeds by how often each letter occurs.

    Attributes:
        asked: Every text it was asked for.
        threads: The threads in which it was asked.
        gate: It embeds only while this is open.
    """

    name = "letters"
    version = "1"
    waits = False

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.threads: set[int] = set()
        self.gate = threading.Event()
        self.gate.set()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Wait for the gate; one row a text, of length 1."""
        self.threads.add(threading.get_ident())
        assert self.gate.wait(30)
        self.asked += texts
        rows = numpy.array([[1.0, *(text.lower().count(letter) for letter in "etaoinshrdlucmfwyg")] for text in texts])
        unit: Vectors = numpy.round(rows / numpy.linalg.norm(rows, axis=1, keepdims=True), 6).astype(numpy.float32)
        return unit
