"""The question whether an agent's own code may run on this machine."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from engine.agent.code import CodeError, trust
from studio.workspace import Workspace


class TrustQuestion(ModalScreen[bool]):
    """Asked the first time that somebody's agent with code is opened; leaving it runs none of the code."""

    BINDINGS = [
        Binding("t", "trust", "Trust this folder"),
        Binding("o", "once", "This time only"),
        Binding("escape,n", "refuse", "Do not run it"),
    ]

    def __init__(self, workspace: Workspace) -> None:
        """Ask about a workspace."""
        super().__init__()
        self._workspace = workspace

    def compose(self) -> ComposeResult:
        """What would run, and the three answers."""
        snapshot = self._workspace.snapshot
        tools = ", ".join(snapshot.untrusted_code)
        with Vertical(classes="sheet"):
            yield Static("May this agent's own code run?", classes="title")
            yield Static(
                f"{snapshot.folder.resolve()}\n\nIts tools ({tools}) are Python code that somebody wrote. Code that"
                " runs can read your files and use your network. Look at it first if you do not know who it is from;"
                " everything else works without it, and a tool that has a stub answers with the stub.\n",
                markup=False,
            )
            yield Static(
                "[@click=screen.trust][b $accent]t[/]  trust this folder from now on[/]\n"
                "[@click=screen.once][b $accent]o[/]  let it run this time only[/]\n"
                "[@click=screen.refuse][b $accent]Esc[/]  do not run it[/]"
            )

    async def action_trust(self) -> None:
        """Let it run from now on."""
        try:
            trust(self._workspace.folder)
        except CodeError as error:
            self.app.notify(str(error), title="This could not be kept; it runs this time only", severity="warning")
        await self.action_once()

    async def action_once(self) -> None:
        """Let it run until the studio is left."""
        await self._workspace.trust()
        self.dismiss(True)

    def action_refuse(self) -> None:
        """Run none of it."""
        self.app.notify("its code does not run; `cuecard trust` changes that", timeout=5)
        self.dismiss(False)
