"""Where the conversation stands, as a model sees it: asked once at the beginning of a turn and remembered for it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from engine.agent.model import Journey, Tool
from engine.reasoner.base import Argument, Condition, Judgement, Option, Step
from engine.reasoner.conversation import Conversation, KnownResult, Position, Said
from engine.reasoner.llm.asking import Asker
from engine.reasoner.llm.far import Sieve
from engine.reasoner.llm.model import Task
from engine.reasoner.llm.planning import batches, questions_for, starters, with_journeys_at_rest
from engine.reasoner.llm.room import Room
from engine.reasoner.llm.routes import route_of, settled
from engine.reasoner.llm.situation import Findings, Question, prompt_of, read_answer, schema_of


@dataclass
class _Known:
    """What was found out about one state of the conversation.

    A journey's step is kept with the position it starts from, arguments with the tool they were asked for, a question
    of choice with the things that it names.
    """

    judgements: dict[str, Judgement] = field(default_factory=dict)
    steps: dict[str, tuple[Position | None, Step]] = field(default_factory=dict)
    arguments: dict[str, tuple[Tool, list[Argument]]] = field(default_factory=dict)
    questions: dict[frozenset[str], str] = field(default_factory=dict)


class Understanding:
    """What a model made of the conversation in one turn.

    Attributes:
        guessed: The journey that is likeliest to begin, as guessed before anything is asked.
    """

    def __init__(self, asker: Asker, room: Room, sieve: Sieve) -> None:
        self._asker = asker
        self._room = room
        self._sieve = sieve
        self._known: list[tuple[tuple[tuple[Said, ...], int, tuple[KnownResult, ...]], _Known]] = []
        self.guessed: str | None = None

    @property
    def holding(self) -> frozenset[str]:
        """The names of the conditions that were judged to hold."""
        found = (judgement for _, known in self._known for judgement in known.judgements.values())
        return frozenset(judgement.of for judgement in found if judgement.holds)

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        """Judge conditions; the first time in a turn together with everything that may follow from them."""
        known = self._about(conversation)
        if not self._known[0][1].judgements:
            wanted = with_journeys_at_rest(conditions, conversation.agent)
            sifted = await self._sieve.sift(wanted, conversation)
            known.judgements.update((judgement.of, judgement) for judgement in sifted.far)
            questions = questions_for(sifted.near, conversation, self.guessed, self._room)
            await self._ask("situation", [one for one in questions if one != Question()], conversation)
        left = tuple(condition for condition in conditions if condition.of not in known.judgements)
        if left:
            questions = [Question(conditions=batch) for batch in batches(left, self._room)]
            await self._ask("match", questions, conversation)
        return [known.judgements[condition.of] for condition in conditions]

    async def step(self, journey: Journey, position: Position | None, conversation: Conversation) -> Step:
        """Move a journey; asks only where there is a choice and the beginning of the turn did not bring it."""
        plain = settled(journey, position, conversation)
        if plain is not None:
            return plain
        known = self._about(conversation)
        found = known.steps.get(journey.name)
        if found is None or found[0] != position:
            question = Question(routes=(route_of(journey, position),), required=frozenset((journey.name,)))
            await self._ask("step", [question], conversation)
        return known.steps[journey.name][1]

    async def arguments(self, tool: Tool, conversation: Conversation) -> list[Argument]:
        """Find a tool's arguments; asks only where the beginning of the turn did not bring them."""
        if not tool.parameters:
            return []
        known = self._about(conversation)
        found = known.arguments.get(tool.name)
        if found is None or tool.description not in found[0].description:
            question = Question(tools=(tool,), required=frozenset((tool.name,)))
            await self._ask("arguments", [question], conversation)
        return known.arguments[tool.name][1]

    def question_between(self, options: Sequence[Option], conversation: Conversation) -> str | None:
        """The question of choice between just these options, if the beginning of the turn brought it."""
        return self._about(conversation).questions.get(frozenset(option.name for option in options))

    def _about(self, conversation: Conversation) -> _Known:
        key = (conversation.messages, conversation.turn, conversation.results)
        for other, known in self._known:
            if other == key:
                return known
        known = _Known()
        self._known.append((key, known))
        return known

    async def _ask(self, task: Task, questions: Sequence[Question], conversation: Conversation) -> None:
        """Ask questions side by side and remember what comes of them."""
        asked = [asyncio.ensure_future(self._answer(task, question, conversation)) for question in questions]
        try:
            answers = await asyncio.gather(*asked)
        finally:
            for one in asked:
                one.cancel()
        known = self._about(conversation)
        for question, found in zip(questions, answers, strict=True):
            _remember(known, question, found)
        _remember_questions(known, questions, answers, conversation)

    async def _answer(self, task: Task, question: Question, conversation: Conversation) -> Findings:
        schema = schema_of(question)
        prompt = prompt_of(task, question, schema, conversation, self._room)
        return await self._asker.ask(prompt, lambda text: read_answer(text, question, schema, conversation))


def _remember(known: _Known, question: Question, found: Findings) -> None:
    positions = {route.journey.name: route.position for route in question.routes}
    tools = {tool.name: tool for tool in question.tools}
    known.judgements.update(found.judgements)
    known.steps.update((name, (positions[name], step)) for name, step in found.steps.items())
    known.arguments.update((name, (tools[name], arguments)) for name, arguments in found.arguments.items())


def _remember_questions(
    known: _Known, questions: Sequence[Question], answers: Collection[Findings], conversation: Conversation
) -> None:
    """Keep each question of choice by the targets that were judged to hold: it names these and no others."""
    held = {name for name, judgement in known.judgements.items() if judgement.holds}
    worded = {name: text for found in answers for name, text in found.questions.items()}
    for ambiguity in (one for question in questions for one in question.ambiguities):
        meant = (name for name in ambiguity.targets if not starters(name, conversation.agent).isdisjoint(held))
        if ambiguity.of in worded:
            known.questions[frozenset(meant)] = worded[ambiguity.of]
