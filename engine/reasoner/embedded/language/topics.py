"""How far a text is about a topic: which share of the topic's words it says, weighted by how rare they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from engine.reasoner.embedded.language.features import rarity, stems, words
from engine.reasoner.embedded.language.lexicon import stem_set
from engine.reasoner.embedded.language.stemming import related_to_any, roots_of_all, stem

HELD = 0.35
"""The score from which a text without examples counts as being about a topic."""

_TELLING = 0.8
_ALL_BUT_SAID = 0.5
_UNDERSPECIFIED = 0.4
_MATTERS = 1.5
_ASKING_WORDS = stem_set(
    "want need know tell help please can could would get have give show find check look question ask about info"
    " information details my there any what how where when why which who do does is are hi hello hey see like"
)
_SAYS_LITTLE = stem_set(
    "special specific particular current certain exact own existing general various different available kind type sort"
    " something anything thing details information customer user their they regarding related"
    " product item option choice way"
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of a topic that a text says (0 to 1), and the topic's stems that it says."""

    share: float
    said: frozenset[str]


@lru_cache(maxsize=8_192)
def weights(text: str) -> tuple[tuple[str, float], ...]:
    """The stems of a text with their rarity, each once; words that say nothing only where there are no others."""
    found = {one: rarity(one) for one in stems(text)}
    telling = {one: weight for one, weight in found.items() if weight >= _TELLING and one not in _SAYS_LITTLE}
    return tuple((telling or found).items())


@lru_cache(maxsize=2_048)
def text_stems(text: str) -> frozenset[str]:
    """The stems of a text."""
    return frozenset(stems(text))


def coverage(topic: str, said: frozenset[str]) -> Coverage:
    """Which share of a topic some stems say.

    Args:
        topic: The topic's words.
        said: The stems of a text (`text_stems`).

    Returns:
        The share and the stems of the topic that were said, literally or by a word of the same family.
    """
    parts = weights(topic)
    total = sum(weight for _, weight in parts)
    hit = {stem: weight for stem, weight in parts if related_to_any(stem, said)}
    return Coverage(round(sum(hit.values()) / total, 4) if total else 0.0, frozenset(hit))


def about(topic: str, text: str, likeness: float) -> tuple[float, frozenset[str]]:
    """How surely a text is about a topic: the square of the share it says, more where it says little else.

    Args:
        topic: The topic's words; of a topic of frequent words only, almost all have to be said in their order.
        text: One sentence or message.
        likeness: How alike both are (cosine).

    Returns:
        A score between 0 and 1, rounded to 4 decimals, and the topic's stems that the text says.
    """
    if _is_of_frequent_words(topic):
        return (likeness, text_stems(topic) & text_stems(text)) if likeness >= _ALL_BUT_SAID else (0.0, frozenset())
    found = coverage(topic, _stems_and_compounds(text))
    return round(found.share**2 * (0.5 + likeness / 2), 4), found.said


@lru_cache(maxsize=2_048)
def _stems_and_compounds(text: str) -> frozenset[str]:
    """The stems of a text, and of its neighbouring words written as one: `check out` is also `checkout`."""
    spoken = words(text)
    return text_stems(text) | {stem(one + other) for one, other in zip(spoken, spoken[1:], strict=False)}


@lru_cache(maxsize=8_192)
def could_say(text: str) -> frozenset[str]:
    """The roots of what a text says: a topic that has none of them (`roots_of_topics`) is not spoken of at all."""
    return roots_of_all(_stems_and_compounds(text))


@lru_cache(maxsize=16_384)
def roots_of_topics(topics: tuple[str, ...]) -> frozenset[str]:
    """The roots of the words by which any of some topics could be spoken of."""
    return roots_of_all(frozenset(one for topic in topics for one, _ in weights(topic)))


@lru_cache(maxsize=8_192)
def _is_of_frequent_words(topic: str) -> bool:
    return all(weight < _TELLING for _, weight in weights(topic))


@lru_cache(maxsize=8_192)
def tells(topic: str) -> bool:
    """Whether a topic has at least one word that says something."""
    return any(weight >= _TELLING and one not in _SAYS_LITTLE for one, weight in weights(topic))


@lru_cache(maxsize=8_192)
def says_little(topic: str) -> bool:
    """Whether a topic is one frequent word (`their order`), so that a text must be near it as a whole."""
    return sum(weight for _, weight in weights(topic)) < _MATTERS


def underspecified(topic: str, text: str) -> float:
    """How surely a question names a topic by its head alone, as `what are my limits?` does for `their atm limits`.

    Only where everything that the text says belongs to the topic; 0 otherwise.
    """
    parts = weights(topic)
    if not parts or len(parts) > 3:
        return 0.0
    head = parts[-1][0]
    said = telling_stems(text)
    if not related_to_any(head, said):
        return 0.0
    own = frozenset(stem for stem, _ in parts)
    return _UNDERSPECIFIED if all(related_to_any(stem, own) for stem in said) else 0.0


@lru_cache(maxsize=8_192)
def telling_stems(text: str) -> frozenset[str]:
    """The stems of a text that carry its meaning: what is neither frequent nor part of asking."""
    return frozenset(stem for stem in text_stems(text) if rarity(stem) >= _MATTERS and stem not in _ASKING_WORDS)
