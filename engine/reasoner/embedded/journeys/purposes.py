"""What a journey's state is for: what it asks the customer, whether it wants a yes or no, or whether it only tells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from engine.agent.model import State
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.judging.deeds import deeds
from engine.reasoner.embedded.language.acts import spoken
from engine.reasoner.embedded.language.features import words
from engine.reasoner.embedded.language.finding import Found, find, has_shape, in_text, short_answer
from engine.reasoner.embedded.language.topics import telling_stems


class Aim(StrEnum):
    """What a state wants of the customer."""

    ASKS = "asks for"
    ASKS_WHETHER = "asks whether"
    CONFIRMS = "confirms"
    OFFERS = "offers"
    TELLS = "tells"


_INDEFINITE = re.compile(
    r"(?:\S+ ){0,2}(?:to (?:add|have|order|get|choose|include) )?"
    r"(?:an?|any|anything|some|something|another|more|other)(?!\S)"
)


@dataclass(frozen=True, slots=True)
class Purpose:
    """A state's aim and the noun phrase it is about, e.g. `ASKS`, `the booking number`."""

    aim: Aim
    noun: str

    @property
    def of_knowing(self) -> bool:
        """Whether it asks if the customer already has or knows something, so that `no idea` means no."""
        return bool(re.match(r"(?:have|has|know|knows|had|prefer|decided)(?!\S)", self.noun))

    @property
    def of_naming(self) -> bool:
        """Whether naming a thing is a yes: `a tea` to `want anything to drink`, but not to `want it delivered`."""
        return self.of_knowing or bool(_INDEFINITE.match(self.noun))


_WHOM = r"(?: (?:them|him|her|the customer|customer|the user|user|the client|client|you|back))?"
_THEY = r"(?:(?:they|he|she|the customer|customer|the user|user|there|it|you) )?"
_WHETHER = re.compile(
    rf"(?:.*? )?(?:ask|check|find out|inquire|clarify|see|verify|determine|learn){_WHOM}(?: about)? (?:if|whether)"
    rf" {_THEY}(?P<noun>.+)"
)
_OPENLY = re.compile(
    r"(?:.*? )?(?:ask|request|get|collect|obtain|gather|find out|determine|inquire|clarify|learn|figure out|identify"
    rf"|take){_WHOM}(?: (?:for|about|to (?:provide|specify|choose|select|enter|share|give|tell|pick|describe|name)))*"
    r"(?: (?:us|you|me))? (?P<noun>.+)"
)
_CONFIRMING = re.compile(
    r"(?:re)?(?:confirm|verify|double check|summari[sz]e|recap|review|go over|read back)(?:s|ing)? (?P<noun>.+)"
)
_OFFERING = re.compile(r"(?:offer|suggest|recommend|propose|present|list|show)(?:s|ing)? (?P<noun>.+)")


def purpose_of(state: State) -> Purpose:
    """Read what a state is for from its chat instruction; anything that asks nothing tells."""
    return _read(state.chat or "")


@lru_cache(maxsize=4_096)
def _read(chat: str) -> Purpose:
    said = spoken(chat)
    for aim, pattern in (
        (Aim.CONFIRMS, _CONFIRMING),
        (Aim.ASKS_WHETHER, _WHETHER),
        (Aim.OFFERS, _OFFERING),
        (Aim.ASKS, _OPENLY),
    ):
        found = pattern.match(said)
        if found:
            return Purpose(aim, found["noun"])
    return Purpose(Aim.TELLS, said)


def answer_in(purpose: Purpose, conversation: Conversation) -> str:
    """What the latest message gives of what a state has just asked, in the customer's words; empty for nothing."""
    by_shape = in_text(purpose.noun, conversation.latest, conversation)
    if by_shape or (purpose.aim is Aim.ASKS and has_own_shape(purpose, conversation)):
        return by_shape or _short_enough(conversation.latest)
    return short_answer(conversation.latest)


def _short_enough(message: str) -> str:
    """A few words that carry something, where the shape alone did not find it (a date in words, a street)."""
    answer = "" if deeds(message) else short_answer(message)
    return answer if answer and len(words(answer)) <= 4 and telling_stems(answer) else ""


def has_own_shape(purpose: Purpose, conversation: Conversation) -> bool:
    """Whether it can be told what an answer looks like."""
    return has_shape(purpose.noun, conversation)


def met_by(purpose: Purpose, conversation: Conversation) -> Found | None:
    """What the conversation already holds of what a state would ask for; None when the state has to be gone through."""
    if purpose.aim not in {Aim.ASKS, Aim.ASKS_WHETHER} or not has_own_shape(purpose, conversation):
        return None
    return find(purpose.noun, conversation)
