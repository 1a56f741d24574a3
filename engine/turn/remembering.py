"""What a session remembers of a turn: positions, applied actions, fields, results, and who is in charge."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.agent.model import Guideline
from engine.reasoner.base import MissingArgument
from engine.session.events import HandOff, KnownValue, Session, SessionState, ToolMemory
from engine.turn.journeys import Standing
from engine.turn.scene import Scene
from engine.turn.tool_api import plain
from engine.turn.tools import asks_for_manual
from engine.turn.trace import (
    Composition,
    Drafting,
    PreambleChoice,
    Resolution,
    Selecting,
    ToolCall,
    ToolRound,
    TurnTrace,
)
from engine.turn.waiting import waiting_after

MAX_RESULTS = 40
"""How many tool results a session keeps in mind; older ones stay in its events."""

MAX_SECONDS = 2
"""How many answer times are kept, for the preamble."""


def what_was_said(composition: Composition, selecting: Selecting, drafting: Drafting) -> tuple[str, ...]:
    """The instructions whose words reached the customer: the draft's where that was sent, else the response's."""
    if not composition.sources or composition.sources == ("no_match",):
        return ()
    if composition.sources[0] == selecting.choice:
        return selecting.carried_out
    worded = (part.source for part in drafting.parts if part.source and part.rule != "stub")
    return tuple(dict.fromkeys((*selecting.carried_out, *worded)))


def carried_out_guidelines(
    scene: Scene, survivors: Collection[str], said: Collection[str], rounds: Sequence[ToolRound]
) -> tuple[str, ...]:
    """The guidelines whose action was carried out: all their tools ran, or, without tools, their words were said."""
    called = {call.tool for stage in rounds for call in stage.calls if call.called and not call.error}
    return tuple(
        own.name
        for own, _ in scene.agent.scoped_guidelines()
        if isinstance(own, Guideline)
        and own.track
        and own.name in survivors
        and (called.issuperset(own.tools) if own.tools else own.name in said)
    )


def remembered(
    scene: Scene,
    trace: TurnTrace,
    standing: Standing,
    rounds: Sequence[ToolRound],
    refreshed: Mapping[str, KnownValue],
    applied: Sequence[str],
    asked: Sequence[str],
) -> SessionState:
    """The session's state after the turn."""
    state, turn = scene.session.state, scene.request.turn
    calls = [call for stage in rounds for call in stage.calls if call.called and not call.error]
    fields = dict(state.fields)
    for call in calls:
        if _lasts(call):
            fields.update((call.result or {}).get("canned_response_fields") or {})
    seconds = (scene.engine.clock.now() - trace.started).total_seconds()
    return state.model_copy(
        update={
            "turn": turn,
            "journeys": {**state.journeys, **standing.positions},
            "applied": {**state.applied, **dict.fromkeys(applied, turn)},
            "variables": {**state.variables, **refreshed},
            "fields": fields,
            "tool_results": (*state.tool_results, *(_memory(call, turn) for call in calls if _lasts(call)))[
                -MAX_RESULTS:
            ],
            "pending_results": (),
            "last_preamble_turn": _preamble_turn(scene, trace),
            "answer_seconds": (*state.answer_seconds, seconds)[-MAX_SECONDS:],
            "asked": tuple(asked),
            "waiting": waiting_after(rounds),
            "follow_ups": {} if not scene.request.triggered else state.follow_ups,
        }
    )


def _lasts(call: ToolCall) -> bool:
    control = (call.result or {}).get("control") or {}
    return not call.background and control.get("lifespan") != "response"


def _memory(call: ToolCall, turn: int) -> ToolMemory:
    result = call.result or {}
    fields = result.get("canned_response_fields") or {}
    return ToolMemory(
        tool=call.tool, arguments=plain(call.values), data=result.get("data"), fields=dict(fields), turn=turn
    )


def interrupted(scene: Scene, trace: TurnTrace, rounds: Sequence[ToolRound]) -> SessionState:
    """The state after a cancelled turn: results of tools that already ran are kept, so that they do not run again."""
    pending: list[dict[str, Any]] = [
        {
            "tool": call.tool,
            "arguments": plain(call.values),
            "result": dict(call.result),
            "background": call.background,
        }
        for stage in rounds
        for call in stage.calls
        if call.called and call.result is not None and not call.error
    ]
    state, turn = scene.session.state, scene.request.turn
    new = [kept for kept in pending if kept not in state.pending_results]
    return state.model_copy(
        update={
            "turn": turn,
            "pending_results": (*state.pending_results, *new),
            "last_preamble_turn": _preamble_turn(scene, trace),
        }
    )


def _preamble_turn(scene: Scene, trace: TurnTrace) -> int:
    """The turn in which a preamble was said last."""
    preamble = trace.last(PreambleChoice)
    said = preamble is not None and preamble.text is not None
    return scene.request.turn if said else scene.session.state.last_preamble_turn


def handed_over(scene: Scene, rounds: Sequence[ToolRound]) -> dict[str, Any]:
    """The session fields that change when a tool asked for manual mode: the mode, and the hand-off's record."""
    call = asks_for_manual(rounds)
    if call is None:
        return {}
    reason = call.values.get("reason") or (call.result or {}).get("data") or ""
    hand_off = HandOff(by=call.tool, reason=str(reason), since=scene.engine.clock.now())
    return {"mode": "manual", "hand_offs": (*scene.session.hand_offs, hand_off)}


def given_back(session: Session, now: datetime, ended: str) -> tuple[HandOff, ...]:
    """The hand-offs, with the open one closed."""
    return tuple(
        hand_off if hand_off.until is not None else hand_off.model_copy(update={"until": now, "ended": ended})
        for hand_off in session.hand_offs
    )


def what_is_asked(missing: Sequence[MissingArgument], resolution: Resolution | None) -> tuple[str, ...]:
    """The names of what the agent's message asks for: arguments, or the options to choose from."""
    names = [item.parameter.name for item in missing]
    return (*names, *(resolution.clarify if resolution is not None else ()))
