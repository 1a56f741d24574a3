"""What every mode has: the lines around it, the keys that act everywhere, and the workspace it draws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from engine.reasoner.base import ReasonerInfo
from studio.keys import bindings
from studio.widgets.frame_lines import CrumbLine, KeyLine, ModeLine, Where, studio_of
from studio.widgets.split import Split
from studio.workspace import Snapshot, Workspace

LONGEST_NAME = 20
"""Columns that the name of a model takes at most."""


class ModeScreen(Screen[None]):
    """One mode: left the things, right the thing, at the bottom what it says.

    A mode composes its middle in `compose_body`, draws the agent in `workspace_changed`, and goes to a thing in `show`.

    Attributes:
        MODE: The mode's name, as in `studio.widgets.frame_lines.MODES`.
    """

    MODE: ClassVar[str]
    BINDINGS = [*bindings("inspector", "zoom_letter", "narrower", "wider")]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-normal"), (140, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (14, "-tall")]
    AUTO_FOCUS = ""
    ESCAPE_TO_MINIMIZE = True
    thing: reactive[str] = reactive("")
    """The name of what is shown, for the way here and for going back."""

    def compose(self) -> ComposeResult:
        """The lines around the mode's own body."""
        yield CrumbLine()
        mode_line = ModeLine()
        mode_line.mode = self.MODE
        yield mode_line
        yield from self.compose_body()
        yield KeyLine()

    def compose_body(self) -> ComposeResult:
        """The mode's own widgets."""
        raise NotImplementedError

    @property
    def workspace(self) -> Workspace | None:
        """The open workspace."""
        return studio_of(self).workspace

    def on_mount(self) -> None:
        """Follow the workspace from now on."""
        self._leave_workspace: Callable[[], None] = lambda: None
        self.follow_workspace()

    def follow_workspace(self) -> None:
        """Draw the open workspace and everything that it becomes; called again when another one is opened."""
        self._leave_workspace()
        if self.workspace is None:
            return
        self._leave_workspace = self.workspace.subscribe(self._workspace_changed)
        self._workspace_changed(self.workspace.snapshot)

    async def leave_workspace(self) -> None:
        """Finish what has to do with the workspace that was open, before it is closed."""

    def on_unmount(self) -> None:
        """Follow it no longer."""
        self._leave_workspace()

    @property
    def stands(self) -> bool:
        """Whether there is a screen to draw on: not any more while the studio is being left."""
        return bool(self.query(CrumbLine))

    def _workspace_changed(self, snapshot: Snapshot) -> None:
        if self.stands:
            self.workspace_changed(snapshot)
            self.say_where()

    def workspace_changed(self, snapshot: Snapshot) -> None:
        """Draw the agent as it is now.

        Args:
            snapshot: The workspace; its agent is None while it has never been readable.
        """

    def files_changed(self, files: frozenset[Path]) -> None:
        """Somebody saved some of the workspace's files; the agent itself has been read again by now."""

    def place(self) -> tuple[Path, int]:
        """Where what is shown stands: a file and a line, from 1. The head of the agent file unless a mode knows."""
        assert self.workspace is not None
        document = self.workspace.snapshot.document
        file = document.path if document is not None else None
        return file or self.workspace.folder / "agent.yaml", 1

    def show(self, thing: str) -> None:
        """Go to a thing by its name; what a name means is up to the mode."""
        self.thing = thing

    def watch_thing(self) -> None:
        """Say where we are."""
        if self.is_mounted:
            self.say_where()

    def states(self) -> tuple[tuple[str, str], ...]:
        """Short words for the right of line 1, before the problems, each with its style."""
        return ()

    @property
    def reasoner(self) -> ReasonerInfo | None:
        """Who does the thinking in what is shown; None where nobody does."""
        return self.workspace.snapshot.reasoner if self.workspace is not None else None

    def say_where(self) -> None:
        """Bring line 1 up to date."""
        crumbs = ["Home"] if self.MODE == "home" else []
        states = [*self.states()]
        if self.workspace is not None:
            snapshot = self.workspace.snapshot
            crumbs.insert(0, snapshot.title)
            if self.MODE != "home":
                crumbs.append(self.MODE.capitalize())
            states.append(_saved(snapshot))
            states.extend(_thinking(self.reasoner))
            states.extend(_problems(snapshot))
        crumbs.extend([self.thing] if self.thing else [])
        self.query_one(CrumbLine).where = Where(tuple(crumbs), tuple(states))

    def default_focus(self) -> Widget | None:
        """What has the focus when the mode is gone to and nothing has it."""
        return None

    def on_screen_resume(self) -> None:
        """Give the focus to where work goes on."""
        if self.focused is None and (widget := self.default_focus()) is not None:
            widget.focus()

    def action_toggle_side(self) -> None:
        """Hide or show the pane on the right."""
        for split in self.query(Split).results(Split):
            seen = split.toggle_second()
            if not seen and self.focused is not None and split.second in self.focused.ancestors_with_self:
                self.focus_next()

    def action_move_split(self, columns: int) -> None:
        """Move the line between the panes."""
        split = next(iter(self.query(Split)), None)
        if split is not None:
            split.move_by(columns)

    def action_zoom(self) -> None:
        """Give the whole screen to the pane with the focus, or take it back."""
        if self.maximized is not None:
            self.minimize()
        elif self.focused is not None:
            self.maximize(self.focused)


def _saved(snapshot: Snapshot) -> tuple[str, str]:
    if snapshot.notice:
        return ("○ not kept", "$text-warning")
    return ("● saved", "$text-success")


def _thinking(info: ReasonerInfo | None) -> list[tuple[str, str]]:
    """The model, or where none thinks the embeddings: what answers depend on most, in one word."""
    word = (info.model or info.embeddings) if info is not None else ""
    return [(word if len(word) <= LONGEST_NAME else f"{word[: LONGEST_NAME - 1]}…", "dim")] if word else []


def _problems(snapshot: Snapshot) -> list[tuple[str, str]]:
    errors = sum(problem.severity == "error" for problem in snapshot.problems)
    warnings = len(snapshot.problems) - errors
    said: list[tuple[str, str]] = []
    if errors:
        said.append((f"✗ {errors} error{'s' if errors > 1 else ''}", "$text-error"))
    if warnings:
        said.append((f"! {warnings} warning{'s' if warnings > 1 else ''}", "$text-warning"))
    return said
