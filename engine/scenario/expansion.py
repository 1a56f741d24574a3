"""One scenario, many cases: `cases`, `any_of` on what the customer says, and `branch`, all multiplied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.agent.errors import suggestion
from engine.scenario.reading import Reading
from engine.scenario.tree import Listing, Scalar, Table, Tree, scalars_of, substituted

MAXIMUM_CASES = 5_000
"""How many cases one scenario may have: branches multiply."""

_LABEL_LENGTH = 48
_NAME = re.compile(r"<([^<>\s]+)>")


@dataclass(frozen=True, slots=True)
class Path:
    """One way through the steps: its labels, its steps, and whether an `end` has been reached."""

    labels: tuple[str, ...] = ()
    steps: tuple[Tree, ...] = ()
    ended: bool = False


def case_values(tree: Tree | None, reading: Reading) -> list[tuple[str, Mapping[str, Tree]]]:
    """Read `cases`: a label and the values by name for each; one without a label when there are none."""
    if tree is None:
        return [("", {})]
    tables = [reading.table(item, "a case") for item in reading.listing(tree, "cases")]
    if isinstance(tree, Listing) and not tables:
        reading.problem(tree, "wrong-value", "cases is empty", "Write at least one case, or take it out")
    found: list[tuple[str, Mapping[str, Tree]]]
    found = [(_case_label(table), {key.written: value for key, value in table.entries}) for table in tables if table]
    return _distinct(found) or [("", {})]


def _case_label(table: Table) -> str:
    return ", ".join(f"{key.written} {_flow(value)}" for key, value in table.entries)


def _flow(tree: Tree) -> str:
    """A value on one line, as flow YAML without its quotes."""
    if isinstance(tree, Scalar):
        return tree.written
    if isinstance(tree, Listing):
        return f"[{', '.join(map(_flow, tree.items))}]"
    return f"{{{', '.join(f'{key.written}: {_flow(value)}' for key, value in tree.entries)}}}"


def _distinct(cases: list[tuple[str, Mapping[str, Tree]]]) -> list[tuple[str, Mapping[str, Tree]]]:
    labels = _numbered([_short(label) for label, _ in cases])
    return [(label, values) for label, (_, values) in zip(labels, cases, strict=True)]


def _numbered(labels: list[str]) -> list[str]:
    """Labels made different by a number where two are the same."""
    seen: dict[str, int] = {}
    numbered = []
    for label in labels:
        seen[label] = seen.get(label, 0) + 1
        numbered.append(label if seen[label] == 1 else f"{label} #{seen[label]}")
    return numbered


def _short(text: str) -> str:
    folded = " ".join(text.split())
    return folded if len(folded) <= _LABEL_LENGTH else f"{folded[: _LABEL_LENGTH - 1]}…"


def fill_in(tree: Tree, values: Mapping[str, Tree], all_names: tuple[str, ...], reading: Reading) -> Tree:
    """Put a case's values into a tree, and note names that this case, or any case, does not have.

    Args:
        tree: Steps, `given` or `expect`.
        values: The case's values by name.
        all_names: The names that any case of the scenario has.
        reading: Takes the problems.
    """
    if not all_names:
        return tree
    for scalar in scalars_of(tree):
        for name in _NAME.findall(scalar.written):
            remedy = suggestion(name, all_names)
            if name not in values and (name in all_names or remedy):
                reading.problem(scalar, "unknown-name", f"a case has no value for <{name}>", remedy)
    return substituted(tree, values)


def paths(steps: tuple[Tree, ...], reading: Reading) -> list[Path]:
    """All ways through some steps, in the order of the file.

    Args:
        steps: The items of `steps` or of one path of a branch.
        reading: Takes the problems.
    """
    found = [Path()]
    for position, step in enumerate(steps):
        if _is_end(step, reading):
            if position < len(steps) - 1:
                reading.problem(steps[position + 1], "unreachable", "steps after end are never reached")
            return [replace(path, ended=True) for path in found]
        ways = _ways(step, reading)
        if len(found) * len(ways) > MAXIMUM_CASES:
            reading.problem(step, "too-many-cases", f"the branches make more than {MAXIMUM_CASES} cases")
            return found
        found = [longer for path in found for longer in _continued(path, ways)]
    return found


def _continued(path: Path, ways: list[Path]) -> list[Path]:
    if path.ended:
        return [path]
    return [Path((*path.labels, *way.labels), (*path.steps, *way.steps), way.ended) for way in ways]


def _is_end(step: Tree, reading: Reading) -> bool:
    if isinstance(step, Scalar):
        return step.written == "end"
    if not isinstance(step, Table) or "end" not in step.keys:
        return False
    value = step.get("end")
    if len(step.entries) > 1 or not isinstance(value, Scalar) or value.value not in (None, True):
        reading.problem(step, "wrong-shape", "end stands alone", "Write `- end`")
    return True


def _ways(step: Tree, reading: Reading) -> list[Path]:
    if isinstance(step, Table) and "branch" in step.keys:
        return _branches(step, reading)
    customer = step.get("customer") if isinstance(step, Table) else None
    if isinstance(step, Table) and isinstance(customer, Table):
        return _alternatives(step, customer, reading)
    return [Path(steps=(step,))]


def _branches(step: Table, reading: Reading) -> list[Path]:
    branch = step.get("branch")
    assert branch is not None
    for key, _ in step.entries:
        if key.written != "branch":
            reading.problem(
                key, "wrong-shape", "branch stands alone in a step", f"Give {key.written} a step of its own"
            )
    table = reading.table(branch, "branch")
    if table is None:
        return [Path()]
    if not table.entries:
        reading.problem(branch, "wrong-value", "branch has no paths", "Write a name and its steps for each path")
        return [Path()]
    found: list[Path] = []
    for key, value in table.entries:
        nothing = isinstance(value, Scalar) and value.empty
        inner = paths(() if nothing else reading.listing(value, "a path of a branch"), reading)
        found.extend(replace(path, labels=(key.written, *path.labels)) for path in inner)
    return found


def _alternatives(step: Table, customer: Table, reading: Reading) -> list[Path]:
    alternatives = customer.get("any_of")
    if alternatives is None or len(customer.entries) != 1:
        key = next(
            key for key, _ in customer.entries or step.entries if key.written != "any_of" or len(customer.keys) > 1
        )
        reading.problem(key, "wrong-shape", "customer is text, a list of texts, or {any_of: […]}")
        return [Path()]
    items = reading.listing(alternatives, "any_of")
    if isinstance(alternatives, Listing) and not items:
        reading.problem(alternatives, "wrong-value", "any_of is empty", "Write at least one message")
    labels = _numbered([_short(_said(item)) for item in items])
    return [Path((label,), (_with_customer(step, item),)) for label, item in zip(labels, items, strict=True)] or [
        Path()
    ]


def _said(item: Tree) -> str:
    if isinstance(item, Listing):
        return " · ".join(_said(each) for each in item.items)
    return item.written if isinstance(item, Scalar) else "…"


def _with_customer(step: Table, item: Tree) -> Table:
    return replace(
        step, entries=tuple((key, item if key.written == "customer" else value) for key, value in step.entries)
    )
