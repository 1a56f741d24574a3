"""Text in lines of so many cells at most: nothing is lost, and the lines are about as long as each other."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from rich.cells import cell_len, chop_cells


def plain(text: str) -> str:
    """One line of text without control characters and with single spaces: what a box or a label can show."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(map(_visible, text)).split())


def _visible(character: str) -> str:
    if character in "\u200d\ufe0f\ufe0e" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return character
    return " " if character.isspace() else ""


@lru_cache(maxsize=4096)
def wrapped(text: str, width: int) -> tuple[str, ...]:
    """The text in as few lines as a width allows, and then as narrow as that number of lines allows.

    Args:
        text: Any text; control characters are dropped, spaces run together.
        width: The most cells in a line; a wide character has its two cells even in a width of one.

    Returns:
        The lines, at least one, each without spaces at its ends.
    """
    text = plain(text)
    if cell_len(text) <= width:
        return (text,)
    words = [piece for word in text.split(" ") for piece in _pieces(word, width)]
    lines = _filled(words, width)
    low, high = max(cell_len(word) for word, _ in words), width
    while low < high:
        middle = (low + high) // 2
        narrower = _filled(words, middle)
        if len(narrower) <= len(lines):
            lines, high = narrower, middle
        else:
            low = middle + 1
    return tuple(lines)


def shortened(text: str, width: int) -> str:
    """The text in one line of so many cells at most, with `…` where something is left out."""
    text = plain(text)
    if cell_len(text) <= width:
        return text
    return (chop_cells(text, max(1, width - 1)) or [""])[0].rstrip() + "…"


def _filled(words: list[tuple[str, str]], width: int) -> list[str]:
    lines, line, length = [], "", 0
    for word, joint in words:
        room = cell_len(word)
        if line and length + len(joint) + room > width:
            lines.append(line)
            line, length = word, room
        else:
            line, length = (line + joint + word, length + len(joint) + room) if line else (word, room)
    return [*lines, line] if line else lines or [""]


def _pieces(word: str, width: int) -> list[tuple[str, str]]:
    """A word as pieces that fit, each with what joins it to the piece before: names part after an underscore."""
    if cell_len(word) <= width:
        return [(word, " ")]
    parts = [part + "_" for part in word.split("_")]
    parts[-1] = parts[-1][:-1]
    pieces = [piece for part in parts for piece in chop_cells(part, width) if piece]
    return [(piece, "" if position else " ") for position, piece in enumerate(pieces)]
