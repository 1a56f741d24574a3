"""The shapes that a check's value can have in a scenario file: how each is read, and its JSON Schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from engine.agent.errors import suggestion
from engine.scenario.expected import Expected
from engine.scenario.reading import NameKind, Reading
from engine.scenario.text import TextPattern, parse_text
from engine.scenario.tree import Listing, Scalar, Table, Tree, plain

T = TypeVar("T")
W_co = TypeVar("W_co", covariant=True)
Schema = dict[str, Any]

COMBINATORS = ("any_of", "only")
TEXT: Schema = {"type": ["string", "number", "boolean"]}
DEFAULT_LIKENESS = 0.7


class Shape(Protocol[W_co]):
    """How the value of a check is written."""

    def read(self, tree: Tree, reading: Reading) -> W_co | None:
        """Read a value; problems are noted and give None."""
        ...

    def schema(self) -> Schema:
        """The JSON Schema of the value."""
        ...


def read_expected(
    tree: Tree,
    reading: Reading,
    item: Callable[[Tree, Reading], T | None],
    combinators: Sequence[str] = COMBINATORS,
) -> Expected[T] | None:
    """Read `none`, one item, a list (all of them), `{any_of: […]}` or `{only: […]}`."""
    if isinstance(tree, Scalar) and tree.written == "none":
        return Expected("none")
    if isinstance(tree, Table) and len(tree.entries) == 1 and tree.keys[0] in combinators:
        key, value = tree.entries[0]
        if key.written != "only" and _says_nothing(value, reading):
            return None
        items = _items(value, reading, item)
        return None if items is None else Expected("only" if key.written == "only" else "any_of", items)
    if _says_nothing(tree, reading):
        return None
    items = _items(tree, reading, item)
    return None if items is None else Expected("all", items)


def _says_nothing(tree: Tree, reading: Reading) -> bool:
    """Note an empty list: everything would be as it says."""
    empty = isinstance(tree, Listing) and not tree.items
    if empty:
        reading.problem(tree, "wrong-value", "this list is empty", "Write none for nothing at all")
    return empty


def _items(tree: Tree, reading: Reading, item: Callable[[Tree, Reading], T | None]) -> tuple[T, ...] | None:
    read = [item(each, reading) for each in reading.one_or_list(tree)]
    found = tuple(each for each in read if each is not None)
    return found if len(found) == len(read) else None


def expected_schema(item: Schema, combinators: Sequence[str] = COMBINATORS) -> Schema:
    """The JSON Schema of what `read_expected` reads."""
    listed = {"type": "array", "items": item}
    either: Schema = {"oneOf": [item, listed]} if item.get("type") != "array" else item
    combined = [
        {"type": "object", "properties": {word: either}, "required": [word], "additionalProperties": False}
        for word in combinators
    ]
    return {"anyOf": [item, listed, *combined]}


def count_of(tree: Tree) -> int | None:
    """A whole number of things, where a count may stand; None for everything else."""
    if isinstance(tree, Scalar) and type(tree.value) is int and tree.value >= 0:
        return tree.value
    return None


@dataclass(frozen=True)
class Texts:
    """Expected text: one, a list, or `{any_of: […]}`."""

    def read(self, tree: Tree, reading: Reading) -> Expected[TextPattern] | None:
        """Read the patterns; `none` may only stand alone."""
        return read_expected(tree, reading, self.pattern, ("any_of",))

    def pattern(self, tree: Tree, reading: Reading) -> TextPattern | None:
        """Read one pattern."""
        written = reading.text(tree)
        if written is None:
            return None
        try:
            found = parse_text(written)
        except ValueError as error:
            reading.problem(tree, "bad-pattern", str(error), "Write / as the first and last character of a pattern")
            return None
        if found.how == "none":
            reading.problem(tree, "wrong-value", "none stands alone: it means that there is no text at all")
            return None
        return found

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        return expected_schema(TEXT, ("any_of",))


@dataclass(frozen=True)
class Likeness:
    """A text that another should be like, and how much (0 to 1)."""

    text: str
    minimum: float

    def __str__(self) -> str:
        """E.g. `like “Hello” (at least 0.7)`."""
        return f"like “{self.text}” (at least {self.minimum:g})"


@dataclass(frozen=True)
class Likely:
    """A text, or `{text, min}`."""

    key: str = "text"

    def read(self, tree: Tree, reading: Reading) -> Likeness | None:
        """Read the text and the least similarity."""
        if isinstance(tree, Scalar):
            text = reading.text(tree)
            return None if text is None else Likeness(text, DEFAULT_LIKENESS)
        table = reading.table(tree, f"{{{self.key}: text, min: 0.85}}")
        if table is None:
            return None
        for key, _ in table.entries:
            if key.written not in (self.key, "min"):
                reading.unknown_key(key, (self.key, "min"), "this")
        wanted, least = table.get(self.key), table.get("min")
        if wanted is None:
            reading.problem(tree, "missing-key", f"the key {self.key} is missing")
            return None
        text = reading.text(wanted)
        minimum = DEFAULT_LIKENESS if least is None else self._minimum(least, reading)
        return None if text is None or minimum is None else Likeness(text, minimum)

    def _minimum(self, tree: Tree, reading: Reading) -> float | None:
        value = tree.value if isinstance(tree, Scalar) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
            return float(value)
        reading.problem(tree, "wrong-value", "min is a number from 0 to 1")
        return None

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        least = {"type": "number", "minimum": 0, "maximum": 1}
        long = {"type": "object", "properties": {self.key: TEXT, "min": least}, "required": [self.key]}
        return {"anyOf": [TEXT, {**long, "additionalProperties": False}]}


@dataclass(frozen=True)
class DraftText:
    """What a draft looks like: text as anywhere, or `{like: text, min: 0.85}`."""

    def read(self, tree: Tree, reading: Reading) -> Expected[TextPattern] | Likeness | None:
        """Read the patterns or the likeness."""
        if isinstance(tree, Table) and "like" in tree.keys:
            return Likely("like").read(tree, reading)
        return Texts().read(tree, reading)

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        return {"anyOf": [Texts().schema(), Likely("like").schema()]}


@dataclass(frozen=True)
class Names:
    """Names of the agent's, of some kinds; `words` are further words that may stand there."""

    kinds: tuple[NameKind, ...]
    words: tuple[str, ...] = ()

    def read(self, tree: Tree, reading: Reading) -> Expected[str] | None:
        """Read the names, each of which must exist."""
        return read_expected(tree, reading, lambda each, at: at.name(each, *self.kinds, words=self.words))

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        return expected_schema({"type": "string"})


@dataclass(frozen=True)
class Words:
    """One of a few words, or several of them with `any_of`."""

    choices: tuple[str, ...]

    def read(self, tree: Tree, reading: Reading) -> Expected[str] | None:
        """Read the words; `none` is one of them only where it is listed."""
        if isinstance(tree, Scalar):
            word = self._word(tree, reading)
            return None if word is None else Expected("all", (word,))
        return read_expected(tree, reading, self._word, ("any_of",))

    def _word(self, tree: Tree, reading: Reading) -> str | None:
        written = reading.text(tree, "a word")
        if written is None or written in self.choices:
            return written
        remedy = suggestion(written, self.choices, f"Write one of {', '.join(self.choices)}")
        reading.problem(tree, "wrong-value", f"{written!r} cannot stand here", remedy)
        return None

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        return expected_schema({"enum": list(self.choices)}, ("any_of",))


@dataclass(frozen=True)
class FreeNames:
    """Names that the agent file does not fix (fields, triggers), or how many there are."""

    def read(self, tree: Tree, reading: Reading) -> Expected[str] | None:
        """Read the names or the number."""
        count = count_of(tree)
        if count is not None:
            return Expected("count", count=count)
        return read_expected(tree, reading, lambda each, at: at.text(each, "a name"))

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        return {"anyOf": [{"type": "integer", "minimum": 0}, expected_schema({"type": "string"})]}


@dataclass(frozen=True)
class Parameters:
    """Names of arguments that some tool of the agent takes, or how many there are."""

    def read(self, tree: Tree, reading: Reading) -> Expected[str] | None:
        """Read the names or the number."""
        count = count_of(tree)
        if count is not None:
            return Expected("count", count=count)
        return Names(("parameter",)).read(tree, reading)

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        return FreeNames().schema()


@dataclass(frozen=True)
class FieldValues:
    """Names of fields, how many there are, or a mapping of names to values."""

    def read(self, tree: Tree, reading: Reading) -> Expected[str] | Mapping[str, Any] | None:
        """Read names, a number or a mapping."""
        if isinstance(tree, Table) and not (len(tree.entries) == 1 and tree.keys[0] in COMBINATORS):
            table = reading.full_table(tree, "fields")
            return plain(table) if table is not None else None
        return FreeNames().read(tree, reading)

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        return {"anyOf": [FreeNames().schema(), {"type": "object"}]}


@dataclass(frozen=True)
class Values:
    """A mapping that must be part of what there is. `kind` and `known` fix the keys that may stand in it."""

    what: str
    kind: NameKind | None = None
    known: tuple[str, ...] = ()

    def read(self, tree: Tree, reading: Reading) -> dict[str, Any] | None:
        """Read the mapping."""
        table = reading.full_table(tree, self.what)
        if table is None:
            return None
        for key, _ in table.entries:
            if self.kind:
                reading.name(key, self.kind)
            elif self.known and key.written not in self.known:
                reading.unknown_key(key, self.known, self.what)
        values: dict[str, Any] = plain(table)
        return values

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        if not self.known:
            return {"type": "object"}
        return {"type": "object", "properties": {key: {} for key in self.known}, "additionalProperties": False}


@dataclass(frozen=True)
class StatusWanted:
    """A status event: its name, and what its data must hold."""

    name: str
    data: Any = None

    def __str__(self) -> str:
        """E.g. `ready {'stage': 'completed'}`."""
        return self.name if self.data is None else f"{self.name} {self.data}"


@dataclass(frozen=True)
class Statuses:
    """Status events in order: names, or `{name: data}`."""

    known: tuple[str, ...] = ("acknowledged", "cancelled", "processing", "typing", "ready", "error")

    def read(self, tree: Tree, reading: Reading) -> Expected[StatusWanted] | None:
        """Read the statuses."""
        return read_expected(tree, reading, self._status, ())

    def _status(self, tree: Tree, reading: Reading) -> StatusWanted | None:
        if isinstance(tree, Table) and len(tree.entries) == 1:
            key, value = tree.entries[0]
            name = self._name(key, reading)
            return None if name is None else StatusWanted(name, plain(value))
        if isinstance(tree, (Table, Listing)):
            reading.problem(tree, "wrong-shape", "a status is its name, or {name: data}")
            return None
        name = self._name(tree, reading)
        return None if name is None else StatusWanted(name)

    def _name(self, tree: Tree, reading: Reading) -> str | None:
        read = Words(self.known).read(tree, reading)
        return read.items[0] if read else None

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        return expected_schema({"anyOf": [{"enum": list(self.known)}, {"type": "object", "maxProperties": 1}]}, ())
