"""The draft: what the agent would say in its own words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from engine.agent.model import Agent, Guideline, Journey, Observation
from engine.reasoner.base import Brief, Draft, Instruction, MissingArgument, Option
from engine.turn.journeys import Standing
from engine.turn.scene import Scene
from engine.turn.tools import earlier_results, missing_arguments, results_of
from engine.turn.trace import Drafting, Reads, Resolution, ToolRound


def instructions_for(scene: Scene, survivors: Collection[str], standing: Standing) -> tuple[Instruction, ...]:
    """What the agent is to do now: surviving guidelines first, then the states it stands on.

    A guideline outweighs a state when both speak to the same moment, so guidelines come first.
    """
    chosen = set(survivors)
    guidelines = [
        Instruction(own.name, "guideline", own.action, own.say, own.tools)
        for own, _ in scene.agent.scoped_guidelines()
        if isinstance(own, Guideline) and own.name in chosen
    ]
    states = [
        Instruction(f"{journey.name}.{state.name}", "state", state.chat, state.say)
        for journey, state in standing.states(scene)
        if state.chat is not None
    ]
    return (*guidelines, *states)


def trigger_instructions(scene: Scene) -> tuple[Instruction, ...]:
    """What a triggered turn is to say."""
    return tuple(
        Instruction(f"trigger#{number}", "trigger", guideline.action)
        for number, guideline in enumerate(scene.request.guidelines, start=1)
    )


def tool_instructions(rounds: Sequence[ToolRound]) -> tuple[Instruction, ...]:
    """What the tools of this turn ask the agent to say."""
    return tuple(
        Instruction(f"{call.tool}#{number}", "trigger", str(guideline.get("action", "")))
        for stage in rounds
        for call in stage.calls
        if call.result is not None
        for number, guideline in enumerate(call.result.get("guidelines") or (), start=1)
    )


async def write_draft(
    scene: Scene, instructions: tuple[Instruction, ...], rounds: Sequence[ToolRound], resolution: Resolution | None
) -> tuple[Drafting, Draft, tuple[MissingArgument, ...]]:
    """Have the reasoner word what the turn decided.

    Returns:
        The stage's record, the draft, and the arguments that the agent asks for.
    """
    conversation = scene.conversation
    missing = missing_arguments(scene, rounds)
    clarify = None
    if resolution is not None and resolution.clarify:
        clarify = await scene.engine.reasoner.clarify(options(scene.agent, resolution.clarify), conversation)
    results = results_of(rounds)
    rationales = [guideline.rationale for guideline in scene.request.guidelines]
    brief = Brief(
        conversation=replace(conversation, results=(*earlier_results(scene), *results)),
        instructions=instructions,
        results=results,
        missing=missing,
        clarify=clarify,
        given_draft=scene.request.given_draft,
        rationale=rationales[0] if rationales else None,
        failures=tuple(call.tool for stage in rounds for call in stage.calls if call.called and call.error),
    )
    draft = await scene.engine.reasoner.draft(brief, scene.request.on_words)
    stage = Drafting(
        text=draft.text,
        parts=draft.parts,
        instructions=tuple(instruction.source for instruction in instructions),
        dictated=draft.dictated,
        nothing_applies=draft.nothing_applies,
        reads=_reads(scene.agent, instructions),
    )
    return stage, draft, missing


def options(agent: Agent, names: Sequence[str]) -> tuple[Option, ...]:
    """What the customer may have meant: guidelines by their condition, journeys by their title."""
    found = []
    for name in names:
        thing = agent.things.get(name)
        if isinstance(thing, Journey):
            found.append(Option(name, thing.title or (thing.conditions[0] if thing.conditions else name)))
        elif isinstance(thing, Observation):
            found.append(Option(name, thing.title or thing.condition))
    return tuple(found)


def _reads(agent: Agent, instructions: Sequence[Instruction]) -> Reads:
    owners = dict.fromkeys(instruction.source.partition(".")[0] for instruction in instructions)
    return Reads({name: agent.things[name].digest for name in owners if name in agent.things})
