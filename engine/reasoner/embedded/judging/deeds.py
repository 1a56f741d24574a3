"""What a text asks to be done, and to what: `register` the `tyre`, `cancel` the `order`.

A request names a deed and its object. Words alone take `I'd like to book a trip` for `change a booked trip`, and
`register the tyre` for `register the voucher`; the roles that the words play tell them apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.reasoner.embedded.language.clause_words import VERBS
from engine.reasoner.embedded.language.features import likeness, stems, words
from engine.reasoner.embedded.language.lexicon import word_set
from engine.reasoner.embedded.language.stemming import related, stem
from engine.reasoner.embedded.language.topics import tells, weights

_CLAUSE = re.compile(r"[,.;:!?()\n]|\s[-–—]+\s|\b(?:and|but|or|because|so|then|if|when|while)\b", re.I)
_ASKED_FOR = re.compile(
    r"(?<!\S)(?:(?:want|wanted|wish|need|needed|like|love|prefer|try|tried|trying|going|able|how|have|hoping|looking"
    r"|ready|happy|possible|plan|planning|rather) (?:you |me |us )?to|(?:can|could|may|shall|should|will|would|must)"
    r" (?:i|we|you|someone|somebody)(?: please)?|how (?:do|can|could|should) (?:i|we|you)|let (?:me|us)"
    r"|please|help(?: me| us)?(?: to)?|(?:i|we) (?:will|would|must|should|just))(?= \S)"
)
_TOLD = re.compile(
    r"(?<!\S)(?:i|we|someone|somebody|they|he|she)(?: (?:have|has|had|just|already|also|think i|still|really"
    r"|accidentally|recently))* (?=\S)"
)
_LIGHT = word_set(
    "help get got have had do does go know ask talk speak see tell make take give start try need want be like find show"
    " let please just also really to not you me i we a an the my come look think say explain know use still even ever"
    " with in on about for am is are was were been said told asked thought got went"
)
_SOME = r"(?:a|an|some|any|another|one|two|three|four|\d+)"
_GETTING = (
    r"(?:book|get|order|buy|make|schedule|reserve|request|purchase|have|arrange|set up|rent|hire|open|take out|obtain)"
)
_ACQUIRING = re.compile(rf"{_GETTING} {_SOME} (?P<thing>.+)")
_WISHING = re.compile(
    rf"(?<!\S)(?:(?:like|want|need|looking for|after)(?: to {_GETTING})?"
    rf"|(?:can|could|may) (?:i|we) (?:please )?{_GETTING}) {_SOME} (?P<thing>.+)"
)
_NUMBERED = word_set("order claim request report file record")
_LEAD_IN = word_set("hi hello hey please ok okay yes no well now just actually sorry thanks quickly kindly also")
_AFTER_VERB = word_set("up in out off down on over back for to about me us you")
_ENDS_OBJECT = word_set(
    "to on in at from with by before after for until till that which who where how into onto via as since of please"
    " now today tomorrow"
)
_LOOKS_THE_SAME = 0.4
_ENOUGH = 2
"""How many known texts have to ask for the same deed before another verb counts as another deed."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something asked to be done: the verb's stem, and the telling stems of what it is to be done to."""

    verb: str
    objects: frozenset[str]


@lru_cache(maxsize=8_192)
def deeds(text: str) -> tuple[Deed, ...]:
    """What a text asks to be done, in its order; none for a text that asks for nothing or says it without a verb.

    Args:
        text: A message, an example, or a condition's content (`change a booked trip`).

    Returns:
        The deeds, without verbs that say little (`get`, `have`, `help`).
    """
    return tuple(deed for clause in _CLAUSE.split(text) if clause for deed in _in_clause(words(clause)))


@lru_cache(maxsize=8_192)
def _doings(text: str) -> tuple[Deed, ...]:
    """What a text asks to be done or tells that somebody did: `I lost my card`."""
    told = tuple(deed for clause in _CLAUSE.split(text) if clause for deed in _told(" ".join(words(clause))))
    return (*deeds(text), *told)


def _told(said: str) -> Iterator[Deed]:
    for found in _TOLD.finditer(said):
        verb, *rest = said[found.end() :].split()
        if verb not in _LIGHT and verb not in VERBS:
            yield Deed(stem(verb), _objects(rest))


def _in_clause(spoken: list[str]) -> Iterator[Deed]:
    joined = " ".join(spoken)
    places = [joined[: found.end()].count(" ") + 1 for found in _ASKED_FOR.finditer(joined)]
    first = next((place for place, word in enumerate(spoken) if word not in _LEAD_IN), 0)
    if spoken and spoken[first] in VERBS and not _names(spoken[first : first + 2]):
        places.insert(0, first)
    for place in dict.fromkeys(places):
        if place < len(spoken) and spoken[place] not in _LIGHT:
            yield Deed(stem(spoken[place]), _objects(spoken[place + 1 :]))


def _names(spoken: list[str]) -> bool:
    """`order 4711` and `order number 4711` name an order; `transfer 500` asks for something."""
    numbered = spoken[0] in _NUMBERED and any(word[:1].isdigit() for word in spoken[1:])
    return numbered or any(word in {"number", "no", "id", "nr"} for word in spoken[1:])


def _objects(spoken: list[str]) -> frozenset[str]:
    while spoken and spoken[0] in _AFTER_VERB:
        spoken = spoken[1:]
    end = next((place for place, word in enumerate(spoken) if word in _ENDS_OBJECT), len(spoken))
    phrase = " ".join(spoken[:end])
    return frozenset(one for one, _ in weights(phrase)) if tells(phrase) else frozenset()


def wishes_for_it(wanted: str, text: str) -> bool:
    """Whether a text wishes for the thing that is wanted: who says `I'd like an appointment` wants to book one.

    Only for getting a thing that there is not yet (`book an appointment`, `buy some shoes`), and only where the text
    wishes for such a thing and for nothing else to be done with it.

    Args:
        wanted: What a condition says is wanted.
        text: The customer's words.
    """
    acquired = _ACQUIRING.match(" ".join(words(wanted)))
    thing = _objects(acquired["thing"].split()) if acquired else frozenset[str]()
    wished = [_objects(found["thing"].split()) for found in _WISHING.finditer(" ".join(words(text)))]
    return bool(thing) and any(all(any(related(one, other) for other in own) for one in thing) for own in wished)


def another_deed(meant: str, text: str) -> str:
    """The verb that a text asks for where the other one is only mentioned; empty when nothing speaks for that.

    `I want to change my booked trip` asks to change, and mentions a booking; so it does not ask to `book a trip`.

    Args:
        meant: The text that the customer's words were near to.
        text: The customer's words.
    """
    wanted, asked = deeds(meant), deeds(text)
    if not wanted or not asked:
        return ""
    if any(related(one.verb, other.verb) for one in wanted for other in asked):
        return ""
    own = {one.verb for one in wanted}
    mentioned = _among(own, stems(text)) or _among({one.verb for one in asked}, stems(meant))
    return asked[0].verb if mentioned else ""


def another_object(known: Sequence[str], text: str) -> str:
    """What a text asks to have done to a thing of which none of the known texts speaks; empty otherwise.

    Only where all that is known of the same deed is about one thing: who gives `buy a shirt` and `buy some shoes` as
    examples means to buy anything.

    Args:
        known: A condition's own content and its examples.
        text: The customer's words.
    """
    said = {one for each in known for one in stems(each)}
    for deed in _doings(text):
        alike = [other for each in known for other in _doings(each) if related(other.verb, deed.verb)]
        objects = [other.objects for other in alike if other.objects]
        if objects and deed.objects and frozenset.intersection(*objects) and not _alike(deed.objects, said):
            return " ".join(sorted(deed.objects))
    return ""


def another_verb(known: Sequence[str], text: str) -> str:
    """What a text asks to have done with a thing with which all known texts ask for one and the same other deed.

    `transfer 500 to my account` is not of the kind of `open an account` and `can I open a savings account`. One known
    text is not enough to say so, and where the known texts ask for it in several words, any word may be meant.

    Args:
        known: A condition's own content and its examples.
        text: The customer's words.
    """
    asked = deeds(text)
    said = set(stems(text))
    alike = [other for each in known for other in deeds(each) if _alike(other.objects, said)]
    if not asked or len(alike) < _ENOUGH or not all(related(alike[0].verb, other.verb) for other in alike):
        return ""
    return "" if any(related(alike[0].verb, deed.verb) for deed in asked) else asked[0].verb


def _among(verbs: set[str], spoken: Sequence[str]) -> bool:
    return any(related(verb, other) for verb in sorted(verbs) for other in spoken)


def _alike(objects: frozenset[str], said: set[str]) -> bool:
    pairs = [(one, other) for one in sorted(objects) for other in sorted(said)]
    return any(related(one, other) or likeness(one, other) >= _LOOKS_THE_SAME for one, other in pairs)
