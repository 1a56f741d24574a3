"""Reading scenario files: everything is checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path as FilePath

from engine.agent.document import read_file
from engine.agent.errors import AgentFileError, Problem
from engine.agent.model import Agent
from engine.scenario.checks import CHECKS
from engine.scenario.expansion import Path, case_values, fill_in, paths
from engine.scenario.given import DEEP, read_given
from engine.scenario.model import Case, CheckCall, CustomerSays, Expectations, Place, Scenario, Step, TriggerResponse
from engine.scenario.reading import Reading
from engine.scenario.steps import NOT_YET, read_checks, read_step
from engine.scenario.tree import Scalar, Table, Tree, merged, read_trees

GIVEN_FILE = "_given.yaml"
SUFFIX = ".scenario.yaml"
DOCUMENT_KEYS = ("scenario", "given", "cases", "steps", "expect")
EXPECT_KEYS = ("not", "order")


class ScenarioFileError(AgentFileError):
    """A scenario file cannot be used; `problems` says everything that is wrong, in order."""


def read_scenarios(path: FilePath | str, agent: Agent, root: FilePath | str | None = None) -> list[Scenario]:
    """Read a scenario file and everything it inherits.

    Args:
        path: The `*.scenario.yaml` file.
        agent: The agent it talks to: every name is checked against it.
        root: The folder from which `_given.yaml` files count (default: the file's own folder); the nearer file wins,
            key by key.

    Returns:
        The scenarios in the order of the file, each with all its cases.

    Raises:
        ScenarioFileError: With everything that is wrong, each with file, line and column.
    """
    path = FilePath(path)
    reading = Reading(agent)
    shared = _shared_given(path, FilePath(root) if root is not None else path.parent)
    found = read_text(_text_of(path), str(path), reading, shared)
    if reading.problems:
        raise ScenarioFileError(_in_order(reading.problems))
    if not found:
        said, remedy = "there is no scenario in this file", "Begin with `scenario: ` and what it shows"
        raise ScenarioFileError([Problem("no-scenario", str(path), 1, 1, said, remedy)])
    return found


def read_text(text: str, file: str, reading: Reading, shared: Table | None = None) -> list[Scenario]:
    """Read the text of a scenario file; what is wrong is noted in `reading`.

    Args:
        text: The YAML text.
        file: The file's name for people.
        reading: Takes the problems.
        shared: What the scenarios inherit as `given`.

    Raises:
        ScenarioFileError: When the text is not readable as YAML.
    """
    found: list[Scenario] = []
    first: dict[str, int] = {}
    for tree in _trees(text, file):
        if isinstance(tree, Scalar) and tree.empty:
            continue
        scenario = _scenario(tree, reading, shared)
        if scenario is None:
            continue
        if scenario.name in first:
            said = f"a scenario called {scenario.name!r} is already here, on line {first[scenario.name]}"
            reading.problem(tree, "duplicate-name", said, "Give it another name")
        first.setdefault(scenario.name, scenario.place.line)
        found.append(scenario)
    return found


def _trees(text: str, file: str) -> tuple[Tree, ...]:
    try:
        return read_trees(text, file)
    except AgentFileError as error:
        raise ScenarioFileError(error.problems) from error


def _text_of(path: FilePath) -> str:
    try:
        return read_file(path)
    except AgentFileError as error:
        raise ScenarioFileError(error.problems) from error


def _shared_given(path: FilePath, root: FilePath) -> Table | None:
    """What the `_given.yaml` files from the root folder down to the file's own say together."""
    folder = path.parent.resolve()
    chain = [each for each in (folder, *folder.parents) if each == root.resolve() or root.resolve() in each.parents]
    shared: Table | None = None
    for each in reversed(chain):
        file = each / GIVEN_FILE
        if file.is_file():
            near = _given_file(file)
            shared = merged(shared, near, DEEP) if shared else near
    return shared


def _given_file(file: FilePath) -> Table:
    trees = _trees(_text_of(file), str(file))
    if len(trees) == 1 and isinstance(trees[0], Table):
        return trees[0]
    if len(trees) > 1 or (trees and not (isinstance(trees[0], Scalar) and trees[0].empty)):
        place = trees[-1].place
        said = "this file is one mapping with the keys of `given`"
        raise ScenarioFileError([Problem("wrong-shape", place.file, place.line, place.column, said)])
    return Table(Place(str(file), 1, 1), ())


def _scenario(tree: Tree, reading: Reading, shared: Table | None) -> Scenario | None:
    table = reading.table(tree, "a scenario")
    if table is None:
        return None
    for key, _ in table.entries:
        if key.written == "extends":
            reading.not_supported(key, "extends")
        elif key.written not in DOCUMENT_KEYS:
            reading.unknown_key(key, DOCUMENT_KEYS, "a scenario")
    name_tree = table.get("scenario")
    if name_tree is None:
        reading.problem(table, "missing-key", "the key scenario is missing", "Write `scenario:` and what it shows")
        return None
    name = reading.text(name_tree, "the name of the scenario")
    if name is None:
        return None
    name = " ".join(name.split())
    return Scenario(name, name_tree.place, tuple(_cases(name, table, reading, shared)))


def _cases(name: str, table: Table, reading: Reading, shared: Table | None) -> list[Case]:
    step_trees = table.get("steps")
    if step_trees is None:
        reading.problem(table, "missing-key", "the key steps is missing")
        return []
    given = _own_given(table, reading, shared)
    cases = case_values(table.get("cases"), reading)
    all_names = tuple(dict.fromkeys(name for _, values in cases for name in values))
    ways = paths(reading.listing(step_trees, "steps"), reading)
    found: list[Case] = []
    for label, values in cases:
        reader = _CaseReader(name, table, given, values, all_names, reading)
        found.extend(reader.case(label, way) for way in ways)
    return found


def _own_given(table: Table, reading: Reading, shared: Table | None) -> Table:
    tree = table.get("given")
    own = reading.table(tree, "given") if tree is not None else None
    nothing = Table(table.place, ())
    return merged(shared, own or nothing, DEEP) if shared else own or nothing


class _CaseReader:
    """Reads the paths of one case of a scenario; steps that several paths share are read once."""

    def __init__(
        self,
        name: str,
        table: Table,
        given: Table,
        values: Mapping[str, Tree],
        all_names: tuple[str, ...],
        reading: Reading,
    ) -> None:
        self._name = name
        self._place = table.place
        self._values = values
        self._all_names = all_names
        self._reading = reading
        self._steps: dict[int, Step | None] = {}
        filled = self._filled(given)
        self._given = read_given(filled if isinstance(filled, Table) else given, reading)
        expect = table.get("expect")
        self._expect = read_expectations(self._filled(expect), reading) if expect is not None else Expectations()

    def case(self, label: str, way: Path) -> Case:
        """The case that goes one way through the steps."""
        steps = tuple(step for step in map(self._step, way.steps) if step is not None)
        for step in misplaced_drafts(steps):
            said = "given_draft belongs to one turn that a step starts, once"
            self._reading.problem(
                Scalar(step.place, "", None), "wrong-place", said, "Write it in the step after `customer`"
            )
        labels = (label, *way.labels) if label else way.labels
        return Case(self._name, self._place, labels, self._given, steps, self._expect)

    def _step(self, tree: Tree) -> Step | None:
        if id(tree) not in self._steps:
            self._steps[id(tree)] = read_step(self._filled(tree), self._reading)
        return self._steps[id(tree)]

    def _filled(self, tree: Tree) -> Tree:
        return fill_in(tree, self._values, self._all_names, self._reading)


def misplaced_drafts(steps: Sequence[Step]) -> Iterable[Step]:
    """The steps whose `given_draft` no turn can use: it belongs to one turn that a step starts, once."""
    usable = False
    for step in steps:
        if step.input is not None:
            usable = isinstance(step.input, (CustomerSays, TriggerResponse))
        usable = usable or step.release is not None
        if step.given_draft is not None:
            if not usable:
                yield step
            usable = False


def read_expectations(tree: Tree, reading: Reading) -> Expectations:
    """Read `expect`: checks that hold at some turn, `not` at none, and `order`."""
    table = reading.table(tree, "expect")
    if table is None:
        return Expectations()
    known = (*EXPECT_KEYS, *CHECKS)
    for key, _ in table.entries:
        if key.written in NOT_YET:
            reading.not_supported(key, key.written)
        elif key.written not in known:
            reading.unknown_key(key, known, "expect")
    order = table.get("order")
    items = reading.listing(order, "order") if order is not None else ()
    return Expectations(tuple(read_checks(table, reading)), tuple(_in_turn(item, reading) for item in items))


def _in_turn(tree: Tree, reading: Reading) -> tuple[CheckCall, ...]:
    table = reading.table(tree, "an item of order")
    if table is not None and not table.entries:
        reading.problem(tree, "wrong-value", "an item of order has no checks")
    for key, _ in table.entries if table else ():
        if key.written not in CHECKS and key.written != "not":
            reading.unknown_key(key, ("not", *CHECKS), "order")
    return tuple(read_checks(table, reading)) if table else ()


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by place; files in the order in which they were first met."""
    unique = list(dict.fromkeys(problems))
    files = list(dict.fromkeys(problem.file for problem in unique))
    return sorted(unique, key=lambda problem: (files.index(problem.file), problem.line, problem.column))
