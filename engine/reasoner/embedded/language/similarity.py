"""How near texts are to each other: the seam at which sentence embeddings can be mixed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.reasoner.embedded.language.features import cosine, vector
from engine.reasoner.embedded.language.text_index import TextIndex

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

_REMEMBERED = 24


@dataclass(frozen=True, slots=True)
class Scale:
    """What the scores of one kind of similarity mean; a score of words and one of meanings are not the same.

    Attributes:
        lowest: What a threshold is at least; a score below it needs no calibration at all.
        highest: What a threshold is at most.
        towards_examples: How far a threshold lies on the way from what background sentences stay under to what examples
            reach, between 0 and 1.
        fallback: The threshold where there are too few examples to calibrate one.
        itself: The threshold where there are no examples, and messages are compared with the condition itself.
        at_all_near: A condition none of whose texts is nearer than this to anything said cannot hold by nearness.
        near_by_itself: How near a counterexample must be to take back what a conversational act shows.
        beside: How near the examples must be where a condition's own words are what decides.
        by_meaning: Whether texts without a word in common can be near.
    """

    lowest: float
    highest: float
    towards_examples: float
    fallback: float
    itself: float
    at_all_near: float
    near_by_itself: float
    beside: float
    by_meaning: bool


class Similarity(Protocol):
    """Nearness of texts. Texts are numbered once and then compared by number; scores lie between 0 and 1."""

    @property
    def embeddings(self) -> str:
        """Which embeddings, e.g. `lexical`."""
        ...

    @property
    def scale(self) -> Scale:
        """What its scores mean."""
        ...

    @property
    def waits(self) -> bool:
        """Whether it waits for somebody else (a server), and so is to be called in a thread of its own."""
        ...

    @property
    def words(self) -> Similarity:
        """Nearness by words alone, with numbers of its own: what a condition's own words are compared by."""
        ...

    def hear(self, texts: Sequence[str]) -> None:
        """Take notice of the texts that will be compared next: what can be done for all of them at once is done."""
        ...

    def number(self, text: str) -> int:
        """The number of a text; a new text gets the next one."""
        ...

    def to_numbered(self, text: str) -> Sequence[float]:
        """How near a text is to every numbered text, by number."""
        ...

    def nearer(self, text: str, than: float) -> frozenset[int]:
        """The numbers of the texts that a text is nearer to than this."""
        ...

    def to_background(self, text: str) -> NDArray[numpy.float64]:
        """How near a text is to every background sentence, in their order."""
        ...

    def between(self, one: str, other: str) -> float:
        """How near two texts are."""
        ...

    def ordinary(self, text: str, examples: Sequence[str]) -> float:
        """What a threshold is raised (or lowered) by for a text that is like what is said anywhere of other things."""
        ...

    def says(self, pieces: Sequence[str], texts: Sequence[str]) -> Sequence[float]:
        """For each text, how surely one of the pieces says the same in other words, in the scale of words."""
        ...

    def kept(self, purpose: str, texts: Sequence[str], made: Callable[[], float]) -> float:
        """A number that depends on nothing but some texts and this similarity, made only if it is not kept already."""
        ...


@cache
def background() -> tuple[str, ...]:
    """Sentences that customers write to businesses of all kinds, shipped with the package."""
    return tuple(Path(__file__).with_name("background.txt").read_text("utf-8").splitlines())


class LexicalSimilarity:
    """Nearness by words, pairs and letters; needs nothing but what is shipped."""

    embeddings = "lexical"
    waits = False
    scale = Scale(
        lowest=0.25,
        highest=0.4,
        towards_examples=0.5,
        fallback=0.25,
        itself=0.25,
        at_all_near=0.15,
        near_by_itself=0.5,
        beside=0.0,
        by_meaning=False,
    )

    def __init__(self) -> None:
        self._numbered: dict[str, int] = {}
        self._index = TextIndex()
        self._background: TextIndex | None = None
        self._remembered: dict[str, list[float]] = {}
        self._near: dict[tuple[str, float], frozenset[int]] = {}

    @property
    def words(self) -> LexicalSimilarity:
        """Itself."""
        return self

    def hear(self, texts: Sequence[str]) -> None:
        """Nothing: words are compared one text at a time."""

    def number(self, text: str) -> int:
        """The number of a text; a new text is indexed."""
        if text not in self._numbered:
            self._numbered[text] = self._index.add(text)
            self._remembered.clear()
            self._near.clear()
        return self._numbered[text]

    def to_numbered(self, text: str) -> Sequence[float]:
        """The cosines of a text with every numbered text; those of the last few texts are remembered."""
        if text not in self._remembered:
            if len(self._remembered) >= _REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[text] = self._index.cosines(text).tolist()
        return self._remembered[text]

    def nearer(self, text: str, than: float) -> frozenset[int]:
        """The numbers of the texts whose cosine with a text is greater than this."""
        key = (text, than)
        if key not in self._near:
            if len(self._near) >= _REMEMBERED:
                del self._near[next(iter(self._near))]
            likenesses = self.to_numbered(text)
            self._near[key] = frozenset(number for number, likeness in enumerate(likenesses) if likeness > than)
        return self._near[key]

    def to_background(self, text: str) -> NDArray[numpy.float64]:
        """The cosines of a text with the background sentences."""
        if self._background is None:
            self._background = TextIndex()
            for sentence in background():
                self._background.add(sentence)
        return self._background.cosines(text)

    def between(self, one: str, other: str) -> float:
        """The cosine of two texts."""
        return cosine(vector(one), vector(other))

    def ordinary(self, text: str, examples: Sequence[str]) -> float:
        """Nothing: frequent words weigh little already."""
        return 0.0

    def says(self, pieces: Sequence[str], texts: Sequence[str]) -> Sequence[float]:
        """Nothing: other words are other words."""
        return [0.0] * len(texts)

    def kept(self, purpose: str, texts: Sequence[str], made: Callable[[], float]) -> float:
        """The number, made anew: that takes no longer than looking it up."""
        return made()
