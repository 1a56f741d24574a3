"""Checks of what is said: the messages, the canned responses and the draft."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from engine.scenario.checks.registry import Finding, check, named, simple
from engine.scenario.expected import Expected
from engine.scenario.moment import Moment
from engine.scenario.shapes import DraftText, Likely, Likeness, Names, Texts, Words
from engine.scenario.text import TextPattern, fold
from engine.turn.trace import Drafting

_WORD = re.compile(r"\w+")


@check("agent", Texts())
def agent(expected: Expected[TextPattern], moment: Moment) -> Finding:
    """The turn's messages: as many as expected, in this order."""
    messages = moment.messages
    fitting = [pattern.fits(text) for pattern in expected.items for text in messages]
    if expected.how == "none":
        holds = not messages
    elif expected.how == "any_of":
        holds = len(messages) == 1 and any(fitting)
    else:
        in_order = zip(expected.items, messages, strict=False)
        holds = len(expected.items) == len(messages) and all(pattern.fits(text) for pattern, text in in_order)
    absent = bool(messages) if expected.how == "none" else not any(fitting)
    return Finding(holds, absent, _quoted(messages), moment.responses)


@check("response", Names(("response",), ("no_match",)))
def response(expected: Expected[str], moment: Moment) -> Finding:
    """The canned responses that were sent; `none` when the draft was."""
    found = named(expected, moment.responses)
    if moment.responses:
        return found
    return Finding(found.holds, found.absent, _instead_of_a_response(moment), found.about)


@check("draft", DraftText())
def draft(expected: Expected[TextPattern] | Likeness, moment: Moment) -> Finding:
    """What the agent would have said in its own words."""
    drafting = moment.trace.last(Drafting) if moment.trace else None
    text = drafting.text if drafting else ""
    about = drafting.instructions if drafting else ()
    if isinstance(expected, Likeness):
        return _likeness(expected, (text,) if text else (), about)
    if expected.how == "none":
        return simple(not text, _quoted((text,) if text else ()), about)
    met = [bool(text) and pattern.fits(text) for pattern in expected.items]
    holds = any(met) if expected.how == "any_of" else all(met)
    return Finding(holds, not any(met), _quoted((text,) if text else ()), about)


@check("like", Likely())
def like(expected: Likeness, moment: Moment) -> Finding:
    """Whether a message of the turn is similar to a text."""
    return _likeness(expected, moment.messages, moment.responses)


@check("candidates", Names(("response",)))
def candidates(expected: Expected[str], moment: Moment) -> Finding:
    """The canned responses that could be chosen: near the draft, with every field filled in."""
    return named(expected, moment.candidates)


@check("fit", Words(("high", "partial", "low", "none")))
def fit(expected: Expected[str], moment: Moment) -> Finding:
    """How well the best canned response says the draft."""
    selecting = moment.selecting
    got = selecting.fit if selecting else "none"
    return simple(got in expected.items, got, (selecting.choice,) if selecting and selecting.choice else ())


@check("mode", Words(("fluid", "composited", "strict")))
def mode(expected: Expected[str], moment: Moment) -> Finding:
    """The composition mode of the turn: the most restrictive that anything active asked for."""
    composition = moment.composition
    got = composition.mode.value if composition else "none"
    return simple(got in expected.items, got, _askers(composition.asked_by) if composition else ())


def _askers(names: Sequence[str]) -> tuple[str, ...]:
    """Who asked for the mode, without the agent itself, which is no part of a turn."""
    return tuple(name for name in names if name != "agent")


def similarity(one: str, other: str) -> float:
    """How alike two texts are, from 0 to 1, by their words and letters in order, whatever their case.

    The mean of difflib's ratio over words and over characters, rounded to 4 decimals.
    """
    first, second = fold(one).casefold(), fold(other).casefold()
    words = SequenceMatcher(None, _WORD.findall(first), _WORD.findall(second), autojunk=False).ratio()
    letters = SequenceMatcher(None, first, second, autojunk=False).ratio()
    return round((words + letters) / 2, 4)


def _likeness(expected: Likeness, texts: tuple[str, ...], about: tuple[str, ...]) -> Finding:
    best = max(((similarity(expected.text, text), text) for text in texts), default=(0.0, ""))
    got = f"{_quoted((best[1],) if best[1] else ())} ({best[0]:g})"
    return simple(best[0] >= expected.minimum, got, about)


def _quoted(texts: tuple[str, ...]) -> str:
    if not texts:
        return "none"
    return " · ".join(f"“{text}”" for text in texts)


def _instead_of_a_response(moment: Moment) -> str:
    composition = moment.composition
    if composition is None or not composition.messages:
        return "none (nothing was said)"
    return f"none (the draft was sent: {_quoted(composition.messages)})"
