"""The short questions beside the main ones: a preamble, a question of choice, a rewording."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import create_model

from engine.reasoner.base import Candidate, Draft, Option, Restyled
from engine.reasoner.conversation import Conversation
from engine.reasoner.llm.asking import Asker, Unusable
from engine.reasoner.llm.room import Room
from engine.reasoner.llm.selecting import restyled_from
from engine.reasoner.llm.shapes import STRICT
from engine.reasoner.llm.writing import Writer

_SHORT, _SENTENCES = 60, 400


async def preamble(conversation: Conversation, choices: Sequence[str], asker: Asker, room: Room) -> str | None:
    """A short acknowledgement: one of `choices`, or free when there are none; None to say nothing."""
    if not conversation.latest.strip():
        return None
    said: Any = Literal[tuple(choices)] if choices else str
    schema = create_model("Preamble", __config__=STRICT, say=(said | None, ...))
    longest = _SHORT + max((len(choice) for choice in choices), default=0)
    prompt = Writer(conversation, room).prompt("preamble", schema.model_json_schema(), longest, choices=choices)
    answer: Any = await asker.ask(prompt, schema.model_validate_json)
    return (answer.say or "").strip() or None if not choices else answer.say


async def clarify(options: Sequence[Option], conversation: Conversation, asker: Asker, room: Room) -> str:
    """The question that has the customer choose between the options."""
    prompt = Writer(conversation, room).prompt(
        "clarify", None, _SENTENCES, [option.name for option in options], options=options
    )
    return await asker.ask(prompt, words_of)


async def restyle(
    draft: Draft, candidates: Sequence[Candidate], conversation: Conversation, asker: Asker, room: Room
) -> Restyled:
    """A draft reworded in the style of the candidates, keeping every fact."""
    if not candidates:
        return Restyled(draft.text, False, None, "there is no response whose style could be taken")
    prompt = Writer(conversation, room).prompt(
        "restyle", None, _SENTENCES, [one.name for one in candidates], draft=draft, candidates=candidates
    )
    return restyled_from(draft, await asker.ask(prompt, words_of), candidates[0].name)


def words_of(text: str) -> str:
    """The bare words of a message, without quotation marks around them.

    Raises:
        Unusable: When there are none.
    """
    bare = text.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"' and '"' not in bare[1:-1]:
        bare = bare[1:-1].strip()
    if not bare:
        raise Unusable("there are no words in it")
    return bare
