"""The mode Simulate: talk to the agent, and see why it says what it says."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widget import Widget

from engine.reasoner.base import ReasonerError
from engine.session.store import StoreError, UnknownSession
from engine.turn.live_session import BadMessage, LiveSession, cleaned
from engine.turn.trace import TurnTrace
from studio.inspector.inspector import Inspector
from studio.inspector.why_sheet import WhySheet
from studio.keys import bindings
from studio.modals.ask import AskText
from studio.modes.mode_screen import ModeScreen
from studio.modes.simulate.composer import Composer
from studio.modes.simulate.conversation import Conversation, Who
from studio.modes.simulate.kept_sessions import REMOVED, KeptSessions
from studio.modes.simulate.offering import held_line
from studio.modes.simulate.sessions import NEW, SessionList, SessionSheet
from studio.modes.simulate.setup import Setup
from studio.modes.simulate.transcript import Transcript
from studio.modes.simulate.typed_commands import WrongCommand, parse
from studio.modes.simulate.typing_area import TypingArea
from studio.widgets.frame_lines import CrumbLine
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList
from studio.workspace import Snapshot, Workspace

EMPTY = (
    "Say something as the customer, and see on the right why the agent answers as it does.\n\n"
    "^o goes on with an earlier session, ^l chooses the customer, /help lists commands."
)
BROKEN = "The agent file cannot be used yet; Author (F3) says what is wrong. The chat begins once it is mended."


def _reply_keys() -> list[Binding]:
    """One binding for each number, all of them one row of the table."""
    keys = [key for binding in bindings("reply") for key in binding.key.split(",")]
    (row,) = bindings("reply")
    return [replace(row, key=key, action=f"reply({number})") for number, key in enumerate(keys, 1)]


class SimulateScreen(ModeScreen):
    """Talk to the agent as a customer would; every turn is explained beside it.

    Attributes:
        on_behalf: Whether a person who has taken over speaks as the agent.
    """

    MODE = "simulate"
    BINDINGS = [
        *bindings("sessions", "again", "turn_up", "turn_down", "setup", "trigger", "take_over", "why", "compose"),
        *_reply_keys(),
    ]
    DEFAULT_CSS = """
    SimulateScreen > #body { height: 1fr; }
    SimulateScreen > #body > SessionList { display: none; width: 32; border-right: solid $panel-lighten-1; }
    SimulateScreen.-wide > #body > SessionList { display: block; }
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

    def default_focus(self) -> Widget | None:
        """The composer."""
        return self.composer

    def states(self) -> tuple[tuple[str, str], ...]:
        """Whether it is kept, which turn is selected, how long it took."""
        found: list[tuple[str, str]] = []
        if self._conversation is None or self.workspace is None:
            return ()
        if self._conversation.title:
            found.append(("○ not kept", "$text-warning"))
        elif not self.workspace.snapshot.notice:
            found.append(("● rec", "$text-error"))
        if self.transcript.selected:
            found.append((f"turn {self.transcript.selected}", "$text-muted"))
        if self._explained is not None and self._explained.seconds:
            found.append((f"{1000 * self._explained.seconds:.0f} ms", "$text-muted"))
        return tuple(found)

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
            self.transcript.set_empty(EMPTY)
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
        self._explained = None
        self.thing = _name(conversation)
        self.run_worker(self._read_first(conversation), name="read", group="read", exclusive=True)
        self.run_worker(self._listen(conversation), name="listen", group="listen", exclusive=True)

    async def _read_first(self, conversation: Conversation) -> None:
        await conversation.read()
        if conversation is self._conversation:
            self.transcript.show(conversation.script)
            self._draw()
            self._show_sessions()

    async def _listen(self, conversation: Conversation) -> None:
        async for _ in conversation.arrivals():
            if conversation is self._conversation:
                self._draw()

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
    async def _delete_hidden(self) -> None:
        """Delete for good what was deleted, now that the studio is left."""
        if self.kept is not None:
            try:
                await self.kept.delete_hidden()
            except StoreError as error:
                self.log.warning(str(error))

    # -- drawing ------------------------------------------------------------------------------------------------

    def _draw(self) -> None:
        """Draw what was read from the store."""
        conversation = self.conversation
        self.transcript.extend()
        self.transcript.quiet = self._quiet()
        self.typing.show(conversation, on_behalf=self.on_behalf)
        known, self.thing = self.thing, _name(conversation)
        if self.thing != known:
            self._show_sessions()
        self.say_where()

    def _quiet(self) -> str:
        conversation = self.conversation
        if conversation.running:
            return f"{(conversation.script.status or 'acknowledged').lower()} …"
        if conversation.manual:
            held = held_line(conversation)
            return "a person has this session; h gives it back" + (f" · {held}" if held else "")
        return ""

    def _show_sessions(self) -> None:
        if self.kept is not None:
            now = self.conversation.engine.clock.now()
            self.query_one(SessionList).show(self.kept, now, self.conversation.id)

    @on(Transcript.TurnSelected)
    def _turn_selected(self, event: Transcript.TurnSelected) -> None:
        self.run_worker(self._explain(self.conversation, event.turn), name="explain", group="explain", exclusive=True)

    async def _explain(self, conversation: Conversation, turn: int) -> None:
        trace = await conversation.trace(turn) if turn else None
        if conversation is self._conversation and turn == self.transcript.selected:
            self._explained = trace
            self.inspector.show(trace, conversation.engine.agent)
            self.say_where()

    def _stage_done(self, trace: TurnTrace) -> None:
        """Show a turn that still runs, at most once a frame."""
        if not self._growing:
            self._growing = True
            self.call_after_refresh(self._show_growing, trace)

    def _show_growing(self, trace: TurnTrace) -> None:
        self._growing = False
        if self.transcript.selected in (0, trace.turn) and trace.session == self.conversation.id:
            self._explained = trace
            self.inspector.show(trace, self.conversation.engine.agent)
            self.transcript.quiet = self._quiet()
            self.say_where()

    # -- saying something ---------------------------------------------------------------------------------------

    @on(Composer.Sent)
    def _sent(self, event: Composer.Sent) -> None:
        try:
            self._take_line(event.text)
        except (BadMessage, WrongCommand) as error:
            self.say(str(error))
        else:
            self.composer.accept()

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
        self.attempt(self._turn(self.conversation.say(text, self._stage_done)), text)

    def trigger(self, action: str) -> None:
        """Have the agent speak without a message."""
        self.attempt(self._turn(self.conversation.trigger(action, self._stage_done)))

    async def _turn(self, turn: Awaitable[TurnTrace | None]) -> None:
        conversation = self.conversation
        trace = await turn
        if conversation is not self._conversation:
            return
        self._draw()
        if trace is None:
            self.say("held: a person has the session" if conversation.manual else "nothing was said yet")
        elif trace.turn == self.transcript.selected:
            self._explained = trace
            self.inspector.show(trace, conversation.engine.agent)
            self.say_where()

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
            if text and not self.composer.text:
                self.composer.put(text)
            self.say(str(error), "$text-error")
        if self._conversation is not None and self.is_attached:
            self._draw()

    # -- keys ---------------------------------------------------------------------------------------------------

    def action_again(self) -> None:
        """Say the last message once more."""
        self.transcript.stay_at_end()
        self.attempt(self._turn(self.conversation.again(self._stage_done)))

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
        self._draw()

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
        """Back to what was being typed."""
        if self.maximized is not None:
            self.minimize()
        self.query_one(Split).aside = False
        self.composer.focus()


def _name(conversation: Conversation) -> str:
    return conversation.title or conversation.id or NEW
