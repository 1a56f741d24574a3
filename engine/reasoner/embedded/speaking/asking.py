"""Questions for tool arguments that are missing or wrong, and apologies for tools that failed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.agent.model import Parameter
from engine.reasoner.base import DraftPart, MissingArgument
from engine.reasoner.embedded.language.clause_words import DETERMINERS, QUESTION_WORDS, VERBS
from engine.reasoner.embedded.language.pronouns import turn
from engine.reasoner.embedded.speaking.data import join_and
from engine.reasoner.embedded.speaking.realise_questions import open_question, sentence, yes_no_question
from engine.reasoner.embedded.speaking.realise_requests import request_for

_ASIDE = re.compile(
    r"\s*(?:\(|\[|[,;:]?\s*(?:\b(?:e\.g\.|i\.e\.)|\b(?:for example|such as|like|in the format|"
    r"in ISO|as an? |formatted)\b)).*$",
    re.I | re.S,
)
_OPTIONAL = re.compile(r"^(?:optional|required|mandatory)[:.,]?\s+", re.I)

_MOST_WORDS = 10
"""A longer description explains rather than names; then the parameter's name is asked for."""


def ask_for_missing(missing: Sequence[MissingArgument]) -> list[DraftPart]:
    """One part for each argument that the agent asks for now: those of the lowest precedence among the missing.

    Args:
        missing: What is missing or invalid, most urgent first; hidden parameters are never asked for.
    """
    shown = [argument for argument in missing if not argument.parameter.hidden]
    if not shown:
        return []
    urgent = min(argument.parameter.precedence for argument in shown)
    return [
        DraftPart(_ask(argument), argument.tool, "invalid argument" if argument.invalid else "missing argument")
        for argument in shown
        if argument.parameter.precedence == urgent
    ]


def _ask(argument: MissingArgument) -> str:
    question = question_for(argument.parameter)
    if not argument.invalid or argument.value is None:
        return question
    name = argument.parameter.name.replace("_", " ")
    return f"I'm sorry, I can't take “{argument.value}” as the {name}. {question}"


def question_for(parameter: Parameter) -> str:
    """The question that gets a parameter's value from the customer: from its description, else from its name."""
    question = _plain_question(parameter)
    if parameter.choices and not re.search(r"\bor\b", question):
        return f"{question[:-1]}: {join_and(parameter.choices, 'or')}?"
    return question


def _plain_question(parameter: Parameter) -> str:
    description = _OPTIONAL.sub("", _ASIDE.sub("", parameter.description.strip()))
    description = re.split(r"(?<=[a-z)])[.;]\s|\n", description)[0].strip(" .")
    words = description.split()
    first = words[0].lower() if words else ""
    if first in ("whether", "if"):
        clause = " ".join(words[1:])
        wish = re.match(r"to (.+)", clause)
        return sentence(f"would you like to {turn(wish[1])}", "?") if wish else yes_no_question(clause)
    if first in QUESTION_WORDS:
        return _open(description)
    if re.fullmatch(r"[\w ,'-]+\bor\b[\w ,'-]+", description) and first not in DETERMINERS:
        return sentence(description, "?")
    if not words or first in VERBS or len(words) > _MOST_WORDS:
        return request_for(_named(parameter.name))
    named = words[0] if words[0][1:] != words[0][1:].lower() else first
    phrase = " ".join((named, *words[1:]))
    return request_for(phrase if first in DETERMINERS else f"the {phrase}")


def _open(description: str) -> str:
    wish = re.match(r"(.+?) to (\w.*)$", description)
    if wish and len(wish[1].split()) <= 3:
        return sentence(f"{wish[1]} would you like to {turn(wish[2])}", "?")
    return open_question(description[0].lower() + description[1:])


def _named(name: str) -> str:
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-]+", " ", name).lower()
    return f"the {words}"


def apologise_for(failures: Sequence[str]) -> list[DraftPart]:
    """One part for each tool that failed. Nothing of the error itself is told to a customer.

    Args:
        failures: The names of the tools.
    """
    return [DraftPart(_apology(name), name, "failure") for name in dict.fromkeys(failures)]


def _apology(name: str) -> str:
    words = re.sub(r"[_\-.]+", " ", name).lower().split()
    if len(words) > 1 and words[0] in VERBS and " " not in name and len(words) <= 5:
        rest = " ".join(words[1:])
        article = "" if words[1] in DETERMINERS or words[1] in ("to", "for", "up", "off") else "the "
        return f"I'm sorry, I couldn't {words[0]} {article}{rest} just now."
    return "I'm sorry, something went wrong on our side."
