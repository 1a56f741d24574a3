"""Words a draft without a language model: instructions and data become sentences to the customer.

A rule words each instruction (see `realise`); what no rule can word is a visible stub, never an invention.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.reasoner.base import Brief, Draft, DraftPart, Instruction
from engine.reasoner.embedded.language.features import likeness
from engine.reasoner.embedded.language.pronouns import turn
from engine.reasoner.embedded.speaking.alone import answer_alone
from engine.reasoner.embedded.speaking.asking import apologise_for, ask_for_missing
from engine.reasoner.embedded.speaking.data import label_of_tool, say_data, says_something
from engine.reasoner.embedded.speaking.facts import Facts
from engine.reasoner.embedded.speaking.realise import realise
from engine.reasoner.embedded.speaking.realise_rules import Scene, Worded

_SAID_ALREADY = 0.92
"""Likeness from which a sentence counts as said before (the same words but for an article or an ending)."""

_OPENINGS = frozenset({"greet", "welcome", "introduce", "thank", "apologize", "sympathise", "understand", "failure"})
_PARTINGS = frozenset({"part", "wish"})
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"'\[¿¡])")
_LABEL_CLAUSE = re.compile(
    r"(?:load|look|fetch|get|retrieve|check|find|pull|show|list|read|query)(?: up| out)? "
    r"(?P<what>[^,;.]+?)(?=,|;| and |\.|$)",
    re.I,
)


def draft(brief: Brief) -> Draft:
    """Word what the agent should say.

    Args:
        brief: Instructions (most important first), tool results, missing arguments and the conversation.

    Returns:
        The draft with its parts. A given draft is spoken as it is. Courtesies come first, then questions for missing
        arguments, guidelines, states and data; sentences that say the same are said once.
    """
    if brief.given_draft is not None:
        text = brief.given_draft.strip()
        return Draft(text, (DraftPart(text, "", "given"),), dictated=True)
    parts = _in_order(_without_repeats(_parts(brief)))
    if parts:
        return Draft(" ".join(part.text for part in parts), tuple(parts))
    alone = answer_alone(brief.conversation)
    return Draft(alone.text, (alone,), nothing_applies=True)


def _parts(brief: Brief) -> list[DraftPart]:
    parts = [DraftPart(brief.clarify, "", "clarify")] if brief.clarify else []
    parts += ask_for_missing(brief.missing)
    parts += apologise_for(brief.failures)
    used: set[int] = set()
    for instruction in brief.instructions:
        for worded in _instructed(instruction, brief):
            used.update(worded.results)
            if worded.text:
                parts.append(DraftPart(worded.text, instruction.source, worded.rule))
    parts += list(_data_parts(brief, used, parts))
    return parts or list(_announced(brief))


def _instructed(instruction: Instruction, brief: Brief) -> list[Worded]:
    """An instruction in words; one whose own tool did not run claims nothing and keeps only its courtesies."""
    blocked = not _blocked(brief).isdisjoint(instruction.tools)
    if instruction.say:
        return [] if blocked else [Worded(instruction.say.strip(), "say")]
    worded = realise(instruction.text, _scene(instruction, brief))
    return [words for words in worded if words.rule in _OPENINGS] if blocked else worded


def _blocked(brief: Brief) -> set[str]:
    """The tools that did not run: for want of an argument, or because they failed."""
    return {argument.tool for argument in brief.missing} | set(brief.failures)


def _scene(instruction: Instruction, brief: Brief) -> Scene:
    own = frozenset(instruction.tools)
    others = frozenset(tool for other in brief.instructions if other is not instruction for tool in other.tools) - own
    if instruction.kind == "state":
        own |= {result.tool for result in brief.results if result.this_turn} - others
    blocked = _blocked(brief)
    waiting = bool(own & blocked) or (instruction.kind == "state" and bool(blocked))
    return Scene(
        look_up=Facts(brief.conversation, brief.results, own, others).look_up,
        agent_name=brief.conversation.agent.name,
        customer_name=brief.conversation.customer_name,
        has_tools=bool(instruction.tools),
        waiting=waiting,
    )


def _data_parts(brief: Brief, used: set[int], parts: list[DraftPart]) -> Iterator[DraftPart]:
    """Results of this turn that no instruction put into words, unless their own instruction has spoken."""
    told = {part.source for part in parts if part.rule == "say" or not part.text.endswith("?") and part.rule != "stub"}
    state_spoke = any(one.kind == "state" and one.say and one.source in told for one in brief.instructions)
    for place, result in enumerate(brief.results):
        if place in used or not result.this_turn or not says_something(result.told):
            continue
        owner = next((one for one in brief.instructions if result.tool in one.tools), None)
        if owner.source in told if owner is not None else state_spoke:
            continue
        text = say_data(result.told, _label(owner, result.tool))
        if text:
            yield DraftPart(text, result.tool, "data")


def _label(owner: Instruction | None, tool: str) -> str:
    named = _LABEL_CLAUSE.search(owner.text) if owner else None
    return turn(named["what"]) if named else label_of_tool(tool)


def _announced(brief: Brief) -> Iterator[DraftPart]:
    """When all was left to tools and they gave nothing to say, what is being done."""
    for instruction in brief.instructions:
        if instruction.tools:
            scene = Scene(look_up=lambda _: None, agent_name=brief.conversation.agent.name)
            for worded in realise(instruction.text, scene):
                if worded.text:
                    yield DraftPart(worded.text, instruction.source, worded.rule)


def _without_repeats(parts: list[DraftPart]) -> list[DraftPart]:
    said: list[str] = []
    kept: list[DraftPart] = []
    for part in parts:
        fresh = []
        for text in sentences(part.text) if part.rule != "say" else [part.text]:
            if not any(_same(text, earlier) for earlier in said):
                fresh.append(text)
                said.append(text)
        if fresh:
            kept.append(DraftPart(" ".join(fresh), part.source, part.rule))
    return kept


def _same(one: str, other: str) -> bool:
    if one.casefold() == other.casefold():
        return True
    numbers = r"\d+(?:[.,]\d+)*"
    negative = r"(?:\bno|\bnot|n['’]t|\bnever)\b"
    if re.findall(numbers, one) != re.findall(numbers, other) or one.endswith("?") != other.endswith("?"):
        return False
    if bool(re.search(negative, one, re.I)) != bool(re.search(negative, other, re.I)):
        return False
    return likeness(one, other) >= _SAID_ALREADY


def _in_order(parts: list[DraftPart]) -> list[DraftPart]:
    """Courtesies that open a message first, those that close it last, otherwise the order of importance."""
    return sorted(parts, key=lambda part: 0 if part.rule in _OPENINGS else 2 if part.rule in _PARTINGS else 1)


def sentences(text: str) -> list[str]:
    """A text cut into its sentences; line breaks end a sentence, too."""
    return [piece.strip() for line in text.splitlines() for piece in _SENTENCE.split(line) if piece.strip()]
