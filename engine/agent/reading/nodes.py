"""YAML text as nodes that know their place.

libyaml's composer builds the nodes (its pure Python twin where libyaml is missing); every node has a start and an end
mark whose `index` counts characters (code points), so `text[node.start_mark.index : node.end_mark.index]` is what was
written. Lines and columns of marks count from 0.

Scalars follow YAML 1.2 with null, true/false, integers and floats as the only special values, narrowed so that nothing
loses information: `007` and `+49151` are text, not numbers. Anchors, aliases, merge keys and tags are refused: in a
file that people review, every value stands where it is used.
"""

from __future__ import annotations

import gc
import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.errors import AgentFileError, Fix, Problem, in_order

MAXIMUM_DEPTH = 64
"""How deep values may be nested: far more than any file needs, and safe for code that walks them recursively."""

_SCALAR_TAG = "tag:yaml.org,2002:str"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_TAB_INDENT = re.compile(r"^ *\t[ \t]*(?=[^\s#])", re.MULTILINE)
_PROPERTY = re.compile(r"(?:^|[\s\[{,])[&!]")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+|0o[0-7]+")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)?(?:\.[0-9]+|(?<=[0-9])\.?)(?:[eE][-+]?[0-9]+)?")
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


@contextmanager
def without_collecting() -> Iterator[None]:
    """Pause the cyclic garbage collector while many objects are made that all live on.

    It would walk all of them again and again: on 67,000 lines, composing takes 0.5 s instead of 2.1 s without it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class TooDeep(yaml.MarkedYAMLError):
    """Values nested deeper than `MAXIMUM_DEPTH`."""


class _Resolving:
    """The resolver's part of a loader: no types (they are read later, where one is wanted), but a limit on depth."""

    depth = 0

    def resolve(self, _kind: object, _value: object, _implicit: object) -> str:
        return _SCALAR_TAG

    def descend_resolver(self, parent: Node | None, _index: object) -> None:
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH and parent is not None:
            raise TooDeep(problem="values are nested too deeply", problem_mark=parent.start_mark)

    def ascend_resolver(self) -> None:
        self.depth -= 1


@cache
def _composer() -> type[Any]:
    """The class that turns a text into nodes: on libyaml, or on pure Python where libyaml is missing."""
    if yaml.__with_libyaml__:
        from yaml._yaml import CParser

        return type("LibyamlComposer", (_Resolving, CParser), {})
    return _pure_composer()


def _pure_composer() -> type[Any]:
    from yaml.composer import Composer
    from yaml.parser import Parser
    from yaml.reader import Reader
    from yaml.scanner import Scanner

    def initialise(self: Any, text: str) -> None:
        for part, arguments in ((Reader, (text,)), (Scanner, ()), (Parser, ()), (Composer, ())):
            part.__init__(self, *arguments)

    parts = (_Resolving, Reader, Scanner, Parser, Composer)
    return type("PureComposer", parts, {"__init__": initialise})


def problem_at(text: str, index: int, file: str, id: str, message: str, remedy: str = "", **more: Any) -> Problem:  # noqa: A002
    """Make a problem whose place is given as an index into the text.

    Args:
        text: The whole file.
        index: Where the problem is, in characters; beyond the end counts as the end.
        file: The file's name for people.
        id: The kind of problem.
        message: What is wrong.
        remedy: What to do.
        **more: `fix` and `severity` of `Problem`.
    """
    starts = _line_starts(text)
    index = min(index, len(text))
    line = bisect_right(starts, index)
    return Problem(id, file, line, index - starts[line - 1] + 1, message, remedy, **more)


@lru_cache(maxsize=2)
def _line_starts(text: str) -> list[int]:
    """Where the lines of a text begin."""
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _character_problem(text: str, file: str) -> Problem | None:
    found = _FORBIDDEN.search(text)
    if not found:
        return None
    if found.group() == "\ufeff":
        said, put = "an invisible byte order mark (U+FEFF) stands here", ""
    elif found.group() in "\u2028\u2029\x85":
        said, put = f"an invisible line separator (U+{ord(found.group()):04X}) stands here", " "
    else:
        said, put = f"a control character (U+{ord(found.group()):04X}) stands here", ""
    fix = Fix(found.start(), found.end(), put)
    return problem_at(text, found.start(), file, "control-character", said, "Remove it", fix=fix)


def _tab_problem(text: str, file: str, index: int) -> Problem | None:
    line_start = text.rfind("\n", 0, index) + 1
    found = _TAB_INDENT.match(text, line_start)
    if not found:
        return None
    fix = Fix(found.start(), found.end(), found.group().replace("\t", "  "))
    return problem_at(
        text, found.start(), file, "tab-indentation", "this line is indented with a tab", "Indent with spaces", fix=fix
    )


def _marks(error: yaml.YAMLError) -> tuple[int, ...]:
    marks = (getattr(error, "problem_mark", None), getattr(error, "context_mark", None))
    return tuple(mark.index for mark in marks if mark is not None)


def syntax_problem(text: str, file: str, error: yaml.YAMLError) -> Problem:
    """Say in one line what the YAML parser stumbled over, with the quotes that repair it where quotes do."""
    from engine.agent.reading.mistakes import repair_syntax

    marks = _marks(error)
    index = min(marks[0], len(text)) if marks else 0
    if isinstance(error, TooDeep):
        return problem_at(text, index, file, "too-deep", f"values are nested more than {MAXIMUM_DEPTH} deep")
    problem = _tab_problem(text, file, index) or repair_syntax(text, file, marks)
    if problem is not None:
        return problem
    said = getattr(error, "problem", None) or str(error)
    context = getattr(error, "context", None)
    reason = f"{context}, {said}" if context else said
    remedy = "Put quotes around text with : # or brackets, and look at the indentation"
    return problem_at(text, index, file, "syntax", f"not readable as YAML: {reason}", remedy)


def furthest(text: str) -> int:
    """How far a text can be read: the index of its first error, or one more than its length without any."""
    loader = _composer()(text)
    roots = []
    try:
        while loader.check_node():
            roots.append(loader.get_node())
    except yaml.scanner.ScannerError as error:
        return min(_marks(error) or (0,))
    except yaml.YAMLError as error:
        return (_marks(error) or (0,))[0]
    return min((index for root in roots for index in _unusable(root, text)), default=len(text) + 1)


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
    roots: list[Node] = []
    loader = _composer()(text)
    try:
        with without_collecting():
            while loader.check_node():
                roots.append(loader.get_node())
    except yaml.YAMLError as error:
        raise AgentFileError([syntax_problem(text, file, error)]) from error
    found = [problem for root in roots for problem in _structure_problems(root, text, file)]
    if found:
        raise AgentFileError(in_order(found))
    return tuple(roots)


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


def _walk(root: Node) -> Iterator[Node]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, MappingNode):
            for pair in node.value:
                stack.extend(pair)
        elif isinstance(node, SequenceNode):
            stack.extend(node.value)


def _mappings(root: Node) -> Iterator[MappingNode]:
    """All mappings, including the rare one that is a key of another."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, MappingNode):
            yield node
            stack.extend(part for pair in node.value for part in pair if type(part) is not ScalarNode)
        elif isinstance(node, SequenceNode):
            stack.extend(item for item in node.value if type(item) is not ScalarNode)


def _unusable(root: Node, text: str) -> Iterator[int]:
    """Where keys that are no text, anchors and tags stand."""
    has_properties = _PROPERTY.search(text) is not None
    for node in _walk(root) if has_properties else _mappings(root):
        if has_properties and text[node.start_mark.index : node.start_mark.index + 1] in ("&", "!"):
            yield node.start_mark.index
        if isinstance(node, MappingNode):
            yield from (key.start_mark.index for key, _ in node.value if not isinstance(key, ScalarNode))


def _structure_problems(root: Node, text: str, file: str) -> Iterator[Problem]:
    from engine.agent.reading.mistakes import repair_structure

    for index in _unusable(root, text):
        yield repair_structure(text, file, index) or _unusable_problem(text, file, index)
    for node in _mappings(root):
        if len({str(key.value) for key, _ in node.value}) < len(node.value):
            yield from _duplicates(node, text, file)


def _unusable_problem(text: str, file: str, index: int) -> Problem:
    kinds = {"&": "`&` at the beginning makes this an anchor", "!": "`!` at the beginning makes this a YAML tag"}
    said = kinds.get(text[index], "a key must be a text")
    return problem_at(text, index, file, "needs-quotes", said, "Put quotes around text that begins like this")


def _duplicates(node: MappingNode, text: str, file: str) -> Iterator[Problem]:
    from engine.agent.reading.mistakes import split_by_comma

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


def is_empty(node: Node) -> bool:
    """Whether nothing was written where this node stands, as after a lonely `key:`."""
    return isinstance(node, ScalarNode) and not node.value and not node.style


def written_text(node: ScalarNode) -> str:
    """The scalar as it was written: `1.10` stays `1.10`, `null` stays `null`; quotes and folding are undone."""
    return str(node.value)


def scalar_value(node: ScalarNode) -> str | int | float | bool | None:
    """The scalar's value: a quoted or block scalar is text, a plain one may be null, a boolean or a number."""
    text = node.value
    if node.style:
        return str(text)
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    return _number(text)


def _number(text: str) -> str | int | float:
    if len(text) <= 300:
        if _INTEGER.fullmatch(text):
            return int(text, 0)
        if _FLOAT.fullmatch(text) and math.isfinite(value := float(text)):
            return value
    return text


def plain_value(node: Node) -> Any:
    """Turn a node into plain Python values.

    Args:
        node: Any node that `compose` gave.

    Returns:
        dict (keys as written), list, str, int, float, bool or None.
    """
    if isinstance(node, MappingNode):
        return {key.value: plain_value(value) for key, value in node.value}
    if isinstance(node, SequenceNode):
        return [plain_value(item) for item in node.value]
    assert isinstance(node, ScalarNode)
    return scalar_value(node)


def entries(node: MappingNode) -> Iterator[tuple[str, ScalarNode, Node]]:
    """The entries of a mapping in file order: the key as written, its node and the value's node."""
    for key, value in node.value:
        yield key.value, key, value


def entry(node: Node, key: str) -> tuple[ScalarNode, Node] | None:
    """Find the key and value nodes of one entry of a mapping; None when there is none."""
    if isinstance(node, MappingNode):
        for own, value in node.value:
            if own.value == key:
                return own, value
    return None
