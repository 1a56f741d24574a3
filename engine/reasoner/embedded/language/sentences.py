"""Messages cut into sentences, and what kind of sentence one is."""

from __future__ import annotations

import re
from functools import lru_cache

from engine.reasoner.embedded.language.features import words
from engine.reasoner.embedded.language.lexicon import word_set

MOST_SENTENCES = 16
"""Of a longer message the first and the last half of this many sentences count."""

_LONGEST = 16_000
_RAMBLING = 30
_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|(?<=[。？！])|\s*[\n\r;]+\s*")
_ASKING = word_set("who whom whose what which when where why how")
_INVERTED = word_set("is are am was were do does did can could will would shall should may might must has have had")
_SUBJECTS = word_set("i you we they he she it there this that these those my your our the a an any anyone someone")
_PEOPLE = word_set("i you we they people any")
_JOINT = re.compile(r",?\s+(?P<word>and also|and then|and|also|plus|but)\s+|,\s+", re.I)
_LEAST_CLAUSE = 2
_LEAST_MATTER = 3
_MATTERS = re.compile(
    r"\s+[-–—]+\s+|[,:]\s+|"
    r"\s+(?=(?:and|but|so|plus|also|because) (?:also )?(?:\S+ )?"
    r"(?:i|im|i'm|you|we|my|our|your|he|she|they|it|its|it's|there|can|could|do|does|did|is|are|was|were|will|would|"
    r"what|how|when|where|who|why|which|please|put|add|take|give|send|make|let)(?!\S))",
    re.I,
)
"""Where a new matter may begin: at a comma, colon or dash, or at an `and` that a subject or a verb follows soon."""

_REQUESTS = word_set("can could will would may")
_PAST = word_set(
    "was were got had did received took went came gave saw made bought paid loved liked enjoyed used ordered"
)
_WISH = re.compile(r"(?<!\S)(?:i|we) (?:just |really )?(?:want|need|(?:would )?like|will (?:have|take))(?!\S)")
_INFORMATION = re.compile(
    r"(?<!\S)(?:know|learn|hear|see|find out|understand|ask|tell|check|info|information|details?|help|questions?)(?!\S)"
)
_HAVING = re.compile(r"(?<!\S)(?:have|has) (?:you |they |we )?got(?!\S)")
_LEADING_IN = word_set("and but so ok okay hi hello hey well um uh oh yes yeah please thanks sorry")
_WISHES = word_set("want need like please can could would may wish will get give prefer must rather")
_ASKING_AFTER = re.compile(
    r"(?<!\S)(?:where|when)(?: (?:is|are|was|were|has|have|did|does|do|will|would))? "
    r"(?:my|our|the|it|that|this|they|he|she)(?!\S)"
)
_ASKING_THE_WAY = re.compile(r"(?<!\S)how (?:can|do|could|would|should) (?:i|we)(?!\S)", re.I)
_TELL_ME = (["tell", "me"], ["tell", "us"], ["explain", "to"], ["explain", "how"])


@lru_cache(maxsize=2_048)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a message, in order, without empty ones; of very long messages the beginning and the end."""
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST // 2]}\n{text[-_LONGEST // 2 :]}"
    ended = (piece for part in _END.split(text) if part for piece in _uncoordinated(part))
    found = tuple(short.strip() for part in ended for short in _shortened(part) if words(short))
    if len(found) > MOST_SENTENCES:
        return found[: MOST_SENTENCES // 2] + found[-MOST_SENTENCES // 2 :]
    return found


@lru_cache(maxsize=2_048)
def clauses(text: str) -> tuple[str, ...]:
    """What a message says, matter by matter: its sentences, and the clauses of these that could stand by themselves.

    `the app is slow, and you charged me twice` has both halves beside the whole; `salt and pepper` has none.

    Args:
        text: A message.

    Returns:
        Different texts in the order of the message.
    """
    found: list[str] = []
    for sentence in sentences(text):
        pieces = [piece.strip() for piece in _MATTERS.split(sentence) if piece.strip()]
        alone = [piece for piece in pieces if len(words(piece)) >= _LEAST_MATTER]
        found += [sentence, *(alone if len(pieces) > 1 else ())]
    return tuple(dict.fromkeys(found))


def _uncoordinated(sentence: str) -> list[str]:
    """A sentence, or, where a question of its own follows `and`, `also`, `but` or a comma, both as sentences.

    `what are your hours and do you deliver` and `I want a refund, and how long does it take` are two; `tell me when
    and where it is` and `if I order now, when will it come` are one.
    """
    for joint in _JOINT.finditer(sentence):
        left, right = sentence[: joint.start()], sentence[joint.end() :]
        if len(words(left)) < _LEAST_CLAUSE or words(left)[-1] in _ASKING or not _asks_in_full(words(right)):
            continue
        if joint["word"] or is_question(left):
            return [left, *_uncoordinated(right)]
    return [sentence]


def _asks_in_full(spoken: list[str]) -> bool:
    """Whether words begin a question of their own: `do you`, `is there`, `how much is`, but not `where they are`."""
    if len(spoken) > 1 and spoken[0] in _INVERTED and spoken[1] in _SUBJECTS | {"not"}:
        return True
    if len(spoken) < 2 or spoken[0] not in _ASKING or spoken[1] in _SUBJECTS:
        return False
    return any(word in _INVERTED for word in spoken[1:4])


def _shortened(sentence: str) -> list[str]:
    """A sentence, or, where it rambles on without a full stop, its clauses, and those again by their length."""
    if len(sentence.split()) <= _RAMBLING:
        return [sentence]
    clauses = re.split(r",\s+|\s+(?=(?:and|but|so|because)\s)", sentence)
    cut: list[str] = []
    for clause in clauses:
        parts = clause.split()
        cut += [" ".join(parts[start : start + _RAMBLING]) for start in range(0, len(parts), _RAMBLING)]
    return cut


@lru_cache(maxsize=8_192)
def is_question(sentence: str) -> bool:
    """Whether a sentence asks something, with or without a question mark.

    `where is it`, `do you deliver`, `isn't that too much` and `you deliver?` do; `do it` and `what a day` do not.
    """
    if "?" in sentence:
        return True
    spoken = _from_its_verb(sentence)
    if len(spoken) < 2:
        return False
    if spoken[0] in _ASKING:
        return spoken[:2] not in (["what", "a"], ["what", "an"], ["how", "nice"])
    after = 2 if spoken[1] == "not" else 1
    subjects = _PEOPLE if spoken[0] == "do" else _SUBJECTS
    return spoken[0] in _INVERTED and len(spoken) > after and spoken[after] in subjects


def _from_its_verb(sentence: str) -> list[str]:
    """The words of a sentence without those that only lead in: `hi`, `ok so`."""
    spoken = words(sentence)
    first = next((place for place, word in enumerate(spoken) if word not in _LEADING_IN), len(spoken))
    return spoken[first:]


@lru_cache(maxsize=8_192)
def asks_for_facts(sentence: str) -> bool:
    """Whether a sentence wants information: `what is it?`, `tell me more about it`, but not `can I get a coke?`."""
    spoken = words(sentence)
    if any(spoken[place : place + 2] in _TELL_ME for place in range(3)):
        return True
    asked = _from_its_verb(sentence)
    polite = len(asked) > 1 and asked[0] in _REQUESTS and asked[1] in {"i", "you", "we"}
    return is_question(sentence) and not polite


@lru_cache(maxsize=8_192)
def only_asks(sentence: str) -> bool:
    """Whether a sentence wants to know something and nothing done: `what if I lose it?`, but not `how do I cancel?`."""
    return asks_for_facts(sentence) and not _ASKING_THE_WAY.search(sentence)


def speaks_of_the_past(sentence: str) -> bool:
    """Whether a sentence tells or asks what was, and requests nothing: `I got it`, `the demo was great`.

    `Got any tea?` and `you have got tea` speak of what there is.
    """
    spoken = words(_HAVING.sub(" ", " ".join(words(sentence))))
    if spoken[:1] == ["got"] and is_question(sentence):
        spoken = spoken[1:]
    return not _PAST.isdisjoint(spoken) and _WISHES.isdisjoint(spoken)


@lru_cache(maxsize=8_192)
def only_wishes(sentence: str) -> bool:
    """Whether a sentence wishes for a thing, not for information: `I'd like a tea`, but not `I'd like to know it`."""
    said = " ".join(words(sentence))
    return bool(_WISH.search(said)) and not _INFORMATION.search(said) and not asks_for_facts(sentence)


@lru_cache(maxsize=8_192)
def asks_after(sentence: str) -> bool:
    """Whether a sentence asks where something is or when it comes: `where's my pizza`, `when will it be here`."""
    return bool(_ASKING_AFTER.search(" ".join(words(sentence))))


@lru_cache(maxsize=8_192)
def question_word(sentence: str) -> str:
    """The first question word of a sentence; empty for none."""
    return next((word for word in words(sentence) if word in _ASKING), "")


def is_yes_no_question(text: str) -> bool:
    """Whether the last question of a text can be answered with yes or no."""
    asked = [sentence for sentence in sentences(text) if "?" in sentence or is_question(sentence)]
    if not asked:
        return False
    spoken = words(re.split(r",\s+(?=\S+\s)", asked[-1])[-1]) or words(asked[-1])
    return not _asks_openly(spoken) and not _asks_openly(words(asked[-1]))


def _asks_openly(spoken: list[str]) -> bool:
    """A question word leads, or follows a preposition or an introduction (`so which size`, `for how many`)."""
    return any(word in _ASKING for word in spoken[:3]) or spoken[:4] in (
        ["could", "you", "tell", "me"],
        ["can", "you", "tell", "me"],
    )
