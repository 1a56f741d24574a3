"""What people, tools and authors said, as it stands in a prompt: quoted, cut visibly, unable to end its quotation."""

from __future__ import annotations

import json
from typing import Any


def quoted(text: str, most: int) -> str:
    """A text as a JSON string on one line; nothing in it can close the quotation.

    Args:
        text: What was said.
        most: How many characters of it are shown; of a longer one its beginning and its end.
    """
    if len(text) <= most:
        return _string(text)
    head = most * 3 // 4
    left_out = len(text) - most
    return f"{_string(text[:head])} […{left_out:,} characters left out…] {_string(text[len(text) - most + head :])}"


def as_data(value: Any, most: int) -> str:
    """A value that a tool or a variable holds, as JSON on one line; a long one is cut and its cut quoted."""
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return _whole(written) if len(written) <= most else quoted(written, most)


def one_line(text: str) -> str:
    """An author's text on one line, whatever its line breaks."""
    return " ".join(text.split())


def sentence(text: str) -> str:
    """An author's text on one line, with a mark at its end."""
    line = one_line(text)
    return line if line.endswith((".", "!", "?", ":", "”", '"')) else f"{line}."


def _string(text: str) -> str:
    return _whole(json.dumps(text, ensure_ascii=False))


def _whole(text: str) -> str:
    """Without halves of surrogate pairs, which no encoding takes, and without what some take for line breaks."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return clean.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")
