"""An embedder that asks another one only for texts of which it does not know the vectors yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from engine.embeddings.at_hand import NotAtHand, is_only_at_hand
from engine.embeddings.base import Embedder
from engine.embeddings.kept import Kept, cache_folder, key_of

if TYPE_CHECKING:
    from engine.embeddings.base import Vectors

MOST = 4_096
"""How many vectors stay in memory; the rest is on disk, or in the tables of whoever compares by them."""


AT_ONCE = 64
"""How many texts are embedded and kept together when many are made ahead."""


class RememberingEmbedder:
    """An `Embedder` whose vectors are kept in memory and in the user's cache folder, one file a model and version."""

    def __init__(self, embedder: Embedder) -> None:
        """Wrap an embedder."""
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}
        self._using = Lock()

    @property
    def name(self) -> str:
        """The name of what is wrapped."""
        return self._embedder.name

    @property
    def version(self) -> str:
        """The version of what is wrapped."""
        return self._embedder.version

    @property
    def waits(self) -> bool:
        """Whether what is wrapped waits for somebody else."""
        return self._embedder.waits

    @cached_property
    def kept(self) -> Kept:
        """What is kept beside the vectors, and depends on this model and version as they do."""
        name = "".join(letter if letter.isalnum() else "-" for letter in self.name)
        return Kept(cache_folder() / f"{name}-{self.version}.sqlite")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Turn texts into vectors, each different one at most once; see `engine.embeddings.base.Embedder`.

        Raises:
            NotAtHand: Within `only_at_hand`, when one of them is not in memory.
        """
        import numpy

        found = self._at_hand(texts)
        if len(found) < len(set(texts)):
            if is_only_at_hand():
                raise NotAtHand
            with self._using:
                found = self._at_hand(texts)
                fresh = self._fetched([text for text in dict.fromkeys(texts) if text not in found])
                found |= fresh
                self._remember(fresh)
        return numpy.stack([found[text] for text in texts]) if texts else numpy.zeros((0, 0), numpy.float32)

    def making(self, texts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Make the vectors of many texts and keep them, some at a time: whoever stops has lost nothing.

        Args:
            texts: Any texts; those whose vectors are kept already are passed over.

        Yields:
            How many of how many are made; nothing where all are kept, and then no model is loaded.

        Raises:
            ReasonerError: When the model cannot be loaded.
        """
        missing = self._missing(list(dict.fromkeys(texts)))
        for start in range(0, len(missing), AT_ONCE):
            yield start, len(missing)
            self.embed(missing[start : start + AT_ONCE])
        if missing:
            yield len(missing), len(missing)

    def _missing(self, texts: Sequence[str]) -> list[str]:
        """The texts whose vectors are neither in memory nor on the disk; the shortest first, beside their like."""
        unknown = [text for text in texts if text not in self._known]
        missing = []
        for start in range(0, len(unknown), _LOOKED_UP):
            keys = {text: key_of(text) for text in unknown[start : start + _LOOKED_UP]}
            kept = self.kept.get(list(keys.values()))
            missing += [text for text, key in keys.items() if not _whole(kept.get(key))]
        return sorted(missing, key=len)

    def _at_hand(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """The vectors in memory. Another thread may forget some meanwhile, but never changes one."""
        known = ((text, self._known.get(text)) for text in texts)
        return {text: vector for text, vector in known if vector is not None}

    def _fetched(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of texts from the disk, and of those that are not there from the embedder."""
        import numpy

        keys = {text: key_of(text) for text in texts}
        kept = self.kept.get(list(keys.values()))
        found = {
            text: numpy.frombuffer(kept[key], numpy.float32) for text, key in keys.items() if _whole(kept.get(key))
        }
        missing = [text for text in texts if text not in found]
        if missing:
            made = self._embedder.embed(missing)
            self.kept.put({keys[text]: row.tobytes() for text, row in zip(missing, made, strict=True)})
            found.update(zip(missing, made, strict=True))
        return found

    def _remember(self, fresh: dict[str, Vectors]) -> None:
        if len(self._known) + len(fresh) > MOST:
            self._known.clear()
        if len(fresh) <= MOST:
            self._known.update(fresh)


_LOOKED_UP = 1_000


def _whole(kept: bytes | None) -> bool:
    """Whether a vector was read as it was written: of full length, and of length 1."""
    import numpy

    if kept is None or len(kept) % 4:
        return False
    vector = numpy.frombuffer(kept, numpy.float32)
    return bool(abs(float(vector @ vector) - 1.0) < 0.001)
