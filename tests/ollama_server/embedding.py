"""Vectors for texts: how often each three letters occur, so that like words have like vectors on every machine."""

from __future__ import annotations

import math
import re
from zlib import crc32

DIMENSIONS = 256


def vector(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """A unit vector of a text (the first axis for a text without letters)."""
    counts = [0.0] * dimensions
    for word in re.findall(r"\w+", text.lower()):
        marked = f"^{word}$"
        for start in range(len(marked) - 2):
            counts[crc32(marked[start : start + 3].encode()) % dimensions] += 1.0
    length = math.sqrt(sum(count * count for count in counts))
    if not length:
        return [1.0] + counts[1:]
    return [round(count / length, 7) for count in counts]
