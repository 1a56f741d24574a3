"""What a replay found: a verdict for every case, and for every failure the place, what was expected, got, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from engine.scenario.model import Place
from engine.turn.trace import TurnTrace

Verdict = Literal["passed", "failed", "flaky", "stale", "unjudged", "error"]
VERDICTS: tuple[Verdict, ...] = ("passed", "failed", "flaky", "stale", "unjudged", "error")

PASSED = 0
BEHAVIOUR_FAILED = 1
FILE_INVALID = 2
INFRASTRUCTURE = 3
INCONCLUSIVE = 4
INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it (128 + SIGINT)."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One check that failed, or something that went wrong while a case played.

    `step` says in the scenario's words what came before; `why` is read from the trace, most important first. `after` is
    how many lines of the case's transcript come before it.
    """

    place: Place
    check: str
    expected: str
    got: str
    step: str = ""
    why: tuple[str, ...] = ()
    after: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the transcript of a case. `who` is a speaker or what happened (`wait`, `set`, `event`).

    `turn` is the turn it belongs to, counted from 1 as in `CaseResult.traces`; 0 for what is part of none.
    """

    who: str
    text: str
    turn: int = 0


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went.

    `dictated` counts the turns whose draft the scenario dictated, `pinned` those on which it forced decisions. `traces`
    are the turns themselves; they stay in the process that played the case. `seconds` is wall-clock time and no part of
    a result's equality. `model_calls` counts the calls of language models, `recorded_calls` those of them that a
    recording answered, `tokens` what the models read and wrote for all of them. `draft_likeness` says for each turn
    whose draft the scenario gives, but on which the reasoner wrote its own, how like the given one it is (0 to 1).
    """

    case: str
    place: Place
    verdict: Verdict
    failures: tuple[Failure, ...] = ()
    turns: int = 0
    checks: int = 0
    dictated: int = 0
    pinned: int = 0
    reasoner: str = ""
    transcript: tuple[Line, ...] = ()
    traces: tuple[TurnTrace, ...] = field(default=(), compare=False, repr=False)
    seconds: float = field(default=0.0, compare=False)
    model_calls: int = 0
    recorded_calls: int = 0
    tokens: int = 0
    draft_likeness: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """The results of a run counted.

    `interrupted` says that Ctrl-C ended it before all cases had run; `asked` who was asked for, in the words of the
    command line, whatever the cases say.
    """

    counts: dict[Verdict, int]
    planned: int
    turns: int
    checks: int
    dictated: int
    pinned: int = 0
    interrupted: bool = False
    asked: str = ""
    model_calls: int = 0
    recorded_calls: int = 0
    tokens: int = 0
    draft_likeness: tuple[float, ...] = ()

    @property
    def ran(self) -> int:
        """How many cases ran to their end."""
        return sum(self.counts.values())

    @property
    def exit_code(self) -> int:
        """What the run means to a shell.

        0: all passed (unjudged cases beside them are only counted). 1: some behaviour failed. 3: something could not
        be replayed (stale, error). 4: nothing was judged, or a case was flaky. 130: interrupted with nothing wrong so
        far. A failure is never hidden behind trouble with the surroundings.
        """
        if self.counts["failed"]:
            return BEHAVIOUR_FAILED
        if self.counts["error"] or self.counts["stale"]:
            return INFRASTRUCTURE
        if self.interrupted:
            return INTERRUPTED
        if self.counts["flaky"] or not self.counts["passed"]:
            return INCONCLUSIVE
        return PASSED


def summarize(results: Iterable[CaseResult], planned: int, interrupted: bool = False, asked: str = "") -> Summary:
    """Count results.

    Args:
        results: What ran.
        planned: How many cases there were to run.
        interrupted: Whether the run was ended early by a person.
        asked: Who was asked for, whatever the cases say.
    """
    known = list(results)
    counts = {verdict: sum(result.verdict == verdict for result in known) for verdict in VERDICTS}
    return Summary(
        counts,
        planned,
        sum(result.turns for result in known),
        sum(result.checks for result in known),
        sum(result.dictated for result in known),
        sum(result.pinned for result in known),
        interrupted,
        asked,
        sum(result.model_calls for result in known),
        sum(result.recorded_calls for result in known),
        sum(result.tokens for result in known),
        tuple(likeness for result in known for likeness in result.draft_likeness),
    )
