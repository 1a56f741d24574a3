"""What is wrong in a file that a person wrote: where, why and what to do about it.

Nothing here knows about agents: scenario files use the same values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from typing import Literal


@dataclass(frozen=True)
class Fix:
    """A replacement of a piece of the text: the remedy that one key applies.

    Attributes:
        start: Index of the first character replaced.
        end: Index after the last character replaced; equal to `start` for an insertion.
        text: What stands there instead.
    """

    start: int
    end: int
    text: str

    def apply(self, text: str) -> str:
        """Return `text` with the piece replaced."""
        return text[: self.start] + self.text + text[self.end :]


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file.

    Attributes:
        id: What kind of problem it is, e.g. `unknown-key`: stable, for tests and for filtering.
        file: The file as the user named it.
        line: Line of the place, counted from 1.
        column: Column of the place in characters, counted from 1.
        message: What is wrong, without a full stop.
        remedy: What to do about it, without a full stop; empty when there is nothing to add.
        fix: The remedy as a replacement in the text, where there is one.
        severity: An error keeps the file from being used, a warning does not.
    """

    id: str
    file: str
    line: int
    column: int
    message: str
    remedy: str = ""
    fix: Fix | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        """The problem on one line: `file:line:column: message. remedy`."""
        said = f"{self.file}:{self.line}:{self.column}: {self.message}"
        stop = "" if said.endswith((".", "?", "!")) else "."
        return " ".join(f"{said}{stop} {self.remedy}".split()) if self.remedy else " ".join(said.split())


class AgentFileError(Exception):
    """A file cannot be used; `problems` says everything that is wrong with it, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by their place and drop repetitions, keeping the first of equals."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda problem: (problem.line, problem.column)))


_MANY = 30
"""Among more names than this, only so many that share most pairs of letters with the word are compared in full."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known name that a mistyped word most likely stands for.

    Args:
        word: The word as written.
        known: The valid names; on a tie the earlier one wins.

    Returns:
        The nearest name, or None when nothing comes near.
    """
    from difflib import get_close_matches

    wanted = _folded(word)
    names = {_folded(name): name for name in reversed(list(dict.fromkeys(known)))}
    compared = list(names)
    if len(names) > _MANY:
        compared = nlargest(_MANY, names, key=lambda name: len(_pairs(name) & _pairs(wanted)))
    found = get_close_matches(wanted, compared, n=1, cutoff=0.6)
    return names[found[0]] if found else None


@lru_cache(maxsize=50_000)
def _pairs(word: str) -> frozenset[str]:
    """The pairs of neighbouring letters in a word."""
    return frozenset(word[position : position + 2] for position in range(len(word) - 1))


def _folded(word: str) -> str:
    return word.casefold().replace("-", "_").replace(" ", "_")


def suggestion(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """Say `did you mean …?` when a known name is near, else `otherwise`."""
    near = nearest(word, known)
    return f"Did you mean {near}?" if near is not None and near != word else otherwise
