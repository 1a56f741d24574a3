"""The JSON Schema of the agent file, short forms included, for editors that complete and check while typing."""

from __future__ import annotations

from typing import Any

from engine.agent.document import AGENT
from engine.agent.reading.sections import GUIDELINE, OBSERVATION, RESPONSE
from engine.agent.reading.sections_journeys import JOURNEY, STATE
from engine.agent.reading.sections_small import CAPABILITY, CUSTOMER, TERM
from engine.agent.reading.sections_tools import PARAMETER, STUB, VARIABLE, tool_schema


def agent_schema() -> dict[str, Any]:
    """Make the JSON Schema (draft 2020-12) of `agent.yaml`, from the same records that the loader reads by.

    Returns:
        The schema, of plain JSON values.
    """
    records = {
        "response": RESPONSE,
        "observation": OBSERVATION,
        "guideline": GUIDELINE,
        "term": TERM,
        "capability": CAPABILITY,
        "customer": CUSTOMER,
        "variable": VARIABLE,
        "parameter": PARAMETER,
        "stub": STUB,
        "journey": JOURNEY,
        "state": STATE,
    }
    definitions = {name: record.schema() for name, record in records.items()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cuecard agent",
        "description": "An agent of Cuecard: what it is, what it knows and how it behaves.",
        **AGENT.schema(),
        "$defs": {**definitions, "tool": tool_schema()},
    }
