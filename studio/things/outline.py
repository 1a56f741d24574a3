"""A journey as lines: its states and transitions, depth first, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.agent.model import Journey, State, Transition
from studio.things.catalog import words_of

Shape = Literal["start", "chat", "tool", "link", "fork", "end", "back", "merge", "missing", "apart"]

GLYPHS: dict[Shape, str] = {
    "start": "●",
    "chat": "○",
    "tool": "⚙",
    "link": "▸",
    "fork": "◇",
    "end": "■",
    "back": "↩",
    "merge": "→",
    "missing": "?",
    "apart": "!",
}
"""The sign of each shape of line."""


@dataclass(frozen=True)
class OutlineLine:
    """One line of an outline.

    Attributes:
        shape: What the line shows: a state for the first time, or a way to one that is shown elsewhere (`back` to one
            on the way here, `merge` to another), the end, or states that nothing leads to (`apart`).
        state: The state's name; empty for `end` and `apart`.
        text: What the state does, in the author's words.
        condition: What has to hold to come here from the line above it, one step further out; empty when nothing.
        depth: How far it is indented.
        ends: Whether the journey ends here because nothing follows.
        source: The state that the way leads from; empty for the first.
    """

    shape: Shape
    state: str
    text: str = ""
    condition: str = ""
    depth: int = 0
    ends: bool = False
    source: str = ""

    @property
    def glyph(self) -> str:
        """The line's sign."""
        return GLYPHS[self.shape]

    @property
    def is_state(self) -> bool:
        """Whether this is where the state itself is shown."""
        return self.shape in ("start", "chat", "tool", "link", "fork")


@dataclass(frozen=True)
class _Way:
    """A way still to be walked; `leaving` takes a state off the way back instead."""

    source: str
    transition: Transition
    depth: int
    leaving: bool = False


def outline(journey: Journey) -> tuple[OutlineLine, ...]:
    """Draw up a journey's outline.

    Args:
        journey: The journey.

    Returns:
        Its lines: every state exactly once where it is first come to, every other way to it as a line by name. A
        state with one way on is followed at its own depth; several ways are indented.
    """
    shown: dict[str, None] = {}
    lines: list[OutlineLine] = []
    for place, state in enumerate(journey.states):
        if state.name in shown:
            continue
        if place and all(line.shape != "apart" for line in lines):
            lines.append(OutlineLine("apart", "", "nothing leads to these"))
        lines.extend(_walk(journey, state, shown, first=place == 0))
    return tuple(lines)


def _walk(journey: Journey, start: State, shown: dict[str, None], *, first: bool) -> Iterator[OutlineLine]:
    """Everything that can be come to from a state and is not shown yet, without recursion."""
    on_the_way: set[str] = set()
    waiting = [_Way("", Transition(to=start.name), 0)]
    while waiting:
        way = waiting.pop()
        if way.leaving:
            on_the_way.discard(way.source)
            continue
        line = _line(journey, way, shown, on_the_way, first=first and not shown)
        yield line
        if line.is_state:
            state = journey.by_name[line.state]
            shown[state.name] = None
            on_the_way.add(state.name)
            waiting.append(_Way(state.name, way.transition, 0, leaving=True))
            deeper = way.depth + (1 if len(state.next) > 1 else 0)
            waiting.extend(_Way(state.name, onward, deeper) for onward in reversed(state.next))


def _line(journey: Journey, way: _Way, shown: dict[str, None], on_the_way: set[str], *, first: bool) -> OutlineLine:
    name = way.transition.to
    condition = way.transition.condition or ""
    state = journey.by_name.get(name)
    if state is None:
        shape: Shape = "end" if way.transition.ends else "missing"
        return OutlineLine(shape, "", "the end" if shape == "end" else name, condition, way.depth, source=way.source)
    if name in shown:
        shape = "back" if name in on_the_way else "merge"
        return OutlineLine(shape, name, words_of(state), condition, way.depth, source=way.source)
    shape = "start" if first else state.kind
    return OutlineLine(shape, name, words_of(state), condition, way.depth, not state.next, way.source)
