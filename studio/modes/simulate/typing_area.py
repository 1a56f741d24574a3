"""The bottom of the screen: what is offered, what could not be done, and the composer with its prompt."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static, TextArea

from studio.modes.simulate.composer import Composer
from studio.modes.simulate.conversation import Conversation
from studio.modes.simulate.offering import offers
from studio.modes.simulate.offers import Offers


class TypingArea(Vertical):
    """Where a person types, with everything that concerns what they type."""

    DEFAULT_CSS = """
    TypingArea { height: auto; }
    TypingArea > #said { height: auto; max-height: 12; padding: 0 1; display: none; }
    TypingArea > #typing { height: auto; background: $surface; padding: 0 1; }
    TypingArea > #typing > #prompt { width: auto; height: 1; color: $accent; text-style: bold; }
    """

    def __init__(self) -> None:
        """Make it empty."""
        super().__init__()
        self._drafts: dict[str, str] = {}
        self._typed_when_said = ""

    def compose(self) -> ComposeResult:
        """Offers, the line that says something, prompt and composer."""
        yield Offers()
        yield Static(id="said", markup=False)
        with Horizontal(id="typing"):
            yield Static("❯ ", id="prompt", markup=False)
            yield Composer()

    @property
    def composer(self) -> Composer:
        """Where messages are typed."""
        return self.query_one(Composer)

    @property
    def offered(self) -> tuple[str, ...]:
        """What is one key away now."""
        return self.query_one(Offers).texts

    def say(self, text: str, style: str = "$text-warning") -> None:
        """Say something, until something else is typed.

        Args:
            text: One line, or a few.
            style: How it looks.
        """
        said = self.query_one("#said", Static)
        said.update(Content.styled(text, style))
        said.display = True
        self._typed_when_said = self.composer.text

    @on(TextArea.Changed)
    def _typed(self) -> None:
        if self.composer.text != self._typed_when_said:
            self.fade()

    def fade(self) -> None:
        """Say nothing any more."""
        self.query_one("#said").display = False

    def show(self, conversation: Conversation, *, on_behalf: bool) -> None:
        """Follow a conversation: who speaks, what was said, what is offered."""
        prompt = "❯ "
        if conversation.manual:
            prompt = "as the agent ❯ " if on_behalf else "as a person ❯ "
        self.query_one("#prompt", Static).update(prompt)
        self.composer.remember(conversation.script.said)
        self.query_one(Offers).texts = offers(conversation)

    def change(self, before: str | None, after: str) -> None:
        """Put the draft of another conversation into the composer, and keep that of the one before.

        Args:
            before: The conversation that is left; None when there was none.
            after: The one that goes on.
        """
        if before is not None:
            self._drafts[before] = self.composer.text
        self.composer.load_text(self._drafts.pop(after, ""))
        self.fade()
