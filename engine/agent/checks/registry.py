"""Where checks are registered: a new check is one function with one decorator."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.agent.errors import Problem
from engine.agent.model import Agent, Observation, State, Transition

if TYPE_CHECKING:
    from engine.agent.document import AgentDocument

Path = tuple[str | int, ...]
"""Keys and positions from the root of the file to a node."""

CheckFunction = Callable[["AgentDocument"], Iterable[Problem]]


@dataclass(frozen=True)
class Check:
    """One registered check.

    Attributes:
        run: Finds the problems of a document.
        keeps_from_use: Whether its errors make the agent unusable; otherwise they are shown and the agent runs.
    """

    run: CheckFunction
    keeps_from_use: bool


CHECKS: list[Check] = []
"""All checks, in the order in which they were registered."""


def check(function: CheckFunction) -> CheckFunction:
    """Register a check whose errors keep the agent from being used."""
    CHECKS.append(Check(function, keeps_from_use=True))
    return function


def advice(function: CheckFunction) -> CheckFunction:
    """Register a check whose errors and warnings are shown, while the agent can be used."""
    CHECKS.append(Check(function, keeps_from_use=False))
    return function


def guideline_paths(agent: Agent) -> Iterator[tuple[Observation, Path]]:
    """All observations and guidelines, each with its path in the file."""
    for observation in agent.observations:
        yield observation, ("observations", observation.name)
    for guideline in agent.guidelines:
        yield guideline, ("guidelines", guideline.name)
    for journey in agent.journeys:
        for observation in journey.observations:
            yield observation, ("journeys", journey.name, "observations", observation.name)
        for guideline in journey.guidelines:
            yield guideline, ("journeys", journey.name, "guidelines", guideline.name)


def state_paths(agent: Agent) -> Iterator[tuple[State, Path]]:
    """All states of all journeys, each with its path in the file."""
    for journey in agent.journeys:
        for state in journey.states:
            yield state, ("journeys", journey.name, "states", state.name)


def transition_paths(document: AgentDocument, state: State, path: Path) -> Iterator[tuple[Transition, Path]]:
    """The transitions of a state, each with the path of the name that it leads to."""
    from yaml.nodes import SequenceNode

    is_list = isinstance(document.node(*path, "next"), SequenceNode)
    for position, transition in enumerate(state.next):
        if is_list:
            yield transition, (*path, "next", position, "to")
        else:
            yield transition, (*path, "next", transition.condition or "")
