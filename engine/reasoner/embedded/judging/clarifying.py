"""The question that has the customer choose: `Do you mean your ATM limits or your credit card's limits?`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.reasoner.base import Option
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.judging.conditions import Frame, read
from engine.reasoner.embedded.language.topics import telling_stems, text_stems

_TURNED = {
    "their": "your",
    "they": "you",
    "them": "you",
    "themselves": "yourself",
    "his": "your",
    "her": "your",
    "customer": "you",
}
_NOUN_PHRASE = re.compile(
    r"(?:a|an|the|their|his|her|your|some|any|our|this|that|how|what|where|when|why|whether|if)\b", re.I
)


def clarify(options: Sequence[Option], conversation: Conversation) -> str:
    """Ask which of several things the customer means.

    Args:
        options: What could be meant, in the order in which they are named.
        conversation: What was said; an option's words are left as the customer says them where they say them.

    Returns:
        One question that names every option by its noun phrase.
    """
    named = list(dict.fromkeys(_phrase(option.text or option.name.replace("_", " ")) for option in options))
    named = [_in_their_words(phrase, conversation.latest) for phrase in named]
    if len(named) == 1:
        return f"Do you mean {named[0]}?"
    if all(phrase.startswith("to ") for phrase in named):
        return f"Would you like {_joined(named)}?"
    return f"Do you mean {_joined(named)}?"


def _joined(phrases: Sequence[str]) -> str:
    *first, last = phrases
    return f"{', '.join(first)} or {last}" if first else last


def _phrase(text: str) -> str:
    """The noun phrase (or `to …`) of a condition, spoken to the customer, with its own capitals."""
    clean = text.strip().rstrip(".?!")
    clause = read(text).clauses[0]
    content = clause.content
    if clause.frame is Frame.IS and clause.text == content:
        return f"“{clean}”"
    original = _original(clean, content) if content else clean
    spoken_to = " ".join(_turned(word) for word in original.split())
    return f"to {spoken_to}" if _wants_to_do(clean, spoken_to) else spoken_to


def _original(text: str, content: str) -> str:
    """The end of the text that holds the content, as its author wrote it."""
    first = content.split()[0]
    found = list(re.finditer(rf"(?<!\w){re.escape(first)}(?!\w)", text, re.I))
    size = len(content.split())
    fitting = [hit.start() for hit in found if len(text[hit.start() :].split()) >= size - 1]
    return text[fitting[-1] :].split(" but ")[0] if fitting else content


def _turned(word: str) -> str:
    plain = word.lower().rstrip(",;")
    return word.lower().replace(plain, _TURNED[plain]) if plain in _TURNED else word


def _wants_to_do(text: str, phrase: str) -> bool:
    """Whether the phrase is what someone wants to do (`wants to cancel an order`)."""
    return bool(re.search(rf"\bto {re.escape(phrase.split()[0])}\b", text, re.I)) and not _NOUN_PHRASE.match(phrase)


def _in_their_words(phrase: str, latest: str) -> str:
    """What the customer has named already is spoken of as known: `a coke` becomes `the coke`."""
    if not telling_stems(phrase) <= text_stems(latest):
        return phrase
    return re.sub(r"^(?:a|an|the) ", "the ", phrase)
