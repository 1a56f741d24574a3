"""Whether the customer drops what is under way: `forget it`, `stop`, `cancel the booking` on the way to one."""

from __future__ import annotations

from engine.agent.model import Journey
from engine.reasoner.embedded.judging.deeds import deeds
from engine.reasoner.embedded.language.acts import spoken
from engine.reasoner.embedded.language.lexicon import anywhere, leading, stem_set
from engine.reasoner.embedded.language.sentences import sentences
from engine.reasoner.embedded.language.stemming import related
from engine.reasoner.embedded.language.topics import text_stems

_GIVING_UP = stem_set("cancel stop quit abort drop abandon forget end")


def drops(message: str) -> bool:
    """Whether a message drops whatever it is about, in a set phrase."""
    whole = leading("leave whole")
    parts = (message, *sentences(message))
    return bool(anywhere("leave").search(spoken(message))) or any(whole.fullmatch(spoken(part)) for part in parts)


def gives_up(journey: Journey, message: str) -> bool:
    """Whether a message gives up just what a journey is for.

    Not where giving something up is what the journey is for: `cancel my order` goes on with `Cancel an order`.

    Args:
        journey: The journey under way.
        message: What the customer said.
    """
    own = text_stems(" ".join((journey.name.replace("_", " "), journey.title or "", *journey.conditions)))
    if not own.isdisjoint(_GIVING_UP):
        return False
    given_up = [deed.objects for deed in deeds(message) if deed.verb in _GIVING_UP]
    return any(all(any(related(one, other) for other in own) for one in objects) for objects in given_up)
