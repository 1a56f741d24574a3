"""Texts by number, and how near each of them is to a query, all at once.

A cosine is a sum over words, pairs and letters (see `features`), and what a feature weighs in a text is its own weight
times one factor of that text. So a text is kept as three sets of numbers and three factors, and letters are compared
once for each different word, not for each text. Every sum is made in one fixed order, so that the
same texts give the same numbers on any machine.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from engine.reasoner.embedded.language.features import letters_of, parts_of

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Numbers = NDArray[numpy.float64]


class _Sets:
    """Sets of features, each with a factor. Features are numbered from 1; 0 is in every set, so that none is empty."""

    def __init__(self) -> None:
        self._number: dict[str, int] = {}
        self._members = array("q")
        self._starts = array("q")
        self._factors = array("d")

    def add(self, features: Iterable[str], factor: float) -> list[str]:
        """Add a set, and answer which of its features are new."""
        number, new = self._number, []
        members = [0]
        for feature in features:
            known = number.get(feature)
            if known is None:
                known = number[feature] = len(number) + 1
                new.append(feature)
            members.append(known)
        self._starts.append(len(self._members))
        self._members.extend(members)
        self._factors.append(factor)
        return new

    def sums_of(self, query: Mapping[str, float]) -> Numbers:
        """What the query's weights of the features of each set add up to, times its factor."""
        import numpy

        weights = numpy.zeros(len(self._number) + 1)
        for feature, weight in query.items():
            number = self._number.get(feature)
            if number is not None:
                weights[number] = weight
        return self.sums(weights)

    def sums(self, weights: Numbers) -> Numbers:
        """The same, with the weights by the numbers of the features."""
        import numpy

        if not self._starts:
            return numpy.zeros(0)
        members, starts = numpy.frombuffer(self._members, "q"), numpy.frombuffer(self._starts, "q")
        found: Numbers = numpy.add.reduceat(weights.take(members), starts) * numpy.frombuffer(self._factors)
        return found


class TextIndex:
    """Numbered texts. Adding one costs what is in it; comparing a text with all of them is one pass over them."""

    def __init__(self) -> None:
        self._stems, self._pairs, self._words = _Sets(), _Sets(), _Sets()
        self._letters = _Sets()
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, text: str) -> int:
        """Add a text and return its number; numbers count up from 0."""
        parts = parts_of(text)
        by_stem, by_pair, by_letter = parts.factors
        self._stems.add(parts.stems, by_stem)
        self._pairs.add(parts.pairs, by_pair)
        for word in self._words.add(parts.words, by_letter):
            letters = letters_of(word)
            self._letters.add((gram for gram, _ in letters), letters[0][1])
        self._size += 1
        return self._size - 1

    def cosines(self, text: str) -> Numbers:
        """The cosine of a text with every text of the index, by number; not rounded."""
        import numpy

        parts = parts_of(text)
        by_stem, by_pair, by_letter = parts.factors
        found = self._stems.sums_of({stem: weight * weight * by_stem for stem, weight in parts.stems.items()})
        found += self._pairs.sums_of({pair: weight * weight * by_pair for pair, weight in parts.pairs.items()})
        by_word = self._letters.sums_of({gram: weight * by_letter for gram, weight in parts.letters.items()})
        found += self._words.sums(numpy.concatenate((numpy.zeros(1), by_word)))
        return found
