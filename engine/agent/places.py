"""Where things of an agent stand: sections and places.

A section is `guidelines` or, inside a journey, `journeys.book_trip.states`. A place is the section, then the thing's
name (`guidelines.upsell`) or, for relationships and follow-ups, its position (`relationships.2`); the empty place is
the agent itself.
"""

from __future__ import annotations

from typing import Any

from engine.agent.basics import Value
from engine.agent.model import (
    Agent,
    CannedResponse,
    Capability,
    Customer,
    FollowUp,
    Guideline,
    Journey,
    Observation,
    Relationship,
    State,
    Term,
    Tool,
    Variable,
)
from engine.agent.references import key_field, replaced

SECTIONS: dict[str, type[Value]] = {
    "glossary": Term,
    "capabilities": Capability,
    "variables": Variable,
    "customers": Customer,
    "tools": Tool,
    "observations": Observation,
    "guidelines": Guideline,
    "relationships": Relationship,
    "canned_responses": CannedResponse,
    "follow_ups": FollowUp,
    "journeys": Journey,
}
"""What stands in each section of an agent."""

JOURNEY_SECTIONS: dict[str, type[Value]] = {
    "states": State,
    "guidelines": Guideline,
    "observations": Observation,
    "canned_responses": CannedResponse,
}
"""What stands in each section of a journey, `journeys.NAME.SECTION`."""

POSITIONAL = ("relationships", "follow_ups")
"""The sections whose things have no names."""


class EditError(ValueError):
    """An edit does not fit the agent; the message says in one line why."""


def section_type(section: str) -> type[Value]:
    """What stands in a section.

    Raises:
        EditError: When there is no such section.
    """
    parts = section.split(".")
    if len(parts) == 1 and section in SECTIONS:
        return SECTIONS[section]
    if len(parts) == 3 and parts[0] == "journeys" and parts[2] in JOURNEY_SECTIONS:
        return JOURNEY_SECTIONS[parts[2]]
    raise EditError(f"an agent has no section {section!r}")


def things_in(agent: Agent, section: str) -> tuple[Any, ...]:
    """The things of a section, in order.

    Raises:
        EditError: When there is no such section or journey.
    """
    section_type(section)
    parts = section.split(".")
    if len(parts) == 1:
        return tuple(getattr(agent, section))
    return tuple(getattr(journey_named(agent, parts[1]), parts[2]))


def thing_key(thing: Value) -> str | None:
    """The name under which a thing stands in the file; None for relationships and follow-ups."""
    if isinstance(thing, Relationship | FollowUp):
        return None
    return str(getattr(thing, key_field(thing)))


def position_of(agent: Agent, place: str) -> tuple[str, int]:
    """The section and position of the thing at a place.

    Raises:
        EditError: When nothing is there.
    """
    section, _, name = place.rpartition(".")
    things = things_in(agent, section)
    if section in POSITIONAL:
        if name.isdecimal() and int(name) < len(things):
            return section, int(name)
    elif things:
        key = key_field(things[0])
        for position, thing in enumerate(things):
            if getattr(thing, key) == name:
                return section, position
    raise EditError(f"there is no {name!r} in {section}")


def thing_at(agent: Agent, place: str) -> Value:
    """The thing at a place; the agent itself at the empty place.

    Raises:
        EditError: When nothing is there.
    """
    if not place:
        return agent
    section, position = position_of(agent, place)
    thing: Value = things_in(agent, section)[position]
    return thing


def journey_named(agent: Agent, name: str) -> Journey:
    """The journey with this name.

    Raises:
        EditError: When there is none.
    """
    for journey in agent.journeys:
        if journey.name == name:
            return journey
    raise EditError(f"there is no journey {name!r}")


def with_things(agent: Agent, section: str, things: tuple[Any, ...]) -> Agent:
    """The agent with other things in a section."""
    parts = section.split(".")
    if len(parts) == 1:
        return replaced(agent, {section: things})
    journeys = [
        replaced(journey, {parts[2]: things}) if journey.name == parts[1] else journey for journey in agent.journeys
    ]
    return replaced(agent, {"journeys": tuple(journeys)})
