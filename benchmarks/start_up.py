"""How fast the command is there."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import Figure, figure, seconds


def figures() -> Iterator[Figure]:
    """`cuecard --version` and `--help`, each beside a bare Python start."""
    bare = statistics.median(seconds(lambda: _run("-c", "pass"), runs=9))
    floor = f"bare python {bare:.3f} s"
    for option in ("--version", "--help"):
        taken = seconds(lambda option=option: _run("-m", "studio.cli", option), runs=9)  # type: ignore[misc]
        yield figure(f"cuecard {option}", taken, "s", 0.13, floor=floor)


def _run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
