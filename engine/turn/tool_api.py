"""What a tool's code sees and answers: `ToolContext`, `ToolResult` and the `tool` mark.

Authors import these from `engine.sdk`.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from math import isfinite
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from engine.agent.model import Control, TriggerGuideline

Function = TypeVar("Function", bound=Callable[..., Any])


class BadResult(ValueError):
    """A tool's answer that cannot be used; one line says what is wrong with it."""


class NotSerializable(BadResult):
    """A tool answered with a value that cannot be kept as JSON; the message names the value's type."""


def plain(value: Any) -> Any:
    """Turn a tool's value into JSON values: sets become sorted lists, dates their ISO text.

    Raises:
        NotSerializable: When a value has no JSON form.
    """
    if isinstance(value, float) and not isfinite(value):
        raise NotSerializable(f"{value} cannot be kept; return a number, or None")
    if isinstance(value, str) and not isinstance(value, Enum):
        return value.encode("utf-8", "replace").decode("utf-8")
    if value is None or isinstance(value, (bool, int, float)) and not isinstance(value, Enum):
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
    raise NotSerializable(f"a {type(value).__name__} cannot be kept; return text, numbers, lists or mappings")


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
            BadResult: When a part is not what it has to be, e.g. `control` with a mode that there is not.
        """
        return {
            "data": plain(self.data),
            "metadata": _mapping("metadata", self.metadata),
            "control": _checked("control", self.control, Control),
            "canned_responses": [str(text) for text in _listed("canned_responses", self.canned_responses)],
            "canned_response_fields": _mapping("canned_response_fields", self.canned_response_fields),
            "guidelines": [
                _checked("guidelines", guideline, TriggerGuideline)
                for guideline in _listed("guidelines", self.guidelines)
            ],
        }


def _mapping(part: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise BadResult(f"a tool's {part} must be a mapping, not a {type(value).__name__}")
    found: dict[str, Any] = plain(value)
    return found


def _listed(part: str, value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise BadResult(f"a tool's {part} must be a list, not a {type(value).__name__}")
    return value


def _checked(part: str, value: Any, shape: type[Control] | type[TriggerGuideline]) -> dict[str, Any]:
    """A part of a result as JSON values, once it has the shape that the agent file gives it."""
    try:
        return shape.model_validate(_mapping(part, value)).model_dump(exclude_none=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, (part, *first["loc"])))
        raise BadResult(f"a tool's {where} is wrong: {first['msg'][:1].lower()}{first['msg'][1:]}") from error


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
