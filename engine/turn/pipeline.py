"""The order of a turn. `take_turn` is the only way a turn is taken.

    situation → preamble → (matching → journeys → relationships → tools) × 1–3
              → draft → retrieval → rendering → selection → composition → closing

Each stage gets what earlier stages decided, adds its record to the trace and hands on; finished stages are yielded, so
that a screen can fill while the turn runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial

from engine.agent.model import CannedResponse
from engine.session.events import SessionState
from engine.turn.composition import compose, mode_of
from engine.turn.drafting import instructions_for, tool_instructions, trigger_instructions, write_draft
from engine.turn.journeys import Standing, spoken
from engine.turn.matching import under_way
from engine.turn.outcomes import Decided, outcomes_of
from engine.turn.preamble import choose_preamble
from engine.turn.remembering import (
    carried_out_guidelines,
    handed_over,
    interrupted,
    remembered,
    what_is_asked,
    what_was_said,
)
from engine.turn.rendering import candidates_of, gather_fields, no_match_text, render_candidates
from engine.turn.results import Result
from engine.turn.retrieval import responses_in_scope, retrieve, with_asking
from engine.turn.rounds import Rounds, run_rounds
from engine.turn.scene import Scene, context_of
from engine.turn.selection import select
from engine.turn.situation import Refreshed, load_situation
from engine.turn.speaking import Speaker
from engine.turn.trace import Closing, Composition, Stage, TurnTrace


@dataclass
class _Turn:
    """One turn while it runs."""

    scene: Scene
    trace: TurnTrace
    speaker: Speaker
    rounds: Rounds
    refreshed: Refreshed = field(default_factory=Refreshed)


async def take_turn(scene: Scene, trace: TurnTrace, speaker: Speaker) -> AsyncIterator[Stage]:
    """Take a turn, yielding each finished stage; the trace holds them all when it ends.

    A turn never ends silently: an exception becomes an `error` status and `trace.error`, and the session stays usable.

    Args:
        scene: The surroundings: agent, session, conversation and what the turn is asked to do.
        trace: The record to fill.
        speaker: Writes the turn's events; `speaker.begun` says whether the turn may still be cancelled.

    Yields:
        The finished stages, in order.
    """
    turn = _Turn(scene, trace, speaker, Rounds(scene))
    if scene.session.mode == "manual":
        silent = Decided(silenced=(Result.MANUAL_MODE, "the session is in manual mode: people answer"))
        trace.status = "silent"
        yield _record(trace, _close(turn, silent))
        state = scene.session.state.model_copy(update={"turn": scene.request.turn})
        await scene.engine.store.update_session(scene.session.id, state=state)
        return
    try:
        await speaker.status("acknowledged")
        async for stage in _stages(turn):
            yield _record(trace, stage)
        trace.status = "completed" if trace.messages else "silent"
    except asyncio.CancelledError:
        await cancel_turn(turn.scene, trace, speaker, turn.rounds)
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the turn says so and the session stays usable
        await _fail(turn, error)


def _record(trace: TurnTrace, stage: Stage) -> Stage:
    trace.stages.append(stage)
    return stage


async def cancel_turn(scene: Scene, trace: TurnTrace, speaker: Speaker, rounds: Rounds | None = None) -> None:
    """End a turn that a newer message overtook before the agent spoke.

    Args:
        scene: The turn's surroundings.
        trace: Its record.
        speaker: Writes its events.
        rounds: How far it came; nothing when it had not begun.
    """
    decided = Decided(silenced=(Result.CANCELLED, "a newer message came before the agent spoke"))
    turn = _Turn(scene, trace, speaker, rounds or Rounds(scene))
    _record(trace, _close(turn, decided))
    trace.status = "cancelled"
    state = interrupted(scene, trace, turn.rounds.tool_rounds)
    await scene.engine.store.update_session(scene.session.id, state=state)
    await speaker.status("cancelled")
    await speaker.status("ready")


async def _fail(turn: _Turn, error: Exception) -> None:
    line = " ".join(str(error).split()) or type(error).__name__
    turn.trace.status, turn.trace.error = "failed", line
    _record(turn.trace, _close(turn, _decided(turn)))
    state = interrupted(turn.scene, turn.trace, turn.rounds.tool_rounds)
    await turn.scene.engine.store.update_session(turn.scene.session.id, state=state)
    await turn.speaker.status("error", {"exception": line})
    await turn.speaker.status("ready")


async def _stages(turn: _Turn) -> AsyncIterator[Stage]:
    situation, turn.scene, turn.refreshed = await load_situation(turn.scene)
    yield situation
    if turn.scene.request.guidelines:
        turn.rounds = _triggered(turn.scene)
    else:
        await turn.speaker.status("processing", {"stage": "Interpreting"})
        async for stage in _listen(turn):
            yield stage
        turn.scene = turn.rounds.scene
    await turn.speaker.status("processing", {"stage": "Articulating"})
    async for stage in _speak(turn):
        yield stage


async def _listen(turn: _Turn) -> AsyncIterator[Stage]:
    """Understand what was said; the preamble is said while the first conditions are judged."""
    turn.rounds = Rounds(turn.scene)
    rounds = run_rounds(turn.rounds, turn.speaker)
    judging = asyncio.create_task(_first_of(rounds))
    try:
        preamble = await choose_preamble(turn.scene)
        if preamble.text:
            await turn.speaker.preamble(preamble.text)
        yield preamble
        yield await judging
    finally:
        judging.cancel()
        await asyncio.gather(judging, return_exceptions=True)
    async for stage in rounds:
        yield stage


async def _first_of(stages: AsyncIterator[Stage]) -> Stage:
    return await anext(stages)


def _triggered(scene: Scene) -> Rounds:
    """A triggered turn with something to say skips matching; journeys stand where they stood."""
    standing = Standing(under_way(scene))
    return Rounds(scene, walked=standing, standing=standing)


async def _speak(turn: _Turn) -> AsyncIterator[Stage]:
    """Draft, retrieve, render, select, compose, send, and close the turn."""
    scene, rounds = turn.scene, turn.rounds
    survivors, standing, tool_rounds = rounds.survivors, rounds.standing, rounds.tool_rounds
    told = trigger_instructions(scene)
    instructions = told or (*tool_instructions(tool_rounds), *instructions_for(scene, survivors, standing))
    drafting, draft, missing = await write_draft(scene, instructions, tool_rounds, rounds.resolution)
    yield drafting

    context = context_of(scene, survivors, standing.active, draft.text)
    fields = await gather_fields(scene, tool_rounds, survivors, standing, missing, context)
    scope = with_asking(responses_in_scope(scene, set(survivors), standing, tool_rounds), missing)
    retrieval, responses = await retrieve(scene, draft.text, scope, fields.fresh)
    yield retrieval
    rendering = await render_candidates(scene, draft, instructions, retrieval, responses, fields)
    yield rendering

    choice = mode_of(scene, survivors, standing)
    candidates = candidates_of(rendering.rendered, retrieval, responses)
    selecting = await select(scene, draft, candidates, instructions, choice.mode)
    yield selecting
    no_match = partial(no_match_text, scene, fields, context)
    known = {name: value for name, value in fields.values.items() if name != "std"}
    composition = await compose(scene, draft, selecting, candidates, choice, no_match, known)
    yield composition

    await _send(turn, composition, draft.text, {response.name: response for response in responses})
    said = what_was_said(composition, selecting, drafting)
    applied = carried_out_guidelines(scene, survivors, said, tool_rounds)
    rounds.standing = spoken(standing, said)
    asked = what_is_asked(missing, rounds.resolution)
    state = remembered(scene, turn.trace, rounds.standing, tool_rounds, turn.refreshed.values, applied, asked)
    yield _close(turn, _decided(turn), applied)
    await _finish(turn, state)


def _decided(turn: _Turn) -> Decided:
    decided = turn.rounds.decided()
    decided.called = turn.refreshed.called
    if turn.scene.request.guidelines:
        decided.silenced = (Result.TRIGGERED, "matching is skipped: the turn was told what to say")
    return decided


async def _send(turn: _Turn, composition: Composition, draft: str, responses: dict[str, CannedResponse]) -> None:
    for text, source in zip(composition.messages, composition.sources, strict=True):
        response = responses.get(source)
        canned = [(source, text)] if response is not None else []
        metadata = dict(response.metadata) if response is not None else {}
        await turn.speaker.message(text, draft, canned, metadata, source)


def _close(turn: _Turn, decided: Decided, applied: tuple[str, ...] = ()) -> Closing:
    return Closing(
        outcomes=outcomes_of(turn.scene, decided, turn.trace),
        positions={name: position.path for name, position in decided.standing.positions.items()},
        applied=applied,
    )


async def _finish(turn: _Turn, state: SessionState) -> None:
    scene, rounds = turn.scene, turn.rounds
    changes = handed_over(scene, rounds.tool_rounds)
    await scene.engine.store.update_session(scene.session.id, state=state, **changes)
    active = rounds.standing.active
    guidelines = [name for name in rounds.survivors if name not in active]
    summary = {
        "stage": "completed",
        "matched_guidelines": guidelines,
        "matched_journeys": list(active),
        "matched_journey_states": [f"{journey}.{path[-1]}" for journey, path in active.items()],
    }
    await turn.speaker.status("ready", summary)
