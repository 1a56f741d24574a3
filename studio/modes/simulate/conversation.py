"""The conversation that Simulate shows: its session, turns and traces. Nothing here knows about a terminal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from engine.agent.basics import CompositionMode
from engine.agent.model import TriggerGuideline
from engine.session.clock import VirtualClock
from engine.session.events import EventSource, Session, SessionState
from engine.session.store import StoreError, UnknownSession
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession
from engine.turn.trace import Composition, Stage, TurnTrace
from studio.modes.simulate.beginning import Beginning
from studio.modes.simulate.script import STUDIO_NOTE, Script, turn_of

OnGrowth = Callable[[TurnTrace], None]
"""Told of the growing trace after each finished stage, and while a draft is being written."""

Take = Callable[[LiveSession, Mapping[str, Any]], Awaitable[TurnTrace | None]]
"""Takes a turn of a session, with what it is to call meanwhile."""

A_LONG_WAIT = 3600.0
"""Seconds for which one look into the store waits for something new; then it looks again."""


@dataclass(frozen=True)
class Who:
    """The customer of a session that is yet to begin, one of the agent file's or a guest, and where it begins.

    Attributes:
        customer: The registered customer's id; None for a guest.
        name: How the customer is addressed.
        tags: A guest's tags.
        at: Where in a journey it begins; None for a conversation from the first word on.
    """

    customer: str | None = None
    name: str = "Guest"
    tags: tuple[str, ...] = ()
    at: Beginning | None = None


class Conversation:
    """One session, from the first event to the last.

    A session that is not there yet is made with the first thing said, so that looking leaves nothing behind.

    Attributes:
        script: What was read back from the store.
        traces: The traces known so far, by turn.
        title: What a conversation from elsewhere is called; empty for a session of the workspace.
        session: The session as it last was read; None before it began.
        running: How many of its turns run or wait to run.
        writing: The draft as far as a language model has written it, until it is settled what is sent.
        waiting: What is to be said as soon as the agent is ready; empty when nothing waits.
        since: When the newest of them was asked for, on the clock of `time.monotonic`.
    """

    def __init__(self, engine: Engine, session_id: str = "", *, title: str = "", who: Who = Who()) -> None:  # noqa: B008
        """Go on with a session, or name one that is yet to begin.

        Args:
            engine: What its turns run with.
            session_id: The session; empty to begin one.
            title: What it is called when it comes from elsewhere.
            who: The customer of a session that is yet to begin.
        """
        self.script = Script()
        self.traces: dict[int, TurnTrace] = {}
        self.title = title
        self.who = who
        self.session: Session | None = None
        self.running = 0
        self.writing = ""
        self.waiting = ""
        self.since = 0.0
        self._engine = engine
        self._live = LiveSession(engine, session_id) if session_id else None
        self._fresh: Engine | None = None
        self._mode: CompositionMode | None = None
        self._begun = asyncio.Event()
        if session_id:
            self._begun.set()

    @classmethod
    def of(cls, live: LiveSession, title: str) -> Conversation:
        """Go on with a session that somebody else has begun."""
        conversation = cls(live.engine, title=title)
        conversation._live = live
        conversation._begun.set()
        return conversation

    @property
    def id(self) -> str:
        """The session's id; empty before it has begun."""
        return self._live.id if self._live is not None else ""

    @property
    def engine(self) -> Engine:
        """What its next turn runs with."""
        return self._fresh or self._engine

    @property
    def customer(self) -> Who:
        """Whose session it is: the one who would begin another one like it."""
        if self.session is None:
            return self.who
        return Who(self.session.customer, self.session.customer_name, self.session.customer_tags)

    @property
    def manual(self) -> bool:
        """Whether people have the session."""
        return self.session is not None and self.session.mode == "manual"

    @property
    def virtual(self) -> bool:
        """Whether its time can be advanced."""
        return isinstance(self._engine.clock, VirtualClock)

    @property
    def composition_mode(self) -> CompositionMode:
        """The mode in which its next turn speaks, unless something active asks for a stricter one."""
        return self._mode or self.engine.agent.composition_mode

    # -- reading ------------------------------------------------------------------------------------------------

    async def read(self) -> None:
        """Read what is new in the store into the script."""
        if self._live is not None:
            self.session = await self._live.session()
            self.script.add(await self._live.events(self.script.next_offset))
            self._keep_traces()

    async def arrivals(self) -> AsyncIterator[None]:
        """Wait for events, endlessly.

        Yields:
            Nothing, each time the script has new ones. It ends when the session is gone or its store is closed.
        """
        await self._begun.wait()
        while self._live is not None:
            live = self._live
            try:
                await live.engine.store.list_events(
                    live.id, min_offset=self.script.next_offset, wait_for_data=A_LONG_WAIT
                )
                await self.read()
                yield
            except TimeoutError:
                continue
            except (StoreError, UnknownSession):
                return

    async def trace(self, turn: int) -> TurnTrace | None:
        """The trace of a turn, from memory or from the store; None when none was kept."""
        self._keep_traces()
        if turn in self.traces or self._live is None:
            return self.traces.get(turn)
        values = await self._live.engine.store.get_trace(self.id, f"{self.id}-t{turn}")
        if values is not None:
            self.traces[turn] = await asyncio.to_thread(TurnTrace.from_json, values)
        return self.traces.get(turn)

    # -- turns --------------------------------------------------------------------------------------------------

    async def say(self, text: str, on_growth: OnGrowth | None = None) -> TurnTrace | None:
        """Let the customer say something, and answer it; see `LiveSession.say` for what it raises."""
        return await self._turn(lambda live, heard: live.say(text, **heard), on_growth)

    async def again(self, on_growth: OnGrowth | None = None) -> TurnTrace | None:
        """Say the last message once more; None when there is none."""
        return await self._turn(lambda live, heard: live.retry(**heard), on_growth)

    async def trigger(self, action: str, on_growth: OnGrowth | None = None) -> TurnTrace | None:
        """Have the agent speak without a message; None when the trigger is held, since people have the session.

        Args:
            action: What it is to say; empty for a normal turn.
            on_growth: Told of the growing trace.
        """
        told_to = (TriggerGuideline(action=action, rationale="follow_up"),) if action else ()
        name = action or "go on"
        return await self._turn(lambda live, heard: live.trigger(told_to, name, **heard), on_growth)

    def begin_waiting(self, text: str) -> None:
        """Note what is to be said as soon as the agent is ready."""
        self.waiting = text or "what was said"
        self.since = time.monotonic()

    def stop(self) -> bool:
        """Cancel the turn that runs, unless it has begun to speak; whether there was one."""
        return self._live is not None and self._live.cancel()

    async def advance(self, delay: timedelta) -> list[TurnTrace]:
        """Let virtual time pass; see `LiveSession.advance` for what it raises."""
        live = await self._begin()
        with self._at_work():
            traces = await live.advance(delay)
        await self.read()
        return traces

    # -- people and settings ------------------------------------------------------------------------------------

    async def take_over(self) -> None:
        """Hand the session to a person."""
        live = await self._begin()
        await live.set_mode("manual")
        await self._note(live, "● you took over; the agent is silent")

    async def give_back(self) -> None:
        """Give the session back to the agent, which then says everything that was held."""
        live = await self._begin()
        await live.set_mode("auto")
        await self._note(live, "● given back to the agent")
        held = (await live.session()).state.held
        if held:
            with self._at_work():
                await live.release_all()
        await self.read()

    async def as_person(self, text: str, *, name: str = "") -> None:
        """Let a person speak as themselves."""
        live = await self._begin()
        await (live.human_agent(text, name) if name else live.human_agent(text))
        await self.read()

    async def on_behalf(self, text: str) -> None:
        """Let a person speak as the agent."""
        live = await self._begin()
        await live.on_behalf(text)
        await self.read()

    async def set_variable(self, name: str, value: Any) -> None:
        """Give a variable a value for this session."""
        live = await self._begin()
        await live.set_variable(name, value)
        await self.read()

    async def compose_as(self, mode: CompositionMode) -> None:
        """Speak in a mode from the next turn on, whatever the agent file says."""
        self._mode = mode
        self._fresh = self._in_mode(self.engine)
        await self._go_on()

    async def use(self, engine: Engine) -> None:
        """Go on with an agent that was edited, or may now run its code, once the running turn has ended."""
        self._fresh = self._in_mode(engine)
        await self._go_on()

    async def close(self) -> None:
        """Stop its timers and let the running turn end."""
        if self._live is not None:
            await self._live.close()

    # -- within -------------------------------------------------------------------------------------------------

    async def _turn(self, take: Take, told: OnGrowth | None) -> TurnTrace | None:
        live = await self._begin()
        with self._at_work():
            trace = await take(live, self._heard(live, told))
        await self._go_on()
        await self.read()
        return trace

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """Count a turn while it runs, and keep its trace."""
        self.since = time.monotonic()
        self.running += 1
        try:
            yield
        finally:
            self.running -= 1
            self.writing = ""
            self._keep_traces()

    def _heard(self, live: LiveSession, told: OnGrowth | None) -> Mapping[str, Any]:
        """What a turn calls while it runs."""

        def tell() -> None:
            if told is not None and live.traces:
                told(live.traces[-1])

        def on_stage(stage: Stage) -> None:
            if isinstance(stage, Composition):
                self.writing = ""
            tell()

        def on_words(words: str) -> None:
            self.writing = words
            tell()

        return {"on_stage": on_stage, "on_words": on_words}

    async def _begin(self) -> LiveSession:
        await self._go_on()
        if self._live is None:
            fields = {"customer": self.who.customer, "customer_name": self.who.name, "customer_tags": self.who.tags}
            at = self.who.at
            state = at.state if at is not None else SessionState()
            self._live = await LiveSession.open(self._engine, **fields, state=state)
            if at is not None:
                await self._note(self._live, f"● {at.said}")
            self._begun.set()
        return self._live

    async def _go_on(self) -> None:
        """Take the edited agent in hand, unless a turn still runs."""
        if self._fresh is None or self.running:
            return
        self._engine, self._fresh = self._fresh, None
        if self._live is not None:
            before, self._live = self._live, LiveSession(self._engine, self._live.id)
            await before.close()

    def _in_mode(self, engine: Engine) -> Engine:
        if self._mode is None or engine.agent.composition_mode is self._mode:
            return engine
        return replace(engine, agent=engine.agent.model_copy(update={"composition_mode": self._mode}))

    def _keep_traces(self) -> None:
        for trace in self._live.traces if self._live is not None else ():
            if trace.turn not in self.traces:
                self.traces[trace.turn] = trace

    async def _note(self, live: LiveSession, line: str) -> None:
        await live.custom_event(EventSource.SYSTEM, {STUDIO_NOTE: line})
        await self.read()


def newest_turn(conversation: Conversation) -> int:
    """The number of the newest turn; 0 when there is none."""
    turns = [*conversation.script.turns[-1:], *(turn_of(trace.id) for trace in conversation.traces.values())]
    return max(turns, default=0)
