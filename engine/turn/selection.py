"""Which candidate says the draft, and how good a fit it is; after a strict answer, at most one follow-up response."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.agent.basics import CompositionMode
from engine.reasoner.base import Candidate, Draft, Instruction, Selection
from engine.turn.scene import Scene
from engine.turn.trace import Selecting


async def select(
    scene: Scene,
    draft: Draft,
    candidates: tuple[Candidate, ...],
    instructions: Sequence[Instruction],
    mode: CompositionMode,
) -> Selecting:
    """Have the reasoner choose, and in strict mode choose once more for what the choice leaves unsaid.

    In fluid mode what the choice says nothing of is kept as it stands in the draft.
    """
    selection = await scene.engine.reasoner.select(draft, candidates, instructions)
    follow_up = await _follow_up(scene, draft, candidates, instructions, selection, mode)
    carried_out = dict.fromkeys(selection.carried_out)
    if follow_up is not None:
        carried_out |= dict.fromkeys(follow_up.carried_out)
    beside = selection.beside if mode is CompositionMode.FLUID and selection.fit == "high" else ()
    carried_out |= dict.fromkeys(part.source for part in beside if part.source)
    if draft.dictated:
        carried_out |= dict.fromkeys(instruction.source for instruction in instructions)
    return Selecting(
        choice=selection.choice,
        fit=selection.fit,
        scored=selection.scored,
        why=selection.why,
        follow_up=follow_up.choice if follow_up is not None else None,
        beside=" ".join(part.text for part in beside if part.text),
        carried_out=tuple(carried_out),
    )


async def _follow_up(
    scene: Scene,
    draft: Draft,
    candidates: tuple[Candidate, ...],
    instructions: Sequence[Instruction],
    selection: Selection,
    mode: CompositionMode,
) -> Selection | None:
    answered = selection.choice is not None and selection.fit in ("high", "partial")
    if mode is not CompositionMode.STRICT or not answered or not selection.unsaid:
        return None
    left = tuple(candidate for candidate in candidates if candidate.name != selection.choice)
    unsaid = selection.unsaid
    parts = tuple(part for part in draft.parts if part.text in unsaid or unsaid in part.text)
    rest = replace(draft, text=unsaid, parts=parts)
    second = await scene.engine.reasoner.select(rest, left, instructions) if left else None
    linked = {candidate.name for candidate in left if candidate.linked}
    fits = second is not None and (second.fit == "high" or (second.fit == "partial" and second.choice in linked))
    return second if fits else None
