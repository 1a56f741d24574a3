"""What a run says when it has ended: whose verdict is another than before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.modes.scenarios.bench import Progress
from studio.modes.scenarios.verdicts import FINE, MARKS
from studio.modes.scenarios.wrapped import one_line

NAMED = 3
"""How many cases are named; the others are counted."""


@dataclass(frozen=True)
class Said:
    """What is said about a run, with its title and weight."""

    title: str
    text: str
    severity: Literal["information", "warning"]


def told_changes(progress: Progress) -> Said | None:
    """What has changed in a run, worse first; None when every verdict is as it was."""
    if not progress.changed:
        return None
    better = [key for key in progress.changed if progress.found[key] in FINE]
    worse = [key for key, was in progress.changed.items() if was in FINE and key not in better]
    other = [key for key in progress.changed if key not in better and key not in worse]
    changed = [*worse, *other, *better]
    lines = [
        f"{MARKS[progress.changed[key]][0]} → {MARKS[progress.found[key]][0]}  {one_line(key)}"
        for key in changed[:NAMED]
    ]
    if len(changed) > NAMED:
        lines.append(f"… and {len(changed) - NAMED} more")
    counts = [
        _counted(len(worse), "no longer passes", "no longer pass"),
        _counted(len(other), "fails in another way", "fail in another way"),
        _counted(len(better), "passes now", "pass now"),
    ]
    return Said(", ".join(filter(None, counts)), "\n".join(lines), "warning" if worse or other else "information")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""
