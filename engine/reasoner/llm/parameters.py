"""Tool parameters as a model is asked for them, and its findings as arguments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, create_model

from engine.agent.basics import parse_duration
from engine.agent.model import Parameter, Tool
from engine.reasoner.base import Argument
from engine.reasoner.conversation import Conversation
from engine.reasoner.llm.fencing import one_line
from engine.reasoner.llm.shapes import STRICT

_PLAIN: Mapping[str, Any] = {"integer": int, "number": float, "boolean": bool}
_AS_TEXT: Mapping[str, Any] = {
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "timedelta": parse_duration,
}


def finding_of(parameter: Parameter) -> type[BaseModel]:
    """What a model answers for a parameter: where it is said, then the value in the parameter's type, or null."""
    return create_model("Finding", __config__=STRICT, quote=(str, ...), value=(_type_of(parameter) | None, ...))


def _type_of(parameter: Parameter) -> Any:
    kind = parameter.type.removeprefix("list of ").strip()
    one: Any = Literal[parameter.choices] if parameter.choices else _PLAIN.get(kind, str)
    return list[one] if parameter.type.startswith("list of ") else one


def described(parameter: Parameter, asked: bool) -> str:
    """A parameter on one line: its description, what it may be, where it may come from.

    Args:
        parameter: The parameter.
        asked: Whether the agent's last message asked for it.
    """
    parts = [one_line(parameter.description) or parameter.name.replace("_", " ")]
    if parameter.significance:
        parts.append(one_line(parameter.significance))
    if parameter.choices:
        parts.append(f"one of {', '.join(parameter.choices)}")
    if parameter.examples:
        parts.append(f"such as {', '.join(parameter.examples)}")
    if parameter.source == "customer":
        parts.append("only in the customer's own words")
    if parameter.source == "context":
        parts.append("your own short reading of the conversation will do")
    if asked:
        parts.append("the assistant has just asked for it")
    return "; ".join(parts)


def arguments_of(tool: Tool, found: BaseModel, conversation: Conversation) -> list[Argument]:
    """What a model found, as one argument for each parameter, in their order.

    A value that the customer alone may give counts only where its quote is in what the customer said.

    Args:
        tool: The tool.
        found: The model's findings, a field for each parameter, in their order.
        conversation: What was said.
    """
    findings = [getattr(found, name) for name in type(found).model_fields]
    return [
        _argument(parameter, finding.quote.strip(), finding.value, conversation)
        for parameter, finding in zip(tool.parameters, findings, strict=True)
    ]


def _argument(parameter: Parameter, quote: str, value: Any, conversation: Conversation) -> Argument:
    name = parameter.name
    nothing = value is None or value == "" or value == []
    if parameter.source == "customer" and quote and not is_said(quote, conversation):
        return Argument(name, problem="missing", why=f"the customer never said “{quote}”, which the model goes by")
    if nothing and not quote:
        return Argument(name, problem="missing", why="nothing in the conversation gives it")
    if nothing:
        return Argument(name, quote, "invalid", f"“{quote}” does not fit", quote)
    if parameter.source == "customer" and not quote:
        return Argument(name, problem="missing", why="the model shows no words of the customer that give it")
    if not _fits(parameter, value):
        return Argument(name, value, "invalid", f"{value!r} is no {parameter.type}", quote)
    why = f"the customer said “{quote}”" if quote else "it follows from the conversation"
    return Argument(name, value, why=why, quote=quote)


def _fits(parameter: Parameter, value: Any) -> bool:
    """Whether a text is the date, time or length of time that it has to be."""
    kind = parameter.type.removeprefix("list of ").strip()
    values = value if isinstance(value, list) else [value]
    try:
        for one in values:
            _AS_TEXT.get(kind, str)(one)
    except (ValueError, TypeError):
        return False
    return True


def is_said(quote: str, conversation: Conversation) -> bool:
    """Whether a quote is in one of the customer's messages, whatever its case, blanks and surrounding marks."""
    wanted = _bare(quote)
    said = (message.text for message in conversation.messages if message.speaker == "customer")
    return bool(wanted) and any(wanted in _bare(text) for text in said)


def _bare(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split()).strip(" .,;:!?'\"“”")
