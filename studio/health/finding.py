"""One thing that was looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: What it is, in one word.
        fine: Whether it is as it should be.
        found: What was found, as one line.
        remedy: The one command, or the one thing to do, that mends it; empty where nothing needs mending.
        needed: Whether Cuecard, or what the user chose, cannot work without it.
        seconds: How long it takes, where that was measured.
    """

    name: str
    fine: bool
    found: str
    remedy: str = ""
    needed: bool = True
    seconds: float | None = None

    @property
    def mark(self) -> str:
        """✓ fine, ✗ missing, – missing and not needed."""
        return "✓" if self.fine else "✗" if self.needed else "–"
