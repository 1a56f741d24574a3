"""Which conditions are worth a model's while: those that are about other things than wording, and the nearest ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TypeVar

from engine.agent.model import Journey, Observation, Tool
from engine.embeddings.at_hand import answered
from engine.reasoner.base import Condition, Judgement
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.judging.conditions import Clause, Frame, Subject, read
from engine.reasoner.embedded.language.similarity import Similarity
from engine.reasoner.llm.fencing import one_line

_Answer = TypeVar("_Answer")

RULE = "ruled_out_early"
MOST_EARLIER = 2
"""How many earlier messages of the customer are compared beside the latest and the agent's last."""

MOST_HEARD = 2_000
"""How much of a message is compared, in characters."""

LEAST_GUESS = 0.1

MOST_CHARACTERS, MOST_CONDITIONS = 24_000, 240
"""How long the conditions of one turn may be in all, and how many; those beyond are the farthest."""

_BY_WORDING = frozenset({Frame.ASKS, Frame.WANTS, Frame.SAYS, Frame.IS, Frame.DONE, Frame.LACKS})


@dataclass(frozen=True, slots=True)
class Sifted:
    """Conditions to ask about, in their order, and the judgements of those that are too far."""

    near: tuple[Condition, ...]
    far: tuple[Judgement, ...]


class Sieve:
    """Rules out conditions by how far their words and examples are from what was said.

    What it numbers is remembered by content. Threads may share it: one at a time compares.
    """

    def __init__(self, similarity: Similarity) -> None:
        self._similarity = similarity
        self._numbers: dict[Condition, tuple[int, ...]] = {}
        self._comparing = Lock()

    async def guess(self, journeys: Sequence[Journey], conversation: Conversation) -> str | None:
        """The journey one of whose conditions, or whose title, is nearest to the latest message; None for none."""
        if not journeys or not conversation.latest.strip():
            return None
        return await self._alone(lambda: self._guess(journeys, conversation))

    async def sift(self, conditions: Sequence[Condition], conversation: Conversation) -> Sifted:
        """Sort conditions into near and far; all are near as long as there is room for them.

        Never ruled out are conditions about acts (a greeting, consent, anger), about the data at hand and about the
        agent, which no wording is near to, and those that the agent has just asked about.

        Args:
            conditions: The conditions.
            conversation: What was said and what is known.
        """
        if len(conditions) <= MOST_CONDITIONS and sum(map(length_of, conditions)) <= MOST_CHARACTERS:
            return Sifted(tuple(conditions), ())
        scores = await self._alone(lambda: self._scores(conditions, heard(conversation)))
        kept = [_asked_about(condition, conversation) or not by_wording(condition.text) for condition in conditions]
        near = _nearest(conditions, scores, kept)
        threshold = min((scores[place] for place in near if not kept[place]), default=1.0)
        far = (
            _far(condition, scores[place], threshold) for place, condition in enumerate(conditions) if place not in near
        )
        return Sifted(tuple(conditions[place] for place in sorted(near)), tuple(far))

    async def _alone(self, compare: Callable[[], _Answer]) -> _Answer:
        """What is compared by one at a time: in a thread where texts have to be embedded first."""
        return await answered(compare, self._comparing, waits=self._similarity.waits)

    def _guess(self, journeys: Sequence[Journey], conversation: Conversation) -> str | None:
        best, guessed = LEAST_GUESS, None
        for journey in journeys:
            told = [_condition(text, conversation) for text in (*journey.conditions, journey.title) if text]
            nearest = max(self._scores(told, (one_line(conversation.latest)[:MOST_HEARD],)), default=0.0)
            if nearest > best:
                best, guessed = nearest, journey.name
        return guessed

    def _scores(self, conditions: Sequence[Condition], texts: Sequence[str]) -> list[float]:
        numbers = [self._numbered(condition) for condition in conditions]
        rows = [self._similarity.to_numbered(text) for text in texts]
        return [round(max((row[one] for row in rows for one in own), default=0.0), 4) for own in numbers]

    def _numbered(self, condition: Condition) -> tuple[int, ...]:
        if condition not in self._numbers:
            contents = (clause.content for clause in read(condition.text).clauses if clause.content)
            texts = dict.fromkeys((condition.text, *contents, *condition.examples))
            self._numbers[condition] = tuple(self._similarity.number(text) for text in texts)
        return self._numbers[condition]


def length_of(condition: Condition) -> int:
    """How much room a condition takes in a prompt, without its examples."""
    return len(condition.of) + len(condition.text) + 5


def _nearest(conditions: Sequence[Condition], scores: Sequence[float], kept: Sequence[bool]) -> set[int]:
    """The places of the conditions to ask about: those that are kept, then the nearest while there is room."""
    near: set[int] = set()
    left = MOST_CHARACTERS
    for place in sorted(range(len(conditions)), key=lambda place: (not kept[place], -scores[place], place)):
        left -= length_of(conditions[place])
        if (left < 0 or len(near) >= MOST_CONDITIONS) and not kept[place]:
            break
        near.add(place)
    return near


def _condition(text: str, conversation: Conversation) -> Condition:
    """A journey's condition: its text, or the observation that it names."""
    named = conversation.agent.things.get(text)
    if isinstance(named, Observation):
        return Condition(named.name, named.condition, named.examples)
    return Condition(text, text)


def heard(conversation: Conversation) -> tuple[str, ...]:
    """The texts that conditions are compared with: the latest words, the agent's last and a few before."""
    earlier = [said.text for said in reversed(conversation.before) if said.speaker == "customer"][:MOST_EARLIER]
    texts = (conversation.latest, conversation.agent_said, *earlier)
    return tuple(dict.fromkeys(one_line(text)[:MOST_HEARD] for text in texts if text.strip()))


@lru_cache(maxsize=16_384)
def by_wording(text: str) -> bool:
    """Whether a condition is about what the customer says, so that words can tell how near it is."""
    return all(_is_by_wording(clause) for clause in read(text).clauses)


def _is_by_wording(clause: Clause) -> bool:
    return clause.subject is Subject.CUSTOMER and clause.act is None and clause.frame in _BY_WORDING


def _asked_about(condition: Condition, conversation: Conversation) -> bool:
    """Whether the agent asked whether it holds, or for an argument of one of its tools."""
    own = condition.of.partition("#")[0]
    if own in conversation.asked:
        return True
    thing = conversation.agent.things.get(own)
    tools = map(conversation.agent.things.get, thing.tools) if isinstance(thing, Observation) else ()
    return any(
        parameter.name in conversation.asked
        for tool in tools
        if isinstance(tool, Tool)
        for parameter in tool.parameters
    )


def _far(condition: Condition, score: float, threshold: float) -> Judgement:
    why = f"nothing said comes near it ({score:.2f}; the farthest that was asked about had {threshold:.2f})"
    return Judgement(condition.of, False, score, threshold, "guess", RULE, why, fresh=False)
