"""Which numbers of a message are a parameter's: by unit, by the words beside them, by their place in a range."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Literal

from engine.agent.model import Parameter, Tool
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.arguments.dates import spot_dates
from engine.reasoner.embedded.arguments.hearing import Heard, Wrong
from engine.reasoner.embedded.arguments.lengths import spot_timedeltas
from engine.reasoner.embedded.arguments.numbers import Spotted, lead, spot_numbers
from engine.reasoner.embedded.arguments.revising import kept, since_revision
from engine.reasoner.embedded.arguments.shapes import Shape, shape_of, spot_shape, words_of
from engine.reasoner.embedded.arguments.units import Unit, converted, unit_after, wanted_unit
from engine.reasoner.embedded.arguments.words import telling_stems
from engine.reasoner.embedded.language.clause_words import (
    ADVERBS,
    AUXILIARIES,
    IRREGULAR_PAST,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    VERBS,
    word_set,
)
from engine.reasoner.embedded.language.stemming import stem

Role = Literal["", "least", "most"]

_NUMBERED = word_set(
    "order table room flight ticket number no account booking case invoice code id reference reservation gate seat bus "
    "train line apartment suite platform form version model"
)
_MONEY_WORDS = word_set(
    "amount price budget sum cost money payment fare fee bill deposit dollar dollars euro euros pound pounds usd eur "
    "gbp"
)
_MONEY_MARK = re.compile(r"[$€£¥]|(?:dollars?|euros?|pounds?|bucks|quid|francs?|usd|eur|gbp|chf)\b", re.I)
_SHARE = re.compile(r"%|percent")
_LEAST = word_set("min minimum least lowest lower from")
_MOST = word_set("max maximum most highest upper upto limit to until")
_AT_LEAST = re.compile(
    r"\b(?:at least|over|more than|from|above|starting (?:at|from)|no less than|not less than|minimum(?: of| is)?)\s*$",
    re.I,
)
_AT_MOST = re.compile(
    r"\b(?:up to|at most|(?:no|not) more than|under|below|less than|within|cheaper than|not over"
    r"|max(?:imum)?(?: of| is)?)\s*$",
    re.I,
)
_RANGE = re.compile(r"\s*(?:to|until|till|through|[-–])\s*", re.I)
_TALKED_OF = re.compile(
    r"\s+(?:(?!an?\b|per\b|each\b|every\b)\w+\s+)?(?:questions?|things?|issues?|problems?|times|reasons?|ways?|words?|points?|minutes?|hours?|days?|weeks?"
    r"|months?|years?|calls?|emails?|messages?|complaints?)\b",
    re.I,
)
_JOINT = re.compile(r"\s*(?:,|&|,?\s*\band\b)\s*", re.I)
_OUT_OF = re.compile(r"\bout\s+of\s+$|/\s*$", re.I)
_CALENDAR_YEAR = re.compile(
    r"\b(?:in|since|from|until|till|of|born|year|by|after|before|an?|the|my|his|her|our)\s+$", re.I
)
_OLDEST_YEAR, _LATEST_YEAR = 1900, 2100
_COPULAS = word_set("is are was were be am it's that's we're they're")
_BEFORE_A_COUNT = word_set(
    "me us and or but plus please exactly roughly approximately maybe probably perhaps need want the my our all "
    "got gimme among amongst i'd we'd i'll we'll like yes ok okay no wait sorry there he she they we i you it "
    "nearly almost a an rather mean"
)
_LEADING = PREPOSITIONS | AUXILIARIES | ADVERBS | _BEFORE_A_COUNT
_DEEDS = VERBS | frozenset(IRREGULAR_PAST) | frozenset(IRREGULAR_PAST.values())
_ENDINGS = ("", "s", "es", "d", "ed", "ing")
_ALONE = re.compile(r"\W*(?:(?:just|only|it['’]?s)\s+)*(?:me|myself|by myself|on my own|alone)\b[\w\s]{0,12}\W*", re.I)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_ORDINAL = re.compile(
    rf"\b(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<digits>\d{{1,3}})(?:st|nd|rd|th))\s+(?P<noun>[a-z]+)", re.I
)
_SAME_WORDS = {
    "children": "child",
    "people": "person",
    "wide": "width",
    "high": "height",
    "tall": "height",
    "long": "length",
    "deep": "depth",
    "heavy": "weight",
    "weighs": "weight",
    "old": "age",
    "aged": "age",
}
"""Words by which numbers are told that share no stem with what they tell of."""

_SAME_STEMS = {stem(word): stem(other) for word, other in _SAME_WORDS.items()}


def numbers_of(parameter: Parameter, message: Heard, tool: Tool, conversation: Conversation) -> Iterator[Spotted]:
    """The numbers of a message that can be a parameter's, likeliest first.

    Numbers of its unit or beside its words; then, when it was asked for or only it can be meant, any number.

    Args:
        parameter: One whose shape is a number.
        message: One message of the customer.
        tool: The tool; its other parameters compete for the same numbers.
        conversation: The clock, by which dates are told from numbers.

    Returns:
        Numbers in the parameter's own unit; a `Wrong` where it was asked for and the answer is a range.
    """
    asked = parameter.name in message.asked
    spots = _numbers_for(parameter, message, conversation)
    if asked and not spots:
        yield from _alone_or_range(parameter, message, conversation)
    near = _near(parameter, spots, message.text)
    yield from near
    rivals = [
        other
        for other in tool.parameters
        if other.name != parameter.name and shape_of(other) in (Shape.NUMBER, Shape.INTEGER, Shape.CODE)
    ]
    theirs = [_near(other, _numbers_for(other, message, conversation), message.text) for other in rivals]
    taken = {spot.start for others in theirs for spot in others}
    free = [spot for spot in spots if spot not in near and spot.start not in taken]
    latest = since_revision(free, message.text)
    if asked or (message.fresh and len(near) + len(latest) == 1 and all(theirs)):
        yield from (
            spot for spot in free if not _identifies(spot, message.text) and (asked or _counts(spot, message.text))
        )


def numbers_in_list(parameter: Parameter, message: Heard, tool: Tool, conversation: Conversation) -> list[Spotted]:
    """The numbers of a message for a list: those that can be a parameter's, and those joined to them (`38 and 40`).

    Args:
        parameter: One of type `list of integer` or `list of number`.
        message: One message of the customer.
        tool: The tool; its other parameters compete for the same numbers.
        conversation: The clock, by which dates are told from numbers.
    """
    own = {
        spot.start for spot in numbers_of(parameter, message, tool, conversation) if not isinstance(spot.value, Wrong)
    }
    found: list[Spotted] = []
    for spot in kept(_any_numbers(parameter, message, conversation), message.text):
        joined = bool(found) and bool(_JOINT.fullmatch(message.text[found[-1].end : spot.start]))
        if spot.start in own or joined:
            found.append(spot)
    return found


def _alone_or_range(parameter: Parameter, message: Heard, conversation: Conversation) -> Iterator[Spotted]:
    whole = message.text.strip()
    if shape_of(parameter) is Shape.INTEGER and _ALONE.fullmatch(message.text):
        yield Spotted(1, 0, len(message.text), whole)
    several = _any_numbers(parameter, message, conversation)
    if len(several) > 1 and len(whole.split()) <= len("between 3 and 5 people or so".split()):
        yield Spotted(Wrong(whole, "It can be more than one number."), 0, len(message.text), whole)


def _numbers_for(parameter: Parameter, message: Heard, conversation: Conversation) -> list[Spotted]:
    """The numbers of a message that are of a parameter's kind, without ranges where one number is wanted."""
    spots = kept(_any_numbers(parameter, message, conversation), message.text)
    role = _role(parameter)
    by_role = [(spot, _role_in(spot, spots, message.text)) for spot in spots]
    if role:
        own = [spot for spot, played in by_role if played == role]
        return own or [spot for spot, played in by_role if not played]
    ranged = {edge.start for pair in _ranges(spots, message.text) for edge in pair}
    return [spot for spot in spots if spot.start not in ranged]


def _any_numbers(parameter: Parameter, message: Heard, conversation: Conversation) -> list[Spotted]:
    text = _without_others(message.text, conversation)
    wanted = wanted_unit(parameter)
    spots = [fitting for spot in spot_numbers(text) if (fitting := _fitting(spot, parameter, wanted, text))]
    if wanted and wanted.kind == "time":
        spots = [
            Spotted(converted(length.value / timedelta(seconds=1), Unit("time", 1.0), wanted), *_place(length))
            for length in spot_timedeltas(text)
        ] or [spot for spot in spots if unit_after(text, spot.end) is None]
    spots += [] if spots else _ordinals(parameter, text)
    whole = shape_of(parameter) is Shape.INTEGER
    return [spot for spot in spots if isinstance(spot.value, int) or not whole]


def _place(spot: Spotted) -> tuple[int, int, str]:
    return spot.start, spot.end, spot.quote


def _fitting(spot: Spotted, parameter: Parameter, wanted: Unit | None, text: str) -> Spotted | None:
    """A number in the parameter's unit; None for one that counts or measures something else."""
    if _OUT_OF.search(lead(text, spot.start)) and spot.start > 0:
        return None
    unit = Unit("share", 1.0) if _SHARE.search(spot.quote) else unit_after(text, spot.end)
    if unit and wanted:
        return replace(spot, value=converted(spot.value, unit, wanted)) if unit.kind == wanted.kind else None
    money, whole = is_money(parameter), shape_of(parameter) is Shape.INTEGER
    if _MONEY_MARK.search(spot.quote):
        return spot if money or not (whole or wanted) else None
    if "year" in words_of(parameter.name):
        return spot if _OLDEST_YEAR <= spot.value < _LATEST_YEAR and isinstance(spot.value, int) else None
    if (unit and (money or whole)) or _TALKED_OF.match(text, spot.end):
        own = {_one_word(word) for word in telling_stems(f"{parameter.name} {parameter.description}")}
        return spot if own & set(_stems_in(text[spot.end : spot.end + 40])[:2]) else None
    return None if not money and _is_calendar_year(spot, text) else spot


def _is_calendar_year(spot: Spotted, text: str) -> bool:
    return (
        bool(re.fullmatch(r"\d{4}", spot.quote))
        and _OLDEST_YEAR <= spot.value < _LATEST_YEAR
        and bool(_CALENDAR_YEAR.search(lead(text, spot.start)))
    )


def _ordinals(parameter: Parameter, text: str) -> Iterator[Spotted]:
    """`The third floor` gives 3 for a floor."""
    named = telling_stems(parameter.name)
    for found in _ORDINAL.finditer(text):
        if stem(found["noun"].lower()) in named:
            value = int(found["digits"]) if found["digits"] else _ORDINALS.index(found["word"].lower()) + 1
            yield Spotted(value, found.start(), found.start("noun"), found[0])


def _role(parameter: Parameter) -> Role:
    for named in (
        set(words_of(parameter.name)),
        set(parameter.description.lower().split()) - {"from", "to", "until", "limit"},
    ):
        if named & _LEAST:
            return "least"
        if named & _MOST:
            return "most"
    return ""


def _role_in(spot: Spotted, spots: list[Spotted], text: str) -> Role:
    """Whether a number is the lower or the upper end of a range, or said to be the least or the most."""
    for low, high in _ranges(spots, text):
        if spot.start in (low.start, high.start):
            return "least" if spot.start == low.start else "most"
    before = lead(text, spot.start)
    if _AT_MOST.search(before):
        return "most"
    return "least" if _AT_LEAST.search(before) else ""


def _ranges(spots: list[Spotted], text: str) -> Iterator[tuple[Spotted, Spotted]]:
    """`Between 3 and 5`, `3 to 5`, and `3 or 4`, where nobody knows which."""
    for low, high in pairwise(sorted(spots, key=lambda spot: spot.start)):
        joint = re.sub(r"^\s*(?:[$€£%]|dollars?|euros?|pounds?)?", "", text[low.end : high.start], flags=re.I)
        between = joint.strip().lower() == "and" and re.search(r"\bbetween\s+$", lead(text, low.start), re.I)
        if between or joint.strip().lower() == "or" or _RANGE.fullmatch(joint):
            yield low, high


def _near(parameter: Parameter, spots: list[Spotted], text: str) -> list[Spotted]:
    """A parameter's numbers: those of its unit or marked as money, and beside its name, else beside its description."""
    wanted, money = wanted_unit(parameter), is_money(parameter)
    role = _role(parameter)
    marked = [
        spot
        for spot in spots
        if (money and _MONEY_MARK.search(spot.quote)) or (wanted and unit_after(text, spot.end) is not None)
    ]
    if role and not marked:
        told = spot_numbers(text)
        marked = [spot for spot in spots if _role_in(spot, told, text) == role]
    for words in (telling_stems(parameter.name), telling_stems(parameter.description)):
        beside = [spot for spot in marked or spots if _stands_near(spot, spots, words, text)]
        if beside:
            return beside
        if marked:
            return marked
    return []


def is_money(parameter: Parameter) -> bool:
    """Whether a parameter is an amount of money, by its name and description."""
    return not _MONEY_WORDS.isdisjoint(words_of(f"{parameter.name} {parameter.description}"))


def _without_others(text: str, conversation: Conversation) -> str:
    """The text with addresses, phone numbers, dates and times blanked, so that their digits are no numbers."""
    for shape in (Shape.EMAIL, Shape.URL, Shape.ADDRESS, Shape.PHONE, Shape.DATETIME):
        dated = shape is Shape.DATETIME
        for spot in spot_dates(text, conversation.now, "datetime") if dated else spot_shape(shape, text):
            text = text[: spot.start] + " " * (spot.end - spot.start) + text[spot.end :]
    return text


def _identifies(spot: Spotted, text: str) -> bool:
    """Whether a number is the name of something (`order 4711`, `room 12`) rather than an amount or a count."""
    before = re.findall(r"[^\W\d_]+", lead(text, spot.start))[-1:]
    return bool(before) and before[0].lower() in _NUMBERED


def _counts(spot: Spotted, text: str) -> bool:
    """Whether a number can count or measure what a message is about: `page 3`, `iPhone 15` and `my son is 4` cannot."""
    if _SHARE.search(spot.quote) or _MONEY_MARK.search(spot.quote):
        return True
    clause = re.split(r"[,.;:!?()\n]", lead(text, spot.start))[-1]
    before = [word.lower() for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", clause)]
    if not before:
        return True
    if before[-1] in _COPULAS:
        return before[-2:-1] == [] or before[-2] in SUBJECT_PRONOUNS
    return (
        before[-1] in _LEADING or "'" in before[-1] or any(before[-1].removesuffix(end) in _DEEDS for end in _ENDINGS)
    )


def _stands_near(spot: Spotted, spots: list[Spotted], named: frozenset[str], text: str) -> bool:
    """Whether a number's unit, or a word before the next number or after the last, is one of a parameter's words."""
    until = min((other.start for other in spots if other.start >= spot.end), default=len(text))
    since = max((other.end for other in spots if other.end <= spot.start), default=0)
    unit, after, before = (
        _stems_in(text[start:end]) for start, end in ((spot.start, spot.end), (spot.end, until), (since, spot.start))
    )
    return bool({_one_word(name) for name in named} & {*unit, *after[:2], *before[-2:]})


def _stems_in(text: str) -> list[str]:
    return [_one_word(word.lower()) for word in re.findall(r"[^\W\d_]+", text)]


def _one_word(word: str) -> str:
    return _SAME_STEMS.get(stem(word), stem(word))
