"""Reads one message for one parameter: the values in it that can be the parameter's, likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.agent.model import Parameter, Tool
from engine.reasoner.base import Conversation
from engine.reasoner.embedded.arguments.dates import Wanted, spot_dates, spot_lengths
from engine.reasoner.embedded.arguments.numbers import Spotted, spot_numbers
from engine.reasoner.embedded.arguments.shapes import Shape, shape_of, spot_shape, words_of
from engine.reasoner.embedded.arguments.words import (
    bare_reply,
    beside_its_name,
    by_place_in_sentence,
    choose,
    listed,
    mentions,
    quoted,
    telling_stems,
    yes_or_no,
)
from engine.reasoner.embedded.judging.dropping import drops
from engine.reasoner.embedded.language.acts import Act, reply, shows
from engine.reasoner.embedded.language.clause_words import word_set
from engine.reasoner.embedded.language.finding import short_answer
from engine.reasoner.embedded.language.sentences import asks_for_facts, is_question, sentences
from engine.reasoner.embedded.language.stemming import stem

_DATES: dict[Shape, Wanted] = {Shape.DATE: "date", Shape.DATETIME: "datetime", Shape.TIME: "time"}
_PATTERNED = frozenset({Shape.EMAIL, Shape.PHONE, Shape.URL, Shape.CODE, Shape.ADDRESS, Shape.PERSON})
_ENDS = frozenset({"end", "return", "checkout", "until", "to", "arrival", "last", "out", "back", "due", "till"})
_AFTER_END = re.compile(
    r"(?:\b(?:to|until|till|through|back|returning|return|out|ending|end)\b|[-–])\s*(?:on\s+|"
    r"the\s+)*$",
    re.I,
)
_NUMBERED = word_set(
    "order table room flight ticket number no account booking case invoice code id reference reservation gate seat bus "
    "train line apartment suite platform form version model"
)
_COUNTED = frozenset({Shape.NUMBER, Shape.INTEGER, Shape.CODE})
_POINTED_AT = re.compile(r"\b(?:of|about|is|for|on|track|check|find|see|show|open|cancel)\s+$", re.I)
_ENDING = re.compile(r"\s*(?:$|[,.;!?\n]|(?:please|pls|and|now|thanks|then)\b)", re.I)
_MONEY_WORDS = word_set(
    "amount price budget sum cost money payment fare fee bill dollar dollars euro euros pound pounds usd eur gbp"
)
_MONEY_MARK = re.compile(r"[$€£¥]|(?:dollars?|euros?|pounds?|bucks|usd|eur|gbp)\b", re.I)
LONGEST = 2_000
"""How many characters of a message are read for arguments."""

_NEAR = 4
_COURTESY = 4
_COURTESIES = (Act.THANKS, Act.GREETS, Act.PARTS)
_MANY_WORDS = 8
_SPLIT = re.compile(r"\s*(?:,|;|\band\b|\bplus\b|\n|&)\s*", re.I)


def clipped(text: str) -> str:
    """The beginning and the end of a text, `LONGEST` characters together; what people paste between is not read."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message of the customer.

    `asked` names the parameters that the agent had just asked for, `certainly` those of them for which there is no
    doubt; `fresh` says that the message belongs to this turn, `turn` to which. `text` is what is read of a long message
    (see `clipped`), `whole` all of it.
    """

    number: int
    text: str
    asked: tuple[str, ...]
    certainly: tuple[str, ...]
    fresh: bool
    whole: str
    turn: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer to the agent's question that cannot be the parameter's value, and why."""

    said: str
    why: str


def read(parameter: Parameter, message: Heard, tool: Tool, conversation: Conversation) -> list[Spotted]:
    """The values of a message that can be a parameter's.

    Args:
        parameter: One parameter; of a list type, its items.
        message: One message of the customer.
        tool: The tool that the parameter belongs to; its other parameters compete for the same words.
        conversation: The clock and the results of tools.

    Returns:
        Values with their places, likeliest first; a value of type `Wrong` for an answer that cannot be right.
    """
    shape = shape_of(parameter)
    found = list(_of_shape(shape, parameter, message, tool, conversation))
    if not found and parameter.name in message.certainly and not _answers_nothing(message.text):
        wrong = _wrong(shape, parameter, message.text)
        return [Spotted(wrong, 0, len(message.text), message.text.strip())] if wrong else []
    return found


def _of_shape(
    shape: Shape, parameter: Parameter, message: Heard, tool: Tool, conversation: Conversation
) -> Iterator[Spotted]:
    asked = parameter.name in message.asked
    text = message.text
    if shape is Shape.CHOICE:
        yield from filter(None, (choose(text, parameter.choices),))
    elif shape is Shape.BOOLEAN:
        yield from filter(None, (yes_or_no(text, parameter, asked=asked),))
    elif shape in _DATES:
        spots = spot_dates(text, conversation.now, _DATES[shape])
        yield from _by_role(spots, parameter, text)
        if not spots and asked and shape is Shape.TIME and parameter.type == "string" and spot_numbers(text):
            yield from _reply(text)
    elif shape is Shape.LENGTH:
        yield from spot_lengths(text)
    elif shape in (Shape.NUMBER, Shape.INTEGER):
        yield from _numbers(parameter, message, tool, conversation)
    elif shape in _PATTERNED:
        yield from _patterned(shape, parameter, message, tool, asked=asked)
    elif shape is Shape.MESSAGE:
        yield from _message(message, asked=asked)
    else:
        yield from _things(parameter, message, conversation, asked=asked)


def _by_role(spots: list[Spotted], parameter: Parameter, text: str) -> list[Spotted]:
    """Dates in the order in which they can be meant: an end date is one that stands after `to` or `until`."""
    if len(spots) < 2:
        return spots
    ends = bool(set(words_of(parameter.name)) & _ENDS)
    return sorted(spots, key=lambda spot: bool(_AFTER_END.search(text[: spot.start])) != ends)


def _numbers(parameter: Parameter, message: Heard, tool: Tool, conversation: Conversation) -> Iterator[Spotted]:
    """Numbers beside the parameter's words, then, when it was asked for or only it can be meant, any number."""
    spots = _numbers_for(parameter, message, conversation)
    near = _near(parameter, spots, message.text)
    yield from near
    rivals = [
        other
        for other in tool.parameters
        if other.name != parameter.name and shape_of(other) in (Shape.NUMBER, Shape.INTEGER, Shape.CODE)
    ]
    theirs = [_near(other, _numbers_for(other, message, conversation), message.text) for other in rivals]
    free = [spot for spot in spots if spot not in near and not any(spot in others for others in theirs)]
    asked = parameter.name in message.asked
    if asked or (message.fresh and len(near) + len(free) == 1 and all(theirs)):
        yield from (spot for spot in free if not _identifies(spot, message.text))


def _numbers_for(parameter: Parameter, message: Heard, conversation: Conversation) -> list[Spotted]:
    """The numbers of a message that are of a parameter's kind: whole ones for a count, and no money."""
    spots = spot_numbers(_without_others(message.text, conversation))
    if shape_of(parameter) is not Shape.INTEGER:
        return spots
    money = _is_money(parameter)
    return [spot for spot in spots if isinstance(spot.value, int) and (money or not _MONEY_MARK.search(spot.quote))]


def _near(parameter: Parameter, spots: list[Spotted], text: str) -> list[Spotted]:
    """A parameter's numbers: those marked as money for an amount, else beside its name, else beside its description."""
    marked = [spot for spot in spots if _is_money(parameter) and _MONEY_MARK.search(spot.quote)]
    if marked:
        return marked
    for words in (telling_stems(parameter.name), telling_stems(parameter.description)):
        beside = [spot for spot in spots if _stands_near(spot, spots, words, text)]
        if beside:
            return beside
    return []


def _is_money(parameter: Parameter) -> bool:
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
    before = re.findall(r"[^\W\d_]+", text[: spot.start])[-1:]
    return bool(before) and before[0].lower() in _NUMBERED


def _stands_near(spot: Spotted, spots: list[Spotted], named: frozenset[str], text: str) -> bool:
    """Whether a number's unit, or a word before the next number or after the last, is one of a parameter's words."""
    until = min((other.start for other in spots if other.start >= spot.end), default=len(text))
    since = max((other.end for other in spots if other.end <= spot.start), default=0)
    unit = [stem(word.lower()) for word in re.findall(r"[^\W\d_]+", text[spot.start : spot.end])]
    after = [stem(word.lower()) for word in re.findall(r"[^\W\d_]+", text[spot.end : until])]
    before = [stem(word.lower()) for word in re.findall(r"[^\W\d_]+", text[since : spot.start])]
    return bool(named & {*unit, *after[:2], *before[-2:]})


def _patterned(shape: Shape, parameter: Parameter, message: Heard, tool: Tool, *, asked: bool) -> Iterator[Spotted]:
    spots = spot_shape(shape, message.text)
    if shape is Shape.CODE:
        words = telling_stems(parameter.name)
        single = len(spots) == 1 and sum(shape_of(other) in _COUNTED for other in tool.parameters) == 1
        alone = bare_reply(message.text) if message.fresh else ""
        spots = [
            spot
            for spot in spots
            if asked
            or alone == spot.quote
            or spot.quote.startswith("#")
            or _named_before(spot, words, message.text)
            or (single and _POINTED_AT.search(message.text[: spot.start]) and _ENDING.match(message.text, spot.end))
        ]
    yield from spots
    if shape in (Shape.PERSON, Shape.ADDRESS) and asked and not spots:
        yield from _reply(message.text)
    if shape is Shape.CODE and asked and not spots:
        yield from _short_code(message.text)


def _short_code(text: str) -> Iterator[Spotted]:
    """A code without digits, or of one or two of them, is believed only as the whole of a reply."""
    value = bare_reply(text)
    if re.fullmatch(r"#?(?:[A-Z]{3,12}|\d{1,2}|[A-Z0-9-]{2,12})", value):
        yield Spotted(value.lstrip("#"), 0, len(text), value)


def _named_before(spot: Spotted, named: frozenset[str], text: str) -> bool:
    """Whether a code stands beside its own words (`order 4711`), or has letters and digits as only a code has."""
    before = [stem(word.lower()) for word in re.findall(r"[^\W\d_]+", text[: spot.start])[-_NEAR:]]
    after = [stem(word.lower()) for word in re.findall(r"[^\W\d_]+", text[spot.end :])[:2]]
    mixed = re.search(r"[A-Z]", spot.quote) and re.search(r"\d{2}", spot.quote)
    return bool(named & {*before, *after}) or bool(mixed)


def _message(message: Heard, *, asked: bool) -> Iterator[Spotted]:
    """Free text is what the customer says now, in full, unless it is only a yes, a no or a greeting."""
    text = message.whole.strip()
    if (message.fresh or asked) and reply(message.text) is None and len(message.text.split()) > (0 if asked else 1):
        yield Spotted(text, 0, 0, text)


def _things(parameter: Parameter, message: Heard, conversation: Conversation, *, asked: bool) -> Iterator[Spotted]:
    text = message.text
    known = [spot for example in parameter.examples if (spot := mentions(text, example))]
    yield from known
    if not any(asks_for_facts(one) and len(sentences(text)) == 1 for one in sentences(text)) or asked:
        yield from listed(text, conversation)
    beside = beside_its_name(text, parameter) or by_place_in_sentence(text, parameter)
    if beside:
        yield beside
    if asked:
        yield from _reply(text)
    marked = quoted(text)
    if marked and (asked or telling_stems(parameter.name) & telling_stems(text)):
        yield marked


def _reply(text: str) -> Iterator[Spotted]:
    """A short reply to an open question, without what only leads to it."""
    if _answers_nothing(text) or not short_answer(text):
        return
    value = bare_reply(text)
    if value and len(value.split()) <= _MANY_WORDS:
        start = max(0, text.find(value))
        yield Spotted(value, start, start + len(value), value)


def _answers_nothing(text: str) -> bool:
    """Whether a message is a question of its own, says no, don't know or nothing, or is only thanks or a greeting."""
    if drops(text) or (len(text.split()) <= _COURTESY and any(shows(act, text) for act in _COURTESIES)):
        return True
    if reply(text) in (Act.UNSURE, Act.REFUSES):
        return True
    return all(is_question(one) for one in sentences(text)) or (reply(text) is Act.AGREES and not short_answer(text))


def _wrong(shape: Shape, parameter: Parameter, text: str) -> Wrong | None:
    value = bare_reply(text)
    if not value or len(value.split()) > 4 or reply(text) is not None:
        return None
    if shape is Shape.CHOICE:
        return Wrong(value, f"It is none of {', '.join(parameter.choices)}.")
    kinds = {*_DATES, Shape.LENGTH, Shape.NUMBER, Shape.INTEGER, Shape.EMAIL, Shape.PHONE, Shape.URL}
    return Wrong(value, f"It does not read as a {shape}.") if shape in kinds else None


def read_list(parameter: Parameter, message: Heard, tool: Tool, conversation: Conversation) -> list[Spotted]:
    """The items of a list that a message gives, in their order.

    Args:
        parameter: A parameter of type `list of …`.
        message: One message of the customer.
        tool: The tool that the parameter belongs to.
        conversation: The clock and the results of tools.
    """
    shape = shape_of(parameter)
    if shape is Shape.CHOICE:
        named = [spot for choice in parameter.choices if (spot := mentions(message.text, choice))]
        return sorted(named, key=lambda spot: spot.start)
    if shape is not Shape.THING:
        spots = _of_shape(shape, parameter, message, tool, conversation)
        return sorted((spot for spot in spots if not isinstance(spot.value, Wrong)), key=lambda spot: spot.start)
    known = listed(message.text, conversation)
    if known:
        return known
    whole = list(_things(parameter, message, conversation, asked=parameter.name in message.asked))
    return _cut(whole[0], message.text) if whole and parameter.name in message.asked else whole[:1]


def _cut(whole: Spotted, text: str) -> list[Spotted]:
    items: list[Spotted] = []
    for piece in _SPLIT.split(bare_reply(text)):
        value = bare_reply(piece)
        if value:
            start = max(0, text.find(value))
            items.append(Spotted(value, start, start + len(value), value))
    return items or [whole]
