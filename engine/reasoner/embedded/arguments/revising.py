"""What customers take back: `not Friday, Saturday`, `two, no wait, three`, `Milan instead of Rome`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.reasoner.embedded.arguments.numbers import Spotted, lead

_LIGHT = r"(?:(?:to|on|at|for|from|in|by|with|under|the|a|an|my|our|it|is|be|just)\s+){0,3}"
_TAKEN_BACK = re.compile(
    r"(?:(?<!why )(?<!if )(?:\bnot|n['’]t|\bcannot|\bnever)\s+"
    r"(?:(?:really\s+)?(?:want|need|like|do|make|come|use|say|said|mean|take|choose)\s+)?"
    rf"|\b(?:except(?:\s+for)?|instead\s+of|rather\s+than|other\s+than|anything\s+but|(?:any|every|all)\s+\w+\s+but)\s+){_LIGHT}$",
    re.I,
)
_UNLESS = re.compile(r"\b(?:not|n['’]t)\s+(?:before|after|later|until|only|more|less|sure)\b[\w\s]{0,8}$", re.I)
_REVISION = re.compile(
    r"(?:\b(?:actually|no,? wait|wait,? no|or rather|i mean(?:t)?|scratch that|correction|make (?:it|that)|sorry,)\b"
    r"|(?:[,.;!?…–-]|\.\.)\s*(?:no|sorry|wait)\b)",
    re.I,
)
_SWAPPED = (
    re.compile(r"(?P<new>[^,.;!?]+?)\s+(?:instead\s+of|rather\s+than)\s+(?P<old>[^,.;!?]+)", re.I),
    re.compile(r"\bnot\s+(?P<old>[^,.;!?]+?)\s*(?:,|\bbut\b)\s*(?:but\s+)?(?P<new>[^,.;!?]+)", re.I),
    re.compile(r"(?P<new>[^,.;!?]+?),?\s+not\s+(?P<old>[^,.;!?]+)", re.I),
    re.compile(r"\b(?:change|switch|swap)\s+(?P<old>[^,.;!?]+?)\s+(?:to|for|with)\s+(?P<new>[^,.;!?]+)", re.I),
)
_RULED_OUT = re.compile(r"^\s*not\s+[^,.;!?]+(?:,\s*(?:but\s+)?|\s+but\s+)", re.I)
_RULED_OUT_AFTER = re.compile(r",\s*(?:and\s+)?not\s+[^,.;!?]+$", re.I)
_CORRECTS = re.compile(
    r"\s*(?:(?:oh|oops|ah|uh|um|hm+|ok|okay|well|sorry|wait|actually|nope?|no)\b[\s,.!…-]*)*"
    r"(?:i\s+mean(?:t)?\s+|(?:please\s+)?(?:make|change)\s+(?:it|that)\s+(?:to\s+|for\s+)?|it['’]?s\s+|(?:to|for|in|at)\s+)*",
    re.I,
)
_CORRECTING = re.compile(
    r"\s*(?:(?:oh|ah|oops|well|uh|um),?\s+)*"
    r"(?:no\b|nope\b|actually\b|sorry\b|wait\b|i mean|(?:make|change) (?:it|that)\b)",
    re.I,
)


def kept(spots: Sequence[Spotted], text: str) -> list[Spotted]:
    """The spots of a text that it does not take back, with those after a correction first.

    Args:
        spots: Values of one kind in a message.
        text: The message.
    """
    left = [spot for spot in spots if not _taken_back(lead(text, spot.start))]
    later = since_revision(left, text)
    return [*later, *(spot for spot in left if spot not in later)]


def since_revision(spots: Sequence[Spotted], text: str) -> list[Spotted]:
    """The spots after the last correction of a text that has any after it; all of them where there is none."""
    for found in reversed(list(_REVISION.finditer(text))):
        later = [spot for spot in spots if spot.start >= found.end()]
        if later:
            return later
    return list(spots)


def _taken_back(before: str) -> bool:
    return bool(_TAKEN_BACK.search(before)) and not _UNLESS.search(before)


def replacing(text: str, old: str) -> str:
    """The words that a message puts in the place of an earlier value; empty where it puts none.

    Args:
        text: The message, e.g. `make it Milan instead of Rome`.
        old: The earlier value, e.g. `Rome`.
    """
    for pattern in _SWAPPED:
        for found in pattern.finditer(text):
            if re.search(rf"(?<!\w){re.escape(old)}(?!\w)", found["old"], re.I):
                return found["new"].strip()
    return ""


def without_denied(text: str) -> str:
    """A reply without what it only rules out: `Paris` of `not Rome, Paris` and of `Paris, not Rome`."""
    return _RULED_OUT_AFTER.sub("", _RULED_OUT.sub("", text)).strip()


def corrects(text: str) -> bool:
    """Whether a message begins as a correction of what was understood: `no, Bremen`, `make it 9`."""
    return bool(_CORRECTING.match(text))


def correction(text: str) -> str:
    """What a message that corrects says instead: `Bremen` of `no, I meant Bremen`."""
    found = _CORRECTS.match(text)
    return text[found.end() :].strip() if found else text.strip()
