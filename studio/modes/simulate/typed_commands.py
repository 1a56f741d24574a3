"""Lines that begin with /: the same commands as in `cuecard chat`, acting on the screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from engine.agent.basics import parse_duration
from engine.agent.errors import suggestion
from studio import chat_room
from studio.chat_room import one_outcome, typed_value

if TYPE_CHECKING:
    from studio.modes.simulate.screen import SimulateScreen

Act = Callable[["SimulateScreen", str], Awaitable[None]]


class WrongCommand(ValueError):
    """A command that cannot be done as it was typed; one line says why, and the text stays."""


def parse(line: str) -> tuple[Act, str]:
    """The command of a line and what it is given.

    Raises:
        WrongCommand: When there is no such command.
    """
    name, _, rest = line.removeprefix("/").strip().partition(" ")
    act = ACTS.get(name)
    if act is None:
        hint = suggestion(name, ACTS) if name else ""
        raise WrongCommand(f"there is no /{name}; /help lists what there is. {hint}".strip())
    return act, rest.strip()


async def _help(screen: SimulateScreen, rest: str) -> None:
    screen.say("\n".join(f"/{name:<9} {SUMMARIES[name]}" for name in ACTS), "dim")


async def _why(screen: SimulateScreen, rest: str) -> None:
    trace = await screen.conversation.trace(screen.transcript.selected)
    if trace is None:
        raise WrongCommand("there is no turn to explain yet; say something first")
    if rest:
        screen.say(one_outcome(trace, rest), "dim")
    else:
        screen.action_why()


async def _retry(screen: SimulateScreen, rest: str) -> None:
    screen.action_again()


async def _human(screen: SimulateScreen, rest: str) -> None:
    if not rest:
        raise WrongCommand("write /human and what the person says, e.g. /human Lee here, how can I help?")
    await screen.conversation.as_person(rest)


async def _customer(screen: SimulateScreen, rest: str) -> None:
    if not rest:
        raise WrongCommand("write /customer and what the customer says")
    screen.say_as_customer(rest)


async def _manual(screen: SimulateScreen, rest: str) -> None:
    if not screen.conversation.manual:
        await screen.conversation.take_over()


async def _auto(screen: SimulateScreen, rest: str) -> None:
    if screen.conversation.manual:
        await screen.conversation.give_back()


async def _trigger(screen: SimulateScreen, rest: str) -> None:
    screen.trigger(rest)


async def _wait(screen: SimulateScreen, rest: str) -> None:
    if not screen.conversation.virtual:
        raise WrongCommand("only virtual time can be let pass; start with --clock '2026-03-02 09:00'")
    await screen.conversation.advance(parse_duration(rest or "1m"))
    screen.say(f"it is {screen.conversation.engine.clock.now():%Y-%m-%d %H:%M}", "dim")


async def _set(screen: SimulateScreen, rest: str) -> None:
    name, _, value = (part.strip() for part in rest.partition("="))
    known = [variable.name for variable in screen.conversation.engine.agent.variables]
    if not value or name not in known:
        raise WrongCommand(f"write /set NAME=VALUE with one of: {', '.join(known) or 'no variable in this agent'}")
    await screen.conversation.set_variable(name, typed_value(value))
    screen.say(f"{name} is {value} in this session", "dim")


async def _new(screen: SimulateScreen, rest: str) -> None:
    screen.show("new")


ACTS: dict[str, Act] = {
    "help": _help,
    "why": _why,
    "retry": _retry,
    "human": _human,
    "customer": _customer,
    "manual": _manual,
    "auto": _auto,
    "trigger": _trigger,
    "wait": _wait,
    "set": _set,
    "new": _new,
}
"""The commands."""

SUMMARIES: dict[str, str] = {
    **{name: summary for name, (summary, _) in chat_room.COMMANDS.items()},
    "why": "the selected turn on the whole screen; /why NAME: one thing",
    "customer": "speak as the customer all the same: /customer Hello?",
    "new": "begin another session",
}
"""What each does."""
