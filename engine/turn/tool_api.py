"""What a tool's code sees and answers: `ToolContext`, `ToolResult` and the `tool` mark.

Authors import these from `engine.sdk`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, Literal, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


class NotSerializable(TypeError):
    """A tool answered with a value that cannot be kept as JSON; the message names the value's type."""


def plain(value: Any) -> Any:
    """Turn a tool's value into JSON values: sets become sorted lists, dates their ISO text.

    Raises:
        NotSerializable: When a value has no JSON form.
    """
    if value is None or isinstance(value, (str, bool, int, float)) and not isinstance(value, Enum):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [plain(inner) for inner in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if hasattr(value, "model_dump"):
        return plain(value.model_dump())
    raise NotSerializable(
        f"a tool cannot answer with a {type(value).__name__}; return text, numbers, lists or mappings"
    )


@dataclass(slots=True)
class ToolResult:
    """What a tool answers.

    Attributes:
        data: What the agent then knows: any value with a JSON form, or a set.
        metadata: For the front end; never shown to the agent.
        control: `mode` ("manual" hands the session to people) and `lifespan` ("session" or "response").
        canned_responses: Whole messages that may be said.
        canned_response_fields: Values for the fields of templates.
        guidelines: What the agent is told to say with this result: `{action, rationale}` each.
    """

    data: Any = None
    metadata: dict[str, Any] = field(default_factory=dict)
    control: dict[str, Any] = field(default_factory=dict)
    canned_responses: Sequence[str] = ()
    canned_response_fields: dict[str, Any] = field(default_factory=dict)
    guidelines: Sequence[Mapping[str, Any]] = ()

    def to_json(self) -> dict[str, Any]:
        """The result as JSON values, the form kept in traces and tool events.

        Raises:
            NotSerializable: When a value has no JSON form.
        """
        return {
            "data": plain(self.data),
            "metadata": plain(self.metadata),
            "control": plain(self.control),
            "canned_responses": [str(text) for text in self.canned_responses],
            "canned_response_fields": plain(self.canned_response_fields),
            "guidelines": plain(self.guidelines),
        }


@dataclass(slots=True)
class ToolContext:
    """What a tool may know of the conversation it is called in, and how it can speak while it works."""

    agent_id: str
    customer_id: str
    session_id: str
    emit_message: Callable[[str], Awaitable[None]]
    emit_status: Callable[[Literal["typing", "processing", "ready"], Any], Awaitable[None]]
    plugin_data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolParameterOptions:
    """More about a parameter, as `Annotated[str, ToolParameterOptions(…)]`. Read from the source, never by running."""

    source: Literal["any", "customer", "context"] = "any"
    description: str = ""
    examples: Sequence[str] = ()
    hidden: bool = False
    significance: str = ""
    precedence: int = 0
    choices: Sequence[str] = ()


def tool(function: Function) -> Function:
    """Mark a function as a tool. Its first parameter is a `ToolContext`; it answers with a `ToolResult`."""
    function.__dict__["is_tool"] = True
    return function
