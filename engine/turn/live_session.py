"""One live session: what comes in, its turns one after the other, triggers, timers and manual mode.

The studio, replays, the SDK and the HTTP server all talk to an agent through this.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine.agent.model import Stub, TriggerGuideline
from engine.agent.template import TemplateFault
from engine.reasoner.base import OnWords
from engine.session.clock import VirtualClock
from engine.session.events import Event, EventKind, EventSource, HandOff, HeldTrigger, Mode, Session, ToolMemory
from engine.turn.engine import Engine
from engine.turn.hearing import Hearing
from engine.turn.inactivity import Inactivity
from engine.turn.messages import cleaned
from engine.turn.pipeline import cancel_turn, take_turn
from engine.turn.remembering import MAX_RESULTS, given_back
from engine.turn.scene import OnStage, Scene, TurnRequest, customer_of
from engine.turn.situation import open_conversation
from engine.turn.speaking import Speaker
from engine.turn.stubs import answer_of
from engine.turn.tool_api import plain
from engine.turn.trace import TurnTrace

APOLOGY = TriggerGuideline(action="Apologize that something went wrong", rationale="follow_up")
"""What the agent is told to say when a tool that works in the background failed."""


class LiveSession:
    """A session that takes turns. Turns of one session never overlap; a newer message cancels one not yet speaking.

    Attributes:
        engine: What its turns run with.
        id: The session's id in the store.
        traces: The traces of its turns since it was opened here, oldest first.
    """

    def __init__(self, engine: Engine, session_id: str) -> None:
        self.engine = engine
        self.id = session_id
        self.traces: list[TurnTrace] = []
        self._hearing = Hearing()
        self._turns = asyncio.Lock()
        self._newest = 0
        self._newest_heard = 0
        self._running: tuple[asyncio.Task[None], Speaker] | None = None
        self._inactivity = Inactivity(engine, self._follow_up)

    @classmethod
    async def open(cls, engine: Engine, **fields: Any) -> LiveSession:
        """Begin a new session; `fields` are fields of `Session`, such as `customer` or `title`."""
        session = await engine.store.create_session(engine.agent.name, **fields)
        return cls(engine, session.id)

    async def session(self) -> Session:
        """The session as the store has it now."""
        return await self.engine.store.get_session(self.id)

    async def events(self, min_offset: int = 0) -> list[Event]:
        """The session's events from an offset on."""
        return await self.engine.store.list_events(self.id, min_offset=min_offset)

    async def say(
        self,
        *texts: str,
        given_draft: str | None = None,
        on_stage: OnStage | None = None,
        on_words: OnWords | None = None,
    ) -> TurnTrace:
        """Let the customer say something, and answer it.

        Args:
            texts: The messages of one turn.
            given_draft: The draft that a scenario dictates.
            on_stage: Called with each finished stage.
            on_words: Called with the draft so far while a language model writes it.

        Returns:
            The turn's trace. Its status is `silent` in manual mode, `cancelled` when a newer message came first.

        Raises:
            BadMessage: When a message is empty or too long; nothing is stored then.
        """
        messages = [cleaned(text) for text in texts] or [cleaned("")]
        self._inactivity.rest()
        number = self._newest_heard = await self._claim()
        trace_id = f"{self.id}-t{number}"
        session = await self.session()
        customer = customer_of(self.engine.agent, session)
        participant = {"id": customer.id, "display_name": customer.name or "Guest"}
        for text in messages:
            data = {"message": text, "participant": participant}
            await self.engine.store.append_event(
                self.id, EventSource.CUSTOMER, EventKind.MESSAGE, data, trace_id=trace_id
            )
        self.cancel()
        request = TurnRequest(
            trace_id,
            number,
            tuple(messages),
            given_draft=given_draft,
            later=self._later,
            on_stage=on_stage,
            on_words=on_words,
        )
        async with self._turns:
            trace = await self._take(request)
        if number == self._newest_heard:
            self._inactivity.watch(await self.session())
        return trace

    async def retry(self, on_stage: OnStage | None = None, on_words: OnWords | None = None) -> TurnTrace | None:
        """Take a turn once more over what the customer said last, for instance after the agent was edited."""
        customer = [event for event in await self.events() if event.source is EventSource.CUSTOMER and event.text]
        return await self.say(customer[-1].text, on_stage=on_stage, on_words=on_words) if customer else None

    async def trigger(
        self,
        guidelines: Sequence[TriggerGuideline] = (),
        name: str = "",
        given_draft: str | None = None,
        on_stage: OnStage | None = None,
        on_words: OnWords | None = None,
    ) -> TurnTrace | None:
        """Have the agent speak without a message, once the running turn has ended.

        Args:
            guidelines: What it is to say; none for a normal turn.
            name: What the trigger is called while it is held.
            given_draft: The draft that a scenario dictates.
            on_stage: Called with each finished stage.
            on_words: Called with the draft so far while a language model writes it.

        Returns:
            The turn's trace; None when the session is in manual mode by then: the trigger is held.
        """
        return await self._trigger(tuple(guidelines), name, given_draft, on_stage, on_words)

    async def _trigger(
        self,
        guidelines: tuple[TriggerGuideline, ...],
        name: str,
        given_draft: str | None = None,
        on_stage: OnStage | None = None,
        on_words: OnWords | None = None,
        failures: tuple[str, ...] = (),
    ) -> TurnTrace | None:
        number = await self._claim() if (await self.session()).mode == "auto" else 0
        async with self._turns:
            session = await self.session()
            if session.mode == "manual":
                held = HeldTrigger(name=name, guidelines=guidelines, due=self.engine.clock.now())
                await self._remember(session, held=(*session.state.held, held))
                return None
            number = number or await self._claim()
            request = TurnRequest(
                f"{self.id}-t{number}",
                number,
                triggered=True,
                guidelines=guidelines,
                given_draft=given_draft,
                failures=failures,
                later=self._later,
                on_stage=on_stage,
                on_words=on_words,
            )
            return await self._take(request)

    async def release(self, name: str = "", given_draft: str | None = None) -> TurnTrace | None:
        """Say the first held trigger (of this name); None when there is none, or people still have the session."""
        async with self._turns:
            session = await self.session()
            held = next((held for held in session.state.held if name in ("", held.name)), None)
            if held is None or session.mode == "manual":
                return None
            rest = tuple(other for other in session.state.held if other is not held)
            await self._remember(session, held=rest)
        return await self.trigger(held.guidelines, held.name, given_draft=given_draft)

    async def release_all(self) -> list[TurnTrace]:
        """Say everything that was held, in the order in which it fell due; nothing while people have the session."""
        traces: list[TurnTrace] = []
        while (trace := await self.release()) is not None:
            traces.append(trace)
        return traces

    async def human_agent(self, text: str, display_name: str = "Human agent") -> Event:
        """Let a person speak as themselves."""
        participant = {"id": display_name.lower().replace(" ", "_"), "display_name": display_name}
        return await self._message(EventSource.HUMAN_AGENT, text, participant)

    async def on_behalf(self, text: str) -> Event:
        """Let a person speak as the agent."""
        participant = {"id": self.engine.agent.name, "display_name": self.engine.agent.name}
        return await self._message(EventSource.HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT, text, participant)

    async def custom_event(self, source: EventSource, data: Any) -> Event:
        """Store an event that is no message."""
        trace_id = f"{self.id}-t{(await self.session()).state.turn}"
        return await self.engine.store.append_event(self.id, source, EventKind.CUSTOM, data, trace_id=trace_id)

    async def set_mode(self, mode: Mode, by: str = "studio", reply_to_backlog: bool = False) -> list[TurnTrace]:
        """Hand the session to people, or back to the agent.

        Args:
            mode: `manual` or `auto`.
            by: Who asks.
            reply_to_backlog: Whether the agent answers what the customer said meanwhile.

        Returns:
            The turns taken because of it.
        """
        session = await self.session()
        if session.mode == mode:
            return []
        now = self.engine.clock.now()
        hand_offs = given_back(session, now, by)
        if mode == "manual":
            hand_offs = (*session.hand_offs, HandOff(by=by, since=now))
        await self.engine.store.update_session(self.id, mode=mode, hand_offs=hand_offs)
        if mode == "manual" or not reply_to_backlog:
            return []
        trace = await self.trigger()
        return [trace] if trace is not None else []

    async def set_variable(self, name: str, value: Any) -> None:
        """Give a variable a value for this session."""
        async with self._turns:
            session = await self.session()
            await self._remember(session, overrides={**session.state.overrides, name: value})

    async def advance(self, delay: timedelta) -> list[TurnTrace]:
        """Let virtual time pass; whatever falls due happens in order.

        Returns:
            The turns that were taken meanwhile.

        Raises:
            TypeError: When the session runs on real time.
        """
        if not isinstance(self.engine.clock, VirtualClock):
            raise TypeError("only virtual time can be advanced; this session runs on the real clock")
        count = len(self.traces)
        await self.engine.clock.advance(delay)
        return self.traces[count:]

    def cancel(self) -> bool:
        """Cancel the turn that runs; one that has begun to speak goes on.

        Returns:
            Whether there was one to cancel.
        """
        if self._running is None or self._running[1].begun:
            return False
        return self._running[0].cancel()

    async def close(self) -> None:
        """Stop its timers and let the running turn end."""
        self._inactivity.rest()
        async with self._turns:
            await self.engine.store.sync()

    async def _claim(self) -> int:
        """The number of the next turn."""
        last = (await self.session()).state.turn
        self._newest = max(self._newest, last) + 1
        return self._newest

    async def _remember(self, session: Session, **values: Any) -> None:
        """Change what the session remembers, between turns: a turn that runs would overwrite it."""
        await self.engine.store.update_session(self.id, state=session.state.model_copy(update=values))

    async def _take(self, request: TurnRequest) -> TurnTrace:
        """Take a turn now that it is its time; a customer's that is no longer the newest is cancelled at once."""
        scene, trace, speaker = await self._prepare(request)
        self.traces.append(trace)
        if request.heard and request.turn < self._newest_heard:
            await cancel_turn(scene, trace, speaker)
        else:
            await self._run_until_done(scene, trace, speaker)
        await self.engine.store.save_trace(self.id, trace.id, trace)
        await self.engine.store.sync()
        return trace

    async def _run_until_done(self, scene: Scene, trace: TurnTrace, speaker: Speaker) -> None:
        """Run a turn as a task of its own, so that a newer message can cancel it.

        A caller that is cancelled itself leaves no turn behind that goes on by itself.
        """
        task = asyncio.create_task(self._run(scene, trace, speaker))
        self._running = (task, speaker)
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            self.cancel()
            await asyncio.wait([task])
            await self._ended(task, scene, trace, speaker)
            await self.engine.store.save_trace(self.id, trace.id, trace)
            raise
        finally:
            self._running = None
        await self._ended(task, scene, trace, speaker)

    async def _ended(self, task: asyncio.Task[None], scene: Scene, trace: TurnTrace, speaker: Speaker) -> None:
        """Raise what the turn raised; one that was cancelled before its first step has yet to say so."""
        if not task.cancelled():
            task.result()
        elif trace.status == "running":
            await cancel_turn(scene, trace, speaker)

    async def _prepare(self, request: TurnRequest) -> tuple[Scene, TurnTrace, Speaker]:
        store, session = self.engine.store, await self.session()
        self._hearing.take_in(await store.list_events(self.id, min_offset=self._hearing.next_offset))
        said = self._hearing.said(request.trace_id, request.turn, request.triggered)
        conversation = open_conversation(self.engine, session, said, request.turn)
        engine = replace(self.engine, reasoner=self.engine.reasoner.for_turn())
        scene = Scene(engine, session, request, tuple(self._hearing.events), conversation)
        trace = TurnTrace(
            id=request.trace_id,
            session=self.id,
            turn=request.turn,
            agent=self.engine.agent.digest,
            reasoner=self.engine.reasoner.info,
            started=self.engine.clock.now(),
            cause="trigger" if request.triggered else "customer",
            heard=request.heard,
            trigger=tuple(guideline.action for guideline in request.guidelines),
            mode=session.mode,
        )
        return scene, trace, Speaker(scene)

    async def _run(self, scene: Scene, trace: TurnTrace, speaker: Speaker) -> None:
        began = time.perf_counter()
        try:
            async for stage in take_turn(scene, trace, speaker):
                if scene.request.on_stage is not None:
                    scene.request.on_stage(stage)
        finally:
            trace.model_calls = scene.engine.reasoner.model_calls
            trace.seconds = time.perf_counter() - began

    def _later(self, tool: str, stub: Stub, arguments: Mapping[str, Any]) -> None:
        """Let a stub finish in the background, and have the agent say so then."""

        async def finish() -> None:
            error = await self._finished(tool, stub, arguments)
            if error:
                await self._trigger((APOLOGY,), tool, failures=(f"{tool} failed in the background: {error}",))
            elif stub.follow_up is not None:
                await self.trigger((stub.follow_up,), tool)

        self.engine.clock.after(stub.after or timedelta(), finish)

    async def _finished(self, tool: str, stub: Stub, arguments: Mapping[str, Any]) -> str:
        """Remember what a stub answers in the background; answers why there is nothing, empty when all went well."""
        if stub.error is not None:
            return stub.error
        try:
            answer = answer_of(stub, arguments)
        except TemplateFault as fault:
            return str(fault)
        async with self._turns:
            session = await self.session()
            state = session.state
            own = answer["canned_response_fields"]
            result = ToolMemory(tool=tool, arguments=plain(arguments), data=answer["data"], fields=own, turn=state.turn)
            fields = {**state.fields, **own}
            await self._remember(session, fields=fields, tool_results=(*state.tool_results, result)[-MAX_RESULTS:])
        return ""

    async def _follow_up(self, key: str, guideline: TriggerGuideline) -> int:
        """Say an inactivity follow-up and count it; people who have taken over are not interrupted."""
        async with self._turns:
            session = await self.session()
            said = session.state.follow_ups.get(key, 0) + 1
            if session.mode == "manual":
                return said
            await self._remember(session, follow_ups={**session.state.follow_ups, key: said})
        await self.trigger((guideline,), key)
        return said

    async def _message(self, source: EventSource, text: str, participant: dict[str, str]) -> Event:
        trace_id = f"{self.id}-t{(await self.session()).state.turn}"
        data = {"message": cleaned(text), "participant": participant}
        return await self.engine.store.append_event(self.id, source, EventKind.MESSAGE, data, trace_id=trace_id)
