"""Chooses the canned response that says a draft, says how well it does, and what of the draft it leaves unsaid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.reasoner.base import Candidate, Draft, DraftPart, Fit, Instruction, ScoredCandidate, Selection
from engine.reasoner.embedded.language.features import likeness, words
from engine.reasoner.embedded.responses.fit import (
    Meaning,
    Nearness,
    leaves_out_numbers,
    nearness,
    own_words,
    sentences,
    shares_fields,
    spoken,
    words_alone,
)
from engine.reasoner.embedded.speaking.realise import STUB

HIGH, PARTIAL = 0.5, 0.3
"""Cuts on nearness: from `HIGH` a response says the draft, from `PARTIAL` it says something of the kind.

Calibrated on the table in `tests/reasoner/embedded/data/fits.tsv`: pairs that say the same, pairs that say a part of it
and pairs that do not, of eight kinds of business.
"""

LINKED_HIGH = 0.3
"""The same as `HIGH` for a response that is attached to what the draft carries out."""

OF_ONE_MATTER = 0.4
"""What a response must reach that is attached to something active and nearer in meaning than in words: all that is said
of one matter is a little near in meaning, even what says the opposite."""

SAID = 0.4
"""Likeness from which a sentence of the draft is said by a sentence of the response.

What comes from something else than the response is attached to is said only from `HIGH`: a word in common (`transfer`)
is easily met by chance, and the customer would never hear of the other thing.
"""

ASKING_RULES = frozenset({"missing argument", "invalid argument"})
ASKING_FIELDS = frozenset({"std.missing_params", "std.invalid_params"})
_LINK_BONUS, _OWN_LINK_BONUS = 0.1, 0.35
_COURTESIES = frozenset(
    {"greet", "welcome", "introduce", "thank", "apologize", "sympathise", "understand", "reassure", "part"}
)
_DATA = "data"
_OPENINGS = frozenset({"greet", "welcome", "introduce"})
_RANK: dict[Fit, int] = {"high": 3, "partial": 2, "low": 1, "none": 0}


@dataclass(frozen=True, slots=True)
class _Judged:
    candidate: Candidate
    near: Nearness
    fit: Fit
    strength: float
    why: str


@dataclass(frozen=True, slots=True)
class _Link:
    """How a response hangs together with the draft: meant for a part of it, alone in that, the part without words.

    `silent` is the only response of something that holds and asks for no words of its own, such as an observation.
    """

    meant: bool
    alone: bool
    wordless: bool
    silent: bool = False


def select(
    draft: Draft,
    candidates: Sequence[Candidate],
    instructions: Sequence[Instruction],
    meaning: Meaning = words_alone,
) -> Selection:
    """Choose the canned response that says the draft.

    Args:
        draft: The draft message.
        candidates: Rendered responses, best retrieved first.
        instructions: What the draft carries out, most important first.
        meaning: What finds the same said in other words.

    Returns:
        The choice with its fit, all candidates with theirs, best first, the part of the draft that the choice leaves
        unsaid, and the instructions that are carried out: by the choice, or by the draft when nothing fits.
    """
    judged = [_judge(draft, candidate, candidates, instructions, meaning) for candidate in candidates]
    ranked = sorted(judged, key=lambda one: (-_RANK[one.fit], -one.strength))
    scored = tuple(ScoredCandidate(one.candidate.name, one.near.score, one.fit, one.why) for one in ranked)
    if not ranked or _RANK[ranked[0].fit] < _RANK["partial"]:
        return _nothing_fits(draft, ranked, scored, instructions)
    best = ranked[0]
    said = [part for part in draft.parts if _says_part(best.candidate, part, meaning)]
    return Selection(
        best.candidate.name,
        best.fit,
        scored,
        best.why,
        _unsaid(draft, best.candidate, meaning),
        _carried_out(draft, instructions, {part.source for part in said} | {best.candidate.linked or ""}),
        _beside(draft, best.candidate, instructions, meaning),
    )


def _nothing_fits(
    draft: Draft, ranked: list[_Judged], scored: tuple[ScoredCandidate, ...], instructions: Sequence[Instruction]
) -> Selection:
    told = _carried_out(draft, instructions, {part.source for part in draft.parts if part.rule != STUB})
    if draft.dictated:
        told = tuple(instruction.source for instruction in instructions)
    if not ranked:
        return Selection(None, "none", scored, "There is no candidate.", carried_out=told)
    best = ranked[0]
    why = f"No candidate says the draft; the nearest is {best.candidate.name} ({best.near.score:.2f})."
    return Selection(None, best.fit, scored, why, carried_out=told)


def _judge(
    draft: Draft,
    candidate: Candidate,
    candidates: Sequence[Candidate],
    instructions: Sequence[Instruction],
    meaning: Meaning,
) -> _Judged:
    own = [part for part in draft.parts if candidate.linked and part.source == candidate.linked]
    actions = [one.text for one in instructions if own and one.source == candidate.linked]
    text = spoken(" ".join(part.text for part in own)) if own else spoken(draft.text)
    wordless = bool(draft.parts) and all(part.rule == STUB for part in own or draft.parts)
    near = nearness(text, candidate, actions, wordless, meaning)
    if own and len(own) < len(draft.parts):
        near = max(near, nearness(spoken(draft.text), candidate, meaning=meaning), key=lambda one: one.score)
    meant = bool(own) or (draft.nothing_applies and candidate.linked is not None)
    alone = meant and sum(other.linked == candidate.linked for other in candidates) == 1
    silent = _is_silent(candidate, instructions) and sum(other.linked == candidate.linked for other in candidates) == 1
    fit, why = _fit(near, draft, candidate, _Link(meant, alone, any(part.rule == STUB for part in own), silent))
    bonus = 0.0 if candidate.linked is None else _OWN_LINK_BONUS if alone else _LINK_BONUS
    return _Judged(candidate, near, fit, round(near.score + bonus, 4), why)


def _fit(near: Nearness, draft: Draft, candidate: Candidate, link: _Link) -> tuple[Fit, str]:
    shown = f"{near.score:.2f} by {near.by}"
    if link.silent and near.score < LINKED_HIGH and not draft.dictated and not draft.nothing_applies:
        return "partial", f"It is the only response attached to {candidate.linked}, which says nothing else."
    if near.against:
        return "low", f"It goes against the draft: {near.against}."
    if _asks_what_the_draft_asks(draft, candidate):
        return "high", "It names what is missing, which the draft asks for."
    if near.score >= HIGH and candidate.linked is None and leaves_out_numbers(draft.text, candidate):
        return "partial", f"It is near the draft, but leaves out its numbers ({shown})."
    if near.score >= HIGH:
        return "high", f"It says the draft ({shown})."
    of_one_matter = candidate.linked is not None and near.in_other_words and near.score < OF_ONE_MATTER
    if candidate.linked is not None and near.score >= LINKED_HIGH and not of_one_matter:
        return "high", f"It is attached to {candidate.linked} and near the draft ({shown})."
    if link.alone and (link.wordless or draft.nothing_applies):
        return "high", f"It is the only response attached to {candidate.linked}, for which there are no other words."
    if link.alone and not draft.dictated:
        return (
            "partial",
            f"It is the only response attached to {candidate.linked}; the draft has other words ({shown}).",
        )
    if link.meant and link.wordless:
        return "partial", f"It is attached to {candidate.linked}, for which there are no other words ({shown})."
    if near.score >= PARTIAL and not of_one_matter:
        return "partial", f"It says something of the kind ({shown})."
    return ("low" if near.score > 0 else "none"), f"It says something else ({near.score:.2f})."


def _is_silent(candidate: Candidate, instructions: Sequence[Instruction]) -> bool:
    """Whether no instruction comes from what a response is attached to, nor from its states or its tools.

    In a triggered turn nothing is silent: it says what it was told to, not what is said where the journey stands.
    """
    linked = candidate.linked
    if linked is None or any(one.kind == "trigger" for one in instructions):
        return False
    if not ASKING_FIELDS.isdisjoint(candidate.fields):
        return False
    return not any(
        one.source == linked or one.source.startswith((f"{linked}.", f"{linked}#")) or linked in one.tools
        for one in instructions
    )


def _asks_what_the_draft_asks(draft: Draft, candidate: Candidate) -> bool:
    return any(part.rule in ASKING_RULES for part in draft.parts) and not ASKING_FIELDS.isdisjoint(candidate.fields)


def _says(candidate: Candidate, text: str, meaning: Meaning, enough: float = SAID) -> bool:
    told = (candidate.text, *sentences(candidate.text), *candidate.signals)
    if any(likeness(spoken(text), other) >= enough for other in told):
        return True
    return any(value >= enough for value in meaning([spoken(text)], _own_texts(candidate)))


def _own_texts(candidate: Candidate) -> tuple[str, ...]:
    return tuple(text for text in (own_words(candidate), *candidate.signals) if text)


def _says_part(candidate: Candidate, part: DraftPart, meaning: Meaning) -> bool:
    if part.source and part.source == candidate.linked:
        return True
    return any(_says(candidate, text, meaning) for text in sentences(part.text))


def _unsaid(draft: Draft, candidate: Candidate, meaning: Meaning) -> str:
    """The sentences of a draft that a response does not say; courtesies are never worth a message of their own."""
    if _says(candidate, draft.text, meaning) and len(sentences(draft.text)) == 1:
        return ""
    left: list[str] = []
    for part in draft.parts:
        own = bool(part.source) and part.source == candidate.linked
        own = own or (part.rule == _DATA and shares_fields(part.text, candidate.fields))
        if not own and part.rule not in _COURTESIES:
            enough = HIGH if candidate.linked and part.source and part.rule != _DATA else SAID
            left += [text for text in sentences(part.text) if not _says(candidate, text, meaning, enough)]
    everything = [text for part in draft.parts if part.rule not in _COURTESIES for text in sentences(part.text)]
    return "" if left == everything else " ".join(left)


def _beside(
    draft: Draft, candidate: Candidate, instructions: Sequence[Instruction], meaning: Meaning
) -> tuple[DraftPart, ...]:
    """The parts of a draft of which a response says nothing at all, where it says others; openings come too late."""
    opening = {one.source for one in instructions if words(one.text)[:1] and words(one.text)[0] in _OPENINGS}
    untouched = [part for part in draft.parts if not _touches(candidate, part, meaning)]
    if draft.dictated or len(untouched) == len(draft.parts):
        return ()
    return tuple(
        part for part in untouched if part.source not in opening and part.rule != STUB and part.rule not in _COURTESIES
    )


def _touches(candidate: Candidate, part: DraftPart, meaning: Meaning) -> bool:
    if _says_part(candidate, part, meaning) or shares_fields(part.text, candidate.fields):
        return True
    told = (candidate.text, *sentences(candidate.text), *candidate.signals)
    return any(likeness(text, other) >= PARTIAL for text in sentences(part.text) for other in told)


def _carried_out(draft: Draft, instructions: Sequence[Instruction], said: set[str]) -> tuple[str, ...]:
    """Instructions whose words are sent, and those that have no words (style, the work of a tool)."""
    worded = {part.source for part in draft.parts}
    return tuple(
        instruction.source
        for instruction in instructions
        if instruction.source in said or (instruction.source not in worded and not draft.dictated)
    )
