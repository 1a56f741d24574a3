"""The mode Simulate: talk to the agent, and see why it says what it says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from textual import on
from textual.widgets import TextArea
from textual.worker import Worker

from engine.reasoner.base import ReasonerError
from engine.turn.engine import Engine
from engine.turn.messages import BadMessage, cleaned
from engine.turn.trace import TurnTrace
from studio.inspector.why_sheet import WhySheet
from studio.keys import bindings
from studio.modals.ask import AskText
from studio.modes.simulate.composer import Composer
from studio.modes.simulate.conversation import Conversation, OnGrowth
from studio.modes.simulate.conversation_screen import BROKEN, NOTHING_OPEN, ConversationScreen
from studio.modes.simulate.offers import let_alt_digits_through, reply_keys
from studio.modes.simulate.sessions import SessionSheet
from studio.modes.simulate.setup import Setup
from studio.modes.simulate.typed_commands import WrongCommand, parse
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList
from studio.workspace import Workspace

NEED_A_CONVERSATION = frozenset({"again", "trigger", "take_over", "setup", "sessions", "reply", "turn"})
"""Actions that have nothing to act on while no agent can be used."""

Turn = Callable[[OnGrowth], Awaitable[TurnTrace | None]]
"""Takes a turn, telling how it grows."""


@dataclass(eq=False)
class _Rehearsal:
    """Getting an agent ready for its first turn: since when it is over, and where a person stopped it, as one line."""

    engine: Engine
    over: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: str = ""


class SimulateScreen(ConversationScreen):
    """Talk to the agent as a customer would; every turn is explained beside it."""

    MODE = "simulate"
    BINDINGS = [
        *bindings("sessions", "again", "turn_up", "turn_down", "setup", "trigger", "take_over", "why", "compose"),
        *reply_keys(),
    ]

    def __init__(self) -> None:
        """Make the screen; its first conversation begins with the workspace."""
        super().__init__()
        let_alt_digits_through()

        self._rehearsal: _Rehearsal | None = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let keys act only where there is a conversation to act on."""
        if action in NEED_A_CONVERSATION and self._conversation is None:
            return None
        return super().check_action(action, parameters)

    # -- saying something ---------------------------------------------------------------------------------------

    @on(TextArea.Changed)
    def _typed(self) -> None:
        """Rehearse while the first message is being typed, so that its answer does not wait."""
        if self.composer.text:
            self._begin_rehearsal()

    def _begin_rehearsal(self) -> None:
        """Get the agent ready beside everything else, unless that was begun for it as it is now."""
        workspace = self.workspace
        if workspace is None or workspace.engine is None:
            return
        if self._rehearsal is None or self._rehearsal.engine is not workspace.engine:
            self._rehearsal = _Rehearsal(workspace.engine)
            work = partial(self._rehearse, workspace, self._rehearsal)
            _: Worker[None] = self.run_worker(work, name="warm", group="warm", exclusive=True)

    async def _rehearse(self, workspace: Workspace, rehearsal: _Rehearsal) -> None:
        def told(done: int, of: int) -> None:
            if not rehearsal.over.is_set():
                self._say_read((done, of))

        try:
            await workspace.read(told)
            self._say_read(None)
            await workspace.warm_up()
        except ReasonerError as error:
            self.say(str(error), "$text-error")
        finally:
            rehearsal.over.set()
            self._say_read(None)

    def _say_read(self, read: tuple[int, int] | None) -> None:
        self._read = read
        if self.is_attached:
            self._say_what_happens()

    def _stop_reading(self) -> bool:
        """Stop reading the agent until somebody says something; whether it was being read."""
        if self._read is None or self._rehearsal is None:
            return False
        done, of = self._read
        self._rehearsal.stopped = (
            f"stopped: {done:,} of {of:,} texts of the agent are read and kept; saying something goes on with it"
        )
        self.workers.cancel_group(self, "warm")
        self.say(self._rehearsal.stopped)
        return True

    async def _be_ready(self, conversation: Conversation, text: str) -> None:
        """Wait for the rehearsal, which does in a thread what a turn would hold the screen up for.

        Raises:
            ReasonerError: When it is stopped meanwhile.
        """
        if self._rehearsal is not None and self._rehearsal.stopped:
            self._rehearsal = None
        self._begin_rehearsal()
        while (rehearsal := self._rehearsal) is not None and not rehearsal.over.is_set():
            conversation.begin_waiting(text)
            self.draw()
            await rehearsal.over.wait()
            conversation.waiting = ""
            if rehearsal.stopped:
                raise ReasonerError(rehearsal.stopped)

    @on(Composer.Sent)
    def _sent(self, event: Composer.Sent) -> None:
        if self._conversation is None:
            self.composer.give_back(event.text)
            self.say(BROKEN if self.workspace is not None else NOTHING_OPEN)
            return
        try:
            self._take_line(event.text)
        except (BadMessage, WrongCommand) as error:
            self.composer.give_back(event.text)
            self.say(str(error))

    def _take_line(self, text: str) -> None:
        """Say what was typed, or do what it commands.

        Raises:
            BadMessage: When it cannot be said.
            WrongCommand: When there is no such command.
        """
        if text.startswith("/"):
            act, rest = parse(text)
            self.attempt(act(self, rest), text)
            return
        cleaned(text)
        if not self.conversation.manual:
            self.say_as_customer(text)
        elif self.on_behalf:
            self.attempt(self.conversation.on_behalf(text), text)
        else:
            self.attempt(self.conversation.as_person(text), text)

    def say_as_customer(self, text: str) -> None:
        """Say something as the customer; a turn that has not spoken yet is cancelled by it."""
        self.transcript.stay_at_end()
        self.attempt(self._turn(partial(self.conversation.say, text), text), text)

    def trigger(self, action: str) -> None:
        """Have the agent speak without a message."""
        self.attempt(self._turn(partial(self.conversation.trigger, action)))

    async def _turn(self, turn: Turn, text: str = "") -> None:
        conversation = self.conversation
        await self._be_ready(conversation, text)
        trace = await turn(self.turn_grew)
        if conversation is not self._conversation:
            return
        self.draw()
        self.show_sessions()
        if trace is None:
            self.say("held: a person has the session" if conversation.manual else "nothing was said yet")
        elif trace.turn == self.transcript.selected:
            self._explained = trace
            self.inspector.show(trace, conversation.engine.agent)
            self.say_where()

    # -- keys ---------------------------------------------------------------------------------------------------

    def action_again(self) -> None:
        """Say the last message once more."""
        self.transcript.stay_at_end()
        self.attempt(self._turn(self.conversation.again))

    def action_trigger(self) -> None:
        """Ask what the agent is to say."""
        question = "What shall the agent say? An instruction; empty: let it go on by itself"
        self.app.push_screen(AskText(question), lambda text: None if text is None else self.trigger(text.strip()))

    def action_take_over(self) -> None:
        """Answer as a person, or give back to the agent."""
        change = self.conversation.give_back() if self.conversation.manual else self.conversation.take_over()
        self.attempt(change)

    def speak_as_other(self) -> None:
        """Have a person who has taken over speak as the agent, or as themselves again."""
        self.on_behalf = not self.on_behalf
        self.draw()

    def action_turn(self, steps: int) -> None:
        """Select another turn."""
        self.transcript.move(steps)

    def action_reply(self, number: int) -> None:
        """Say an offered reply; where something is typed already, or as a person, only write it down."""
        texts = self.typing.offered
        if number > len(texts):
            return
        if self.conversation.manual or self.composer.text.strip():
            self.composer.insert(texts[number - 1])
            self.composer.focus()
        else:
            self.say_as_customer(texts[number - 1])

    def action_sessions(self) -> None:
        """Choose a session."""
        if self.kept is not None:
            sheet = SessionSheet(self.kept, self.conversation.engine.clock.now(), self.conversation.id)
            self.app.push_screen(sheet, lambda key: None if key is None else self.show(key))

    @on(ThingList.Chosen)
    def _session_chosen(self, event: ThingList.Chosen) -> None:
        self.show(event.key)

    def action_setup(self) -> None:
        """Customer, variables, mode, time."""
        Setup(self).open()

    def action_why(self) -> None:
        """Explain the selected turn, and whatever took part in it or not, on the whole screen."""
        if self._explained is not None:
            self.app.push_screen(WhySheet(self._explained, self.conversation.engine.agent))

    def action_compose(self) -> None:
        """Back to what was being typed; from there, stop reading the agent, or the turn that runs."""
        if self.composer.has_focus and self._stop_reading():
            return
        if self.composer.has_focus and self._conversation is not None and self._conversation.running:
            if not self._conversation.stop():
                self.say("the agent has begun to speak: it finishes what it says")
            return
        if self.maximized is not None:
            self.minimize()
        self.query_one(Split).aside = False
        self.composer.focus()
