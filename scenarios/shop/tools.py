"""The code of Larch & Fell: a tool and a field provider. It runs once you trust the folder (`cuecard trust`)."""

from __future__ import annotations

from typing import Annotated, Any

from engine.sdk import EngineContext, ToolContext, ToolParameterOptions, ToolResult

ALWAYS = ("rain jacket", "headlamp", "bottle", "map")
"""What goes into every pack."""

OVERNIGHT = ("tent", "sleeping bag", "stove")
"""What a night outside takes."""

DAYS_PER_SHIRT = 2
"""How long a wool shirt stays pleasant."""

DOLLARS_PER_POINT = 0.05
"""What a trail point is worth."""


def pack_list(
    context: ToolContext,
    days: Annotated[int, ToolParameterOptions(description="The number of days")],
) -> ToolResult:
    """Make a packing list.

    Args:
        context: Who asks, and in which session.
        days: For how many days.

    Returns:
        What to pack, as data and as the field `things`, with the field `days`.

    Raises:
        ValueError: When the trip has no day.
    """
    if days < 1:
        raise ValueError("a trip takes at least one day")
    shirts = (days - 1) // DAYS_PER_SHIRT + 1
    things = [*ALWAYS, *(OVERNIGHT if days > 1 else ()), f"{shirts} wool shirt{'s' if shirts > 1 else ''}"]
    return ToolResult(data=things, canned_response_fields={"things": things, "days": days})


async def worth_of_points(context: EngineContext) -> dict[str, Any]:
    """Provide the field `worth`: what the customer's trail points are worth, in dollars.

    Args:
        context: The turn's surroundings, with the customer's variables.
    """
    return {"worth": round(context.variables["points"] * DOLLARS_PER_POINT, 2)}
