"""Two texts beside each other, with the words that only one of them has marked by a line and by a colour."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import zip_longest

from textual.content import Content

from studio.inspector.entries import BAD, GOOD, QUIET, clean

REMOVED, ADDED = f"{BAD} strike", f"{GOOD} underline"
MOST_WORDS = 1200
"""Up to how many words two texts are compared word by word; longer ones sentence by sentence."""

_WORDS = re.compile(r"\w+(?:['’\-]\w+)*|[^\w\s]|\s+")
_SENTENCES = re.compile(r"[^.!?\n]+[.!?\n]*\s*|[.!?\n]+\s*")


@lru_cache(maxsize=32)
def compared(draft: str, sent: str) -> tuple[Content, Content]:
    """Mark what differs.

    Args:
        draft: The text before.
        sent: The text after.

    Returns:
        The text before with what is gone struck out, and the text after with what is new underlined.
    """
    draft, sent = clean(draft), clean(sent)
    before, after = _pieces(draft), _pieces(sent)
    if len(before) + len(after) > MOST_WORDS:
        before, after = _SENTENCES.findall(draft), _SENTENCES.findall(sent)
    gone, new = Content(""), Content("")
    for kind, first, past_first, second, past_second in _changes(before, after):
        old, fresh = "".join(before[first:past_first]), "".join(after[second:past_second])
        gone += Content(old) if kind == "equal" else _marked(old, REMOVED)
        new += Content(fresh) if kind == "equal" else _marked(fresh, ADDED)
    return gone, new


def side_by_side(left: Content, right: Content, width: int) -> Content:
    """Two texts in two columns with a line between them."""
    column = (width - 3) // 2
    line = Content.styled(" │ ", QUIET)
    rows = [
        (first or Content("")).truncate(column, pad=True) + line + (second or Content(""))
        for first, second in zip_longest(left.wrap(column), right.wrap(column))
    ]
    return Content("\n").join(rows)


def _pieces(text: str) -> list[str]:
    return _WORDS.findall(text)


def _marked(text: str, style: str) -> Content:
    """The text in a style, blanks at its ends left plain."""
    bare = text.strip()
    if not bare:
        return Content(text)
    start = text.index(bare)
    return Content(text[:start]) + Content.styled(bare, style) + Content(text[start + len(bare) :])


def _changes(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """The changes; blanks that are alone between two changes belong to them."""
    found: list[tuple[str, int, int, int, int]] = []
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for place, (kind, *span) in enumerate(steps):
        first, past_first, second, past_second = span
        inside = 0 < place < len(steps) - 1
        if kind == "equal" and inside and not "".join(before[first:past_first]).strip() or kind != "equal":
            kind = "replace"
        if found and found[-1][0] == kind == "replace":
            _, start, _, other_start, _ = found.pop()
            first, second = start, other_start
        found.append((kind, first, past_first, second, past_second))
    return found
