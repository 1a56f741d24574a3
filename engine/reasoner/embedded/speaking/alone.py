"""What the agent says when no instruction tells it to say anything."""

from __future__ import annotations

import re

from engine.agent.model import Capability
from engine.reasoner.base import DraftPart
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.judging.dropping import drops
from engine.reasoner.embedded.language.clause_words import word_set
from engine.reasoner.embedded.language.features import likeness, words
from engine.reasoner.embedded.speaking.facts import Facts, content, say_capability, say_term

UNSURE = "I'm not sure I can help with that."
_LONGEST = 2_000
_NEAR_CAPABILITY = 0.3
_GREETINGS = word_set("hi hello hey hiya howdy greetings morning evening afternoon yo hallo hola good there everyone")
_GREETING_CORE = word_set("hi hello hey hiya howdy greetings morning evening afternoon yo hallo hola")
_THANKS = re.compile(r"\b(?:thanks|thank you|thx|cheers|much appreciated|appreciate it|ta)\b", re.I)
_GOODBYE = re.compile(
    r"\b(?:bye|goodbye|good bye|see you|see ya|farewell|have a (?:nice|good|great) \w+|take care|good night)\b", re.I
)
_HOW_ARE_YOU = re.compile(r"\bhow(?:'s| is| are| r) (?:you|u|it going|things)\b", re.I)
_FINE = word_set("ok okay great cool perfect nice good alright fine sure got it understood super awesome")
_ASKS_MEANING = re.compile(
    r"(?:what(?:'s|’s|s| is| are| does| do)?|explain|define|tell me (?:more )?about|meaning of|how does|what about)\b",
    re.I,
)


def answer_alone(conversation: Conversation) -> DraftPart:
    """Word an answer without instructions.

    By the act of the customer's latest message (greeting, thanks, parting), then what the glossary, the variables and
    the capabilities have to say to it, else the agent's own no-match text.
    """
    text = conversation.latest[:_LONGEST]
    for rule, said in (
        ("act", _by_act(text)),
        ("glossary", _by_glossary(text, conversation)),
        ("variable", _by_variable(text, conversation)),
        ("capability", _by_capability(text, conversation)),
    ):
        if said:
            return DraftPart(said, "", rule)
    own = conversation.agent.no_match
    plain = own if isinstance(own, str) and "{{" not in own and "{%" not in own else UNSURE
    return DraftPart(plain, "", "no match")


def _by_act(text: str) -> str:
    spoken = words(text)
    short = len(spoken) <= 8
    if short and _GOODBYE.search(text):
        return "You're welcome! Goodbye!" if _THANKS.search(text) else "Goodbye!"
    if short and drops(text):
        return "All right. Is there anything else I can help you with?"
    if short and _THANKS.search(text) and "?" not in text:
        return "You're welcome!"
    if short and _HOW_ARE_YOU.search(text):
        return "I'm fine, thank you! How can I help you?"
    if (
        spoken
        and set(spoken) & _GREETING_CORE
        and len([word for word in spoken if word not in _GREETINGS]) <= 1
        and "?" not in text
    ):
        return "Hello! How can I help you?"
    if spoken and len(spoken) <= 4 and set(spoken) <= _FINE:
        return "Is there anything else I can help you with?"
    return ""


def _by_glossary(text: str, conversation: Conversation) -> str:
    asked = content(text)
    if not _ASKS_MEANING.search(text):
        return ""
    for term in conversation.terms:
        names = (term.name or term.id.replace("_", " "), *term.synonyms)
        if term.description and any(content(name) and content(name) <= asked for name in names):
            return say_term(term)
    return ""


def _by_variable(text: str, conversation: Conversation) -> str:
    found = re.search(r"\bmy ([\w ]+)", text, re.I)
    if not found or not ("?" in text or _ASKS_MEANING.match(text.strip())):
        return ""
    for name, value in conversation.variables.items():
        if content(name) and content(name) <= content(found[1]) and value is not None:
            fact = Facts(conversation, ()).look_up(f"their {name.replace('_', ' ')}")
            return fact.text if fact else ""
    return ""


def _by_capability(text: str, conversation: Conversation) -> str:
    scored = [(_nearness(text, capability), -place) for place, capability in enumerate(conversation.capabilities)]
    if not text.strip() or not scored:
        return ""
    best, place = max(scored)
    if best < _NEAR_CAPABILITY:
        return ""
    return f"{say_capability(conversation.capabilities[-place])} Would you like me to do that?"


def _nearness(text: str, capability: Capability) -> float:
    return max(likeness(text, other) for other in (capability.title, capability.description, *capability.signals))
