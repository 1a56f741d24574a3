"""Makes the shipped vectors of the background sentences: `python -m tests.reasoner.embedded.ship_background`."""

from __future__ import annotations

import numpy

from engine.embeddings.choosing import choose
from engine.reasoner.embedded.language.mixed import shipped_file
from engine.reasoner.embedded.language.similarity import background

if __name__ == "__main__":
    embedder = choose("minilm")
    if embedder is None:
        raise SystemExit("minilm is not installed: cuecard models add minilm")
    numpy.save(shipped_file(embedder), embedder.embed(background()).astype(numpy.float16))
