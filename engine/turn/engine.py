"""What a turn runs with: the agent, the store, the reasoner, the index, the clock and the code of tools."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.agent.model import Agent, Stub
from engine.index.base import ResponseIndex
from engine.reasoner.base import Reasoner
from engine.session.clock import Clock
from engine.session.store import SessionStore

TOOL_TIMEOUT = 30.0
"""Seconds that one tool call may take."""


class CodeSource(Protocol):
    """Turns a reference such as `tools.is_vip` into the function it names."""

    def resolve(self, reference: str) -> Callable[..., Any]:
        """Find the function.

        Raises:
            engine.agent.code.CodeError: One line: there is no such function, or its folder is not trusted.
        """
        ...


@dataclass(frozen=True)
class Engine:
    """Everything that turns of one agent share. It is chosen once, when a session or a run starts.

    Attributes:
        agent: The agent being played.
        store: Where sessions and events are kept.
        reasoner: Who does the thinking.
        index: Finds canned responses near a draft.
        clock: Real or virtual time.
        code: Resolves `tools.name`.
        stubs: Stubs that stand in for the agent's tools, whole, by tool name.
        live_tools: Whether a tool without a stub may run its code; scenarios forbid it unless they say `tools: live`.
        tool_timeout: Seconds that one tool call may take.
        on_close: Lets go of what else belongs to this engine alone, such as a language model's connections.
    """

    agent: Agent
    store: SessionStore
    reasoner: Reasoner
    index: ResponseIndex
    clock: Clock
    code: CodeSource
    stubs: Mapping[str, tuple[Stub, ...]] = field(default_factory=dict)
    live_tools: bool = True
    tool_timeout: float = TOOL_TIMEOUT
    on_close: Callable[[], Awaitable[None]] | None = None

    async def close(self) -> None:
        """Stop the clock and let go of files and connections; no turn is taken afterwards."""
        await self.clock.close()
        await self.store.close()
        if self.on_close is not None:
            await self.on_close()
