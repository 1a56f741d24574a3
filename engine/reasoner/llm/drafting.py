"""The draft in a model's own words, or in the author's where these are all that has to be said."""

from __future__ import annotations

from collections.abc import Iterator

from engine.reasoner.base import Brief, Draft, DraftPart, Instruction, MissingArgument, OnWords
from engine.reasoner.llm.asking import Asker
from engine.reasoner.llm.fencing import as_data, one_line
from engine.reasoner.llm.model import Prompt
from engine.reasoner.llm.room import Room
from engine.reasoner.llm.small_tasks import words_of
from engine.reasoner.llm.writing import Writer

RULE = "model"
_LONGEST = 500


async def write_draft(brief: Brief, asker: Asker, room: Room, on_words: OnWords | None) -> Draft:
    """Word what the agent should say.

    Where all that has to be said are an author's own words (`say`), or the one question that has the customer choose,
    these are the draft and no model is asked. A draft that a scenario gives is for reasoners that cannot write.

    Args:
        brief: What it is made from.
        asker: Asks the model.
        room: How much a prompt may hold.
        on_words: Called with the words so far.
    """
    points = list(_points(brief, room))
    if not points and not brief.conversation.latest:
        return Draft("", nothing_applies=True)
    parts = _dictated(brief)
    if not parts:
        text = await asker.ask(_prompt(brief, points, room), words_of, on_words)
        sources = {instruction.source for instruction in brief.instructions}
        parts = (DraftPart(text, sources.pop() if len(sources) == 1 else "", RULE),)
    return Draft(" ".join(part.text for part in parts), parts, nothing_applies=not points)


def _dictated(brief: Brief) -> tuple[DraftPart, ...]:
    """An author's own words or a question already worded, where there is nothing beside them."""
    if brief.missing or brief.failures:
        return ()
    if brief.clarify:
        return () if brief.instructions else (DraftPart(brief.clarify, "", "clarify"),)
    if not all(instruction.say for instruction in brief.instructions):
        return ()
    said = dict.fromkeys((one.say or "").strip() for one in brief.instructions)
    owners = {(one.say or "").strip(): one.source for one in reversed(brief.instructions)}
    return tuple(DraftPart(text, owners[text], "say") for text in said)


def _prompt(brief: Brief, points: list[str], room: Room) -> Prompt:
    owners = [instruction.source.partition(".")[0] for instruction in brief.instructions]
    tools = [one.tool for one in brief.missing]
    talk = brief.conversation
    reads = (*owners, *tools, *(one.name for one in talk.capabilities))
    return Writer(talk, room).prompt(
        "draft", None, _LONGEST, reads, capabilities=talk.capabilities, points=points, rationale=brief.rationale
    )


def _points(brief: Brief, room: Room) -> Iterator[str]:
    """What the message has to do, one line each."""
    if brief.clarify:
        yield f"Ask this question: {as_data(brief.clarify, room.message)}"
    yield from (_asking(missing, room) for missing in brief.missing)
    if brief.failures:
        yield f"Apologize that this did not work: {', '.join(dict.fromkeys(brief.failures))}."
    blocked = {missing.tool for missing in brief.missing} | set(brief.failures)
    yield from (_instructed(instruction, blocked, room) for instruction in brief.instructions)
    if not brief.instructions and any(result.told is not None for result in brief.results):
        yield "Tell the customer what the tools have just returned, as far as it answers them."


def _asking(missing: MissingArgument, room: Room) -> str:
    parameter = missing.parameter
    what = one_line(parameter.description) or parameter.name.replace("_", " ")
    choices = f" (one of {', '.join(parameter.choices)})" if parameter.choices else ""
    if missing.invalid:
        return f"Say that {as_data(missing.value, room.datum)} will not do, and ask for this: {what}{choices}"
    return f"Ask for this: {what}{choices}"


def _instructed(instruction: Instruction, blocked: set[str], room: Room) -> str:
    waiting = sorted(blocked & set(instruction.tools))
    if waiting:
        return f"Do not do this yet, since {', '.join(waiting)} has not run: {one_line(instruction.text)}"
    if instruction.say:
        return f"Say {as_data(instruction.say.strip(), room.message)}"
    return one_line(instruction.text)
