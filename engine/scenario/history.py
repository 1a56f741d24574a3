"""Reading `given.history`: what was said and done before the first step."""

from __future__ import annotations

from engine.scenario.inputs import INPUTS
from engine.scenario.model import AgentSaid, HistoryEntry, ToolAnswer
from engine.scenario.reading import Reading
from engine.scenario.special_shapes import check_parameters
from engine.scenario.tree import Tree, plain

LINES = ("customer", "human_agent", "human_agent_on_behalf", "event")
TOOL_KEYS = ("name", "arguments", "data", "fields")


def read_history_entry(tree: Tree, reading: Reading) -> HistoryEntry | None:
    """Read one line: what a step can hold as input, what the agent said, or what a tool answered."""
    table = reading.table(tree, "a line of history")
    if table is None:
        return None
    if len(table.entries) != 1:
        reading.problem(
            tree, "wrong-shape", "a line of history has one key", f"Write {', '.join(LINES)}, agent or tool"
        )
        return None
    key, value = table.entries[0]
    if key.written == "agent":
        text = reading.text(value, "what the agent said")
        return None if text is None else AgentSaid(text)
    if key.written == "tool":
        return _tool_answer(value, reading)
    if key.written not in LINES:
        reading.unknown_key(key, (*LINES, "agent", "tool"), "history")
        return None
    return INPUTS[key.written](value, reading)  # type: ignore[return-value]


def _tool_answer(tree: Tree, reading: Reading) -> ToolAnswer | None:
    table = reading.table(tree, "tool")
    if table is None:
        return None
    for key, _ in table.entries:
        if key.written not in TOOL_KEYS:
            reading.unknown_key(key, TOOL_KEYS, "tool")
    name, arguments, data, fields = (table.get(key) for key in TOOL_KEYS)
    tool = reading.tool(name if name is not None else table)
    given = reading.table(arguments, "arguments") if arguments is not None else None
    known = reading.table(fields, "fields") if fields is not None else None
    if tool is None:
        return None
    if given is not None:
        check_parameters(given, tool, reading)
    return ToolAnswer(
        tool.name,
        plain(given) if given else {},
        plain(data) if data is not None else None,
        plain(known) if known else {},
    )
