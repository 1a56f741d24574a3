"""`cuecard chat DIR`: talk to an agent in the terminal or through a pipe, and see why it says what it says."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from engine import __version__
from engine.agent.code import is_trusted
from engine.agent.errors import AgentFileError
from engine.agent.model import Agent, Customer, Tool
from engine.choosing import ReasonerChoice, choice_fault
from engine.opening import Opened, open_agent
from engine.reading import reading
from engine.reasoner.base import ReasonerError
from engine.session.events import Session
from engine.session.store import StoreError, UnknownSession
from engine.turn.live_session import LiveSession
from studio.asked import asked_choice
from studio.chat_room import ChatRoom
from studio.cli import FINE, TROUBLE, WRONG_CALL
from studio.printing import counting_progress, open_console, telling_read
from studio.typed_lines import terminal_given_back


class WrongCall(Exception):
    """The command line asks for something that cannot be; one line says what."""


def run(arguments: argparse.Namespace) -> int:
    """Run `cuecard chat`."""
    console = open_console()
    try:
        opened = _open(arguments)
    except AgentFileError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return WRONG_CALL
    except WrongCall as error:
        print(f"cuecard: {error}", file=sys.stderr)
        return WRONG_CALL
    try:
        with terminal_given_back():
            _read(opened.engine.agent, asked_choice(arguments), console)
            return asyncio.run(_talk(arguments, opened, console))
    except (StoreError, ReasonerError) as error:
        print(f"cuecard: {error}", file=sys.stderr)
        return TROUBLE


def _open(arguments: argparse.Namespace) -> Opened:
    path = Path(arguments.agent)
    start = None
    if arguments.clock:
        try:
            start = datetime.fromisoformat(arguments.clock)
        except ValueError as error:
            raise WrongCall(f"--clock {arguments.clock!r} is no time; write it like '2026-03-02 09:00'") from error
    choice = asked_choice(arguments)
    fault = choice_fault(choice)
    if fault is not None:
        raise WrongCall(fault)
    folder = path if path.is_dir() else path.parent
    return open_agent(path, trusted=arguments.trust or is_trusted(folder), start=start, choice=choice)


def _read(agent: Agent, choice: ReasonerChoice, console: Console) -> None:
    """Read the agent where nobody on this machine has done so, so that no answer waits for it."""
    with counting_progress(console) as progress:
        told = telling_read(progress)
        for done, of in reading(agent, choice):
            told(agent.name, done, of)


async def _talk(arguments: argparse.Namespace, opened: Opened, console: Console) -> int:
    try:
        live = await _session(arguments, opened)
    except WrongCall as error:
        print(f"cuecard: {error}", file=sys.stderr)
        return WRONG_CALL
    session = await live.session()
    for line in _greeting(arguments, opened, session):
        console.print(line)
    room = ChatRoom(live, console, why=arguments.why, everything=arguments.all)
    try:
        await room.show_earlier()
        await room.run()
    finally:
        await live.close()
        await opened.engine.close()
    return FINE


async def _session(arguments: argparse.Namespace, opened: Opened) -> LiveSession:
    engine = opened.engine
    if arguments.session:
        try:
            await engine.store.get_session(arguments.session)
        except UnknownSession as error:
            known = [session.id for session in await engine.store.list_sessions()][-5:]
            more = f"; there are {', '.join(known)}" if known else "; none is kept yet"
            raise WrongCall(f"there is no session {arguments.session}{more}") from error
        return LiveSession(engine, arguments.session)
    if not arguments.customer:
        return await LiveSession.open(engine)
    customer = engine.agent.things.get(arguments.customer)
    if not isinstance(customer, Customer):
        known = [customer.id for customer in engine.agent.customers]
        raise WrongCall(f"the agent file has no customer {arguments.customer}; it has {', '.join(known) or 'none'}")
    return await LiveSession.open(engine, customer=customer.id, customer_name=customer.name)


def _greeting(arguments: argparse.Namespace, opened: Opened, session: Session) -> list[Text]:
    engine = opened.engine
    head = Text("cuecard ", "bold").append(
        f"{__version__} · {engine.agent.name} · {engine.reasoner.info} · {session.id}"
    )
    lines = [head]
    if sys.stdin.isatty():
        lines.append(Text("You are the customer. /help lists commands, ctrl-d leaves.", "dim"))
    if opened.notice:
        lines.append(Text(f"! {opened.notice}", "yellow"))
    lines += [Text(f"! {warning}", "yellow") for warning in opened.document.warnings]
    code = [tool.name for tool in engine.agent.tools if isinstance(tool, Tool) and tool.python]
    folder = opened.document.folder or Path(arguments.agent)
    if code and not (arguments.trust or is_trusted(folder)):
        lines.append(Text(f"! {', '.join(code)} cannot run: this folder's code is not trusted (--trust)", "yellow"))
    return lines
