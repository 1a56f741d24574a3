"""The right side: a head, and blocks with a cursor."""

from __future__ import annotations

import asyncio

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from studio.keys import bindings
from studio.modes.scenarios.blocks import Block
from studio.modes.scenarios.pages import Page


class Transcript(OptionList):
    """What was said and done in a case, block by block."""

    BINDINGS = [
        *bindings("open", "why", "turn_up", "turn_down", "view", "copy"),
        *bindings("down", "up", "top", "bottom", "leave_filter"),
    ]
    HELP = (
        "The conversation as it went, with each failing check where it failed: what was expected, what came, and why."
        " Move with the arrows, alt+↑ and alt+↓ go from turn to turn. w tells why the turn went as it did, Enter or o"
        " goes on from this turn in Simulate, v shows what the file says, F9 opens it there, Esc goes back to the list."
    )
    DEFAULT_CSS = """
    Transcript {
        height: 1fr; border: none; padding: 0; background: transparent; scrollbar-size-vertical: 1;
        &:focus { border: none; background-tint: transparent 0%; }
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-highlighted { background: transparent; color: $foreground; text-style: none; }
        &:focus > .option-list--option-highlighted { background: $primary 25%; color: $foreground; text-style: none; }
    }
    """

    class Left(Message):
        """The person goes back to the list."""

    def on_click(self, event: events.Click) -> None:
        """Move the cursor only; a second click opens."""
        event.prevent_default()
        clicked = event.style.meta.get("option")
        if clicked is not None:
            again = self.highlighted == clicked and event.chain > 1
            self.highlighted = clicked
            if again:
                self.action_select()

    def action_leave_filter(self) -> None:
        """Go back to the list."""
        self.post_message(self.Left())

    def action_turn(self, step: int) -> None:
        """Go to the beginning of the turn before or after."""
        if isinstance(self.parent, CaseView):
            self.parent.go_to_turn(step)


class CaseView(Vertical):
    """Shows a page. It posts `Moved` when the cursor comes to another block.

    Attributes:
        page: What is shown.
        composed: Set once there is something to draw on.
    """

    DEFAULT_CSS = """
    CaseView { height: 1fr; }
    CaseView > #head { height: auto; max-height: 5; padding: 0 1; }
    """

    class Moved(Message):
        """The cursor came to another block, or another page is shown."""

    class Opened(Message):
        """A block was opened with enter."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self.page = Page("")
        self._width = 0
        self.composed = asyncio.Event()

    def on_mount(self) -> None:
        """Its parts are there now."""
        self.composed.set()

    def compose(self) -> ComposeResult:
        """The head and the blocks."""
        yield Static(id="head", markup=False)
        yield Transcript(markup=False)

    @property
    def transcript(self) -> Transcript:
        """The blocks on screen."""
        return self.query_one(Transcript)

    @property
    def block(self) -> Block | None:
        """The block under the cursor."""
        number = self.transcript.highlighted
        return self.page.blocks[number] if number is not None and number < len(self.page.blocks) else None

    @property
    def turn(self) -> int:
        """The turn of the block under the cursor, counted from 1; 0 before the first."""
        return self.block.turn if self.block is not None else 0

    def show(self, page: Page) -> None:
        """Show another page, or the same one as it is now: the cursor stays while the page's state is the same."""
        same = (page.key, page.state) == (self.page.key, self.page.state)
        number = self.transcript.highlighted if same else None
        drawn = same and page.blocks == self.page.blocks
        if page.head != self.page.head:
            self.query_one("#head", Static).update(Content("\n").join(page.head))
        self.page = page
        if not drawn:
            self._draw(number)
        self.post_message(self.Moved())

    def on_resize(self) -> None:
        """Wrap anew where the width is another."""
        if self.size.width != self._width:
            self._draw(self.transcript.highlighted)

    def go_to_turn(self, step: int) -> None:
        """Move the cursor to the first block of the turn before or after; the first or last block where none is."""
        turns = [block.turn for block in self.page.blocks]
        if not turns:
            return
        here = self.transcript.highlighted or 0
        starts = [number for number, turn in enumerate(turns) if number == 0 or turns[number - 1] != turn]
        found = [start for start in starts if (start < here if step < 0 else start > here)]
        ends = 0 if step < 0 else len(turns) - 1
        self.transcript.highlighted = (found[-1] if step < 0 else found[0]) if found else ends

    def _draw(self, number: int | None) -> None:
        self._width = self.size.width
        transcript = self.transcript
        above = transcript.scroll_offset.y
        width = max(8, self._width - 3)  # one cell on either side, and the scrollbar
        transcript.set_options([Option(block.drawn(width)) for block in self.page.blocks])
        if not self.page.blocks:
            return
        if number is None:
            failing = [place for place, block in enumerate(self.page.blocks) if block.failed]
            transcript.highlighted = failing[0] if failing else 0
        else:
            transcript.highlighted = min(number, len(self.page.blocks) - 1)
            transcript.scroll_to(y=above, animate=False, immediate=True)
        transcript.scroll_to_highlight()

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(self.Moved())

    @on(OptionList.OptionSelected)
    def _opened(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Opened())
