"""What becomes of a value once the agent has said it back: agreed to (`For 4 people?` `yes`) or put right (`no, 5`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from engine.agent.model import Parameter, Tool
from engine.reasoner.base import Argument
from engine.reasoner.embedded.arguments.dates import spot_dates
from engine.reasoner.embedded.arguments.hearing import Heard
from engine.reasoner.embedded.arguments.numbers import spot_numbers
from engine.reasoner.embedded.arguments.revising import correction, corrects, replacing
from engine.reasoner.embedded.arguments.shapes import Shape, shape_of
from engine.reasoner.embedded.arguments.words import bare_reply
from engine.reasoner.embedded.language.acts import Act, reply
from engine.reasoner.embedded.language.clause_words import AUXILIARIES, QUESTION_WORDS, SUBJECT_PRONOUNS
from engine.reasoner.embedded.language.features import words
from engine.reasoner.embedded.language.finding import short_answer
from engine.reasoner.embedded.language.sentences import is_question, is_yes_no_question, sentences

AGREED_TO = frozenset(
    {
        Shape.CHOICE,
        Shape.INTEGER,
        Shape.NUMBER,
        Shape.DATE,
        Shape.DATETIME,
        Shape.TIME,
        Shape.LENGTH,
        Shape.EMAIL,
        Shape.PHONE,
    }
)
"""The shapes of values that a yes takes over from the agent's question; they cannot be mistaken for its other words."""

_REPLACED = frozenset({Shape.THING, Shape.PERSON, Shape.ADDRESS, Shape.CODE})
_LONGEST_ECHO = 8
_MOST_WORDS = 5
_NOON = 12


def agreed_to(message: Heard) -> Heard | None:
    """The agent's yes-no question as if the customer had said it, where a message says yes to it.

    Numbers without a word that tells whose they are count only in a question that says back what was understood.

    Args:
        message: One message of the customer.
    """
    asked = [one for one in sentences(message.agent_said) if is_question(one)]
    if not asked or not is_yes_no_question(message.agent_said) or reply(message.text) is not Act.AGREES:
        return None
    first = words(asked[-1])[:1]
    opening = AUXILIARIES | QUESTION_WORDS | SUBJECT_PRONOUNS
    echo = len(words(asked[-1])) <= _LONGEST_ECHO and opening.isdisjoint(first)
    return replace(
        message, number=-1 - message.number, text=asked[-1], asked=(), certainly=(), fresh=echo, agent_said=""
    )


def revised(found: Argument, parameter: Parameter, tool: Tool, since: Sequence[Heard]) -> Argument:
    """A value as the messages after it leave it.

    Args:
        found: The value with the words it was said in.
        parameter: Whose value it is.
        tool: The tool with the parameter's rivals.
        since: The later messages, oldest first.
    """
    for message in since:
        new = _put_right(found, parameter, tool, message)
        if new:
            found = replace(found, value=new, why="The customer put it right.", quote=message.text.strip())
    return found


def _put_right(found: Argument, parameter: Parameter, tool: Tool, message: Heard) -> str:
    shape = shape_of(parameter)
    old = str(found.value)
    if shape in _REPLACED:
        swapped = bare_reply(correction(replacing(message.text, old)))
        if swapped:
            return swapped
        rivals = [one for one in tool.parameters if one.name != parameter.name and shape_of(one) in _REPLACED]
        said_back = old.lower() in message.agent_said.lower()
        return "" if rivals or not said_back else _corrected(message.text)
    return _other_hour(old, message) if shape is Shape.TIME else ""


def _corrected(text: str) -> str:
    """The few words that a reply puts in the place of what the agent said back; empty where it says more or less."""
    value = bare_reply(correction(text)) if corrects(text) else ""
    few = 0 < len(value.split()) <= _MOST_WORDS
    return value if few and reply(value) is None and bool(short_answer(value)) else ""


def _other_hour(old: str, message: Heard) -> str:
    """`No, make it 9` of a time that was said back is in the same half of the day as that was."""
    value = bare_reply(correction(message.text)) if corrects(message.text) else ""
    clock = re.fullmatch(r"(\d\d):\d\d", old)
    numbers = spot_numbers(value)
    if not clock or len(numbers) != 1 or numbers[0].quote != value or numbers[0].value not in range(1, _NOON + 1):
        return ""
    if not spot_dates(message.agent_said, datetime.min.replace(year=2000), "time"):
        return ""
    later = int(clock[1]) >= _NOON
    return f"{int(numbers[0].value) % _NOON + (_NOON if later else 0):02d}:00"
