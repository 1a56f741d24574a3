"""Applying checks to moments: in a step, and over all turns of a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.scenario.checks import CHECKS, Finding
from engine.scenario.model import CheckCall, Expectations, Place, Step
from engine.scenario.moment import Moment
from engine.scenario.results import Failure
from engine.scenario.why import MAXIMUM_LINES, explain


def judge_step(step: Step, moment: Moment, heading: str) -> Iterator[Failure]:
    """Check one turn against a step.

    Args:
        step: The step with its checks.
        moment: The turn and the session after it.
        heading: What the conversation had come to, for the report.

    Yields:
        A failure for each check that is not met.
    """
    trace = moment.trace
    if trace is not None and trace.status == "failed":
        yield Failure(step.place, "turn", "an answer", trace.error, heading)
        return
    for call in step.checks:
        finding = CHECKS[call.key].judge(call.expected, moment)
        if not _met(call, finding):
            yield _failure(call, finding, moment, heading)
    if _missing_message(step, moment):
        yield Failure(step.place, "agent", "a message", "none", heading, explain(trace, "agent", ()))


def _met(call: CheckCall, finding: Finding) -> bool:
    return finding.absent if call.negated else finding.holds


def _failure(call: CheckCall, finding: Finding, moment: Moment, heading: str) -> Failure:
    expected = f"not {call.expected_text}" if call.negated else call.expected_text
    why = explain(moment.trace, call.key, finding.about)
    if call.key == "trigger" and moment.trace is None:
        held = ", ".join(each.name or "one without a name" for each in moment.session.state.held) or "no trigger"
        why = (f"the session is in {moment.session.mode} mode and holds {held}",)
    return Failure(call.place, call.key, expected, finding.got, heading, why)


def _missing_message(step: Step, moment: Moment) -> bool:
    """An answer to a customer is a message, unless the step says what was said or the agent may be silent."""
    trace = moment.trace
    if trace is None or trace.cause != "customer" or trace.mode == "manual" or moment.messages:
        return False
    if trace.status not in ("completed", "silent"):
        return False
    return not any(call.key in ("agent", "response") for call in step.checks)


def judge_expectations(expect: Expectations, moments: Sequence[Moment], heading: str) -> Iterator[Failure]:
    """Check what a case expects over all its turns.

    Args:
        expect: Checks that hold at some turn (negated: at no turn), and those that follow each other.
        moments: Every turn of the case, in order.
        heading: What the report says about where this stands.
    """
    for call in expect.checks:
        findings = [CHECKS[call.key].judge(call.expected, moment) for moment in moments]
        if call.negated:
            yield from _never(call, findings, moments, heading)
        elif not any(finding.holds for finding in findings):
            got = " · ".join(dict.fromkeys(finding.got for finding in findings)) or "no turn was taken"
            why = tuple(_at_each_turn(call, findings, moments))
            yield Failure(call.place, call.key, f"{call.expected_text} at some turn", got, heading, why)
    yield from _in_order(expect.order, moments, heading)


def _at_each_turn(call: CheckCall, findings: Sequence[Finding], moments: Sequence[Moment]) -> Iterator[str]:
    """The first reason of each turn, up to the number of lines that a failure has."""
    for finding, moment in list(zip(findings, moments, strict=True))[:MAXIMUM_LINES]:
        turn = moment.trace.turn if moment.trace else 0
        yield from (f"turn {turn} · {line}" for line in explain(moment.trace, call.key, finding.about)[:1])


def _never(call: CheckCall, findings: Sequence[Finding], moments: Sequence[Moment], heading: str) -> Iterator[Failure]:
    for finding, moment in zip(findings, moments, strict=True):
        if not finding.absent:
            turn = moment.trace.turn if moment.trace else 0
            why = explain(moment.trace, call.key, finding.about)
            expected = f"{call.expected_text} at no turn"
            yield Failure(call.place, call.key, expected, f"at turn {turn}: {finding.got}", heading, why)
            return


def _in_order(order: Sequence[tuple[CheckCall, ...]], moments: Sequence[Moment], heading: str) -> Iterator[Failure]:
    rest = iter(moments)
    for position, calls in enumerate(order, 1):
        if any(_all_met(calls, moment) for moment in rest):
            continue
        place: Place = calls[0].place
        got = f"no such turn after that of item {position - 1}" if position > 1 else "no such turn"
        yield Failure(place, "order", f"item {position}: {', '.join(map(str, calls))}", got, heading)
        return


def _all_met(calls: Sequence[CheckCall], moment: Moment) -> bool:
    return all(_met(call, CHECKS[call.key].judge(call.expected, moment)) for call in calls)
