"""Choosing who does the thinking and who compares meanings: from the words of a person to a reasoner and an index."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from engine.agent.errors import suggestion
from engine.reasoner.base import Reasoner, ReasonerError

if TYPE_CHECKING:
    from engine.index.base import ResponseIndex
    from engine.reasoner.llm.model import Model

Kind = Literal["reasoner", "embeddings"]

FORMS: dict[Kind, tuple[str, ...]] = {
    "reasoner": ("embedded", "ollama:NAME", "recorded"),
    "embeddings": ("auto", "lexical", "minilm", "ollama:NAME"),
}
"""How a reasoner and embeddings are written."""

USUAL_EMBEDDINGS = "CUECARD_EMBEDDINGS"
"""The environment variable that says what `auto` is, for instance to have every machine of a team compare alike."""

_NAMED: dict[Kind, tuple[str, ...]] = {"reasoner": ("ollama", "recorded"), "embeddings": ("ollama",)}
"""The words that a model's name follows, after a colon."""

_ALONE: dict[Kind, tuple[str, ...]] = {
    "reasoner": ("embedded", "recorded"),
    "embeddings": ("auto", "lexical", "minilm"),
}


@dataclass(frozen=True)
class ReasonerChoice:
    """Who thinks and who compares, chosen once when a session or a run starts.

    Attributes:
        reasoner: `embedded`, `ollama:NAME`, or in replays `recorded` and `recorded:NAME`.
        embeddings: `lexical`, `minilm`, `ollama:NAME`, or `auto`: minilm where it is installed, else lexical.
        host: Where Ollama listens; empty for `OLLAMA_HOST`, or where its client looks by itself.
    """

    reasoner: str = "embedded"
    embeddings: str = "auto"
    host: str = ""

    @property
    def model(self) -> str:
        """The language model's name; empty where none is named."""
        return self.reasoner.partition(":")[2]


def written_fault(kind: Kind, written: str) -> tuple[str, str] | None:
    """Say what is wrong with the word by which somebody asks for a reasoner or for embeddings.

    Args:
        kind: What is asked for.
        written: The word.

    Returns:
        What is wrong and what to do about it; None for a word that can be understood, there or not.
    """
    word, colon, name = written.partition(":")
    if word in _NAMED[kind] and (name.strip() or (not colon and word in _ALONE[kind])):
        return None
    if written in _ALONE[kind]:
        return None
    choice = f"Write {', '.join(FORMS[kind][:-1])} or {FORMS[kind][-1]}"
    if word in _NAMED[kind]:
        return f"{kind}: {written} names no model", f"Write {word}:NAME, as `ollama list` has it"
    return f"there is no {kind} {written!r}", suggestion(written, _ALONE[kind], choice)


def choice_fault(choice: ReasonerChoice) -> str | None:
    """Say in one line why a conversation cannot begin with a choice; None where it can.

    No model server is asked: whether it answers, the first turn says.
    """
    words: tuple[tuple[Kind, str], ...] = (("reasoner", choice.reasoner), ("embeddings", choice.embeddings))
    for kind, written in words:
        fault = written_fault(kind, written)
        if fault is not None:
            return ". ".join(fault)
    if choice.reasoner.partition(":")[0] == "recorded":
        return "recordings belong to scenarios: `cuecard replay --reasoner recorded` plays them"
    return embeddings_fault(choice.embeddings, choice.host)


def embeddings_fault(name: str, host: str = "") -> str | None:
    """Say in one line why embeddings cannot be used on this machine; None where they can."""
    try:
        chosen_embeddings(name, host)
    except ReasonerError as error:
        return str(error)
    return None


def chosen_embeddings(name: str, host: str = "") -> str:
    """The embeddings that a word comes to here.

    `auto` is what the environment variable `CUECARD_EMBEDDINGS` says; where it says nothing, minilm where it is
    installed, else lexical.

    Raises:
        ReasonerError: One line: they cannot be had here.
    """
    from engine.embeddings.choosing import choose

    usual = os.environ.get(USUAL_EMBEDDINGS, "").strip() if name == "auto" else ""
    fault = written_fault("embeddings", usual) if usual else None
    if fault is not None:
        raise ReasonerError(f"{USUAL_EMBEDDINGS}: {'. '.join(fault)}")
    embedder = choose(usual or name, host)
    return embedder.name if embedder is not None else "lexical"


def make_model(choice: ReasonerChoice) -> Model | None:
    """Make the language model that a choice names; None for a reasoner without one. No server is asked.

    Whoever makes a model closes it.

    Raises:
        ReasonerError: One line: there is no such reasoner.
    """
    if choice.reasoner == "embedded":
        return None
    fault = choice_fault(choice)
    if fault is not None:
        raise ReasonerError(fault)
    from engine.reasoner.llm.ollama_model import OllamaModel

    return OllamaModel(choice.model, choice.host)


def make_reasoner(choice: ReasonerChoice, model: Model | None = None) -> tuple[Reasoner, ResponseIndex]:
    """Make a reasoner and the index that goes with it.

    What they keep for a process are caches by content, which no conversation can see.

    Args:
        choice: Who is asked for.
        model: Who answers prompts, where a language model thinks; `make_model` makes it.

    Raises:
        ReasonerError: One line: they cannot be had here.
    """
    embeddings = chosen_embeddings(choice.embeddings, choice.host)
    if model is None:
        return _embedded(embeddings, choice.host), _index(embeddings, choice.host)
    from engine.embeddings.choosing import choose
    from engine.reasoner.embedded.language.mixed import similarity_for
    from engine.reasoner.llm.reasoner import LlmReasoner

    similarity = similarity_for(choose(embeddings, choice.host))
    return LlmReasoner(model, similarity, name=choice.reasoner.partition(":")[0]), _index(embeddings, choice.host)


@cache
def _embedded(embeddings: str, host: str) -> Reasoner:
    from engine.embeddings.choosing import choose
    from engine.reasoner.embedded.language.mixed import similarity_for
    from engine.reasoner.embedded.reasoner import EmbeddedReasoner

    return EmbeddedReasoner(similarity_for(choose(embeddings, host)))


@cache
def _index(embeddings: str, host: str) -> ResponseIndex:
    from engine.embeddings.choosing import choose
    from engine.index.vectors import index_for

    return index_for(choose(embeddings, host))
