"""Reading mappings: which keys a thing may have, and the names that things bear."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from unicodedata import combining, normalize

from yaml.nodes import MappingNode, Node, ScalarNode

from engine.agent.basics import NAME_PATTERN, RESERVED_NAMES
from engine.agent.errors import suggestion
from engine.agent.reading.mistakes import quoted, split_by_comma
from engine.agent.reading.nodes import entries, is_empty, scalar_value
from engine.agent.reading.values import WRONG, Reading, Shape, Wrong, describe


@dataclass(frozen=True)
class Record:
    """The keys that a mapping may have.

    Attributes:
        what: What the mapping is, with its article, e.g. `a guideline`.
        shapes: The shape of each key.
        required: The keys that must be there.
        hints: What to say about a key that people expect here but that belongs elsewhere.
        attributes: Keys whose attribute in the model has another name.
        scalar: The key that a lonely scalar stands for (short form), if the record has one.
        meant: The key that a lonely scalar was probably meant for, where there is no short form.
    """

    what: str
    shapes: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    hints: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    scalar: str | None = None
    meant: str | None = None

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the mapping, short form included."""
        long: dict[str, Any] = {
            "type": "object",
            "properties": {key: dict(shape.schema) for key, shape in self.shapes.items()},
            "additionalProperties": False,
        }
        if self.required:
            long["required"] = list(self.required)
        return {"anyOf": [dict(self.shapes[self.scalar].schema), long]} if self.scalar else long


def read_record(reading: Reading, node: Node, record: Record) -> dict[str, Any] | Wrong:
    """Read a mapping by its record.

    Args:
        reading: Where problems are noted.
        node: The mapping, or a scalar in the record's short form.
        record: The keys it may have.

    Returns:
        The values by the names of the model's attributes, those that are wrong left out; `WRONG` when the node is no
        such mapping at all.
    """
    if record.scalar is not None and isinstance(node, ScalarNode):
        value = record.shapes[record.scalar].read(reading, node)
        return {record.scalar: value} if value is not WRONG else {}
    if not isinstance(node, MappingNode):
        return _no_record(reading, node, record)
    found: dict[str, Any] = {}
    meant: list[str | None] = []
    split, bare = split_by_comma(reading.text, reading.file, node)
    reading.problems.extend(split)
    for key, key_node, value_node in entries(node):
        if key in bare:
            continue
        shape = record.shapes.get(key)
        if shape is None:
            meant.append(_unknown_key(reading, key_node, record))
        else:
            value = shape.read(reading, value_node)
            if value is not WRONG:
                found[record.attributes.get(key, key)] = value
    _note_missing(reading, node, record, meant)
    return found


def _no_record(reading: Reading, node: Node, record: Record) -> Wrong:
    said = f"{record.what} is written with keys, and this is {describe(node)}"
    source = reading.source(node)
    if record.meant is None or not isinstance(node, ScalarNode) or not node.value or "\n" in source:
        keys = record.required or tuple(record.shapes)
        return reading.wrong(node, "not-a-mapping", said, f"Write keys such as {', '.join(keys[:5])}")
    value = source if node.style or isinstance(scalar_value(node), int | float) else quoted(source)
    text = f"{{{record.meant}: {value}}}"
    return reading.wrong(node, "not-a-mapping", said, f"Write {text}", reading.replacing(node, text))


def _unknown_key(reading: Reading, key: ScalarNode, record: Record) -> str | None:
    """Note a key that the record does not have; return the one that it was probably meant to be."""
    name = str(key.value)
    known = ", ".join(record.shapes)
    remedy = record.hints.get(name) or suggestion(name, record.shapes, f"Its keys are {known}")
    near = next((word for word in record.shapes if remedy == f"Did you mean {word}?"), None)
    fix = reading.replacing(key, near) if near else None
    reading.wrong(key, "unknown-key", f"{record.what} has no key {name[:60]!r}", remedy, fix)
    return near


def _note_missing(reading: Reading, node: MappingNode, record: Record, meant: list[str | None]) -> None:
    written = {*(key.value for key, _ in node.value), *meant}
    for key in record.required:
        if key not in written:
            reading.wrong(node, "missing-key", f"{record.what} needs `{key}`", record.hints.get(f"no {key}", ""))


def check_name(reading: Reading, key: ScalarNode, what: str) -> bool:
    """Judge whether a key may be a name; note what is wrong with it otherwise."""
    name = key.value
    if NAME_PATTERN.fullmatch(name) and name not in RESERVED_NAMES:
        return True
    if name in RESERVED_NAMES:
        reading.wrong(
            key, "reserved-name", f"{name!r} has a meaning of its own and cannot name {what}", "Choose another"
        )
        return False
    slug = slug_of(name)
    fix = reading.replacing(key, slug) if slug else None
    remedy = f"Write {slug}" if slug else "Begin with a small letter, then small letters, digits and _"
    said = f"{name[:60]!r} cannot name {what}: names are small letters, digits and _"
    reading.wrong(key, "bad-name", said, remedy, fix)
    return False


def slug_of(text: str) -> str:
    """Make a name of a text: its first five words in small letters without accents, joined by `_`; may be empty."""
    letters = "".join(each for each in normalize("NFKD", text.casefold()) if not combining(each))
    words = re.findall(r"[a-z0-9]+", letters.replace("'", ""))
    slug = "_".join(words[:5]).lstrip("0123456789_")
    return f"{slug}_" if slug in RESERVED_NAMES else slug


def claim_name(reading: Reading, key: ScalarNode, what: str) -> bool:
    """Judge a name as `check_name` does, and that nothing else of the agent bears it."""
    valid = check_name(reading, key, what)
    bearer = reading.names.get(key.value)
    if bearer is not None:
        said = f"the name {key.value!r} is taken by {bearer}"
        reading.wrong(key, "name-taken", said, "Names are unique across the agent: choose another")
        return False
    reading.names[key.value] = f"{what} on line {key.start_mark.line + 1}"
    return valid


def named(record: Record, build: Callable[[str, dict[str, Any]], Any], definition: str) -> Shape:
    """The shape of a section: names, unique across the agent, with what each stands for.

    Args:
        record: The keys of one thing.
        build: Makes the model's value of a name and the values read.
        definition: The name of the thing's schema among the definitions.
    """

    def read(reading: Reading, node: Node) -> tuple[Any, ...] | Wrong:
        pairs = section_entries(reading, node, record.what)
        if isinstance(pairs, Wrong):
            return WRONG
        built = []
        for key, value in pairs:
            claim_name(reading, key, record.what)
            values = read_record(reading, value, record)
            built.append(build(str(key.value), {} if isinstance(values, Wrong) else values))
        return tuple(built)

    return Shape(read, section_schema(definition))


def section_schema(definition: str) -> dict[str, Any]:
    """The JSON Schema of a mapping from names to a definition."""
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^{NAME_PATTERN.pattern}$"},
        "additionalProperties": {"$ref": f"#/$defs/{definition}"},
    }


def section_entries(reading: Reading, node: Node, what: str) -> list[tuple[ScalarNode, Node]] | Wrong:
    """The names of a section and what each stands for, without those that a comma made by mistake."""
    if not isinstance(node, MappingNode):
        reading.complete = False
        said = f"names with what they stand for belong here, and this is {describe(node)}"
        remedy = f"Write `some_name:` and under it {what}"
        if is_empty(node):
            said = "nothing stands under this key"
            remedy += ", both begun further in than the key, or remove the key"
        return reading.wrong(node, "not-a-mapping", said, remedy)
    problems, bare = split_by_comma(reading.text, reading.file, node)
    reading.problems.extend(problems)
    return [(key_node, value) for key, key_node, value in entries(node) if key not in bare]


def built(record: Record, build: Callable[[dict[str, Any]], Any]) -> Shape:
    """The shape of a mapping that becomes one value of the model."""

    def read(reading: Reading, node: Node) -> Any:
        values = read_record(reading, node, record)
        return WRONG if isinstance(values, Wrong) else build(values)

    return Shape(read, record.schema())
