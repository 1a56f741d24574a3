"""A session that begins in the middle of a journey. Nothing here knows about a terminal."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from engine.agent.model import Journey
from engine.session.events import JourneyPosition, SessionState

MOST_NAMED = 3
"""How many tools the line names at most."""


@dataclass(frozen=True)
class Beginning:
    """Where in a journey a session begins.

    Attributes:
        journey: The journey's name.
        path: The states on the shortest way there, from the first one; the last is where it begins.
        tools: The tools on the way, none of which is called.
    """

    journey: str
    path: tuple[str, ...]
    tools: tuple[str, ...] = ()

    @classmethod
    def at(cls, journey: Journey, state: str) -> Beginning:
        """Begin at a state.

        Args:
            journey: The journey.
            state: The name of one of its states; one that nothing leads to is a way by itself.
        """
        path = shortest_way(journey, state)
        tools = dict.fromkeys(journey.by_name[name].tool for name in path[:-1])
        return cls(journey.name, path, tuple(tool for tool in tools if tool is not None))

    @property
    def said(self) -> str:
        """Where it begins and what is not known there, as one line."""
        place = f"begins at {self.journey}.{self.path[-1]}"
        if not self.tools:
            return place
        rest = len(self.tools) - MOST_NAMED
        names = ", ".join(self.tools[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
        return f"{place}; nothing was called on the way: what {names} would give is not known"

    @property
    def state(self) -> SessionState:
        """What the session remembers when it begins: the words of its state are yet to be said."""
        return SessionState(journeys={self.journey: JourneyPosition(path=self.path)})


def shortest_way(journey: Journey, state: str) -> tuple[str, ...]:
    """The shortest way to a state from the journey's first one; the order of the file decides between equal ones."""
    first = journey.first
    came_from: dict[str, str] = {first.name: ""} if first is not None else {}
    waiting = deque(came_from)
    while waiting and state not in came_from:
        here = waiting.popleft()
        for way in journey.by_name[here].next:
            if way.to in journey.by_name and way.to not in came_from:
                came_from[way.to] = here
                waiting.append(way.to)
    path = [state]
    while before := came_from.get(path[0], ""):
        path.insert(0, before)
    return tuple(path)
