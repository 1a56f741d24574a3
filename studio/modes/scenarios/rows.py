"""The list: files, under them their scenarios and cases, each with its verdict and what it was before."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from textual.content import Content

from engine.agent.errors import Problem
from engine.scenario.model import Case
from engine.scenario.results import Verdict
from studio.modes.scenarios.catalogue import Catalogue, ScenarioFile
from studio.modes.scenarios.verdicts import FINE, MARKS, NOT_RUN, Verdicts
from studio.modes.scenarios.wrapped import QUIET, both_ends, hung, one_line
from studio.runs import Runs
from studio.widgets.thing_list import Row

FILE, SCENARIO, CASE, PROBLEM = "file:", "scenario:", "case:", "problem:"
"""What the keys of rows begin with."""

MOST_PROBLEMS = 20
"""How many problems of one file are listed."""

ORDER: tuple[Verdict, ...] = ("error", "failed", "stale", "flaky", "unjudged", "passed")
"""Verdicts, the one that most needs attention first."""


@dataclass(frozen=True)
class Listing:
    """Everything that the list shows.

    Attributes:
        catalogue: The files and their cases.
        verdicts: What came out since the studio was started.
        runs: What came out before that.
        waiting: The cases that a run has still to play.
        folded: The keys of the rows whose cases are hidden.
        width: The columns of a row.
    """

    catalogue: Catalogue
    verdicts: Verdicts
    runs: Runs
    waiting: Collection[str] = ()
    folded: Collection[str] = ()
    width: int = 30


def rows_of(listing: Listing) -> Iterator[Row]:
    """The rows of the list, in the order of the files."""
    for file in listing.catalogue.files:
        yield _file_row(file, listing)
        if FILE + file.name in listing.folded:
            continue
        for number, problem in enumerate(file.problems[:MOST_PROBLEMS]):
            yield _problem_row(file, number, problem, listing.width)
        if len(file.problems) > MOST_PROBLEMS:
            said = Content.styled(f"  … and {len(file.problems) - MOST_PROBLEMS} more problems", QUIET)
            yield Row(f"{PROBLEM}{file.name}:more", said, heading=True)
        yield from _case_rows(file, listing)


def cases_of(key: str | None, catalogue: Catalogue) -> dict[str, Case]:
    """The cases that a row stands for: its own, its scenario's, its file's."""
    key = key or ""
    file = file_of(key, catalogue)
    if file is None or key.startswith(PROBLEM):
        return {}
    if key.startswith(FILE):
        return file.cases
    return {each: case for each, case in file.cases.items() if key in (CASE + each, _scenario_key(file, case))}


def file_of(key: str | None, catalogue: Catalogue) -> ScenarioFile | None:
    """The file that a row is, or stands in."""
    kind, _, name = (key or "").partition(":")
    for file in catalogue.files:
        if kind + ":" == CASE and name in file.cases:
            return file
        if kind + ":" == FILE and name == file.name:
            return file
        if kind + ":" in (SCENARIO, PROBLEM) and name.startswith(f"{file.name}:"):
            return file
    return None


def parents_of(key: str | None, catalogue: Catalogue) -> tuple[str, ...]:
    """The rows that can hide a row by being folded, outermost first; for a file itself, that file."""
    file = file_of(key, catalogue)
    if file is None:
        return ()
    name = (key or "").removeprefix(CASE)
    case = file.cases.get(name)
    if case is None:
        return (FILE + file.name,)
    scenario = _scenario_key(file, case)
    grouped = len(cases_of(scenario, catalogue)) > 1
    return (FILE + file.name, scenario) if grouped else (FILE + file.name,)


def row_for(thing: str, catalogue: Catalogue) -> str | None:
    """The key of the row of a case's key, a file's name or a scenario's name; None when there is none."""
    for file in catalogue.files:
        if thing in file.cases:
            return CASE + thing
        if thing in (file.name, file.path.name):
            return FILE + file.name
    return next((key for file in catalogue.files for key in _scenarios(file) if key.endswith(f":{thing}")), None)


def _scenarios(file: ScenarioFile) -> list[str]:
    return list(dict.fromkeys(_scenario_key(file, case) for case in file.cases.values()))


def _scenario_key(file: ScenarioFile, case: Case) -> str:
    return f"{SCENARIO}{file.name}:{case.scenario}"


def _case_rows(file: ScenarioFile, listing: Listing) -> Iterator[Row]:
    for scenario, group in groupby(file.cases.items(), key=lambda item: _scenario_key(file, item[1])):
        cases = dict(group)
        if len(cases) == 1:
            ((key, case),) = cases.items()
            yield _case_row(file, key, case, case.id, 2, listing)
            continue
        title = next(iter(cases.values())).scenario
        yield _group_row(scenario, Content(one_line(title)), cases, listing, 2, f"{file.name} {title}")
        if scenario not in listing.folded:
            for key, case in cases.items():
                yield _case_row(file, key, case, " / ".join(case.path), 4, listing)


def _case_row(file: ScenarioFile, key: str, case: Case, title: str, indent: int, listing: Listing) -> Row:
    verdict = listing.verdicts.verdict(key)
    sign, style = ("◌", "$accent") if key in listing.waiting else MARKS[verdict] if verdict else NOT_RUN
    left = Content(" " * indent) + Content.styled(sign, style) + " " + one_line(title)
    right = _history(key, listing)
    words = f"{file.name} {case.id} {verdict or 'not run'}"
    return Row(CASE + key, both_ends(left, right, listing.width), words)


def _history(key: str, listing: Listing) -> Content:
    """The last verdicts as signs; of one that has just changed, what it was and is."""
    known = listing.verdicts.get(key)
    if known is not None and known.was is not None:
        return _marks((known.was,)) + Content.styled("→", QUIET) + _marks((known.result.verdict,))
    most = 4 if listing.width < 44 else 8
    return _marks(listing.runs.history(key)[-most:])


def _marks(verdicts: tuple[Verdict, ...]) -> Content:
    line = Content("")
    for verdict in verdicts:
        sign, style = MARKS[verdict]
        line += Content.styled(sign, QUIET if verdict == "passed" else style)
    return line


def _file_row(file: ScenarioFile, listing: Listing) -> Row:
    title = Content.styled(one_line(file.name), "bold")
    words = " ".join((file.name, *file.cases))
    return _group_row(FILE + file.name, title, file.cases, listing, 0, words, file.problems)


def _group_row(
    key: str,
    title: Content,
    cases: Mapping[str, Case],
    listing: Listing,
    indent: int,
    words: str,
    problems: tuple[Problem, ...] = (),
) -> Row:
    fold = Content.styled("▸" if key in listing.folded else "▾", QUIET)
    left = Content(" " * indent) + fold + " " + title
    if problems:
        count = f"! {len(problems)} problem{'s' if len(problems) > 1 else ''}"
        return Row(key, both_ends(left, Content.styled(count, "$text-error"), listing.width), words)
    return Row(key, both_ends(left, counted(listing.verdicts.counts(cases)), listing.width), words)


def counted(counts: Mapping[Verdict | None, int]) -> Content:
    """How many cases have each verdict: what needs attention first, e.g. `✗1 ✓12`."""
    said = [Content.styled(f"{MARKS[each][0]}{counts[each]}", MARKS[each][1]) for each in ORDER if counts.get(each)]
    if counts.get(None):
        said.append(Content.styled(f"{NOT_RUN[0]}{counts[None]}", NOT_RUN[1]))
    return Content(" ").join(said)


def _problem_row(file: ScenarioFile, number: int, problem: Problem, width: int) -> Row:
    where = f"{problem.line}:{problem.column}"
    if not problem.file.endswith(file.path.name):
        where = f"{problem.file.rpartition('/')[2]}:{where}"
    said = Content.styled(f"{where} ", QUIET) + Content(one_line(problem.message))
    if problem.remedy:
        said += Content.styled(f". {one_line(problem.remedy)}", QUIET)
    label = hung(Content("  ") + Content.styled("!", "$text-error"), said, width, columns=4)
    return Row(f"{PROBLEM}{file.name}:{number}", label, f"{file.name} {problem.message}")


def problem_of(key: str | None, catalogue: Catalogue) -> Problem | None:
    """The problem that a row stands for."""
    file = file_of(key, catalogue) if (key or "").startswith(PROBLEM) else None
    number = (key or "").rpartition(":")[2]
    return file.problems[int(number)] if file is not None and number.isdigit() else None


def next_in_need(key: str | None, listing: Listing) -> str | None:
    """The first row after this one that did not pass or cannot be read; after the last comes the first."""
    before: list[str] = []
    after: list[str] = []
    passed = False
    for file in listing.catalogue.files:
        for each in (FILE + file.name, *(CASE + name for name in file.cases)):
            wrong = bool(file.problems) if each.startswith(FILE) else _is_wrong(each, listing)
            if wrong and each != key:
                (after if passed else before).append(each)
            passed = passed or each == key
    found = [*after, *before]
    return found[0] if found else key if key is not None and _is_wrong(key, listing) else None


def _is_wrong(key: str, listing: Listing) -> bool:
    return listing.verdicts.verdict(key.removeprefix(CASE)) not in (*FINE, None)
