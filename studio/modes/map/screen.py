"""The mode Map: the relationships around one thing."""

from __future__ import annotations

from pathlib import Path

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from studio.keys import bindings
from studio.modes.map.around_list import AroundList
from studio.modes.map.rows import about_link, legend, link_rows, matrix_rows, related_rows
from studio.modes.mode_screen import ModeScreen
from studio.things.around import MOST_HOPS, Link, around, matrix
from studio.things.catalog import Things
from studio.things.lines import Line, Section
from studio.things.places import span_of
from studio.widgets.details import Details
from studio.widgets.frame_lines import studio_of
from studio.widgets.split import Split
from studio.widgets.thing_list import ThingList
from studio.workspace import Snapshot

EMPTY = "No relationships yet. One line under `relationships:` makes one, e.g. - upset excludes upsell"


class MapScreen(ModeScreen):
    """The relationships: left what takes part in some, right what is around one thing, at the bottom one of them."""

    MODE = "map"
    BINDINGS = [*bindings("farther", "nearer", "view", "try", "copy")]
    DEFAULT_CSS = """
    MapScreen ThingList Rows { text-wrap: nowrap; text-overflow: ellipsis; }
    MapScreen .head { height: auto; max-height: 3; padding: 0 1; }
    MapScreen AroundList { height: 1fr; }
    MapScreen Details { height: 9; border-top: solid $panel-lighten-1; }
    MapScreen Details:focus { border-top: solid $accent; }
    MapScreen.-short Details { display: none; }
    """
    hops: reactive[int] = reactive(1, init=False)
    """How many steps around the middle are shown."""
    as_matrix: reactive[bool] = reactive(False, init=False)
    """Whether they are shown as a matrix."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        super().__init__()
        self._snapshot: Snapshot | None = None
        self._things: Things | None = None
        self._links: tuple[Link, ...] = ()

    def compose_body(self) -> ComposeResult:
        """Things, what is around one, and one relationship."""
        right = Vertical(
            Static(classes="head", markup=False), AroundList("It takes part in no relationships"), Details()
        )
        yield Split("map", ThingList("No agent is open. F2 goes Home", id="related"), right, percent=35)

    @property
    def _list(self) -> ThingList:
        return self.query_one("#related", ThingList)

    @property
    def _around(self) -> AroundList:
        return self.query_one(AroundList)

    def on_mount(self) -> None:
        """Say what to do where nothing is open."""
        self._list.show([])
        super().on_mount()

    def workspace_changed(self, snapshot: Snapshot) -> None:
        """Show the relationships as they are now."""
        self._snapshot = snapshot
        self._things = Things(snapshot.agent) if snapshot.agent is not None else None
        if self._things is None:
            self._list.set_empty("The agent file cannot be used. F3 says why")
        else:
            self._list.set_empty(EMPTY)
        self._list.show([*related_rows(self._things)] if self._things is not None else [], self.thing or None)
        self._centre(self.thing or self._list.key or "")

    # -- what is shown -----------------------------------------------------------------------------------------

    def show(self, thing: str) -> None:
        """Put a thing into the middle."""
        self._list.select(thing)
        self._centre(thing)

    @on(ThingList.Highlighted, "#related")
    def _thing_highlighted(self, event: ThingList.Highlighted) -> None:
        if self._list.rows.has_focus or not self.thing:
            self._centre(event.key)

    def watch_hops(self) -> None:
        """Show more or less."""
        self._centre(self.thing)

    def watch_as_matrix(self) -> None:
        """Show it the other way."""
        self._centre(self.thing)

    def _centre(self, key: str) -> None:
        """Show what is around a thing."""
        if self._things is None or self._things.get(key) is None:
            self._links = ()
            self._around.show([])
            self.query_one(".head", Static).update("")
            self.query_one(Details).show([])
            return
        self.thing = key
        self._links = around(self._things, key, self.hops)
        if self.as_matrix and self._links:
            self._around.show([*matrix_rows(matrix(self._things, key, self.hops))], f"row {key}")
        else:
            self._around.show([*link_rows(self._links)], "0")
        self.query_one(".head", Static).update(self._head(key))
        self._read(self._around.key or "")

    def _head(self, key: str) -> Content:
        steps = f"{self.hops} step{'s' if self.hops > 1 else ''} around"
        said = Content.styled(key, "bold") + Content.styled(f"  {steps}  ", "$text-muted")
        return said + Content("\n") + legend() if self.as_matrix and self._links else said

    @on(ThingList.Highlighted, "AroundList")
    def _link_highlighted(self, event: ThingList.Highlighted) -> None:
        self._read(event.key)

    def _read(self, key: str) -> None:
        """Say a link, or a row of the matrix, in words."""
        if self._things is None:
            return
        details = self.query_one(Details)
        if (link := self._link(key)) is not None:
            details.show(about_link(self._things, link, self._place_of(link)))
            return
        name = key.removeprefix("row ") or self.thing
        lines = [Line(link.said, sign=link.glyph, target=link.name) for link in around(self._things, name)]
        said = self._things.said(name)
        details.show([Section(name, tuple([Line(said)] * bool(said) + lines))] if name else [])

    def _link(self, key: str) -> Link | None:
        """The link that a row stands for."""
        return self._links[int(key)] if key.isdecimal() and int(key) < len(self._links) else None

    def _place_of(self, link: Link) -> str:
        file, line = self._line_of(link)
        return f"{file.name}:{line}" if link.relationship is not None else ""

    def _line_of(self, link: Link) -> tuple[Path, int]:
        file, line = super().place()
        document = self._snapshot.document if self._snapshot is not None else None
        entry = self._things.get(f"relationships.{link.relationship}") if self._things is not None else None
        return (file, span_of(document, entry).first) if document is not None and entry is not None else (file, line)

    # -- going somewhere ---------------------------------------------------------------------------------------

    @on(ThingList.Chosen, "#related")
    def _thing_chosen(self) -> None:
        self.query_one(Split).aside = True
        self._around.focus()

    @on(ThingList.Chosen, "AroundList")
    async def _link_chosen(self, event: ThingList.Chosen) -> None:
        link = self._link(event.key)
        await studio_of(self).go("map", link.name if link is not None else event.key.removeprefix("row "))

    @on(AroundList.Left)
    def _around_left(self) -> None:
        self.query_one(Split).aside = False
        self._list.focus()

    @on(Details.Left)
    def _details_left(self) -> None:
        self._around.focus()

    @on(Details.Followed)
    async def _followed(self, event: Details.Followed) -> None:
        await studio_of(self).go(event.line.mode, event.line.target)

    def place(self) -> tuple[Path, int]:
        """Where the relationship under the cursor stands in the file."""
        link = self._link(self._around.key or "")
        return self._line_of(link) if link is not None else super().place()

    def default_focus(self) -> Widget | None:
        """The things."""
        return self._list.rows

    def action_hops(self, step: int) -> None:
        """Show what is farther away, too, or less."""
        self.hops = min(MOST_HOPS, max(1, self.hops + step))

    def action_switch_view(self) -> None:
        """The tree or the matrix."""
        self.as_matrix = not self.as_matrix

    async def action_try_it(self) -> None:
        """Begin a chat."""
        if self._things is not None:
            await studio_of(self).go("simulate", "new")

    def action_copy(self) -> None:
        """Copy what is around the thing as text."""
        if self.thing:
            said = [f"{'  ' * link.depth}{link.glyph} {link.said}" for link in self._links]
            self.app.copy_to_clipboard("\n".join([self.thing, *said]) + "\n")
            self.notify(f"copied: what is around {self.thing}", timeout=3)
