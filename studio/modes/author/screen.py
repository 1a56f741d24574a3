"""The mode Author: everything that the agent is made of."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.widget import Widget

from engine.agent.errors import Problem
from studio.keys import bindings
from studio.modes.author.about import about, about_problem, carried_out, written_around, written_thing
from studio.modes.author.rows import PROBLEM, problem_rows, thing_rows
from studio.modes.author.thing_page import ThingPage
from studio.modes.mode_screen import ModeScreen
from studio.things.catalog import Things
from studio.things.places import problems_by_thing, span_of
from studio.widgets.details import Details
from studio.widgets.frame_lines import studio_of
from studio.widgets.source import Source
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList
from studio.workspace import Snapshot


class AuthorScreen(ModeScreen):
    """Everything that the agent is made of: left by kind, right the thing, what it says and where it is used."""

    MODE = "author"
    BINDINGS = [*bindings("view", "try", "follow", "copy")]
    DEFAULT_CSS = "AuthorScreen ThingList Rows { text-wrap: nowrap; text-overflow: ellipsis; }"

    def __init__(self) -> None:
        """Begin with nothing read."""
        super().__init__()
        self._snapshot: Snapshot | None = None
        self._things: Things | None = None
        self._troubled: Mapping[str, tuple[Problem, ...]] = {}
        self._carried_out: Mapping[str, tuple[str, int]] = {}
        self._asked_for = ""

    def compose_body(self) -> ComposeResult:
        """Things and the thing."""
        empty = "No agent is open. F2 goes Home, where one can be opened"
        yield Split("author", ThingList(empty), ThingPage(), percent=38)

    def on_mount(self) -> None:
        """Say what to do where no agent is open."""
        self._list.show([])
        super().on_mount()

    @property
    def _list(self) -> ThingList:
        return self.query_one(ThingList)

    @property
    def _page(self) -> ThingPage:
        return self.query_one(ThingPage)

    def workspace_changed(self, snapshot: Snapshot) -> None:
        """Show the things as they are now."""
        before, self._snapshot = self._snapshot, snapshot
        if before is None or before.document is not snapshot.document:
            self._things = Things(snapshot.agent) if snapshot.agent is not None else None
        self._troubled = self._find_trouble(snapshot)
        rows = [*problem_rows(snapshot.problems, broken=snapshot.broken)]
        if self._things is not None:
            title = "The agent, as it was last usable" if snapshot.broken else "The agent"
            rows += thing_rows(self._things, self._troubled, title)
        self._list.show(rows, self._asked_for or self._where_to(before, snapshot))
        self._asked_for = ""
        self._draw(self._list.key or self.thing, stay=True)
        self._look_back()

    def _where_to(self, before: Snapshot | None, now: Snapshot) -> str | None:
        """Where the cursor goes: to the first problem when the file breaks, back when it is mended, else nowhere."""
        was_broken = before is not None and before.broken
        if now.broken and not was_broken:
            self._left_at = self.thing
            return f"{PROBLEM}1"
        mended = was_broken and not now.broken
        return self._left_at if mended and self.thing.startswith(PROBLEM) else None

    def _find_trouble(self, snapshot: Snapshot) -> Mapping[str, tuple[Problem, ...]]:
        """Which things have problems; unknown while the lines of the file are not those that the agent is from."""
        if self._things is None or snapshot.document is None or snapshot.broken:
            return {}
        return problems_by_thing(self._things, snapshot.document, snapshot.problems)

    def on_screen_resume(self) -> None:
        """Look what happened in the sessions meanwhile."""
        super().on_screen_resume()
        self._look_back()

    def _look_back(self) -> None:
        if self.workspace is not None and self.workspace.engine is not None:
            self._find_carried_out()

    @work(name="look back")
    async def _find_carried_out(self) -> None:
        if self.workspace is None or self.workspace.engine is None:
            return
        found = carried_out(await self.workspace.engine.store.list_sessions())
        if found != self._carried_out:
            self._carried_out = found
            self._draw(self.thing, stay=True)

    # -- what is shown -----------------------------------------------------------------------------------------

    def show(self, thing: str) -> None:
        """Go to a thing by its key (see `studio.things.catalog`) or to a problem by its number."""
        if not self._list.select(thing):
            self._asked_for = thing
        self._draw(thing, stay=False)

    @on(ThingList.Highlighted)
    def _highlighted(self, event: ThingList.Highlighted) -> None:
        if event.key != self.thing:
            self._draw(event.key, stay=False)

    @on(ThingList.Chosen)
    def _chosen(self) -> None:
        self.query_one(Split).aside = True
        self._page.focus_page()

    @on(Details.Left)
    @on(Source.Left)
    def _left(self) -> None:
        self.query_one(Split).aside = False
        self._list.focus()

    @on(Details.Followed)
    async def _followed(self, event: Details.Followed) -> None:
        await studio_of(self).go(event.line.mode, event.line.target)

    def _draw(self, key: str, *, stay: bool) -> None:
        """Show a thing or a problem on the right."""
        snapshot = self._snapshot
        if snapshot is None:
            return
        if (problem := self._problem(key)) is not None:
            self.thing = key
            head = f"{Path(problem.file).name}:{problem.line}"
            about_it = about_problem(snapshot, problem)
            self._page.show(head, problem.severity, about_it, partial(written_around, problem), stay=stay)
            return
        self._draw_thing(snapshot, key, stay=stay)

    def _draw_thing(self, snapshot: Snapshot, key: str, *, stay: bool) -> None:
        things, document = self._things, snapshot.document
        entry = things.get(key) if things is not None else None
        if things is None or document is None or entry is None:
            return
        self.thing = key
        problems = self._troubled.get(key, ())
        sections = about(things, entry, problems, self._carried_out.get(key))
        written = partial(written_thing, document, entry, problems)
        self._page.show(entry.key, entry.kind, sections, written, stay=stay)

    def _problem(self, key: str) -> Problem | None:
        number = key.removeprefix(PROBLEM)
        if self._snapshot is None or number == key or not number.isdecimal():
            return None
        problems = self._snapshot.problems
        return problems[int(number) - 1] if 0 < int(number) <= len(problems) else None

    # -- what can be done with it ------------------------------------------------------------------------------

    def place(self) -> tuple[Path, int]:
        """Where the thing or problem stands in the file."""
        problem = self._problem(self.thing)
        if problem is not None:
            return Path(problem.file), problem.line
        file, line = super().place()
        entry = self._things.get(self.thing) if self._things is not None else None
        document = self._snapshot.document if self._snapshot is not None else None
        return (file, span_of(document, entry).first) if document is not None and entry is not None else (file, line)

    def default_focus(self) -> Widget | None:
        """The list."""
        return self._list.rows

    def action_switch_view(self) -> None:
        """The description or the lines of the file."""
        self._page.as_source = not self._page.as_source

    async def action_try_it(self) -> None:
        """Begin a chat."""
        if self._things is None:
            self.notify("the agent cannot be talked to before its file can be read", severity="warning")
            return
        await studio_of(self).go("simulate", "new")

    async def action_relations(self) -> None:
        """Show the thing on the map."""
        if self._things is not None and self._things.get(self.thing) is not None:
            await studio_of(self).go("map", self.thing)

    def action_copy(self) -> None:
        """Copy the thing's lines of the file."""
        written = self._page.written()
        if written:
            self.app.copy_to_clipboard(written)
            self.notify(f"copied: the YAML of {self.thing}", timeout=3)
