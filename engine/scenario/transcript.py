"""What happens in a case as lines of a transcript."""

from __future__ import annotations

from engine.agent.basics import format_duration
from engine.scenario.model import (
    Changes,
    CustomerSays,
    CustomEvent,
    HumanAgentSays,
    Input,
    OnBehalfSays,
    TriggerResponse,
    Wait,
)
from engine.scenario.results import Line

HEADING = 100
"""How many characters of a message stand in a heading."""


def shortened(text: str, most: int) -> str:
    """Text on one line of at most so many characters, its end left out where it is longer."""
    folded = " ".join(text.split())
    return folded if len(folded) <= most else f"{folded[: most - 1]}…"


def heading(happens: Input) -> str:
    """What happened, in one line: the heading of what is checked next."""
    lines = lines_of(happens)
    return f"{lines[-1].who}: {shortened(lines[-1].text, HEADING)}" if lines else "a change"


def lines_of(happens: Input) -> list[Line]:
    """What a step's input adds to the transcript."""
    if isinstance(happens, CustomerSays):
        return [Line("customer", text) for text in happens.texts]
    if isinstance(happens, HumanAgentSays):
        return [Line("human agent", happens.text)]
    if isinstance(happens, OnBehalfSays):
        return [Line("human agent, as the agent", happens.text)]
    if isinstance(happens, TriggerResponse):
        actions = "; ".join(guideline.action for guideline in happens.guidelines)
        return [Line("trigger", happens.name or actions or "a turn without a message")]
    if isinstance(happens, CustomEvent):
        return [Line("event", f"{happens.source}: {happens.data}")]
    if isinstance(happens, Wait):
        return [Line("wait", format_duration(happens.span))]
    return [Line("set", _change_text(happens))]


def _change_text(changes: Changes) -> str:
    names = (*changes.variables, *changes.session, *changes.stubs, *changes.live)
    return ", ".join(names)
