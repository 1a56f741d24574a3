"""What a turn asks at its beginning, so that nothing has to be asked later: one question, or a few side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from engine.agent.model import Agent, Journey, Observation, RelationshipKind, State, Tool
from engine.reasoner.base import Condition
from engine.reasoner.conversation import Conversation
from engine.reasoner.llm.far import length_of
from engine.reasoner.llm.room import MOST_AT_ONCE, Room
from engine.reasoner.llm.routes import Route, route_of, settled, what_it_does
from engine.reasoner.llm.situation import Ambiguity, Question

MOST_UNASKED = 40
"""How many conditions of journeys that are not in play are judged with the others, so that they may come into play."""

JOURNEYS, TOOLS = 4_000, 4_000
"""Characters for journeys that may begin, and for tools that may be needed."""


def with_journeys_at_rest(conditions: Sequence[Condition], agent: Agent) -> tuple[Condition, ...]:
    """The conditions with those of journeys that may come into play by them, where these are few.

    That keeps the list the same from turn to turn, and saves a call when another journey begins than was guessed.
    Nothing is added where only some of the agent's own conditions are asked for: somebody else judges the others.

    Args:
        conditions: The conditions asked for.
        agent: The agent.
    """
    asked = {condition.of for condition in conditions}
    own = [one for one in (*agent.observations, *agent.guidelines) if one.enabled and not one.matcher]
    if any(one.name not in asked for one in own):
        return tuple(conditions)
    resting = [
        one
        for journey in agent.journeys
        if journey.enabled
        for one in (*journey.observations, *journey.guidelines)
        if one.enabled and not one.matcher and one.name not in asked
    ]
    if len(resting) > MOST_UNASKED:
        return tuple(conditions)
    more = (Condition(one.name, one.condition, one.examples, one.counterexamples) for one in resting)
    return in_file_order((*conditions, *more), agent)


def in_file_order(conditions: Sequence[Condition], agent: Agent) -> tuple[Condition, ...]:
    """The agent's own conditions first, then those that start journeys, then those of journeys."""
    places = {own.name: place for place, (own, _) in enumerate(agent.scoped_guidelines())}
    scoped = {own.name for own, home in agent.scoped_guidelines() if home is not None}
    return tuple(
        sorted(conditions, key=lambda one: (one.of in scoped, "#" in one.of, places.get(one.of, 0)))
    )  # the sort keeps the order of what is equal


def questions_for(
    near: Sequence[Condition], conversation: Conversation, guessed: str | None, room: Room
) -> list[Question]:
    """What to ask at the beginning of a turn.

    Args:
        near: The conditions worth asking about.
        conversation: What was said and what is known.
        guessed: The journey that is likeliest to begin.
        room: How much one prompt may hold.

    Returns:
        Questions that together cover everything. The first has the journeys and the tools; the others are conditions
        that did not fit.
    """
    agent = conversation.agent
    together, *rest = tuple(batches(near, room)) or ((),)
    routes = tuple(_under_way(conversation))
    beginning = tuple(_beginning(conversation, guessed))
    tools = _tools(near, (*routes, *beginning), conversation)
    required = {route.journey.name for route in routes} | {tool.name for tool in tools if _is_asked(tool, conversation)}
    first = Question(
        conditions=together,
        routes=(*routes, *beginning),
        tools=tools,
        ambiguities=tuple(_ambiguities(near, agent)),
        required=frozenset(required),
    )
    return [first, *(Question(conditions=batch) for batch in rest)]


def batches(conditions: Sequence[Condition], room: Room) -> Iterator[tuple[Condition, ...]]:
    """Conditions in as few groups as prompts can hold, in their order."""
    batch: list[Condition] = []
    size = 0
    for condition in conditions:
        if batch and (size + length_of(condition) > room.conditions or len(batch) >= MOST_AT_ONCE):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(condition)
        size += length_of(condition)
    if batch:
        yield tuple(batch)


def _under_way(conversation: Conversation) -> Iterator[Route]:
    for journey in conversation.agent.journeys:
        position = conversation.journeys.get(journey.name)
        if position is None or position.current not in journey.by_name:
            continue
        if settled(journey, position, conversation) is None:
            yield route_of(journey, position)


def _beginning(conversation: Conversation, guessed: str | None) -> Iterator[Route]:
    """The journeys that may begin: the guessed one, and as many others as there is room for."""
    left = JOURNEYS
    resting = [one for one in conversation.agent.journeys if one.enabled and one.name not in conversation.journeys]
    for journey in sorted(resting, key=lambda one: one.name != guessed):
        if settled(journey, None, conversation) is None:
            route = route_of(journey, None)
            left -= _length(route)
            if left < 0 and journey.name != guessed:
                break
            yield route


def _length(route: Route) -> int:
    moves = sum(len(move.label) + len(move.meaning) + 8 for move in route.moves)
    states = sum(len(state.name) + len(what_it_does(state)) + 10 for state in route.states)
    return len(route.journey.title) + len(route.journey.description) + moves + states


def _tools(near: Sequence[Condition], routes: Sequence[Route], conversation: Conversation) -> tuple[Tool, ...]:
    """The tools that may be needed: those whose arguments were asked for, then by journeys, then by conditions."""
    states = list(_tool_states(routes, conversation))
    wanted = dict.fromkeys((*(state.tool or "" for state in states), *_tools_of(near, conversation.agent)))
    things = conversation.agent.things
    tools = [tool for name in wanted if isinstance(tool := things.get(name), Tool) and tool.parameters]
    left, found = TOOLS, []
    for tool in sorted(tools, key=lambda one: not _is_asked(one, conversation)):
        left -= sum(len(one.name) + len(one.description) + 60 for one in tool.parameters) + len(tool.description) + 60
        if left >= 0 or _is_asked(tool, conversation):
            found.append(_instructed(tool, states))
    return tuple(found)


def _instructed(tool: Tool, states: Sequence[State]) -> Tool:
    """A tool with the instruction of the states that run it, where they agree on one."""
    instructions = {state.instruction for state in states if state.tool == tool.name}
    instruction = instructions.pop() if len(instructions) == 1 else ""
    return tool.model_copy(update={"description": f"{tool.description} {instruction}".strip()}) if instruction else tool


def _tool_states(routes: Sequence[Route], conversation: Conversation) -> Iterator[State]:
    """The tool states that a step may end at, and those at which journeys wait."""
    for route in routes:
        yield from (state for state in route.states if state.tool is not None)
    for name, position in conversation.journeys.items():
        journey = conversation.agent.things.get(name)
        state = journey.by_name.get(position.current) if isinstance(journey, Journey) else None
        if state is not None and state.tool is not None and not position.spoken:
            yield state
    for journey in conversation.agent.journeys:
        if journey.enabled and journey.states and journey.states[0].tool is not None:
            yield journey.states[0]


def _tools_of(near: Iterable[Condition], agent: Agent) -> Iterator[str]:
    for condition in near:
        thing = agent.things.get(condition.of)
        if isinstance(thing, Observation):
            yield from thing.tools


def _is_asked(tool: Tool, conversation: Conversation) -> bool:
    return any(parameter.name in conversation.asked for parameter in tool.parameters)


def _ambiguities(near: Sequence[Condition], agent: Agent) -> Iterator[Ambiguity]:
    """Where two or more of what an observation disambiguates may hold."""
    judged = {condition.of for condition in near}
    for line in agent.relationships:
        if line.kind is not RelationshipKind.DISAMBIGUATES:
            continue
        targets = tuple(dict.fromkeys(name for target in line.targets for name in _members(target, agent)))
        open_ones = tuple(name for name in targets if not starters(name, agent).isdisjoint(judged))
        for source in _members(line.source, agent):
            if source in judged and len(open_ones) > 1:
                yield Ambiguity(source, open_ones)


def starters(name: str, agent: Agent) -> frozenset[str]:
    """The names of the conditions by which a thing holds: its own, or those that start it, for a journey."""
    thing = agent.things.get(name)
    if not isinstance(thing, Journey):
        return frozenset((name,))
    own = (f"{name}#{number}" for number in range(1, len(thing.conditions) + 1))
    return frozenset((*own, *thing.conditions))


def _members(written: str, agent: Agent) -> Collection[str]:
    return agent.tagged.get(written.removeprefix("tag:"), ()) if written.startswith("tag:") else (written,)
