"""Putting the cases before a reasoner, as a turn would."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from benchmarks.matching.cases import Case, Message
from benchmarks.matching.scoring import Judged
from engine.agent.model import Agent, Observation
from engine.reasoner.base import Condition, Conversation, Reasoner, Said
from engine.reasoner.embedded.reasoner import EmbeddedReasoner

NOW = datetime(2026, 3, 2, 10, 0)

EMBEDDINGS: dict[str, Callable[[], Reasoner]] = {
    "lexical": EmbeddedReasoner,
}
"""How to make the reasoner of each kind of embeddings that can be compared, by name."""


async def judge(reasoner: Reasoner, cases: Iterable[Case], examples: int) -> tuple[Judged, ...]:
    """Judge every message of every case.

    Args:
        reasoner: Who judges.
        cases: The agents and their messages.
        examples: How many of each condition's examples the reasoner is given, from the first one on.
    """
    return tuple([await _judge_one(reasoner, case, message, examples) for case in cases for message in case.messages])


async def _judge_one(reasoner: Reasoner, case: Case, message: Message, examples: int) -> Judged:
    conditions = [Condition(name, of.condition, of.examples[:examples]) for name, of in case.conditions.items()]
    judgements = await reasoner.for_turn().match(conditions, _conversation(case, message, conditions))
    return Judged(case, message, frozenset(judgement.of for judgement in judgements if judgement.holds))


def _conversation(case: Case, message: Message, conditions: Iterable[Condition]) -> Conversation:
    observations = tuple(Observation(name=each.of, condition=each.text, examples=each.examples) for each in conditions)
    agent = Agent(name=case.agent, description=case.about, observations=observations)
    before = (Said("agent", message.after),) if message.after else ()
    return Conversation(agent, (*before, Said("customer", message.says, 1)), NOW)
