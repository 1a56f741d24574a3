"""The list of sessions: a pane on wide screens, a sheet (^o) everywhere."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.worker import Worker

from engine.session.store import StoreError, UnknownSession
from studio.keys import bindings
from studio.modals.ask import AskText
from studio.modes.simulate.kept_sessions import KeptSession, KeptSessions, when
from studio.modes.simulate.wrapping import one_line
from studio.undo import Step
from studio.widgets.frame_lines import studio_of
from studio.widgets.thing_list import Row, ThingList

if TYPE_CHECKING:
    from collections.abc import Callable

NEW = "new"
"""What `SimulateScreen.show` takes for a session that is yet to begin."""

MANY_AT_ONCE = 20
"""How many sessions' first words are read before the list is drawn again."""


class SessionList(Vertical):
    """The sessions that are kept, newest first. Opening one posts `ThingList.Chosen` with its id, `n` with `new`."""

    HELP = (
        "The conversations kept with this agent, newest first. Enter goes on with one, n begins another, e gives one a "
        "name. d deletes one: ^z brings it back until you leave the studio."
    )
    BINDINGS = [*bindings("new", "rename", "delete")]
    DEFAULT_CSS = "SessionList { height: 1fr; } SessionList > .title { text-style: bold; padding: 0 1; height: 1; }"

    def __init__(self, *, title: str = "") -> None:
        """Make an empty list.

        Args:
            title: What stands above it; nothing when empty.
        """
        super().__init__()
        self._title = title
        self._kept: KeptSessions | None = None
        self._now = datetime.min
        self._current = ""
        self._leave: Callable[[], None] = lambda: None

    def compose(self) -> ComposeResult:
        """The rows."""
        if self._title:
            yield Static(self._title, classes="title", markup=False)
        yield ThingList("No session yet: say something")

    def show(self, kept: KeptSessions, now: datetime, current: str) -> None:
        """Show the sessions of a store.

        Args:
            kept: The sessions.
            now: The time.
            current: The id of the one that goes on now.
        """
        self._now, self._current = now, current
        if kept is not self._kept:
            self._leave()
            self._kept = kept
            self._leave = kept.subscribe(self.draw)
        self.draw()

    def on_unmount(self) -> None:
        """Follow the sessions no longer."""
        self._leave()

    def on_show(self) -> None:
        """Catch up with what happened while it could not be seen."""
        self.draw()

    @property
    def things(self) -> ThingList:
        """The rows."""
        return self.query_one(ThingList)

    def draw(self) -> None:
        """Read the sessions anew."""
        kept = self._kept
        if self.is_attached and self.display and kept is not None:
            drawing = partial(self._draw, kept)
            _: Worker[None] = self.run_worker(drawing, name="sessions", group="sessions", exclusive=True)

    async def _draw(self, kept: KeptSessions) -> None:
        sessions = await kept.all()
        words: dict[str, str] = {}
        for place, session in enumerate(sessions):
            if not session.title:
                words[session.id] = await kept.first_words(session.id)
            if place % MANY_AT_ONCE == 0 and place:
                self._show(sessions, words)
        self._show(sessions, words)

    def _show(self, sessions: list[KeptSession], words: dict[str, str]) -> None:
        self.things.show([self._row(session, words.get(session.id, "")) for session in sessions], self._current or None)

    def _row(self, session: KeptSession, words: str) -> Row:
        here = session.id == self._current
        name = one_line(session.title or words or session.id)
        mark = Content.styled("● " if here else "  ", "$accent")
        turns = f"{session.turns} turn{'' if session.turns == 1 else 's'}"
        people = " · with a person" if session.mode == "manual" else ""
        told = f"{session.customer} · {turns} · {when(session.created, self._now)}{people}"
        label = mark + Content.styled(name[:60], "bold" if session.title else "")
        label += Content("\n  ") + Content.styled(told, "dim")
        return Row(session.id, label, f"{name} {session.customer} {session.id}")

    def action_new(self) -> None:
        """Begin another session."""
        self.post_message(ThingList.Chosen(self.things, NEW))

    def action_rename(self) -> None:
        """Ask for another name."""
        if (session_id := self.things.key) is not None:
            self.run_worker(self._ask_name(session_id), name="rename")

    async def _ask_name(self, session_id: str) -> None:
        assert self._kept is not None
        title = await self._kept.title(session_id)

        def renamed(fresh: str | None) -> None:
            if fresh is not None and fresh.strip() != title:
                self._do(f"rename {session_id}", self._renaming(session_id, fresh, title))

        self.app.push_screen(AskText("What shall this session be called?", title), renamed)

    def action_delete(self) -> None:
        """Take the session under the cursor from sight."""
        if (session_id := self.things.key) is not None and self._kept is not None:
            kept = self._kept
            step = Step(f"delete {session_id}", lambda: kept.bring_back(session_id), lambda: kept.hide(session_id))
            self._do(f"delete {session_id}", step)

    def _renaming(self, session_id: str, fresh: str, before: str) -> Step:
        kept = self._kept
        assert kept is not None
        return Step(
            f"rename {session_id}",
            lambda: kept.rename(session_id, before),
            lambda: kept.rename(session_id, fresh),
        )

    def _do(self, name: str, step: Step) -> None:
        self.run_worker(self._done(name, step), name="change")

    async def _done(self, name: str, step: Step) -> None:
        try:
            await studio_of(self).undo_stack.do(step)
        except (StoreError, UnknownSession) as error:
            self.notify(f"{name}: {error}", severity="error", markup=False)


class SessionSheet(ModalScreen[str | None]):
    """Has a session chosen; it answers the session's id, `new`, or None when the person leaves it."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Leave"), *bindings("undo", "redo")]
    DEFAULT_CSS = """
    SessionSheet SessionList { height: auto; max-height: 80%; }
    SessionSheet ThingList { height: auto; max-height: 18; }
    SessionSheet Rows { height: auto; max-height: 17; }
    """

    def __init__(self, kept: KeptSessions, now: datetime, current: str) -> None:
        """Offer the sessions.

        Args:
            kept: The sessions.
            now: The time.
            current: The id of the one that goes on now.
        """
        super().__init__()
        self._shown = (kept, now, current)

    def compose(self) -> ComposeResult:
        """The sessions."""
        with Vertical(classes="sheet"):
            yield Static("Sessions", classes="title", markup=False)
            yield SessionList()
            yield Static("⏎ go on   n new   e name   d delete   / filter   Esc leave", classes="muted", markup=False)

    def on_mount(self) -> None:
        """Show them."""
        sessions = self.query_one(SessionList)
        sessions.show(*self._shown)
        sessions.things.focus()

    async def action_undo(self) -> None:
        """Take the last change back."""
        await studio_of(self.query_one(SessionList)).action_undo()

    async def action_redo(self) -> None:
        """Do it once more."""
        await studio_of(self.query_one(SessionList)).action_redo()

    @on(ThingList.Chosen)
    def _chosen(self, event: ThingList.Chosen) -> None:
        event.stop()
        self.dismiss(event.key)
