"""Tensors of a safetensors file, mapped into memory: nothing is read before it is used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Tensor = NDArray[numpy.float32]

_LENGTH_OF_HEADER = 8


def mapped(file: Path) -> Mapping[str, Tensor]:
    """The float32 tensors of a file.

    The format (github.com/huggingface/safetensors): eight bytes with the length of a JSON header, little-endian; the
    header, which gives each tensor's type, shape and place; the numbers.

    Args:
        file: A `.safetensors` file.

    Returns:
        Its tensors by name, read-only.

    Raises:
        OSError: When the file cannot be read.
        ValueError: When it is not of that format.
    """
    import numpy

    with file.open("rb") as opened:
        size = int.from_bytes(opened.read(_LENGTH_OF_HEADER), "little")
        header: dict[str, Any] = json.loads(opened.read(size))
    numbers = numpy.memmap(file, dtype=numpy.uint8, mode="r", offset=_LENGTH_OF_HEADER + size)
    found = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            found[name] = numpy.asarray(numbers[start:end]).view(numpy.float32).reshape(entry["shape"])
    return found
