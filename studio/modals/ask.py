"""Ask for one line, or for one of several things."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from studio.widgets.thing_list import Row, ThingList


class AskText(ModalScreen[str | None]):
    """Asks for one line; it answers None when the person leaves it."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Leave")]

    def __init__(self, question: str, value: str = "", fault: Callable[[str], str] = lambda text: "") -> None:
        """Ask.

        Args:
            question: What is asked.
            value: What stands in the field already.
            fault: Says in one line why a text cannot be taken; empty when it can.
        """
        super().__init__()
        self._question = question
        self._value = value
        self._fault = fault

    def compose(self) -> ComposeResult:
        """The question, its field and room for a fault."""
        with Vertical(classes="sheet"):
            yield Static(self._question, classes="title", markup=False)
            yield Input(self._value, compact=True)
            yield Static("⏎ take it   Esc leave", classes="muted", id="said", markup=False)

    @on(Input.Submitted)
    def _taken(self, event: Input.Submitted) -> None:
        event.stop()
        fault = self._fault(event.value)
        if fault:
            self.query_one("#said", Static).update(Content.styled(f"✗ {fault}", "$text-error"))
        else:
            self.dismiss(event.value)


class Pick(ModalScreen[str | None]):
    """Has one of several rows chosen; it answers the row's key, or None when the person leaves it."""

    BINDINGS = [Binding("escape", "dismiss(None)", "Leave")]
    DEFAULT_CSS = """
    Pick > .sheet > ThingList { height: auto; max-height: 20; }
    Pick > .sheet > ThingList > Rows { height: auto; max-height: 18; }
    """

    def __init__(
        self, title: str, rows: Sequence[Row], key: str | None = None, empty: str = "Nothing to choose"
    ) -> None:
        """Offer rows.

        Args:
            title: What is being chosen.
            rows: What there is.
            key: The row the cursor begins on.
            empty: What is said when there are no rows.
        """
        super().__init__()
        self._title = title
        self._rows = rows
        self._key = key
        self._empty = empty

    def compose(self) -> ComposeResult:
        """The title and the rows."""
        with Vertical(classes="sheet"):
            yield Static(self._title, classes="title", markup=False)
            yield ThingList(self._empty)
            yield Static("⏎ choose   / filter   Esc leave", classes="muted", markup=False)

    def on_mount(self) -> None:
        """Show the rows."""
        things = self.query_one(ThingList)
        things.show(self._rows, self._key)
        things.focus()

    @on(ThingList.Chosen)
    def _chosen(self, event: ThingList.Chosen) -> None:
        event.stop()
        self.dismiss(event.key)
