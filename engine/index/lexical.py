"""Canned responses by their wording: stemmed words, word pairs and letters. Needs no model and nothing to install.

Every template (its fields blanked) and every signal is a vector of its own; a response scores by the best of them.
Vectors are kept by content: an edit of one response indexes that one alone.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from operator import attrgetter
from threading import Lock

from engine.agent.model import CannedResponse
from engine.index.base import Hit
from engine.reasoner.embedded.language.text_index import TextIndex

THRESHOLD = 0.3
"""The score from which a response counts as near.

Calibrated on the pairs of `tests/reasoner/embedded/data/fits.tsv` that say the same: all but one or two of them lie
above it, and of all the other pairings of their drafts and responses less than three in a hundred do.
"""

FLOOR = 0.1
"""Below this, texts have nothing in common but the commonest words; such a score counts as 0."""

_BLANK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
_NUMBER = re.compile(r"[$€£]?\b\d[\d.,:/]*\b%?")
_DIGEST = attrgetter("digest")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\s*\n+\s*")


def blanked(template: str) -> str:
    """A template's own words: fields and tags are taken out, the text inside loops and conditions stays."""
    return re.sub(r"\s+", " ", _BLANK.sub(" ", template)).strip()


def pieces(draft: str) -> list[str]:
    """What of a draft is searched for: the whole, each sentence, and each of these without its numbers.

    Args:
        draft: The draft message, of any length.

    Returns:
        Different texts in the order of the draft; a response counts by the one that is nearest to it.
    """
    found = [draft, *_SENTENCE.split(draft)]
    bare = [_NUMBER.sub(" ", piece) for piece in found]
    return list(dict.fromkeys(" ".join(piece.split()) for piece in (*found, *bare) if piece.strip()))


class LexicalIndex:
    """Scores canned responses by how near their wording is to a draft's. See `engine.index.base.ResponseIndex`."""

    def __init__(self) -> None:
        self._index = TextIndex()
        self._texts: list[str] = []
        self._starts = array("q")
        self._places: dict[str, int] = {}
        self._far: list[Hit] = []
        self._adding = Lock()

    @property
    def embeddings(self) -> str:
        """The name of these embeddings."""
        return "lexical"

    @property
    def threshold(self) -> float:
        """The score from which a response counts as near."""
        return THRESHOLD

    async def search(self, draft: str, responses: Sequence[CannedResponse]) -> list[Hit]:
        """Score responses against a draft.

        Args:
            draft: The draft message; of a long one the best sentence counts.
            responses: The responses in scope; what is new among them is indexed first.

        Returns:
            One hit for each response, in the order given. Scores lie between 0 and 1, rounded to 4 decimals.
        """
        return self.score(draft, responses)

    def score(self, draft: str, responses: Sequence[CannedResponse]) -> list[Hit]:
        """The same as `search`, without waiting; one thread at a time adds to the index."""
        with self._adding:
            return self._score(draft, responses)

    def _score(self, draft: str, responses: Sequence[CannedResponse]) -> list[Hit]:
        for response in responses:
            if response.digest not in self._places:
                self._add(response)
        hits = self._far.copy()
        for place, hit in self._near(pieces(draft)):
            hits[place] = hit
        places = map(self._places.__getitem__, map(_DIGEST, responses))
        return list(map(hits.__getitem__, places))

    def _near(self, queries: Sequence[str]) -> Iterator[tuple[int, Hit]]:
        """The hits of all indexed responses that score `FLOOR` or more, by their places."""
        import numpy

        if not self._texts:
            return
        cosines = numpy.maximum.reduce([numpy.zeros(len(self._texts)), *map(self._index.cosines, queries)])
        starts = numpy.frombuffer(self._starts, "q")
        best = numpy.maximum.reduceat(cosines, starts)
        rounded = numpy.rint(cosines * 10_000)
        sizes = numpy.diff(starts, append=len(self._texts))
        behind = rounded < numpy.repeat(numpy.rint(best * 10_000), sizes)
        nearest = numpy.minimum.reduceat(numpy.arange(len(self._texts)) + behind * len(self._texts), starts)
        places = numpy.flatnonzero(best >= FLOOR)
        for place, cosine, row in zip(places.tolist(), best[places].tolist(), nearest[places].tolist(), strict=True):
            yield place, Hit(self._far[place].name, min(1.0, round(cosine, 4)), self._texts[row])

    def _add(self, response: CannedResponse) -> None:
        texts = [text for text in map(blanked, (response.template, *response.signals)) if text] or [""]
        self._places[response.digest] = len(self._far)
        self._far.append(Hit(response.name, 0.0, texts[0]))
        self._starts.append(len(self._texts))
        for text in dict.fromkeys(texts):
            self._texts.append(text)
            self._index.add(text)
