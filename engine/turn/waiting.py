"""Guidelines that wait for an argument: asked for in the last turn, and given now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.agent.model import Observation, Tool
from engine.reasoner.base import Argument, Judgement
from engine.turn.scene import Scene
from engine.turn.trace import ToolRound


def waiting_after(rounds: Sequence[ToolRound]) -> tuple[str, ...]:
    """What waits after a turn: the guidelines and states whose tools were not called for want of an argument."""
    calls = [call for stage in rounds for call in stage.calls]
    called = {call.tool for call in calls if call.called}
    return tuple(dict.fromkeys(name for call in calls if call.tool not in called for name in call.wanted_by))


async def taken_up(scene: Scene, judged: Mapping[str, Judgement]) -> dict[str, Judgement]:
    """The judgements of guidelines that waited and now get what the agent asked for.

    "4471" meets no condition; said in answer to "Which card?", it goes on with what the customer wanted before.

    Args:
        scene: The turn's surroundings.
        judged: This turn's judgements so far.
    """
    found: dict[str, Judgement] = {}
    for name in scene.session.state.waiting:
        own = scene.agent.things.get(name)
        if isinstance(own, Observation) and name in judged and not judged[name].holds:
            given = await _given(scene, own)
            if given is not None:
                why = f"it waits for {given.name}, and the customer gives it"
                found[name] = Judgement(name, True, 1.0, 0.5, "clear", "answer", why, given.quote)
    return found


async def _given(scene: Scene, own: Observation) -> Argument | None:
    """The first argument that the agent asked for and that is there now."""
    asked = set(scene.session.state.asked)
    for tool in map(scene.agent.things.get, own.tools):
        if isinstance(tool, Tool):
            for argument in await scene.engine.reasoner.arguments(tool, scene.conversation):
                if argument.name in asked and not argument.problem:
                    return argument
    return None
