"""What the right side shows for each row of the list: a head and blocks. Nothing here draws or plays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from textual.content import Content

from engine.agent.errors import Problem
from engine.scenario.model import Case, Place
from engine.scenario.results import Verdict
from studio.modes.scenarios.blocks import Block, Part, blocks_of, yaml_blocks
from studio.modes.scenarios.catalogue import ScenarioFile
from studio.modes.scenarios.rows import counted
from studio.modes.scenarios.verdicts import MARKS, NOT_RUN, Known, Verdicts
from studio.modes.scenarios.wrapped import QUIET, one_line, tidy

GUIDE = """\
scenario: Only Pepsi
steps:
  - customer: Can I get a coke?
  - agent: ... Pepsi ...
    matched: offer_pepsi"""


@dataclass(frozen=True)
class Page:
    """What the right side shows.

    Attributes:
        key: The row it is about.
        head: The lines above.
        blocks: What the cursor moves over.
        state: Changes when the cursor is to go to the first failing check again.
    """

    key: str
    head: tuple[Content, ...] = ()
    blocks: tuple[Block, ...] = ()
    state: str = ""


def case_page(key: str, case: Case, known: Known | None, stamp: str, waiting: bool) -> Page:
    """A case: how it went, turn by turn; what the file says when it has not run."""
    result = known.result if known is not None else None
    head = (_title(case, known, waiting), Content.styled(_facts(case, known, stamp), QUIET))
    return Page(key, head, tuple(blocks_of(case, result)), f"played {result.verdict if result else ''}")


def yaml_page(key: str, case: Case, known: Known | None) -> Page:
    """The case as its file says it now."""
    try:
        text = Path(case.place.file).read_text("utf-8")
    except (OSError, ValueError) as error:
        return Page(key, (_title(case, known, False), Content.styled(f"! {one_line(str(error))}", "$text-error")))
    head = (
        _title(case, known, False),
        Content.styled(f"{Path(case.place.file).name}:{case.place.line} · v goes back", QUIET),
    )
    return Page(key, head, tuple(yaml_blocks(text, case, known.result if known is not None else None)), "yaml")


def _title(case: Case, known: Known | None, waiting: bool) -> Content:
    sign, style = ("◌", "$accent") if waiting else MARKS[known.result.verdict] if known else NOT_RUN
    word = "waiting" if waiting else known.result.verdict if known is not None else "not run"
    was = ""
    if known is not None and known.was is not None:
        was = f" (was {MARKS[known.was][0]} {known.was})"
    return Content.styled(f"{sign} {word}{was}", f"bold {style}") + "  " + Content.styled(one_line(case.id), "bold")


def _facts(case: Case, known: Known | None, stamp: str) -> str:
    place = f"{Path(case.place.file).name}:{case.place.line}"
    if known is None:
        return f"{place} · ⏎ runs it"
    if known.stamp != stamp:
        return f"{place} · from before the last change: x runs it again"
    result = known.result
    told = [place, _plural(result.turns, "turn"), _plural(result.checks, "check"), f"{result.seconds * 1000:.0f} ms"]
    told += [f"{_plural(result.dictated, 'draft')} dictated"] if result.dictated else []
    told += [f"{_plural(result.pinned, 'turn')} pinned"] if result.pinned else []
    return " · ".join([*told, *filter(None, [result.reasoner])])


def group_page(key: str, title: str, cases: Mapping[str, Case], verdicts: Verdicts) -> Page:
    """Several cases: how each went."""
    counts = verdicts.counts(cases)
    head = (Content.styled(one_line(title), "bold"), counted(counts) + Content.styled("   x runs them", QUIET))
    return Page(key, head, tuple(_case_line(each, case, verdicts.verdict(each)) for each, case in cases.items()))


def _case_line(key: str, case: Case, verdict: Verdict | None) -> Block:
    sign, style = MARKS[verdict] if verdict is not None else NOT_RUN
    part = Part(Content.styled(sign, style), Content(one_line(key)))
    return Block((part,), key, 0, case.place, columns=2)


def problems_page(key: str, file: ScenarioFile) -> Page:
    """A file that cannot be read: everything that is wrong, where, and what to do about it."""
    count = _plural(len(file.problems), "problem")
    head = (
        Content.styled(f"! {one_line(file.path.name)} cannot be read", "bold $text-error"),
        Content.styled(f"{count} · F9 opens the file there; it is read again when it is saved", QUIET),
    )
    return Page(key, head, tuple(map(_problem_block, file.problems)), "problems")


def _problem_block(problem: Problem) -> Block:
    place = Place(problem.file, problem.line, problem.column)
    where = Content.styled(f"{Path(problem.file).name}:{problem.line}:{problem.column}", "bold")
    parts = [
        Part(Content.styled("!", "$text-error"), where),
        Part(Content(""), Content(tidy(problem.message))),
    ]
    if problem.remedy:
        parts.append(Part(Content.styled("→", "$accent"), Content(tidy(problem.remedy))))
    return Block(tuple(parts), str(problem), 0, place, columns=2)


def guide_page(agent_broken: bool) -> Page:
    """No scenarios: how to write one."""
    if agent_broken:
        said = "The agent file cannot be read yet; its scenarios are, once it can."
        return Page("", (Content.styled(said, "$text-warning"),))
    head = (Content.styled("No scenarios yet", "bold"),)
    return Page("", head, tuple(_guide()), "guide")


def _guide() -> Iterator[Block]:
    yield _text(
        "A scenario is a conversation with what has to come out of it. Write one beside the agent file, in a file that"
        " ends in .scenario.yaml (F9 begins one in your editor); it is here as soon as it is saved:"
    )
    yield _text("")
    for line in GUIDE.splitlines():
        yield Block((Part(Content("  "), Content.styled(line, "$primary")),), line, columns=3)
    yield _text("")
    yield _text("`cuecard schema scenario` prints everything a scenario can say, as JSON Schema for your editor.")


def _text(text: str) -> Block:
    return Block((Part(Content(""), Content(text)),), text, columns=1)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
