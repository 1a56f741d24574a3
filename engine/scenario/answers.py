"""Reading what tools answer in a replay, and mappings of names to values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from engine.agent.model import Stub
from engine.agent.template import TemplateFault, fields_used
from engine.scenario.reading import Reading
from engine.scenario.special_shapes import check_parameters
from engine.scenario.tree import Scalar, Table, Tree, plain, scalars_of
from engine.session.events import Mode


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
        if not read:
            reading.problem(value, "wrong-value", f"{key.written} has no answer here", "Write at least one stub")
        _check_templates(value, reading)
        stubs[key.written] = tuple(stub for stub in read if stub is not None)
        for each in reading.one_or_list(value) if tool else ():
            when = each.get("when") if isinstance(each, Table) else None
            if isinstance(when, Table) and tool:
                check_parameters(when, tool, reading)
    return Answers(stubs, tuple(live))


def _check_templates(tree: Tree, reading: Reading) -> None:
    """Note texts in a stub that are templates and do not parse."""
    for scalar in scalars_of(tree):
        if "{{" not in scalar.written and "{%" not in scalar.written:
            continue
        try:
            fields_used(scalar.written)
        except TemplateFault as fault:
            reading.problem(scalar, "bad-template", f"this template does not parse: {fault}")


class GivenSession(BaseModel):
    """What `given.session` may say, with the types of the session's fields."""

    model_config = ConfigDict(extra="forbid")

    mode: Mode = "auto"
    title: str = ""
    metadata: dict[str, Any] = {}
    labels: tuple[str, ...] = ()


class SetSession(GivenSession):
    """What `set.session` may change."""

    customer: str | None = None
    customer_name: str = "Guest"
    customer_tags: tuple[str, ...] = ()


def read_session(tree: Tree, kind: type[GivenSession], reading: Reading) -> dict[str, Any]:
    """Read values of the session's fields; only those that are written."""
    read = reading.model(kind, tree, "session")
    return read.model_dump(exclude_unset=True) if read is not None else {}


def read_variables(tree: Tree, reading: Reading) -> dict[str, Any]:
    """Read values of the agent's variables."""
    table = reading.table(tree, "variables")
    for key, _ in table.entries if table else ():
        reading.name(key, "variable")
    values: dict[str, Any] = plain(table) if table else {}
    return values
