"""What was said, cut up once for all the conditions that are judged by it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.reasoner.base import Conversation
from engine.reasoner.embedded.acts import Act, shows, spoken
from engine.reasoner.embedded.known_data import Datum, known
from engine.reasoner.embedded.lexicon import anywhere
from engine.reasoner.embedded.sentences import sentences

MOST_EARLIER = 3
"""How many earlier messages of the customer still count, at half weight."""

EARLIER_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Heard:
    """A conversation as conditions are judged by it.

    `parts` are the latest message's sentences and, if there are several, the message as a whole; `earlier` the few
    customer messages before it, newest first; `agent` the sentences of the agent's last message and `agent_ever` those
    of all its messages; `data` everything known.
    """

    conversation: Conversation
    latest: str
    parts: tuple[str, ...]
    earlier: tuple[str, ...]
    agent: tuple[str, ...]
    agent_ever: tuple[str, ...]
    data: tuple[Datum, ...]
    words: str


def hear(conversation: Conversation) -> Heard:
    """Cut up a conversation."""
    latest = conversation.latest
    parts = sentences(latest)
    whole = (*parts, " ".join(parts)) if len(parts) > 1 else parts
    before = [said for said in reversed(conversation.before)]
    customer = [said.text for said in before if said.speaker == "customer"]
    agent = [part for said in before if said.speaker != "customer" for part in sentences(said.text)]
    return Heard(
        conversation,
        latest,
        whole,
        () if ends_topic(latest) else tuple(customer[:MOST_EARLIER]),
        sentences(conversation.agent_said),
        tuple(agent),
        tuple(known(conversation)),
        spoken(latest),
    )


def ends_topic(message: str) -> bool:
    """Whether a message drops what was spoken of: a goodbye, `never mind`, `forget it`."""
    return shows(Act.PARTS, message) or bool(anywhere("drop").search(spoken(message)))
