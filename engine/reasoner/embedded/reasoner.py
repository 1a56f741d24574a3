"""The embedded reasoner: every judgement of a turn without a model server, the same answer every time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from engine.agent.model import Journey, Observation, Tool
from engine.embeddings.at_hand import answered
from engine.reasoner.base import (
    Argument,
    Brief,
    Candidate,
    Choice,
    Condition,
    Draft,
    FieldRequest,
    Instruction,
    Judgement,
    ModelCall,
    OnWords,
    Option,
    ReasonerInfo,
    Restyled,
    Selection,
    Step,
)
from engine.reasoner.conversation import Conversation, Position
from engine.reasoner.embedded.language.similarity import LexicalSimilarity, Similarity

if TYPE_CHECKING:
    from engine.reasoner.embedded.journeys.stepping import Stepper
    from engine.reasoner.embedded.judging.matching import Matcher

_LEAST_GUESS = 0.1
_Answer = TypeVar("_Answer")


class EmbeddedReasoner:
    """A `Reasoner` that needs no network and no model.

    What it prepares (vectors, thresholds, readings of conditions) is remembered by content, so that one reasoner can
    serve many sessions and an edit prepares only what it changed. Nothing of a conversation is remembered. Threads may
    share it: one at a time prepares and judges.
    """

    def __init__(self, similarity: Similarity | None = None) -> None:
        self._similarity = similarity or LexicalSimilarity()
        self._preparing = Lock()

    # The rules of judgement are loaded when the first message is judged: an agent is opened far more often than that.

    @cached_property
    def _matcher(self) -> Matcher:
        from engine.reasoner.embedded.judging.matching import Matcher

        return Matcher(self._similarity)

    @cached_property
    def _stepper(self) -> Stepper:
        from engine.reasoner.embedded.journeys.edges import EdgeJudge
        from engine.reasoner.embedded.journeys.stepping import Stepper

        return Stepper(EdgeJudge(self._matcher))

    @property
    def info(self) -> ReasonerInfo:
        """`embedded`, with the embeddings it compares by."""
        return ReasonerInfo("embedded", embeddings=self._similarity.embeddings)

    model_calls: tuple[ModelCall, ...] = ()

    def for_turn(self) -> EmbeddedReasoner:
        """Itself: nothing of a turn is remembered."""
        return self

    async def guess(self, journeys: Sequence[Journey], conversation: Conversation) -> str | None:
        """The journey one of whose conditions (or whose title) is nearest to the latest message."""
        return await self._judged(lambda: self._guess(journeys, conversation))

    def _guess(self, journeys: Sequence[Journey], conversation: Conversation) -> str | None:
        best: tuple[float, str] | None = None
        for journey in journeys:
            texts = [_condition(text, conversation) for text in (*journey.conditions, journey.title) if text]
            nearest = max((self._matcher.raw(condition, conversation) for condition in texts), default=0.0)
            if nearest >= _LEAST_GUESS and (best is None or nearest > best[0]):
                best = (nearest, journey.name)
        return best[1] if best else None

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        """Judge every condition, in the order given."""
        return await self._judged(lambda: self._matcher.match(conditions, conversation))

    async def step(self, journey: Journey, position: Position | None, conversation: Conversation) -> Step:
        """Say how an active journey moves; `position` None means that it starts now."""
        return await self._judged(lambda: self._stepper.step(journey, position, conversation))

    async def _judged(self, judge: Callable[[], _Answer]) -> _Answer:
        """What is judged by one at a time: in a thread where texts have to be embedded first."""
        return await answered(judge, self._preparing, waits=self._similarity.waits)

    async def arguments(self, tool: Tool, conversation: Conversation) -> list[Argument]:
        """Find the arguments of a tool, one per parameter, in their order."""
        from engine.reasoner.embedded.arguments.finding_arguments import find_arguments

        return find_arguments(tool, conversation)

    async def draft(self, brief: Brief, on_words: OnWords | None = None) -> Draft:
        """Word what the agent should say; all of it is there at once."""
        from engine.reasoner.embedded.speaking.drafting import draft

        return draft(brief)

    async def select(
        self, draft: Draft, candidates: Sequence[Candidate], instructions: Sequence[Instruction]
    ) -> Selection:
        """Choose the canned response that says the draft, and say which instructions are carried out by it."""
        from engine.reasoner.embedded.responses.selecting import select

        if not self._similarity.scale.by_meaning:
            return select(draft, candidates, instructions)
        return await self._judged(lambda: select(draft, candidates, instructions, self._similarity.says))

    async def fill(self, requests: Sequence[FieldRequest], choice: Choice) -> dict[str, Any]:
        """Infer generative fields; a name that cannot be inferred is left out."""
        from engine.reasoner.embedded.arguments.filling import fill

        return fill(requests, choice.conversation)

    async def restyle(self, draft: Draft, candidates: Sequence[Candidate]) -> Restyled:
        """Reword a draft in the style of the candidates, keeping every fact."""
        from engine.reasoner.embedded.responses.restyling import restyle

        return restyle(draft, candidates)

    async def preamble(self, conversation: Conversation, choices: Sequence[str]) -> str | None:
        """A short acknowledgement: one of `choices`, or one of the shipped ones when there are none."""
        from engine.reasoner.embedded.speaking.preambles import preamble

        return preamble(conversation, choices)

    async def clarify(self, options: Sequence[Option], conversation: Conversation) -> str:
        """The question that has the customer choose between the options."""
        from engine.reasoner.embedded.judging.clarifying import clarify

        return clarify(options, conversation)


def _condition(text: str, conversation: Conversation) -> Condition:
    """A journey's condition: its text, or the observation that it names."""
    named = conversation.agent.things.get(text)
    if isinstance(named, Observation):
        return Condition(named.name, named.condition, named.examples, named.counterexamples)
    return Condition(text, text)
