"""Nearness by meaning: the vectors of an embedder, mixed with nearness by words."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.embeddings.base import Embedder
from engine.embeddings.kept import key_of
from engine.embeddings.remembering import RememberingEmbedder
from engine.reasoner.embedded.language.similarity import LexicalSimilarity, Scale, Similarity, background
from engine.reasoner.embedded.language.text_index import TextIndex

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Numbers = NDArray[numpy.float64]
    Places = NDArray[numpy.intp]

MEANING, WORDS = 0.7, 0.3
"""How much of a score comes from the vectors, and how much from the words."""

_WHOLE = 1_000_000
"""Vectors are kept as whole millionths, so that sums of products are exact in whatever order they are made."""

_REMEMBERED = 64

_NEAREST_OF_BACKGROUND = 5
_SHARE_OF_ORDINARY = 0.6
_USUAL = 0.4
"""How near messages usually are to the nearest background sentences."""

_MOST_RAISED, _MOST_LOWERED = 0.06, 0.04
"""How far a threshold is moved at most: what is like nothing else may as well be nonsense."""

_OWN_KIND = 0.5
"""A background sentence as near as this to the examples together is of their kind."""

_SAYS_NOTHING, _SAYS_SPAN = 0.4, 0.6
"""Cosines of sentences brought to the scale of likeness in words: 0.58 says something of the kind, 0.7 says the same.

Measured on `tests/reasoner/embedded/data/fits.tsv`: nine in ten pairs that say the same lie above 0.7.
"""


@dataclass(frozen=True, slots=True)
class _Compared:
    """How near one text is to every numbered one, and the numbers of those that it is nearer to than something."""

    scores: Numbers
    listed: list[float]
    nearer: dict[float, frozenset[int]] = field(default_factory=dict)


class MixedSimilarity:
    """Nearness by an embedder's vectors and by words. See `Similarity`."""

    scale = Scale(
        lowest=0.37,
        highest=0.45,
        towards_examples=0.7,
        fallback=0.37,
        itself=0.3,
        at_all_near=0.25,
        near_by_itself=0.6,
        beside=0.3,
        by_meaning=True,
    )

    def __init__(self, embedder: RememberingEmbedder) -> None:
        """Compare by an embedder; it is asked when the first texts are compared."""
        self._embedder = embedder
        self.words = LexicalSimilarity()
        self._numbered: dict[str, int] = {}
        self._index = TextIndex()
        self._rows: Numbers | None = None
        self._waiting: list[str] = []
        self._background: Numbers | None = None
        self._remembered: dict[str, _Compared] = {}
        self._near_background: dict[str, Numbers] = {}
        self._other: dict[tuple[str, ...], Places] = {}

    @property
    def embeddings(self) -> str:
        """The embedder's name."""
        return self._embedder.name

    @property
    def waits(self) -> bool:
        """Whether the embedder waits for a server."""
        return self._embedder.waits

    def number(self, text: str) -> int:
        """The number of a text; a new one waits until it is compared, so that many are embedded at once."""
        if text not in self._numbered:
            self._numbered[text] = self._index.add(text)
            self._waiting.append(text)
            self._remembered.clear()
        return self._numbered[text]

    def hear(self, texts: Sequence[str]) -> None:
        """Compare texts with all numbered ones, in one pass."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._remembered]
        if not missing:
            return
        if len(self._remembered) + len(missing) > _REMEMBERED:
            self._remembered.clear()
        found = self._near(self._vectors(missing), self._table())
        for text, row in zip(missing, found, strict=True):
            mixed = MEANING * row + WORDS * self._index.cosines(text)
            self._remembered[text] = _Compared(mixed, mixed.tolist())

    def to_numbered(self, text: str) -> Sequence[float]:
        """How near a text is to every numbered text; remembered for the last few texts."""
        self.hear((text,))
        return self._remembered[text].listed

    def nearer(self, text: str, than: float) -> frozenset[int]:
        """The numbers of the texts that a text is nearer to than this."""
        import numpy

        self.hear((text,))
        compared = self._remembered[text]
        if than not in compared.nearer:
            compared.nearer[than] = frozenset(numpy.flatnonzero(compared.scores > than).tolist())
        return compared.nearer[than]

    def to_background(self, text: str) -> Numbers:
        """How near a text is to every background sentence."""
        mixed: Numbers = MEANING * self._meaning_of_background(text) + WORDS * self.words.to_background(text)
        return mixed

    def ordinary(self, text: str, examples: Sequence[str]) -> float:
        """What a threshold is raised by for a text that is near to what customers write to any business.

        Such a text is near to the examples of many conditions without being meant by them; a text that is like nothing
        in the background is near to few, so that less will do. Background sentences of the examples' own kind say
        nothing about that.
        """
        near = self._meaning_of_background(text)[self._other_background(tuple(examples))]
        nearest = sorted(near.tolist())[-_NEAREST_OF_BACKGROUND:]
        if not nearest:
            return 0.0
        share: float = _SHARE_OF_ORDINARY * (sum(nearest) / len(nearest) - _USUAL)
        return round(min(_MOST_RAISED, max(-_MOST_LOWERED, share)), 4)

    def _other_background(self, examples: tuple[str, ...]) -> Places:
        """The places of the background sentences that are not of the examples' kind."""
        import numpy

        if examples not in self._other:
            together = self._vectors(examples).sum(axis=0, keepdims=True)
            length = float(numpy.sqrt(numpy.square(together).sum()))
            (near,) = self._near(together, self._background_rows()) * (_WHOLE / max(length, 1.0))
            self._other[examples] = numpy.flatnonzero(near < _OWN_KIND)
        return self._other[examples]

    def _background_rows(self) -> Numbers:
        if self._background is None:
            shipped = _shipped_background(self._embedder)
            self._background = self._vectors(background()) if shipped is None else shipped
        return self._background

    def _meaning_of_background(self, text: str) -> Numbers:
        """How near a text is in meaning to every background sentence; remembered for the last few texts."""
        if text not in self._near_background:
            if len(self._near_background) >= _REMEMBERED:
                self._near_background.clear()
            self._near_background[text] = self._near(self._vectors([text]), self._background_rows())[0]
        return self._near_background[text]

    def between(self, one: str, other: str) -> float:
        """How near two texts are."""
        first, second = self._vectors([one, other])
        near = max(0.0, float(first @ second) / _WHOLE**2)
        return round(min(1.0, MEANING * near + WORDS * self.words.between(one, other)), 4)

    def says(self, pieces: Sequence[str], texts: Sequence[str]) -> Sequence[float]:
        """For each text, how surely one of the pieces says the same, by the vectors alone."""
        import numpy

        if not pieces or not texts:
            return [0.0] * len(texts)
        vectors = self._vectors([*pieces, *texts])
        best = self._near(vectors[: len(pieces)], vectors[len(pieces) :]).max(axis=0)
        found: list[float] = numpy.round(numpy.clip((best - _SAYS_NOTHING) / _SAYS_SPAN, 0.0, 1.0), 4).tolist()
        return found

    def kept(self, purpose: str, texts: Sequence[str], made: Callable[[], float]) -> float:
        """The number, kept on disk beside the vectors it was made from."""
        key = key_of(purpose, *texts)
        known = self._embedder.kept.get([key]).get(key)
        if known is None or len(known) != struct.calcsize("<d"):
            known = struct.pack("<d", made())
            self._embedder.kept.put({key: known})
        number: float = struct.unpack("<d", known)[0]
        return number

    def _table(self) -> Numbers:
        """The vectors of all numbered texts; room is made for twice as many when there is none left."""
        import numpy

        size, known = len(self._numbered), len(self._numbered) - len(self._waiting)
        if self._waiting:
            fresh = self._vectors(self._waiting)
            if self._rows is None or size > len(self._rows):
                grown = numpy.zeros((max(size, 2 * known), fresh.shape[1]))
                if self._rows is not None:
                    grown[:known] = self._rows[:known]
                self._rows = grown
            self._rows[known:size] = fresh
            self._waiting.clear()
        return self._rows[:size] if self._rows is not None else numpy.zeros((0, 0))

    def _vectors(self, texts: Sequence[str]) -> Numbers:
        import numpy

        found: Numbers = numpy.rint(self._embedder.embed(texts).astype(numpy.float64) * _WHOLE)
        return found

    @staticmethod
    def _near(queries: Numbers, rows: Numbers) -> Numbers:
        """The cosines of each query with each row; what points the other way counts as far."""
        import numpy

        if not len(rows):
            return numpy.zeros((len(queries), 0))
        found: Numbers = numpy.maximum(queries @ rows.T, 0.0)
        found /= float(_WHOLE**2)
        return found


def shipped_file(embedder: Embedder) -> Path:
    """Where the background sentences' vectors by an embedder lie, if they are shipped: half-precision, one row each."""
    return Path(__file__).with_name(f"background-{embedder.name}-{embedder.version}.npy")


def _shipped_background(embedder: Embedder) -> Numbers | None:
    """The background's vectors, so that nobody waits seconds for them; None where they are not those of the text."""
    import numpy

    try:
        rows = numpy.load(shipped_file(embedder))
    except (OSError, ValueError):
        return None
    if len(rows) != len(background()):
        return None
    found: Numbers = numpy.rint(rows.astype(numpy.float64) * _WHOLE)
    return found


def similarity_for(embedder: RememberingEmbedder | None) -> Similarity:
    """The similarity by which the embedded reasoner compares: by meaning where there is an embedder, else by words."""
    return LexicalSimilarity() if embedder is None else MixedSimilarity(embedder)
