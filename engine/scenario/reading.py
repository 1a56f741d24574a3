"""What reading a scenario needs at every place: the agent's names, and a list of everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from engine.agent.errors import Problem, suggestion
from engine.agent.model import END, Agent, Tool
from engine.scenario.model import Place
from engine.scenario.tree import Listing, Scalar, Table, Tree, plain

NameKind = Literal["response", "guideline", "tool", "journey", "state", "variable", "customer", "parameter"]
M = TypeVar("M", bound=BaseModel)

_CALLED: Mapping[NameKind, str] = {
    "response": "canned response",
    "guideline": "guideline or observation",
    "tool": "tool",
    "journey": "journey",
    "state": "journey.state",
    "variable": "variable",
    "customer": "customer",
    "parameter": "parameter of a tool",
}

_SAID = {
    "missing": "the key {name} is missing",
    "tuple_type": "{name} is a list",
    "list_type": "{name} is a list",
    "dict_type": "{name} is a mapping of keys to values",
    "model_type": "{name} is a mapping of keys to values",
    "string_type": "{name} is text",
    "literal_error": "{name} is {expected}",
    "enum": "{name} is {expected}",
    "bool_type": "{name} is true or false",
    "bool_parsing": "{name} is true or false",
    "int_type": "{name} is a whole number",
    "int_parsing": "{name} is a whole number",
}
"""What is said instead of pydantic's words, which speak of Python's types."""


class Reading:
    """Collects problems while files are read, and knows the names that may be used.

    Attributes:
        agent: The agent that the scenarios talk to.
        problems: Everything found wrong so far.
    """

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.problems: list[Problem] = []

    def problem(self, tree: Tree, id: str, message: str, remedy: str = "") -> None:  # noqa: A002
        """Note that something is wrong at the place of a value."""
        place: Place = tree.place
        self.problems.append(Problem(id, place.file, place.line, place.column, message, remedy))

    @cached_property
    def names(self) -> Mapping[NameKind, tuple[str, ...]]:
        """The agent's names by kind; states as `journey.state`, with `journey.end`."""
        agent = self.agent
        return {
            "response": tuple(response.name for response, _ in agent.scoped_responses()),
            "guideline": tuple(guideline.name for guideline, _ in agent.scoped_guidelines()),
            "tool": tuple(tool.name for tool in agent.tools),
            "journey": tuple(journey.name for journey in agent.journeys),
            "state": tuple(
                f"{journey.name}.{name}"
                for journey in agent.journeys
                for name in (*(state.name for state in journey.states), END)
            ),
            "variable": tuple(variable.name for variable in agent.variables),
            "customer": tuple(customer.id for customer in agent.customers),
            "parameter": tuple(dict.fromkeys(parameter.name for tool in agent.tools for parameter in tool.parameters)),
        }

    def name(self, tree: Tree, *kinds: NameKind, words: Iterable[str] = ()) -> str | None:
        """Read a name of the agent's, or one of the reserved words that may stand in its place."""
        written = self.text(tree, "a name")
        if written is None:
            return None
        allowed = tuple(words)
        known = [name for kind in kinds for name in self.names[kind]]
        if written in known or written in allowed:
            return written
        called = " or ".join(_CALLED[kind] for kind in kinds)
        self.problem(
            tree,
            "unknown-name",
            f"there is no {called} {written!r}",
            self._other_kind(written) or suggestion(written, [*known, *allowed], _listed(known, called)),
        )
        return None

    def _other_kind(self, written: str) -> str:
        for kind, names in self.names.items():
            if written in names:
                return f"{written} is a {_CALLED[kind]}"
        return ""

    def tool(self, tree: Tree) -> Tool | None:
        """Read the name of a tool and give the tool."""
        name = self.name(tree, "tool")
        return next((tool for tool in self.agent.tools if tool.name == name), None)

    def text(self, tree: Tree, what: str = "text") -> str | None:
        """Read text as it was written; anything but a scalar, or nothing at all, is a problem."""
        if isinstance(tree, Scalar) and not tree.empty:
            return tree.written
        self.problem(tree, "wrong-shape", f"{what} belongs here{_but(tree)}")
        return None

    def table(self, tree: Tree, what: str) -> Table | None:
        """Read a mapping; nothing written counts as an empty one."""
        if isinstance(tree, Table):
            return tree
        if isinstance(tree, Scalar) and tree.empty:
            return Table(tree.place, ())
        remedy = "Write `key: value`, or under one another with the same indentation"
        self.problem(tree, "wrong-shape", f"{what} is a mapping of keys to values{_but(tree)}", remedy)
        return None

    def full_table(self, tree: Tree, what: str) -> Table | None:
        """Read a mapping in which something must stand: a check of nothing would pass for ever."""
        table = self.table(tree, what)
        if table is not None and not table.entries:
            self.problem(tree, "wrong-value", f"{what} is empty here and would check nothing", "Take it out")
            return None
        return table

    def listing(self, tree: Tree, what: str) -> tuple[Tree, ...]:
        """Read a list."""
        if isinstance(tree, Listing):
            return tree.items
        self.problem(tree, "wrong-shape", f"{what} is a list{_but(tree)}", "Begin each item with `- `")
        return ()

    def one_or_list(self, tree: Tree) -> tuple[Tree, ...]:
        """The items of a list, or the value itself as the only item."""
        return tree.items if isinstance(tree, Listing) else (tree,)

    def unknown_key(self, key: Scalar, known: Iterable[str], where: str) -> None:
        """Note that a key is not one of those that may stand there."""
        names = list(known)
        listed = f"{where[0].upper()}{where[1:]} takes {', '.join(names)}"
        self.problem(key, "unknown-key", f"unknown key {key.written!r}", suggestion(key.written, names, listed))

    def not_supported(self, tree: Tree, what: str) -> None:
        """Note that something the format describes cannot be done yet: it must never be ignored."""
        self.problem(tree, "not-supported", f"{what} is not supported yet", "Take it out of this scenario")

    def model(self, kind: type[M], tree: Tree, what: str) -> M | None:
        """Read a mapping as a pydantic value, each problem at its own place.

        Text fields take scalars as they were written.
        """
        table = self.table(tree, what)
        if table is None:
            return None
        values = plain(table)
        for _ in range(2):
            try:
                return kind.model_validate(values)
            except ValidationError as error:
                if not self._as_written(values, table, error):
                    self._model_problems(kind, table, error, what)
                    return None
        self.problem(tree, "wrong-value", f"{what} cannot be read")
        return None

    def _as_written(self, values: Any, table: Table, error: ValidationError) -> bool:
        """Replace scalars by their text where text was wanted; whether that is all that was wrong."""
        details = error.errors(include_url=False, include_context=False)
        if any(detail["type"] != "string_type" for detail in details):
            return False
        for detail in details:
            tree, parent = _follow(table, values, detail["loc"])
            if not isinstance(tree, Scalar) or tree.empty or parent is None:
                return False
            parent[detail["loc"][-1]] = tree.written
        return True

    def _model_problems(self, kind: type[BaseModel], table: Table, error: ValidationError, what: str) -> None:
        for detail in error.errors(include_url=False):
            tree, _ = _follow(table, plain(table), detail["loc"])
            if detail["type"] == "extra_forbidden":
                key = _key(table, detail["loc"])
                known = list(kind.model_fields) if len(detail["loc"]) == 1 else []
                self.unknown_key(key, known, what) if known else self.problem(
                    key, "unknown-key", f"unknown key {key.written!r}"
                )
            else:
                said = _SAID.get(detail["type"]) or detail["msg"].removeprefix("Value error, ")
                expected = detail.get("ctx", {}).get("expected", "")
                self.problem(tree, "wrong-value", said.format(name=detail["loc"][-1], expected=expected))


def _listed(names: list[str], called: str) -> str:
    if not names:
        return f"The agent has no {called}"
    shown = ", ".join(names[:6])
    return f"There are {shown}{' …' if len(names) > 6 else ''}"


def _but(tree: Tree) -> str:
    if isinstance(tree, Table):
        return ", not a mapping"
    if isinstance(tree, Listing):
        return ", not a list"
    return "" if tree.empty else f", not {tree.written[:60]!r}"


def _follow(tree: Tree, values: Any, path: tuple[int | str, ...]) -> tuple[Tree, Any]:
    """The value at a path as far as it goes, and the plain container that holds it."""
    parent: Any = None
    for part in path:
        found: Tree | None = None
        if isinstance(tree, Table) and isinstance(part, str):
            found = tree.get(part)
        elif isinstance(tree, Listing) and isinstance(part, int) and part < len(tree.items):
            found = tree.items[part]
        if found is None:
            break
        parent, values, tree = values, values[part], found
    return tree, parent


def _key(table: Table, path: tuple[int | str, ...]) -> Scalar:
    holder, _ = _follow(table, plain(table), path[:-1])
    if isinstance(holder, Table):
        for key, _value in holder.entries:
            if key.written == path[-1]:
                return key
    return Scalar(holder.place, str(path[-1]), str(path[-1]))
