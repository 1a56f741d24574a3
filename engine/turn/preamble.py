"""The preamble: a short acknowledgement said while the turn is still matching."""

from __future__ import annotations

from engine.agent.basics import CompositionMode
from engine.agent.template import TemplateFault, render
from engine.turn.rendering import standard_fields
from engine.turn.retrieval import PREAMBLE_TAG
from engine.turn.scene import Scene
from engine.turn.trace import PreambleChoice

FIRST_TURNS = 3
"""At the first turns the agent is quick to show that it listens."""

SLOW_SECONDS = 5.0
"""Answers that took longer than this call for a preamble."""


async def choose_preamble(scene: Scene) -> PreambleChoice:
    """Choose the preamble of this turn, or say why there is none."""
    silent = _why_none(scene)
    if silent:
        return PreambleChoice(None, silent)
    canned = canned_preambles(scene)
    if scene.agent.preambles == "auto" and not canned and could_be_strict(scene):
        return PreambleChoice(None, "something in scope could make this turn strict, and there is no canned preamble")
    texts = tuple(canned)
    said = await scene.engine.reasoner.preamble(scene.conversation, texts)
    if not said or (texts and said not in canned):
        return PreambleChoice(None, "no preamble fits")
    return PreambleChoice(said, "canned" if texts else "generated", canned.get(said) or None)


def _why_none(scene: Scene) -> str:
    state = scene.session.state
    if scene.request.triggered:
        return "the turn was triggered"
    if scene.agent.preambles == "off":
        return "preambles are off"
    if state.last_preamble_turn == scene.request.turn - 1:
        return "the last turn had one"
    recent = state.answer_seconds[-2:]
    slow = len(recent) == 2 and min(recent) > SLOW_SECONDS
    if scene.request.turn > FIRST_TURNS and not slow:
        return f"it is past turn {FIRST_TURNS}, and answers come quickly"
    return ""


def canned_preambles(scene: Scene) -> dict[str, str]:
    """The agent's preambles as text, each with the response it is from (empty for the agent's own list)."""
    found: dict[str, str] = {}
    fields = {"std": standard_fields(scene, ())}
    if isinstance(scene.agent.preambles, tuple):
        found.update(dict.fromkeys(scene.agent.preambles, ""))
    for response, _ in scene.agent.scoped_responses():
        if PREAMBLE_TAG in response.tags:
            try:
                found.setdefault(render(response.template, fields), response.name)
            except TemplateFault:
                continue
    return found


def could_be_strict(scene: Scene) -> bool:
    """Whether the agent, or anything that may hold this turn, asks for strict mode."""
    strict = CompositionMode.STRICT
    if scene.agent.composition_mode is strict:
        return True
    if any(own.enabled and own.composition_mode is strict for own, _ in scene.agent.scoped_guidelines()):
        return True
    return any(
        journey.enabled and strict in (journey.composition_mode, *(state.composition_mode for state in journey.states))
        for journey in scene.agent.journeys
    )
