"""Fills generative fields: the value in the conversation that a field's name and the words around it ask for.

Nothing is made up: a field for which the conversation has no value is left out, and its response is not a candidate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.agent.model import Parameter, Tool
from engine.reasoner.base import FieldRequest
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.arguments.finding_arguments import find_arguments
from engine.reasoner.embedded.arguments.hearing import clipped
from engine.reasoner.embedded.arguments.shapes import Shape, shape_of, words_of
from engine.reasoner.embedded.arguments.words import bare_reply, listed, quoted
from engine.reasoner.embedded.language.clause_words import AUXILIARIES, PREPOSITIONS, VERBS, word_set
from engine.reasoner.embedded.language.features import words
from engine.reasoner.embedded.language.sentences import sentences
from engine.reasoner.embedded.language.stemming import stem

_DETERMINERS = "the|a|an|my|our|your|their|his|her|this|that|these|those|some|any"
_OBJECT = (
    rf"(?:(?:{_DETERMINERS})\s+)?(?:\w+\s+){{0,1}}?(?P<value>[^\W\d][\w'’-]*(?:\s[^\W\d][\w'’-]*){{0,2}}?)"
    r"(?=\s*(?:$|[,.;!?\n]|\b(?:and|or|but|because|since|as|that|which|who|please|for|from|to|"
    r"with|by|in|on|at|is|are|was|"
    r"were|has|have|had|it|i|you|they|we|yesterday|today|tomorrow|again|now|last|next|this|instead|back|online|so)\b))"
)
_THINGS = word_set(
    "item product thing article object topic subject dish drink service goods device order "
    "purchase problem issue concern "
    "request feature plan category"
)
_EMPTY = word_set(
    "it this that one something anything everything them some here there me you thing help order question"
)
_FEELINGS = word_set(
    "angry upset sad frustrated annoyed worried happy disappointed confused anxious furious "
    "excited nervous unhappy pleased "
    "sorry tired stressed scared"
)


def fill(requests: Sequence[FieldRequest], conversation: Conversation) -> dict[str, Any]:
    """Infer generative fields.

    Args:
        requests: The names of the fields, each with the template around it.
        conversation: What was said and what is known.

    Returns:
        The values that were found, by name, as text; a name that cannot be inferred is left out.
    """
    found: dict[str, Any] = {}
    for request in requests:
        value = _value(request, conversation)
        if value:
            found[request.name] = value
    return found


def _value(request: FieldRequest, conversation: Conversation) -> str:
    named = words_of(request.name)
    if not named:
        return ""
    if set(named) & {"feeling", "emotion", "mood", "sentiment"}:
        return _feeling(conversation)
    if "name" in named and set(named) & {"customer", "user", "guest"} and conversation.customer_name != "Guest":
        return conversation.customer_name
    if shape_of(Parameter(name=request.name)) is not Shape.THING:
        return _as_argument(request.name, conversation) or _meant(request, named, conversation)
    return _meant(request, named, conversation) or _as_argument(request.name, conversation)


def _meant(request: FieldRequest, named: list[str], conversation: Conversation) -> str:
    """What is known by the field's name, else what the customer's own verbs take."""
    return (
        _known(request.name, conversation)
        or _after_the_same_verb(request, conversation)
        or _named_thing(named, conversation)
    )


def _as_argument(name: str, conversation: Conversation) -> str:
    """The field read like a tool's parameter of that name; free text is too long for a field."""
    parameter = Parameter(name=name)
    if shape_of(parameter) is Shape.MESSAGE:
        return ""
    argument = find_arguments(Tool(name="field", parameters=(parameter,)), conversation)[0]
    return "" if argument.problem else str(argument.value)


def _known(name: str, conversation: Conversation) -> str:
    """A value that a tool's result or a variable has under the field's name or its last word."""
    last = words_of(name)[-1]
    for key, value in _values(conversation):
        told = words_of(key)
        if told and isinstance(value, str | int | float) and (told == words_of(name) or told[-1:] == [last]):
            return str(value)
    return ""


def _values(conversation: Conversation) -> Iterator[tuple[str, Any]]:
    for result in reversed(conversation.results):
        if isinstance(result.told, Mapping):
            yield from ((str(key), value) for key, value in result.told.items())
    yield from conversation.variables.items()


def _after_the_same_verb(request: FieldRequest, conversation: Conversation) -> str:
    """What the customer's verb takes where the template's verb takes the field.

    `why you'd like to return {{ generative.item_name }}` and `I want to return these headphones` give `headphones`.
    """
    before = re.split(rf"\{{\{{-?\s*generative\.{re.escape(request.name)}\b", request.template)[0]
    verbs = [word for word in words(before)[-5:] if word in VERBS and word not in AUXILIARIES]
    for verb in reversed(verbs):
        value = _object_of(frozenset({stem(verb)}), _newest_first(conversation))
        if value:
            return value
    return ""


def _object_of(verbs: frozenset[str], texts: Iterable[str]) -> str:
    for text in texts:
        for sentence in sentences(text):
            for word in re.finditer(r"[^\W\d_]+", sentence):
                if stem(word[0].lower()) in verbs:
                    value = _object_at(sentence[word.end() :])
                    if value:
                        return value
    return ""


def _object_at(rest: str) -> str:
    """The object after a verb; of `want to send the jacket back`, that of the verb that is wanted."""
    deed = re.match(r"\s+to\s+(?P<verb>[^\W\d_]+)", rest, re.I)
    if deed and deed["verb"].lower() in VERBS:
        rest = rest[deed.end() :]
    found = re.match(rf"\s+{_OBJECT}", rest, re.I)
    value = re.sub(rf"^(?:{_DETERMINERS})\s+", "", found["value"], flags=re.I) if found else ""
    spoken = words(value)
    if spoken and spoken[0] in VERBS and rest.lower().lstrip().startswith(spoken[0]):
        return ""
    if not spoken or spoken[0] in PREPOSITIONS or all(word in _EMPTY for word in spoken) or spoken[0] in AUXILIARIES:
        return ""
    return _with_modifier(rest, value)


def _with_modifier(rest: str, value: str) -> str:
    """The object with the word that stands before it, when that is no determiner (`blue headphones`)."""
    start = rest.find(value)
    before = re.search(r"([^\W\d_]+)\s+$", rest[:start])
    if before and before[1].lower() not in _DETERMINERS.split("|") and before[1].lower() not in PREPOSITIONS:
        return f"{before[1]} {value}"
    return value


def _named_thing(named: list[str], conversation: Conversation) -> str:
    """For a field that names a thing: what of the listed things was said, a quoted text, or what the customer wants."""
    if not set(named) & _THINGS:
        return ""
    for text in _newest_first(conversation):
        spots = listed(text, conversation)
        if spots:
            return str(spots[-1].value)
        marked = quoted(text)
        if marked:
            return str(marked.value)
    wishes = frozenset(
        stem(verb) for verb in ("return", "buy", "order", "want", "need", "get", "exchange", "cancel", "bought")
    )
    wished = _object_of(wishes, _newest_first(conversation))
    return bare_reply(wished) if wished else ""


def _feeling(conversation: Conversation) -> str:
    for text in _newest_first(conversation):
        said = [word for word in words(text) if word in _FEELINGS]
        if said:
            return said[-1]
    return ""


def _newest_first(conversation: Conversation) -> list[str]:
    return [clipped(said.text) for said in reversed(conversation.messages) if said.speaker == "customer"]
