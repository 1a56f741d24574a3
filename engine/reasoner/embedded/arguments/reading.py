"""Reads one message for one parameter: the values in it that can be the parameter's, likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from engine.agent.model import Parameter, Tool
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.arguments.amounts import numbers_in_list, numbers_of
from engine.reasoner.embedded.arguments.choices import choose, choose_when_asked, named_choices
from engine.reasoner.embedded.arguments.codes import codes_of
from engine.reasoner.embedded.arguments.dates import Unclear, Wanted, spot_dates
from engine.reasoner.embedded.arguments.hearing import Heard, Wrong
from engine.reasoner.embedded.arguments.lengths import spot_lengths
from engine.reasoner.embedded.arguments.numbers import Spotted, lead, spot_numbers
from engine.reasoner.embedded.arguments.revising import kept, without_denied
from engine.reasoner.embedded.arguments.shapes import Shape, leading_name, shape_of, spot_shape, words_of
from engine.reasoner.embedded.arguments.words import (
    bare_reply,
    beside_its_name,
    by_place_in_sentence,
    listed,
    mentions,
    next_item,
    quoted,
    telling_stems,
    yes_or_no,
)
from engine.reasoner.embedded.judging.dropping import drops
from engine.reasoner.embedded.language.acts import Act, reply, shows
from engine.reasoner.embedded.language.clause_words import word_set
from engine.reasoner.embedded.language.finding import short_answer
from engine.reasoner.embedded.language.sentences import asks_for_facts, is_question, sentences

_DATES: dict[Shape, Wanted] = {Shape.DATE: "date", Shape.DATETIME: "datetime", Shape.TIME: "time"}
_PATTERNED = frozenset({Shape.EMAIL, Shape.PHONE, Shape.URL, Shape.ADDRESS, Shape.PERSON})
_ENDS = frozenset({"end", "return", "checkout", "until", "to", "arrival", "last", "out", "back", "due", "till"})
_AFTER_END = re.compile(
    r"(?:\b(?:to|until|till|through|back|returning|return|out|ending|end)\b|[-–])\s*(?:on\s+|"
    r"the\s+)*$",
    re.I,
)
_PAST = word_set(
    "birth birthday birthdate born dob purchase purchased bought incident accident happened occurred was were made "
    "booked ordered paid issued received since"
)
_COURTESY = 4
_COURTESIES = (Act.THANKS, Act.GREETS, Act.PARTS)
_MANY_WORDS = 8
_FEW_WORDS = 4
_STALLING = re.compile(r"\b(?:hold on|hang on|wait|let me|(?:one|a|just a) (?:sec|second|moment|minute))\b", re.I)
_SPLIT = re.compile(r"\s*(?:,|;|\band\b|\bplus\b|\n|&)\s*", re.I)
_SPAN = re.compile(r"s?\s*(?:to|till|until|through|[-–])\s*", re.I)
_TOPICS = word_set("topic subject")
_FROM, _TO = word_set("from source old origin"), word_set("to target new destination into")
_AFTER_FROM = re.compile(r"\bfrom\s+(?:my\s+|the\s+|our\s+)?$", re.I)
_AFTER_TO = re.compile(r"\b(?:to|into)\s+(?:my\s+|the\s+|our\s+)?$", re.I)
_ABOUT = re.compile(r"\b(?:about|regarding|concerning)\s+(?:the\s+)?(?P<value>[^,.;!?]+)", re.I)
_QUOTABLE = word_set("message note notes text subject comment comments body title caption")
_FIRST_NAME = re.compile(r"(?:^|_)(?:first|given)_?name$")
_LAST_NAME = re.compile(r"(?:^|_)(?:last|family)_?name$|(?:^|_)surname$")
_NAME_PARTICLE = re.compile(r"(?:(?:van|von|de|del|della|di|da|dos|der|den|la|le|bin|al|el)\s)*[^\s]+$")
_WHERE = word_set("pickup dropoff pick drop origin destination delivery location place stop meeting collection")


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
        yield from filter(None, (_choice(parameter, message, asked=asked),))
    elif shape is Shape.BOOLEAN:
        yield from filter(None, (yes_or_no(text, parameter, asked=asked),))
    elif shape in _DATES:
        yield from _dates(shape, parameter, message, conversation, asked=asked)
    elif shape is Shape.LENGTH:
        yield from kept(spot_lengths(text), text)
    elif shape in (Shape.NUMBER, Shape.INTEGER):
        yield from numbers_of(parameter, message, tool, conversation)
    elif shape is Shape.CODE:
        yield from codes_of(parameter, message, tool)
    elif shape in _PATTERNED:
        yield from _patterned(shape, parameter, message, asked=asked)
    elif shape is Shape.MESSAGE:
        yield from _message(parameter, message, asked=asked)
    else:
        yield from _things(parameter, message, conversation, asked=asked)


def _choice(parameter: Parameter, message: Heard, *, asked: bool) -> Spotted | None:
    found = _by_direction(parameter, message.text) or choose(message.text, parameter.choices)
    return found or (choose_when_asked(message.text, parameter.choices, message.agent_said) if asked else None)


def _by_direction(parameter: Parameter, text: str) -> Spotted | None:
    """The choice after `from` for where something comes from, after `to` for where it goes."""
    named = set(words_of(parameter.name))
    if named.isdisjoint(_FROM | _TO):
        return None
    after = _AFTER_FROM if named & _FROM else _AFTER_TO
    spots = kept(named_choices(text, parameter.choices), text)
    return next((spot for spot in spots if after.search(lead(text, spot.start))), None)


def _dates(
    shape: Shape, parameter: Parameter, message: Heard, conversation: Conversation, *, asked: bool
) -> Iterator[Spotted]:
    text = message.text
    past = not _PAST.isdisjoint(words_of(f"{parameter.name} {parameter.description}"))
    found = spot_dates(text, conversation.now, _DATES[shape], "past" if past else "future")
    either = _either(found, text)
    if either:
        yield either
        return
    for spot in _by_role(kept(found, text), parameter, text):
        yield replace(spot, value=_unclear(spot.value, spot.quote)) if isinstance(spot.value, Unclear) else spot
    if not found and asked and shape is Shape.TIME and parameter.type == "string" and spot_numbers(text):
        yield from _reply(text)


def _either(spots: list[Spotted], text: str) -> Spotted | None:
    """`Thursday or Friday` is no day yet."""
    for one, other in pairwise(spots):
        if (
            text[one.end : other.start].strip().lower() in ("or", "or on", "or at", "or the")
            and one.value != other.value
        ):
            said = text[one.start : other.end]
            return Spotted(Wrong(said, "It can be more than one."), one.start, other.end, said)
    return None


def _unclear(value: Unclear, quote: str) -> Wrong:
    one, other = (f"{day.day} {day:%B}" for day in value.days)
    return Wrong(quote, f"It can be {one} or {other}.")


def _by_role(spots: list[Spotted], parameter: Parameter, text: str) -> list[Spotted]:
    """Dates in the order in which they can be meant: an end date is one that stands after `to` or `until`."""
    if len(spots) < 2:
        return spots
    ends = bool(set(words_of(parameter.name)) & _ENDS)
    return sorted(spots, key=lambda spot: bool(_AFTER_END.search(text[: spot.start])) != ends)


def _patterned(shape: Shape, parameter: Parameter, message: Heard, *, asked: bool) -> Iterator[Spotted]:
    spots = kept(spot_shape(shape, message.text), message.text)
    if not spots and shape is Shape.PERSON and asked:
        spots = [spot for spot in (leading_name(message.text),) if spot]
    if not spots and shape in (Shape.PERSON, Shape.ADDRESS) and asked:
        spots = list(_reply(message.text))
    for spot in spots:
        part = _part_of_name(parameter, spot, asked=asked) if shape is Shape.PERSON else spot
        if part:
            yield part


def _part_of_name(parameter: Parameter, spot: Spotted, *, asked: bool) -> Spotted | None:
    """The first or the last name of a whole one; a single word is a last name only where that was asked for."""
    whole = str(spot.value)
    last = _NAME_PARTICLE.search(whole)
    place = spot.start + (last.start() if last else 0)
    if _LAST_NAME.search(parameter.name):
        alone = last is None or last.start() == 0
        return None if alone and not asked else Spotted(whole[place - spot.start :], place, spot.end, spot.quote)
    if _FIRST_NAME.search(parameter.name) and last and last.start():
        return Spotted(whole[: last.start()].strip(), spot.start, place, spot.quote)
    return spot


def _message(parameter: Parameter, message: Heard, *, asked: bool) -> Iterator[Spotted]:
    """Free text is what the customer quotes or says now, in full, unless it is only a yes, a no or a greeting."""
    text = message.whole.strip()
    marked = quoted(message.text, telling_stems(parameter.name))
    if marked and _QUOTABLE & set(words_of(parameter.name)):
        yield marked
    about = _ABOUT.search(message.text) if _TOPICS & set(words_of(parameter.name)) else None
    if about:
        yield Spotted(about["value"].strip(), *about.span("value"), about["value"])
    if (message.fresh or asked) and reply(message.text) is None and len(message.text.split()) > (0 if asked else 1):
        yield Spotted(text, 0, 0, text)


def _things(parameter: Parameter, message: Heard, conversation: Conversation, *, asked: bool) -> Iterator[Spotted]:
    text = message.text
    named = telling_stems(parameter.name)
    marked = quoted(text, named)
    if marked and named & telling_stems(text[: marked.start]):
        yield marked
    known = [spot for example in parameter.examples if (spot := mentions(text, example))]
    yield from known
    if not any(asks_for_facts(one) and len(sentences(text)) == 1 for one in sentences(text)) or asked:
        yield from listed(text, conversation)
    yield from _addresses(parameter, text)
    beside = beside_its_name(text, parameter) or by_place_in_sentence(text, parameter)
    if beside:
        yield from kept([beside], text)
    if asked:
        yield from _reply(text)
    if marked and (asked or named & telling_stems(text) or str(marked.value)[:1].isupper()):
        yield marked


def _addresses(parameter: Parameter, text: str) -> list[Spotted]:
    """Addresses for a place to pick up, drop off or deliver to: the one whose clause has the parameter's own words."""
    own = set(words_of(f"{parameter.name} {parameter.description}"))
    if own.isdisjoint(_WHERE):
        return []
    spots = kept(spot_shape(Shape.ADDRESS, text), text)
    since = [0, *(spot.end for spot in spots)]
    mine = [spot for spot, start in zip(spots, since, strict=False) if _shares_word(text[start : spot.start], own)]
    return mine or (spots if len(spots) == 1 else [])


def _shares_word(clause: str, own: set[str]) -> bool:
    """Whether a clause has a word that begins one of some others: `pick me up` for `pickup`."""
    return any(name.startswith(word) for word in re.findall(r"[a-z]{4,}", clause.lower()) for name in own)


def _reply(text: str) -> Iterator[Spotted]:
    """A short reply to an open question, without what only leads to it."""
    if _answers_nothing(text) or not short_answer(text):
        return
    value = bare_reply(without_denied(text))
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
    if not value or len(value.split()) > _FEW_WORDS or reply(text) is not None or _STALLING.search(text):
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
        return _several_choices(parameter, message)
    if shape in (Shape.INTEGER, Shape.NUMBER):
        return numbers_in_list(parameter, message, tool, conversation)
    if shape is not Shape.THING:
        spots = _of_shape(shape, parameter, message, tool, conversation)
        return sorted((spot for spot in spots if not isinstance(spot.value, Wrong)), key=lambda spot: spot.start)
    known = listed(message.text, conversation)
    if known:
        return known
    whole = list(_things(parameter, message, conversation, asked=parameter.name in message.asked))
    if whole and parameter.name in message.asked:
        return _cut(whole[0], message.text)
    return _with_more(whole[0], message.text) if whole else []


def _several_choices(parameter: Parameter, message: Heard) -> list[Spotted]:
    """The choices that a message names; `Monday to Wednesday` names those between too, in the parameter's order."""
    text = message.text
    named = kept(named_choices(text, parameter.choices), text)
    named.sort(key=lambda spot: spot.start)
    if len(named) == 2 and _SPAN.fullmatch(text[named[0].end : named[1].start]):
        first, last = (parameter.choices.index(spot.value) for spot in named)
        between = parameter.choices[first : last + 1]
        return [Spotted(choice, named[0].start, named[1].end, choice) for choice in between]
    return named


def _cut(whole: Spotted, text: str) -> list[Spotted]:
    return _pieces(bare_reply(text), text) or [whole]


def _with_more(first: Spotted, text: str) -> list[Spotted]:
    """A thing that was found in a sentence, with those that are joined to it: `add milk, eggs and bread`."""
    items = [first]
    while following := next_item(text, items[-1].end):
        items.append(following)
    return items


def _pieces(joined: str, text: str) -> list[Spotted]:
    items: list[Spotted] = []
    for piece in _SPLIT.split(joined):
        value = bare_reply(piece)
        if value:
            start = max(0, text.find(value))
            items.append(Spotted(value, start, start + len(value), value))
    return items
