"""Follow-ups when the customer has been silent, on the session's clock."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from engine.agent.model import FollowUp, TriggerGuideline
from engine.session.clock import Timer
from engine.session.events import Session
from engine.turn.engine import Engine

Say = Callable[[str, TriggerGuideline], Awaitable[int]]
"""Says a follow-up, named by its key; answers how often it has been said since the customer last spoke."""


class Inactivity:
    """Watches the silence after a turn. It rests whenever the customer speaks."""

    def __init__(self, engine: Engine, say: Say) -> None:
        self._engine = engine
        self._say = say
        self._timers: list[Timer] = []

    def rest(self) -> None:
        """Stop watching: somebody speaks."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def watch(self, session: Session) -> None:
        """Start watching after a turn, unless people have taken the session over."""
        self.rest()
        if session.mode == "manual":
            return
        for number, follow_up in enumerate(self._engine.agent.follow_ups, start=1):
            self._schedule(f"follow_up_{number}", follow_up)

    def _schedule(self, key: str, follow_up: FollowUp) -> None:
        async def fire() -> None:
            guideline = TriggerGuideline(action=follow_up.action, rationale=follow_up.rationale)
            if await self._say(key, guideline) < follow_up.at_most:
                self._schedule(key, follow_up)

        self._timers.append(self._engine.clock.after(follow_up.after, fire))
