"""What is known and may be said about a thing: tool results, variables, glossary terms, capabilities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from engine.agent.model import Capability, Term
from engine.reasoner.conversation import Conversation, KnownResult
from engine.reasoner.embedded.language.clause_words import QUESTION_WORDS
from engine.reasoner.embedded.language.features import rarity, stems
from engine.reasoner.embedded.language.pronouns import turn
from engine.reasoner.embedded.speaking.data import (
    label_of_tool,
    reads_as_sentence,
    say_data,
    say_labelled,
    says_something,
)
from engine.reasoner.embedded.speaking.realise_questions import head_noun, sentence
from engine.reasoner.embedded.speaking.realise_rules import Fact
from engine.reasoner.embedded.speaking.realise_telling import is_statement

_GENERIC = (
    "details detail information info results result answers answer options option data summary findings list "
    "question questions query request available current following relevant"
)
_ALL = "details detail information info results data summary findings"
_FUNCTION_RARITY = 0.5


@cache
def _generic() -> frozenset[str]:
    return frozenset(stems(_GENERIC))


def content(text: str) -> frozenset[str]:
    """The stems of a text that say something: neither very common words nor such as `details`."""
    return frozenset(
        stem for stem in stems(text.replace("_", " ")) if rarity(stem) >= _FUNCTION_RARITY and stem not in _generic()
    )


class Facts:
    """Finds what may be said about a noun phrase.

    Args:
        conversation: Where variables, glossary and capabilities are.
        results: What tools answered, oldest first.
        own_tools: The tools of the action that is being worded; their results answer it whatever its words are.
        others_tools: Tools that belong to other actions; their results answer only words that fit them.
    """

    def __init__(
        self,
        conversation: Conversation,
        results: tuple[KnownResult, ...],
        own_tools: frozenset[str] = frozenset(),
        others_tools: frozenset[str] = frozenset(),
    ) -> None:
        self._conversation = conversation
        self._results = results
        self._own_tools = own_tools
        self._others_tools = others_tools

    def look_up(self, phrase: str) -> Fact | None:
        """What is known about a phrase, in the second person.

        Args:
            phrase: E.g. `their balance`, `the refund policy`, `ticket details` or `when the order arrives`.

        Returns:
            A fact, the nearest source first: this turn's results, variables, the glossary, earlier results,
            capabilities; None when nothing is known.
        """
        wanted = content(phrase)
        fresh = [place for place, result in enumerate(self._results) if result.this_turn]
        earlier = [place for place, result in enumerate(self._results) if not result.this_turn]
        return (
            self._from_results(phrase, wanted, fresh)
            or self._from_variables(phrase, wanted)
            or self._from_glossary(wanted)
            or (self._from_results(phrase, wanted, earlier) if wanted else None)
            or self._from_capabilities(wanted)
        )

    def _from_results(self, phrase: str, wanted: frozenset[str], places: list[int]) -> Fact | None:
        for place in reversed(places):
            told = self._named(phrase, wanted, place)
            if told:
                return told
        whole = [place for place in places if self._answers(wanted, self._results[place])]
        texts = [say_data(self._results[place].told, self._label(phrase, self._results[place])) for place in whole]
        text = " ".join(part for part in texts if part)
        return Fact(text, tuple(whole)) if text else None

    def _named(self, phrase: str, wanted: frozenset[str], place: int) -> Fact | None:
        """A value of a mapping whose key is named by the phrase."""
        data = self._results[place].told
        if not isinstance(data, Mapping) or not wanted:
            return None
        told: list[tuple[str, Any]] = [(str(key), value) for key, value in data.items() if value is not None]
        fitting = [(key, value) for key, value in told if content(key) and content(key) <= wanted]
        if not fitting:
            head = content(head_noun(phrase))
            fitting = [(key, value) for key, value in told if head and head & content(key)]
        if not fitting:
            return None
        if _wants_all(phrase):
            return Fact(say_data(data), (place,))
        if len(fitting) == 1:
            key, value = fitting[0]
            named = not _is_question(phrase) and content(head_noun(phrase)) & content(key)
            label = turn(phrase) if named else key.replace("_", " ")
            return Fact(say_labelled(label, value), (place,))
        return Fact(" ".join(say_labelled(key.replace("_", " "), value) for key, value in fitting), (place,))

    def _answers(self, wanted: frozenset[str], result: KnownResult) -> bool:
        if result.this_turn and result.tool in self._own_tools:
            return result.told is not None and result.told not in ("", [], {}, ())
        free = result.this_turn and result.tool not in self._others_tools
        if not wanted:
            return free and says_something(result.told)
        told = content(f"{result.tool} {self._description(result.tool)} {_text_of(result.told)}")
        return says_something(result.told) and bool(wanted & told)

    def _description(self, tool: str) -> str:
        found = self._conversation.agent.things.get(tool)
        return str(getattr(found, "description", "")) if found else ""

    def _label(self, phrase: str, result: KnownResult) -> str:
        about = re.sub(r"^(?:(?:their|the|any|all) )?(?:questions?|queries|query) (?:about|on|regarding) ", "", phrase)
        if not content(about) or _is_question(about) or re.match(r"(?:an?|some|one)\b", about):
            return label_of_tool(result.tool)
        return turn(about)

    def _from_variables(self, phrase: str, wanted: frozenset[str]) -> Fact | None:
        for name, value in self._conversation.variables.items():
            named = content(name)
            if named and named <= wanted and says_something(value):
                label = f"your {name.replace('_', ' ')}" if _is_question(phrase) else turn(phrase)
                return Fact(say_data(value, label) if reads_as_sentence(value) else say_labelled(label, value))
        return None

    def _from_glossary(self, wanted: frozenset[str]) -> Fact | None:
        for term in self._conversation.terms:
            if term.description and any(content(name) and content(name) <= wanted for name in _names(term)):
                return Fact(say_term(term))
        return None

    def _from_capabilities(self, wanted: frozenset[str]) -> Fact | None:
        for capability in self._conversation.capabilities:
            named = content(capability.title or capability.name)
            if named and named <= wanted and capability.description:
                return Fact(say_capability(capability))
        return None


def say_term(term: Term) -> str:
    """A glossary term's meaning as a sentence: `Fare Lock holds a price`."""
    name, description = term.name or term.id.replace("_", " "), term.description.strip()
    first = re.match(r"\w+", description)
    word = first[0].lower() if first else ""
    if content(name) & content(description.split(".")[0]) and is_statement(description.split(". ")[0]):
        return sentence(description)
    if word in ("a", "an", "the", "our", "any"):
        return sentence(f"{name} is {word}{description[len(word) :]}")
    if (
        word.endswith("s")
        and not word.endswith(("ss", "us", "is"))
        and " " in description
        and not is_statement(description)
    ):
        return sentence(f"{name} {word}{description[len(word) :]}")
    return sentence(description) if is_statement(description) else sentence(f"{name}: {description}")


def say_capability(capability: Capability) -> str:
    """What the agent can do, in the first person."""
    description = capability.description.strip() or capability.title or capability.name.replace("_", " ")
    said = turn(description)
    if re.match(r"(?:I|we)\b", said, re.I) or is_statement(said):
        return sentence(said)
    return sentence(f"I can {said[0].lower()}{said[1:]}")


def _is_question(phrase: str) -> bool:
    words = phrase.lower().split()
    return bool(words) and (words[0] in QUESTION_WORDS or words[0] in ("if", "whether"))


def _wants_all(phrase: str) -> bool:
    """Whether a phrase asks for all there is (`ticket details`), not for one value."""
    return not _is_question(phrase) and any(stem in stems(_ALL) for stem in stems(phrase))


def _names(term: Term) -> tuple[str, ...]:
    return (term.name or term.id.replace("_", " "), *term.synonyms)


def _text_of(data: Any) -> str:
    if isinstance(data, Mapping):
        return " ".join(f"{key} {_text_of(value)}" for key, value in data.items())
    if isinstance(data, list | tuple):
        return " ".join(_text_of(item) for item in data)
    return str(data)
