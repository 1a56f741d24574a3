"""Templates of words and plain fields, filled in without compiling them.

Most canned responses are no more than `Your order {{ number }} has shipped.` Compiling such a template takes far longer
than filling it in once. Whatever is not that plain is left to `engine.agent.template.render`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

LONGEST = 5_000
"""Texts that come out longer are left to the renderer, which knows the limits."""

_FIELD = re.compile(r"\{\{ *([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*) *\}\}")
_WORDS_OF_TEMPLATES = frozenset(
    "true false none not and or in is if else recursive range dict lipsum cycler joiner namespace loop self super"
    " caller varargs kwargs".split()
)
_METHODS = frozenset(dir(dict))


def filled(source: str, fields: Mapping[str, Any]) -> str | None:
    """Fill in a plain template, as `engine.agent.template.render` does.

    Args:
        source: The template.
        fields: Values by their first name, nested in mappings.

    Returns:
        The text without surrounding white space; None when the template or a value is not plain.
    """
    pieces = _pieces(source)
    if pieces is None:
        return None
    texts: list[str] = []
    for place, piece in enumerate(pieces):
        value = _value(piece, fields) if place % 2 else piece
        if type(value) is not str and type(value) is not int:
            return None
        texts.append(str(value))
    text = "".join(texts)
    return text.strip() if len(text) <= LONGEST else None


@lru_cache(maxsize=20_000)
def _pieces(source: str) -> tuple[str, ...] | None:
    """Words and dotted names by turns; None for a template with more than that in it."""
    pieces = tuple(_FIELD.split(source))
    if "\r" in source or any("{" in words or "}" in words for words in pieces[::2]):
        return None
    names = [name.split(".") for name in pieces[1::2]]
    if any(parts[0] in _WORDS_OF_TEMPLATES or not _METHODS.isdisjoint(parts[1:]) for parts in names):
        return None
    return pieces


def _value(name: str, fields: Mapping[str, Any]) -> Any:
    found: Any = fields
    for part in name.split("."):
        if type(found) is not dict or part not in found:
            return None
        found = found[part]
    return found
