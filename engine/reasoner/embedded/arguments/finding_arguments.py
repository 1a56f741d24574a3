"""Finds a tool's arguments in the conversation. What is not found is missing; it is never invented.

The customer's messages are read newest first, each as an answer to what the agent had just asked. What an earlier call
took for a parameter of the same name settles it: messages before that call count no more. After the messages come
earlier tool results and variables by name, unless a parameter takes its value from the customer only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.agent.model import Parameter, Tool
from engine.reasoner.base import Argument, Conversation
from engine.reasoner.embedded.arguments.numbers import Spotted
from engine.reasoner.embedded.arguments.reading import Heard, Wrong, clipped, read, read_list
from engine.reasoner.embedded.arguments.shapes import Shape, shape_of, words_of
from engine.reasoner.embedded.arguments.words import telling_stems
from engine.reasoner.embedded.language.finding import asked_for
from engine.reasoner.embedded.language.sentences import is_question, question_word, sentences
from engine.reasoner.embedded.speaking.asking import question_for


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
    heard = _heard(tool, conversation)
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


def _heard(tool: Tool, conversation: Conversation) -> list[Heard]:
    """The customer's messages, newest first, each with what the agent had asked before it."""
    heard: list[Heard] = []
    agent_said = ""
    latest = len(conversation.before)
    for place, said in enumerate(conversation.messages):
        if said.speaker != "customer":
            agent_said = said.text
            continue
        fresh = place >= latest
        certain = tuple(
            parameter.name
            for parameter in tool.parameters
            if (fresh and parameter.name in conversation.asked) or _asks_exactly(agent_said, parameter)
        )
        likely = tuple(parameter.name for parameter in tool.parameters if _asks(agent_said, parameter))
        heard.append(Heard(len(heard), clipped(said.text), certain or likely, certain, fresh, said.text, said.turn))
    return heard[::-1]


def _asks_exactly(agent_said: str, parameter: Parameter) -> bool:
    """Whether the agent asked for a parameter in the words of the embedded reasoner's own question."""
    question = question_for(parameter).split(":")[0].rstrip("?").lower()
    return question in agent_said.lower()


def _asks(agent_said: str, parameter: Parameter) -> bool:
    if not any(is_question(one) or "please" in one.lower() for one in sentences(agent_said)):
        return False
    named = telling_stems(parameter.name)
    return bool(named) and (
        asked_for(" ".join(words_of(parameter.name)), agent_said)
        or _asks_place(agent_said, parameter)
        or _asks_as_described(agent_said, parameter)
    )


def _asks_as_described(agent_said: str, parameter: Parameter) -> bool:
    """`How much do you want to send?` asks for what is described as `How much to send`."""
    described = telling_stems(parameter.description)
    wanted = question_word(parameter.description)
    return any(
        bool(described) and described <= telling_stems(one) and wanted in ("", question_word(one))
        for one in sentences(agent_said)
        if is_question(one)
    )


def _asks_place(agent_said: str, parameter: Parameter) -> bool:
    """`Where to?` asks for a destination, `When?` for a date, `Who?` for a name, `How many?` for a count."""
    shape = shape_of(parameter)
    asked = {
        word for one in sentences(agent_said) if is_question(one) for word in one.lower().replace("?", " ").split()
    }
    named = set(words_of(parameter.name))
    return (
        (
            "where" in asked
            and bool(named & {"destination", "city", "place", "location", "address", "origin", "from", "to"})
        )
        or ("when" in asked and shape in (Shape.DATE, Shape.DATETIME, Shape.TIME))
        or ("who" in asked and shape is Shape.PERSON)
        or ({"how", "many"} <= asked and shape is Shape.INTEGER)
    )


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
        known = _from_context(parameter, conversation)
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
    shape = shape_of(parameter)
    settled, since = _settled(parameter, conversation)
    wrong: Argument | None = None
    for message in heard:
        if settled is not None and message.turn <= since:
            return settled
        for spotted in read(parameter, message, tool, conversation):
            if not claims.free(message.number, spotted, shape):
                continue
            if isinstance(spotted.value, Wrong):
                wrong = Argument(parameter.name, spotted.value.said, "invalid", spotted.value.why, spotted.quote)
                continue
            claims.take(message.number, spotted, shape)
            return Argument(parameter.name, spotted.value, why=_why(message, parameter), quote=spotted.quote)
    return wrong


def _settled(parameter: Parameter, conversation: Conversation) -> tuple[Argument | None, int]:
    """What the newest call of an earlier turn took for a parameter of the same name, and the turn it was made in."""
    for result in reversed(conversation.results):
        if result.this_turn or not result.turn or parameter.source == "customer":
            continue
        for name, value in result.arguments.items():
            if value is not None and _same_name(parameter.name, name) and _fits(parameter, value):
                why = f"An earlier call of {result.tool} has it."
                return Argument(parameter.name, value, why=why, quote=str(value)), result.turn
    return None, 0


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
    if parameter.name in message.asked:
        return "The customer answered the agent's question with it."
    return "The customer said it." if message.fresh else "The customer said it earlier."


def _from_context(parameter: Parameter, conversation: Conversation) -> Argument | None:
    for where, name, value in _known(conversation):
        if value is not None and _same_name(parameter.name, name) and _fits(parameter, value):
            return Argument(parameter.name, value, why=f"{where} has it as {name}.", quote=str(value))
    if parameter.name == "customer_name" and conversation.customer_name not in ("", "Guest"):
        return Argument(parameter.name, conversation.customer_name, why="It is the customer's name.")
    return None


def _known(conversation: Conversation) -> Iterator[tuple[str, str, Any]]:
    """Named values at hand: of tool results, the newest first, then variables, then arguments of earlier calls."""
    newest = conversation.results[::-1]
    for result in newest:
        if isinstance(result.told, Mapping):
            for key, value in result.told.items():
                yield f"The result of {result.tool}", str(key), value
        elif isinstance(result.told, str | int | float) and not isinstance(result.told, bool):
            yield f"The result of {result.tool}", "_".join(words_of(result.tool)[1:]), result.told
    for name, value in conversation.variables.items():
        yield "A variable", name, value
    for result in newest:
        for name, value in result.arguments.items():
            yield f"An earlier call of {result.tool}", name, value


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
    return parameter.type.startswith("list of ") == isinstance(value, list | tuple)
