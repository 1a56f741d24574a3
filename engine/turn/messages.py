"""What a session takes as a message."""

from __future__ import annotations

MAX_MESSAGE = 100_000
"""The longest message, in characters, that a session takes."""


class BadMessage(ValueError):
    """A message that a session cannot take; one line says why."""


def cleaned(text: str) -> str:
    """A message as it is stored: control characters, but line breaks and tabs, left out.

    Raises:
        BadMessage: When nothing is left, or it is too long.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in text if sign in "\n\t" or sign.isprintable() or ord(sign) > 0x9F).strip()
    kept = kept.encode("utf-8", "replace").decode("utf-8")
    if not kept:
        raise BadMessage("the message is empty; type what the customer says")
    if len(kept) > MAX_MESSAGE:
        raise BadMessage(f"the message has {len(kept):,} characters; a session takes up to {MAX_MESSAGE:,}")
    return kept
