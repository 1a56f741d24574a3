"""An inverted index over text vectors: one pass over the postings of a query gives its cosine with every text."""

from __future__ import annotations

from array import array

from engine.reasoner.embedded.features import Vector


class InvertedIndex:
    """Vectors by number, found by their features. Adding one costs its own features only."""

    def __init__(self) -> None:
        self._postings: dict[str, tuple[array[int], array[float]]] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, vector: Vector) -> int:
        """Add a vector and return its number; numbers count up from 0."""
        number = self._size
        for feature, weight in vector.items():
            postings = self._postings.get(feature)
            if postings is None:
                self._postings[feature] = array("l", (number,)), array("d", (weight,))
            else:
                postings[0].append(number)
                postings[1].append(weight)
        self._size += 1
        return number

    def cosines(self, vector: Vector) -> list[float]:
        """The cosine of a vector with every vector of the index, by number; not rounded."""
        found = [0.0] * self._size
        for feature, weight in vector.items():
            postings = self._postings.get(feature)
            if postings is not None:
                for number, other in zip(*postings, strict=True):
                    found[number] += weight * other
        return found
