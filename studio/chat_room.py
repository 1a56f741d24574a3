"""The conversation in the terminal: what is typed goes to the session, what the store tells is printed."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from engine.agent.basics import parse_duration
from engine.agent.model import TriggerGuideline
from engine.reasoner.base import ReasonerError
from engine.session.events import Event, EventKind, EventSource
from engine.turn.live_session import LiveSession
from engine.turn.messages import BadMessage
from engine.turn.trace import TurnTrace
from studio.typed_lines import TypedLines
from studio.why import why_block

SPEAKERS = {
    EventSource.CUSTOMER: ("you", "bold cyan"),
    EventSource.AI_AGENT: ("agent", "bold green"),
    EventSource.HUMAN_AGENT: ("person", "bold magenta"),
    EventSource.HUMAN_AGENT_ON_BEHALF_OF_AI_AGENT: ("agent*", "bold green"),
}
LABEL = 7
PROMPT = "you    "


class ChatRoom:
    """One chat in a terminal or a pipe.

    Args:
        live: The session.
        console: Where to print.
        why: Whether to print each turn's decisions.
        everything: Whether the decisions list all that lost.
    """

    def __init__(self, live: LiveSession, console: Console, *, why: bool, everything: bool) -> None:
        self._live = live
        self._console = console
        self._why = why
        self._everything = everything
        self._shown = 0
        self._typed = sys.stdin.isatty()
        self._printing = asyncio.Lock()

    async def show_earlier(self) -> None:
        """Print what was said before, when an earlier session goes on."""
        for event in await self._live.events():
            self._print_event(event)

    async def run(self) -> None:
        """Read and answer until the input ends or the customer leaves."""
        watcher = asyncio.create_task(self._watch())
        lines = TypedLines(PROMPT if self._typed else None)
        try:
            while (line := await lines.next()) is not None:
                if line.strip() and not await self.take(line):
                    break
        finally:
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watcher

    async def take(self, line: str) -> bool:
        """Act on a line: a command or a message. False to leave."""
        try:
            if line.startswith("/"):
                return await self._command(line[1:].strip())
            await self._answered(self._live.say(line))
        except (BadMessage, ReasonerError, ValueError) as error:
            self._note(str(error))
        return True

    async def _answered(self, turn: Awaitable[TurnTrace | None]) -> None:
        """Wait for a turn, print what it said from the store, and why."""
        async with self._printing:
            trace = await turn
            await self._show_new()
        if trace is None:
            return
        if trace.status == "failed":
            self._note(f"the turn failed: {trace.error}")
        elif trace.mode == "manual":
            self._note("(manual mode: the agent is silent; /human TEXT answers, /auto gives back)")
        elif trace.status == "silent":
            self._note("(the agent says nothing)")
        if self._why:
            self._print_why(trace, everything=self._everything)
        session = await self._live.session()
        if session.mode == "manual" and trace.mode == "auto":
            self._note("(the session is now in manual mode: a person takes over)")

    async def _command(self, line: str) -> bool:
        name, _, rest = line.partition(" ")
        if name in ("quit", "exit", "q"):
            return False
        command = COMMANDS.get(name)
        if command is None:
            self._note(f"there is no /{name}; /help lists what there is")
        else:
            await command[1](self, rest.strip())
        return True

    async def _help(self, rest: str) -> None:
        for name, (summary, _) in COMMANDS.items():
            self._note(f"/{name:<8} {summary}")
        self._note("/quit     leave (ctrl-d)")

    async def _why_command(self, rest: str) -> None:
        """`/why`: the last turn; `/why NAME`: what became of one thing; `/why on|off`: after every turn."""
        if rest in ("on", "off"):
            self._why = rest == "on"
            self._note(f"decisions are {'shown after every turn' if self._why else 'not shown'}")
        elif not self._live.traces:
            self._note("there is no turn yet; say something first")
        elif rest:
            self._note(one_outcome(self._live.traces[-1], rest))
        else:
            self._print_why(self._live.traces[-1], everything=True)

    async def _retry(self, rest: str) -> None:
        await self._answered(self._live.retry())

    async def _human(self, rest: str) -> None:
        if not rest:
            self._note("write /human and what the person says, e.g. /human Lee here, how can I help?")
            return
        await self._live.human_agent(rest)
        await self._show_new()

    async def _manual(self, rest: str) -> None:
        await self._live.set_mode("manual", by="chat")
        self._note("manual mode: /human TEXT answers, /auto gives back")

    async def _auto(self, rest: str) -> None:
        await self._live.set_mode("auto", by="chat")
        self._note("auto mode: the agent answers from the next message on")
        while (await self._live.session()).state.held:
            await self._answered(self._live.release())

    async def _trigger(self, rest: str) -> None:
        told = (TriggerGuideline(action=rest, rationale="follow_up"),) if rest else ()
        await self._answered(self._live.trigger(told))

    async def _wait(self, rest: str) -> None:
        try:
            for trace in await self._live.advance(parse_duration(rest or "1m")):
                await self._answered(_done(trace))
        except TypeError:
            self._note("only virtual time can be let pass; start with --clock '2026-03-02 09:00'")
            return
        self._note(f"it is {self._live.engine.clock.now():%Y-%m-%d %H:%M}")

    async def _set(self, rest: str) -> None:
        name, _, value = (part.strip() for part in rest.partition("="))
        known = [variable.name for variable in self._live.engine.agent.variables]
        if not value or name not in known:
            self._note(f"write /set NAME=VALUE with one of: {', '.join(known) or 'no variable in this agent'}")
            return
        await self._live.set_variable(name, typed_value(value))
        self._note(f"{name} is {value} in this session")

    async def _watch(self) -> None:
        """Print what arrives while nobody types: follow-ups and finished background work."""
        store = self._live.engine.store
        while True:
            with contextlib.suppress(TimeoutError):
                await store.list_events(self._live.id, min_offset=self._shown, wait_for_data=3600)
                async with self._printing:
                    await self._show_new()

    async def _show_new(self) -> None:
        for event in await self._live.events(self._shown):
            self._print_event(event)

    def _print_event(self, event: Event) -> None:
        if event.offset < self._shown:
            return
        self._shown = event.offset + 1
        if event.kind is not EventKind.MESSAGE:
            return
        if event.source is EventSource.CUSTOMER and self._typed and self._live.traces:
            return
        who, style = SPEAKERS.get(event.source, (event.source.value, "bold"))
        name = (event.data.get("participant") or {}).get("display_name", "")
        if event.source is EventSource.HUMAN_AGENT and name:
            who = name
        self._console.print(self._said(who, style, event.text))

    def _said(self, who: str, style: str, text: str) -> Text | Table:
        """A message: in a terminal its lines stay under one another, in a pipe it stays as it is."""
        label = f"{who:<{LABEL - 1}} "
        if not self._console.is_terminal:
            return Text(label, style).append(text, "not bold default")
        grid = Table.grid()
        grid.add_column(min_width=LABEL, no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Text(label, style), Text(text))
        return grid

    def _print_why(self, trace: TurnTrace, *, everything: bool) -> None:
        self._console.print(why_block(trace, everything=everything, wrapped=self._console.is_terminal))

    def _note(self, text: str) -> None:
        self._console.print(Text(f"{'':<{LABEL}}{text}", "dim"))


async def _done(trace: TurnTrace) -> TurnTrace:
    return trace


def typed_value(written: str) -> Any:
    """What somebody typed as a value: as the agent file would read it, and as text where that cannot be read."""
    from engine.agent.errors import AgentFileError
    from engine.agent.reading.composing import compose
    from engine.agent.reading.nodes import plain_value

    try:
        node = compose(written, "value")
    except AgentFileError:
        return written
    return plain_value(node) if node is not None else written


def one_outcome(trace: TurnTrace, name: str) -> str:
    """What became of one thing in a turn, as a line."""
    from engine.agent.errors import suggestion

    outcome = trace.outcomes.get(name)
    if outcome is None:
        return f"nothing is called {name}. {suggestion(name, trace.outcomes)}".strip()
    score = f" ({outcome.score:.2f}" if outcome.score is not None else ""
    score += f" against {outcome.threshold:.2f}" if score and outcome.threshold is not None else ""
    return f"{outcome.kind} {name}: {outcome}{score + ')' if score else ''}. {outcome.why}"


Act = Callable[[ChatRoom, str], Awaitable[None]]

COMMANDS: dict[str, tuple[str, Act]] = {
    "help": ("what there is", ChatRoom._help),
    "why": ("the last turn's decisions; /why NAME: one thing; /why on|off: after every turn", ChatRoom._why_command),
    "retry": ("say the last message again", ChatRoom._retry),
    "human": ("speak as a person: /human Lee here, how can I help?", ChatRoom._human),
    "manual": ("hand the session to people", ChatRoom._manual),
    "auto": ("give it back to the agent", ChatRoom._auto),
    "trigger": ("have the agent speak: /trigger Ask if they need more help", ChatRoom._trigger),
    "wait": ("let virtual time pass: /wait 20m (with --clock)", ChatRoom._wait),
    "set": ("give a variable a value: /set plan=gold", ChatRoom._set),
}
"""The commands of a chat, with what each does."""
