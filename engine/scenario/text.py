"""How a scenario writes text that is expected: exact, with ellipses, as a regular expression, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

_ELLIPSES = frozenset({"...", "…"})
_EDGE = re.compile(r"\w")


def fold(text: str) -> str:
    """Text with every run of white space as one blank, and none at its ends."""
    return " ".join(text.split())


@dataclass(frozen=True)
class TextPattern:
    """One expected text.

    `exact` compares with white space folded; `pieces` holds the words between ellipses, which must occur in this
    order as whole words; `regex` searches; `none` expects no text at all.
    """

    written: str
    how: Literal["exact", "pieces", "regex", "none"]

    def __str__(self) -> str:
        """The pattern as the scenario writes it."""
        return self.written

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The regular expression that does the work (for every kind but `none`)."""
        if self.how == "regex":
            return re.compile(self.written[1:-1])
        if self.how == "pieces":
            return _ellipsis_regex(self.written)
        return re.compile(re.escape(fold(self.written)))

    def fits(self, text: str) -> bool:
        """Whether a text is as expected; `none` fits no text."""
        if self.how == "none":
            return False
        if self.how == "exact":
            return fold(text) == fold(self.written)
        if self.how == "pieces":
            return self.compiled.fullmatch(fold(text)) is not None
        return self.compiled.search(text) is not None


def parse_text(written: str) -> TextPattern:
    """Read an expected text.

    Args:
        written: `none`, `/regex/`, words with `...` as words of their own, or the exact text.

    Raises:
        ValueError: When it is a regular expression that cannot be read; the message says where.
    """
    folded = fold(written)
    if folded == "none":
        return TextPattern(written, "none")
    if len(folded) > 2 and folded.startswith("/") and folded.endswith("/"):
        return _regex(written.strip())
    if any(word in _ELLIPSES for word in folded.split(" ")):
        return TextPattern(written, "pieces")
    return TextPattern(written, "exact")


def _regex(written: str) -> TextPattern:
    try:
        re.compile(written[1:-1])
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"{written} is no regular expression: {error}") from None
    return TextPattern(written, "regex")


def _ellipsis_regex(written: str) -> re.Pattern[str]:
    pattern = ""
    words: list[str] = []
    for word in fold(written).split(" "):
        if word not in _ELLIPSES:
            words.append(word)
            continue
        pattern += _whole_words(" ".join(words)) + ".*"
        words = []
    return re.compile(pattern + _whole_words(" ".join(words)), re.DOTALL)


def _whole_words(piece: str) -> str:
    if not piece:
        return ""
    before = r"(?<!\w)" if _EDGE.match(piece[0]) else ""
    after = r"(?!\w)" if _EDGE.match(piece[-1]) else ""
    return before + re.escape(piece) + after
