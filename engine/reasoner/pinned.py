"""A reasoner whose answers a scenario dictates for one turn; where it says nothing, the reasoner below answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.agent.model import END, Journey, Tool
from engine.reasoner.base import (
    Argument,
    Brief,
    Candidate,
    Choice,
    Condition,
    Draft,
    DraftPart,
    FieldRequest,
    Fit,
    Instruction,
    Judgement,
    ModelCall,
    OnWords,
    Option,
    Reasoner,
    ReasonerError,
    ReasonerInfo,
    Restyled,
    ScoredCandidate,
    Selection,
    Step,
)
from engine.reasoner.conversation import Conversation, Position

RULE = "pinned"
"""The name of the rule that decided, wherever a judgement or a piece of a draft names one."""


@dataclass(frozen=True, slots=True)
class Pin:
    """The decisions that a scenario dictates for a turn.

    Attributes:
        matched: The guidelines and observations that hold, and no others; None leaves all of them open.
        draft: The draft's words.
        select: The response chosen, with a high fit; `none` for none.
        arguments: Values of tool arguments, by tool and name.
        fields: Values of generative fields.
        states: Where journeys go, as journey to state (`end` completes); such a journey is active.
    """

    matched: tuple[str, ...] | None = None
    draft: str | None = None
    select: str | None = None
    arguments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)


class PinnedReasoner:
    """Answers from a pin first.

    Attributes:
        pin: What is dictated for the turn that is about to be taken; None dictates nothing.
    """

    def __init__(self, below: Reasoner, pin: Pin | None = None) -> None:
        """Stand before another reasoner.

        Args:
            below: Who answers what is not pinned.
            pin: What is dictated.
        """
        self._below = below
        self.pin = pin

    @property
    def info(self) -> ReasonerInfo:
        """Who answers what is not pinned."""
        return self._below.info

    @property
    def model_calls(self) -> tuple[ModelCall, ...]:
        """The calls that the reasoner below made in this turn."""
        return self._below.model_calls

    def for_turn(self) -> PinnedReasoner:
        """The same pin before the turn's reasoner below."""
        return PinnedReasoner(self._below.for_turn(), self.pin)

    async def guess(self, journeys: Sequence[Journey], conversation: Conversation) -> str | None:
        """The pinned journey, else the guess of the reasoner below."""
        pinned = self.pin.states if self.pin else {}
        named = next((journey.name for journey in journeys if journey.name in pinned), None)
        return named or await self._below.guess(journeys, conversation)

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        """Judge what is pinned as pinned, the rest below."""
        held = {condition.of: self._held(condition.of, conversation) for condition in conditions}
        open_conditions = [condition for condition in conditions if held[condition.of] is None]
        judged = await self._below.match(open_conditions, conversation) if open_conditions else []
        by_name = {judgement.of: judgement for judgement in judged}
        answers = []
        for condition in conditions:
            holds = held[condition.of]
            answers.append(by_name[condition.of] if holds is None else _judgement(condition.of, holds))
        return answers

    def _held(self, of: str, conversation: Conversation) -> bool | None:
        """Whether a pin makes a condition hold or not; None when it leaves it open."""
        if self.pin is None:
            return None
        journeys = {journey.name for journey in conversation.agent.journeys}
        owner = of.partition("#")[0]
        if owner in journeys:
            return True if owner in self.pin.states else None
        return None if self.pin.matched is None else of in self.pin.matched

    async def step(self, journey: Journey, position: Position | None, conversation: Conversation) -> Step:
        """Go where the pin says, in one step."""
        target = self.pin.states.get(journey.name) if self.pin else None
        if target is None:
            return await self._below.step(journey, position, conversation)
        why = "the scenario pins it"
        if target == END:
            return Step("complete", (END,), why)
        if position is None:
            return Step("start", (target,), why)
        if position.current == target:
            return Step("stay", (), why)
        return Step("back" if target in position.path else "advance", (target,), why)

    async def arguments(self, tool: Tool, conversation: Conversation) -> list[Argument]:
        """Give the pinned values; the other arguments are found below."""
        pinned = self.pin.arguments.get(tool.name, {}) if self.pin else {}
        found = await self._below.arguments(tool, conversation)
        return [
            Argument(argument.name, pinned[argument.name], why="the scenario pins it")
            if argument.name in pinned
            else argument
            for argument in found
        ]

    async def draft(self, brief: Brief, on_words: OnWords | None = None) -> Draft:
        """Say the pinned draft."""
        if self.pin is None or self.pin.draft is None:
            return await self._below.draft(brief, on_words)
        return Draft(self.pin.draft, (DraftPart(self.pin.draft, "pin", RULE),))

    async def select(
        self, draft: Draft, candidates: Sequence[Candidate], instructions: Sequence[Instruction]
    ) -> Selection:
        """Choose the pinned response.

        Raises:
            ReasonerError: When it is not among the candidates: nothing could say it in this turn.
        """
        if self.pin is None or self.pin.select is None:
            return await self._below.select(draft, candidates, instructions)
        choice = None if self.pin.select == "none" else self.pin.select
        if choice is not None and choice not in [candidate.name for candidate in candidates]:
            raise ReasonerError(f"the pinned response {choice} is no candidate in this turn")
        scored = tuple(
            ScoredCandidate(each.name, each.score, "high" if each.name == choice else "none", "the scenario pins it")
            for each in sorted(candidates, key=lambda each: each.name != choice)
        )
        carried_out = tuple(instruction.source for instruction in instructions) if choice else ()
        fit: Fit = "high" if choice else "none"
        return Selection(choice, fit, scored, "the scenario pins it", carried_out=carried_out)

    async def fill(self, requests: Sequence[FieldRequest], choice: Choice) -> dict[str, Any]:
        """Give the pinned fields; the others are inferred below."""
        pinned = self.pin.fields if self.pin else {}
        rest = [request for request in requests if request.name not in pinned]
        inferred = await self._below.fill(rest, choice) if rest else {}
        return {**inferred, **{each.name: pinned[each.name] for each in requests if each.name in pinned}}

    async def restyle(self, draft: Draft, candidates: Sequence[Candidate]) -> Restyled:
        """Restyle below: how a draft is worded is never pinned."""
        return await self._below.restyle(draft, candidates)

    async def preamble(self, conversation: Conversation, choices: Sequence[str]) -> str | None:
        """Choose the preamble below."""
        return await self._below.preamble(conversation, choices)

    async def clarify(self, options: Sequence[Option], conversation: Conversation) -> str:
        """Ask below."""
        return await self._below.clarify(options, conversation)


def _judgement(of: str, holds: bool) -> Judgement:
    return Judgement(of, holds, float(holds), 0.5, "clear", RULE, "the scenario pins it")
