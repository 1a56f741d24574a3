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
    worse = [key for key in progress.changed if progress.found[key] not in FINE]
    better = [key for key in progress.changed if key not in worse]
    changed = [*worse, *better]
    lines = [
        f"{MARKS[progress.changed[key]][0]} → {MARKS[progress.found[key]][0]}  {one_line(key)}"
        for key in changed[:NAMED]
    ]
    if len(changed) > NAMED:
        lines.append(f"… and {len(changed) - NAMED} more")
    counts = [f"{len(better)} now pass{'es' if len(better) == 1 else ''}"] if better else []
    counts += [f"{len(worse)} no longer" if better else _failing(len(worse))] if worse else []
    return Said(", ".join(counts), "\n".join(lines), "warning" if worse else "information")


def _failing(count: int) -> str:
    return f"{count} case{'' if count == 1 else 's'} no longer pass{'es' if count == 1 else ''}"
