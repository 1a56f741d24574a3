"""Word stems after Porter: `refunds`, `refunded` and `refunding` become one word.

Source: M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980), pp. 130-137. Words with digits, words
shorter than three letters and words in other alphabets stay as they are. As in its successor (Porter 2), a final y
becomes i only after a consonant, so that `pay` stays near `payment`.
"""

from __future__ import annotations

from functools import lru_cache

_VOWELS = frozenset("aeiou")

_STEP_2 = (
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("abli", "able"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
)
_STEP_3 = (
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
)
_STEP_4 = (
    *("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment"),
    *("ent", "sion", "tion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"),
)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word in lower case; `orders` and `ordering` give `order`.

    Args:
        word: One word in lower case.

    Returns:
        Its stem, which need not be a word itself (`policy` gives `polici`).
    """
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    word = _plural(word)
    word = _past_and_progressive(word)
    if word.endswith("y") and len(word) > 2 and _consonant(word, len(word) - 2):
        word = word[:-1] + "i"
    word = _replaced(word, _STEP_2)
    word = _replaced(word, _STEP_3)
    word = _without_last_suffix(word)
    return _tidied(word)


def _consonant(word: str, place: int) -> bool:
    if word[place] in _VOWELS:
        return False
    if word[place] == "y":
        return place == 0 or not _consonant(word, place - 1)
    return True


def _measure(stem_so_far: str) -> int:
    """Porter's m: how often a vowel is followed by a consonant."""
    kinds = [_consonant(stem_so_far, place) for place in range(len(stem_so_far))]
    return sum(1 for before, after in zip(kinds, kinds[1:], strict=False) if not before and after)


def _has_vowel(stem_so_far: str) -> bool:
    return any(not _consonant(stem_so_far, place) for place in range(len(stem_so_far)))


def _doubled(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _consonant(word, len(word) - 1)


def _short_syllable(word: str) -> bool:
    """Consonant, vowel, consonant at the end, the last none of w, x, y."""
    end = len(word) - 1
    return (
        end >= 2
        and _consonant(word, end)
        and not _consonant(word, end - 1)
        and _consonant(word, end - 2)
        and word[end] not in "wxy"
    )


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past_and_progressive(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    for suffix in ("ed", "ing"):
        if word.endswith(suffix) and _has_vowel(word[: -len(suffix)]):
            return _restored(word[: -len(suffix)])
    return word


def _restored(word: str) -> str:
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if _doubled(word) and word[-1] not in "lsz":
        return word[:-1]
    return word + "e" if _measure(word) == 1 and _short_syllable(word) else word


def _replaced(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for suffix, instead in endings:
        if word.endswith(suffix):
            kept = word[: -len(suffix)]
            return kept + instead if _measure(kept) else word
    return word


def _without_last_suffix(word: str) -> str:
    for suffix in sorted(_STEP_4, key=len, reverse=True):
        if word.endswith(suffix):
            kept = word[: -len(suffix)] + (suffix[0] if suffix in ("sion", "tion") else "")
            return kept if _measure(kept) > 1 else word
    return word


def _tidied(word: str) -> str:
    if word.endswith("e"):
        kept = word[:-1]
        if _measure(kept) > 1 or (_measure(kept) == 1 and not _short_syllable(kept)):
            word = kept
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word


_SHORTEST_ROOT = 3
_DERIVED = frozenset(
    (
        "ment",
        "er",
        "or",
        "ion",
        "ation",
        "eri",
        "ery",
        "i",
        "al",
        "ance",
        "enc",
        "anc",
        "ence",
        "abl",
        "ibl",
        "iv",
        "age",
    )
    + ("ist", "iti", "ful", "less", "ship", "ed", "ing", "s", "e", "r")
)


@lru_cache(maxsize=50_000)
def roots(stemmed: str) -> frozenset[str]:
    """A stem and the shorter stems that it continues by a suffix."""
    shorter = (stemmed[:place] for place in range(_SHORTEST_ROOT, len(stemmed)) if stemmed[place:] in _DERIVED)
    return frozenset((stemmed, *shorter))


@lru_cache(maxsize=8_192)
def roots_of_all(stems: frozenset[str]) -> frozenset[str]:
    """The roots of all of some stems: sets of stems whose roots have nothing in common are not related at all."""
    return frozenset().union(*map(roots, stems))


def related(one: str, other: str) -> bool:
    """Whether two stems are of one family: equal, or one continues the other by a suffix (`deliv`, `deliveri`)."""
    return one in roots(other) or other in roots(one)


def related_to_any(one: str, others: frozenset[str]) -> bool:
    """Whether a stem is of one family with any of some others."""
    return one in roots_of_all(others) or not others.isdisjoint(roots(one))
