"""A case as blocks: what was said and done turn by turn, and each failing check where it failed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.content import Content

from engine.scenario.model import Case, Place, Step
from engine.scenario.results import CaseResult, Failure, Line
from engine.scenario.transcript import lines_of
from engine.turn.trace import Composition, Drafting, ToolCall, ToolRound, TurnTrace
from studio.modes.scenarios.wrapped import QUIET, hung, one_line, tidy

LONGEST = 2_000
"""How many characters of one text are drawn; `y` copies all of it."""

SPEAKERS = {"agent": "bold $primary", "customer": "bold"}
MESSAGE_CHECKS = ("agent", "response")


@dataclass(frozen=True)
class Part:
    """One labelled text of a block; the label is on its first line only."""

    label: Content
    text: Content


@dataclass(frozen=True)
class Block:
    """What the cursor stands on as one: a message, a tool's call, a failing check, a line of the file.

    Attributes:
        parts: What is drawn.
        text: What `y` copies.
        turn: The turn it belongs to or comes after, counted from 1; 0 before the first.
        place: Where it stands in the scenario file; None where nothing does.
        failed: Whether it is a failing check.
        columns: The width of the labels.
    """

    parts: tuple[Part, ...]
    text: str
    turn: int = 0
    place: Place | None = None
    failed: bool = False
    columns: int = 11

    def drawn(self, width: int) -> Content:
        """The block in lines of so many cells."""
        lines = [hung(part.label, part.text, width, columns=self.columns) for part in self.parts]
        return Content("\n").join(lines)


def blocks_of(case: Case, result: CaseResult | None) -> list[Block]:
    """What is to be seen of a case.

    Args:
        case: The case.
        result: How it went; None shows what the file says instead.
    """
    return list(_played(result)) if result is not None else list(_written(case))


def _played(result: CaseResult) -> Iterator[Block]:
    behind: dict[int, list[Failure]] = {}
    for failure in result.failures:
        behind.setdefault(failure.after, []).append(failure)
    turn, said = 0, 0
    for number, line in enumerate(result.transcript):
        yield from _failures(behind.pop(number, ()), turn, _trace(result, turn))
        if line.turn and line.turn != turn:
            turn, said = line.turn, 0
        trace = _trace(result, turn)
        if line.who == "agent" and said == 0:
            yield from _calls(trace, turn)
        yield _line(line, turn, _source(trace, said) if line.who == "agent" else "")
        said += line.who == "agent"
        if not said and _ends_silently(result.transcript, number):
            yield from _calls(trace, turn)
    for failures in behind.values():
        yield from _failures(failures, turn, _trace(result, turn))


def _trace(result: CaseResult, turn: int) -> TurnTrace | None:
    return result.traces[turn - 1] if 0 < turn <= len(result.traces) else None


def _ends_silently(lines: Sequence[Line], number: int) -> bool:
    """Whether a turn ends with this line although the agent has said nothing in it."""
    following = lines[number + 1] if number + 1 < len(lines) else None
    return bool(lines[number].turn) and (following is None or following.turn != lines[number].turn)


def _line(line: Line, turn: int, source: str) -> Block:
    style = SPEAKERS.get(line.who, QUIET)
    text = Content(_shown(line.text))
    if line.who not in SPEAKERS and not line.who.startswith("human"):
        text = text.stylize(QUIET)
    if source:
        text += Content.styled(f"  · {source}", QUIET)
    who = "human, as agent" if line.who.startswith("human agent,") else line.who
    return Block((Part(Content.styled(who, style), text),), f"{line.who}: {line.text}", turn)


def _source(trace: TurnTrace | None, number: int) -> str:
    """The canned response that a message was made from; empty for one in the agent's own words."""
    composition = trace.last(Composition) if trace is not None else None
    if composition is None or len(composition.sources) != len(composition.messages):
        return ""
    source = composition.sources[number] if number < len(composition.sources) else ""
    return one_line(source) if source != "draft" else ""


def _calls(trace: TurnTrace | None, turn: int) -> Iterator[Block]:
    for stage in trace.all(ToolRound) if trace is not None else ():
        for call in stage.calls:
            yield _call(call, turn)


def _call(call: ToolCall, turn: int) -> Block:
    arguments = ", ".join(f"{name}={_value(value)}" for name, value in call.values.items())
    if not call.called:
        lacking = ", ".join(f"{argument.problem} {argument.name}" for argument in call.arguments if argument.problem)
        came, style = f"not called: {lacking}", "$text-warning"
    elif call.error:
        came, style = f"failed: {call.error}", "$text-error"
    else:
        came, style = _answer(call), QUIET
    head = f"{call.tool}({arguments})"
    text = Content(_shown(head)) + Content.styled(f" → {_shown(came)}", style)
    return Block((Part(Content.styled("⚙ tool", QUIET), text),), f"{head} → {came}", turn)


def _answer(call: ToolCall) -> str:
    result = call.result or {}
    told = [_value(result["data"])] if result.get("data") is not None else []
    told += [f"{name} = {_value(value)}" for name, value in (result.get("canned_response_fields") or {}).items()]
    told += [f"asks for {name} {value}" for name, value in (result.get("control") or {}).items()]
    told += ["goes on in the background"] if call.background else []
    return ", ".join(told) or "no data"


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _failures(failures: Sequence[Failure], turn: int, trace: TurnTrace | None) -> Iterator[Block]:
    for failure in failures:
        yield _failure(failure, turn, trace)


def _failure(failure: Failure, turn: int, trace: TurnTrace | None) -> Block:
    told = [("expected", failure.expected), ("got", failure.got)]
    draft = trace.last(Drafting) if trace is not None else None
    if draft is not None and draft.text and failure.check in MESSAGE_CHECKS and draft.text not in failure.got:
        told.append(("draft", draft.text))
    told += [("why" if number == 0 else "", why) for number, why in enumerate(failure.why)]
    head = Part(Content.styled(f"✗ {one_line(failure.check)}", "bold $text-error"), _where(failure))
    parts = [Part(Content.styled(f"  {label}", QUIET), Content(_shown(text))) for label, text in told]
    lines = "\n".join(f"  {label:<9} {text}" for label, text in told)
    return Block((head, *parts), f"✗ {failure.check}  {failure.place}\n{lines}", turn, failure.place, failed=True)


def _where(failure: Failure) -> Content:
    said = f"{Path(failure.place.file).name}:{failure.place.line}"
    if failure.step.startswith("over "):
        said += f" · {failure.step}"
    return Content.styled(said, QUIET)


def _written(case: Case) -> Iterator[Block]:
    """A case that has not run: its steps as the file says them."""
    turn = 0
    for step in case.steps:
        if step.input is not None:
            for line in lines_of(step.input):
                style = SPEAKERS.get(line.who, QUIET)
                text = Content(_shown(line.text))
                yield Block(
                    (Part(Content.styled(line.who, style), text),), f"{line.who}: {line.text}", turn, step.place
                )
        yield from _expected(step, turn)


def _expected(step: Step, turn: int) -> Iterator[Block]:
    for check in step.checks:
        label = Content.styled(f"  {check.key}", QUIET)
        said = f"not {check.expected_text}" if check.negated else check.expected_text
        part = Part(label, Content(_shown(said)).stylize(QUIET))
        yield Block((part,), str(check), turn, check.place)


def yaml_blocks(text: str, case: Case, result: CaseResult | None) -> list[Block]:
    """The lines of the file that the case is written in, those with failing checks marked.

    Args:
        text: The file's text as it is now.
        case: The case.
        result: How it went.
    """
    lines = text.splitlines()
    first = min(case.place.line, max(1, len(lines)))
    failed = (
        {failure.place.line for failure in result.failures if failure.place.file == case.place.file} if result else ()
    )
    found: list[Block] = []
    for number in range(first, len(lines) + 1):
        line = lines[number - 1]
        if number > first and (line == "---" or line.startswith("--- ")):
            break
        wrong = number in failed
        label = Content.styled(f"{'✗' if wrong else ' '}{number:>4}", "$text-error" if wrong else QUIET)
        style = "$text-error" if wrong else QUIET if line.lstrip().startswith("#") else ""
        part = Part(label, Content.styled(tidy(line), style) if style else Content(tidy(line)))
        found.append(Block((part,), line, 0, Place(case.place.file, number, 1), wrong, columns=6))
    while found and not found[-1].text.strip():
        found.pop()
    return found


def _shown(text: str) -> str:
    tidied = tidy(text)
    return tidied if len(tidied) <= LONGEST else f"{tidied[:LONGEST]}… (y copies all)"
