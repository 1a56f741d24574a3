"""What is done only once, done before the first message, so that the first turn is as fast as any.

Most of a first turn is loading: word lists, modules, the agent's own conditions and responses. A rehearsal loads them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from engine.agent.code import CodeError
from engine.session.clock import VirtualClock
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession

OTHERWISE = "I'd like to book two of them for Friday at 5, please"
"""What is said to an agent that has no example of its own."""


class NoCode:
    """A source of code that has none: a rehearsal runs nobody's functions."""

    def resolve(self, reference: str) -> Callable[..., Any]:
        """Refuse.

        Raises:
            CodeError: Always.
        """
        raise CodeError(f"{reference} does not run in a rehearsal")


async def warm_up(engine: Engine) -> None:
    """Take a turn that nobody sees, on a store and a clock of its own; no code of the agent's runs.

    Args:
        engine: What the turns will run with. May be called from another thread than theirs.
    """
    clock = VirtualClock(engine.clock.now())
    agent = engine.agent
    responses = [response for response, _ in agent.scoped_responses()]
    words = next((own.examples[0] for own, _ in agent.scoped_guidelines() if own.examples), OTHERWISE)
    rehearsal = replace(engine, store=MemoryStore(clock), clock=clock, code=NoCode(), live_tools=False)
    live = await LiveSession.open(rehearsal)
    await live.say(words)
    await live.close()
    await engine.index.search(words, responses)
