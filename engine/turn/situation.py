"""What is loaded before anything is judged: variables, glossary, customer and fitting capabilities."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from engine.agent.model import CannedResponse, Capability, Customer, Variable
from engine.reasoner.conversation import Conversation, KnownResult, Position, Said
from engine.session.events import KnownValue, Session
from engine.turn.engine import Engine
from engine.turn.scene import Scene, customer_of
from engine.turn.tools import call_tool
from engine.turn.trace import Reads, Situation

MAX_CAPABILITIES = 3
"""How many capabilities a turn may offer."""


@dataclass
class Refreshed:
    """What the tools of variables did in a turn.

    Attributes:
        values: The new values, to be remembered.
        called: The tools that were called, each with its variable, whether or not they answered.
    """

    values: dict[str, KnownValue] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)


def open_conversation(engine: Engine, session: Session, said: tuple[Said, ...], turn: int) -> Conversation:
    """The conversation as a reasoner sees it when the turn begins, before variables are refreshed."""
    state = session.state
    return Conversation(
        agent=engine.agent,
        messages=said,
        now=engine.clock.now(),
        turn=turn,
        customer_name=customer_of(engine.agent, session).name or "Guest",
        terms=engine.agent.glossary,
        results=tuple(
            KnownResult(memory.tool, memory.arguments, memory.data, fields=memory.fields, turn=memory.turn)
            for memory in state.tool_results
        ),
        asked=state.asked,
        journeys={
            name: Position(position.path, position.spoken)
            for name, position in state.journeys.items()
            if position.status == "active"
        },
    )


async def load_situation(scene: Scene) -> tuple[Situation, Scene, Refreshed]:
    """Load what the turn starts from.

    Returns:
        The stage's record, the scene with variables and capabilities known, and what the tools of variables did.
    """
    customer = customer_of(scene.agent, scene.session)
    refreshed = Refreshed()
    warnings: list[str] = list(scene.request.failures)
    variables: dict[str, Any] = {}
    for variable in scene.agent.variables:
        variables[variable.name] = await _value(variable, customer, scene, refreshed, warnings)
    capabilities = await _fitting_capabilities(scene)
    conversation = replace(scene.conversation, variables=variables, capabilities=capabilities)
    stage = Situation(
        customer=customer.name or "Guest",
        variables=variables,
        terms=tuple(term.id for term in scene.agent.glossary),
        capabilities=tuple(capability.name for capability in capabilities),
        warnings=tuple(warnings),
        reads=Reads(
            {term.id: term.digest for term in scene.agent.glossary}
            | {variable.name: variable.digest for variable in scene.agent.variables}
            | {capability.name: capability.digest for capability in scene.agent.capabilities}
            | {customer.id: customer.digest}
        ),
    )
    return stage, replace(scene, conversation=conversation), refreshed


async def _value(
    variable: Variable, customer: Customer, scene: Scene, refreshed: Refreshed, warnings: list[str]
) -> Any:
    """The nearest value: set in the session, from the tool, for the customer, for a tag of theirs, for everybody."""
    state = scene.session.state
    if variable.name in state.overrides:
        return state.overrides[variable.name]
    if variable.tool is not None:
        return await _from_tool(variable, scene, refreshed, warnings)
    return nearest_value(variable, customer)


def nearest_value(variable: Variable, customer: Customer) -> Any:
    """A variable's value for a customer: the customer's own, else the first tag's, else everybody's."""
    for key in (customer.id, *(f"tag:{tag}" for tag in customer.tags)):
        if key in variable.values_for:
            return variable.values_for[key]
    return variable.value


async def _from_tool(variable: Variable, scene: Scene, refreshed: Refreshed, warnings: list[str]) -> Any:
    known = scene.session.state.variables.get(variable.name)
    now = scene.engine.clock.now()
    if known is not None and not is_stale(variable, known, scene):
        return known.value
    refreshed.called.setdefault(variable.tool or "", variable.name)
    answer = await call_tool(scene, variable.tool or "", {})
    if answer.error:
        warnings.append(f"variable {variable.name} was not refreshed: {answer.error}")
        return known.value if known is not None else variable.value
    value = (answer.result or {}).get("data")
    refreshed.values[variable.name] = KnownValue(value=value, refreshed=now)
    return value


def is_stale(variable: Variable, known: KnownValue, scene: Scene) -> bool:
    """Whether the cron line has ticked since the value was refreshed; without a cron line every turn refreshes."""
    if not variable.freshness:
        return True
    from cronsim import CronSim

    ticks = CronSim(variable.freshness, known.refreshed)
    return bool(next(ticks) <= scene.engine.clock.now())


async def _fitting_capabilities(scene: Scene) -> tuple[Capability, ...]:
    """Up to three capabilities near what the customer said, best first."""
    said = scene.conversation.latest
    if not said or not scene.agent.capabilities:
        return ()
    index = scene.engine.index
    as_responses = [
        CannedResponse(
            name=capability.name,
            template=capability.title or capability.name,
            signals=tuple(filter(None, (capability.description, *capability.signals))),
        )
        for capability in scene.agent.capabilities
    ]
    hits = await index.search(said, as_responses)
    near = sorted((-hit.score, place) for place, hit in enumerate(hits) if hit.score >= index.threshold)
    return tuple(scene.agent.capabilities[place] for _, place in near[:MAX_CAPABILITIES])
