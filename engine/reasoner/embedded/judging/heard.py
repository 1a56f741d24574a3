"""What was said, cut up once for all the conditions that are judged by it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.judging.deeds import deeds
from engine.reasoner.embedded.language.acts import Act, shows, spoken
from engine.reasoner.embedded.language.features import words
from engine.reasoner.embedded.language.known_data import Datum, known, words_of
from engine.reasoner.embedded.language.lexicon import anywhere, word_set
from engine.reasoner.embedded.language.sentences import asks_for_facts, clauses, is_question, sentences
from engine.reasoner.embedded.language.topics import telling_stems

MOST_EARLIER = 3
"""How many earlier messages of the customer still count, at half weight."""

EARLIER_WEIGHT = 0.5

ANY_KEY = ""
"""The key of texts that consist of frequent words only; every message has it."""

MOST_WAITING = 2
"""How many messages of the agent may have passed since it asked what the customer answers now."""

_SHORT = 3
_SUBJECTS = word_set("i we my our someone somebody")

KEY = 3
"""How many letters of a stem decide whether two words could be of one family."""


_LEADING_ON = re.compile(
    r"(?:(?:ok|okay|yes|no|so|well|hm|hmm) )*(?:and|also|but|or|then|what about|how about|what if|why|why not)(?!\S)"
)
_REFERRING = re.compile(
    r"(?<!\S)(?:it|its|that|this|these|those|them|they|one|ones|he|she|there|else|same|instead|more|another)(?!\S)"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A conversation as conditions are judged by it.

    `parts` are the latest message's sentences and, if there are several, the message as a whole; `matters` are these
    and the clauses that could stand by themselves, since one sentence can be about two things. Of the few customer
    messages before it, newest first, `lasting` are all (for moods), `earlier` those that still tell what is spoken of,
    and `pending` these where the latest message asks on, for what has been answered is asked no more. `agent` are the
    sentences of the agent's last message and `agent_ever` those of all its messages; `data` is everything known; `said`
    the parts as words, to be compared word for word; `vocabulary` the words of all data, cut to `KEY` letters;
    `answers` whether the latest message only answers the agent's question; `keys` the words that carry meaning, as
    `keys_of` cuts them.
    """

    conversation: Conversation
    latest: str
    parts: tuple[str, ...]
    matters: tuple[str, ...]
    earlier: tuple[str, ...]
    pending: tuple[str, ...]
    lasting: tuple[str, ...]
    agent: tuple[str, ...]
    agent_ever: tuple[str, ...]
    data: tuple[Datum, ...]
    said: tuple[str, ...]
    vocabulary: frozenset[str]
    answers: bool
    keys: frozenset[str]

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the customer that counts."""
        return (*self.matters, *self.lasting)


def hear(conversation: Conversation) -> Heard:
    """Cut up a conversation."""
    latest = conversation.latest
    parts = sentences(latest)
    whole = (*parts, " ".join(parts)) if len(parts) > 1 else parts
    before = list(reversed(conversation.before))
    customer = [said.text for said in before if said.speaker == "customer"]
    agent = [part for said in before if said.speaker != "customer" for part in sentences(said.text)]
    data = tuple(known(conversation))
    lasting = () if ends_topic(latest) else tuple(customer[:MOST_EARLIER])
    spoken_before = [said.text for said in before if said.speaker != "customer"]
    turns_away = tells_something_else(latest, (*customer[:1], *spoken_before[:1]))
    answers = gives_what_was_asked(latest, spoken_before[:MOST_WAITING])
    goes_on = not (stands_alone(latest) or turns_away or answers)
    topic = _topic(lasting) if goes_on else ()
    return Heard(
        conversation,
        latest,
        whole,
        tuple(dict.fromkeys((*whole, *clauses(latest)))),
        topic,
        topic if asks_on(latest) else (),
        lasting,
        sentences(conversation.agent_said),
        tuple(agent),
        data,
        tuple(dict.fromkeys((spoken(latest), *map(spoken, whole)))),
        frozenset(stem[:KEY] for datum in data for stem in words_of(datum)),
        _answers(latest, spoken_before),
        frozenset((ANY_KEY, *(key for text in (latest, *lasting) for key in keys_of(text)))),
    )


@lru_cache(maxsize=16_384)
def keys_of(text: str) -> frozenset[str]:
    """The words of a text that carry its meaning, cut to `KEY` letters, so that a typo further on does no harm."""
    return frozenset(stem[:KEY] for stem in telling_stems(text))


def _answers(message: str, agent: Sequence[str]) -> bool:
    """Whether a message is the short answer to a question of the agent's: `large` to `what size?`.

    A number answers a question that still waits, too, whatever was spoken of in between.

    Args:
        message: What the customer said.
        agent: The agent's messages, newest first.
    """
    waiting = agent[: MOST_WAITING if any(map(str.isdigit, message)) else 1]
    asked = any(is_question(sentence) for said in waiting for sentence in sentences(said))
    return asked and len(words(message)) <= _SHORT and not is_question(message)


def stands_alone(message: str) -> bool:
    """Whether a message asks a question or for a deed in full, so that what was said before no longer counts.

    `ok, what is the price?` does; `and for two?`, `how much is it?`, `the blue one please` and `48213` go on with
    what was spoken of.
    """
    if _goes_on(message):
        return False
    asking = [part for part in sentences(message) if is_question(part) or asks_for_facts(part) or deeds(part)]
    return any(telling_stems(part) for part in asking)


def _topic(earlier: Sequence[str]) -> tuple[str, ...]:
    """Of earlier messages, newest first, those back to the one that began what is spoken of."""
    for place, message in enumerate(earlier):
        if stands_alone(message) or tells_something_else(message, earlier[place + 1 : place + 2]):
            return tuple(earlier[: place + 1])
    return tuple(earlier)


def _goes_on(message: str) -> bool:
    said = spoken(message)
    return bool(_LEADING_ON.match(said) or _REFERRING.search(said))


def asks_on(message: str) -> bool:
    """Whether a message that makes no sense alone goes on asking: `and for two?`, `what about the blue one`."""
    return is_question(message) or bool(_LEADING_ON.match(spoken(message)))


def tells_something_else(message: str, before: Sequence[str]) -> bool:
    """Whether a message tells of somebody's own matter in words of which none was said just before.

    `I lost my umbrella` after `how much is my balance?`, but not `I don't know the order number` after `I want to
    return my order`.

    Args:
        message: What the customer said.
        before: What the customer and the agent said last.
    """
    if _goes_on(message) or _SUBJECTS.isdisjoint(words(message)):
        return False
    own = telling_stems(message)
    return bool(own) and all(own.isdisjoint(telling_stems(text)) for text in before)


def gives_what_was_asked(message: str, asked: Sequence[str]) -> bool:
    """Whether a message gives what the agent asked for, so that what was said before it is no longer spoken of.

    Args:
        message: What the customer said.
        asked: The agent's last few messages: a question that went unanswered still waits.
    """
    if is_question(message) or _LEADING_ON.match(spoken(message)):
        return False
    return any(is_question(sentence) for said in asked for sentence in sentences(said))


def ends_topic(message: str) -> bool:
    """Whether a message drops what was spoken of: a goodbye, `never mind`, `forget it`."""
    return shows(Act.PARTS, message) or bool(anywhere("drop").search(spoken(message)))
