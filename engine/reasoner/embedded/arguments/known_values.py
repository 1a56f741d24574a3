"""Values that results of tools, earlier calls and variables already give: by name, or by place in what was listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.agent.model import Parameter
from engine.reasoner.base import Argument
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.arguments.choices import by_place
from engine.reasoner.embedded.arguments.hearing import Heard
from engine.reasoner.embedded.arguments.shapes import Shape, shape_of, words_of

_DEEPEST = 3


def settled_by_call(parameter: Parameter, conversation: Conversation) -> tuple[Argument | None, int]:
    """What the newest call of an earlier turn took for a parameter of the same name, and the turn it was made in."""
    for result in reversed(conversation.results):
        if result.this_turn or not result.turn or parameter.source == "customer":
            continue
        for name, value in result.arguments.items():
            if value is not None and _same_name(parameter.name, name) and _fits(parameter, value):
                why = f"An earlier call of {result.tool} has it."
                return Argument(parameter.name, value, why=why, quote=str(value)), result.turn
    return None, 0


def known_argument(parameter: Parameter, conversation: Conversation) -> Argument | None:
    """The value that data at hand has under a parameter's name; None where there is none, or more than one in a list.

    Args:
        parameter: One that may take its value from elsewhere than the customer.
        conversation: Results, variables, and the customer's name.
    """
    for where, name, value in _known(conversation):
        if value is not None and _same_name(parameter.name, name) and _fits(parameter, value):
            return Argument(parameter.name, value, why=f"{where} has it as {name}.", quote=str(value))
    if parameter.name == "customer_name" and conversation.customer_name not in ("", "Guest"):
        return Argument(parameter.name, conversation.customer_name, why="It is the customer's name.")
    return None


def pointed_at(parameter: Parameter, message: Heard, conversation: Conversation) -> Argument | None:
    """What `the second one` means among what a tool listed, the newest result first.

    Args:
        parameter: Its name tells which of the listed values is meant (`flight_id`; `slot` of `slots`).
        message: What the customer said.
        conversation: The results of tools.
    """
    for result in reversed(conversation.results):
        values = [value for value in _listed(parameter, result.told) if _fits(parameter, value)]
        found = by_place(message.text, [str(place) for place in range(len(values))])
        if found:
            why = f"The customer chose it from what {result.tool} listed."
            return Argument(parameter.name, values[int(found.value)], why=why, quote=found.quote)
    return None


def _listed(parameter: Parameter, told: Any) -> list[Any]:
    """The values of a result that are listed under a parameter's name, or that are all it gives."""
    if isinstance(told, Mapping):
        for name, value in told.items():
            if isinstance(value, list | tuple):
                named = _same_name(parameter.name, str(name).removesuffix("s"))
                values = _values(parameter, value, plain=named)
                if values:
                    return values
        return []
    plain = shape_of(parameter) in (Shape.THING, Shape.TIME, Shape.DATE)
    return _values(parameter, told, plain=plain) if isinstance(told, list | tuple) else []


def _values(parameter: Parameter, listed: list[Any] | tuple[Any, ...], *, plain: bool) -> list[Any]:
    """The parameter's own entries of listed mappings; plain values are theirs only where the list is named so."""
    own = [
        value
        for item in listed
        if isinstance(item, Mapping)
        for name, value in item.items()
        if _same_name(parameter.name, str(name))
    ]
    return own or ([item for item in listed if isinstance(item, str | int | float)] if plain else [])


def _known(conversation: Conversation) -> Iterator[tuple[str, str, Any]]:
    """Named values at hand: of tool results, the newest first, then variables, then arguments of earlier calls."""
    newest = conversation.results[::-1]
    for result in newest:
        if isinstance(result.told, Mapping):
            for name, value in _named(result.told):
                yield f"The result of {result.tool}", name, value
        elif isinstance(result.told, str | int | float) and not isinstance(result.told, bool):
            yield f"The result of {result.tool}", "_".join(words_of(result.tool)[1:]), result.told
    for name, value in conversation.variables.items():
        yield "A variable", name, value
    for result in newest:
        for name, value in result.arguments.items():
            yield f"An earlier call of {result.tool}", name, value


def _named(told: Mapping[Any, Any], depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The named values of a result, those of mappings within it after its own; not those of lists, where many are."""
    for name, value in told.items():
        yield str(name), value
    for value in told.values():
        if isinstance(value, Mapping) and depth < _DEEPEST:
            yield from _named(value, depth + 1)


def _same_name(one: str, other: str) -> bool:
    return words_of(one) == words_of(other) != []


def _fits(parameter: Parameter, value: Any) -> bool:
    shape = shape_of(parameter)
    if shape is Shape.CHOICE:
        return str(value) in parameter.choices
    if shape is Shape.BOOLEAN:
        return isinstance(value, bool)
    if shape in (Shape.INTEGER, Shape.NUMBER) and parameter.type in ("integer", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if isinstance(value, Mapping):
        return False
    return parameter.type.startswith("list of ") == isinstance(value, list | tuple)
