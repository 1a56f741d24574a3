"""Ids, numbers and references: which of a message's codes is the one that a parameter wants."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.agent.model import Parameter, Tool
from engine.reasoner.embedded.arguments.hearing import Heard
from engine.reasoner.embedded.arguments.numbers import Spotted, lead
from engine.reasoner.embedded.arguments.revising import kept
from engine.reasoner.embedded.arguments.shapes import (
    Shape,
    example_code,
    is_everyday,
    shape_of,
    spot_alike,
    spot_shape,
    words_of,
)
from engine.reasoner.embedded.arguments.words import bare_reply, telling_stems
from engine.reasoner.embedded.language.stemming import stem

_COUNTED = frozenset({Shape.NUMBER, Shape.INTEGER, Shape.CODE})
_POINTED_AT = re.compile(
    r"\b(?:of|about|is|for|on|track|check|find|see|show|open|cancel|end(?:s|ing)? (?:in|with|on))\s+$", re.I
)
_ENDING = re.compile(r"\s*(?:$|[,.;!?\n]|(?:please|pls|and|now|thanks|then)\b)", re.I)
_TOLD = r"(?i:\b(?:{}|reference|code|number|id)\s*(?:is|:|=|#))\s*(?P<value>[A-Z]{{4,12}})\b"
_NEAR = 4


def codes_of(parameter: Parameter, message: Heard, tool: Tool) -> Iterator[Spotted]:
    """The codes of a message that can be a parameter's, likeliest first.

    Args:
        parameter: One whose shape is a code.
        message: One message of the customer.
        tool: The tool; where it wants other numbers too, a lone number is not taken for this one.

    Returns:
        Codes beside the parameter's own words, built like its example, of letters and digits, or the whole of a reply.
    """
    text = message.text
    example = example_code(parameter)
    if example:
        yield from kept(spot_alike(example, text), text)
    words = telling_stems(parameter.name)
    spots = kept(spot_shape(Shape.CODE, text), text)
    single = len(spots) == 1 and sum(shape_of(other) in _COUNTED for other in tool.parameters) == 1
    alone = bare_reply(text) if message.fresh else ""
    asked = parameter.name in message.asked
    found = [
        spot
        for spot in spots
        if asked
        or alone == spot.quote
        or spot.quote.startswith("#")
        or _stands_beside(spot, words, text)
        or _is_mixed(spot)
        or (
            (single or _ends(text, spot))
            and _POINTED_AT.search(lead(text, spot.start))
            and _ENDING.match(text, spot.end)
        )
    ]
    yield from sorted(found, key=lambda spot: not _stands_beside(spot, words, text))
    yield from _after_its_name(parameter, text)
    if not found:
        yield from _without_digits(parameter, message)


def _after_its_name(parameter: Parameter, text: str) -> Iterator[Spotted]:
    """`Table 12` for a table number: one or two digits, right after the word itself."""
    named = [word for word in words_of(parameter.name) if telling_stems(word) and word not in ("number", "id", "code")]
    if named:
        words = "|".join(map(re.escape, named))
        pattern = rf"\b(?:{words})\s+(?:(?:number|no\.?)\s+|#\s*)?(?P<value>\d{{1,2}})\b(?![:./-]\d)"
        yield from (Spotted(one["value"], *one.span("value"), one["value"]) for one in re.finditer(pattern, text, re.I))


def _ends(text: str, spot: Spotted) -> bool:
    """`Ending in 4242` names a code even where other numbers stand beside it."""
    return bool(re.search(r"\bend(?:s|ing) (?:in|with|on)\s+$", lead(text, spot.start), re.I))


def _without_digits(parameter: Parameter, message: Heard) -> Iterator[Spotted]:
    """A code without digits, or of one or two of them, is believed as the whole of a reply or after `my code is`."""
    named = "|".join(map(re.escape, words_of(parameter.name)))
    told = re.search(_TOLD.format(named), message.text)
    if told and not is_everyday(told["value"]):
        yield Spotted(told["value"], *told.span("value"), told["value"])
    if parameter.name in message.asked:
        value = bare_reply(message.text)
        if re.fullmatch(r"#?(?:[A-Z]{3,12}|\d{1,2}|[A-Z0-9-]{2,12})", value):
            yield Spotted(value.lstrip("#"), 0, len(message.text), value)


def _stands_beside(spot: Spotted, named: frozenset[str], text: str) -> bool:
    """Whether a code stands beside its own words: `order 4711`."""
    before = [stem(word.lower()) for word in re.findall(r"[^\W\d_]+", lead(text, spot.start))[-_NEAR:]]
    after = [stem(word.lower()) for word in re.findall(r"[^\W\d_]+", text[spot.end : spot.end + 40])[:2]]
    return bool(named & {*before, *after})


def _is_mixed(spot: Spotted) -> bool:
    """Whether a code has letters and digits as only a code has."""
    return bool(re.search(r"[A-Z]", spot.quote)) and bool(re.search(r"\d{2}|\d[A-Z]* |[A-Z] \d|\d[A-Z]$", spot.quote))
