"""Mistakes of layout behind a syntax error: colons, indentation, brackets and quotes, in words for any writer.

Each finder looks at the lines that the parser pointed at and proposes a repair; a repair is offered only when the text
with it reads further than before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from engine.agent.errors import Fix, Problem
from engine.agent.reading.mistakes import repaired_line
from engine.agent.reading.nodes import furthest, problem_at

_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]")
_ODD_COLON = re.compile(r"^[ ]*(?:- +)?\w+ ?([：︰﹕])[ ]?", re.MULTILINE)
_TIGHT_COLON = re.compile(r"^[ ]*(?:- +)?[a-z_][a-z0-9_]*:(?=[^\s:/])")
_LONELY_WORD = re.compile(r"^[ ]*(?:- +)?\w+(?=[ \t]*\r?$)")
_KEY = re.compile(r"""^[ ]*(?:- +)?[^\s#'"\[{][^#]*?:(?:[ ]|\r?$)""")
_QUOTE = re.compile(r'(?:: +|- +)(")')
_BRACKET = {"{": "}", "[": "]"}
_LONGEST_LOOK_BACK = 200
"""How many lines above an indentation is compared with."""

_SMALL = 200_000
_ATTEMPTS = 40
_ATTEMPTS_ON_LARGE_FILES = 6
"""How many repairs are tried: for each, the whole file is read once more."""

Finding = tuple[str, str, Fix]
"""The kind of problem, what is wrong, and the repair."""


def layout_problem(text: str, file: str, marks: tuple[int, ...]) -> Problem | None:
    """Find the mistake of layout behind a syntax error.

    Args:
        text: The whole file.
        file: Its name.
        marks: Indices that the parser pointed at, most telling first.

    Returns:
        The problem with its fix, or None when nothing here explains it.
    """
    reached = furthest(text)
    findings = (finding for find in _FINDERS for finding in find(text, marks))
    for kind, said, fix in islice(findings, _ATTEMPTS if len(text) <= _SMALL else _ATTEMPTS_ON_LARGE_FILES):
        if furthest(fix.apply(text)) > reached + len(fix.text) - (fix.end - fix.start):
            remedy = f"Write {repaired_line(text, fix)}"
            if kind == "indentation":
                remedy = f"Begin it with {len(fix.text)} spaces" if fix.text else "Begin it with no space"
            return problem_at(text, fix.start, file, kind, said, remedy, fix=fix)
    return None


def lines_at(text: str, marks: tuple[int, ...]) -> list[tuple[int, int]]:
    """Where the lines begin and end that some indices are in, each with the last line above it that says something."""
    found: dict[tuple[int, int], None] = {}
    for index in marks:
        line = _line(text, min(index, len(text)))
        if line[0] == len(text):
            line = _above(text, line[0]) or line
        found[line] = None
        above = _above(text, line[0])
        if above is not None:
            found[above] = None
    return list(found)


def _line(text: str, index: int) -> tuple[int, int]:
    end = text.find("\n", index)
    return text.rfind("\n", 0, index) + 1, len(text) if end < 0 else end


def _above(text: str, start: int) -> tuple[int, int] | None:
    """The nearest line above that is neither empty nor a comment."""
    while start > 0:
        start, end = _line(text, start - 1)
        said = text[start:end].strip()
        if said and not said.startswith("#"):
            return start, end
    return None


def _odd_spaces(text: str, marks: tuple[int, ...]) -> Iterator[Finding]:
    for start, end in lines_at(text, marks):
        fixed = _ODD_SPACE.sub(" ", text[start:end])
        found = _ODD_SPACE.search(text, start, end)
        if found:
            said = f"an invisible character that only looks like a space (U+{ord(found.group()):04X}) stands here"
            yield "odd-space", said, Fix(start, end, fixed)


def _odd_colons(text: str, marks: tuple[int, ...]) -> Iterator[Finding]:
    for start, end in lines_at(text, marks):
        found = _ODD_COLON.match(text[start:end])
        if found:
            said = f"{found.group(1)} is not the colon that YAML knows"
            yield "missing-colon", said, Fix(start + found.start(1), start + found.end(), ": ")


def _tight_colons(text: str, marks: tuple[int, ...]) -> Iterator[Finding]:
    for start, end in lines_at(text, marks):
        found = _TIGHT_COLON.match(text[start:end])
        if found:
            place = start + found.end()
            yield "missing-space", "a space is missing after this colon", Fix(place, place, " ")


def _missing_colons(text: str, marks: tuple[int, ...]) -> Iterator[Finding]:
    for start, end in lines_at(text, marks):
        found = _LONELY_WORD.match(text[start:end])
        if found:
            place = start + found.end()
            yield "missing-colon", f"a colon is missing after {found.group().strip(' -')!r}", Fix(place, place, ":")


def _unclosed(text: str, marks: tuple[int, ...]) -> Iterator[Finding]:
    """Brackets that a line opens and does not close, and commas that are missing where the parser stopped."""
    for start, end in lines_at(text, marks):
        line = text[start:end].rstrip()
        open_ = _open_brackets(line)
        if open_:
            closing = "".join(_BRACKET[bracket] for bracket in reversed(open_))
            said = f"the {open_[-1]} of this line is not closed"
            yield "unclosed", said, Fix(start + len(line), start + len(line), closing)
    for index in marks[:1]:
        place = len(text[:index].rstrip())
        yield "missing-comma", "a comma is missing between the two", Fix(place, place, ",")


def _open_brackets(line: str) -> list[str]:
    open_: list[str] = []
    for character in line:
        if character in _BRACKET:
            open_.append(character)
        elif open_ and character == _BRACKET[open_[-1]]:
            open_.pop()
    return open_


def _indentation(text: str, marks: tuple[int, ...]) -> Iterator[Finding]:
    """A line that begins where no line above it begins: the nearest of those indentations that lets it be read."""
    for start, end in lines_at(text, marks):
        line = text[start:end]
        own = len(line) - len(line.lstrip(" "))
        if not _KEY.match(line) and not line.lstrip(" ").startswith("- "):
            continue
        known = list(dict.fromkeys(_indentations_above(text, start)))
        above = known[0] if known else 0
        for wanted in sorted(known, key=lambda each: (abs(each - own), known.index(each))):
            if wanted != own:
                said = f"this line begins with {own} spaces, the one above it with {above}, and they do not fit"
                yield "indentation", said, Fix(start, start + own, " " * wanted)


def _indentations_above(text: str, start: int) -> Iterator[int]:
    for _ in range(_LONGEST_LOOK_BACK):
        above = _above(text, start)
        if above is None:
            return
        start = above[0]
        line = text[start : above[1]]
        yield len(line) - len(line.lstrip(" "))


def unclosed_quote(text: str, file: str, marks: tuple[int, ...]) -> Problem | None:
    """The problem of a text that begins with a quote which its line does not close, if closing it there helps."""
    reached = furthest(text)
    for start, end in lines_at(text, marks):
        found = _QUOTE.search(text, start, end)
        line = text[start:end].rstrip()
        if found and line.count(found.group(1)) == 1:
            fix = Fix(start + len(line), start + len(line), found.group(1))
            if furthest(fix.apply(text)) > reached + 1:
                said = "the quote that opens here is not closed on this line"
                remedy = f"Write {repaired_line(text, fix)}"
                return problem_at(text, found.start(1), file, "unclosed-quote", said, remedy, fix=fix)
    return None


_FINDERS: tuple[Callable[[str, tuple[int, ...]], Iterator[Finding]], ...] = (
    _odd_spaces,
    _odd_colons,
    _tight_colons,
    _missing_colons,
    _unclosed,
    _indentation,
)
