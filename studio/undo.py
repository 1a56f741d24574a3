"""Undo and redo: every change that a person makes has a step here that takes it back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Change = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Step:
    """One change that was made.

    Attributes:
        name: What was done, e.g. `delete session-3`.
        undo: Takes it back.
        redo: Does it once more.
    """

    name: str
    undo: Change
    redo: Change


class UndoStack:
    """The changes made, and those taken back."""

    def __init__(self) -> None:
        self._done: list[Step] = []
        self._undone: list[Step] = []

    async def do(self, step: Step) -> None:
        """Make a change for the first time; what was taken back before can no longer be redone."""
        await step.redo()
        self._done.append(step)
        self._undone.clear()

    async def undo(self) -> Step | None:
        """Take the last change back; None when there is none."""
        if not self._done:
            return None
        step = self._done.pop()
        await step.undo()
        self._undone.append(step)
        return step

    async def redo(self) -> Step | None:
        """Do what was taken back last once more; None when there is nothing."""
        if not self._undone:
            return None
        step = self._undone.pop()
        await step.redo()
        self._done.append(step)
        return step

    def clear(self) -> None:
        """Forget everything, since another workspace is open."""
        self._done.clear()
        self._undone.clear()
