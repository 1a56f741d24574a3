"""What descriptions are made of: titled sections of lines, as plain values that any screen can draw."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Tone = Literal["", "quiet", "good", "bad", "doubtful"]
"""How a line is meant; every tone but quiet also has a sign, so that no meaning is in colour alone."""


@dataclass(frozen=True)
class Line:
    """One line of a description; it may be long, and wraps under its own beginning.

    Attributes:
        text: The words, as their author wrote them.
        label: What the words are, before them.
        sign: One character in front.
        tone: How it is meant.
        target: The key of the thing to go to from here; empty when there is none.
        mode: The mode in which the target is shown.
        depth: How far it is indented, in steps.
    """

    text: str
    label: str = ""
    sign: str = ""
    tone: Tone = ""
    target: str = ""
    mode: str = "author"
    depth: int = 0


@dataclass(frozen=True)
class Section:
    """A few lines under a title."""

    title: str
    lines: tuple[Line, ...]


def readable(text: str) -> str:
    """A text that cannot move the cursor or turn the line around.

    Tabs become spaces; control characters and marks of direction become `·`; line ends stay.
    """
    if text.isprintable():
        return text
    return "\n".join(_readable_line(line) for line in text.replace("\r\n", "\n").split("\n"))


def _readable_line(line: str) -> str:
    if line.isprintable():
        return line
    return "".join(letter if _harmless(letter) else "·" for letter in line.replace("\t", "    "))


def _harmless(character: str) -> bool:
    if character.isascii():
        return character.isprintable()
    category = unicodedata.category(character)
    return category not in ("Cc", "Cs", "Zl", "Zp") and unicodedata.bidirectional(character) not in _DIRECTIONS


_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def data_lines(value: Any, label: str = "", depth: int = 0) -> Iterator[Line]:
    """Any data of the agent file, one line an entry; what is short and flat stays on one line."""
    if isinstance(value, Mapping) and value:
        if label:
            yield Line("", label, depth=depth)
        for key, inner in value.items():
            yield from data_lines(inner, str(key), depth + 1 if label else depth)
    elif isinstance(value, list | tuple) and any(isinstance(item, Mapping | list | tuple) for item in value):
        if label:
            yield Line("", label, depth=depth)
        for item in value:
            yield Line(flat(item), sign="•", depth=depth + 1 if label else depth)
    else:
        yield Line(flat(value), label, depth=depth)


def flat(value: Any) -> str:
    """Any data on one line, in the words of the agent file."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_inside(inner)}" for key, inner in value.items()) or "nothing"
    if isinstance(value, list | tuple):
        return ", ".join(_inside(item) for item in value) or "nothing"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    return str(value)


def _inside(value: Any) -> str:
    nested = isinstance(value, Mapping | list | tuple) and bool(value)
    return f"({flat(value)})" if nested else flat(value)


def copied(title: str, sections: tuple[Section, ...]) -> str:
    """A description as plain text, for the clipboard."""
    said = [title]
    for section in sections:
        said += ["", section.title]
        for line in section.lines:
            words = " ".join(part for part in (line.sign, f"{line.label}:" if line.label else "", line.text) if part)
            said.append("  " * (line.depth + 1) + words)
    return "\n".join(said) + "\n"
