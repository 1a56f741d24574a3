"""An inverted index over text vectors: one pass over the postings of a query gives its cosine with every text."""

from __future__ import annotations

from array import array

from engine.reasoner.embedded.features import Vector


class InvertedIndex:
    """Vectors by number, found by their features. Adding one costs its own features only."""

    def __init__(self) -> None:
        self._numbers: dict[str, array[int]] = {}
        self._weights: dict[str, array[float]] = {}
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, vector: Vector) -> int:
        """Add a vector and return its number; numbers count up from 0."""
        number = self._size
        for feature, weight in vector.items():
            if feature not in self._numbers:
                self._numbers[feature] = array("l")
                self._weights[feature] = array("d")
            self._numbers[feature].append(number)
            self._weights[feature].append(weight)
        self._size += 1
        return number

    def cosines(self, vector: Vector) -> list[float]:
        """The cosine of a vector with every vector of the index, by number; not rounded."""
        found = [0.0] * self._size
        for feature, weight in vector.items():
            numbers = self._numbers.get(feature)
            if numbers is not None:
                for number, other in zip(numbers, self._weights[feature], strict=True):
                    found[number] += weight * other
        return found
