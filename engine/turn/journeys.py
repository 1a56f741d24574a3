"""Where each journey stands and goes: positions by state name, steps, tool states and linked journeys."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from engine.agent.model import END, Journey, State
from engine.reasoner.base import Step
from engine.reasoner.conversation import Conversation, Position
from engine.session.events import JourneyPosition
from engine.turn.relationship_lines import is_state
from engine.turn.relationships import Stands
from engine.turn.scene import Scene
from engine.turn.trace import JourneyMove, JourneySteps, Reads

MAX_HOPS = 12
"""How many linked journeys may start one another in one round before it is taken for a loop."""


@dataclass(frozen=True)
class Standing:
    """Where the journeys of a turn stand: the position of every journey that was touched, active or not.

    `quiet` are the current states (`journey.state`) that a relationship keeps from taking part in this turn: they
    say nothing and run nothing, and their journeys wait there.
    """

    positions: Mapping[str, JourneyPosition]
    quiet: frozenset[str] = frozenset()

    @property
    def active(self) -> dict[str, tuple[str, ...]]:
        """The paths of the active journeys."""
        return {name: position.path for name, position in self.positions.items() if position.status == "active"}

    def states(self, scene: Scene) -> list[tuple[Journey, State]]:
        """The current state of each active journey, in file order, without those that keep quiet."""
        return [
            (journey, journey.by_name[path[-1]])
            for journey in scene.agent.journeys
            if (path := self.active.get(journey.name))
            and path[-1] in journey.by_name
            and f"{journey.name}.{path[-1]}" not in self.quiet
        ]

    def without(self, names: Collection[str]) -> Standing:
        """What survived the relationships: journeys that lost are left as before the turn, states that lost are quiet.

        Args:
            names: What lost, journeys and states among it.
        """
        left = {name: position for name, position in self.positions.items() if name not in names}
        return Standing(left, frozenset(name for name in names if is_state(name)))

    def at(self, positions: Mapping[str, JourneyPosition]) -> Standing:
        """The same with journeys at other positions."""
        return replace(self, positions=positions)


async def step_journeys(
    scene: Scene, active: Collection[str], before: Standing, round_number: int, called_for: Collection[str] = ()
) -> tuple[JourneySteps, Standing]:
    """Move the active journeys by one step each.

    Args:
        scene: The turn's surroundings.
        active: The names of the journeys to move.
        before: Where they stand.
        round_number: Which round of the turn this is.
        called_for: The journeys that the latest message asks for: one of them that completes begins anew.

    Returns:
        The stage's record, and where the journeys stand now.
    """
    journeys = {journey.name: journey for journey in scene.agent.journeys if journey.enabled and journey.states}
    positions = dict(before.positions)
    moves: list[JourneyMove] = []
    queue = [journeys[name] for name in journeys if name in active]
    while queue and len(moves) < MAX_HOPS + len(active):
        journey = queue.pop(0)
        move, position = await _move(scene, journey, positions, journey.name in called_for)
        moves.append(move)
        positions[journey.name] = position
        linked = _linked(journey, position)
        if linked in journeys and (linked not in positions or positions[linked].status != "active"):
            queue.append(journeys[linked])
    stage = JourneySteps(
        round=round_number,
        moves=tuple(moves),
        reads=Reads({move.journey: journeys[move.journey].digest for move in moves}),
    )
    return stage, before.at(positions)


def stands_of(standing: Standing, scene: Scene, asked_for: Collection[str]) -> Stands:
    """Where the journeys stand, for the relationships.

    Args:
        standing: Where they stand.
        scene: The turn's surroundings.
        asked_for: The journeys that are active by their own conditions; the others are so by a link, if one waits.
    """
    found = Standing(standing.positions).states(scene)
    within = {
        _linked(journey, standing.positions[journey.name]): f"{journey.name}.{state.name}"
        for journey, state in found
        if state.kind == "link"
    }
    return Stands(
        states={journey.name: f"{journey.name}.{state.name}" for journey, state in found},
        within={child: state for child, state in within.items() if child and child not in asked_for},
    )


def _linked(journey: Journey, position: JourneyPosition) -> str:
    """The journey that the current state links to and that has not been through yet; empty when there is none."""
    state = journey.by_name.get(position.current)
    waiting = position.status == "active" and not position.spoken
    return (state.journey or "") if state is not None and waiting else ""


async def _move(
    scene: Scene, journey: Journey, positions: Mapping[str, JourneyPosition], called_for: bool
) -> tuple[JourneyMove, JourneyPosition]:
    known = positions.get(journey.name)
    started = known if known is not None and known.status == "active" else None
    position, warning = repaired(journey, started) if started else (None, "")
    held = _held_back(journey, position, positions)
    now = scene.request.turn
    begun_before = known is not None or journey.name in scene.session.state.journeys
    since = position.since if position else now if begun_before else 0
    if held:
        step = Step("stay", (), held)
    else:
        place = Position(position.path, position.spoken) if position else None
        step = await scene.engine.reasoner.step(journey, place, heard_since(since, journey, scene.conversation))
        step = _allowed(journey, position, step)
        if called_for and started and step.move == "complete":
            anew = await scene.engine.reasoner.step(journey, None, heard_since(now, journey, scene.conversation))
            step = _anew(step, anew)
    since = now if step.move == "restart" else since
    after = moved(journey, position, step).model_copy(update={"since": since})
    path_before = position.path if position else ()
    return JourneyMove(journey.name, path_before, step, after.path, warning), after


def heard_since(since: int, journey: Journey, conversation: Conversation) -> Conversation:
    """The conversation for a journey that began anew: without what it was told, and what its tools answered, before.

    Args:
        since: The turn in which it began anew; 0 leaves the conversation as it is.
        journey: The journey.
        conversation: What was said and what is known.
    """
    if not since:
        return conversation
    own = {state.tool for state in journey.states}
    messages = tuple(said for said in conversation.messages if said.turn >= since)
    results = tuple(one for one in conversation.results if one.tool not in own or not 0 < one.turn < since)
    return replace(conversation, messages=messages, results=results)


def repaired(journey: Journey, position: JourneyPosition) -> tuple[JourneyPosition, str]:
    """A position whose states all exist: a path whose state is gone falls back to its last known one."""
    known = tuple(name for name in position.path if name in journey.by_name)
    if known and known[-1] == position.current:
        return position.model_copy(update={"path": known}), ""
    gone = position.current
    if not known:
        first = journey.first
        path = (first.name,) if first else (END,)
        return JourneyPosition(path=path), f"{journey.name}: the state {gone} is gone; it starts over"
    back = position.model_copy(update={"path": known, "spoken": True})
    return back, f"{journey.name}: the state {gone} is gone; it goes on from {known[-1]}"


def _held_back(journey: Journey, position: JourneyPosition | None, positions: Mapping[str, JourneyPosition]) -> str:
    """Why a journey cannot move now: the journey it links to is still going on."""
    linked = _linked(journey, position) if position else ""
    child = positions.get(linked)
    return f"waits for {linked}, which it links to" if child is not None and child.status == "active" else ""


def _anew(ended: Step, started: Step) -> Step:
    """The step of a journey that is through, and that the message which ended it asks for once more."""
    why = f"{ended.why}; the customer asks for it anew"
    return replace(started, move="restart", why=why, edges=(*ended.edges, *started.edges))


def _allowed(journey: Journey, position: JourneyPosition | None, step: Step) -> Step:
    """A tool state whose tool has not run is not passed by; it can only be left or gone back from."""
    state = journey.by_name.get(position.current) if position else None
    if state is not None and state.kind == "tool" and position and not position.spoken and step.move == "advance":
        return replace(step, move="stay", path=(), why=f"{state.tool} has not run yet")
    return step


def moved(journey: Journey, position: JourneyPosition | None, step: Step) -> JourneyPosition:
    """The position after a step."""
    path = position.path if position else ()
    entered = tuple(name for name in step.path if name != END)
    if step.move in ("start", "restart"):
        path = ()
    if step.move == "leave":
        return JourneyPosition(path=path or entered or (END,), status="left", spoken=True)
    if step.move == "complete" or END in step.path:
        return JourneyPosition(path=(*path, *entered, END), status="completed", spoken=True)
    if not entered and path and position:
        return position
    if not (path or entered):
        entered = (journey.states[0].name,)
    return JourneyPosition(path=(*path, *entered))


def ran_tool(
    standing: Standing, scene: Scene, tools: Collection[str], among: Collection[str]
) -> tuple[Standing, tuple[str, ...]]:
    """Mark the tool states whose tool has run, so that their journeys can go on in the next round.

    Args:
        standing: Where the journeys stand.
        scene: The turn's surroundings.
        tools: The tools that ran.
        among: The journeys that survived the relationships; no other one goes on.

    Returns:
        Where the journeys stand, and the names of those that can go on.
    """
    positions = dict(standing.positions)
    ready: list[str] = []
    for journey, state in standing.states(scene):
        waiting = state.kind == "tool" and not positions[journey.name].spoken
        if waiting and state.tool in tools and journey.name in among:
            positions[journey.name] = positions[journey.name].model_copy(update={"spoken": True})
            ready.append(journey.name)
    return standing.at(positions), tuple(ready)


def spoken(standing: Standing, carried_out: Collection[str]) -> Standing:
    """Mark the current states whose words have been said (named `journey.state`)."""
    return standing.at(
        {
            name: position.model_copy(update={"spoken": True})
            if f"{name}.{position.current}" in carried_out
            else position
            for name, position in standing.positions.items()
        }
    )


def links_done(standing: Standing, scene: Scene, among: Collection[str]) -> tuple[Standing, tuple[str, ...]]:
    """Mark the link states whose journey has ended, so that the linking journey, if `among` names it, can go on."""
    positions = dict(standing.positions)
    ready: list[str] = []
    for journey, state in standing.states(scene):
        child = positions.get(state.journey or "")
        waiting = state.kind == "link" and journey.name in among and not positions[journey.name].spoken
        if waiting and child is not None and child.status != "active":
            positions[journey.name] = positions[journey.name].model_copy(update={"spoken": True})
            ready.append(journey.name)
    return standing.at(positions), tuple(ready)
