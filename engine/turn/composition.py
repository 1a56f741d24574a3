"""The mode decides what is sent: the canned text, the draft, the draft restyled, a no-match, or nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from engine.agent.basics import CompositionMode
from engine.agent.model import Journey, Observation
from engine.reasoner.base import Candidate, Draft
from engine.turn.journeys import Standing
from engine.turn.rendering import NoMatchWords
from engine.turn.scene import Scene
from engine.turn.trace import Composition, Selecting

NoMatch = Callable[[], Awaitable[NoMatchWords]]

FIT_ENOUGH = {
    CompositionMode.STRICT: ("high", "partial"),
    CompositionMode.FLUID: ("high",),
    CompositionMode.COMPOSITED: (),
}
"""From which fit a mode sends the canned text as it is."""

SHORTEST_FIELD = 3
"""The shortest value, in characters, that is put back as a field in a recommended template."""


class ModeChoice(NamedTuple):
    """A turn's mode, and who asked for it."""

    mode: CompositionMode
    asked_by: tuple[str, ...]


def mode_of(scene: Scene, survivors: Sequence[str], standing: Standing) -> ModeChoice:
    """The most restrictive mode of the agent and everything active, and who asked for it."""
    asked: list[tuple[str, CompositionMode]] = [("agent", scene.agent.composition_mode)]
    for name in survivors:
        thing = scene.agent.things.get(name)
        if isinstance(thing, (Observation, Journey)) and thing.composition_mode:
            asked.append((name, thing.composition_mode))
    for journey, state in standing.states(scene):
        if journey.composition_mode and (journey.name, journey.composition_mode) not in asked:
            asked.append((journey.name, journey.composition_mode))
        if state.composition_mode:
            asked.append((f"{journey.name}.{state.name}", state.composition_mode))
    mode = max((mode for _, mode in asked), key=lambda mode: mode.strictness)
    return ModeChoice(mode, tuple(name for name, wanted in asked if wanted is mode))


async def compose(
    scene: Scene,
    draft: Draft,
    selecting: Selecting,
    candidates: Sequence[Candidate],
    choice: ModeChoice,
    no_match: NoMatch,
    fields: Mapping[str, Any],
) -> Composition:
    """Decide what is sent.

    Args:
        scene: The turn's surroundings.
        draft: The draft.
        selecting: The chosen candidate and its fit.
        candidates: The rendered candidates.
        choice: The turn's mode, and who asked for it.
        no_match: Finds the words of a strict turn in which nothing fits; called only then.
        fields: The fields known this turn, for the template recommended from a draft.
    """
    mode, asked_by = choice
    if scene.request.triggered and draft.nothing_applies:
        return Composition(mode, asked_by, (), (), "nothing calls for words, and nobody has just asked")
    texts = {candidate.name: candidate.text for candidate in candidates}
    if selecting.choice is not None and selecting.fit in FIT_ENOUGH[mode]:
        names = tuple(name for name in (selecting.choice, selecting.follow_up) if name is not None)
        why = f"{selecting.choice} fits ({selecting.fit})"
        messages = tuple(texts[name] for name in names)
        if selecting.beside:
            return Composition(mode, asked_by, (*messages, selecting.beside), (*names, "draft"), f"{why}; more follows")
        return Composition(mode, asked_by, messages, names, why)
    if mode is CompositionMode.STRICT:
        return await _no_match(scene, choice, selecting, no_match)
    if not draft.text:
        return Composition(mode, asked_by, (), (), "there is nothing to say")
    if mode is CompositionMode.COMPOSITED and candidates:
        restyled = await scene.engine.reasoner.restyle(draft, candidates)
        source = f"restyled:{restyled.style_from}" if restyled.changed else "draft"
        return Composition(mode, asked_by, (restyled.text,), (source,), restyled.why)
    why = f"the best fit is {selecting.fit}, so the draft is sent" if selecting.choice else "no response fits the draft"
    recommended = recommend(draft.text, fields) if mode is CompositionMode.FLUID else ""
    return Composition(mode, asked_by, (draft.text,), ("draft",), why, recommended)


async def _no_match(scene: Scene, choice: ModeChoice, selecting: Selecting, no_match: NoMatch) -> Composition:
    """A no-match answers a customer only; a triggered turn says nothing and the trace says so."""
    why = f"{selecting.choice} fits too little ({selecting.fit})" if selecting.choice else "no response fits the draft"
    if scene.request.triggered:
        return Composition(*choice, (), (), f"{why}, and a triggered turn then says nothing")
    words = await no_match()
    warnings = (words.warning,) if words.warning else ()
    return Composition(*choice, (words.text,), ("no_match",), why, warnings=warnings)


def recommend(draft: str, fields: Mapping[str, Any]) -> str:
    """A draft that was sent as it is, as a template: values of known fields put back as fields.

    Longer values first, so that a value inside another is not cut out of it.
    """
    template = draft
    for name, value in sorted(fields.items(), key=lambda item: (-len(str(item[1])), item[0])):
        text = str(value)
        if isinstance(value, (str, int, float)) and len(text) >= SHORTEST_FIELD and text in template:
            template = template.replace(text, "{{ " + name + " }}")
    return template
