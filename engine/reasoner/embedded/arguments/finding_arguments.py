"""Finds a tool's arguments in the conversation. What is not found is missing; it is never invented.

The customer's messages are read newest first, each as an answer to what the agent had just asked. What an earlier call
took for a parameter of the same name settles it: messages before that call count no more. After the messages come
earlier tool results and variables by name, unless a parameter takes its value from the customer only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.agent.model import Parameter, Tool
from engine.reasoner.base import Argument
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.arguments.agreeing import AGREED_TO, agreed_to, revised
from engine.reasoner.embedded.arguments.hearing import Heard, Wrong
from engine.reasoner.embedded.arguments.known_values import known_argument, pointed_at, settled_by_call
from engine.reasoner.embedded.arguments.numbers import Spotted
from engine.reasoner.embedded.arguments.questions import hear
from engine.reasoner.embedded.arguments.reading import read, read_list
from engine.reasoner.embedded.arguments.shapes import Shape, shape_of, words_of


@dataclass(slots=True)
class _Claims:
    """Which places of which messages already gave a value, so that two parameters never share one.

    A day and a time of day may: `tomorrow at 7pm` gives both.
    """

    taken: dict[int, list[tuple[int, int, Shape]]] = field(default_factory=dict)

    def free(self, message: int, spotted: Spotted, shape: Shape) -> bool:
        return all(
            spotted.end <= start or end <= spotted.start or {shape, other} == {Shape.DATE, Shape.TIME}
            for start, end, other in self.taken.get(message, ())
        )

    def take(self, message: int, spotted: Spotted, shape: Shape) -> None:
        self.taken.setdefault(message, []).append((spotted.start, spotted.end, shape))


def find_arguments(tool: Tool, conversation: Conversation) -> list[Argument]:
    """Find the arguments of a tool.

    Args:
        tool: The tool with its parameters.
        conversation: The messages, the clock, what the agent asked for, results and variables.

    Returns:
        One argument for each parameter, in their order. Dates and times are ISO texts, lengths of time as in
        `parse_duration`, numbers int or float, choices as they are written in the parameter. What is not found is
        `missing`; a direct answer of the wrong shape is `invalid`.
    """
    heard = hear(tool, conversation)
    claims = _Claims()
    found: dict[str, Argument] = {}
    for parameter in sorted(tool.parameters, key=_definiteness):
        found[parameter.name] = _find(parameter, tool, heard, claims, conversation)
    for parameter in tool.parameters:
        if found[parameter.name].problem == "invalid":  # words that another parameter took are no wrong answer
            found[parameter.name] = _find(parameter, tool, heard, claims, conversation)
    return [found[parameter.name] for parameter in tool.parameters]


def _definiteness(parameter: Parameter) -> int:
    """Shapes that are recognised by their looks go first, so that vaguer ones do not take their places."""
    order = (
        (Shape.EMAIL, Shape.URL, Shape.PHONE, Shape.DATE, Shape.DATETIME, Shape.TIME, Shape.LENGTH, Shape.CHOICE),
        (Shape.ADDRESS, Shape.PERSON, Shape.CODE, Shape.NUMBER, Shape.INTEGER, Shape.BOOLEAN),
        (Shape.THING,),
    )
    shape = shape_of(parameter)
    return next((place for place, shapes in enumerate(order) if shape in shapes), len(order))


def _find(
    parameter: Parameter, tool: Tool, heard: list[Heard], claims: _Claims, conversation: Conversation
) -> Argument:
    said = (
        None
        if parameter.source == "context" and shape_of(parameter) is Shape.THING
        else _from_customer(parameter, tool, heard, claims, conversation)
    )
    if said is not None:
        return said
    if parameter.source != "customer":
        known = known_argument(parameter, conversation)
        if known is not None:
            return known
    return Argument(
        parameter.name, problem="missing", why=f"Nothing in the conversation is a {' '.join(words_of(parameter.name))}."
    )


def _from_customer(
    parameter: Parameter, tool: Tool, heard: list[Heard], claims: _Claims, conversation: Conversation
) -> Argument | None:
    if parameter.type.startswith("list of "):
        return _list_from_customer(parameter, tool, heard, conversation)
    settled, since = settled_by_call(parameter, conversation)
    wrong: Argument | None = None
    for place, message in enumerate(heard):
        if settled is not None and message.turn <= since:
            return settled
        for found in _in_message(parameter, message, tool, claims, conversation):
            if found.problem:
                wrong = wrong or found
                continue
            return revised(found, parameter, tool, heard[:place][::-1])
    return wrong


def _in_message(
    parameter: Parameter, message: Heard, tool: Tool, claims: _Claims, conversation: Conversation
) -> Iterator[Argument]:
    """What one message gives: in its own words, by what it agrees to, or by its place in what a tool listed."""
    yield from _in_words(parameter, message, tool, claims, conversation)
    if parameter.source == "customer":
        return
    question = agreed_to(message) if shape_of(parameter) in AGREED_TO else None
    if question:
        yield from (one for one in _in_words(parameter, question, tool, claims, conversation) if not one.problem)
    chosen = pointed_at(parameter, message, conversation)
    if chosen:
        yield chosen


def _in_words(
    parameter: Parameter, message: Heard, tool: Tool, claims: _Claims, conversation: Conversation
) -> Iterator[Argument]:
    shape = shape_of(parameter)
    for spotted in read(parameter, message, tool, conversation):
        if not claims.free(message.number, spotted, shape):
            continue
        if isinstance(spotted.value, Wrong):
            yield Argument(parameter.name, spotted.value.said, "invalid", spotted.value.why, spotted.quote)
            continue
        claims.take(message.number, spotted, shape)
        yield Argument(parameter.name, spotted.value, why=_why(message, parameter), quote=spotted.quote)


def _list_from_customer(
    parameter: Parameter, tool: Tool, heard: list[Heard], conversation: Conversation
) -> Argument | None:
    for message in heard:
        items = read_list(parameter, message, tool, conversation)
        if items:
            quote = message.text[items[0].start : items[-1].end]
            values = list(dict.fromkeys(item.value for item in items))
            return Argument(parameter.name, values, why=_why(message, parameter), quote=quote)
    return None


def _why(message: Heard, parameter: Parameter) -> str:
    if message.number < 0:
        return "The customer agreed to it."
    if parameter.name in message.asked:
        return "The customer answered the agent's question with it."
    return "The customer said it." if message.fresh else "The customer said it earlier."
