"""Reading single values from nodes: text, numbers, choices and lists, each with the place of what is wrong.

A `Shape` says how a value is read and what JSON Schema describes it. Both the loader and the published schema are made
from shapes, so they cannot disagree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.basics import CODE_PATTERN, parse_duration
from engine.agent.errors import Fix, Problem, suggestion
from engine.agent.reading.mistakes import (
    cut_problem,
    find_cuts,
    joined_items,
    looks_split,
    misread_problem,
    quoted,
    split_by_comma,
)
from engine.agent.reading.nodes import is_empty, plain_value, problem_at, scalar_value


class Wrong:
    """The type of `WRONG`."""


WRONG: Final = Wrong()
"""What a shape reads where something is wrong; the problem has been noted."""


@dataclass
class Reading:
    """One reading of one file: the text, what is wrong with it so far, and the names seen.

    Attributes:
        text: The whole file.
        file: The file's name for people.
        problems: Everything found so far, warnings too.
        names: Each name of the agent to what bears it and on which line.
        complete: False once something that others may refer to was left out; references are then not judged.
    """

    text: str
    file: str
    problems: list[Problem] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    complete: bool = True
    cuts: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self.cuts = find_cuts(self.text)

    def wrong(self, node: Node, id: str, message: str, remedy: str = "", fix: Fix | None = None) -> Wrong:  # noqa: A002
        """Note an error at a node and return `WRONG`."""
        index = node.start_mark.index
        self.problems.append(problem_at(self.text, index, self.file, id, message, remedy, fix=fix))
        return WRONG

    def replacing(self, node: Node, text: str) -> Fix:
        """The fix that writes `text` in place of a scalar or flow node."""
        return Fix(node.start_mark.index, node.end_mark.index, text)

    def source(self, node: Node) -> str:
        """What is written where a node stands."""
        return self.text[node.start_mark.index : node.end_mark.index]


@dataclass(frozen=True)
class Shape:
    """How a value is read, and its JSON Schema.

    Attributes:
        read: Gives the value, or notes a problem and gives `WRONG`.
        schema: The JSON Schema of the value as a YAML reader sees it.
    """

    read: Callable[[Reading, Node], Any]
    schema: Mapping[str, Any]


def describe(node: Node) -> str:
    """Name what stands somewhere: a list, a mapping, a text or nothing."""
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, SequenceNode):
        return "a list"
    return "nothing" if is_empty(node) else "a text"


def read_text(reading: Reading, node: Node) -> str | Wrong:
    """Read a text as it was written, whatever YAML would make of it (`1.10`, `null`, `yes`)."""
    if not isinstance(node, ScalarNode):
        problem = misread_problem(reading.text, reading.file, node)
        if problem is None:
            return reading.wrong(node, "not-text", f"a text belongs here, and this is {describe(node)}")
        reading.problems.append(problem)
        return WRONG
    if not node.style:
        cut = reading.cuts.get(node.end_mark.index)
        if cut is None and is_empty(node):
            cut = _cut_at_once(reading, node)
        if cut is not None:
            start = node.start_mark.index if node.value else cut
            reading.problems.append(cut_problem(reading.text, reading.file, start, cut))
            return WRONG
        if not node.value:
            return reading.wrong(
                node, "no-value", "a text belongs here, and there is nothing", "Write it after the colon"
            )
    return str(node.value)


def _cut_at_once(reading: Reading, node: ScalarNode) -> int | None:
    """Where a `#` directly followed by a non-space takes the whole value away, as in `title: #1`."""
    index = node.start_mark.index
    line_end = reading.text.find("\n", index)
    line = reading.text[index : line_end if line_end >= 0 else len(reading.text)]
    found = re.match(r":?[ \t]+#[^\s#]", line)
    return index + found.end() - 2 if found else None


def read_words(reading: Reading, node: Node) -> str | Wrong:
    """Read a text that may not be empty: a condition, an action, a template."""
    text = read_text(reading, node)
    if isinstance(text, str) and not text.strip():
        return reading.wrong(node, "empty-text", "this text is empty", "Write what it should say")
    return text


def read_integer(reading: Reading, node: Node) -> int | Wrong:
    """Read a whole number."""
    value = scalar_value(node) if isinstance(node, ScalarNode) else None
    if isinstance(value, bool) or not isinstance(value, int):
        return reading.wrong(
            node, "not-a-number", f"a whole number belongs here, not {_shown(reading, node)}", "Write one like 10"
        )
    return value


def read_boolean(reading: Reading, node: Node) -> bool | Wrong:
    """Read `true` or `false`; `yes`, `no`, `on` and `off` are text here and get a fix."""
    value = scalar_value(node) if isinstance(node, ScalarNode) else None
    if isinstance(value, bool):
        return value
    meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(str(value).lower())
    said = f"true or false belongs here, not {_shown(reading, node)}"
    fix = reading.replacing(node, meant) if meant else None
    return reading.wrong(node, "not-true-or-false", said, f"Write {meant}" if meant else "", fix)


def _shown(reading: Reading, node: Node) -> str:
    return repr(str(node.value)[:40]) if isinstance(node, ScalarNode) and node.value else describe(node)


def read_anything(reading: Reading, node: Node) -> Any:
    """Read any value: data of tools, metadata, values of variables."""
    _note_misread_data(reading, node)
    return plain_value(node)


def _note_misread_data(reading: Reading, node: Node) -> None:
    if isinstance(node, MappingNode):
        reading.problems.extend(split_by_comma(reading.text, reading.file, node)[0])
        for _, value in node.value:
            _note_misread_data(reading, value)
    elif isinstance(node, SequenceNode):
        for item in node.value:
            _note_misread_data(reading, item)
    elif _is_cut_or_text(reading, node):
        read_text(reading, node)


def _is_cut_or_text(reading: Reading, node: Node) -> bool:
    if not isinstance(node, ScalarNode) or node.style:
        return False
    return _cut_at_once(reading, node) is not None if is_empty(node) else isinstance(scalar_value(node), str)


def read_data(reading: Reading, node: Node) -> dict[str, Any] | Wrong:
    """Read a mapping with any keys and values."""
    if not isinstance(node, MappingNode):
        return reading.wrong(node, "not-a-mapping", f"keys and values belong here, not {_shown(reading, node)}")
    value: dict[str, Any] = read_anything(reading, node)
    return value


def items(reading: Reading, node: Node) -> list[Node] | Wrong:
    """The items of a list; a lonely scalar gets the fix that makes a list of it."""
    if isinstance(node, SequenceNode):
        return list(node.value)
    if isinstance(node, ScalarNode) and not is_empty(node):
        item = reading.source(node) if node.style in ('"', "'") else quoted(node.value)
        single = "\n" not in reading.source(node)
        fix = reading.replacing(node, f"[{item}]") if single else None
        return reading.wrong(node, "not-a-list", "a list belongs here, and this is a text", f"Write [{item}]", fix)
    return reading.wrong(node, "not-a-list", f"a list belongs here, and this is {describe(node)}")


def list_of(shape: Shape) -> Shape:
    """The shape of a list whose items have a shape; items that are wrong are left out."""

    def read(reading: Reading, node: Node) -> tuple[Any, ...] | Wrong:
        nodes = items(reading, node)
        if isinstance(nodes, Wrong):
            return WRONG
        values = (shape.read(reading, item) for item in nodes)
        return tuple(value for value in values if value is not WRONG)

    return Shape(read, {"type": "array", "items": dict(shape.schema)})


def _read_sentences(reading: Reading, node: Node) -> tuple[str, ...] | Wrong:
    texts: tuple[str, ...] | Wrong = list_of(WORDS).read(reading, node)
    if isinstance(node, SequenceNode) and node.flow_style:
        for before, after in zip(node.value, node.value[1:], strict=False):
            if looks_split(before, after):
                reading.problems.append(joined_items(reading.text, reading.file, before, after))
    return texts


def one_of(*choices: str) -> Shape:
    """The shape of a word out of a few."""

    def read(reading: Reading, node: Node) -> str | Wrong:
        word = read_text(reading, node)
        if isinstance(word, Wrong) or word in choices:
            return word
        remedy = suggestion(word, choices, "Write one of them")
        near = [choice for choice in choices if remedy == f"Did you mean {choice}?"]
        fix = reading.replacing(node, near[0]) if near else None
        return reading.wrong(node, "unknown-choice", f"{word!r} is none of {', '.join(choices)}", remedy, fix)

    return Shape(read, {"enum": list(choices)})


def read_duration(reading: Reading, node: Node) -> Any:
    """Read a length of time such as `45s`, `3m` or `1h30m`."""
    text = read_text(reading, node)
    if isinstance(text, Wrong):
        return WRONG
    try:
        return parse_duration(text)
    except ValueError:
        said = f"{text!r} is no length of time"
        return reading.wrong(node, "not-a-duration", said, "Write it like 45s, 3m, 1h30m or 2d")


def read_code(reading: Reading, node: Node) -> str | Wrong:
    """Read a reference to a function, `module.function`."""
    text = read_text(reading, node)
    if isinstance(text, Wrong) or CODE_PATTERN.fullmatch(text):
        return text
    fix = reading.replacing(node, f"tools.{text}") if text.isidentifier() else None
    remedy = f"Write {fix.text}" if fix else "Write module.function, e.g. tools.is_vip"
    return reading.wrong(node, "not-code", f"{text!r} is no reference to code", remedy, fix)


def read_reference(reading: Reading, node: Node) -> str | Wrong:
    """Read the name of something; whether it exists is judged later."""
    text = read_text(reading, node)
    if isinstance(text, Wrong) or re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?", text):
        return text
    said = f"{text[:60]!r} is no name"
    return reading.wrong(node, "not-a-name", said, "A name is written in small letters, digits and _")


_TEXT_SCHEMA = {"type": ["string", "number", "boolean", "null"]}
TEXT = Shape(read_text, _TEXT_SCHEMA)
WORDS = Shape(read_words, _TEXT_SCHEMA)
TEXTS = list_of(WORDS)
SENTENCES = Shape(_read_sentences, TEXTS.schema)
INTEGER = Shape(read_integer, {"type": "integer"})
BOOLEAN = Shape(read_boolean, {"type": "boolean"})
ANYTHING = Shape(read_anything, {})
DATA = Shape(read_data, {"type": "object"})
DURATION = Shape(
    read_duration, {"type": "string", "pattern": r"^(\d+d)?(\d+h)?(\d+m)?(\d+(\.\d+)?s)?$", "minLength": 2}
)
CODE = Shape(read_code, {"type": "string", "pattern": r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$"})
REFERENCE = Shape(read_reference, {"type": "string", "pattern": r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$"})
REFERENCES = list_of(REFERENCE)
