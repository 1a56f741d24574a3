"""The mode Home: where work begins and goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.widget import Widget

from engine.agent.basics import CompositionMode
from engine.agent.errors import AgentFileError, Problem
from engine.agent.loading import load_agent
from engine.agent.new import NewAgentError, new_agent
from studio.keys import bindings
from studio.modals.ask import AskText
from studio.modes.author.about import about_problem
from studio.modes.author.rows import PROBLEM
from studio.modes.home import pages, rows
from studio.modes.home.asking import ask_mode, folder_fault, meant_folder, name_of, new_folder_fault
from studio.modes.home.facts import Facts, Talk, gather
from studio.modes.home.shelf import Card, Shelf, example_folders
from studio.modes.mode_screen import ModeScreen
from studio.things.catalog import Things
from studio.things.lines import Section
from studio.things.places import nearest_thing
from studio.undo import Step
from studio.widgets.details import Details
from studio.widgets.frame_lines import studio_of
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList
from studio.workspace import Snapshot


class HomeScreen(ModeScreen):
    """Where work begins and goes on: this workspace, its sessions, runs and problems, and other agents."""

    MODE = "home"
    BINDINGS = [*bindings("new", "delete")]
    DEFAULT_CSS = """
    HomeScreen ThingList Rows { text-wrap: nowrap; text-overflow: ellipsis; }
    HomeScreen Details { padding: 0 1; }
    """

    def __init__(self) -> None:
        """Begin with what is known without looking."""
        super().__init__()
        self._snapshot: Snapshot | None = None
        self._facts = Facts()
        self._shelf = Shelf()
        self._folders = example_folders()

    def compose_body(self) -> ComposeResult:
        """What there is to do, and about it."""
        yield Split("home", ThingList(), Details(), percent=44)

    @property
    def _list(self) -> ThingList:
        return self.query_one(ThingList)

    def on_mount(self) -> None:
        """Show what is known, and look around."""
        super().on_mount()
        self._draw()
        self._look_around()

    def workspace_changed(self, snapshot: Snapshot) -> None:
        """Show the workspace as it is now."""
        other = self._snapshot is None or self._snapshot.folder != snapshot.folder
        if other:
            self._facts = Facts(examples=self._facts.examples, recent=self._facts.recent)
        self._snapshot = snapshot
        self._draw(rows.CHAT if other else None)
        self._look_around()

    def on_screen_resume(self) -> None:
        """Look what happened meanwhile."""
        super().on_screen_resume()
        self._look_around()

    @work(name="look around")
    async def _look_around(self) -> None:
        workspace = self.workspace
        facts = await gather(workspace, studio_of(self).remembered.recent, self._shelf)
        if workspace is self.workspace and facts != self._facts:
            fresh = self._facts.now is None and facts.talks and self._list.key == rows.CHAT
            self._facts = facts
            self._draw(rows.RESUME if fresh else None)

    # -- what is shown -----------------------------------------------------------------------------------------

    def _draw(self, key: str | None = None) -> None:
        self._list.show([*rows.home_rows(self._snapshot, self._facts, self._folders)], key)
        if self._list.key is not None:
            self._read(self._list.key, stay=True)

    @on(ThingList.Highlighted)
    def _highlighted(self, event: ThingList.Highlighted) -> None:
        self._read(event.key, stay=False)

    def _read(self, key: str, *, stay: bool) -> None:
        self.query_one(Details).show(self._page(key), stay=stay)

    def _page(self, key: str) -> tuple[Section, ...]:
        """What stands beside a row."""
        card, talk, problem = self._card(key), self._talk(key), self._problem(key)
        if card is not None:
            first = self._snapshot is None and pages.is_demo(card)
            return pages.welcome(card) if first else pages.card_page(card)
        if talk is not None:
            return pages.talk_page(talk, self._facts)
        if self._snapshot is not None and problem is not None:
            return about_problem(self._snapshot, problem)
        if self._snapshot is not None and key == rows.CHAT:
            return pages.chat_page(self._snapshot)
        if key == rows.SCENARIOS:
            return pages.scenarios_page(self._facts)
        return pages.folder_page() if key == rows.FOLDER else pages.new_page()

    def _card(self, key: str) -> Card | None:
        for prefix in (rows.OPEN, rows.RECENT):
            if key.startswith(prefix):
                folder = Path(key.removeprefix(prefix))
                known = (card for card in (*self._facts.examples, *self._facts.recent) if card.folder == folder)
                return next(known, Card(folder, folder.name))
        return None

    def _talk(self, key: str) -> Talk | None:
        if key == rows.RESUME:
            return self._facts.talks[0] if self._facts.talks else None
        wanted = key.removeprefix(rows.SESSION).removeprefix(rows.WAITING)
        known = (talk for talk in (*self._facts.talks, *self._facts.waiting) if talk.kept.id == wanted)
        return next(known, None) if wanted != key else None

    def _problem(self, key: str) -> Problem | None:
        number = key.removeprefix(PROBLEM)
        if number == key or self._snapshot is None or int(number) > len(self._snapshot.problems):
            return None
        return self._snapshot.problems[int(number) - 1]

    def place(self) -> tuple[Path, int]:
        """The problem under the cursor, or the head of the agent file."""
        problem = self._problem(self._list.key or "")
        return (Path(problem.file), problem.line) if problem is not None else super().place()

    def default_focus(self) -> Widget | None:
        """The list."""
        return self._list.rows

    # -- what can be done --------------------------------------------------------------------------------------

    @on(ThingList.Chosen)
    async def _chosen(self, event: ThingList.Chosen) -> None:
        key, app = event.key, studio_of(self)
        card, talk = self._card(key), self._talk(key)
        if card is not None:
            self._open(card.folder, trusted=card.folder in self._folders)
        elif talk is not None:
            await app.go("simulate", talk.kept.id)
        elif key == rows.CHAT:
            await app.go("simulate", "new")
        elif key == rows.SCENARIOS:
            await app.go("scenarios")
        elif (problem := self._problem(key)) is not None:
            await app.go("author", self._thing_of(key, problem))
        elif key == rows.FOLDER:
            self._ask_folder()
        else:
            self.action_new()

    def _thing_of(self, key: str, problem: Problem) -> str:
        """The thing in Author that a problem lies in; the problem itself while the file cannot be used."""
        document = self._snapshot.document if self._snapshot is not None else None
        if document is None or self._snapshot is None or self._snapshot.broken:
            return key
        return nearest_thing(Things(document.agent), document, problem)

    @on(Details.Followed)
    async def _followed(self, event: Details.Followed) -> None:
        await studio_of(self).go(event.line.mode, event.line.target)

    @on(Details.Left)
    def _left(self) -> None:
        self.query_one(Split).aside = False
        self._list.focus()

    @work(name="open")
    async def _open(self, folder: Path, *, trusted: bool = False) -> None:
        """Open an agent with a chat waiting; one that cannot be read leaves everything as it is."""
        try:
            await asyncio.to_thread(load_agent, folder)
        except AgentFileError as error:
            more = f" (and {len(error.problems) - 1} more)" if len(error.problems) > 1 else ""
            self.notify(
                f"{error.problems[0]}{more}", title=f"{folder.name} cannot be opened", severity="error", markup=False
            )
            return
        await studio_of(self).open_workspace(folder, trusted=trusted)
        await studio_of(self).go("simulate")

    def _ask_folder(self) -> None:
        def named(answer: str | None) -> None:
            if answer:
                self._open(meant_folder(answer))

        self.app.push_screen(AskText("Open which folder?", fault=folder_fault), named)

    def action_new(self) -> None:
        """Begin an agent in a folder that is asked for."""

        def named(answer: str | None) -> None:
            if answer:
                self._ask_mode(meant_folder(answer))

        self.app.push_screen(AskText("A new agent: in which new folder?", fault=new_folder_fault), named)

    def _ask_mode(self, folder: Path) -> None:
        def chosen(mode: str | None) -> None:
            if mode:
                self._begin(folder, CompositionMode(mode))

        self.app.push_screen(ask_mode(), chosen)

    @work(name="begin an agent")
    async def _begin(self, folder: Path, mode: CompositionMode) -> None:
        try:
            await asyncio.to_thread(new_agent, folder, name_of(folder), mode)
        except NewAgentError as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self._open(folder)

    async def action_delete(self) -> None:
        """Forget the workspace under the cursor; the folder itself is not touched."""
        key = self._list.key or ""
        if not key.startswith(rows.RECENT):
            self.notify("d forgets a workspace that was opened before; the cursor stands on something else", timeout=4)
            return
        folder = key.removeprefix(rows.RECENT)
        remembered = studio_of(self).remembered
        before = list(remembered.recent)

        async def undo() -> None:
            remembered.recent = before
            remembered.write()
            self._look_around()

        async def redo() -> None:
            remembered.forget(folder)
            self._look_around()

        await studio_of(self).undo_stack.do(Step(f"forget {Path(folder).name}", undo, redo))
        self.notify(f"{Path(folder).name} is forgotten; ^z brings it back", timeout=4, markup=False)
