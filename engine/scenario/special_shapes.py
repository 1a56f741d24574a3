"""Shapes that belong to one check each: tool calls, reasons, times and comparisons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from engine.agent.errors import suggestion
from engine.agent.model import Tool
from engine.scenario.expected import Expected
from engine.scenario.reading import NameKind, Reading
from engine.scenario.shapes import Schema, count_of, expected_schema, read_expected
from engine.scenario.tree import Scalar, Table, Tree, plain
from engine.turn.results import Outcome, Result

_EVERYTHING: tuple[NameKind, ...] = ("guideline", "journey", "state", "tool", "response")
_ENTITY_REASONS = frozenset(
    {
        Result.EXCLUDED,
        Result.OUTRANKED,
        Result.UNMET_DEPENDENCY,
        Result.DROPPED_DEPENDENCY,
        Result.AMBIGUOUS,
        Result.LOST_TO,
    }
)
LOSSES = tuple(result.value for result in Result if not result.won)
_TIME = re.compile(r"(?:(\d{4}-\d{2}-\d{2})[ T]?)?(\d{1,2}:\d{2}(?::\d{2})?)?")
_COMPARISON = re.compile(r"(<=|>=|<|>|)\s*(\d+)")


@dataclass(frozen=True)
class CallWanted:
    """A call of a tool, with the arguments that matter."""

    tool: str
    arguments: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        """E.g. `book_flight(date=2026-03-14)`."""
        if not self.arguments:
            return self.tool
        return f"{self.tool}({', '.join(f'{name}={value}' for name, value in self.arguments.items())})"


@dataclass(frozen=True)
class Calls:
    """Tool calls: names, `{tool: {argument: value}}`, a list, how many, or `none`."""

    def read(self, tree: Tree, reading: Reading) -> Expected[CallWanted] | None:
        """Read the calls; several tools in one mapping are several calls."""
        count = count_of(tree)
        if count is not None:
            return Expected("count", count=count)
        if isinstance(tree, Table) and not (len(tree.entries) == 1 and tree.keys[0] in ("any_of", "only")):
            if reading.full_table(tree, "calls") is None:
                return None
            calls = [self._with_arguments(key, value, reading) for key, value in tree.entries]
            found = tuple(call for call in calls if call is not None)
            return Expected("all", found) if len(found) == len(calls) else None
        return read_expected(tree, reading, self._call)

    def _call(self, tree: Tree, reading: Reading) -> CallWanted | None:
        if isinstance(tree, Table) and len(tree.entries) == 1:
            return self._with_arguments(*tree.entries[0], reading)
        tool = reading.tool(tree)
        return CallWanted(tool.name) if tool else None

    def _with_arguments(self, key: Scalar, value: Tree, reading: Reading) -> CallWanted | None:
        tool = reading.tool(key)
        table = reading.table(value, f"the arguments of {key.written}")
        if tool is None or table is None:
            return None
        check_parameters(table, tool, reading)
        return CallWanted(tool.name, plain(table))

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        one: Schema = {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "object"}}]}
        return {"anyOf": [{"type": "integer", "minimum": 0}, expected_schema(one)]}


def check_parameters(table: Table, tool: Tool, reading: Reading) -> None:
    """Note arguments that a tool does not have; a tool that declares no parameters may have any."""
    names = [parameter.name for parameter in tool.parameters]
    for key, _ in table.entries:
        if names and key.written not in names:
            remedy = suggestion(key.written, names, f"It has {', '.join(names)}")
            reading.problem(key, "unknown-name", f"{tool.name} has no parameter {key.written!r}", remedy)


@dataclass(frozen=True)
class Reason:
    """A reason why something lost; `counterparts` are who decided it, as far as the scenario cares."""

    result: Result
    counterparts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """E.g. `excluded upset`."""
        return " ".join((self.result.value, ", ".join(self.counterparts))).strip()

    def fits(self, outcome: Outcome) -> bool:
        """Whether this is why the thing lost."""
        return outcome.result is self.result and set(self.counterparts) <= set(outcome.counterpart)


@dataclass(frozen=True)
class Reasons:
    """A mapping of names to the reason why each lost, or `{any_of: [reasons]}`."""

    def read(self, tree: Tree, reading: Reading) -> dict[str, tuple[Reason, ...]] | None:
        """Read the reasons by name."""
        table = reading.full_table(tree, "why_not")
        if table is None:
            return None
        found: dict[str, tuple[Reason, ...]] = {}
        for key, value in table.entries:
            name = reading.name(key, *_EVERYTHING)
            expected = read_expected(value, reading, self._reason, ("any_of",))
            if name is not None and expected is not None:
                found[name] = expected.items
        return found

    def _reason(self, tree: Tree, reading: Reading) -> Reason | None:
        written = reading.text(tree, "a reason")
        if written is None:
            return None
        word, _, rest = written.strip().partition(" ")
        if word not in LOSSES:
            listed = f"Reasons are {', '.join(LOSSES)}"
            reading.problem(tree, "wrong-value", f"{word!r} is no reason", suggestion(word, LOSSES, listed))
            return None
        reason = Reason(Result(word), tuple(part.strip() for part in rest.split(",") if part.strip()))
        if reason.result in _ENTITY_REASONS:
            self._check_counterparts(reason, tree, reading)
        return reason

    def _check_counterparts(self, reason: Reason, tree: Tree, reading: Reading) -> None:
        known = [name for kind in _EVERYTHING for name in reading.names[kind]]
        for name in reason.counterparts:
            if name not in known and not name.startswith("tag:"):
                said = f"there is nothing called {name!r} that could decide this"
                reading.problem(tree, "unknown-name", said, suggestion(name, known))

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        pattern = f"^({'|'.join(LOSSES)})( .*)?$"
        reason = expected_schema({"type": "string", "pattern": pattern}, ("any_of",))
        return {"type": "object", "additionalProperties": reason}


@dataclass(frozen=True)
class Instant:
    """A time of day, a date, or both; seconds count only where they were written."""

    written: str
    day: date | None
    time: time | None

    def __str__(self) -> str:
        """As the scenario writes it."""
        return self.written

    def fits(self, moment: datetime) -> bool:
        """Whether a moment is that time."""
        if self.day is not None and moment.date() != self.day:
            return False
        with_seconds = self.written.count(":") == 2
        shown = moment.replace(microsecond=0) if with_seconds else moment.replace(second=0, microsecond=0)
        return self.time is None or shown.time() == self.time


@dataclass(frozen=True)
class Instants:
    """`18:15`, `2026-03-02` or `2026-03-02 18:15`."""

    def read(self, tree: Tree, reading: Reading) -> Instant | None:
        """Read the time."""
        written = reading.text(tree, "a time")
        if written is None:
            return None
        found = parse_instant(written)
        if found is None:
            reading.problem(tree, "wrong-value", f"{written!r} is no time", "Write it like 18:15 or 2026-03-02 18:15")
        return found

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        return {"type": "string"}


def parse_instant(written: str) -> Instant | None:
    """Read a time of day, a date, or both; None when it is neither."""
    found = _TIME.fullmatch(written.strip())
    if not found or not any(found.groups()):
        return None
    day, hours = found.groups()
    try:
        return Instant(
            written,
            date.fromisoformat(day) if day else None,
            time.fromisoformat(hours if hours[1] != ":" else f"0{hours}") if hours else None,
        )
    except ValueError:
        return None


@dataclass(frozen=True)
class Comparison:
    """A whole number compared with another: `<2000`, `<=2000`, `>0`, `2000`."""

    sign: str
    number: int

    def __str__(self) -> str:
        """As the scenario writes it."""
        return f"{self.sign}{self.number}"

    def fits(self, value: int) -> bool:
        """Whether a number compares like that."""
        return {
            "<": value < self.number,
            "<=": value <= self.number,
            ">": value > self.number,
            ">=": value >= self.number,
            "": value == self.number,
        }[self.sign]


@dataclass(frozen=True)
class Comparisons:
    """The shape of a `Comparison`."""

    def read(self, tree: Tree, reading: Reading) -> Comparison | None:
        """Read the comparison."""
        written = reading.text(tree, "a number")
        found = _COMPARISON.fullmatch(written.strip()) if written and len(written) < 40 else None
        if written is not None and not found:
            reading.problem(tree, "wrong-value", f"{written[:40]!r} is no comparison", "Write it like <2000")
        return Comparison(found.group(1), int(found.group(2))) if found else None

    def schema(self) -> Schema:
        """See `Shape.schema`."""
        return {"anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^(<=|>=|<|>)?\s*\d+$"}]}
