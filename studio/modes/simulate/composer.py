"""Where messages are typed: one to five lines, with what was said before one key away."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from studio.keys import bindings


class Composer(TextArea):
    """A field for messages and commands.

    It posts `Sent` when a message is to be said, and is empty from then on; what could not be said is handed back with
    `give_back`, so that nothing is lost. Keys take effect one after the other, however fast they come.
    """

    HELP = (
        "Type what the customer says; Enter says it, ^j begins a new line, ↑ and ↓ bring back what was said before. "
        "Tab goes to the transcript. Lines that begin with / are commands; /help lists them."
    )
    BINDINGS = [*bindings("send", "newline", "earlier", "later")]
    DEFAULT_CSS = """
    Composer {
        height: auto; min-height: 1; max-height: 5; border: none; padding: 0; background: transparent;
        scrollbar-size-vertical: 1;
        &:focus { border: none; }
        & .text-area--cursor-line { background: transparent; }
    }
    """

    class Sent(Message):
        """Somebody wants this said."""

        def __init__(self, text: str) -> None:
            self.text = text
            super().__init__()

    def __init__(self) -> None:
        """Make an empty field."""
        super().__init__(compact=True, highlight_cursor_line=False, show_line_numbers=False)
        self._history: Sequence[str] = ()
        self._back = 0
        self._draft = ""

    def remember(self, said: Sequence[str]) -> None:
        """Know what was said before.

        Args:
            said: The messages, oldest first.
        """
        if list(said) != list(self._history):
            self._history = tuple(said)
            self._back = 0

    def put(self, text: str) -> None:
        """Put a text into the field, with the cursor after it; ^z brings back what stood there."""
        self.replace(text, (0, 0), self.document.end)
        self.move_cursor(self.document.end)

    def give_back(self, text: str) -> None:
        """Put a text that could not be said before whatever was typed since."""
        self.put(f"{text}\n{self.text}" if self.text.strip() else text)

    async def on_key(self, event: events.Key) -> None:
        """Run the keys of this field here and now.

        Left to bubble, they would be run by the app some keys later: of a pasted or quickly typed line, part would be
        sent and the rest lost.
        """
        active = None if event.is_printable else self.screen.active_bindings.get(event.key)
        if active is not None and active.node is self and active.enabled:
            event.stop()
            event.prevent_default()
            await self.run_action(active.binding.action)

    def action_send(self) -> None:
        """Have it said."""
        text = self.text
        self._back = 0
        self._draft = ""
        self.load_text("")
        self.post_message(self.Sent(text))

    def action_newline(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def action_earlier(self) -> None:
        """The message said before, once the cursor is on the first line."""
        if self.cursor_at_first_line and self._back < len(self._history):
            self._go_back_to(self._back + 1)
        else:
            self.action_cursor_up()

    def action_later(self) -> None:
        """The message said after that, and at last what was being typed, once the cursor is on the last line."""
        if self.cursor_at_last_line and self._back:
            self._go_back_to(self._back - 1)
        else:
            self.action_cursor_down()

    def action_undo(self) -> None:
        """Take back what was typed; where there is nothing to take back, the last change made in the studio."""
        before = self.text
        self.undo()
        if self.text == before:
            self.call_later(self.app.run_action, "app.undo")

    def _go_back_to(self, back: int) -> None:
        if self._back == 0:
            self._draft = self.text
        self._back = back
        self.put(self._history[-back] if back else self._draft)
