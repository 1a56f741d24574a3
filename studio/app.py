"""The studio: six modes over one open workspace."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text
from textual import events
from textual.app import App, SystemCommand
from textual.filter import LineFilter
from textual.screen import Screen
from textual.worker import WorkerFailed

from studio.defects import written_down
from studio.keys import group
from studio.opening_screen import OpeningScreen
from studio.pictures import without_fonts
from studio.remembered import Remembered
from studio.terminal import leave_on_signals, leave_when_gone
from studio.themes import THEMES
from studio.undo import UndoStack

if TYPE_CHECKING:
    from engine.choosing import ReasonerChoice
    from studio.modes.mode_screen import ModeScreen
    from studio.workspace import Workspace

log = logging.getLogger(__name__)

SCREENS_OF_MODES = {
    "home": "studio.modes.home.screen:HomeScreen",
    "author": "studio.modes.author.screen:AuthorScreen",
    "journeys": "studio.modes.journeys.screen:JourneysScreen",
    "map": "studio.modes.map.screen:MapScreen",
    "simulate": "studio.modes.simulate.screen:SimulateScreen",
    "scenarios": "studio.modes.scenarios.screen:ScenariosScreen",
}
"""Where each mode's screen is; it is loaded when the mode is first gone to."""


@dataclass(frozen=True)
class Opening:
    """How the studio is started.

    Attributes:
        path: The agent to open; None to begin at Home.
        trusted: Whether the agent's own code may run, this time.
        start: Where a virtual clock begins; None for the real one.
        theme: A theme's name; empty for the remembered one.
        plain: Whether to draw with ASCII characters only.
        mode: The mode to begin in; empty for Simulate with an agent, Home without.
        choice: Who does the thinking; None for who did it last in the workspace.
    """

    path: Path | None = None
    trusted: bool = False
    start: datetime | None = None
    theme: str = ""
    plain: bool = False
    mode: str = ""
    choice: ReasonerChoice | None = None

    @property
    def first_mode(self) -> str:
        """The mode to begin in."""
        return self.mode or ("simulate" if self.path is not None else "home")


@dataclass(frozen=True)
class Visited:
    """Somewhere that back and forward go to."""

    mode: str
    thing: str


def _load_screen(mode: str) -> Screen[Any]:
    module, _, name = SCREENS_OF_MODES[mode].partition(":")
    return cast("Screen[Any]", getattr(import_module(module), name)())


class StudioApp(App[int]):
    """The terminal app.

    Attributes:
        workspace: The open workspace; None at Home before one is opened.
        remembered: What is kept between starts.
        undo_stack: The changes made in this workspace.
    """

    TITLE = "cuecard"
    CSS_PATH = "studio.tcss"
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = [*group("Everywhere")]
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        mode: partial(_load_screen, mode) for mode in SCREENS_OF_MODES
    }

    def __init__(self, opening: Opening = Opening(), remembered: Remembered | None = None) -> None:  # noqa: B008
        """Make the studio; `run` or `run_test` starts it."""
        super().__init__()
        self.opening = opening
        self.workspace: Workspace | None = None
        self.remembered = remembered or Remembered()
        self.undo_stack = UndoStack()
        self._visited: list[Visited] = []
        self._ahead: list[Visited] = []
        self._switching = asyncio.Lock()
        self._asked: Workspace | None = None
        self._failed = False

    # -- starting and ending ------------------------------------------------------------------------------------

    def get_default_screen(self) -> Screen[Any]:
        """The first frame, before a mode is loaded."""
        title = self.opening.path.resolve().name if self.opening.path is not None else ""
        return OpeningScreen(title, self.opening.first_mode)

    def on_mount(self) -> None:
        """Dress up, and begin once the first frame is on the screen."""
        self._guard_terminal()
        for theme in THEMES:
            self.register_theme(theme)
        wanted = self.opening.theme or self.remembered.theme
        self.theme = wanted if wanted in self.available_themes else THEMES[0].name
        self.theme_changed_signal.subscribe(self, lambda theme: self._remember_theme(theme.name))
        self.call_after_refresh(self._begin)

    def _guard_terminal(self) -> None:
        """Give the terminal back whatever ends us; keep what agents' own code prints off the screen."""
        self.begin_capture_print(self)
        if not self.is_headless:
            leave_on_signals(self.exit)
            leave_when_gone(self.exit)

    def on_print(self, event: events.Print) -> None:
        """Write what somebody's code prints to the log."""
        if event.text.strip():
            log.info("printed: %s", event.text.rstrip())

    def _fatal_error(self) -> None:
        """Leave with one line about our own mistake; Textual would print a traceback with everybody's data."""
        error: BaseException = self._exception or RuntimeError("unknown")
        if isinstance(error, WorkerFailed):
            error = error.error
        log.error("the studio failed", exc_info=error)
        if self._failed:
            return
        self._failed = True
        self.panic(Text("\n".join(written_down(error))))

    def _remember_theme(self, name: str) -> None:
        if not self.opening.theme and self.remembered.theme != name:
            self.remembered.theme = name
            self.remembered.write()

    def _begin(self) -> None:
        self.run_worker(self._begin_with(self.opening), name="begin", exit_on_error=True)

    async def _begin_with(self, opening: Opening) -> None:
        from studio.own_keys import use_own_keys

        use_own_keys(self)
        if opening.path is not None:
            await self.open_workspace(opening.path, trusted=opening.trusted, start=opening.start, choice=opening.choice)
        first = self.screen
        await self.go(opening.first_mode)
        if isinstance(first, OpeningScreen):
            self.call_after_refresh(self._type_again, first.typed)
        # What was loaded stays for good, so that the collector need not look through it again and again.
        gc.freeze()
        gc.enable()

    def _type_again(self, keys: Sequence[events.Key]) -> None:
        """Have what was typed during the first frame typed into the mode."""
        for key in keys:
            self.post_message(events.Key(key.key, key.character))

    async def open_workspace(
        self,
        path: Path,
        *,
        trusted: bool = False,
        start: datetime | None = None,
        choice: ReasonerChoice | None = None,
    ) -> None:
        """Open an agent's folder in place of the one that is open.

        Args:
            path: The agent's folder or its `agent.yaml`.
            trusted: Whether its code may run, this time.
            start: Where a virtual clock begins; None for the real one.
            choice: Who does the thinking; None for who did it last in this workspace.
        """
        workspace_module = await asyncio.to_thread(import_module, "studio.workspace")
        fresh: Workspace = workspace_module.Workspace(path, trusted=trusted, start=start)
        fresh.choice = choice if choice is not None else await self._chosen_last(fresh.folder)
        await fresh.open()
        before, self.workspace = self.workspace, fresh
        self.undo_stack.clear()
        self.remembered.opened(fresh.folder)
        for screen in self.mode_screens():
            await screen.leave_workspace()
            screen.follow_workspace()
        if before is not None:
            await before.close()
        self.run_worker(self._watch(fresh), name="watch", group="watch", exclusive=True)
        if fresh.snapshot.notice:
            self.notify(fresh.snapshot.notice, severity="warning", timeout=8)

    async def _chosen_last(self, folder: Path) -> ReasonerChoice:
        """Who did the thinking in a workspace last; where that cannot be any more, who can, and a word about it."""
        from engine.choosing import ReasonerChoice, choice_fault

        remembered = self.remembered.choice_of(folder)
        fault = await asyncio.to_thread(choice_fault, remembered)
        if not fault:
            return remembered
        self.notify(f"{fault}; the embedded reasoner thinks here meanwhile", severity="warning", timeout=12)
        usual = ReasonerChoice()
        return ReasonerChoice(embeddings="lexical") if choice_fault(usual) else usual

    async def choose(self, choice: ReasonerChoice) -> None:
        """Have somebody else do the thinking in the open workspace, now and whenever it is opened again.

        Raises:
            engine.reasoner.base.ReasonerError: When that cannot be had; everything stays as it was.
        """
        if self.workspace is not None:
            await self.workspace.choose(choice)
            self.remembered.chose(self.workspace.folder, choice)

    async def _watch(self, workspace: Workspace) -> None:
        """Read the agent anew whenever somebody saves one of its files, and tell the modes which files changed."""
        async for files in workspace.changes():
            if any(not file.name.endswith(".scenario.yaml") for file in files):
                await workspace.reload()
            for screen in self.mode_screens():
                if screen.stands:
                    screen.files_changed(files)

    def _ask_for_trust(self) -> None:
        """Ask, once for each workspace that is opened, whether the agent's own code may run."""
        if self.workspace is None or self.workspace is self._asked or not self.workspace.snapshot.untrusted_code:
            return
        from studio.modals.trust import TrustQuestion

        self._asked = self.workspace
        self.push_screen(TrustQuestion(self.workspace))

    async def on_unmount(self) -> None:
        """Let go of the sessions."""
        if self.workspace is not None:
            await self.workspace.close()

    # -- going somewhere ----------------------------------------------------------------------------------------

    def mode_screens(self) -> list[ModeScreen]:
        """The screens of the modes that have been gone to, in no matter which is current."""
        from studio.modes.mode_screen import ModeScreen

        stacks = [self._screen_stacks[mode] for mode in SCREENS_OF_MODES if mode in self._screen_stacks]
        return [screen for stack in stacks for screen in stack if isinstance(screen, ModeScreen)]

    @property
    def mode_screen(self) -> ModeScreen:
        """The current mode's own screen, under whatever lies on top of it."""
        return cast("ModeScreen", self.screen_stack[0])

    async def go(self, mode: str, thing: str = "") -> ModeScreen:
        """Go to a mode, and to a thing in it.

        Args:
            mode: The mode's name.
            thing: The thing's name, as that mode's `show` takes it; none to leave the mode as it was.

        Returns:
            The mode's screen.
        """
        if self.current_mode in SCREENS_OF_MODES:
            self._visited.append(Visited(self.current_mode, self.mode_screen.thing))
            self._ahead.clear()
        return await self._show(Visited(mode, thing))

    async def _show(self, place: Visited) -> ModeScreen:
        async with self._switching:
            await self.switch_mode(place.mode)
        screen = self.mode_screen
        if place.thing:
            screen.show(place.thing)
        if place.mode != "home":
            self._ask_for_trust()
        return screen

    async def action_go(self, mode: str) -> None:
        """Go to a mode."""
        if mode != self.current_mode and len(self.screen_stack) == 1:
            await self.go(mode)

    async def action_back(self) -> None:
        """Go where we were before."""
        await self._travel(self._visited, self._ahead)

    async def action_forward(self) -> None:
        """Go where we came back from."""
        await self._travel(self._ahead, self._visited)

    async def _travel(self, there: list[Visited], here: list[Visited]) -> None:
        if there and len(self.screen_stack) == 1:
            here.append(Visited(self.current_mode, self.mode_screen.thing))
            await self._show(there.pop())

    # -- what acts everywhere -----------------------------------------------------------------------------------

    def action_help(self) -> None:
        """Help for what has the focus."""
        from studio.modals.help import Help

        self.push_screen(Help(self.screen, self.focused))

    def action_jump(self) -> None:
        """Put a letter on every pane."""
        from studio.modals.jump import Jump

        self.push_screen(Jump(self.screen))

    async def action_undo(self) -> None:
        """Take the last change back."""
        step = await self.undo_stack.undo()
        self.notify(f"taken back: {step.name}" if step else "there is nothing to take back", timeout=3)

    async def action_redo(self) -> None:
        """Do what was taken back once more."""
        step = await self.undo_stack.redo()
        self.notify(f"done again: {step.name}" if step else "there is nothing to do again", timeout=3)

    async def action_edit_file(self) -> None:
        """Open the agent file in the user's editor, at the thing that is shown."""
        from studio.editor import edit

        if self.workspace is not None and len(self.screen_stack) == 1:
            file, line = self.mode_screen.place()
            await edit(self, file, line)

    def action_zoom(self) -> None:
        """Give the whole screen to the pane with the focus, or take it back."""
        if len(self.screen_stack) == 1:
            self.mode_screen.action_zoom()

    async def action_quit(self) -> None:
        """Leave; everything is saved already."""
        self.exit(0)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers besides things: the rows of the key table that act now, themes and settings."""
        from studio.palette import commands

        yield from commands(self, screen)

    def export_screenshot(self, *, title: str | None = None, simplify: bool = False) -> str:
        """The screen as an SVG that fetches nothing from elsewhere; arguments as in Textual."""
        return without_fonts(super().export_screenshot(title=title, simplify=simplify))

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual's own filters and, with `--ascii`, ours."""
        filters = super().get_line_filters()
        if not self.opening.plain:
            return filters
        from studio.plain_glyphs import PlainGlyphs

        return [*filters, PlainGlyphs()]
