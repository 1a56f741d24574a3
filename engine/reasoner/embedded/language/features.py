"""Texts as vectors: stemmed words, pairs of neighbouring words and the letters of words, weighted by how rare they are.

The three kinds of feature are normalised one by one and then joined, so that the cosine of two texts is the weighted
mean of how alike their words, their pairs and their letters are. Letters (the 3-, 4- and 5-grams inside a word) keep a
typo near the word that was meant. Weights come from a table that is shipped with the package (`frequency.txt`), never
from the texts at hand: what one condition says cannot move the score of another.

    vector("where's my order") · vector("my order hasn't arrived")  ->  cosine(a, b)
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from engine.reasoner.embedded.language.stemming import stem

Vector = Mapping[str, float]
"""Weights by feature, of length 1 (empty for a text without words): stems, pairs of stems with a blank between them,
and letters after `c:`."""

WORD_SHARE, PAIR_SHARE, LETTER_SHARE = 0.46, 0.27, 0.27
"""How much words, pairs and letters count in a cosine; they add up to 1.

A word weighs the square root of its rarity: with the rarity itself, one rare noun (the goods that an agent sells) would
drown the frequent words that tell `where is my X` from `I'd like an X`.
"""

MOST_WORDS = 400
"""Of a longer text the first and the last half of this many words count."""

_WEIGHT_OF_BAND = (0.35, 0.9, 1.6, 2.6, 3.6)
_WEIGHT_OF_UNKNOWN = 4.6
_LETTERS_FROM_WEIGHT = 1.0
_SHORT_TEXT = 1_000
_SHORTEST_TYPO = 5
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:/]\d+)*|\w+")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_ENDINGS = {"'re": "are", "'m": "am", "'ll": "will", "'ve": "have", "'d": "would", "'s": ""}
_SPELLINGS = {
    "can't": "can not",
    "cannot": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "ain't": "is not",
    "cant": "can not",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "arent": "are not",
    "wasnt": "was not",
    "werent": "were not",
    "havent": "have not",
    "hasnt": "has not",
    "hadnt": "had not",
    "couldnt": "could not",
    "wouldnt": "would not",
    "shouldnt": "should not",
    "wont": "will not",
    "aint": "is not",
    "im": "i am",
    "ive": "i have",
    "youre": "you are",
    "theyre": "they are",
    "whats": "what",
    "wheres": "where",
    "whens": "when",
    "hows": "how",
    "thats": "that",
    "u": "you",
    "ur": "your",
    "r": "are",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "tomoro": "tomorrow",
    "acct": "account",
    "appt": "appointment",
    "msg": "message",
    "hrs": "hours",
    "mins": "minutes",
    "bc": "because",
    "cuz": "because",
    "pls": "please",
    "plz": "please",
    "plse": "please",
    "thx": "thanks",
    "thnx": "thanks",
    "tnx": "thanks",
    "wanna": "want to",
    "gonna": "going to",
    "gotta": "got to",
    "gimme": "give me",
    "lemme": "let me",
    "dunno": "do not know",
    "idk": "i do not know",
}


def words(text: str) -> list[str]:
    """The words of a text in lower case, with contractions and chat spellings written out.

    `I can't, it's 3,50 pls` gives `i can not it 3,50 please`. No spelling is corrected and no synonym is used.

    Args:
        text: Any text.

    Returns:
        The words in their order; of very long texts the first and last `MOST_WORDS // 2`.
    """
    return list(_words_of_short(text) if len(text) <= _SHORT_TEXT else _words_of(text))


def _words_of(text: str) -> tuple[str, ...]:
    found = tuple(part for token in _tokens(text) for part in _written_out(token))
    if len(found) > MOST_WORDS:
        return found[: MOST_WORDS // 2] + found[-MOST_WORDS // 2 :]
    return found


_words_of_short = lru_cache(maxsize=8_192)(_words_of)


def _tokens(text: str) -> list[str]:
    most = MOST_WORDS * 40
    if len(text) > most:
        text = f"{text[: most // 2]} {text[-most // 2 :]}"
    return _TOKEN.findall(text.translate(_APOSTROPHES).lower())


@lru_cache(maxsize=20_000)
def _written_out(token: str) -> tuple[str, ...]:
    if token in _SPELLINGS:
        return tuple(_SPELLINGS[token].split())
    if "'" not in token:
        return (token,)
    if token.endswith("n't"):
        return (token[:-3], "not")
    for ending, instead in _ENDINGS.items():
        if token.endswith(ending):
            return (token[: -len(ending)], instead) if instead else (token[: -len(ending)],)
    return tuple(part for part in token.split("'") if part)


def stems(text: str) -> list[str]:
    """The stems of a text's words, in their order; one-letter typos of frequent words are put right."""
    return [stem(respelled(word)) for word in words(text)]


@cache
def _listed() -> Mapping[str, int]:
    """The words of the shipped table to bands, 0 the most frequent."""
    found: dict[str, int] = {}
    for line in Path(__file__).with_name("frequency.txt").read_text("utf-8").splitlines():
        band, _, listed = line.partition(":")
        if band.isdigit():
            for word in listed.split():
                found.setdefault(word, int(band))
    return found


@cache
def _bands() -> Mapping[str, int]:
    """Stems to bands; a stem is as frequent as its most frequent word."""
    found: dict[str, int] = {}
    for word, band in _listed().items():
        found[stem(word)] = min(band, found.get(stem(word), band))
    return found


def _one_letter_less(word: str) -> Iterator[str]:
    yield from (word[:place] + word[place + 1 :] for place in range(len(word)))


@cache
def _spelled_alike() -> Mapping[str, tuple[str, ...]]:
    """Words of the table by what remains of them without any one letter (symmetric deletion)."""
    found: dict[str, list[str]] = {}
    for word in _listed():
        if len(word) >= _SHORTEST_TYPO:
            for key in dict.fromkeys((word, *_one_letter_less(word))):
                found.setdefault(key, []).append(word)
    return {key: tuple(listed) for key, listed in found.items()}


def _one_typo_apart(one: str, other: str) -> bool:
    """Whether one letter more, less or different, or two letters swapped, makes one word the other."""
    if len(one) > len(other):
        one, other = other, one
    start = next((place for place, letter in enumerate(one) if letter != other[place]), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    swapped = one[:start] + one[start + 1 : start + 2] + one[start : start + 1] + one[start + 2 :]
    return one[start + 1 :] == other[start + 1 :] or swapped == other


@lru_cache(maxsize=20_000)
def respelled(word: str) -> str:
    """A frequent word that is one typo away from an unknown one, else the word as it is.

    Only words of five letters and more that keep their first letter: `balnce` gives `balance`, `pepsi` stays.

    Args:
        word: One word in lower case.

    Returns:
        The word, or the more frequent (then alphabetically first) word it is a typo of.
    """
    if len(word) < _SHORTEST_TYPO or not word.isalpha() or stem(word) in _bands():
        return word
    index = _spelled_alike()
    near = {found for key in (word, *_one_letter_less(word)) for found in index.get(key, ())}
    fitting = [found for found in near if found[0] == word[0] and _one_typo_apart(word, found)]
    return min(fitting, key=lambda found: (_listed()[found], found), default=word)


@lru_cache(maxsize=50_000)
def rarity(stemmed: str) -> float:
    """How much a stem says: about 0.4 for `the`, 2 for `order`, 4.6 for a word that the shipped table does not know.

    Args:
        stemmed: A stem as `stem` gives it.

    Returns:
        The weight, in the scale of an inverse document frequency (natural logarithm).
    """
    if not any(letter.isalpha() for letter in stemmed):
        return _WEIGHT_OF_BAND[-1]
    band = _bands().get(stemmed)
    return _WEIGHT_OF_UNKNOWN if band is None else _WEIGHT_OF_BAND[band]


def _grams(word: str) -> Iterator[str]:
    bounded = f"^{word}$"
    for size in (3, 4, 5):
        for start in range(len(bounded) - size + 1):
            yield bounded[start : start + size]


@lru_cache(maxsize=20_000)
def letters_of(word: str) -> tuple[tuple[str, float], ...]:
    """The letter features of a word, all of one weight, together as long as the word weighs.

    Args:
        word: One word in lower case.

    Returns:
        Its 3-, 4- and 5-grams with their weight; none for very common words and for numbers.
    """
    weight = math.sqrt(rarity(stem(word)))
    if weight < _LETTERS_FROM_WEIGHT or not word.isalpha():
        return ()
    grams = sorted(set(_grams(word)))
    each = weight / math.sqrt(len(grams)) if grams else 0.0
    return tuple((f"c:{gram}", each) for gram in grams)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the vector of a text is made of.

    Attributes:
        stems: The weight of each stem.
        pairs: The weight of each pair of neighbouring stems.
        letters: The weight of each letter feature, added up over the words.
        words: The different words that have letter features.
        factors: What the weights of stems, pairs and letters are multiplied by in a vector of length 1.
    """

    stems: Mapping[str, float]
    pairs: Mapping[str, float]
    letters: Mapping[str, float]
    words: tuple[str, ...]
    factors: tuple[float, float, float]


def parts_of(text: str) -> Parts:
    """Take a text apart into weighted stems, pairs and letters."""
    spoken = [respelled(word) for word in words(text)]
    stemmed = [stem(word) for word in spoken]
    rarities = [rarity(one) for one in stemmed]
    single = dict(zip(stemmed, map(math.sqrt, rarities), strict=True))
    pairs = {
        f"{stemmed[place]} {stemmed[place + 1]}": (rarities[place] * rarities[place + 1]) ** 0.25
        for place in range(len(stemmed) - 1)
    }
    letters: dict[str, float] = {}
    lettered: list[str] = []
    for word in dict.fromkeys(spoken):
        own = letters_of(word)
        if own:
            lettered.append(word)
            for feature, weight in own:
                letters[feature] = letters.get(feature, 0.0) + weight
    factors = _factors(((single, WORD_SHARE), (pairs, PAIR_SHARE), (letters, LETTER_SHARE)))
    return Parts(single, pairs, letters, tuple(lettered), factors)


def _factors(blocks: tuple[tuple[dict[str, float], float], ...]) -> tuple[float, float, float]:
    """What makes one vector of length 1 of the blocks, in which each block that is not empty has its share."""
    shares = math.fsum(share for block, share in blocks if block)
    one, other, third = (
        math.sqrt(share / shares / math.fsum([weight * weight for weight in block.values()])) if block else 0.0
        for block, share in blocks
    )
    return one, other, third


@lru_cache(maxsize=2_048)
def vector(text: str) -> Vector:
    """The features of a text, weighted and normalised; the same text gives the same object while it is remembered.

    Args:
        text: Any text.

    Returns:
        A vector of length 1; empty when the text has no words.
    """
    parts = parts_of(text)
    blocks = zip((parts.stems, parts.pairs, parts.letters), parts.factors, strict=True)
    return {feature: weight * factor for block, factor in blocks for feature, weight in block.items()}


def cosine(one: Vector, other: Vector) -> float:
    """How alike two vectors are: 0 for nothing in common, 1 for the same; rounded to 4 decimals."""
    if len(one) > len(other):
        one, other = other, one
    total = math.fsum(weight * other[feature] for feature, weight in one.items() if feature in other)
    return round(min(1.0, total), 4)


def likeness(one: str, other: str) -> float:
    """How alike two texts are in words and letters, between 0 and 1, rounded to 4 decimals."""
    return cosine(vector(one), vector(other))
