"""The rounds of a turn: match, step journeys, resolve relationships, run tools; at most three times.

A further round comes only when a tool ran and a guideline is to be judged anew after it, or a journey stands on the
tool state that asked for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field, replace

from engine.agent.model import Guideline, Journey
from engine.reasoner.base import KnownResult
from engine.turn.journeys import Standing, links_done, ran_tool, step_journeys
from engine.turn.matching import Judged, match, match_again, under_way
from engine.turn.outcomes import Decided
from engine.turn.relationships import resolve
from engine.turn.scene import Scene
from engine.turn.speaking import Speaker
from engine.turn.tools import results_of, run_tools, signature, wanted_tools
from engine.turn.trace import Matching, Resolution, Stage, ToolRound

MAX_ROUNDS = 3
"""How many rounds a turn may take."""


@dataclass
class Rounds:
    """What the rounds of one turn have decided so far; the stages read it, only this module writes it."""

    scene: Scene
    judged: Judged = field(default_factory=lambda: Judged({}))
    active: tuple[str, ...] = ()
    walked: Standing = field(default_factory=lambda: Standing({}))
    standing: Standing = field(default_factory=lambda: Standing({}))
    resolution: Resolution | None = None
    tool_rounds: list[ToolRound] = field(default_factory=list)
    applied_before: dict[str, int] = field(default_factory=dict)

    @property
    def survivors(self) -> tuple[str, ...]:
        """What survived the last round's relationships."""
        return self.resolution.survivors if self.resolution is not None else ()

    def decided(self) -> Decided:
        """What the outcomes are written from."""
        resolution = self.resolution
        return Decided(
            judged=self.judged.by_name,
            removed={outcome.entity: outcome for outcome in resolution.removed} if resolution else {},
            survivors=self.survivors,
            entailed=resolution.entailed if resolution else {},
            applied_before=self.applied_before,
            standing=self.standing,
        )


async def run_rounds(rounds: Rounds, speaker: Speaker) -> AsyncIterator[Stage]:
    """Run the rounds, yielding each finished stage."""
    ready: tuple[str, ...] = ()
    for number in range(1, MAX_ROUNDS + 1):
        async for stage in _one_round(rounds, speaker, number, ready):
            yield stage
        ran = {call.tool for call in rounds.tool_rounds[-1].calls if call.called}
        rounds.walked, ready = ran_tool(rounds.walked, rounds.scene, ran)
        rounds.walked, linked = links_done(rounds.walked, rounds.scene)
        ready = (*ready, *linked)
        if not ready and not _to_judge_anew(rounds, ran):
            break
        results = results_of(rounds.tool_rounds)
        known = replace(rounds.scene.conversation, results=(*_earlier(rounds.scene), *results))
        rounds.scene = replace(rounds.scene, conversation=known)


def _earlier(scene: Scene) -> tuple[KnownResult, ...]:
    return tuple(result for result in scene.conversation.results if not result.this_turn)


def _to_judge_anew(rounds: Rounds, ran: Collection[str]) -> bool:
    return bool(ran) and any(
        not set(ran).isdisjoint(guideline.reevaluate_after) and guideline.name in rounds.judged.by_name
        for guideline, _ in rounds.scene.agent.scoped_guidelines()
    )


async def _one_round(rounds: Rounds, speaker: Speaker, number: int, ready: tuple[str, ...]) -> AsyncIterator[Stage]:
    yield await _match(rounds, number)
    moving = rounds.active if number == 1 else ready
    if moving:
        steps, rounds.walked = await step_journeys(rounds.scene, moving, rounds.walked, number)
        yield steps
    resolution = _resolve(rounds, number)
    rounds.resolution = resolution
    yield resolution
    entailed = [name for name in resolution.entailed if _is_idle_journey(rounds, name)]
    if entailed:
        steps, rounds.walked = await step_journeys(rounds.scene, entailed, rounds.walked, number)
        yield steps
    gone = {outcome.entity for outcome in resolution.removed}
    rounds.standing = rounds.walked.without(gone)
    stage = await _tools(rounds, speaker, number)
    rounds.tool_rounds.append(stage)
    yield stage


async def _match(rounds: Rounds, number: int) -> Matching:
    if number > 1:
        ran = [call.tool for call in rounds.tool_rounds[-1].calls if call.called]
        stage, rounds.judged = await match_again(rounds.scene, rounds.judged, ran, number)
        return stage
    stage, rounds.judged, rounds.active = await match(rounds.scene)
    rounds.walked = Standing(under_way(rounds.scene))
    return stage


def _is_idle_journey(rounds: Rounds, name: str) -> bool:
    return isinstance(rounds.scene.agent.things.get(name), Journey) and name not in rounds.walked.active


def _resolve(rounds: Rounds, number: int) -> Resolution:
    """Resolve what holds, without the actions that were carried out earlier and are not called for anew."""
    scene, judged = rounds.scene, rounds.judged
    active = rounds.walked.active
    applied = scene.session.state.applied
    rounds.applied_before = {}
    matched: dict[str, float] = {}
    usable: list[str] = [journey.name for journey in scene.agent.journeys if journey.enabled and journey.states]
    for own, home in scene.agent.scoped_guidelines():
        if not own.enabled or (home is not None and home.name not in active):
            continue
        usable.append(own.name)
        if not judged.holds(own.name):
            continue
        once = isinstance(own, Guideline) and own.track and not own.continuous
        if once and own.name in applied and not judged.by_name[own.name].fresh:
            rounds.applied_before[own.name] = applied[own.name]
            continue
        matched[own.name] = judged.by_name[own.name].score
    for journey in scene.agent.journeys:
        if journey.name in active:
            matched[journey.name] = 1.0
    return resolve(scene.agent, matched, usable, round_number=number)


async def _tools(rounds: Rounds, speaker: Speaker, number: int) -> ToolRound:
    states = [
        (f"{journey.name}.{state.name}", state.tool, state.instruction)
        for journey, state in rounds.standing.states(rounds.scene)
        if state.tool is not None and not rounds.standing.positions[journey.name].spoken
    ]
    wanted = wanted_tools(rounds.scene, set(rounds.survivors), states)
    already = [signature(call.tool, call.values) for stage in rounds.tool_rounds for call in stage.calls if call.called]
    if wanted:
        await speaker.status("processing", {"stage": "Considering tools"})
    stage = await run_tools(rounds.scene, wanted, already, number)
    await speaker.tools(stage.calls)
    return stage
