"""The reasoner that asks a language model, with as few questions in a row as a turn can do with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from engine.agent.basics import CompositionMode
from engine.agent.model import Agent, Journey, Tool
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
from engine.reasoner.embedded.language.similarity import Similarity
from engine.reasoner.llm import small_tasks
from engine.reasoner.llm.answering import Answering, likely_mode
from engine.reasoner.llm.asking import Asker
from engine.reasoner.llm.drafting import write_draft
from engine.reasoner.llm.far import Sieve
from engine.reasoner.llm.model import Model
from engine.reasoner.llm.room import room_in
from engine.reasoner.llm.understanding import Understanding

_NOTHING_SAID = Conversation(Agent(name="Assistant"), (), datetime(2000, 1, 1), turn=0)
"""What is known where everything before the choice of a response was pinned."""


class LlmReasoner:
    """A `Reasoner` that asks a language model.

    A turn without tools takes three questions one after the other: where the conversation stands (conditions, journeys
    and arguments together), the draft, and the choice of a response (with generative fields and a rewording). What an
    answer brings beyond what was asked for is remembered, so take `for_turn` for every turn.
    """

    def __init__(self, model: Model, similarity: Similarity, sieve: Sieve | None = None, name: str = "ollama") -> None:
        """Take a model and embeddings.

        Args:
            model: Answers the questions.
            similarity: Guesses the likeliest journey and rules out conditions far from what was said, where there are
                more than a model should read.
            sieve: What does so, with what it has prepared for other turns.
            name: What people read: who it is that the model answers through.
        """
        self._name = name
        self._model = model
        self._similarity = similarity
        self._sieve = sieve or Sieve(similarity)
        self._room = room_in(model.options)
        self._asker = Asker(model)
        self._understanding = Understanding(self._asker, self._room, self._sieve)
        self._answering = Answering(self._asker, self._room)
        self._conversation = _NOTHING_SAID

    @property
    def info(self) -> ReasonerInfo:
        """Its name, with those of the model and the embeddings."""
        return ReasonerInfo(self._name, self._model.name, self._similarity.embeddings)

    @property
    def model_calls(self) -> tuple[ModelCall, ...]:
        """The questions asked so far in this turn, in the order in which they were begun."""
        return tuple(self._asker.calls)

    def for_turn(self) -> LlmReasoner:
        """The same model and embeddings, with nothing remembered."""
        return LlmReasoner(self._model, self._similarity, self._sieve, self._name)

    async def guess(self, journeys: Sequence[Journey], conversation: Conversation) -> str | None:
        """The journey nearest to the latest message, by the embeddings."""
        self._understanding.guessed = await self._sieve.guess(journeys, conversation)
        return self._understanding.guessed

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        """Judge every condition, in the order given."""
        self._conversation = conversation
        return await self._understanding.match(conditions, conversation)

    async def step(self, journey: Journey, position: Position | None, conversation: Conversation) -> Step:
        """Say how an active journey moves; `position` None means that it starts now."""
        return await self._understanding.step(journey, position, conversation)

    async def arguments(self, tool: Tool, conversation: Conversation) -> list[Argument]:
        """Find the arguments of a tool, one per parameter, in their order."""
        return await self._understanding.arguments(tool, conversation)

    async def draft(self, brief: Brief, on_words: OnWords | None = None) -> Draft:
        """Word what the agent should say."""
        self._conversation = brief.conversation
        return await write_draft(brief, self._asker, self._room, on_words)

    async def select(
        self, draft: Draft, candidates: Sequence[Candidate], instructions: Sequence[Instruction]
    ) -> Selection:
        """Choose the canned response that says the draft, and say which instructions are carried out by it."""
        mode = self._mode(instructions, self._conversation)
        return await self._answering.select(draft, candidates, instructions, self._conversation, mode)

    async def fill(self, requests: Sequence[FieldRequest], choice: Choice) -> dict[str, Any]:
        """Infer generative fields; a name that cannot be inferred is left out."""
        self._conversation = choice.conversation
        mode = self._mode(choice.instructions, choice.conversation)
        return await self._answering.fill(requests, choice, mode)

    async def restyle(self, draft: Draft, candidates: Sequence[Candidate]) -> Restyled:
        """Reword a draft in the style of the candidates, keeping every fact."""
        return await self._answering.restyle(draft, candidates, self._conversation)

    async def preamble(self, conversation: Conversation, choices: Sequence[str]) -> str | None:
        """A short acknowledgement: one of `choices`, or free when there are none; None to say nothing."""
        return await small_tasks.preamble(conversation, choices, self._asker, self._room)

    async def clarify(self, options: Sequence[Option], conversation: Conversation) -> str:
        """The question that has the customer choose between the options."""
        known = self._understanding.question_between(options, conversation)
        return known or await small_tasks.clarify(options, conversation, self._asker, self._room)

    def _mode(self, instructions: Sequence[Instruction], conversation: Conversation) -> CompositionMode:
        """The composition mode that this turn is likely to have: the engine decides it after the choice."""
        sources = (instruction.source for instruction in instructions)
        owners = (instruction.source.partition(".")[0] for instruction in instructions)
        return likely_mode(conversation.agent, {*sources, *owners, *self._understanding.holding})
