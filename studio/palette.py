"""What the palette (^p) finds: commands from the key table, things of the agent, themes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.screen import Screen

from studio.keys import GROUPS, KEYS
from studio.widgets.frame_lines import shown_key

if TYPE_CHECKING:
    from studio.app import StudioApp

MOVES = {key.id for name in ("Panes",) for key in GROUPS[name]} | {
    "down",
    "up",
    "top",
    "bottom",
    "leave_filter",
    "earlier",
    "later",
    "newline",
    "palette",
}
"""Keys that only move; the palette leaves them out."""


def commands(app: StudioApp, screen: Screen[Any]) -> Iterable[SystemCommand]:
    """Everything that can be done or gone to now.

    Args:
        app: The studio.
        screen: The screen that the palette was opened on.
    """
    yield from _acting(app, screen)
    yield SystemCommand("Theme", "Choose how the studio looks", app.action_change_theme)
    yield from _things(app)


def _acting(app: StudioApp, screen: Screen[Any]) -> Iterable[SystemCommand]:
    met: set[str] = set()
    for active in screen.active_bindings.values():
        key = KEYS.get(active.binding.id or "")
        if key is None or key.id in MOVES or key.id in met or not active.enabled:
            continue
        met.add(key.id)
        run = partial(app.run_action, active.binding.action, active.node)
        yield SystemCommand(key.label, f"{key.help} ({shown_key(active.binding.key)})", run)


def _things(app: StudioApp) -> Iterable[SystemCommand]:
    agent = app.workspace.snapshot.agent if app.workspace is not None else None
    if agent is None:
        return
    for name, thing in agent.things.items():
        mode = "journeys" if thing.kind == "journey" else "author"
        said = getattr(thing, "title", "") or getattr(thing, "condition", "") or getattr(thing, "description", "")
        yield SystemCommand(name, f"{thing.kind} · {said}" if said else thing.kind, partial(app.go, mode, name))
