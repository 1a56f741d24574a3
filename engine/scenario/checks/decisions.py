"""Checks of what was decided: guidelines, journeys, and why things lost."""

from __future__ import annotations

from engine.scenario.checks.registry import Finding, check, named
from engine.scenario.expected import Expected, shown
from engine.scenario.moment import Moment
from engine.scenario.shapes import Names
from engine.scenario.special_shapes import Reason, Reasons
from engine.turn.results import Outcome


@check("matched", Names(("guideline",)))
def matched(expected: Expected[str], moment: Moment) -> Finding:
    """The guidelines and observations that hold and survive, entailed ones included."""
    return named(expected, moment.matched)


@check("why_not", Reasons())
def why_not(expected: dict[str, tuple[Reason, ...]], moment: Moment) -> Finding:
    """Why things took no part in the turn."""
    outcomes = moment.outcomes
    met = {name: _lost_for(reasons, outcomes.get(name)) for name, reasons in expected.items()}
    unmet = [name for name, holds in met.items() if not holds]
    told = [f"{name}: {_outcome(outcomes.get(name))}" for name in (unmet or expected)]
    return Finding(not unmet, not any(met.values()), shown(told), tuple(unmet or expected))


@check("journey", Names(("journey",)))
def journey(expected: Expected[str], moment: Moment) -> Finding:
    """The journeys that are under way after the turn."""
    return named(expected, moment.journeys)


@check("state", Names(("state",)))
def state(expected: Expected[str], moment: Moment) -> Finding:
    """Where journeys stand after the turn; `none` when none is under way, `journey.end` when one was completed."""
    actual = moment.states
    if expected.how in ("all", "any_of") and any(item.endswith(".end") for item in expected.items):
        actual = (*actual, *moment.ended)
    found = named(expected, actual)
    journeys = dict.fromkeys(name.split(".")[0] for name in (*expected.items, *actual))
    return Finding(found.holds, found.absent, found.got, tuple(journeys))


def _lost_for(reasons: tuple[Reason, ...], outcome: Outcome | None) -> bool:
    if outcome is None:
        return False
    return any(reason.fits(outcome) for reason in reasons) if reasons else outcome.result.won


def _outcome(outcome: Outcome | None) -> str:
    return str(outcome) if outcome else "it was not looked at"
