"""What a turn decided, by name: for a finished turn from its outcomes, for a running one as far as it came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import nlargest
from itertools import islice

from engine.agent.model import Agent
from engine.reasoner.base import Judgement, ScoredCandidate
from engine.turn.relationships import kind_of
from engine.turn.results import EntityKind, Outcome, Result
from engine.turn.trace import (
    Composition,
    Matching,
    Rendered,
    Rendering,
    Resolution,
    Retrieval,
    Retrieved,
    Selecting,
    ToolCall,
    ToolRound,
    TurnTrace,
)

RESPONSE: EntityKind = "response"
NEAREST = 5
"""How many things that merely did not match a reading shows, nearest first."""

FAR = frozenset(
    {
        Result.NOT_MATCHED,
        Result.RULED_OUT_EARLY,
        Result.NOT_RETRIEVED,
        Result.OUT_OF_SCOPE,
        Result.NOT_NEEDED,
        Result.INACTIVE_JOURNEY,
        Result.MANUAL_MODE,
        Result.TRIGGERED,
        Result.CANCELLED,
        Result.PREAMBLE_ONLY,
        Result.DISABLED,
    }
)
"""Results of what was never in play: shown by its nearness, and counted where there is much of it."""


@dataclass(frozen=True)
class Ranked:
    """Things in the order in which they are read.

    Attributes:
        shown: Winners first, then losers with a telling reason, then the nearest of the rest.
        left: How many more there are.
    """

    shown: tuple[Outcome, ...]
    left: int


class Facts:
    """A turn's decisions by name. Each part is worked out when it is first asked for.

    Attributes:
        trace: The turn.
        agent: The agent that took it.
        seen: How far the turn had come: its number of stages, and its status.
    """

    def __init__(self, trace: TurnTrace, agent: Agent) -> None:
        """Look at a turn as it is now."""
        self.trace = trace
        self.agent = agent
        self.seen = (len(trace.stages), trace.status)

    @cached_property
    def final(self) -> Mapping[str, Outcome]:
        """The outcome of every entity; empty while the turn runs."""
        return self.trace.outcomes

    @cached_property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The outcomes; of a turn that runs or was cancelled, what its stages had decided."""
        if self.trace.status == "cancelled" and self.trace.last(Matching) is not None:
            return {outcome.entity: outcome for outcome in self._so_far()}
        return self.final or {outcome.entity: outcome for outcome in self._so_far()}

    @cached_property
    def by_kind(self) -> Mapping[str, Sequence[Outcome]]:
        """The outcomes by the kind of thing, in file order."""
        found: dict[str, list[Outcome]] = {}
        for outcome in self.outcomes.values():
            found.setdefault(outcome.kind, []).append(outcome)
        return found

    @cached_property
    def judgements(self) -> Mapping[str, Judgement]:
        """The last judgement of each condition (`journey#2` for a journey's second one)."""
        return {judgement.of: judgement for stage in self.trace.all(Matching) for judgement in stage.judgements}

    @cached_property
    def beaten(self) -> Mapping[str, tuple[str, ...]]:
        """What each survivor excluded or outranked, in file order."""
        losers: dict[str, list[str]] = {}
        for outcome in self.outcomes.values():
            if outcome.result in (Result.EXCLUDED, Result.OUTRANKED):
                for winner in outcome.counterpart:
                    losers.setdefault(winner, []).append(outcome.entity)
        return {winner: tuple(names) for winner, names in losers.items()}

    @cached_property
    def ruled_out(self) -> frozenset[str]:
        """The conditions that were so far from what was said that nobody judged them."""
        return frozenset(name for name, each in self.judgements.items() if each.rule == Result.RULED_OUT_EARLY)

    @cached_property
    def calls(self) -> tuple[ToolCall, ...]:
        """The tools that were considered, in order."""
        return tuple(call for stage in self.trace.all(ToolRound) for call in stage.calls)

    @cached_property
    def retrieved(self) -> Mapping[str, Retrieved]:
        """What retrieval said of each response in scope."""
        stage = self.trace.last(Retrieval)
        return {each.name: each for each in stage.ranked} if stage is not None else {}

    @cached_property
    def rendered(self) -> Mapping[str, Rendered]:
        """The candidates with their fields filled in."""
        stage = self.trace.last(Rendering)
        return {each.name: each for each in stage.rendered} if stage is not None else {}

    @cached_property
    def scored(self) -> Mapping[str, ScoredCandidate]:
        """What selection said of each candidate."""
        stage = self.trace.last(Selecting)
        return {each.name: each for each in stage.scored} if stage is not None else {}

    def holds(self, name: str) -> bool:
        """Whether a thing took part in the turn."""
        outcome = self.outcomes.get(name)
        return outcome is not None and outcome.result.won

    def ranked(self, kinds: Sequence[EntityKind], limit: int = NEAREST) -> Ranked:
        """Things of some kinds in the order in which they are read."""
        own = [outcome for kind in kinds for outcome in self.by_kind.get(kind, ())]
        far = [outcome for outcome in own if outcome.result in FAR]
        in_play = [outcome for outcome in own if outcome.result not in FAR]
        won = [outcome for outcome in in_play if outcome.result.won]
        told = [outcome for outcome in in_play if not outcome.result.won]
        near = nlargest(limit, (outcome for outcome in far if outcome.score), key=lambda outcome: outcome.score or 0.0)
        unseen = max(0, self._considered(kinds) - len(own)) if not self.final else 0
        return Ranked((*won, *told, *near), len(far) - len(near) + unseen)

    def _considered(self, kinds: Sequence[EntityKind]) -> int:
        """How many things of some kinds a running turn has looked at."""
        if RESPONSE in kinds:
            return len(self.retrieved)
        return sum("#" not in name for name in self.judgements) if "guideline" in kinds else 0

    # -- a turn that is under way -------------------------------------------------------------------------------

    def _so_far(self) -> Iterator[Outcome]:
        """Outcomes of what was decided until now, and of the nearest that did not match."""
        yield from self._conditions_so_far()
        matching = self.trace.last(Matching)
        for name in matching.active if matching is not None else ():
            if name not in self._removed:
                yield Outcome(name, "journey", Result.ACTIVE, (), "it is under way")
        ran = {call.tool: call for call in self.calls}
        for name, call in ran.items():
            yield _of_call(name, call)
        yield from self._responses_so_far()

    @cached_property
    def _removed(self) -> Mapping[str, Outcome]:
        stage = self.trace.last(Resolution)
        return {outcome.entity: outcome for outcome in stage.removed} if stage is not None else {}

    def _conditions_so_far(self) -> Iterator[Outcome]:
        stage = self.trace.last(Resolution)
        entailed = stage.entailed if stage is not None else {}
        own = {name: judgement for name, judgement in self.judgements.items() if "#" not in name}
        far = [judgement for judgement in own.values() if not judgement.holds and judgement.score > 0]
        near = {judgement.of for judgement in nlargest(NEAREST, far, key=lambda judgement: judgement.score)}
        for name, judgement in own.items():
            if name in self._removed:
                yield _with_score(self._removed[name], judgement)
            elif name in entailed:
                why = f"entailed by {entailed[name]}"
                outcome = Outcome(name, kind_of(self.agent, name), Result.ENTAILED, (entailed[name],), why)
                yield _with_score(outcome, judgement)
            elif judgement.holds or name in near:
                result = _result(judgement)
                yield _with_score(Outcome(name, kind_of(self.agent, name), result, (), judgement.why), judgement)

    def _responses_so_far(self) -> Iterator[Outcome]:
        selecting, composition = self.trace.last(Selecting), self.trace.last(Composition)
        sources = composition.sources if composition is not None else ()
        far = (name for name, item in self.retrieved.items() if not item.kept)
        shown = {*(name for name, item in self.retrieved.items() if item.kept), *islice(far, NEAREST)}
        for name, item in self.retrieved.items():
            if name not in shown:
                continue
            rendered = self.rendered.get(name)
            if not item.kept:
                yield Outcome(name, RESPONSE, Result.NOT_RETRIEVED, (str(item.rank),), "", item.score)
            elif rendered is not None and rendered.missing:
                yield Outcome(name, RESPONSE, Result.MISSING_FIELD, rendered.missing, "", item.score)
            elif rendered is not None and rendered.text is None:
                yield Outcome(name, RESPONSE, Result.RENDER_ERROR, (rendered.error,), rendered.error, item.score)
            elif selecting is not None:
                chosen = name in sources or name in (selecting.choice, selecting.follow_up)
                result = Result.SENT if chosen else Result.LOST_TO if selecting.choice else Result.FIT_TOO_LOW
                decided = () if chosen or not selecting.choice else (selecting.choice,)
                seen = self.scored.get(name)
                yield Outcome(name, RESPONSE, result, decided, "", seen.score if seen else item.score)


def _result(judgement: Judgement) -> Result:
    if judgement.holds:
        return Result.MATCHED
    early = judgement.rule == Result.RULED_OUT_EARLY
    return Result.RULED_OUT_EARLY if early else Result.NOT_MATCHED


def _with_score(outcome: Outcome, judgement: Judgement) -> Outcome:
    score, threshold, confidence = judgement.score, judgement.threshold, judgement.confidence
    return replace(outcome, score=score, threshold=threshold, confidence=confidence)


def _of_call(name: str, call: ToolCall) -> Outcome:
    if call.called:
        return Outcome(name, "tool", Result.CALLED, call.wanted_by, call.error)
    problem = next((argument for argument in call.arguments if argument.problem), None)
    if problem is None:
        return Outcome(name, "tool", Result.NOT_NEEDED, (), call.error)
    result = Result.MISSING_ARGUMENT if problem.problem == "missing" else Result.INVALID_ARGUMENT
    return Outcome(name, "tool", result, (problem.name,), problem.why)
