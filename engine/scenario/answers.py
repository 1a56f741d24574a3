"""Reading what tools answer in a replay, and mappings of names to values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.agent.model import Stub
from engine.scenario.reading import NameKind, Reading
from engine.scenario.special_shapes import check_parameters
from engine.scenario.tree import Scalar, Table, Tree, plain


@dataclass(frozen=True, slots=True)
class Answers:
    """What `tools` says: stubs by tool, and which tools run their code."""

    stubs: Mapping[str, tuple[Stub, ...]]
    live: tuple[str, ...] = ()
    all_live: bool = False


def read_stubs(tree: Tree, reading: Reading) -> Answers:
    """Read the answers of tools: `live`, or a mapping of tools to a stub, a list of stubs or `live`."""
    if isinstance(tree, Scalar) and tree.written == "live":
        return Answers({}, all_live=True)
    table = reading.table(tree, "tools")
    stubs: dict[str, tuple[Stub, ...]] = {}
    live: list[str] = []
    for key, value in table.entries if table else ():
        tool = reading.tool(key)
        if isinstance(value, Scalar) and value.written == "live":
            live.append(key.written)
            continue
        read = tuple(reading.model(Stub, each, f"the stub of {key.written}") for each in reading.one_or_list(value))
        stubs[key.written] = tuple(stub for stub in read if stub is not None)
        for each in reading.one_or_list(value) if tool else ():
            when = each.get("when") if isinstance(each, Table) else None
            if isinstance(when, Table) and tool:
                check_parameters(when, tool, reading)
    return Answers(stubs, tuple(live))


def read_values(
    tree: Tree, what: str, reading: Reading, kind: NameKind | None = None, known: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Read a mapping of names to values; `kind` or `known` says which names there are."""
    table = reading.table(tree, what)
    for key, _ in table.entries if table else ():
        if kind:
            reading.name(key, kind)
        elif key.written not in known:
            reading.unknown_key(key, known, what)
    values: dict[str, Any] = plain(table) if table else {}
    mode = table.get("mode") if table and "mode" in known else None
    if mode is not None and plain(mode) not in ("auto", "manual"):
        reading.problem(mode, "wrong-value", f"{plain(mode)!r} is no mode of a session", "Write auto or manual")
    return values
