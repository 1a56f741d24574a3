"""Reading `pin`: the decisions that a scenario dictates for one turn, whoever reasons."""

from __future__ import annotations

from typing import Any

from engine.reasoner.pinned import Pin
from engine.scenario.reading import Reading
from engine.scenario.special_shapes import check_parameters
from engine.scenario.tree import Scalar, Table, Tree, plain

PIN_KEYS = ("matched", "draft", "select", "arguments", "fields", "state")


def read_pin(tree: Tree, reading: Reading) -> Pin | None:
    """Read a pin; names are checked against the agent."""
    table = reading.table(tree, "pin")
    if table is None:
        return None
    for key, _ in table.entries:
        if key.written not in PIN_KEYS:
            reading.unknown_key(key, PIN_KEYS, "pin")
    matched, draft, select, arguments, fields, state = (table.get(key) for key in PIN_KEYS)
    return Pin(
        matched=_names(matched, reading) if matched is not None else None,
        draft=reading.text(draft) if draft is not None else None,
        select=reading.name(select, "response", words=("none",)) if select is not None else None,
        arguments=_arguments(arguments, reading) if arguments is not None else {},
        fields=_fields(fields, reading) if fields is not None else {},
        states=_states(state, reading) if state is not None else {},
    )


def _names(tree: Tree, reading: Reading) -> tuple[str, ...]:
    if isinstance(tree, Scalar) and tree.written == "none":
        return ()
    names = [reading.name(each, "guideline") for each in reading.one_or_list(tree)]
    return tuple(name for name in names if name is not None)


def _arguments(tree: Tree, reading: Reading) -> dict[str, dict[str, Any]]:
    table = reading.table(tree, "arguments")
    found: dict[str, dict[str, Any]] = {}
    for key, value in table.entries if table else ():
        tool = reading.tool(key)
        values = reading.table(value, f"the arguments of {key.written}")
        if tool is not None and values is not None:
            check_parameters(values, tool, reading)
            found[tool.name] = plain(values)
    return found


def _fields(tree: Tree, reading: Reading) -> dict[str, Any]:
    table: Table | None = reading.table(tree, "fields")
    return plain(table) if table else {}


def _states(tree: Tree, reading: Reading) -> dict[str, str]:
    names = [reading.name(each, "state") for each in reading.one_or_list(tree)]
    pairs = [name.partition(".") for name in names if name is not None]
    return {journey: state for journey, _, state in pairs}
