"""The basics under the model: names, lengths of time, references to code, the composition modes and `Value`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer

RESERVED_NAMES = frozenset({"none", "end", "start", "no_match", "draft", "only", "any", "all", "live"})
NAME_PATTERN = re.compile(r"[a-z][a-z0-9_]*")
CODE_PATTERN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+")
_DURATION = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")


def parse_duration(text: object) -> timedelta:
    """Read a length of time such as `45s`, `3m`, `1h30m` or `2d`.

    Args:
        text: The text, or a `timedelta`, which is returned as it is.

    Returns:
        The length of time, greater than or equal to zero.

    Raises:
        ValueError: When the text is no length of time, or one too long to count.
    """
    if isinstance(text, timedelta):
        return text
    found = _DURATION.fullmatch(str(text).strip())
    if not found or not any(found.groups()):
        raise ValueError(f"{text!r} is no length of time; write it like 45s, 3m, 1h30m or 2d")
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    try:
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError as error:
        raise ValueError(f"{text!r} is no length of time; it is longer than time itself") from error


def format_duration(value: timedelta) -> str:
    """Write a length of time the way `parse_duration` reads it, e.g. `1h30m`."""
    left = value.total_seconds()
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{int(count)}{unit}")
    if left or not parts:
        parts.append(f"{left:g}s")
    return "".join(parts)


def _code(text: str) -> str:
    if not CODE_PATTERN.fullmatch(text):
        raise ValueError(f"{text!r} is no reference to code; write module.function, e.g. tools.is_vip")
    return text


Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(format_duration, return_type=str)]
"""A length of time, written `45s`, `3m`, `1h30m` or `2d`."""

Code = Annotated[str, AfterValidator(_code)]
"""A reference to a function in a module beside the agent file, e.g. `tools.is_vip`. Reading it runs nothing."""

Texts = tuple[str, ...]


class CompositionMode(StrEnum):
    """How freely the agent words its messages, from free to bound."""

    FLUID = "fluid"
    COMPOSITED = "composited"
    STRICT = "strict"

    @property
    def strictness(self) -> int:
        """0 for fluid, 1 for composited, 2 for strict: the most restrictive mode of a turn wins."""
        return list(CompositionMode).index(self)


class Value(BaseModel):
    """A frozen value with a content hash."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy with changed fields; what was computed from the old fields (`digest`, look-ups) is not copied."""
        copied = super().model_copy(update=dict(update or {}), deep=deep)
        for name in [name for name in copied.__dict__ if name not in type(self).model_fields]:
            del copied.__dict__[name]
        return copied

    @cached_property
    def digest(self) -> str:
        """The first 16 hex digits of the SHA-256 of the value's JSON: equal content, equal digest."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]
