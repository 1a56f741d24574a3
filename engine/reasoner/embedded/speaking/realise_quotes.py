"""Quoted texts of an action: taken out before it is cut and worded, put back as they were written."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED = re.compile(
    r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|(?<![\w'])'((?:[^']|(?<=\w)'(?=\w))+)'(?!\w)|‘((?:[^’]|(?<=\w)’(?=\w))+)’(?!\w)"
)
_HOLD, _CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quoted texts of an action, taken out of harm's way while it is cut."""

    texts: tuple[str, ...]
    originals: tuple[str, ...]

    def put_back(self, text: str) -> str:
        """The text with its quotations as they were written."""
        return re.sub(f"{_HOLD}(\\d+){_CLOSE}", lambda found: self.originals[int(found[1])], text)

    def quoted(self, text: str) -> str:
        """The text with its quotations without their marks."""
        return re.sub(f"{_HOLD}(\\d+){_CLOSE}", lambda found: self.texts[int(found[1])], text)


QUOTATION = f"{_HOLD}\\d+{_CLOSE}"
"""A quotation that was taken out, as a regular expression."""


def take_quotes(action: str) -> tuple[str, Quotes]:
    """Take the quoted texts out of an action.

    Args:
        action: The action as it was written.

    Returns:
        The action with a mark in the place of each quotation, and the quotations.
    """
    texts: list[str] = []
    originals: list[str] = []

    def hold(found: re.Match[str]) -> str:
        texts.append(next(group for group in found.groups() if group is not None))
        originals.append(found[0])
        return f"{_HOLD}{len(texts) - 1}{_CLOSE}"

    return _QUOTED.sub(hold, action), Quotes(tuple(texts), tuple(originals))
