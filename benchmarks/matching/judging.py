"""Putting the cases before a reasoner, as a turn would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from benchmarks.matching.cases import Case, Message
from benchmarks.matching.scoring import Judged
from engine.agent.model import Agent, Observation
from engine.choosing import ReasonerChoice, embeddings_fault, make_reasoner
from engine.reasoner.base import Condition, Reasoner
from engine.reasoner.conversation import Conversation, Said

NOW = datetime(2026, 3, 2, 10, 0)

EMBEDDINGS = ("lexical", "minilm")
"""The embeddings that are compared, where this machine has them."""


def reasoner(embeddings: str) -> Reasoner:
    """The embedded reasoner with the embeddings of that name.

    Raises:
        ReasonerError: One line: they cannot be had here.
    """
    return make_reasoner(ReasonerChoice(embeddings=embeddings))[0]


def available() -> tuple[str, ...]:
    """The names in `EMBEDDINGS` that can be had on this machine."""
    return tuple(name for name in EMBEDDINGS if embeddings_fault(name) is None)


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
