"""Scores of a message against a condition's examples, and the threshold from which it holds.

A score is half the mean of the three nearest examples and half the prototype (the cosine with their mean). Thresholds
come from the condition's own examples, each held out in turn, against the shipped background sentences: never from
other conditions, so that editing one condition moves no other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.reasoner.embedded.language.similarity import Similarity

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

FEW = 3
"""Fewer examples than this cannot be calibrated: the scale's fallback is used and the judgement is marked a guess."""

VERSION = "1"
"""What thresholds that are kept on disk depend on besides the texts: to be counted up with every change of a rule."""

_NEAREST = 3
_BELOW_NEAREST = 0.3
_BACKGROUND_QUANTILE = 0.985
_EXAMPLE_QUANTILE = 0.25


@dataclass(frozen=True, slots=True)
class Examples:
    """A condition's examples, numbered."""

    texts: tuple[str, ...]
    numbers: tuple[int, ...]


def prepare(texts: Sequence[str], similarity: Similarity) -> Examples:
    """Number examples, each once."""
    kept = tuple(dict.fromkeys(texts))
    return Examples(kept, tuple(similarity.number(text) for text in kept))


def length_of(examples: Examples, similarity: Similarity) -> float:
    """The length of the sum of the examples' vectors, from their own likenesses."""
    return _length(_pairs(examples.texts, similarity))


def _pairs(texts: Sequence[str], similarity: Similarity) -> list[list[float]]:
    known: dict[tuple[int, int], float] = {}
    for one in range(len(texts)):
        for other in range(one):
            known[other, one] = known[one, other] = similarity.between(texts[one], texts[other])
    return [[known.get((one, other), 1.0) for other in range(len(texts))] for one in range(len(texts))]


def _length(pairs: Sequence[Sequence[float]]) -> float:
    return math.sqrt(max(1e-12, math.fsum(math.fsum(row) for row in pairs)))


def score(likenesses: Sequence[float], length: float) -> float:
    """How near a message is to all examples together.

    Args:
        likenesses: Its likeness to each example.
        length: The length of the sum of the examples' vectors.

    Returns:
        Half the mean of the three nearest, half the prototype, and never far below the nearest alone, so that what
        is almost an example word for word holds however varied the examples are; 0 to 1, rounded to 4 decimals.
    """
    nearest = sorted(likenesses, reverse=True)[:_NEAREST]
    together = sum(nearest) / len(nearest) / 2 + sum(likenesses) / length / 2
    return round(min(1.0, max(together, nearest[0] - _BELOW_NEAREST)), 4)


def threshold(examples: Examples, similarity: Similarity) -> float:
    """The score from which a message counts as one of the examples' kind.

    Between what almost all background sentences stay under and what three quarters of the examples reach when they are
    held out; where these overlap, the background decides.

    Args:
        examples: The condition's examples.
        similarity: How near texts are.

    Returns:
        A score between the lowest and the highest of the similarity's scale; its fallback for less than `FEW` examples.
    """
    if len(examples.texts) < FEW:
        return similarity.scale.fallback
    scale = similarity.scale
    purpose = f"threshold {VERSION} {scale.lowest} {scale.highest} {scale.towards_examples}"
    return similarity.kept(purpose, examples.texts, lambda: _calibrated(examples, similarity))


def _calibrated(examples: Examples, similarity: Similarity) -> float:
    pairs = _pairs(examples.texts, similarity)
    ceiling = _background_ceiling(examples, _length(pairs), similarity)
    own = sorted(_held_out(pairs))
    floor = own[int(_EXAMPLE_QUANTILE * (len(own) - 1))]
    between = ceiling + max(0.0, floor - ceiling) * similarity.scale.towards_examples
    return round(min(similarity.scale.highest, max(similarity.scale.lowest, between)), 4)


def _background_ceiling(examples: Examples, length: float, similarity: Similarity) -> float:
    """What almost all background sentences stay under: the same sums as in `score`, for all of them at once."""
    import numpy

    columns = numpy.stack([similarity.to_background(text) for text in examples.texts])
    ranked = -numpy.sort(-columns, axis=0)
    nearest = _added(ranked[:_NEAREST]) / len(ranked[:_NEAREST]) / 2
    together = nearest + _added(columns) / length / 2
    found = numpy.minimum(1.0, numpy.maximum(together, ranked[0] - _BELOW_NEAREST))
    return round(float(numpy.sort(found)[int(_BACKGROUND_QUANTILE * (len(found) - 1))]), 4)


def _added(rows: NDArray[numpy.float64]) -> NDArray[numpy.float64]:
    """Rows added one after the other, as `sum` does."""
    total: NDArray[numpy.float64] = rows[0].copy()
    for row in rows[1:]:
        total += row
    return total


def _held_out(pairs: Sequence[Sequence[float]]) -> list[float]:
    """The score of each example against the others."""
    found = []
    for place, row in enumerate(pairs):
        rest = [like for other, like in enumerate(row) if other != place]
        others = [[like for b, like in enumerate(line) if b != place] for a, line in enumerate(pairs) if a != place]
        found.append(score(rest, _length(others)))
    return found
