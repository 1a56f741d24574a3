"""One reasoner judging in two threads at once judges as it does alone."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from engine.agent.loading import load_agent
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from engine.turn.matching import conditions_of

AGENT = load_agent(Path(__file__).parents[3] / "scenarios" / "pizza").agent
SAID = ["Can I get a coke?", "I want a large margherita", "what are your hours", "I hate this", "book a table for two"]


def judged(reasoner: EmbeddedReasoner, text: str) -> list[tuple[str, bool, float]]:
    conversation = Conversation(AGENT, (Said("customer", text, 1),), datetime(2026, 3, 2, 9, 0))
    judgements = asyncio.run(reasoner.match(list(conditions_of(AGENT).values()), conversation))
    return [(judgement.of, judgement.holds, judgement.score) for judgement in judgements]


def test_two_threads_judge_as_one() -> None:
    alone = {text: judged(EmbeddedReasoner(), text) for text in SAID}
    shared = EmbeddedReasoner()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: judged(shared, text), SAID * 6))
    assert together == [alone[text] for text in SAID * 6]
