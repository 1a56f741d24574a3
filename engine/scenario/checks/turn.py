"""Checks of the turn as a whole and of the session around it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.scenario.checks.registry import Finding, check, named, simple
from engine.scenario.expected import Expected, shown, subset_of
from engine.scenario.moment import Moment, tokens_of
from engine.scenario.shapes import FreeNames, Statuses, StatusWanted, Values
from engine.scenario.special_shapes import Comparison, Comparisons, Instant, Instants

SESSION_KEYS = ("mode", "title", "customer", "customer_name", "customer_tags", "metadata", "labels")


@check("variables", Values("variables", kind="variable"))
def variables(expected: Mapping[str, Any], moment: Moment) -> Finding:
    """The values of variables as the turn saw them."""
    return _part_of(expected, moment.variables)


@check("session", Values("session", known=SESSION_KEYS))
def session(expected: Mapping[str, Any], moment: Moment) -> Finding:
    """The session after the turn."""
    values = moment.session.model_dump(mode="json", include=set(SESSION_KEYS))
    return _part_of(expected, values)


@check("metadata", Values("metadata"))
def metadata(expected: Mapping[str, Any], moment: Moment) -> Finding:
    """The metadata that the agent's message carries for the front end."""
    return _part_of(expected, moment.metadata)


@check("status", Statuses())
def status(expected: Expected[StatusWanted], moment: Moment) -> Finding:
    """The status events of the turn: these, in this order, among others."""
    happened = list(moment.statuses())
    if expected.how == "none":
        return simple(not happened, shown(name for name, _ in happened))
    rest = iter(happened)
    in_order = all(any(_is_status(wanted, *event) for event in rest) for wanted in expected.items)
    any_met = any(_is_status(wanted, *event) for wanted in expected.items for event in happened)
    return Finding(in_order, not any_met, shown(_status_text(*event) for event in happened))


@check("trigger", FreeNames())
def trigger(expected: Expected[str], moment: Moment) -> Finding:
    """What caused the turn, when it was no customer: the names of its triggers."""
    return named(expected, moment.triggers)


@check("at", Instants())
def at(expected: Instant, moment: Moment) -> Finding:
    """When the turn was taken, by the session's clock."""
    when = moment.trace.started if moment.trace else moment.now
    return simple(expected.fits(when), when.isoformat(" ", "seconds"))


@check("tokens", Comparisons())
def tokens(expected: Comparison, moment: Moment) -> Finding:
    """How many tokens language models read and wrote in the turn; the embedded reasoner takes none."""
    count = tokens_of(moment.trace) if moment.trace is not None else 0
    return simple(expected.fits(count), str(count))


def _part_of(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> Finding:
    met = [name in actual and subset_of(value, actual[name]) for name, value in expected.items()]
    got = shown(f"{name}={actual[name]}" if name in actual else f"no {name}" for name in expected)
    return Finding(all(met), not any(met), got)


def _is_status(wanted: StatusWanted, name: str, data: Any) -> bool:
    return wanted.name == name and (wanted.data is None or subset_of(wanted.data, data))


def _status_text(name: str, data: Any) -> str:
    stage = data.get("stage") if isinstance(data, dict) else None
    return f"{name} ({stage})" if stage else name
