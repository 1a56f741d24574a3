"""What becomes of a thing in a turn: the closed list of results, and the one outcome of every entity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from engine.reasoner.base import Confidence


class Result(StrEnum):
    """What became of a thing in a turn. The first nine won; each other is the one reason why a thing lost."""

    MATCHED = "matched"
    ENTAILED = "entailed"
    ACTIVE = "active"
    CURRENT = "current"
    CALLED = "called"
    SENT = "sent"
    FOLLOW_UP_SENT = "follow_up_sent"
    USED_AS_STYLE = "used_as_style"
    PREAMBLE = "preamble"

    NOT_MATCHED = "not_matched"
    RULED_OUT_EARLY = "ruled_out_early"
    EXCLUDED = "excluded"
    OUTRANKED = "outranked"
    UNMET_DEPENDENCY = "unmet_dependency"
    DROPPED_DEPENDENCY = "dropped_dependency"
    AMBIGUOUS = "ambiguous"
    ALREADY_APPLIED = "already_applied"
    INACTIVE_JOURNEY = "inactive_journey"
    DISABLED = "disabled"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_RETRIEVED = "not_retrieved"
    MISSING_FIELD = "missing_field"
    RENDER_ERROR = "render_error"
    LOST_TO = "lost_to"
    FIT_TOO_LOW = "fit_too_low"
    MISSING_ARGUMENT = "missing_argument"
    INVALID_ARGUMENT = "invalid_argument"
    NOT_NEEDED = "not_needed"
    PREAMBLE_ONLY = "preamble_only"
    MANUAL_MODE = "manual_mode"
    TRIGGERED = "triggered"
    CANCELLED = "cancelled"
    PINNED = "pinned"

    @property
    def won(self) -> bool:
        """Whether the thing took part in the turn."""
        return self in _WINNERS


_WINNERS = frozenset(list(Result)[:9])

EntityKind = Literal["guideline", "observation", "journey", "state", "tool", "response", "preamble"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The one thing that became of an entity in a turn.

    `counterpart` names who decided it (the excluder, the missing field, the winner …); `why` is one sentence for
    people; `score` and `threshold` are given where a comparison decided.
    """

    entity: str
    kind: EntityKind
    result: Result
    counterpart: tuple[str, ...] = ()
    why: str = ""
    score: float | None = None
    threshold: float | None = None
    confidence: Confidence | None = None

    def __str__(self) -> str:
        """E.g. `excluded handoff_if_upset`, the way a scenario's `why_not` is written."""
        return " ".join((self.result.value, ", ".join(self.counterpart))).strip()
