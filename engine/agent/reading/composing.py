"""From a text to nodes, or to the one line that says what YAML stumbles over and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from engine.agent.errors import AgentFileError, Fix, Problem, in_order
from engine.agent.reading.layout import layout_problem, unclosed_quote
from engine.agent.reading.mistakes import repair_structure, repair_syntax, split_by_comma
from engine.agent.reading.nodes import (
    MAXIMUM_DEPTH,
    TooDeep,
    mappings,
    marks_of,
    problem_at,
    read_roots,
    unusable,
    without_collecting,
)

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_TAB_INDENT = re.compile(r"^ *\t[ \t]*(?=[^\s#])", re.MULTILINE)


PLAIN_WORDS = {
    "',' or '}'": "a { above is not closed here, or a comma is missing",
    "',' or ']'": "a [ above is not closed here, or a comma is missing",
    "mapping values are not allowed": "a `key: value` cannot begin here, inside another value",
    "could not find expected ':'": "a colon is missing after this key",
    "expected key": "this line does not begin where the lines beside it begin",
    "expected <block end>": "this line does not begin where the lines beside it begin",
    "'-' indicator": "this line does not begin where the items of the list above it begin",
    "end of stream": "a quote that opens here is never closed",
    "cannot start any token": "a text that begins with this character needs quotes",
    "escape character": "a backslash has a meaning of its own between double quotes; use single quotes",
}
"""What is said instead of the parser's words, which speak of tokens and scalars."""


def compose_all(text: str, file: str) -> tuple[Node, ...]:
    """Read all documents of a YAML text.

    Args:
        text: The text; Windows line ends and a missing last newline are fine.
        file: The file's name, for errors.

    Returns:
        The root node of each document that has one; marks count over the whole text.

    Raises:
        AgentFileError: With the first syntax error; or with all duplicate keys, aliases, anchors, tags and keys that
            are no text.
    """
    unreadable = _character_problem(text, file)
    if unreadable is not None:
        raise AgentFileError([unreadable])
    try:
        with without_collecting():
            roots = tuple(read_roots(text))
    except yaml.YAMLError as error:
        raise AgentFileError([syntax_problem(text, file, error)]) from error
    found = [problem for root in roots for problem in _structure_problems(root, text, file)]
    if found:
        raise AgentFileError(in_order(found))
    return roots


def compose(text: str, file: str) -> Node | None:
    """Read a YAML text that is one document.

    Args:
        text: The text.
        file: The file's name, for errors.

    Returns:
        The root node, or None when the text holds nothing but comments.

    Raises:
        AgentFileError: As `compose_all`, and when there is more than one document.
    """
    roots = compose_all(text, file)
    if len(roots) > 1:
        index = roots[1].start_mark.index
        said = "a second document begins here, and this file is one document"
        raise AgentFileError([problem_at(text, index, file, "second-document", said, "Remove the line ---")])
    return roots[0] if roots else None


def _character_problem(text: str, file: str) -> Problem | None:
    found = _FORBIDDEN.search(text)
    if not found:
        return None
    remedy = "Remove it"
    if found.group() == "\ufeff":
        said, put = "an invisible byte order mark (U+FEFF) stands here", ""
        remedy = "Save the file as UTF-8 without BOM"
    elif found.group() in "\u2028\u2029\x85":
        said, put = f"an invisible line separator (U+{ord(found.group()):04X}) stands here", " "
    else:
        said, put = f"a control character (U+{ord(found.group()):04X}) stands here", ""
    fix = Fix(found.start(), found.end(), put)
    return problem_at(text, found.start(), file, "control-character", said, remedy, fix=fix)


def _tab_problem(text: str, file: str, index: int) -> Problem | None:
    line_start = text.rfind("\n", 0, index) + 1
    found = _TAB_INDENT.match(text, line_start)
    if not found:
        return None
    fix = Fix(found.start(), found.end(), found.group().replace("\t", "  "))
    return problem_at(
        text, found.start(), file, "tab-indentation", "this line is indented with a tab", "Indent with spaces", fix=fix
    )


def syntax_problem(text: str, file: str, error: yaml.YAMLError) -> Problem:
    """Say in one line what the YAML parser stumbled over, with the quotes that repair it where quotes do."""
    marks = marks_of(error)
    index = min(marks[0], len(text)) if marks else 0
    if isinstance(error, TooDeep):
        return problem_at(text, index, file, "too-deep", f"values are nested more than {MAXIMUM_DEPTH} deep")
    for explain in (unclosed_quote, repair_syntax, layout_problem):
        problem = _tab_problem(text, file, index) or explain(text, file, marks)
        if problem is not None:
            return problem
    reason = str(getattr(error, "problem", None) or error)
    said = next((words for phrase, words in PLAIN_WORDS.items() if phrase in reason), f"not readable as YAML: {reason}")
    remedy = "Put quotes around text with : # or brackets, and look at the indentation"
    return problem_at(text, index, file, "syntax", said, remedy)


def _structure_problems(root: Node, text: str, file: str) -> Iterator[Problem]:
    for index in unusable(root, text):
        yield repair_structure(text, file, index) or _unusable_problem(text, file, index)
    for node in mappings(root):
        if len({str(key.value) for key, _ in node.value}) < len(node.value):
            yield from _duplicates(node, text, file)


def _unusable_problem(text: str, file: str, index: int) -> Problem:
    kinds = {"&": "`&` at the beginning makes this an anchor", "!": "`!` at the beginning makes this a YAML tag"}
    said = kinds.get(text[index], "a key must be a text")
    return problem_at(text, index, file, "needs-quotes", said, "Put quotes around text that begins like this")


def _duplicates(node: MappingNode, text: str, file: str) -> Iterator[Problem]:
    split, bare = split_by_comma(text, file, node)
    yield from split
    seen: dict[str, int] = {}
    for key, _ in node.value:
        place = key.start_mark
        if isinstance(key, ScalarNode) and key.value in seen and key.value not in bare:
            said = f"the key {key.value!r} is here twice, first on line {seen[key.value]}"
            yield problem_at(text, place.index, file, "duplicate-key", said, "Keep one of them")
        elif isinstance(key, ScalarNode):
            seen[key.value] = place.line + 1
