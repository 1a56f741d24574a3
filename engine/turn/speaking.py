"""What a turn writes into the session while it runs: statuses, tool events and messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.session.events import Event, EventKind, EventSource
from engine.turn.scene import Scene
from engine.turn.trace import ToolCall


class Speaker:
    """Writes the events of one turn."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    @property
    def begun(self) -> bool:
        """Whether the agent, or a tool of the turn, has begun to speak: from then on the turn finishes."""
        return self._scene.request.voice.begun

    async def _append(
        self, source: EventSource, kind: EventKind, data: Any, metadata: dict[str, Any] | None = None
    ) -> Event:
        return await self._scene.engine.store.append_event(
            self._scene.session.id, source, kind, data, trace_id=self._scene.request.trace_id, metadata=metadata
        )

    async def status(self, status: str, data: Any = None) -> None:
        """Write a status, such as `acknowledged`, `processing`, `typing`, `ready`, `cancelled` or `error`."""
        values = {"status": status, "data": data if data is not None else {}}
        await self._append(EventSource.AI_AGENT, EventKind.STATUS, values)

    async def preamble(self, text: str) -> None:
        """Say a preamble."""
        await self.status("typing")
        await self._say(text, {"preamble": True}, {})
        await self.status("ready")

    async def message(
        self,
        text: str,
        draft: str,
        canned_responses: Sequence[tuple[str, str]],
        metadata: dict[str, Any],
        source: str = "draft",
    ) -> Event:
        """Say a message.

        Args:
            text: What the customer reads.
            draft: The draft it comes from.
            canned_responses: Name and rendered text of the responses in it; none for a draft.
            metadata: The chosen response's metadata, for the front end.
            source: What the message is made from, as in `Composition.sources`.
        """
        self._scene.request.voice.begun = True
        await self.status("typing")
        said = {"draft": draft, "canned_responses": [list(pair) for pair in canned_responses], "source": source}
        event = await self._say(text, said, metadata)
        await self.status("ready")
        return event

    async def _say(self, text: str, more: dict[str, Any], metadata: dict[str, Any]) -> Event:
        name = self._scene.agent.name
        data = {"message": text, "participant": {"id": name, "display_name": name}, **more}
        return await self._append(EventSource.AI_AGENT, EventKind.MESSAGE, data, metadata)

    async def tools(self, calls: Sequence[ToolCall]) -> None:
        """Write down the tools that ran in one round."""
        entries = [
            {"tool": call.tool, "arguments": call.values, "result": dict(call.result or {}), "error": call.error}
            for call in calls
            if call.called
        ]
        if entries:
            await self._append(EventSource.SYSTEM, EventKind.TOOL, {"tool_calls": entries})
