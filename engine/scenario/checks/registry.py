"""The registry of checks: a key, the shape of its value, and the function that judges a turn.

A check judges once and answers both questions: whether what is expected holds (a step, `expect`, `order`), and whether
nothing of it does (`not`). A new check is one decorated function in one of the files beside this one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.scenario.expected import Expected, holds_for, none_hold_for, shown
from engine.scenario.moment import Moment
from engine.scenario.shapes import Shape

W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found in a turn.

    `holds` is whether the expectation is met, `absent` whether nothing of it is; `got` says what there was instead,
    `about` names the entities whose part in the turn explains it.
    """

    holds: bool
    absent: bool
    got: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckKind:
    """One check: its key, how its value is written, and its judge."""

    key: str
    shape: Shape[Any]
    judge: Callable[[Any, Moment], Finding]


CHECKS: dict[str, CheckKind] = {}
"""Every check by its key, in the order of their definition."""


def check(key: str, shape: Shape[Any]) -> Callable[[Callable[[W, Moment], Finding]], Callable[[W, Moment], Finding]]:
    """Register a function as the judge of a key.

    Args:
        key: The key in the scenario file.
        shape: How its value is written.
    """

    def register(judge: Callable[[W, Moment], Finding]) -> Callable[[W, Moment], Finding]:
        CHECKS[key] = CheckKind(key, shape, judge)
        return judge

    return register


def simple(holds: bool, got: str, about: Sequence[str] = ()) -> Finding:
    """A finding of a check that either holds or is absent."""
    return Finding(holds, not holds, got, tuple(about))


def named(expected: Expected[str], actual: Sequence[str]) -> Finding:
    """Compare names: those expected and those there are."""
    return Finding(
        holds_for(expected, actual, str.__eq__),
        none_hold_for(expected, actual, str.__eq__),
        shown(actual),
        tuple(dict.fromkeys((*expected.items, *_surplus(expected, actual)))),
    )


def _surplus(expected: Expected[str], actual: Sequence[str]) -> list[str]:
    if expected.how in ("only", "none", "count"):
        return [name for name in actual if name not in expected.items]
    return []
