"""Values told by their words: choices, yes or no, things named by a tool or by where they stand in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.agent.model import Parameter
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.arguments.numbers import Spotted
from engine.reasoner.embedded.arguments.shapes import words_of
from engine.reasoner.embedded.language.acts import Act, reply
from engine.reasoner.embedded.language.clause_words import DETERMINERS, QUESTION_WORDS, VERBS, word_set
from engine.reasoner.embedded.language.features import rarity, stems, words
from engine.reasoner.embedded.language.negation import negations
from engine.reasoner.embedded.language.sentences import asks_for_facts, sentences
from engine.reasoner.embedded.language.stemming import related, stem

TELLING = 0.5
"""The rarity from which a word tells something: all but the 50 commonest words."""

_LONG = 5
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|(?<!\w)'([^']+)'(?!\w)")
_END_OF_PHRASE = (
    r"(?=\s*(?:$|[,.;!?\n]|\b(?:and|or|but|then|please|pls|thanks|on|at|for|from|to|with|by|in|next|this|tomorrow|today|"
    r"tonight|because|so|if|when|via|that|which|who|instead|now|as|is|was|has|have|i|we|you|it|they|last|again|"
    r"yesterday|back|online|since|under|until|till|over|about|around|per)\b|\d))"
)
_PHRASE = rf"(?P<value>[^\W\d][\w'’-]*(?:\s[^\W\d][\w'’-]*){{0,3}}?){_END_OF_PHRASE}"
_PLACES = word_set("destination city town country airport place location station hotel venue stop")
_GOALS = word_set("destination to arrival target dropoff recipient")
_STARTS = word_set("origin from departure source pickup start sender")
_WORD = re.compile(r"(?<!\w['’])[^\W_]+")
"""A word; what an apostrophe leaves over (the s of `it's`) is none, least of all a size S."""

_THINGS = word_set(
    "item product dish drink food article thing beverage meal goods order pizza service flavor flavour topping"
)
_ARTICLE = (
    r"(?:(?:(?:half\s+)?a\s+dozen|a\s+(?:couple|pair)(?:\s+of)?|an?|the|some|any|my|our|your|this|that|these|those|one|two"
    r"|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+)\s+(?:of\s+(?:the|those|these|your|my)\s+)?)?"
)
_WISH = re.compile(
    r"\b(?:(?:can|could|may) (?:i|we) (?:get|have|order)|i(?:['’]d| would) (?:like|love)(?: to "
    r"(?:order|have|buy|get|book|return))?|"
    r"i(?:['’]ll| will) (?:have|take)|i (?:want|need)(?: to (?:order|buy|get|have|book|"
    r"return))?|give me|get me|let me have|"
    r"(?:i )?(?:order|ordered|bought|buy|return|add|make it|go with|have)|let['’]?s (?:do|go with|take|have)|"
    r"(?:looking|searching|asking) for|interested in|(?:i['’]m|we['’]re) after|(?:find|show|get|bring|send) (?:me|us)|"
    r"do you (?:sell|have|carry|stock|offer|serve)|(?:have )?you got)\s+"
    rf"{_ARTICLE}{_PHRASE}",
    re.I,
)
_CAPITALISED = r"(?!I\b)[A-Z][\w'’-]*(?:\s(?!I\b)[A-Z][\w'’-]*){0,2}"
_NEXT_ITEM = re.compile(rf"\s*(?:,\s*(?:and\s+)?|\band\s+|&\s*){_ARTICLE}{_PHRASE}", re.I)
_RECEIVERS = word_set("recipient payee receiver beneficiary")
_RECEIVING = re.compile(
    rf"\b(?i:pay|send|give|transfer|wire|lend|text|mail|bring|show)\s+(?P<value>{_CAPITALISED})(?=\s+(?:[$€£]|\d|an?\b|the\b|my\b|some\b))"
)
_OF_NONE = r"(?<!\bany )(?<!\bwhich )(?<!\bwhat )(?<!\byour )(?<!\bno )(?<!\bevery )(?<!\beach )"
_LIVING = re.compile(
    r"\b(?:liv(?:e|ing)|based|located|mov(?:e|ed|ing)|stay(?:ing)?)\s+(?:in|at|near|around|for)\s+$", re.I
)
_TEAMS = word_set("department team extension desk")
_THROUGH = r"(?:through\s+to|transfer(?:red)?\s+(?:me\s+)?to|connect(?:ed)?\s+(?:me\s+)?(?:to|with))"
_OLD, _NEW = word_set("old current previous"), word_set("new replacement")
_EXCHANGE = re.compile(
    rf"\b(?:swap|exchange|replace|change|trade|switch)\s+{_ARTICLE}(?P<old>[^,.;!?]+?)\s+(?:for|with|to|into)\s+{_ARTICLE}{_PHRASE}",
    re.I,
)
_EXTRAS = word_set("topping extra side ingredient filling addon supplement")
_SUFFERED = word_set("symptom symptoms allergy allergies illness ailment condition injury pain")
_SUFFERING = re.compile(
    r"\b(?:i|we|he|she|they|it)(?:['’]ve|['’]s| have| has| had)?(?: been)?"
    r"(?: (?:had|got|having|have|has|suffer(?:ing)? from))?"
    rf"(?<=had|got|ing|ave|has|['’]ve|rom)\s+(?:an?|the|some|bad|terrible)\s+{_PHRASE}",
    re.I,
)
_TITLES = {"doctor": r"Dr\.?|Doctor", "physician": r"Dr\.?|Doctor", "professor": r"Prof\.?|Professor"}
_NAMES_NOTHING = word_set("name names title id number type kind the a of or and to for in on")
_LIGHT_VERBS = word_set(
    "be have do get give want need go make let take say tell know like name order date time call place"
)
_WITHOUT = re.compile(
    r"\b(?:without|skip|no|stop|remove|cancel|drop)\s+(?:(?:any|the|need\s+for|need\s+of)\s+)*$", re.I
)
_EMPTY = word_set(
    "it that this them one something anything some me you us there here help ok okay sure yes "
    "no know sorry to a the please "
    "everything nothing last next yesterday again back "
    "somebody someone anybody anyone everybody everyone nobody somewhere anywhere everywhere nowhere "
    "question questions problem problems issue issues idea ideas information info moment second"
)
_RELATION = re.compile(
    r"^\s*(?:(?:it['’]?s\s+)?(?:for|to)\s+)?(?i:my|our)\s+[a-z]+,?\s+(?=(?:[A-Z][\w'’-]*\s?)+[.!]?\s*$)"
)
_FILLERS = re.compile(
    r"^(?:(?:well|ok|okay|um+|uh+|hi|hello|hey|so|yes|yeah|yep|sure|actually|maybe|perhaps|"
    r"probably|then|and|it['’]?s|it is|"
    r"that['’]?s|that is|that would be|i think|i guess|let['’]?s (?:do|say|go (?:with|to|for)|take)|how about|make it|"
    r"i(?:['’]d| would) (?:like|love|prefer)(?: to (?:go to|have|fly to|travel to|order|book))?|"
    r"i(?:['’]ll| will) (?:have|take)|"
    r"i (?:want|need|prefer|choose|pick)(?: to (?:go to|have|fly to|travel to|order|book))?|"
    r"give me|(?:going |go |fly )?to|for|"
    r"from|in|on|at|with|just|only|my (?:\w+ ){1,2}is|my name['’]?s|i['’]?m|i am|we['’]?re|the "
    r"one (?:in|for|with)|the|an?)\b[,:]?\s*)+",
    re.I,
)
_TAIL = re.compile(
    r"[\s,.!]*(?:\b(?:please|pls|plz|thanks|thank you|then|for me|i think|i guess|sounds good|"
    r"would be (?:great|nice|good|fine)|if possible)\b[\s,.!]*)*$",
    re.I,
)


def telling_stems(text: str) -> frozenset[str]:
    """The stems of a text or a name that are not among the commonest words."""
    return frozenset(one for one in stems(" ".join(words_of(text))) if rarity(one) >= TELLING)


def mentions(text: str, phrase: str) -> Spotted | None:
    """Where a text says a phrase: as whole words, up to endings, and not denied; the last place counts.

    Args:
        text: What the customer said.
        phrase: A choice or the name of a thing, e.g. `extra_large` or `Quattro Stagioni`.
    """
    wanted = stems(phrase.replace("_", " "))
    spots = [(stem(found[0].lower()), found.start(), found.end()) for found in _WORD.finditer(text)]
    size = len(wanted)
    for place in range(len(spots) - size, -1, -1):
        if size and all(map(_alike, (spot[0] for spot in spots[place : place + size]), wanted)):
            start, end = spots[place][1], spots[place + size - 1][2]
            if not _denied(text, start, frozenset(wanted)):
                return Spotted(phrase, start, end, text[start:end])
    return None


def _alike(one: str, other: str) -> bool:
    """Whether two stems are of one word: the same, or long and related (`deliver`, `delivery`)."""
    return one == other or (min(len(one), len(other)) >= _LONG and related(one, other))


def _denied(text: str, start: int, wanted: frozenset[str]) -> bool:
    """Whether the sentence part in which a phrase stands denies it (`not the large one, the small one`)."""
    place = 0
    for part in re.split(r"(?<=[,.;!?])\s+|\bbut\b", text):
        at = text.find(part, place)
        place = at + len(part)
        if at <= start < place:
            return any(stem(word) in wanted for found in negations(part) for word in found.reaches)
    return False


def yes_or_no(text: str, parameter: Parameter, *, asked: bool) -> Spotted | None:
    """A truth value: the reply to the agent's question, or the parameter's own words, said or denied.

    Args:
        text: What the customer said.
        parameter: Its name and description tell the words, e.g. `gift_wrap`.
        asked: Whether the agent has just asked for it.
    """
    answered = reply(text) if asked else None
    if answered in (Act.AGREES, Act.REFUSES):
        return Spotted(answered is Act.AGREES, 0, len(text), text.strip())
    return _said_or_denied(text, telling_stems(parameter.name) or frozenset(stems(parameter.name.replace("_", " "))))


def _said_or_denied(text: str, named: frozenset[str]) -> Spotted | None:
    """Whether a text says a parameter's words outside a question, and how: `with parking but without breakfast`."""
    for sentence in sentences(text):
        if asks_for_facts(sentence):
            continue
        said = [one for one in _WORD.finditer(sentence) if stem(one[0].lower()) in named]
        if said and named <= {stem(one[0].lower()) for one in said}:
            place = text.find(sentence)
            start, end = said[0].start(), said[-1].end()
            denied = _denied(sentence, start, named) or _WITHOUT.search(sentence[:start])
            return Spotted(not denied, place + start, place + end, sentence)
    return None


def quoted(text: str, named: frozenset[str] = frozenset()) -> Spotted | None:
    """The quoted text of a message that stands after some words; the first one where none does.

    Args:
        text: What the customer said.
        named: Stems of the parameter's own words.
    """
    found = list(_QUOTED.finditer(text))
    ends = [0, *(one.end() for one in found)]
    own = [one for one, since in zip(found, ends, strict=False) if named & set(stems(text[since : one.start()]))]
    for one in own or found:
        value = next(group for group in one.groups() if group is not None)
        return Spotted(value, one.start(), one.end(), one[0])
    return None


def listed(text: str, conversation: Conversation) -> list[Spotted]:
    """What of the things that tools listed a text names, the newest result first."""
    found: list[Spotted] = []
    for result in reversed(conversation.results):
        for name in dict.fromkeys(_names_in(result.told)):
            spot = mentions(text, name)
            if spot and not any(spot.start < other.end and other.start < spot.end for other in found):
                found.append(spot)
    return sorted(found, key=lambda spot: spot.start)


def _names_in(data: Any) -> Iterator[str]:
    if isinstance(data, str) and 1 <= len(data.split()) <= 6:
        yield data
    elif isinstance(data, Mapping):
        for key, value in data.items():
            if isinstance(value, Mapping | list | tuple):
                yield from (str(key), *_names_in(value))
            elif isinstance(value, str) and re.search(r"name|title|label|item|product", str(key), re.I):
                yield value
    elif isinstance(data, list | tuple):
        for item in data:
            yield from _names_in(item)


def beside_its_name(text: str, parameter: Parameter) -> Spotted | None:
    """What stands beside the parameter's own name: `my colour is red`, `size: large`, `table number 5`."""
    name = r"[\s_-]+".join(map(re.escape, words_of(parameter.name)))
    being = r"(?:is going to be|would be|should be|will be|is|are|['’]s|:|=|of)"
    pattern = rf"{_OF_NONE}\b{name}\b\s*{being}\s*(?:an?\s+|the\s+)?{_PHRASE}"
    return _usable(re.search(pattern, text, re.I))


def by_place_in_sentence(text: str, parameter: Parameter) -> Spotted | None:
    """What a preposition or a verb marks: `to Rome` is a destination, `I'd like a Margherita` an item."""
    named = {*words_of(parameter.name), *(word.removesuffix("s") for word in words_of(parameter.name))}
    if named & _TEAMS:
        return _marked(text, _THROUGH)
    exchange = _EXCHANGE.search(text) if named & (_OLD | _NEW) else None
    if exchange:
        old = exchange["old"].strip()
        return _usable(exchange) if named & _NEW else Spotted(old, *exchange.span("old"), old)
    if named & _RECEIVERS:
        found = _usable(_RECEIVING.search(text))
        if found:
            return found
    if named & _STARTS:
        return _marked(text, r"(?:from|leaving|starting (?:at|in))") or _before_to(text)
    if named & _GOALS or (named & _PLACES and not named & _THINGS):
        found = _marked(text, r"(?:to|visit|towards)", capital=True)
        return found or (_place(text) if named & _PLACES else None)
    if named & _EXTRAS:
        found = _marked(text, r"(?:with|extra)")
        if found:
            return found
    if named & _THINGS:
        wished = [_usable(found) for found in _WISH.finditer(text)]
        return next((spot for spot in wished if spot), None)
    if named & _SUFFERED:
        return next((spot for found in _SUFFERING.finditer(text) if (spot := _usable(found))), None)
    return _called(text, parameter) or _as_described(text, parameter)


def _place(text: str) -> Spotted | None:
    """Where somebody or something is: a name after `in`; without a capital only after `live`, `stay` and the like."""
    found = _marked(text, r"(?:in|at|near|around|for)", capital=True)
    sure = found and (found.value[0].isupper() or _LIVING.search(text[: found.start]))
    return found if sure else None


def _before_to(text: str) -> Spotted | None:
    """The start of `Rome to Paris`: a name right before `to` and another."""
    found = re.search(rf"(?:^|[,.;!?]\s*)(?P<value>{_CAPITALISED})\s+to\s+{_CAPITALISED}", text)
    return _usable(found)


def _called(text: str, parameter: Parameter) -> Spotted | None:
    """A name right after what it names: `my dog Biscuit`, `Dr. Patel`."""
    words_said = {*words_of(parameter.name), *_words_described(parameter)} - _NAMES_NOTHING
    titles = [title for word, title in _TITLES.items() if word in words_said]
    if titles:
        found = re.search(rf"\b(?P<value>(?:{'|'.join(titles)})\s+{_CAPITALISED})", text)
        if found:
            return _usable(found)
    if not words_said:
        return None
    nouns = "|".join(map(re.escape, sorted(words_said)))
    return _usable(re.search(rf"\b(?i:{nouns})\s+(?:(?i:is\s+)?(?i:called|named)\s+)?(?P<value>{_CAPITALISED})", text))


def _as_described(text: str, parameter: Parameter) -> Spotted | None:
    """What a verb of the description does it to: `invite Ann` for `Who to invite`."""
    for verb in dict.fromkeys(_verbs_described(parameter)):
        forms = rf"\b{re.escape(verb)}(?:e?s|ed|ing)?"
        named = re.search(rf"{forms}\s+(?:(?:at|for|in|with|to|on|by)\s+)?(?:the\s+)?(?P<value>{_CAPITALISED})", text)
        wanted = re.search(rf"\bto {re.escape(verb)}\b", parameter.description, re.I)
        plain = re.search(rf"{forms}\s+{_ARTICLE}{_PHRASE}", text, re.I) if wanted else None
        spot = _usable(named) or _usable(plain)
        if spot:
            return spot
    return None


def _words_described(parameter: Parameter) -> list[str]:
    """The words of a description that names what is meant (`Name of the dog or cat`)."""
    named = re.match(r"(?:the\s+)?names?\s+of\s+(?P<what>.+)", parameter.description, re.I)
    return [word for word in words_of(named["what"]) if word not in DETERMINERS] if named else []


def _verbs_described(parameter: Parameter) -> list[str]:
    described = words_of(parameter.description)
    return [verb for word in described if (verb := _verb(word)) and verb not in _LIGHT_VERBS]


def _verb(word: str) -> str:
    return next((form for form in (word, word.removesuffix("s"), word.removesuffix("es")) if form in VERBS), "")


def _marked(text: str, preposition: str, *, capital: bool = False) -> Spotted | None:
    """The phrase after a preposition: a capitalised one, else one of rarer words than everyday verbs."""
    marked = re.finditer(rf"\b{preposition}\s+(?:the\s+)?{_PHRASE}", text, re.I)
    found = [spot for one in marked if (spot := _usable(one))]
    named = [spot for spot in found if spot.value[0].isupper()]
    if named or not found:
        return named[0] if named else None
    rare = [spot for spot in found if words(spot.value)[0] not in VERBS and _rarest(spot.value) > rarity("travel")]
    return rare[0] if rare else None if capital else found[0]


def _rarest(phrase: str) -> float:
    return max(rarity(stem(word)) for word in words(phrase))


def _usable(found: re.Match[str] | None) -> Spotted | None:
    if not found:
        return None
    value = _RELATION.sub("", found["value"].strip())
    first = next(iter(words(value)), "the")
    if all(word in _EMPTY for word in words(value)) or first in QUESTION_WORDS | _EMPTY - {"the", "a"}:
        return None
    return Spotted(value, found.end("value") - len(value), found.end("value"), value)


def next_item(text: str, start: int) -> Spotted | None:
    """The thing that is joined by a comma or `and` to what ends at a place: `eggs` in `milk, eggs and bread`.

    Args:
        text: What the customer said.
        start: Where the thing before ends.
    """
    found = _usable(_NEXT_ITEM.match(text, start))
    return None if found and words(found.value)[0] in VERBS else found


def bare_reply(text: str) -> str:
    """A short reply without what only leads to it: `let's do Rome then, please` gives `Rome`."""
    value = _TAIL.sub("", _FILLERS.sub("", _RELATION.sub("", text.strip().rstrip(".!"))))
    return value.strip(' ,.;:!"“”')
