"""Which of several choices a customer means: by its words, its place in the list, or in spite of a slip of the pen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.reasoner.embedded.arguments.numbers import Spotted
from engine.reasoner.embedded.arguments.revising import kept
from engine.reasoner.embedded.arguments.shapes import words_of
from engine.reasoner.embedded.arguments.words import TELLING, bare_reply, mentions
from engine.reasoner.embedded.language.features import rarity, stems
from engine.reasoner.embedded.language.stemming import stem

_PLACES = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
}
_BY_PLACE = re.compile(
    rf"\b(?:(?:the\s+)?(?P<nth>{'|'.join(_PLACES)}|last|latter|former)"
    r"(?:\s+(?:one|option|choice|of (?:them|those|these))"
    r"|\s*(?=$|[,.!]|please|thanks))|(?:option|number|choice|no\.?)\s*#?(?P<number>\d{1,2})\b)",
    re.I,
)
_NUMBERED = r"(?<!\w){}[.):]\s"
_OPEN = re.compile(r"\bor\b", re.I)
_COMPARING = re.compile(r"\b(?:difference|compare|versus|vs)\b", re.I)
_EVERY = r"\b(?:every|each|a|per|once an?|once every)\s+{}\b"
_LEAST_LETTERS = 5


def choose(text: str, choices: Sequence[str]) -> Spotted | None:
    """The choice that a text names; None when it names none, or asks about several with `or`.

    A choice counts when all its words are said, or one that only this choice has (`economy` for `economy class`).
    """
    apart = named_choices(text, choices)
    if len(apart) > 1 and (_OPEN.search(text[apart[0].end : apart[-1].start]) or _COMPARING.search(text)):
        return None
    revised = kept(apart, text)
    return (revised[0] if revised != apart else apart[-1]) if revised else None


def named_choices(text: str, choices: Sequence[str]) -> list[Spotted]:
    """All choices that a text names, in its order; of one inside another (`blue`, `dark blue`) only the longer."""
    named = [spot for choice in choices if (spot := mentions(text, choice))]
    if not named:
        named = [
            spot for choice in choices if (spot := _by_own_word(text, choice, choices) or _told_otherwise(text, choice))
        ]
    named.sort(key=lambda spot: (spot.start, spot.start - spot.end))
    return [spot for spot in named if not any(_inside(spot, other) for other in named)]


def _told_otherwise(text: str, choice: str) -> Spotted | None:
    return _apart(text, choice) or _by_frequency(text, choice)


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
        spot = mentions(text, word) if rarity(stem(word)) >= TELLING else None
        if spot:
            return Spotted(choice, spot.start, spot.end, spot.quote)
    return None


def choose_when_asked(text: str, choices: Sequence[str], agent_said: str) -> Spotted | None:
    """The choice that a reply means: by its place in what the agent listed, its number there, or but for one typo.

    Args:
        text: The customer's reply.
        choices: As they are written in the parameter.
        agent_said: The question; where it lists choices, its order counts.
    """
    placed = by_place(text, in_order(choices, agent_said))
    if placed:
        return placed
    value = bare_reply(text)
    number = re.fullmatch(r"#?(\d{1,2})", value)
    if number:
        return _by_number(text, int(number[1]), choices, agent_said)
    misspelt = [choice for choice in choices if any(one_slip_apart(word, choice) for word in value.lower().split())]
    return Spotted(misspelt[0], 0, len(text), value) if len(misspelt) == 1 else None


def in_order(choices: Sequence[str], agent_said: str) -> list[str]:
    """The choices in the order in which the agent named them; all as they are where it named fewer than two."""
    named = [spot for choice in choices if (spot := mentions(agent_said, choice))]
    return [str(spot.value) for spot in sorted(named, key=lambda spot: spot.start)] if len(named) > 1 else list(choices)


def by_place(text: str, listed: Sequence[str]) -> Spotted | None:
    """What a text means by `the second one`, `the last` or `option 3`.

    Args:
        text: What the customer said.
        listed: What there is to choose from, in the order in which it was told.
    """
    found = _BY_PLACE.search(text)
    if not found or len(listed) < 2:
        return None
    said = (found["nth"] or "").lower()
    place = {"last": len(listed) - 1, "latter": 1, "former": 0}.get(said, _PLACES.get(said, -1))
    place = int(found["number"]) - 1 if found["number"] else place
    if said in ("latter", "former") and len(listed) != 2:
        return None
    return Spotted(listed[place], *found.span(), found[0]) if 0 <= place < len(listed) else None


def _by_number(text: str, number: int, choices: Sequence[str], agent_said: str) -> Spotted | None:
    """The choice that the agent gave a number: `2` after `1. Repairs 2. Sales`."""
    found = re.search(_NUMBERED.format(number), agent_said)
    if not found:
        return None
    until = re.search(_NUMBERED.format(number + 1), agent_said)
    named = agent_said[found.end() : until.start() if until else len(agent_said)]
    chosen = choose(named, choices)
    return Spotted(chosen.value, 0, len(text), text.strip()) if chosen else None


def one_slip_apart(word: str, choice: str) -> bool:
    """Whether a word of five letters or more is a choice with one letter more, less or different, or two swapped."""
    other = choice.lower()
    if word == other or min(len(word), len(other)) < _LEAST_LETTERS or word[0] != other[0]:
        return False
    if sorted(word) == sorted(other):
        differing = [place for place in range(len(word)) if word[place] != other[place]]
        return len(differing) == 2 and differing[1] == differing[0] + 1
    longer, shorter = (word, other) if len(word) >= len(other) else (other, word)
    if len(longer) == len(shorter):
        return sum(one != two for one, two in zip(longer, shorter, strict=True)) == 1
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer)))


def _by_frequency(text: str, choice: str) -> Spotted | None:
    """`Every week` and `once a week` are `weekly`."""
    word = choice.lower()
    if not word.endswith("ly") or len(word) < _LEAST_LETTERS:
        return None
    noun = word[:-3] + "y" if word.endswith("ily") else word[:-2]
    found = re.search(_EVERY.format(re.escape(noun)), text, re.I)
    return Spotted(choice, *found.span(), found[0]) if found else None
