"""Reading one step: what happens in it, and what it checks."""

from __future__ import annotations

from collections.abc import Iterator

from engine.scenario.checks import CHECKS
from engine.scenario.inputs import INPUTS
from engine.scenario.model import CheckCall, CustomerSays, Input, Step, TriggerResponse
from engine.scenario.pins import read_pin
from engine.scenario.reading import Reading
from engine.scenario.tree import Scalar, Table, Tree

NOT_YET = ("judge",)
CONTROL = ("branch", "end")
BESIDE = ("given_draft", "pin", "not")


def read_step(tree: Tree, reading: Reading) -> Step | None:
    """Read one step.

    Args:
        tree: The step as written; `branch` and `end` are dealt with before.
        reading: Takes the problems.
    """
    table = reading.table(tree, "a step")
    if table is None:
        return None
    if not table.entries:
        reading.problem(tree, "wrong-value", "this step is empty", "Write what happens or what to check, or remove it")
        return None
    known = (*INPUTS, *BESIDE, *CONTROL, *CHECKS)
    for key, value in table.entries:
        if key.written in NOT_YET:
            reading.not_supported(key, key.written)
        elif key.written in CONTROL:
            reading.problem(key, "wrong-value", f"{key.written} stands alone in a step", "Give it a step of its own")
        elif key.written not in known:
            reading.unknown_key(key, known, "a step")
        elif key.written == "given_draft":
            reading.text(value)
    draft, pin = table.get("given_draft"), table.get("pin")
    happens = _input(table, reading)
    if pin is not None and not isinstance(happens, (CustomerSays, TriggerResponse)):
        reading.problem(pin, "wrong-place", "pin stands beside the `customer` or `trigger_response` whose turn it is")
    return Step(
        table.place,
        happens,
        tuple(read_checks(table, reading)),
        draft.written if isinstance(draft, Scalar) else None,
        read_pin(pin, reading) if pin is not None else None,
    )


def read_checks(table: Table, reading: Reading) -> Iterator[CheckCall]:
    """Read the checks among the keys of a mapping, those under `not` included; other keys are passed over."""
    for key, value in table.entries:
        if key.written in CHECKS:
            yield from _check(key, value, reading, negated=False)
        elif key.written == "not":
            yield from _negated(value, reading)


def _negated(tree: Tree, reading: Reading) -> Iterator[CheckCall]:
    table = reading.full_table(tree, "not")
    for key, value in table.entries if table else ():
        if key.written in NOT_YET:
            reading.not_supported(key, key.written)
        elif key.written not in CHECKS:
            reading.unknown_key(key, CHECKS, "not")
        else:
            yield from _check(key, value, reading, negated=True)


def _check(key: Scalar, value: Tree, reading: Reading, *, negated: bool) -> Iterator[CheckCall]:
    expected = CHECKS[key.written].shape.read(value, reading)
    if expected is not None:
        yield CheckCall(key.written, expected, key.place, negated)


def _input(table: Table, reading: Reading) -> Input | None:
    found = [(key, value) for key, value in table.entries if key.written in INPUTS]
    for key, _ in found[1:]:
        said = f"{found[0][0].written} and {key.written} stand in one step"
        reading.problem(key, "two-inputs", said, "Give each a step of its own")
    return INPUTS[found[0][0].written](found[0][1], reading) if found else None
