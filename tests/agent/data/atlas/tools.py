"""The functions of the Atlas example; reading the agent never runs this module."""

from datetime import date
from enum import Enum
from typing import Annotated, Literal

import engine.sdk as p

raise RuntimeError("this module is only ever read")


class Cabin(Enum):
    ECONOMY = "economy"
    BUSINESS = "business"


@p.tool
async def book_flight(
    context: p.ToolContext,
    destination: Annotated[str, p.ToolParameterOptions(source="customer", examples=["Rome"], significance="where to")],
    date: date,
    passengers: int = 1,
    cabin: Cabin | None = None,
    meal: Literal["vegan", "none"] = "none",
    notes: Annotated[list[str] | None, p.ToolParameterOptions(hidden=True, precedence=3, description="Wishes")] = None,
) -> p.ToolResult:
    """Books a flight.

    Asks the airline, and waits for its answer.
    """
    return p.ToolResult(data={"destination": destination})


def is_vip(context: p.ToolContext) -> bool:
    return True
