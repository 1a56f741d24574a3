"""A list of things with a cursor and a filter: the left half of nearly every mode."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import events, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from studio.keys import bindings


@dataclass(frozen=True)
class Row:
    """One row of a list.

    Attributes:
        key: What the row stands for; unique in its list.
        label: What is drawn; it may have several lines.
        words: What the filter searches; the label's own text when empty.
        heading: Whether it only names what follows, so that the cursor passes over it.
    """

    key: str
    label: Content
    words: str = ""
    heading: bool = False

    @property
    def searched(self) -> str:
        """What the filter compares with, without case."""
        return (self.words or self.label.plain).casefold()


class Rows(OptionList):
    """The rows themselves. Drawn as strips, so that thousands of them cost nothing until they are seen."""

    BINDINGS = [*bindings("down", "up", "top", "bottom", "open", "filter", "leave_filter")]
    HELP = "Move with the arrows or j and k. Enter opens a row, / shows only the rows with some words."
    DEFAULT_CSS = """
    Rows {
        height: 1fr; border: none; padding: 0; background: transparent; scrollbar-size-vertical: 1;
        &:focus { border: none; background-tint: transparent 0%; }
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-disabled { color: $text-muted; text-style: bold; }
        & > .option-list--option-highlighted { background: $panel; text-style: none; }
        &:focus > .option-list--option-highlighted { background: $primary 30%; color: $foreground; text-style: bold; }
    }
    """

    def action_filter(self) -> None:
        """Begin to filter."""
        if isinstance(self.parent, ThingList):
            self.parent.begin_filter()

    def action_leave_filter(self) -> None:
        """Show every row again; where nothing is filtered, hand the key on."""
        if not (isinstance(self.parent, ThingList) and self.parent.filtered):
            raise SkipAction
        self.parent.leave_filter()


class ThingList(Vertical):
    """Rows with a filter above them.

    It posts `Highlighted` when the cursor comes to a row, `Chosen` when a row is opened. Rows keep their place under
    the cursor by key when others come.
    """

    DEFAULT_CSS = """
    ThingList { height: 1fr; }
    ThingList > Input { display: none; height: 1; border: none; padding: 0 1; background: $panel; }
    ThingList > Input:focus { border: none; }
    ThingList.-filtering > Input { display: block; }
    """

    class Highlighted(Message):
        """The cursor came to a row."""

        def __init__(self, things: ThingList, key: str) -> None:
            self.things = things
            self.key = key
            super().__init__()

        @property
        def control(self) -> ThingList:
            """The list."""
            return self.things

    class Chosen(Highlighted):
        """A row was opened with enter or a click."""

    def __init__(
        self,
        empty: str = "Nothing here yet",
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        """Make an empty list.

        Args:
            empty: What stands there when there are no rows: one line that says what to do.
            id: As for every widget.
            classes: As for every widget.
        """
        super().__init__(id=id, classes=classes)
        self._empty = empty
        self._rows: tuple[Row, ...] = ()
        self._wanted = ""

    def compose(self) -> ComposeResult:
        """The filter and the rows."""
        yield Input(placeholder="filter", select_on_focus=False)
        yield Rows(markup=False)

    @property
    def rows(self) -> Rows:
        """The rows on screen."""
        return self.query_one(Rows)

    @property
    def filtered(self) -> bool:
        """Whether only some of the rows are shown."""
        return self.has_class("-filtering")

    @property
    def key(self) -> str | None:
        """The key of the row under the cursor."""
        option = next((rows.highlighted_option for rows in self.query(Rows)), None)
        return option.id if option is not None else None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the rows that are shown and can be chosen, in order."""
        return tuple(option.id for option in self.rows.options if option.id is not None and not option.disabled)

    def focus(self, scroll_visible: bool = True) -> ThingList:
        """Give the rows the focus."""
        self.rows.focus(scroll_visible)
        return self

    def show(self, rows: Sequence[Row], key: str | None = None) -> None:
        """Show other rows.

        Args:
            rows: The rows.
            key: Where the cursor is to stand; where it stood when None.
        """
        self._rows = tuple(rows)
        self._wanted = key or self.key or self._wanted
        self._draw()

    def set_empty(self, said: str) -> None:
        """Say something else where there are no rows."""
        self._empty = said
        self._draw()

    def select(self, key: str) -> bool:
        """Move the cursor to a row; False when there is no such row."""
        if key in {row.key for row in self._rows} and key not in self.keys:
            self.leave_filter()
        if key not in self.keys:
            return False
        self.rows.highlighted = self.rows.get_option_index(key)
        return True

    def begin_filter(self) -> None:
        """Show the filter and give it the focus."""
        self.add_class("-filtering")
        self.query_one(Input).focus()

    def leave_filter(self) -> None:
        """Hide the filter and show every row again."""
        self.remove_class("-filtering")
        self._wanted = self.key or self._wanted
        self.query_one(Input).value = ""
        self._draw()
        self.rows.focus()

    @on(Input.Changed)
    def _filter_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._wanted = self.key or self._wanted
        self._draw()

    @on(Input.Submitted)
    def _filter_done(self, event: Input.Submitted) -> None:
        event.stop()
        self.rows.focus()

    def key_escape(self, event: events.Key) -> None:
        """Leave the filter from its own field."""
        if self.query_one(Input).has_focus:
            event.stop()
            self.leave_filter()

    def key_down(self) -> None:
        """From the filter into the rows."""
        if self.query_one(Input).has_focus:
            self.rows.focus()

    @on(OptionList.OptionHighlighted)
    def _row_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option.id is not None:
            self._wanted = event.option.id
            self.post_message(self.Highlighted(self, event.option.id))

    @on(OptionList.OptionSelected)
    def _row_chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id is not None:
            self.post_message(self.Chosen(self, event.option.id))

    def on_mount(self) -> None:
        """Draw what was shown before there was anything to draw on."""
        self._draw()

    def _draw(self) -> None:
        if not self.query(Rows):
            return  # not there yet, or not there any more
        shown = list(_matching(self._rows, self.query_one(Input).value))
        rows = self.rows
        above = rows.scroll_offset.y
        rows.set_options([Option(row.label, id=row.key, disabled=row.heading) for row in shown])
        if not shown:
            said = self._empty if not self._rows else "no row has these words"
            rows.add_option(Option(Content.styled(said, "$text-muted italic"), disabled=True))
            return
        keys = [row.key for row in shown]
        places = [place for place, row in enumerate(shown) if not row.heading]
        if places:
            rows.highlighted = keys.index(self._wanted) if self._wanted in keys else places[0]
            rows.scroll_to(y=above, animate=False, immediate=True)
            rows.scroll_to_highlight()


def _matching(rows: Iterable[Row], words: str) -> Iterable[Row]:
    """The rows that have all the words, with the headings above them."""
    wanted = words.casefold().split()
    heading: Row | None = None
    for row in rows:
        if row.heading:
            heading = row
        elif all(word in row.searched for word in wanted):
            if heading is not None:
                yield heading
                heading = None
            yield row
