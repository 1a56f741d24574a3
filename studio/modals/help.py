"""Help for what has the focus, and the sheet of all keys; both are drawn from the key table."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from studio.keys import GROUPS, KEYS, Key
from studio.widgets.frame_lines import shown_key

WIDTH = 18
"""Columns for the keys of a row."""
MOST = 4
"""More keys than this for one thing are a row of keys, of which the first and the last are named."""


class Help(ModalScreen[None]):
    """What the focused widget is for and the keys that act on it now."""

    BINDINGS = [Binding("escape,q", "dismiss", "Leave"), Binding("f1,question_mark", "all_keys", "Every key")]

    def __init__(self, screen: Screen[object], focused: Widget | None) -> None:
        """Look at what has the focus, before this sheet takes it."""
        super().__init__()
        self._said = _said_about(focused, screen)
        active = screen.active_bindings.values()
        nearest = [each for each in active if each.node not in (screen.app, screen) and each.enabled]
        others = [each for each in active if each.node is screen and each.enabled]
        self._near = _keys_of(each.binding for each in nearest)
        self._mode = _keys_of(
            each.binding for each in others if each.binding.id not in {key.id for key in GROUPS["Panes"]}
        )

    def compose(self) -> ComposeResult:
        """What it is, and its keys."""
        with VerticalScroll(classes="sheet"):
            yield Static(self._said[0], classes="title", markup=False)
            yield Static(self._said[1], markup=False)
            yield Static(_table("Here", self._near) + _table("In this mode", self._mode))
            yield Static("F1 or ? again: every key   Esc leave", classes="muted", markup=False)

    def action_all_keys(self) -> None:
        """Show every key instead."""
        self.app.switch_screen(CheatSheet())


class CheatSheet(ModalScreen[None]):
    """Every key there is."""

    BINDINGS = [Binding("escape,q,f1,question_mark", "dismiss", "Leave")]

    def compose(self) -> ComposeResult:
        """The table, group by group."""
        with VerticalScroll(classes="sheet"):
            yield Static("Every key", classes="title")
            yield Static("Letters act outside text fields. Change any of them in keys.yaml.", classes="muted")
            tables = [
                _table(name, [(_display(key.keys), key.help, key.id) for key in keys]) for name, keys in GROUPS.items()
            ]
            yield Static(Content("").join(tables))


def _said_about(widget: Widget | None, screen: Screen[object]) -> tuple[str, str]:
    for node in widget.ancestors_with_self if widget is not None else [screen]:
        said = getattr(node, "HELP", None)
        if said:
            return _title(node), inspect.cleandoc(said)
    return _title(screen), inspect.cleandoc(type(screen).__doc__ or "").split("\n\n")[0]


def _title(node: object) -> str:
    words = type(node).__name__.removesuffix("Screen")
    spaced = "".join(
        f" {letter.lower()}" if letter.isupper() and place else letter for place, letter in enumerate(words)
    )
    return str(getattr(node, "border_title", None) or spaced)


def _keys_of(found: Iterable[Binding]) -> list[tuple[str, str, str]]:
    rows: dict[str, tuple[str, str, str]] = {}
    for binding in found:
        key: Key | None = KEYS.get(binding.id or "")
        if key is None:
            continue
        shown = rows[key.id][0] + " " if key.id in rows else ""
        rows[key.id] = (shown + shown_key(binding.key), key.help, key.id)
    return list(rows.values())


def _display(keys: str) -> str:
    shown = [shown_key(key.strip()) for key in keys.split(",")]
    return f"{shown[0]} … {shown[-1]}" if len(shown) > MOST else " ".join(shown)


def _table(name: str, rows: list[tuple[str, str, str]]) -> Content:
    if not rows:
        return Content("")
    lines = [Content.styled(f"\n{name}\n", "bold")]
    for shown, said, _ in rows:
        lines.append(Content.styled(f"  {shown:<{WIDTH}}", "$accent") + Content(f"{said}\n"))
    return Content("").join(lines)
