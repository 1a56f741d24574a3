"""Text cut into lines of a given width in cells: fast for plain text, right for wide and joined characters."""

from __future__ import annotations

import re

from rich.cells import split_graphemes

TAB = "    "
"""What a tab is drawn as."""

_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NOT_ONE_CELL = re.compile("[^\x20-\x7e\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u2193]")


def shown(text: str) -> str:
    """A text as it can be drawn: control characters become visible, marks that turn the line's direction are left out.

    Args:
        text: Any text.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\t", TAB)
    return _TURNING.sub("", _UNSEEN.sub("\ufffd", text))


def wrapped(text: str, width: int) -> tuple[str, ...]:
    """Cut a text into lines.

    Args:
        text: The text; its own line breaks are kept.
        width: The cells that a line may take; at least 2 are used, so that a wide character has room.

    Returns:
        The lines, at least one.
    """
    width = max(2, width)
    if len(text) <= width and text.isascii() and text.isprintable():
        return (text,)
    return tuple(line for paragraph in shown(text).split("\n") for line in _lines(paragraph, width))


def one_line(text: str) -> str:
    """A text on one line, every run of white space as one space."""
    return " ".join(shown(text).split())


def _lines(paragraph: str, width: int) -> list[str]:
    if _NOT_ONE_CELL.search(paragraph) is None:
        return _narrow(paragraph, width)
    return _wide(paragraph, width)


def _narrow(paragraph: str, width: int) -> list[str]:
    """Cut a text whose characters all take one cell."""
    lines = []
    start = 0
    while len(paragraph) - start > width:
        space = paragraph.rfind(" ", start, start + width + 1)
        end, following = (space, space + 1) if space > start else (start + width, start + width)
        lines.append(paragraph[start:end].rstrip(" "))
        start = following
    return [*lines, paragraph[start:]]


def _wide(paragraph: str, width: int) -> list[str]:
    """Cut any text, after spaces and around wide characters; never within what is drawn as one character."""
    lines = []
    start = cells = 0
    last_cut = cells_at_cut = 0
    for begin, end, size in split_graphemes(paragraph)[0]:
        space = paragraph[begin:end] == " "
        if cells + size > width and begin > start:
            if space:
                lines.append(paragraph[start:begin])
                start = last_cut = end
                cells = cells_at_cut = 0
                continue
            cut, kept = (last_cut, cells_at_cut) if last_cut > start else (begin, cells)
            lines.append(paragraph[start:cut].rstrip(" "))
            start = last_cut = cut
            cells -= kept
            cells_at_cut = 0
        cells += size
        if space or size > 1:
            last_cut, cells_at_cut = end, cells
    return [*lines, paragraph[start:]]
