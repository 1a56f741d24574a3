"""What the agent asked for: which parameters its last message wants, and whether there is doubt about it."""

from __future__ import annotations

from engine.agent.model import Parameter, Tool
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.arguments.amounts import is_money
from engine.reasoner.embedded.arguments.choices import named_choices
from engine.reasoner.embedded.arguments.hearing import Heard, clipped
from engine.reasoner.embedded.arguments.shapes import Shape, shape_of, words_of
from engine.reasoner.embedded.arguments.words import telling_stems
from engine.reasoner.embedded.language.finding import asked_for
from engine.reasoner.embedded.language.sentences import is_question, question_word, sentences
from engine.reasoner.embedded.speaking.asking import question_for


def hear(tool: Tool, conversation: Conversation) -> list[Heard]:
    """The customer's messages, newest first, each with what the agent had asked before it.

    Args:
        tool: The tool whose parameters can have been asked for.
        conversation: The messages, and what the session says was asked for.
    """
    heard: list[Heard] = []
    agent_said = ""
    latest = len(conversation.before)
    for place, said in enumerate(conversation.messages):
        if said.speaker != "customer":
            agent_said = said.text
            continue
        fresh = place >= latest
        asked = conversation.asked if fresh else ()
        certain = tuple(one.name for one in tool.parameters if one.name in asked or _asks_exactly(agent_said, one))
        likely = tuple(one.name for one in tool.parameters if _asks(agent_said, one))
        sure = certain or (likely if fresh and len(likely) == 1 and _is_one_question(agent_said) else ())
        heard.append(
            Heard(len(heard), clipped(said.text), certain or likely, sure, fresh, said.text, said.turn, agent_said)
        )
    return heard[::-1]


def _is_one_question(agent_said: str) -> bool:
    return sum(is_question(one) for one in sentences(agent_said)) == 1


def _asks_exactly(agent_said: str, parameter: Parameter) -> bool:
    """Whether the agent asked for a parameter in the words of the embedded reasoner's own question."""
    question = question_for(parameter).split(":")[0].rstrip("?").lower()
    return question in agent_said.lower()


def _asks(agent_said: str, parameter: Parameter) -> bool:
    if _offers(agent_said, parameter):
        return True
    if not any(is_question(one) or "please" in one.lower() for one in sentences(agent_said)):
        return False
    named = telling_stems(parameter.name)
    return bool(named) and (
        asked_for(" ".join(words_of(parameter.name)), agent_said)
        or _asks_by_word(agent_said, parameter)
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


def _asks_by_word(agent_said: str, parameter: Parameter) -> bool:
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
        or ("day" in asked and shape in (Shape.DATE, Shape.DATETIME))
        or ("when" in asked and shape in (Shape.DATE, Shape.DATETIME, Shape.TIME))
        or (bool({"who", "whose"} & asked) and shape is Shape.PERSON)
        or ({"how", "many"} <= asked and shape is Shape.INTEGER)
        or ({"how", "much"} <= asked and shape in (Shape.INTEGER, Shape.NUMBER) and is_money(parameter))
    )


def _offers(agent_said: str, parameter: Parameter) -> bool:
    """Whether the agent named two of a parameter's choices or more."""
    return len(parameter.choices) > 1 and len(named_choices(agent_said, parameter.choices)) > 1
