"""Finding an X in what the customer says: `destination selected`, `provided the order number`, `ask for the size`.

What can be an X is told by its noun: an email address, a phone number, a number or an id, a date, a time, an amount, a
name, a size; or one of the choices that the agent's tools know for it, or that a tool has just listed. What the agent
has just asked for may also be answered in a few words of any kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.judging.deeds import deeds
from engine.reasoner.embedded.judging.dropping import drops
from engine.reasoner.embedded.language.acts import Act, reply, shows, sign_of, spoken
from engine.reasoner.embedded.language.features import rarity, stems, words
from engine.reasoner.embedded.language.known_data import content_stems, mentioned_values
from engine.reasoner.embedded.language.lexicon import stem_set
from engine.reasoner.embedded.language.negation import negations
from engine.reasoner.embedded.language.sentences import asks_for_facts, is_question, sentences
from engine.reasoner.embedded.language.stemming import related, stem

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
_DAYS = "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
_DATE = (
    rf"\b(?:today|tonight|tomorrow|tmrw|(?:next|this|coming) (?:week(?:end)?|month|{_DAYS})|(?:on )?(?:{_DAYS})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{_MONTHS})|(?:{_MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?"
    r"|\d{1,2}(?:st|nd|rd|th)|\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?"
    rf"|in \w+ (?:days?|weeks?|months?)|in (?:{_MONTHS}))\b"
)
_NUMERAL = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen|a couple(?: of)?|both)"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th|[ap]m)"
_TIME = r"\b(?:\d{1,2}:\d{2}(?:\s?[ap]\.?m\.?)?|\d{1,2}\s?(?:[ap]\.?m\.?|o'?clock)|noon|midnight|at \d{1,2})\b"
_MONEY = r"[$€£]\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:dollars?|euros?|pounds?|usd|eur|bucks|k)\b|\b\d[\d,.]*\b"
_SIZE = r"\b(?:extra[- ](?:large|small)|x{0,2}l|x?s|small|medium|large|big|regular|\d{1,2}(?:\s?(?:inch|cm|\"))?)\b"
_NAME = r"\b(?:my name(?: is|'s)|name is|this is|i am|i'm|call me)\s+(?P<value>[^\W\d]+(?:\s[A-Z][^\W\d]+)?)"
_ROAD = "st(?:reet)?|ave(?:nue)?|r(?:oa)?d|lane|drive|way|blvd|square|place|court"
_SHAPES: Sequence[tuple[frozenset[str], str]] = (
    (stem_set("email mail"), r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    (stem_set("phone mobile telephone"), r"\+?\d[\d\s().-]{6,}\d"),
    (stem_set("date dates day days when month week"), _DATE),
    (stem_set("time hour"), _TIME),
    (stem_set("amount price budget sum money"), _MONEY),
    (stem_set("quantity many count guests people party persons passengers travelers"), rf"\b{_NUMERAL}\b"),
    (
        stem_set("number id code reference pin zip postcode identifier no sku"),
        rf"#?\b(?!{_ORDINAL}\b)(?=[\w-]*\d)[A-Za-z0-9][\w-]{{2,}}\b",
    ),
    (stem_set("size"), _SIZE),
    (stem_set("name"), _NAME),
    (stem_set("address"), rf"\b\d+\w?\s+(?:[^\W\d]+\s){{1,3}}?(?:{_ROAD})\b"),
)
_PLACES = stem_set("destination city country location place where airport town")
_TO_A_PLACE = re.compile(r"\b(?:to|in|for|visit|from|at)\s+((?:[^\W\d]+)(?:\s[A-Z][^\W\d]+)?)")
_ARTICLES = stem_set("the a an of their his her customer user to for in is are they it any some exact valid own")
_WHICH = re.compile(
    r"^(?:what|which|whose|how (?:many|much)|the|their|his|her|a|an|any)(?: (?:kind|type|sort) of)?(?!\S) ?"
)
_TELLS_NOTHING = "they|he|she|it|you|the customer|the user|to|for|in|on|at|with|from|would|should|that|which|who|if|so"
_ANSWER_WORDS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A value in the words of the conversation, and whether the latest message gave it."""

    quote: str
    fresh: bool = True


def find(noun: str, conversation: Conversation) -> Found | None:
    """Find an X in what the customer said, the latest message first.

    Args:
        noun: The X, e.g. `the exact order number`, `destination`.
        conversation: Where to look; tool results and the agent's tools tell which choices there are.

    Returns:
        What was found, or None.
    """
    said = _customer_texts(conversation)
    for fresh, text in said:
        quote = in_text(noun, text, conversation)
        if quote:
            return Found(quote, fresh)
    if said and said[0][0] and asked_for(noun, conversation.agent_said):
        quote = short_answer(conversation.latest)
        if quote:
            return Found(quote)
    return None


def _customer_texts(conversation: Conversation) -> list[tuple[bool, str]]:
    earlier = [(False, said.text) for said in reversed(conversation.before) if said.speaker == "customer"]
    return [*([(True, conversation.latest)] if conversation.latest else []), *earlier]


def in_text(noun: str, text: str, conversation: Conversation) -> str:
    """The X in one message, by its choices or its shape; empty for none. Shapes are not looked for in questions."""
    stemmed = _noun_stems(noun)
    chosen = next((choice for choice in _choices(stemmed, conversation) if _says(text, choice)), "")
    if chosen:
        return chosen
    for heads, shape in _SHAPES:
        if stemmed & heads:
            return _shaped(shape, text)
    listed = next((choice for choice in _listed(stemmed, conversation) if _says(text, choice)), "")
    return listed or (_place(text) if stemmed & _PLACES else "")


def _noun_stems(noun: str) -> frozenset[str]:
    return frozenset(stems(noun)) - _ARTICLES


def has_shape(noun: str, conversation: Conversation) -> bool:
    """Whether it can be told what an X looks like: by its noun, or because a tool knows the choices."""
    stemmed = _noun_stems(noun)
    shaped = any(stemmed & heads for heads, _ in _SHAPES) or bool(stemmed & _PLACES)
    return shaped or next(_choices(stemmed, conversation), None) is not None


def _shaped(shape: str, text: str) -> str:
    for sentence in sentences(text):
        found = re.search(shape, sentence, re.I)
        if found:
            return (found["value"] if "value" in found.re.groupindex else found.group()).strip()
    return ""


def _place(text: str) -> str:
    """A name after `to`, `in`, `for`: capitalised within the sentence, or a word that is no everyday word."""
    for found in _TO_A_PLACE.finditer(text):
        word = found[1].split()[0]
        if word[0].isupper() or rarity(stem(word.lower())) > rarity("travel"):
            return found[1]
    return ""


def _choices(stemmed: frozenset[str], conversation: Conversation) -> Iterator[str]:
    """The choices and examples of tool parameters of that name."""
    for tool in conversation.agent.tools:
        for parameter in tool.parameters:
            if _same_thing(content_stems(parameter.name), stemmed):
                yield from parameter.choices
                yield from parameter.examples


def _listed(stemmed: frozenset[str], conversation: Conversation) -> Iterator[str]:
    """The texts that tools listed, newest result first: what the customer may choose from."""
    for result in reversed(conversation.results):
        if stemmed and isinstance(result.told, list | tuple | dict):
            yield from (text for text in _options(result.told, stemmed) if len(text) < 60)


def _options(told: Any, stemmed: frozenset[str]) -> Iterator[str]:
    """The texts of lists, and those that bear the noun's own name; a lone value of another name is no choice."""
    if isinstance(told, list | tuple):
        yield from mentioned_values(told)
    elif isinstance(told, Mapping):
        for name, value in told.items():
            if _same_thing(content_stems(str(name)), stemmed):
                yield from mentioned_values(value)
            else:
                yield from _options(value, stemmed)


def _same_thing(named: frozenset[str], stemmed: frozenset[str]) -> bool:
    return any(related(one, other) for one in named for other in stemmed)


def _says(text: str, choice: str) -> bool:
    """Whether a message names a choice as whole words, without denying it or only asking about it."""
    stemmed = _told(text)
    wanted = tuple(stem(word) for word in words(choice))
    if not wanted or wanted[0] not in stemmed:
        return False
    size = len(wanted)
    if not any(stemmed[place : place + size] == wanted for place in range(len(stemmed) - size + 1)):
        return False
    denied = {stem(word) for sentence in sentences(text) for found in negations(sentence) for word in found.reaches}
    return not denied & set(wanted)


@lru_cache(maxsize=2_048)
def _told(text: str) -> tuple[str, ...]:
    """The stems of what a message tells, without what it only asks."""
    telling = [sentence for sentence in sentences(text) if not asks_for_facts(sentence)]
    return tuple(stem(word) for sentence in telling for word in words(sentence))


def asked_for(noun: str, agent_said: str) -> bool:
    """Whether the agent's message asks for an X: a question or a request that names it."""
    stemmed = _head_stems(noun)
    asking = [one for one in sentences(agent_said) if is_question(one) or shows_request(one)]
    spoken_stems = {stem(word) for sentence in asking for word in words(sentence)}
    return bool(stemmed) and any(related(one, other) for one in stemmed for other in spoken_stems)


def _head_stems(noun: str) -> frozenset[str]:
    """The words one of which names an X: the head of `delivery address`, both nouns of `date of birth`.

    What follows a pronoun (`what size they would like`) tells nothing of the X.
    """
    plain = re.split(rf"(?<!\S)(?:{_TELLS_NOTHING})(?!\S)", _WHICH.sub("", spoken(noun)))[0]
    heads = [words(part)[-1] for part in re.split(r"(?<!\S)(?:of|or|and)(?!\S)", plain) if words(part)]
    return frozenset(map(stem, heads)) - _ARTICLES or _noun_stems(noun)


def shows_request(sentence: str) -> bool:
    """Whether a sentence requests something without a question mark (`Please give me your number`)."""
    said = spoken(sentence)
    return bool(
        re.search(r"(?<!\S)(?:please|could you|can you|may i|tell me|let me know|i need|i will need)(?!\S)", said)
    )


def short_answer(message: str) -> str:
    """The message as the answer to an open question; empty when it answers none.

    A question, a yes, no or don't know, thanks, `forget it` and the like answer nothing; neither does a long message.
    `Can I have a tea?` answers, for it only asks for something; `can I pay by card?` asks for a deed of its own.
    """
    said = words(message)
    if not said or len(said) > _ANSWER_WORDS or any(asks_for_facts(one) for one in sentences(message)):
        return ""
    if drops(message) or any(is_question(one) and deeds(one) for one in sentences(message)):
        return ""
    empty = (Act.GREETS, Act.THANKS, Act.PARTS, Act.WANTS_PERSON, Act.CONFUSED, Act.UPSET)
    if any(shows(act, message) for act in empty) and len(said) < 5:
        return ""
    return message.strip() if reply(message) is None or _more_than_a_reply(message) else ""


def _more_than_a_reply(message: str) -> bool:
    """`yes, Rome` gives more than a yes; `I don't know` and `no` give nothing, `go ahead` is a yes and no more."""
    if reply(message) is not Act.AGREES:
        return False
    beside = spoken(message).replace(sign_of(Act.AGREES, message).quote, " ", 1).split()
    return any(rarity(stem(word)) >= rarity("order") + 1 for word in beside)
