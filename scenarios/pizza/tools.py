"""The tool of Bella Napoli that is code; it runs once you trust the folder (`cuecard chat scenarios/pizza --trust`)."""

from __future__ import annotations

from typing import Annotated

from engine.turn.tool_api import ToolContext, ToolParameterOptions, ToolResult


def split_bill(
    context: ToolContext,
    total: Annotated[float, ToolParameterOptions(description="The amount of the bill in dollars")],
    people: Annotated[int, ToolParameterOptions(description="How many people pay")],
) -> ToolResult:
    """Say what each pays when a bill is split.

    Args:
        context: Who asks, and in which session.
        total: The amount of the bill in dollars.
        people: How many people pay.

    Returns:
        The share of each in dollars, as data and as the field `each`.

    Raises:
        ValueError: When nobody pays.
    """
    if people < 1:
        raise ValueError("a bill is split between at least one person")
    each = round(total / people, 2)
    return ToolResult(data={"each": each}, canned_response_fields={"each": each})
