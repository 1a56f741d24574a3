"""Conditions read: whom they speak of, what they claim, and about what.

`The customer is inquiring about their ATM limits` is an `ASKS` of the customer with the content `their atm limits`. The
wordings stand in `conditions.txt`. Reading depends on the text alone and is remembered by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from engine.reasoner.embedded.language.acts import Act, spoken
from engine.reasoner.embedded.language.features import rarity
from engine.reasoner.embedded.language.lexicon import anywhere, leading
from engine.reasoner.embedded.language.sentences import question_word
from engine.reasoner.embedded.language.stemming import stem
from engine.reasoner.embedded.language.topics import tells


class Subject(StrEnum):
    """Whom a clause speaks of."""

    CUSTOMER = "the customer"
    AGENT = "the agent"
    WORLD = "the world"


class Frame(StrEnum):
    """What a clause claims about its content."""

    ASKS = "asks about"
    WANTS = "wants"
    SAYS = "says"
    GIVES = "gave"
    LACKS = "lacks"
    DONE = "has done"
    IS = "is"
    UNCLEAR = "is unclear about"
    ACT = "does"
    ALWAYS = "always"
    BEGINNING = "begins"


@dataclass(frozen=True, slots=True)
class Clause:
    """One claim of a condition.

    `content` is what it is about, without its frame; `pieces` the content and, where it lists alternatives, each of
    them. `act` is set for `ACT` (its `content` is then the topic, often empty). `negated` turns the claim round.
    `asked` is the question word of an `ASKS` (`where` for `asks where their order is`).
    """

    text: str
    subject: Subject
    frame: Frame
    content: str = ""
    pieces: tuple[str, ...] = ()
    negated: bool = False
    act: Act | None = None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A condition as clauses that must all hold, or, with `any_of`, one of them."""

    clauses: tuple[Clause, ...]
    any_of: bool = False


_VERB_FOLLOWS = (
    r"(?=(?:it|they|he|she|there|(?:the )?(?:customer|user|client|agent)|has|have|is|are|was|does|do|did|can|wants?"
    r"|asks?|needs?|requests?|mentions?|says?|said|expresses|complains?|seems?|shows?|would|will|refuses|declines"
    r"|becomes)(?!\S))"
)
_AND = re.compile(rf",? (?:but|and|while|although|though|yet) {_VERB_FOLLOWS}")
_OR = re.compile(rf",? or {_VERB_FOLLOWS}")
_LISTED = re.compile(r"\s*(?:,(?!\d)|;|/|\(|\)|\bor\b|\band/or\b|\be\.g\.|\bsuch as\b|\blike\b)\s*", re.I)
_FACT = re.compile(r"(?:there (?:is|are|was|were|has|have)|it is|today is|we have|our) ")
_PARTICIPLE = re.compile(
    r"\S+(?:ed|ought|ade|aid|one|ent|eft|ost|ot|old|ent|een|aken|oken|iven|itten|ound)(?!\S)|had|been|put|cut"
)
_MARKS = frozenset(",;/()")
_LEAST_CONTENT = 0.9


@lru_cache(maxsize=8_192)
def read(text: str) -> Reading:
    """Read a condition.

    Args:
        text: The condition as its author wrote it.

    Returns:
        Its clauses, in order. A text that fits no known wording is one clause about the customer, of frame `IS`.
    """
    said = re.sub(rf"^(?:{leading('lead').pattern} )", "", _normal(text))
    either = [part for part in _OR.split(said) if part]
    if len(either) > 1:
        return Reading(_clauses(either), any_of=True)
    return Reading(_clauses([part for part in _AND.split(said) if part] or [said]))


def _normal(text: str) -> str:
    """Words joined by blanks, commas and the like kept as words of their own."""
    parts = re.split(r"\s*([;/()]|,(?!\d))\s*", text)
    return " ".join(part if part in _MARKS else spoken(part) for part in parts).strip()


def _clauses(parts: list[str]) -> tuple[Clause, ...]:
    found: list[Clause] = []
    subject = Subject.CUSTOMER
    for part in parts:
        clause = _clause(part.strip(" ,"), subject)
        subject = clause.subject
        found.append(clause)
    return tuple(found)


def _clause(said: str, inherited: Subject) -> Clause:
    for frame, section in ((Frame.ALWAYS, "always"), (Frame.BEGINNING, "beginning")):
        if leading(section).fullmatch(said):
            return Clause(said, Subject.WORLD, frame)
    subject, rest = _subject(said, inherited)
    for frame, section in ((Frame.ALWAYS, "always"), (Frame.BEGINNING, "beginning")):
        if leading(section).fullmatch(rest):
            return Clause(said, Subject.WORLD, frame)
    unclear = anywhere("unclear").search(rest)
    if unclear:
        return _with_content(said, Subject.CUSTOMER, Frame.UNCLEAR, rest[unclear.end() :])
    return _claim(said, subject, rest)


def _subject(said: str, inherited: Subject) -> tuple[Subject, str]:
    for subject, section in ((Subject.CUSTOMER, "customer"), (Subject.AGENT, "agent")):
        found = leading(section).match(said)
        if found and said[found.end() :].strip():
            return subject, said[found.end() :].strip()
    if _FACT.match(said):
        return Subject.WORLD, said
    return inherited, said


def _claim(said: str, subject: Subject, rest: str) -> Clause:
    """The clause after its subject: an act, something given, something missing, or one of the plain frames."""
    found = _act(said, subject, rest) or _given(said, subject, rest) or _lacking(said, subject, rest)
    if found:
        return found
    bare, negated = _without_auxiliaries(rest)
    for frame, section in ((Frame.ASKS, "asks"), (Frame.WANTS, "wants"), (Frame.GIVES, "gives"), (Frame.SAYS, "says")):
        opened = leading(section).match(bare)
        if opened and bare[opened.end() :].strip():
            if frame is Frame.SAYS and subject is Subject.CUSTOMER:
                return _reported(said, bare[opened.end() :].strip(), negated)
            clause = _with_content(said, subject, frame, bare[opened.end() :], negated)
            return replace(clause, asked=question_word(opened[0])) if frame is Frame.ASKS else clause
    done = re.match(r"(?:is|are) ", rest) is None and _PARTICIPLE.match(bare)
    return _with_content(said, subject, Frame.DONE if done else Frame.IS, bare, negated)


def _reported(said: str, content: str, negated: bool) -> Clause:
    """`says that they are unable to pay` claims what is said."""
    inner = re.match(rf"{leading('customer').pattern} (?P<rest>.+)", content)
    if inner and not negated:
        claim = _claim(said, Subject.CUSTOMER, inner["rest"])
        return (
            claim if claim.frame is not Frame.IS else _with_content(said, Subject.CUSTOMER, Frame.SAYS, inner["rest"])
        )
    return _with_content(said, Subject.CUSTOMER, Frame.SAYS, content, negated)


def _act(said: str, subject: Subject, rest: str) -> Clause | None:
    for act in Act:
        found = anywhere(f"act {act.value}").search(rest)
        if not found:
            continue
        before = rest[: found.start()].strip()
        if leading("asks").match(_without_auxiliaries(before)[0]) or leading("wants").match(before):
            continue
        left = anywhere("filler").sub(" ", anywhere(f"act {act.value}").sub(" ", rest))
        negated = bool(re.search(r"(?<!\S)not(?!\S)", left))
        topic = re.sub(r"(?<!\S)(?:not|no)(?!\S)|[,;/()]", " ", left)
        topic = " ".join(re.sub(r"^\s*(?:about|because|regarding|over|by|on)(?!\S)", " ", topic).split())
        if before and _weight(before) >= _LEAST_CONTENT and not negated and anywhere("filler").sub("", before).strip():
            continue
        return Clause(said, subject, Frame.ACT, topic if tells(topic) else "", (), negated, act)
    return None


def _given(said: str, subject: Subject, rest: str) -> Clause | None:
    """`destination selected`, `no order number was given`: something is there, whoever gave it."""
    found = re.fullmatch(rf"(?P<none>no )?(?P<what>.+?) {leading('given').pattern}", rest)
    if not found or leading("auxiliary").fullmatch(found["what"]) or leading("given").match(rest):
        return None
    what, auxiliaries = found["what"], _without_auxiliaries(found["what"])[0]
    if not auxiliaries or subject is Subject.AGENT:
        return None
    return _with_content(said, subject, Frame.GIVES, what, bool(found["none"] or found["denied"]))


def _lacking(said: str, subject: Subject, rest: str) -> Clause | None:
    bare = re.sub(
        rf"^(?:(?:is|are|was|does|do|did|has|have|{anywhere('adverb').pattern}) )+(?=not |unable|no )", "", rest
    )
    for candidate in (rest, bare):
        found = leading("lacks").match(candidate)
        if found and candidate[found.end() :].strip():
            return _with_content(said, subject, Frame.LACKS, candidate[found.end() :])
    return None


def _without_auxiliaries(rest: str) -> tuple[str, bool]:
    """The clause from its main verb on, and whether a `not` stood before it."""
    negated = False
    while True:
        found = re.match(rf"(?:(?P<no>not|never)|{leading('auxiliary').pattern})(?:\s+|$)", rest)
        if not found:
            return rest, negated
        negated = negated or bool(found["no"])
        rest = rest[found.end() :]


def _with_content(said: str, subject: Subject, frame: Frame, content: str, negated: bool = False) -> Clause:
    content = " ".join(content.split()).strip(" ,")
    if frame is Frame.ASKS:
        content = re.sub(r"^(?:the )?(?:agent|assistant|bot|company|store|shop|business)(?!\S)", "you", content)
    pieces = [spoken(content), *(part.strip() for part in _LISTED.split(content))]
    kept = [piece for piece in dict.fromkeys(pieces) if _weight(piece) >= _LEAST_CONTENT or piece == pieces[0] != ""]
    return Clause(said, subject, frame, spoken(content), tuple(kept), negated)


def _weight(text: str) -> float:
    """The rarity of a text's rarest word; 0 for none."""
    return max((rarity(stem(word)) for word in text.split()), default=0.0)
