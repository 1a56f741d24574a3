"""Canned responses by their wording: stemmed words, word pairs and letters. Needs no model and nothing to install.

Every template (its fields blanked) and every signal is a vector of its own; a response scores by the best of them.
Vectors are kept by content: an edit of one response indexes that one alone.

An inverted index adds up, feature by feature, what a draft has in common with every text. In a large index numpy does
the adding where it is installed: the same additions in the same order, so the scores are the same to the last bit.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from importlib.util import find_spec

from engine.agent.model import CannedResponse
from engine.index.base import Hit
from engine.reasoner.embedded.features import Vector, vector

THRESHOLD = 0.3
"""The score from which a response counts as near.

Calibrated on the pairs of `tests/reasoner/embedded/data/fits.tsv` that say the same: all but one or two of them lie
above it, and of all the other pairings of their drafts and responses less than three in a hundred do.
"""

FLOOR = 0.1
"""Below this, texts have nothing in common but the commonest words; such a score counts as 0."""

MANY_TEXTS = 3_000
"""The number of texts from which numpy is worth its import."""

_BLANK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.S)
_NUMBER = re.compile(r"[$€£]?\b\d[\d.,:/]*\b%?")
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


_Postings = dict[str, tuple["array[int]", "array[float]"]]
"""For each feature the numbers of the texts that have it, and its weight in each."""


class LexicalIndex:
    """Scores canned responses by how near their wording is to a draft's. See `engine.index.base.ResponseIndex`."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._row_of: dict[str, int] = {}
        self._rows_with: dict[str, tuple[array[int], array[float]]] = {}
        self._used_by: list[list[str]] = []
        self._far: dict[str, Hit] = {}

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
        """The same as `search`, without waiting."""
        digests = [response.digest for response in responses]
        for response, digest in zip(responses, digests, strict=True):
            if digest not in self._far:
                self._add(response)
        near = self._near([vector(piece) for piece in pieces(draft)])
        far = self._far
        return [near.get(digest) or far[digest] for digest in digests]

    def _near(self, queries: Sequence[Vector]) -> dict[str, Hit]:
        """The hits of all indexed responses that score `FLOOR` or more, by digest."""
        compare = _compare_many if len(self._texts) >= MANY_TEXTS and find_spec("numpy") else _compare
        near: dict[str, Hit] = {}
        for row, cosine in compare(queries, self._rows_with, len(self._texts)):
            score = min(1.0, round(cosine, 4))
            for digest in self._used_by[row]:
                if digest not in near or score > near[digest].score:
                    near[digest] = Hit(self._far[digest].name, score, self._texts[row])
        return near

    def _add(self, response: CannedResponse) -> None:
        texts = [text for text in map(blanked, (response.template, *response.signals)) if text] or [""]
        self._far[response.digest] = Hit(response.name, 0.0, texts[0])
        for text in dict.fromkeys(texts):
            self._used_by[self._row(text)].append(response.digest)

    def _row(self, text: str) -> int:
        """The number of a text, which is indexed when it is new."""
        row = self._row_of.get(text)
        if row is None:
            row = self._row_of[text] = len(self._texts)
            self._texts.append(text)
            self._used_by.append([])
            for feature, weight in vector(text).items():
                rows, weights = self._rows_with.setdefault(feature, (array("q"), array("d")))
                rows.append(row)
                weights.append(weight)
        return row


def _compare(queries: Sequence[Vector], rows_with: _Postings, count: int) -> list[tuple[int, float]]:
    """The texts, in their order, whose best cosine with any of the queries is `FLOOR` or more, with it."""
    best = [0.0] * count
    for query in queries:
        scores = [0.0] * count
        for feature, weight in query.items():
            for row, other in zip(*rows_with.get(feature, ((), ())), strict=True):
                scores[row] += weight * other
        best = list(map(max, best, scores))
    return [(row, score) for row, score in enumerate(best) if score >= FLOOR]


def _compare_many(queries: Sequence[Vector], rows_with: _Postings, count: int) -> list[tuple[int, float]]:
    """The same as `_compare`, by numpy: a text is at most once in a feature's rows, so adding by rows is exact."""
    import numpy

    best = numpy.zeros(count)
    for query in queries:
        scores = numpy.zeros(count)
        for feature, weight in query.items():
            found = rows_with.get(feature)
            if found:
                scores[numpy.array(found[0])] += weight * numpy.array(found[1])
        best = numpy.maximum(best, scores)
    near = numpy.flatnonzero(best >= FLOOR)
    return list(zip(near.tolist(), best[near].tolist(), strict=True))
