"""`make bench`: print every figure beside its goal. Names choose some: `python -m benchmarks turns files`."""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module

PARTS = (
    "start_up",
    "turns",
    "embeddings",
    "relationships",
    "files",
    "events",
    "replaying",
    "ollama",
    "studio",
    "transcript",
    "canvas",
    "canvas_widget",
    "matching",
)


def main(chosen: list[str]) -> int:
    """Measure and print; 2 when a name is unknown."""
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        print(f"there is no {unknown[0]}; choose from {', '.join(PARTS)}", file=sys.stderr)
        return 2
    print(f"python {platform.python_version()}, {os.cpu_count()} cores; medians (least–greatest)")
    for name in chosen or PARTS:
        for figure in import_module(f"benchmarks.{name}").figures():
            print(figure, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
