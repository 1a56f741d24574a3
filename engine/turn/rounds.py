"""The rounds of a turn: match, step journeys, resolve relationships, run tools; at most three times.

A further round comes only when a tool ran and a guideline is to be judged anew after it, or a journey stands on the
tool state that asked for it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from engine.agent.model import Agent, Guideline, Journey, RelationshipKind
from engine.turn.journeys import Standing, heard_since, links_done, ran_tool, stands_of, step_journeys
from engine.turn.matching import Judged, called_for, match, match_again, match_joined, under_way
from engine.turn.outcomes import Decided
from engine.turn.relationships import links_of, members_of, resolve
from engine.turn.results import Outcome
from engine.turn.scene import Scene
from engine.turn.speaking import Speaker
from engine.turn.tools import earlier_results, results_of, run_tools, signature, wanted_tools
from engine.turn.trace import Matching, Resolution, Stage, ToolRound

MAX_ROUNDS = 3
"""How many rounds a turn may take."""


@dataclass
class Rounds:
    """What the rounds of one turn have decided so far; the stages read it, only this module writes it.

    `active` are the journeys that matching found to move in the current round, `brought_in` those that were entailed;
    `walked` is where all journeys stand after their steps, `standing` where those stand that survived; `answered` are
    the tools of the last round that answered what was wanted of them.
    """

    scene: Scene
    judged: Judged = field(default_factory=lambda: Judged({}))
    active: tuple[str, ...] = ()
    brought_in: frozenset[str] = frozenset()
    walked: Standing = field(default_factory=lambda: Standing({}))
    standing: Standing = field(default_factory=lambda: Standing({}))
    resolution: Resolution | None = None
    tool_rounds: list[ToolRound] = field(default_factory=list)
    answered: frozenset[str] = frozenset()
    applied_before: dict[str, int] = field(default_factory=dict)

    @property
    def survivors(self) -> tuple[str, ...]:
        """What survived the last round's relationships."""
        return self.resolution.survivors if self.resolution is not None else ()

    @property
    def removed(self) -> dict[str, Outcome]:
        """What the last round's relationships removed, with the reason."""
        return {outcome.entity: outcome for outcome in self.resolution.removed} if self.resolution is not None else {}

    def lasting(self) -> Standing:
        """Where the journeys stand that survived."""
        gone = (name for name in self.brought_in if name not in self.survivors)
        return self.walked.without({*self.removed, *gone})

    def decided(self) -> Decided:
        """What the outcomes are written from."""
        resolution = self.resolution
        return Decided(
            judged=self.judged.by_name,
            removed=self.removed,
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
        ready = _what_can_go_on(rounds)
        if not ready and not _to_judge_anew(rounds):
            break
        results = results_of(rounds.tool_rounds)
        known = replace(rounds.scene.conversation, results=(*earlier_results(rounds.scene), *results))
        rounds.scene = replace(rounds.scene, conversation=known)


def _what_can_go_on(rounds: Rounds) -> tuple[str, ...]:
    """Note what the round's tools and ended journeys did for the journeys; answers which of them can go on."""
    scene, survived = rounds.scene, rounds.standing.active
    rounds.walked = replace(rounds.walked, quiet=rounds.standing.quiet)
    rounds.walked, after_tool = ran_tool(rounds.walked, scene, rounds.answered, survived)
    rounds.walked, after_link = links_done(rounds.walked, scene, survived)
    rounds.standing = rounds.lasting()
    return (*after_tool, *after_link)


def _to_judge_anew(rounds: Rounds) -> bool:
    ran = {call.tool for call in rounds.tool_rounds[-1].calls if call.called}
    return bool(ran) and any(
        not ran.isdisjoint(guideline.reevaluate_after) and guideline.name in rounds.judged.by_name
        for guideline, _ in rounds.scene.agent.scoped_guidelines()
    )


async def _one_round(rounds: Rounds, speaker: Speaker, number: int, ready: tuple[str, ...]) -> AsyncIterator[Stage]:
    yield await _match(rounds, number)
    moving = (*ready, *rounds.active)
    if moving:
        asked_for = called_for(rounds.scene.agent, rounds.judged) if number == 1 else ()
        steps, rounds.walked = await step_journeys(rounds.scene, moving, rounds.walked, number, asked_for)
        yield steps
    async for stage in _settle(rounds, number):
        yield stage
    stage = await _tools(rounds, speaker, number)
    rounds.tool_rounds.append(stage)
    yield stage


async def _settle(rounds: Rounds, number: int) -> AsyncIterator[Stage]:
    """Resolve the relationships; once more whenever a journey is entailed, since its guidelines and states join in."""
    entailed: list[str] = []
    while True:
        late, rounds.judged = await match_joined(rounds.scene, rounds.judged, rounds.walked.active, number)
        if late is not None:
            yield late
        if late is not None or not entailed or links_of(rounds.scene.agent).states:
            rounds.resolution = _resolve(rounds, number)
            yield rounds.resolution
        entailed = [name for name in rounds.survivors if _is_new_journey(rounds, name)]
        if not entailed:
            break
        rounds.brought_in |= frozenset(entailed)
        steps, rounds.walked = await step_journeys(rounds.scene, entailed, rounds.walked, number)
        yield steps
    rounds.standing = rounds.lasting()


async def _match(rounds: Rounds, number: int) -> Matching:
    if number > 1:
        ran = [call.tool for call in rounds.tool_rounds[-1].calls if call.called]
        touched = rounds.walked.positions
        stage, rounds.judged, rounds.active = await match_again(rounds.scene, rounds.judged, ran, touched, number)
        return stage
    stage, rounds.judged, rounds.active = await match(rounds.scene)
    rounds.walked = Standing(under_way(rounds.scene))
    return stage


def _is_new_journey(rounds: Rounds, name: str) -> bool:
    is_journey = isinstance(rounds.scene.agent.things.get(name), Journey)
    return is_journey and name not in rounds.walked.active and name not in rounds.brought_in


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
        if once and own.name in applied and not _called_anew(scene.agent, judged, own.name):
            rounds.applied_before[own.name] = applied[own.name]
            continue
        matched[own.name] = judged.by_name[own.name].score
    for journey in scene.agent.journeys:
        if journey.name in active and journey.name not in rounds.brought_in:
            matched[journey.name] = 1.0
    done = (*rounds.applied_before, *_answered_now(scene))
    stands = stands_of(rounds.walked, scene, called_for(scene.agent, judged))
    return resolve(scene.agent, matched, usable, done=done, stands=stands, round_number=number)


def _answered_now(scene: Scene) -> list[str]:
    """What was carried out in the turn before and made the agent ask something: the customer answers it now."""
    asked = "?" in scene.conversation.agent_said
    return [name for name, turn in scene.session.state.applied.items() if asked and turn == scene.request.turn - 1]


def _called_anew(agent: Agent, judged: Judged, name: str) -> bool:
    """Whether the latest message calls for something again: by its own condition, or by one that it depends on."""
    needed = {
        target
        for line in agent.relationships
        if line.kind is RelationshipKind.DEPENDS_ON and name in members_of(agent, line.source)
        for written in line.targets
        for target in members_of(agent, written)
    }
    return any(judged.holds(one) and judged.by_name[one].fresh for one in (name, *sorted(needed)))


async def _tools(rounds: Rounds, speaker: Speaker, number: int) -> ToolRound:
    scene, positions = rounds.scene, rounds.standing.positions
    waiting = [
        (f"{journey.name}.{state.name}", journey, state)
        for journey, state in rounds.standing.states(scene)
        if not positions[journey.name].spoken
    ]
    states = [(place, state.tool, state.instruction) for place, _, state in waiting if state.tool is not None]
    heard = {
        place: heard_since(positions[journey.name].since, journey, scene.conversation) for place, journey, _ in waiting
    }
    wanted = wanted_tools(scene, set(rounds.survivors), states)
    already = [signature(call.tool, call.values) for stage in rounds.tool_rounds for call in stage.calls if call.called]
    if wanted:
        await speaker.status("processing", {"stage": "Considering tools"})
    stage, rounds.answered = await run_tools(scene, wanted, already, number, heard)
    await speaker.tools(stage.calls)
    return stage
