"""Loads what the first turn needs while the first message is still being typed, so that its answer does not wait.

Most of a first turn is loading word lists and modules. A turn of a tiny agent, on an engine of its own, loads them; it
shares nothing else with any conversation.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import cache
from pathlib import Path

from engine.agent.code import FolderCode
from engine.agent.model import Agent, CannedResponse, Guideline
from engine.index.lexical import LexicalIndex
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from engine.session.clock import VirtualClock
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession


@cache
def warm() -> None:
    """Take a turn that nobody sees. To be called in a thread of its own; done once in a process."""
    asyncio.run(_one_turn())


async def _one_turn() -> None:
    examples = ("Do you have tea?", "I would like some tea", "Can I get a tea on Friday at 5?")
    agent = Agent(
        name="tea",
        guidelines=(
            Guideline(
                name="tea", condition="The customer wants tea", action="Say that there is tea", examples=examples
            ),
        ),
        canned_responses=(CannedResponse(name="there_is_tea", template="There is tea, {{ std.customer.name }}."),),
    )
    clock = VirtualClock(datetime(2026, 1, 1))
    code = FolderCode(Path(), trusted=False)
    engine = Engine(agent, MemoryStore(clock), EmbeddedReasoner(), LexicalIndex(), clock, code)
    live = await LiveSession.open(engine)
    await live.say("Can I get some tea, please? I hate coffee.")
