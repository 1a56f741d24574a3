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

from engine.agent.errors import Problem

MAXIMUM_DEPTH = 64
"""How deep values may be nested: far more than any file needs, and safe for code that walks them recursively."""

_SCALAR_TAG = "tag:yaml.org,2002:str"
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


def marks_of(error: yaml.YAMLError) -> tuple[int, ...]:
    """The indices that the parser pointed at, most telling first."""
    marks = (getattr(error, "problem_mark", None), getattr(error, "context_mark", None))
    return tuple(mark.index for mark in marks if mark is not None)


def read_roots(text: str) -> Iterator[Node]:
    """Read the root nodes of all documents of a text, one after the other.

    Raises:
        yaml.YAMLError: At the first syntax error.
    """
    loader = _composer()(text)
    while loader.check_node():
        yield loader.get_node()


def furthest(text: str) -> int:
    """How far a text can be read: the index of its first error, or one more than its length without any."""
    roots: list[Node] = []
    try:
        roots.extend(read_roots(text))
    except yaml.scanner.ScannerError as error:
        return min(marks_of(error) or (0,))
    except yaml.YAMLError as error:
        return (marks_of(error) or (0,))[0]
    return min((index for root in roots for index in unusable(root, text)), default=len(text) + 1)


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


def mappings(root: Node) -> Iterator[MappingNode]:
    """All mappings, including the rare one that is a key of another."""
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, MappingNode):
            yield node
            stack.extend(part for pair in node.value for part in pair if type(part) is not ScalarNode)
        elif isinstance(node, SequenceNode):
            stack.extend(item for item in node.value if type(item) is not ScalarNode)


def unusable(root: Node, text: str) -> Iterator[int]:
    """Where keys that are no text, anchors and tags stand."""
    has_properties = _PROPERTY.search(text) is not None
    for node in _walk(root) if has_properties else mappings(root):
        if has_properties and text[node.start_mark.index : node.start_mark.index + 1] in ("&", "!"):
            yield node.start_mark.index
        if isinstance(node, MappingNode):
            yield from (key.start_mark.index for key, _ in node.value if not isinstance(key, ScalarNode))


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
