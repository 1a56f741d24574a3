"""The lines around every mode: where we are, the modes, and the keys that act now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from studio.keys import GROUPS, KEYS

if TYPE_CHECKING:
    from studio.app import StudioApp

MODES = ("home", "author", "journeys", "map", "simulate", "scenarios")
"""The modes, in the order of their keys F2 to F7."""

MOST_KEYS = 7
"""How many keys the key line shows at most."""


@dataclass(frozen=True)
class Where:
    """What line 1 says.

    Attributes:
        crumbs: The way here, outermost first.
        states: Short words on the right, e.g. `● saved`, `1 problem`, `12 ms`, each with its style.
    """

    crumbs: tuple[str, ...] = ()
    states: tuple[tuple[str, str], ...] = ()


class CrumbLine(Widget):
    """Line 1: the way here on the left, the state of things on the right."""

    DEFAULT_CSS = "CrumbLine { height: 1; background: $panel; color: $foreground; padding: 0 1; }"
    where: reactive[Where] = reactive(Where())

    def render(self) -> Content:
        """The line; where there is no room for all, the way is cut before the states are."""
        sign = Content.styled(" ▸ ", "$text-muted")
        crumbs = [Content.styled("cuecard", "bold $primary"), *(Content(crumb) for crumb in self.where.crumbs)]
        left = sign.join(crumbs)
        right = Content("   ").join([Content.styled(text, style) for text, style in self.where.states])
        keys = Content.styled("   ^p  F1", "$text-muted")
        width = self.size.width
        if left.cell_length + right.cell_length + keys.cell_length < width:
            right += keys
        room = max(0, width - right.cell_length - (1 if right else 0))
        if left.cell_length > room:
            left = left.truncate(room, ellipsis=True)
        return left + " " * max(0, width - left.cell_length - right.cell_length) + right


class Clickable(Widget):
    """A line of words, some of which run something when clicked."""

    def on_mount(self) -> None:
        """Know no words yet."""
        self._spans: list[tuple[int, int, str]] = []

    def on_click(self, event: events.Click) -> None:
        """Press the key of the word under the mouse."""
        for start, end, key in self._spans:
            if start <= event.x - self.styles.padding.left < end:
                self.app.simulate_key(key)


class ModeLine(Clickable):
    """Line 2: the modes; the current one in capitals, so that it can be told without colour."""

    DEFAULT_CSS = """
    ModeLine { height: 1; padding: 0 1; color: $text-muted; }
    .-short ModeLine { display: none; }
    """
    SCOPED_CSS = False  # the screen's own class lies outside
    mode: reactive[str] = reactive("home")

    def render(self) -> Content:
        """The names of the modes, short ones where they have no room."""
        self._spans = []
        line = Content("")
        names = [KEYS[mode].label for mode in MODES]
        gap = 2 if sum(len(name) + 2 for name in names) <= self.size.width + 2 else 1
        for mode, name in zip(MODES, names, strict=True):
            short = name if gap == 2 else name[:4]
            start = line.cell_length
            word = Content.styled(short.upper(), "bold $accent") if mode == self.mode else Content(short)
            line += word
            self._spans.append((start, line.cell_length, KEYS[mode].keys))
            line += " " * gap
        return line


class KeyLine(Clickable):
    """The last line: at most seven keys that act now, nearest to the focus first."""

    DEFAULT_CSS = "KeyLine { height: 1; padding: 0 1; background: $panel; color: $text-muted; }"

    def on_mount(self) -> None:
        """Draw anew whenever other keys act."""
        super().on_mount()
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> Content:
        """Keys and what they do."""
        self._spans = []
        line = Content("")
        for key, display, label in self._keys():
            word = Content.styled(display, "bold $accent") + Content(f" {label}")
            gap = 2 if line else 0
            if line.cell_length + gap + word.cell_length > self.size.width:
                break
            start = line.cell_length + gap
            line += Content(" " * gap) + word
            self._spans.append((start, line.cell_length, key))
        return line

    def _keys(self) -> list[tuple[str, str, str]]:
        found: dict[str, tuple[str, str, str]] = {}
        for key, active in self.screen.active_bindings.items():
            binding = active.binding
            if binding.show and active.enabled and binding.id not in found:
                found[binding.id or binding.action] = (key, shown_key(key), binding.description)
        everywhere = {row.id for row in GROUPS["Everywhere"]}
        own = [entry for name, entry in found.items() if name not in everywhere]
        others = [entry for name, entry in found.items() if name in everywhere]
        return [*own[: MOST_KEYS - len(others)], *others]


def shown_key(key: str) -> str:
    """A key as it is written on screen: `^p`, `⏎`, `F8`, `alt+↑`."""
    special = {"enter": "⏎", "escape": "Esc", "space": "Space", "up": "↑", "down": "↓", "left": "←", "right": "→"}
    named = {
        "slash": "/",
        "question_mark": "?",
        "less_than_sign": "<",
        "greater_than_sign": ">",
        "left_square_bracket": "[",
        "right_square_bracket": "]",
        "plus": "+",
        "minus": "-",
        "equals_sign": "=",
    }
    *modifiers, last = key.split("+")
    last = special.get(last) or named.get(last) or (last.upper() if last[:1] == "f" and last[1:].isdigit() else last)
    if modifiers == ["ctrl"]:
        return f"^{last}"
    return "+".join([*modifiers, last])


def studio_of(widget: Widget) -> StudioApp:
    """The studio that a widget is part of."""
    return cast("StudioApp", widget.app)
