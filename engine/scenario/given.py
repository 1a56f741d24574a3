"""Reading `given`: what holds before the first step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any

from engine.agent.model import END
from engine.choosing import Kind, written_fault
from engine.scenario.answers import GivenSession, read_session, read_stubs, read_variables
from engine.scenario.history import read_history_entry
from engine.scenario.model import DEFAULT_CLOCK, Given, GivenCustomer
from engine.scenario.reading import Reading
from engine.scenario.special_shapes import parse_instant
from engine.scenario.tree import Scalar, Table, Tree

DEEP = frozenset({"tools", "variables", "session"})
"""Keys of `given` that inherit their own keys one by one."""

CUSTOMER_KEYS = ("name", "tags")


def read_given(table: Table, reading: Reading) -> Given:
    """Read `given` with everything it inherits; problems are noted and leave the default."""
    values: dict[str, Any] = {}
    for key, value in table.entries:
        if key.written not in _KEYS:
            reading.unknown_key(key, _KEYS, "given")
            continue
        read = _KEYS[key.written](value, reading)
        if read is not None:
            values.update(read)
    return Given(**values)


def _tools(tree: Tree, reading: Reading) -> dict[str, Any]:
    answers = read_stubs(tree, reading)
    return {"stubs": answers.stubs, "live": answers.live, "all_live": answers.all_live}


def _chosen(kind: Kind) -> Callable[[Tree, Reading], dict[str, Any] | None]:
    def read(tree: Tree, reading: Reading) -> dict[str, Any] | None:
        written = reading.text(tree, f"a name of {kind}")
        fault = written_fault(kind, written) if written is not None else None
        if fault is not None:
            reading.problem(tree, "wrong-value", *fault)
        return {kind: written} if written is not None and fault is None else None

    return read


def _clock(tree: Tree, reading: Reading) -> dict[str, Any] | None:
    written = reading.text(tree, "a time")
    if written is None:
        return None
    found = parse_instant(written)
    if found is None:
        said = f"{written!r} is no time"
        reading.problem(tree, "wrong-value", said, "Write it like 2026-03-02 09:00; a clock has no time zone")
        return None
    return {"clock": datetime.combine(found.day or DEFAULT_CLOCK.date(), found.time or time(0, 0))}


def _customer(tree: Tree, reading: Reading) -> dict[str, Any] | None:
    if isinstance(tree, Scalar):
        name = reading.name(tree, "customer")
        return None if name is None else {"customer": GivenCustomer(id=name)}
    table = reading.table(tree, "customer")
    if table is None:
        return None
    for key, _ in table.entries:
        if key.written not in CUSTOMER_KEYS:
            reading.unknown_key(key, CUSTOMER_KEYS, "customer")
    name_tree, tags = table.get("name"), table.get("tags")
    texts = [reading.text(tag, "a tag") for tag in reading.one_or_list(tags)] if tags is not None else []
    name = reading.text(name_tree, "a name") if name_tree is not None else None
    return {"customer": GivenCustomer(name=name, tags=tuple(text for text in texts if text))}


def _variables(tree: Tree, reading: Reading) -> dict[str, Any]:
    return {"variables": read_variables(tree, reading)}


def _session(tree: Tree, reading: Reading) -> dict[str, Any]:
    return {"session": read_session(tree, GivenSession, reading)}


def _at(tree: Tree, reading: Reading) -> dict[str, Any]:
    names = [reading.name(each, "state") for each in reading.one_or_list(tree)]
    paths: dict[str, tuple[str, ...]] = {}
    for name in names:
        if name is not None:
            journey, _, state = name.partition(".")
            paths[journey] = (*paths.get(journey, ()), state)
    for journey, path in paths.items():
        if END in path[:-1]:
            reading.problem(tree, "wrong-value", f"{journey}.end can only be the last state of a path")
    return {"at": paths}


def _applied(tree: Tree, reading: Reading) -> dict[str, Any]:
    names = [reading.name(each, "guideline") for each in reading.one_or_list(tree)]
    return {"applied": tuple(name for name in names if name is not None)}


def _history(tree: Tree, reading: Reading) -> dict[str, Any]:
    entries = [read_history_entry(item, reading) for item in reading.listing(tree, "history")]
    return {"history": tuple(entry for entry in entries if entry is not None)}


_KEYS: Mapping[str, Callable[[Tree, Reading], dict[str, Any] | None]] = {
    "reasoner": _chosen("reasoner"),
    "embeddings": _chosen("embeddings"),
    "clock": _clock,
    "customer": _customer,
    "variables": _variables,
    "tools": _tools,
    "session": _session,
    "at": _at,
    "applied": _applied,
    "history": _history,
}

GIVEN_KEYS = tuple(_KEYS)
"""The keys of `given`, in the order in which they are listed to people."""
