"""Which approved message says a draft, and how well; gaps, a follow-up and a rewording in the same answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, create_model

from engine.reasoner.base import Candidate, Draft, DraftPart, Fit, Instruction, Restyled, ScoredCandidate, Selection
from engine.reasoner.conversation import Conversation
from engine.reasoner.llm.asking import Asker, Unusable
from engine.reasoner.llm.room import Room
from engine.reasoner.llm.shapes import STRICT, by_name
from engine.reasoner.llm.writing import Writer

NONE = "none"
_RANK: dict[Fit, int] = {"high": 0, "partial": 1, "low": 2, "none": 3}
_FITS = Literal["high", "partial", "low", "none"]
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a model answered about a draft.

    Attributes:
        selection: The choice, with what the choice carries out.
        follow_up: The choice for what the first one leaves unsaid.
        said_by_draft: The instructions that the draft carries out.
        fields: The values of generative fields.
        restyled: The draft reworded; None where that was not asked for.
        draft: The text it is about.
        seen: The names of the candidates it is about.
    """

    selection: Selection
    follow_up: Selection
    said_by_draft: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)
    restyled: Restyled | None = None
    draft: str = ""
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choosing:
    """What is chosen from.

    Attributes:
        draft: The draft.
        candidates: The approved messages, best retrieved first; gaps in them are the generative fields.
        instructions: What the draft was to do.
        fields: The names of the generative fields to infer.
        restyle: Whether a rewording of the draft may be needed, too.
    """

    draft: Draft
    candidates: tuple[Candidate, ...]
    instructions: tuple[Instruction, ...]
    fields: tuple[str, ...] = ()
    restyle: bool = False


async def choose(choosing: Choosing, conversation: Conversation, asker: Asker, room: Room) -> Chosen:
    """Ask which approved message says the draft."""
    schema = _schema_of(choosing)
    instructed = [one.source.partition(".")[0].partition("#")[0] for one in choosing.instructions]
    reads = [one.name for one in choosing.candidates] + instructed
    prompt = Writer(conversation, room).prompt(
        "select",
        schema.model_json_schema(),
        500 + 12 * len(choosing.candidates) + 60 * len(choosing.fields) + 20 * len(choosing.instructions),
        reads,
        draft=choosing.draft,
        candidates=choosing.candidates,
        instructions=choosing.instructions,
        fields=choosing.fields,
        restyled=choosing.restyle,
    )
    return await asker.ask(prompt, lambda text: _chosen(schema.model_validate_json(text), choosing))


def _schema_of(choosing: Choosing) -> type[BaseModel]:
    names = tuple(candidate.name for candidate in choosing.candidates)
    sources: Any = Literal[tuple(dict.fromkeys(one.source for one in choosing.instructions)) or ("",)]
    fields: dict[str, Any] = {}
    if choosing.fields:
        gaps = dict.fromkeys(choosing.fields, (str | None, True))
        fields["fields"] = (by_name("Fields", gaps), ...)
    fields["why"] = (str, ...)
    if names:
        fields["fits"] = (by_name("Fits", dict.fromkeys(names, (_FITS, True))), ...)
        fields["choice"] = (Literal[(*names, NONE)], ...)
        fields["unsaid"] = (str, ...)
        fields["follow_up"] = (Literal[(*names, NONE)], ...)
        fields["said_by_choice"] = (list[sources], ...)
    fields["said_by_draft"] = (list[sources], ...)
    if choosing.restyle:
        fields["restyled"] = (str, ...)
    return create_model("Selection", __config__=STRICT, **fields)


def _chosen(answer: Any, choosing: Choosing) -> Chosen:
    selection, follow_up = _selections(answer, choosing) if choosing.candidates else (_NOTHING, _NOTHING)
    fields = answer.fields.model_dump(by_alias=True) if choosing.fields else {}
    restyled = restyled_from(choosing.draft, answer.restyled, selection.choice) if choosing.restyle else None
    return Chosen(
        selection,
        follow_up,
        tuple(dict.fromkeys(answer.said_by_draft)),
        {name: text.strip() for name, text in fields.items() if text and text.strip()},
        restyled,
        choosing.draft.text,
        frozenset(candidate.name for candidate in choosing.candidates),
    )


_NOTHING = Selection(None, "none", (), "there is no candidate")


def _selections(answer: Any, choosing: Choosing) -> tuple[Selection, Selection]:
    """The choice, and the choice for what it leaves unsaid.

    Raises:
        Unusable: When the choice is one that by the same answer does not fit at all.
    """
    fits: dict[str, Fit] = answer.fits.model_dump(by_alias=True)
    why = " ".join(answer.why.split())
    choice = None if answer.choice == NONE else answer.choice
    if choice is not None and fits[choice] == "none":
        raise Unusable(f"the choice {choice} has the fit none; choose one that fits, or none")
    scored = _scored(choosing.candidates, fits, choice, why)
    fit: Fit = fits[choice] if choice else "none"
    unsaid = answer.unsaid.strip() if choice else ""
    said = tuple(dict.fromkeys(answer.said_by_choice)) if choice else ()
    second = answer.follow_up if unsaid and answer.follow_up not in (NONE, choice) else None
    rest = tuple(dict.fromkeys(name for name in answer.said_by_draft if name not in said))
    first = Selection(choice, fit, scored, why, unsaid, said, _beside(unsaid, rest))
    follow_up = Selection(second, fits[second] if second else "none", scored, why, carried_out=rest if second else ())
    return first, follow_up


def _beside(unsaid: str, sources: Sequence[str]) -> tuple[DraftPart, ...]:
    """What a choice leaves unsaid, as one text that carries out everything which only the draft does."""
    if not unsaid:
        return ()
    first, *more = sources or ("",)
    return (DraftPart(unsaid, first, "model"), *(DraftPart("", source, "model") for source in more))


def _scored(
    candidates: Sequence[Candidate], fits: dict[str, Fit], choice: str | None, why: str
) -> tuple[ScoredCandidate, ...]:
    ranked = sorted(candidates, key=lambda one: (one.name != choice, _RANK[fits[one.name]]))
    return tuple(
        ScoredCandidate(
            one.name, one.score, fits[one.name], why if one.name == choice else f"the model says {fits[one.name]}"
        )
        for one in ranked
    )


def restyled_from(draft: Draft, text: str, style_from: str | None) -> Restyled:
    """A rewording, taken only where it keeps every number of the draft and adds none."""
    words = text.strip()
    before, after = set(_NUMBER.findall(draft.text)), set(_NUMBER.findall(words))
    if not words or before != after:
        odd = ", ".join(sorted(before ^ after)) or "all its words"
        return Restyled(draft.text, False, None, f"the draft stays as it was: its rewording changed {odd}")
    if words == draft.text.strip():
        return Restyled(draft.text, False, None, "the draft already has the style of the responses")
    return Restyled(words, True, style_from or "the candidates", "reworded in the style of the responses")
