"""Text that YAML cuts or misreads, and the quotes that repair it.

People write sentences; YAML sees `: `, ` #`, a comma or a first character and makes something else of them. For each
such case there is a problem of its own, whose fix puts quotes around what the person meant. A fix for a syntax error
is offered only when the text with the fix reads further than before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.errors import Fix, Problem
from engine.agent.reading.nodes import furthest, is_empty, problem_at

MISREAD_BEGINNINGS = ("{{", "{%", "@", "*", "!", ">", '"', "?", "`", "'", "&", "%", "|")
"""What a text may not begin with unless it is quoted, because YAML gives it another meaning."""

_KEY = re.compile(
    r"""[ ]*(?:-[ ]+)*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#"'\[{,-][^:#]*?|-[^\s:#][^:#]*?)[ ]*:[ ]+"""
)
_ITEM = re.compile(r"[ ]*(?:-[ ]+)+")
_COMMENT = re.compile(r"[ \t]+#(?:[ \t].*)?$")
_CUT = re.compile(r"[ \t]+#[^\s#]")
_BRACKETED_BEGINNING = re.compile(r"(?:\[[^\[\]]*\]|\{[^{}]*\})[ \t]*[^\s,#]")
_SENTENCE_ITEM = re.compile(r"[ ]*(?:-[ ]+)+[A-Z][^:]* [^:]*:")
_SMALL = 200_000
_FLOW_PIECE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\"(?:[^\"\\]|\\.)*\"|[\[\]{},]|: |[^\[\]{},:\"]+|[:\"]")


def quoted(text: str) -> str:
    """Put a text between the quotes that need the least escaping; line breaks become spaces."""
    if "\n" in text:
        text = " ".join(line.strip() for line in text.split("\n"))
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def find_cuts(text: str) -> dict[int, int]:
    """Find where a ` #` directly followed by a non-space may cut a text short.

    Returns:
        Index where the white space before the `#` begins, to the index of the `#`.
    """
    return {found.start(): found.end() - 2 for found in _CUT.finditer(text)}


def _line(text: str, index: int) -> tuple[int, int]:
    start = text.rfind("\n", 0, index) + 1
    end = text.find("\n", index)
    end = len(text) if end < 0 else end
    return start, end - 1 if text[start:end].endswith("\r") else end


def repaired_line(text: str, fix: Fix) -> str:
    """The line in which a fix begins, as it reads once the fix is applied, shortened to fit a message."""
    start, end = _line(text, fix.start)
    line = (text[start : fix.start] + fix.text + text[fix.end : max(fix.end, end)]).split("\n")[0].strip()
    return line if len(line) <= 100 else line[:99] + "…"


def quote_problem(text: str, file: str, id: str, message: str, fix: Fix) -> Problem:  # noqa: A002
    """A problem whose remedy is the line with quotes in it."""
    return problem_at(text, fix.start, file, id, message, f"Write {repaired_line(text, fix)}", fix=fix)


def cut_problem(text: str, file: str, value_start: int, hash_index: int) -> Problem:
    """The problem of a text that ` #` cut short.

    Args:
        text: The whole file.
        file: Its name.
        value_start: Where the text begins.
        hash_index: Where the `#` is.
    """
    end = _line(text, hash_index)[1]
    whole = text[value_start:end].rstrip()
    fix = Fix(value_start, value_start + len(whole), quoted(whole))
    return quote_problem(text, file, "text-cut", "everything from ` #` on is a comment and cut off", fix)


def misread_problem(text: str, file: str, node: Node) -> Problem | None:
    """The problem of a list or mapping that stands where somebody meant a text, if it can be quoted.

    Args:
        text: The whole file.
        file: Its name.
        node: The list or mapping.
    """
    start, end = node.start_mark.index, _last_end(text, node)
    if "\n" in text[start:end]:
        return None
    fix = Fix(start, end, quoted(text[start:end]))
    if text[start] == "?":
        return quote_problem(text, file, "needs-quotes", "a text that begins with `?` needs quotes", fix)
    if isinstance(node, MappingNode) and not node.flow_style:
        return quote_problem(text, file, "colon-in-text", "`: ` makes a key and a value of this text", fix)
    if text[start] in "[{-":
        return quote_problem(text, file, "needs-quotes", f"a text that begins with `{text[start]}` needs quotes", fix)
    return None


def _last_end(text: str, node: Node) -> int:
    """Where the last written character of a node ends; a block collection's own mark includes what follows."""
    if not isinstance(node, MappingNode | SequenceNode) or node.flow_style:
        return int(node.end_mark.index)
    if isinstance(node, SequenceNode):
        return _last_end(text, node.value[-1])
    key, value = node.value[-1]
    if not is_empty(value):
        return _last_end(text, value)
    end = _last_end(text, key)
    return end + 1 if text[end : end + 1] == ":" else end


def split_by_comma(text: str, file: str, node: MappingNode) -> tuple[list[Problem], set[str]]:
    """Find keys of a flow mapping that are no keys but the rest of a text with a comma in it.

    Args:
        text: The whole file.
        file: Its name.
        node: The mapping.

    Returns:
        One problem for each text that was split, and the keys to ignore.
    """
    problems: list[Problem] = []
    bare: set[str] = set()
    start: int | None = None
    pairs = node.value if node.flow_style else []
    for position, (key, value) in enumerate(pairs):
        if not (is_empty(value) and text[key.end_mark.index :].lstrip()[:1] in ",}"):
            if isinstance(value, ScalarNode) and not value.style and not is_empty(value):
                start = value.start_mark.index
            else:
                start = None
            continue
        bare.add(key.value)
        following = pairs[position + 1] if position + 1 < len(pairs) else None
        if following is not None and _is_bare(text, following):
            continue
        problems.append(_comma_problem(text, file, key, start))
    return problems, bare


def _is_bare(text: str, pair: tuple[Node, Node]) -> bool:
    return is_empty(pair[1]) and text[pair[0].end_mark.index :].lstrip()[:1] in ",}"


def _comma_problem(text: str, file: str, key: ScalarNode, start: int | None) -> Problem:
    if start is None:
        said = f"{key.value!r} has no value"
        return problem_at(
            text, key.start_mark.index, file, "no-value", said, "Write a value after a colon, or remove it"
        )
    end = key.end_mark.index
    fix = Fix(start, end, quoted(text[start:end]))
    return quote_problem(text, file, "comma-in-text", f"the comma made a key of {key.value!r}", fix)


def joined_items(text: str, file: str, before: ScalarNode, after: ScalarNode) -> Problem:
    """The problem of two neighbouring items of a flow list that look like one text with a comma in it."""
    start, end = before.start_mark.index, after.end_mark.index
    fix = Fix(start, end, quoted(text[start:end]))
    return quote_problem(text, file, "comma-in-text", f"the comma made an item of its own of {after.value!r}", fix)


def looks_split(before: Node, after: Node) -> bool:
    """Whether the second of two list items looks like the rest of the first, cut at a comma.

    The first begins like a sentence and does not end like one; the second ends like one and does not begin like one.
    Only unquoted items can have been cut.
    """
    if not isinstance(before, ScalarNode) or not isinstance(after, ScalarNode) or before.style or after.style:
        return False
    begins, ends = before.value[:1].isupper(), before.value[-1:] in ".!?"
    return begins and not ends and after.value[:1].islower() and after.value[-1:] in ".!?"


def repair_syntax(text: str, file: str, marks: tuple[int, ...]) -> Problem | None:
    """Find the text that needs quotes behind a syntax error.

    Args:
        text: The whole file.
        file: Its name.
        marks: Indices that the parser pointed at, most telling first.

    Returns:
        The problem with its fix, or None when no quoting helps.
    """
    reached: int | None = None
    for line_start, line_end in _suspects(text, marks):
        for start, end in _candidates(text, line_start, line_end):
            last = max(line_end, end)
            fix = Fix(start, end, quoted(text[start:end]))
            if not _helps_alone(text, line_start, last, fix):
                continue
            reached = furthest(text) if reached is None else reached
            added = len(fix.text) - (end - start)
            if furthest(fix.apply(text)) > max(last, reached) + added:
                return _explained(text, file, fix)
    return None


def _helps_alone(text: str, start: int, end: int, fix: Fix) -> bool:
    """Whether some lines, read by themselves, can be read with the fix; a quick test before reading the whole file.

    Lines that can be read without it as well are part of something longer: there the whole file decides, if it is
    small enough to be read a few times more.
    """
    alone = text[start:end]
    if furthest(alone) > len(alone):
        return len(text) <= _SMALL
    repaired = Fix(fix.start - start, fix.end - start, fix.text).apply(alone)
    return furthest(repaired) > len(repaired)


def repair_structure(text: str, file: str, index: int) -> Problem | None:
    """Quote the text that begins where YAML saw an anchor, a tag or a key that is no text.

    Args:
        text: The whole file.
        file: Its name.
        index: Where the node begins that YAML made of it; for `{{` this may be the second bracket.
    """
    for start, end in _candidates(text, *_line(text, index)):
        if start in (index, index - 1):
            return _explained(text, file, Fix(start, end, quoted(text[start:end])))
    return None


def _suspects(text: str, marks: tuple[int, ...]) -> list[tuple[int, int]]:
    lines: dict[tuple[int, int], None] = {}
    for index in marks:
        start, end = _line(text, min(index, len(text)))
        lines[start, end] = None
        if start > 0:
            lines[_line(text, start - 1)] = None
    return list(lines)


def _candidates(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces of a line that may be a text lacking quotes, the likeliest first."""
    line = text[start:end]
    for pattern in (_ITEM, _KEY) if _SENTENCE_ITEM.match(line) else (_KEY, _ITEM):
        found = pattern.match(line)
        if not found or found.end() == len(line):
            continue
        value = line[found.end() :].rstrip()
        whole = _COMMENT.sub("", value).rstrip()
        if value[0] in "[{" and not value.startswith(("{{", "{%")):
            yield from (
                (start + found.end() + first, start + found.end() + last) for first, last in _flow_pieces(whole)
            )
            if not _BRACKETED_BEGINNING.match(whole):
                continue
        if whole:
            yield start + found.end(), start + found.end() + len(whole)
            yield from _continued(text, start, end, start + found.end())


def _continued(text: str, start: int, end: int, value_start: int) -> Iterator[tuple[int, int]]:
    """The text together with the more deeply indented lines after it, if there are any."""
    indentation = len(text[start:end]) - len(text[start:end].lstrip(" -"))
    last = end
    while last < len(text):
        first, following = _line(text, text.index("\n", last) + 1) if "\n" in text[last:] else (len(text), last)
        line = text[first:following]
        deeper = len(line) - len(line.lstrip(" ")) > indentation
        is_key = _KEY.match(line) is not None or line.rstrip().endswith(":")
        if not line.strip() or not deeper or is_key or _ITEM.match(line):
            break
        last = following
    if last > end:
        yield value_start, last


def _flow_pieces(value: str) -> Iterator[tuple[int, int]]:
    """The texts between the brackets and commas of a flow collection, whole after their key."""
    begin: int | None = None
    end = 0
    for found in _FLOW_PIECE.finditer(value):
        piece = found.group()
        if piece in ("[", "]", "{", "}", ",") or (piece == ": " and begin is not None and _is_key(value[begin:end])):
            if begin is not None and piece != ": ":
                yield begin, end
            begin = None
        elif piece.strip():
            begin = found.start() + len(piece) - len(piece.lstrip()) if begin is None else begin
            end = found.start() + len(piece.rstrip())


def _is_key(text: str) -> bool:
    return re.fullmatch(r"[a-z_]+", text) is not None


def _explained(text: str, file: str, fix: Fix) -> Problem:
    value = text[fix.start : fix.end]
    if _CUT.search(value) and not value.startswith(MISREAD_BEGINNINGS):
        said, kind = "everything from ` #` on is a comment and cut off", "text-cut"
    elif value.startswith(MISREAD_BEGINNINGS):
        mark = next(mark for mark in MISREAD_BEGINNINGS if value.startswith(mark))
        named = "a backtick" if mark == "`" else f"`{mark}`"
        said, kind = f"a text that begins with {named} needs quotes", "needs-quotes"
    elif ": " in value or value.endswith(":"):
        said, kind = "`: ` makes a key and a value of this text", "colon-in-text"
    else:
        said, kind = "YAML misreads this text unless it is quoted", "needs-quotes"
    return quote_problem(text, file, kind, said, fix)
