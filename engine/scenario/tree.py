"""A scenario file as a tree of values that know their place, so that cases and inherited keys can be put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import yaml

from engine.agent.reading.composing import compose_all
from engine.agent.reading.nodes import scalar_value, written_text
from engine.scenario.model import Place


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: as it was written, and what that means (text, number, boolean or None)."""

    place: Place
    written: str
    value: Any

    @property
    def empty(self) -> bool:
        """Whether nothing was written, as after a lonely `key:`."""
        return self.value is None and not self.written


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of values."""

    place: Place
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; keys are scalars with a place of their own."""

    place: Place
    entries: tuple[tuple[Scalar, Tree], ...]

    def get(self, key: str) -> Tree | None:
        """The value of a key; None when it is not there."""
        for own, value in self.entries:
            if own.written == key:
                return value
        return None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys as they were written, in order."""
        return tuple(key.written for key, _ in self.entries)


Tree = Scalar | Listing | Table


def read_trees(text: str, file: str) -> tuple[Tree, ...]:
    """Read the documents of a YAML text.

    Raises:
        AgentFileError: When the text is not readable as YAML or has a key twice.
    """
    return tuple(_convert(root, file) for root in compose_all(text, file))


def _convert(node: yaml.Node, file: str) -> Tree:
    place = Place(file, node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        return Table(place, tuple((_scalar(key, file), _convert(value, file)) for key, value in node.value))
    if isinstance(node, yaml.SequenceNode):
        return Listing(place, tuple(_convert(item, file) for item in node.value))
    return _scalar(node, file)


def _scalar(node: yaml.Node, file: str) -> Scalar:
    assert isinstance(node, yaml.ScalarNode)
    place = Place(file, node.start_mark.line + 1, node.start_mark.column + 1)
    return Scalar(place, written_text(node), scalar_value(node))


def plain(tree: Tree) -> Any:
    """The tree as plain Python values: dict, list, text, number, boolean or None."""
    if isinstance(tree, Table):
        return {key.written: plain(value) for key, value in tree.entries}
    if isinstance(tree, Listing):
        return [plain(item) for item in tree.items]
    return tree.value


def scalars_of(tree: Tree) -> Iterator[Scalar]:
    """Every single value of a tree, keys included, in order."""
    if isinstance(tree, Scalar):
        yield tree
    elif isinstance(tree, Listing):
        for item in tree.items:
            yield from scalars_of(item)
    else:
        for key, value in tree.entries:
            yield key
            yield from scalars_of(value)


def merged(far: Table, near: Table, deep: frozenset[str]) -> Table:
    """Put two mappings together; the nearer one wins, key by key.

    Args:
        far: The mapping that gives way.
        near: The mapping that wins.
        deep: Keys whose own mappings are put together in the same way instead of being replaced.
    """
    entries = {key.written: (key, value) for key, value in far.entries}
    for key, value in near.entries:
        other = entries.get(key.written)
        if key.written in deep and other and isinstance(other[1], Table) and isinstance(value, Table):
            value = merged(other[1], value, frozenset())
        entries[key.written] = (key, value)
    return replace(near, entries=tuple(entries.values()))


def substituted(tree: Tree, values: Mapping[str, Scalar | Listing | Table]) -> Tree:
    """Put a case's values in place of `<name>`.

    A value that is nothing but `<name>` becomes the case's value with its type; inside longer text it is written out.
    Places stay those of the step, so that an error points there.
    """
    if isinstance(tree, Table):
        return replace(
            tree, entries=tuple((_written_out(key, values), substituted(value, values)) for key, value in tree.entries)
        )
    if isinstance(tree, Listing):
        return replace(tree, items=tuple(substituted(item, values) for item in tree.items))
    whole = tree.written.strip()
    if whole.startswith("<") and whole.endswith(">") and whole[1:-1] in values:
        return replace(values[whole[1:-1]], place=tree.place)
    return _written_out(tree, values)


def _written_out(scalar: Scalar, values: Mapping[str, Scalar | Listing | Table]) -> Scalar:
    written = scalar.written
    if "<" not in written:
        return scalar
    pieces = written.split("<")
    text = pieces[0]
    for piece in pieces[1:]:
        name, closed, rest = piece.partition(">")
        value = values.get(name) if closed else None
        text += f"{value.written}{rest}" if isinstance(value, Scalar) else f"<{piece}"
    return scalar if text == written else replace(scalar, written=text, value=text)
