"""Canned responses by meaning: the vectors of an embedder, exact, in one table.

Every template (its fields blanked) and every signal is a vector of its own; a response scores by the best of them, and
a draft by the best of its sentences. Vectors are kept by content: an edit of one response embeds that one alone.
Nearness of wording is not mixed in: it moved no response of those measured, and costs more than the vectors.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import TYPE_CHECKING

from engine.agent.model import CannedResponse
from engine.embeddings.at_hand import answered
from engine.embeddings.remembering import RememberingEmbedder
from engine.index.base import Hit, ResponseIndex
from engine.index.lexical import LexicalIndex, blanked

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from engine.embeddings.base import Vectors

    Numbers = NDArray[numpy.int64]

THRESHOLD = 0.4
"""The score from which a response counts as near."""

FLOOR = 0.2
"""Below this, texts have nothing to do with each other; such a score counts as 0."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\s*\n+\s*")
_MOST_SENTENCES = 24


def sentences(draft: str) -> list[str]:
    """What of a draft is searched for: the whole, and each of its sentences (of a very long one, the first 24)."""
    found = [draft, *_SENTENCE.split(draft)[:_MOST_SENTENCES]]
    return list(dict.fromkeys(" ".join(piece.split()) for piece in found if piece.strip()))


def texts_of(response: CannedResponse) -> list[str]:
    """What a response is found by: its template's words and its signals; an empty text where it has none."""
    texts = [text for text in map(blanked, (response.template, *response.signals)) if text]
    return list(dict.fromkeys(texts or [""]))


class VectorIndex:
    """Scores canned responses by how near their meaning is to a draft's. See `engine.index.base.ResponseIndex`."""

    threshold = THRESHOLD

    def __init__(self, embedder: RememberingEmbedder) -> None:
        """Compare by an embedder; it is asked when the first responses are searched."""
        self._embedder = embedder
        self._texts: list[str] = []
        self._starts = array("q")
        self._places: dict[str, int] = {}
        self._far: list[Hit] = []
        self._rows: Vectors | None = None
        self._asked: tuple[CannedResponse, ...] = ()
        self._asked_places: list[int] = []
        self._adding = Lock()

    @property
    def embeddings(self) -> str:
        """The embedder's name."""
        return self._embedder.name

    async def search(self, draft: str, responses: Sequence[CannedResponse]) -> list[Hit]:
        """Score responses against a draft, in a thread where texts have to be embedded first.

        Args:
            draft: The draft message; of a long one the best sentence counts.
            responses: The responses in scope; what is new among them is indexed first.

        Returns:
            One hit for each response, in the order given. Scores lie between 0 and 1, rounded to 4 decimals.

        Raises:
            ReasonerError: When the embedder cannot be had; one line.
        """
        return await answered(lambda: self._scored(draft, responses), self._adding, waits=self._embedder.waits)

    def _scored(self, draft: str, responses: Sequence[CannedResponse]) -> list[Hit]:
        places = self._placed(responses)
        hits = self._far.copy()
        for place, hit in self._near(sentences(draft)):
            hits[place] = hit
        return list(map(hits.__getitem__, places))

    def _placed(self, responses: Sequence[CannedResponse]) -> list[int]:
        """The places of responses; what is new among them is indexed first. The same are asked for again and again."""
        asked = tuple(responses)
        if asked != self._asked:
            self._add([response for response in asked if response.digest not in self._places])
            self._asked, self._asked_places = asked, [self._places[response.digest] for response in asked]
        return self._asked_places

    def _add(self, responses: Sequence[CannedResponse]) -> None:
        """Index responses, all of their texts embedded at once."""
        fresh: list[str] = []
        of: dict[str, tuple[CannedResponse, int]] = {}
        for response in responses:
            if response.digest not in of:
                of[response.digest] = response, len(self._texts) + len(fresh)
                fresh += texts_of(response)
        if not fresh:
            return
        self._grow(self._embedder.embed(fresh))
        self._texts += fresh
        for digest, (response, start) in of.items():
            self._places[digest] = len(self._far)
            self._starts.append(start)
            self._far.append(Hit(response.name, 0.0, self._texts[start]))

    def _grow(self, fresh: Vectors) -> None:
        """Put rows behind the others; room is made for twice as many when there is none left."""
        import numpy

        known, size = len(self._texts), len(self._texts) + len(fresh)
        if self._rows is None or size > len(self._rows):
            grown = numpy.zeros((max(size, 2 * known), fresh.shape[1]), numpy.float32)
            if self._rows is not None:
                grown[:known] = self._rows[:known]
            self._rows = grown
        self._rows[known:size] = fresh

    def _near(self, queries: Sequence[str]) -> Iterator[tuple[int, Hit]]:
        """The hits of all indexed responses that score `FLOOR` or more, by their places."""
        import numpy

        if self._rows is None or not queries:
            return
        size = len(self._texts)
        likenesses = (self._rows[:size] @ self._embedder.embed(queries).T).max(axis=1)
        scores = numpy.rint(likenesses * 10_000).astype(numpy.int64)
        starts = numpy.frombuffer(self._starts, "q")
        best = numpy.maximum.reduceat(scores, starts)
        behind = scores < numpy.repeat(best, numpy.diff(starts, append=size))
        nearest = numpy.minimum.reduceat(numpy.arange(size) + behind * size, starts)
        places = numpy.flatnonzero(best >= FLOOR * 10_000)
        for place, score, row in zip(places.tolist(), best[places].tolist(), nearest[places].tolist(), strict=True):
            yield place, Hit(self._far[place].name, min(1.0, score / 10_000), self._texts[row])


def index_for(embedder: RememberingEmbedder | None) -> ResponseIndex:
    """The index over canned responses: by meaning where there is an embedder, else by wording."""
    return LexicalIndex() if embedder is None else VectorIndex(embedder)
