"""What became of a thing, in plain words: one sentence for every result there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.turn.results import Outcome, Result
from studio.inspector.entries import joined, short


def told(outcome: Outcome) -> str:
    """The outcome as a clause without its subject, e.g. `is excluded by handoff_if_upset`."""
    return SENTENCES[outcome.result](outcome)


def in_a_sentence(outcome: Outcome) -> str:
    """The outcome as a whole sentence."""
    return f"{outcome.entity} {told(outcome)}."


def near_enough(outcome: Outcome) -> bool:
    """Whether a loser lost not by its score, but by what its reason says, e.g. a counterexample."""
    lost = not outcome.result.won and outcome.threshold is not None
    return lost and (outcome.score or 0.0) >= (outcome.threshold or 0.0)


def compared(outcome: Outcome) -> str:
    """The comparison that decided: `needs .48, has .31`, or how clear it was; empty where none did."""
    if outcome.score is None:
        return ""
    if outcome.threshold is None or outcome.result.won:
        return " ".join(part for part in (outcome.confidence or "", short(outcome.score)) if part)
    if near_enough(outcome):
        return f"near enough with {short(outcome.score)}, but {outcome.why}" if outcome.why else ""
    return f"needs {short(outcome.threshold)}, has {short(outcome.score) if outcome.score else 'nothing'}"


def _by(outcome: Outcome) -> str:
    return joined(outcome.counterpart) or "something else"


def _active(outcome: Outcome) -> str:
    ended = {"completed": "came to its end in this turn", "left": "was left by the customer in this turn"}
    return ended.get(outcome.counterpart[0] if outcome.counterpart else "", "is under way")


def _called(outcome: Outcome) -> str:
    if outcome.kind == "state":
        return f"called its tool {_by(outcome)}"
    return f"was called for {_by(outcome)}"


def _lacking(outcome: Outcome) -> str:
    verb = "does" if len(outcome.counterpart) == 1 else "do"
    group = "any of " if len(outcome.counterpart) > 1 else ""
    return f"depends on {group}{_by(outcome)}, which {verb} not hold"


def _not_matched(outcome: Outcome) -> str:
    subject = "is not reached, since" if outcome.kind == "state" else "did not match:"
    return f"{subject} {outcome.why}" if outcome.why else "did not match: nothing was near its condition"


def _fit_too_low(outcome: Outcome) -> str:
    fit, *mode = outcome.counterpart or ("none",)
    asked = f"{mode[0]} mode asks for more" if mode and mode[0] else "the mode asks for more"
    return f"fits the draft too little ({fit}): {asked}"


def _not_needed(outcome: Outcome) -> str:
    reason = f": {outcome.why}" if outcome.why else ""
    return f"was not needed{reason}"


def _silent(words: str) -> Callable[[Outcome], str]:
    return lambda outcome: f"was not considered: {words}"


SENTENCES: Mapping[Result, Callable[[Outcome], str]] = {
    Result.MATCHED: lambda outcome: "matched: its condition holds",
    Result.ENTAILED: lambda outcome: f"takes part because {_by(outcome)} entails it",
    Result.ACTIVE: _active,
    Result.CURRENT: lambda outcome: "is where its journey stands now",
    Result.CALLED: _called,
    Result.SENT: lambda outcome: "was sent",
    Result.FOLLOW_UP_SENT: lambda outcome: "was sent second, for what the first response left unsaid",
    Result.USED_AS_STYLE: lambda outcome: "gave its style: the draft was reworded after it",
    Result.PREAMBLE: lambda outcome: "was said while the agent was thinking",
    Result.NOT_MATCHED: _not_matched,
    Result.RULED_OUT_EARLY: lambda outcome: f"was ruled out early: {outcome.why or 'it is far from what was said'}",
    Result.EXCLUDED: lambda outcome: f"is excluded by {_by(outcome)}",
    Result.OUTRANKED: lambda outcome: f"is outranked by {_by(outcome)}, whose priority is higher",
    Result.UNMET_DEPENDENCY: _lacking,
    Result.DROPPED_DEPENDENCY: lambda outcome: f"depends on {_by(outcome)}, which did not survive",
    Result.AMBIGUOUS: lambda outcome: f"may be meant, or {_by(outcome)}: the agent asks which",
    Result.ALREADY_APPLIED: lambda outcome: f"was carried out before, in turn {_by(outcome)}",
    Result.INACTIVE_JOURNEY: lambda outcome: f"belongs to {_by(outcome)}, which is not active",
    Result.DISABLED: lambda outcome: "is switched off" + (f" with {_by(outcome)}" if outcome.counterpart else ""),
    Result.OUT_OF_SCOPE: lambda outcome: f"is only for {_by(outcome)}, which is not active",
    Result.NOT_RETRIEVED: lambda outcome: f"is too far from the draft ({compared(outcome) or f'rank {_by(outcome)}'})",
    Result.MISSING_FIELD: lambda outcome: f"lacks {_by(outcome)}, which nobody provided",
    Result.RENDER_ERROR: lambda outcome: f"cannot be filled in: {_by(outcome)}",
    Result.LOST_TO: lambda outcome: f"lost to {_by(outcome)}, which was nearer",
    Result.FIT_TOO_LOW: _fit_too_low,
    Result.MISSING_ARGUMENT: lambda outcome: f"was not called: nobody said its {_by(outcome)}",
    Result.INVALID_ARGUMENT: lambda outcome: f"was not called: what was said for {_by(outcome)} cannot be taken",
    Result.NOT_NEEDED: _not_needed,
    Result.PREAMBLE_ONLY: lambda outcome: "is a preamble, never an answer",
    Result.MANUAL_MODE: _silent("a person answers in this session"),
    Result.TRIGGERED: _silent("the turn was told what to say"),
    Result.CANCELLED: _silent("the turn was cancelled before the agent spoke"),
    Result.PINNED: lambda outcome: "was set by the scenario" + (f": {outcome.why}" if outcome.why else ""),
}
"""One clause for every result."""
