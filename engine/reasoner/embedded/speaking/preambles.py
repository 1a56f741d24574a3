"""A few words that acknowledge a message while the answer is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.language.acts import Act, shows
from engine.reasoner.embedded.language.sentences import asks_for_facts, sentences

_COMPLAINT = ("I'm sorry about that.", "I understand.", "I'm sorry to hear that.")
_QUESTION = ("Let me check.", "Let me look into that.")
_REQUEST = ("Got it.", "Sure.", "One moment, please.")
_FITTING: Mapping[str, tuple[str, ...]] = {
    "complaint": ("sorry", "understand", "apolog"),
    "question": ("check", "look", "see", "moment", "question", "let me"),
    "request": ("got it", "sure", "moment", "right away", "on it", "understood", "of course", "let me"),
}
_OWN: Mapping[str, tuple[str, ...]] = {
    "complaint": _COMPLAINT,
    "question": _QUESTION,
    "request": _REQUEST,
}
_SHORT = 5
"""A greeting, thanks or goodbye of fewer words than this asks for nothing."""
_CHEERFUL = ("great", "awesome", "perfect", "sure thing", "happy", "glad", "!")


def preamble(conversation: Conversation, choices: Sequence[str]) -> str | None:
    """Acknowledge the latest message, by what it does, rotated by the number of the turn.

    Args:
        conversation: What was said.
        choices: The only words allowed; empty for free choice among the shipped ones.

    Returns:
        The words; None when there is nothing to acknowledge, or the message is a mere courtesy, whose answer is as
        short as any preamble.
    """
    if not conversation.latest.strip():
        return None
    act = _act(conversation.latest)
    if act == "courtesy":
        return None
    if not choices:
        return _rotated(_OWN[act], conversation.turn)
    fitting = [choice for choice in choices if any(mark in choice.lower() for mark in _FITTING[act])]
    calm = [choice for choice in choices if not any(mark in choice.lower() for mark in _CHEERFUL)]
    allowed = fitting or (calm if act == "complaint" else list(choices))
    return _rotated(allowed, conversation.turn) if allowed else None


def _act(message: str) -> str:
    if shows(Act.UPSET, message):
        return "complaint"
    if any(asks_for_facts(sentence) for sentence in sentences(message)):
        return "question"
    courteous = any(shows(act, message) for act in (Act.GREETS, Act.THANKS, Act.PARTS))
    return "courtesy" if courteous and len(message.split()) < _SHORT else "request"


def _rotated(texts: Sequence[str], turn: int) -> str:
    return texts[(max(turn, 1) - 1) % len(texts)]
