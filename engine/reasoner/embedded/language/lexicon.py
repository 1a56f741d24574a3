"""Phrases by kind from `acts.txt` (what customers say) and `conditions.txt` (how designers word conditions)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from engine.reasoner.embedded.language.stemming import stem


def word_set(listed: str) -> frozenset[str]:
    """The words of a text separated by spaces."""
    return frozenset(listed.split())


def stem_set(listed: str) -> frozenset[str]:
    """The stems of words separated by spaces."""
    return frozenset(stem(word) for word in listed.split())


@cache
def _sections() -> Mapping[str, tuple[str, ...]]:
    """The lines of both files by the heading in brackets above them."""
    found: dict[str, list[str]] = {}
    for name in ("acts.txt", "conditions.txt"):
        section = ""
        for line in Path(__file__).with_name(name).read_text("utf-8").splitlines():
            if line.startswith("["):
                section = line.strip("[]")
                found[section] = []
            elif section and line.strip():
                found[section].append(line.strip())
    return {name: tuple(lines) for name, lines in found.items()}


def _expanded(line: str) -> str:
    """A line with `{name}` replaced by the alternatives of that section."""
    return re.sub(r"\{([a-z ]+)\}", lambda name: f"(?:{_alternatives(name[1])})", line)


@cache
def _alternatives(section: str) -> str:
    return "|".join(_expanded(line) for line in _sections()[section])


@cache
def anywhere(section: str) -> re.Pattern[str]:
    """A pattern that finds a section's phrases as whole words, anywhere in words joined by blanks."""
    return re.compile(rf"(?<!\S)(?:{_alternatives(section)})(?!\S)")


@cache
def leading(section: str) -> re.Pattern[str]:
    """A pattern for `match` and `fullmatch`: one of a section's phrases, and nothing before it."""
    return re.compile(rf"(?:{_alternatives(section)})(?!\S)")


@cache
def opening(section: str) -> re.Pattern[str]:
    """A pattern for `match`: one of a section's phrases at the beginning, after words that only lead in."""
    return re.compile(rf"(?:(?:{_alternatives('lead-in')}) )*?(?:{_alternatives(section)})(?!\S)")
