"""What Simulate shows: one conversation of the workspace, followed event by event, its selected turn explained."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.worker import Worker

from engine.choosing import ReasonerChoice
from engine.reasoner.base import ReasonerError, ReasonerInfo
from engine.session.store import StoreError, UnknownSession
from engine.turn.live_session import LiveSession
from engine.turn.trace import TurnTrace
from studio.inspector.inspector import Inspector
from studio.modes.mode_screen import ModeScreen
from studio.modes.simulate.composer import Composer
from studio.modes.simulate.conversation import Conversation, Who
from studio.modes.simulate.kept_sessions import REMOVED, KeptSessions
from studio.modes.simulate.sessions import NEW, SessionList
from studio.modes.simulate.standing import empty_line, quiet_line, states
from studio.modes.simulate.transcript import Transcript
from studio.modes.simulate.typing_area import TypingArea
from studio.widgets.frame_lines import CrumbLine, studio_of
from studio.widgets.split import Split
from studio.workspace import Snapshot, Workspace

BROKEN = "The agent file cannot be used yet; Author (F3) says what is wrong. The chat begins once it is mended."
NOTHING_OPEN = "No agent is open. Home (F2) opens one."


class ConversationScreen(ModeScreen):
    """Follows a conversation; what a person does about it is up to `SimulateScreen`.

    Attributes:
        on_behalf: Whether a person who has taken over speaks as the agent.
        kept: The sessions of the workspace; None before one is open.
    """

    DEFAULT_CSS = """
    ConversationScreen > #body { height: 1fr; }
    ConversationScreen > #body > SessionList { display: none; width: 32; border-right: solid $panel-lighten-1; }
    ConversationScreen.-wide > #body > SessionList { display: block; }
    """

    def __init__(self) -> None:
        """Make the screen; its first conversation begins with the workspace."""
        super().__init__()
        self.on_behalf = False
        self.kept: KeptSessions | None = None
        self._conversation: Conversation | None = None
        self._of: Workspace | None = None
        self._taken: dict[str, Conversation] = {}
        self._explained: TurnTrace | None = None
        self._growing = False
        self._read: tuple[int, int] | None = None

    def compose_body(self) -> ComposeResult:
        """Sessions, chat and why; the composer below them."""
        with Horizontal(id="body"):
            yield SessionList(title="Sessions")
            yield Split("simulate", Transcript(), Inspector(), percent=50)
        yield TypingArea()

    # -- what is where ------------------------------------------------------------------------------------------

    @property
    def conversation(self) -> Conversation:
        """The conversation that goes on."""
        assert self._conversation is not None
        return self._conversation

    @property
    def transcript(self) -> Transcript:
        """What was said."""
        return self.query_one(Transcript)

    @property
    def typing(self) -> TypingArea:
        """The composer and what stands around it."""
        return self.query_one(TypingArea)

    @property
    def composer(self) -> Composer:
        """Where messages are typed."""
        return self.typing.composer

    @property
    def inspector(self) -> Inspector:
        """Why the selected turn went as it did."""
        return self.query_one(Inspector)

    def on_mount(self) -> None:
        """Say what is missing, until a workspace is there."""
        self.transcript.set_empty(NOTHING_OPEN)
        super().on_mount()
        self.set_interval(1.0, self._say_what_happens)

    def default_focus(self) -> Widget | None:
        """The composer."""
        return self.composer

    def states(self) -> tuple[tuple[str, str], ...]:
        """Whether it is kept, which turn is selected, how long it took."""
        if self._conversation is None or self.workspace is None:
            return ()
        kept = not self.workspace.snapshot.notice
        return states(self._conversation, self.transcript.selected, self._explained, kept=kept)

    @property
    def reasoner(self) -> ReasonerInfo | None:
        """Who thinks in the conversation: one from elsewhere may have another reasoner."""
        return self._conversation.engine.reasoner.info if self._conversation is not None else super().reasoner

    def say_where(self) -> None:
        """Bring line 1 up to date; that a session is recorded says that it is saved."""
        super().say_where()
        line = self.query_one(CrumbLine)
        states = tuple(state for state in line.where.states if state[0] != "● saved")
        line.where = replace(line.where, states=states)

    def say(self, text: str, style: str = "$text-warning") -> None:
        """Say something above the composer, until something else is typed."""
        self.typing.say(text, style)

    # -- which conversation -------------------------------------------------------------------------------------

    def workspace_changed(self, snapshot: Snapshot) -> None:
        """Go on with the agent as it is now; begin anew in another workspace."""
        workspace = self.workspace
        if workspace is None or workspace.engine is None:
            self.transcript.set_empty(BROKEN)
            return
        if workspace is not self._of:
            self._of = workspace
            self._taken.clear()
            self.kept = KeptSessions(workspace.engine.store)
            self.kept.subscribe(lambda: self.attempt(self._leave_hidden()))
            self.attempt(self._bring_back(self.kept))
            self._open(Conversation(workspace.engine))
        elif self._conversation is not None and not self._conversation.title:
            self.attempt(self._conversation.use(workspace.engine))

    def show(self, thing: str) -> None:
        """Go on with a session by its id; `new` begins one."""
        if self._of is None or self._of.engine is None or self._conversation is None:
            return
        if thing == NEW:
            self.begin(Who())
        elif thing in self._taken:
            self._open(self._taken[thing])
        elif thing != self._conversation.id:
            self.attempt(self._resume(thing))

    def begin(self, who: Who) -> None:
        """Begin a session as a customer; it is kept from the first thing said on."""
        if self._of is not None and self._of.engine is not None:
            self._open(Conversation(self._of.engine, who=who))
            self.composer.focus()

    async def think_with(self, choice: ReasonerChoice) -> None:
        """Have somebody else think, and begin a session with them as the same customer.

        Raises:
            ReasonerError: When that cannot be had; everything stays as it was.
        """
        who = self.conversation.customer
        await studio_of(self).choose(choice)
        self.begin(who)

    async def take(self, live: LiveSession, title: str) -> None:
        """Go on with a session made elsewhere, on an engine and store of its own.

        Args:
            live: The session.
            title: What it is called.
        """
        conversation = Conversation.of(live, title)
        self._taken[title] = conversation
        self._open(conversation)

    async def _resume(self, session_id: str) -> None:
        assert self._of is not None and self._of.engine is not None
        await self._of.engine.store.get_session(session_id)
        self._open(Conversation(self._of.engine, session_id))
        self.composer.focus()

    def _open(self, conversation: Conversation) -> None:
        before = self._conversation
        self.typing.change(_name(before) if before is not None else None, _name(conversation))
        if before is not None:
            self.attempt(before.close())
        self._conversation = conversation
        self.transcript.set_empty(empty_line(conversation.who))
        self._explained = None
        self.thing = _name(conversation)
        self._only("read", self._read_first, conversation)
        self._only("listen", self._listen, conversation)

    async def _read_first(self, conversation: Conversation) -> None:
        await conversation.read()
        if conversation is self._conversation:
            self.transcript.show(conversation.script)
            self.draw()
            self.show_sessions()

    async def _listen(self, conversation: Conversation) -> None:
        async for _ in conversation.arrivals():
            if conversation is self._conversation:
                self.draw()

    async def _bring_back(self, kept: KeptSessions) -> None:
        if count := await kept.bring_all_back():
            self.say(f"{count} deleted session{'s are' if count > 1 else ' is'} back: the studio was not left properly")

    async def _leave_hidden(self) -> None:
        """Begin anew when the session that goes on was deleted."""
        session_id = self.conversation.id
        if self.kept is not None and session_id and not self.conversation.title:
            await self.conversation.read()
            session = self.conversation.session
            if session is not None and REMOVED in session.metadata:
                self.begin(Who())

    @on(events.Unmount)
    async def leave_workspace(self) -> None:
        """Delete for good what was deleted, now that it can no longer be brought back."""
        if self.kept is not None:
            try:
                await self.kept.delete_hidden()
            except StoreError as error:
                self.log.warning(str(error))

    # -- drawing ------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw what was read from the store."""
        conversation = self.conversation
        self.transcript.extend()
        self._say_what_happens()
        self.typing.show(conversation, on_behalf=self.on_behalf)
        known, self.thing = self.thing, _name(conversation)
        if self.thing != known:
            self.show_sessions()
        self.say_where()

    def show_sessions(self) -> None:
        """Bring the list of sessions up to date."""
        if self.kept is not None:
            now = self.conversation.engine.clock.now()
            self.query_one(SessionList).show(self.kept, now, self.conversation.id)

    @on(Transcript.TurnSelected)
    def _turn_selected(self, event: Transcript.TurnSelected) -> None:
        conversation = self.conversation
        self._only("explain", self._explain, conversation, event.turn)

    async def _explain(self, conversation: Conversation, turn: int) -> None:
        trace = await conversation.trace(turn) if turn else None
        if conversation is self._conversation and turn == self.transcript.selected:
            self._explained = trace
            self.inspector.show(trace, conversation.engine.agent)
            self.say_where()

    def turn_grew(self, trace: TurnTrace) -> None:
        """Show a turn that still runs, at most once a frame."""
        if not self._growing:
            self._growing = True
            self.call_after_refresh(self._show_growing, trace)

    def _show_growing(self, trace: TurnTrace) -> None:
        self._growing = False
        if trace.session != self.conversation.id:
            return
        self._say_what_happens()
        if self.transcript.selected in (0, trace.turn):
            self._explained = trace
            self.inspector.grow(trace, self.conversation.engine.agent, self.conversation.writing)
            self.say_where()

    def _say_what_happens(self) -> None:
        """Say below the transcript what the agent does, how long it has done so, and what it is writing."""
        if self._conversation is not None:
            self.transcript.quiet = quiet_line(self._conversation, time.monotonic(), self._read)

    def _only(self, name: str, work: Callable[..., Coroutine[None, None, None]], *given: object) -> None:
        """Do something in the background in place of what was last begun under this name."""
        # A coroutine made here might be cancelled before it begins, which Python warns of.
        _: Worker[None] = self.run_worker(partial(work, *given), name=name, group=name, exclusive=True)

    def attempt(self, doing: Awaitable[object], text: str = "") -> None:
        """Do something in the background; what cannot be done is said in one line, and the text comes back.

        Args:
            doing: What to do.
            text: What was typed for it.
        """
        self.run_worker(self._attempted(doing, text), name="act")

    async def _attempted(self, doing: Awaitable[object], text: str) -> None:
        try:
            await doing
        except UnknownSession as error:
            self.say(f"there is no session {error.args[0]} any more")
        except (StoreError, ReasonerError, ValueError) as error:
            if text:
                self.composer.give_back(text)
            self.say(str(error), "$text-error")
        if self._conversation is not None and self.is_attached:
            self.draw()


def _name(conversation: Conversation) -> str:
    return conversation.title or conversation.id or NEW
