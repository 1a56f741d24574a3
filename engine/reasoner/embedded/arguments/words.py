"""Values told by their words: choices, yes or no, things named by a tool or by where they stand in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.agent.model import Parameter
from engine.reasoner.base import Conversation
from engine.reasoner.embedded.arguments.numbers import Spotted
from engine.reasoner.embedded.arguments.shapes import words_of
from engine.reasoner.embedded.language.acts import Act, reply
from engine.reasoner.embedded.language.clause_words import VERBS, word_set
from engine.reasoner.embedded.language.features import rarity, stems, words
from engine.reasoner.embedded.language.negation import negations
from engine.reasoner.embedded.language.sentences import sentences
from engine.reasoner.embedded.language.stemming import related, stem

_TELLING = 0.5
"""The rarity from which a word tells something: all but the 50 commonest words."""

_LONG = 5
_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|(?<!\w)'([^']+)'(?!\w)")
_END_OF_PHRASE = (
    r"(?=\s*(?:$|[,.;!?\n]|\b(?:and|or|but|then|please|pls|thanks|on|at|for|from|to|with|by|in|next|this|tomorrow|today|"
    r"tonight|because|so|if|when|via|that|which|who|instead|now|as|is|was|has|have|i|we|you|it|they|last|again|"
    r"yesterday|back|online)\b|\d))"
)
_PHRASE = (
    r"(?=\s*(?:$|[,.;!?\n]|\b(?:and|or|but|then|please|pls|thanks|on|at|for|from|to|with|by|in|"
    r"next|this|tomorrow|today|"
    r"tonight|because|so|if|when|via|that|which|who|instead|now|as|is|was|has|have|i|we|you|it|they|last|again|yesterday|back|online)\b|\d))"
)
_PHRASE = rf"(?P<value>[^\W\d][\w'’-]*(?:\s[^\W\d][\w'’-]*){{0,3}}?){_END_OF_PHRASE}"
_PLACES = word_set("destination city town country airport place location station hotel venue stop")
_GOALS = word_set("destination to arrival target dropoff recipient")
_STARTS = word_set("origin from departure source pickup start")
_WORD = re.compile(r"(?<!\w['’])[^\W_]+")
"""A word; what an apostrophe leaves over (the s of `it's`) is none, least of all a size S."""

_THINGS = word_set(
    "item product dish drink food article thing beverage meal goods order pizza service flavor flavour topping"
)
_WISH = re.compile(
    r"\b(?:(?:can|could|may) (?:i|we) (?:get|have|order)|i(?:['’]d| would) (?:like|love)(?: to "
    r"(?:order|have|buy|get|book|return))?|"
    r"i(?:['’]ll| will) (?:have|take)|i (?:want|need)(?: to (?:order|buy|get|have|book|"
    r"return))?|give me|get me|let me have|"
    r"(?:i )?(?:order|ordered|bought|buy|return|add|make it|go with|have)|let['’]?s (?:do|go with|take|have))\s+"
    rf"(?:(?:a|an|the|some|my|our|your|this|that|these|those|one|two|three|\d+)\s+)?{_PHRASE}",
    re.I,
)
_EMPTY = word_set(
    "it that this them one something anything some me you us there here help ok okay sure yes "
    "no know sorry to a the please "
    "everything nothing last next yesterday again back "
    "somebody someone anybody anyone everybody everyone nobody somewhere anywhere everywhere nowhere"
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
    return frozenset(one for one in stems(" ".join(words_of(text))) if rarity(one) >= _TELLING)


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


def choose(text: str, choices: Sequence[str]) -> Spotted | None:
    """The choice that a text names; None when it names none, or asks about several with `or`.

    A choice counts when all its words are said, or one that only this choice has (`economy` for `economy class`).
    """
    named = [spot for choice in choices if (spot := mentions(text, choice))]
    if not named:
        named = [spot for choice in choices if (spot := _by_own_word(text, choice, choices) or _apart(text, choice))]
    named.sort(key=lambda spot: (spot.start, spot.start - spot.end))
    apart = [spot for spot in named if not any(_inside(spot, other) for other in named)]
    if len(apart) > 1 and re.search(r"\bor\b", text[apart[0].end : apart[-1].start]):
        return None
    return apart[-1] if apart else None


def _apart(text: str, choice: str) -> Spotted | None:
    """A compound said in two words, with at most one between them: `pick it up` for `pickup`."""
    found = [(one[0].lower(), one.start(), one.end()) for one in re.finditer(r"[^\W_]+", text)]
    for place, (first, start, _) in enumerate(found):
        for second, _, end in found[place + 1 : place + 3]:
            if len(first) > 1 and first + second == re.sub(r"[^a-z]", "", choice.lower()):
                return Spotted(choice, start, end, text[start:end])
    return None


def _inside(spot: Spotted, other: Spotted) -> bool:
    return (
        spot is not other
        and other.start <= spot.start
        and spot.end <= other.end
        and (other.end - other.start > spot.end - spot.start)
    )


def _by_own_word(text: str, choice: str, choices: Sequence[str]) -> Spotted | None:
    shared = [frozenset(stems(other.replace("_", " "))) for other in choices if other != choice]
    own = [one for one in words_of(choice) if not any(stem(one) in other for other in shared)]
    for word in own:
        spot = mentions(text, word) if rarity(stem(word)) >= _TELLING else None
        if spot:
            return Spotted(choice, spot.start, spot.end, spot.quote)
    return None


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
    named = telling_stems(parameter.name)
    for sentence in sentences(text):
        said = [one for one in re.finditer(r"[^\W_]+", sentence) if stem(one[0].lower()) in named]
        if said and named <= {stem(one[0].lower()) for one in said}:
            denied = any(stem(word) in named for found in negations(sentence) for word in found.reaches)
            without = re.search(r"\b(?:without|skip|no)\s+(?:any\s+|the\s+)?$", sentence[: said[0].start()], re.I)
            start = text.find(sentence)
            return Spotted(not (denied or without), start, start + len(sentence), sentence)
    return None


def quoted(text: str) -> Spotted | None:
    """The first quoted text of a message."""
    found = _QUOTED.search(text)
    if not found:
        return None
    value = next(group for group in found.groups() if group is not None)
    return Spotted(value, found.start(), found.end(), found[0])


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
    pattern = rf"\b{name}\b\s*{being}\s*(?:an?\s+|the\s+)?{_PHRASE}"
    return _usable(re.search(pattern, text, re.I))


def by_place_in_sentence(text: str, parameter: Parameter) -> Spotted | None:
    """What a preposition or a verb marks: `to Rome` is a destination, `I'd like a Margherita` an item."""
    named = set(words_of(parameter.name))
    if named & _STARTS:
        return _marked(text, r"(?:from|leaving|starting (?:at|in))")
    if named & _GOALS or (named & _PLACES and not named & _THINGS):
        found = _marked(text, r"(?:to|visit|towards)", capital=True)
        return found or (_marked(text, r"(?:in|at|near|around|for)", capital=True) if named & _PLACES else None)
    if named & _THINGS:
        wished = [_usable(found) for found in _WISH.finditer(text)]
        return next((spot for spot in wished if spot), None)
    return None


def _marked(text: str, preposition: str, *, capital: bool = False) -> Spotted | None:
    """The phrase after a preposition: a capitalised one, else one of rarer words than everyday verbs."""
    found = [spot for one in re.finditer(rf"\b{preposition}\s+{_PHRASE}", text, re.I) if (spot := _usable(one))]
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
    value = found["value"].strip()
    if all(word in _EMPTY for word in words(value)) or words(value)[0] in _EMPTY - {"the", "a"}:
        return None
    return Spotted(value, found.start("value"), found.start("value") + len(value), value)


def bare_reply(text: str) -> str:
    """A short reply without what only leads to it: `let's do Rome then, please` gives `Rome`."""
    value = _TAIL.sub("", _FILLERS.sub("", text.strip().rstrip(".!")))
    return value.strip(' ,.;:!"“”')
