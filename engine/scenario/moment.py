"""What a check looks at: one turn and the session as it is afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.session.events import Event, EventKind, EventSource, Session
from engine.turn.results import Outcome, Result
from engine.turn.trace import Composition, Rendering, Selecting, Situation, ToolCall, ToolRound, TurnTrace

_NOT_RESPONSES = frozenset({"draft", "restyled", "preamble"})


@dataclass(frozen=True)
class Moment:
    """A turn, its events and the session after it; `trace` is None where the agent took no turn.

    `triggers` names what caused the turn when it was no customer: a tool, a follow-up, or the trigger's own name.
    """

    trace: TurnTrace | None
    session: Session
    events: tuple[Event, ...]
    now: datetime
    triggers: tuple[str, ...] = ()

    @property
    def messages(self) -> tuple[str, ...]:
        """What the customer heard from the agent in the turn, preambles left out."""
        return tuple(event.text for event in self._said)

    @property
    def _said(self) -> tuple[Event, ...]:
        return tuple(
            event
            for event in self.events
            if event.kind is EventKind.MESSAGE
            and event.source is EventSource.AI_AGENT
            and not (isinstance(event.data, dict) and event.data.get("preamble"))
        )

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """What became of each entity."""
        return self.trace.outcomes if self.trace else {}

    @property
    def matched(self) -> tuple[str, ...]:
        """The guidelines and observations that held and survived, or were entailed."""
        winners = (Result.MATCHED, Result.ENTAILED)
        return tuple(
            outcome.entity
            for outcome in self.outcomes.values()
            if outcome.kind in ("guideline", "observation") and outcome.result in winners
        )

    @property
    def responses(self) -> tuple[str, ...]:
        """The canned responses that were sent, in order; `no_match` where nothing fitted."""
        composition = self.trace.last(Composition) if self.trace else None
        sources = composition.sources if composition else ()
        return tuple(source for source in sources if source.partition(":")[0] not in _NOT_RESPONSES)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The canned responses that could be chosen: near the draft and with every field filled in."""
        rendering = self.trace.last(Rendering) if self.trace else None
        return tuple(each.name for each in rendering.rendered if each.text is not None) if rendering else ()

    @property
    def calls(self) -> tuple[ToolCall, ...]:
        """The tools that ran."""
        return self.trace.calls if self.trace else ()

    def problems(self, problem: str) -> tuple[str, ...]:
        """The tool arguments that are `missing` or `invalid`, each once."""
        rounds = self.trace.all(ToolRound) if self.trace else []
        names = (
            argument.name
            for stage in rounds
            for call in stage.calls
            for argument in call.arguments
            if argument.problem == problem and not call.called
        )
        return tuple(dict.fromkeys(names))

    @property
    def fields(self) -> dict[str, Any]:
        """The values of the fields that candidates used, and None for those at hand that none used."""
        rendering = self.trace.last(Rendering) if self.trace else None
        if rendering is None:
            return {}
        known: dict[str, Any] = {name: None for name in rendering.fields if not name.startswith("std.")}
        for each in rendering.rendered:
            known.update({name: value for name, value in each.fields.items() if not name.startswith("std.")})
        return known

    @property
    def variables(self) -> Mapping[str, Any]:
        """The variables as the turn saw them."""
        situation = self.trace.last(Situation) if self.trace else None
        return situation.variables if situation else self.session.state.overrides

    @property
    def journeys(self) -> tuple[str, ...]:
        """The journeys under way."""
        states = self.session.state.journeys
        return tuple(name for name, position in states.items() if position.status == "active")

    @property
    def states(self) -> tuple[str, ...]:
        """Where each journey under way stands, as `journey.state`."""
        return tuple(f"{name}.{self.session.state.journeys[name].current}" for name in self.journeys)

    @property
    def ended(self) -> tuple[str, ...]:
        """The journeys that were completed, as `journey.end`."""
        states = self.session.state.journeys
        return tuple(f"{name}.end" for name, position in states.items() if position.status == "completed")

    @property
    def selecting(self) -> Selecting | None:
        """How the canned response was chosen."""
        return self.trace.last(Selecting) if self.trace else None

    @property
    def composition(self) -> Composition | None:
        """What was sent, in which mode."""
        return self.trace.last(Composition) if self.trace else None

    @property
    def metadata(self) -> Mapping[str, Any]:
        """The metadata of the agent's messages; a later message's keys win."""
        merged: dict[str, Any] = {}
        for event in self._said:
            merged.update(event.metadata)
        return merged

    def statuses(self) -> Iterator[tuple[str, Any]]:
        """The status events of the turn, in order, each with its data."""
        for event in self.events:
            if event.kind is EventKind.STATUS and isinstance(event.data, dict):
                yield str(event.data.get("status", "")), event.data.get("data")


def tokens_of(trace: TurnTrace) -> int:
    """How many tokens language models read and wrote in a turn."""
    return sum(call.prompt_tokens + call.answer_tokens for call in trace.model_calls)
