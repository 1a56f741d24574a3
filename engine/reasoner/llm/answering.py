"""What a turn says, as a model words and chooses it: draft, response, gaps and rewording, remembered for the turn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from engine.agent.basics import CompositionMode
from engine.agent.model import Agent, Journey, Observation
from engine.reasoner.base import Candidate, Choice, Draft, FieldRequest, Instruction, Restyled, Selection
from engine.reasoner.conversation import Conversation
from engine.reasoner.llm.asking import Asker
from engine.reasoner.llm.room import Room
from engine.reasoner.llm.selecting import Choosing, Chosen, choose
from engine.reasoner.llm.small_tasks import restyle


class Answering:
    """What was chosen in one turn. What one answer brings is not asked for again."""

    def __init__(self, asker: Asker, room: Room) -> None:
        self._asker = asker
        self._room = room
        self._chosen: Chosen | None = None

    async def select(
        self,
        draft: Draft,
        candidates: Sequence[Candidate],
        instructions: Sequence[Instruction],
        conversation: Conversation,
        mode: CompositionMode,
    ) -> Selection:
        """Choose the response that says the draft.

        Without candidates, and with one instruction at most or none that a model worded, there is nothing to ask: the
        draft says what it was made from.
        """
        chosen = self._remembered(draft, candidates)
        if chosen is None:
            follow_up = self._follow_up(draft, candidates)
            if follow_up is not None:
                return follow_up
            if not candidates and (len(instructions) < 2 or all(part.source for part in draft.parts)):
                told = tuple(instruction.source for instruction in instructions)
                return Selection(None, "none", (), "there is no candidate", carried_out=told)
            chosen = await self._choose(draft, candidates, instructions, conversation, mode)
        return _carried_out(chosen, mode)

    async def fill(self, requests: Sequence[FieldRequest], choice: Choice, mode: CompositionMode) -> dict[str, Any]:
        """Infer generative fields, and choose at once among the candidates with and without them."""
        choosing = Choosing(
            choice.draft,
            (*choice.ready, *choice.open),
            choice.instructions,
            tuple(request.name for request in requests),
            mode is CompositionMode.COMPOSITED,
        )
        self._chosen = await choose(choosing, choice.conversation, self._asker, self._room)
        return dict(self._chosen.fields)

    async def restyle(self, draft: Draft, candidates: Sequence[Candidate], conversation: Conversation) -> Restyled:
        """Reword a draft; the choice of a response may have brought that."""
        known = self._chosen
        if known is not None and known.restyled is not None and known.draft == draft.text:
            return known.restyled
        return await restyle(draft, candidates, conversation, self._asker, self._room)

    async def _choose(
        self,
        draft: Draft,
        candidates: Sequence[Candidate],
        instructions: Sequence[Instruction],
        conversation: Conversation,
        mode: CompositionMode,
    ) -> Chosen:
        composited = mode is CompositionMode.COMPOSITED and bool(candidates)
        choosing = Choosing(draft, tuple(candidates), tuple(instructions), restyle=composited)
        self._chosen = await choose(choosing, conversation, self._asker, self._room)
        return self._chosen

    def _remembered(self, draft: Draft, candidates: Sequence[Candidate]) -> Chosen | None:
        """What was chosen already, where it is about this draft and its choice is still there to be chosen."""
        known = self._chosen
        names = {candidate.name for candidate in candidates}
        if known is None or known.draft != draft.text or not names <= known.seen:
            return None
        choice, second = known.selection.choice, known.follow_up.choice
        if choice is not None and choice not in names:
            return None
        left = tuple(one for one in known.selection.scored if one.name in names)
        follow_up = known.follow_up if second in names else replace(known.follow_up, choice=None, fit="none")
        return replace(known, selection=replace(known.selection, scored=left), follow_up=follow_up)

    def _follow_up(self, draft: Draft, candidates: Sequence[Candidate]) -> Selection | None:
        """The choice for what the first one leaves unsaid, which came with it."""
        known = self._chosen
        if known is None or not draft.text or draft.text != known.selection.unsaid:
            return None
        names = {candidate.name for candidate in candidates}
        choice = known.follow_up.choice
        scored = tuple(one for one in known.follow_up.scored if one.name in names)
        if choice is None or choice not in names:
            return Selection(None, "none", scored, "no other response says what is left")
        return replace(known.follow_up, scored=scored)


def _carried_out(chosen: Chosen, mode: CompositionMode) -> Selection:
    """The selection with what is carried out by what the mode will send: the choice, else the draft."""
    choice = chosen.selection
    sent = choice.fit == "high" or (mode is CompositionMode.STRICT and choice.fit == "partial")
    if choice.choice is not None and sent and mode is not CompositionMode.COMPOSITED:
        return choice
    return replace(choice, carried_out=chosen.said_by_draft)


def likely_mode(agent: Agent, names: Collection[str]) -> CompositionMode:
    """The most restrictive mode of the agent and what is active.

    Args:
        agent: The agent.
        names: The names of what is active: guidelines, observations, journeys, `journey.state`.
    """
    asked = [agent.composition_mode]
    for name in sorted(names):
        thing = agent.things.get(name)
        if isinstance(thing, (Observation, Journey)) and thing.composition_mode is not None:
            asked.append(thing.composition_mode)
        found = agent.state(name)
        asked += [one.composition_mode for one in found or () if one.composition_mode is not None]
    return max(asked, key=lambda mode: mode.strictness)
