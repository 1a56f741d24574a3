"""Prompts written from their template files (`prompts/*.jinja`) and from what is known in a turn."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.agent.model import Agent, Term
from engine.reasoner.conversation import Conversation, KnownResult, Said
from engine.reasoner.llm.fencing import as_data, one_line, quoted, sentence
from engine.reasoner.llm.model import Prompt, Task
from engine.reasoner.llm.room import GLOSSARY, Room

if TYPE_CHECKING:
    from jinja2 import Environment

SPEAKERS = {"customer": "customer", "agent": "assistant", "human_agent": "colleague (a person)"}

AT_A_TIME = 10
"""Messages are left out by so many at a time, so that the prompt's beginning stays the same for some turns."""

MOST_RESULTS = 12
"""How many results of tools are told, the newest."""


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    folder = Path(__file__).with_name("prompts")
    environment = Environment(  # noqa: S701 - prompts are plain text
        loader=FileSystemLoader(folder), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["one_line"] = one_line
    environment.filters["sentence"] = sentence
    environment.globals["speakers"] = SPEAKERS
    return environment


def written(template: str, room: Room, **values: Any) -> str:
    """A template file filled in.

    Args:
        template: Its name without `.jinja`.
        room: How long quoted texts may be.
        values: What it is filled with; texts of people and data of tools pass its `quoted` and `data` functions.
    """
    helpers = {
        "quoted": lambda text: quoted(text, room.message),
        "data": lambda value: as_data(value, room.datum),
    }
    return _environment().get_template(f"{template}.jinja").render(**helpers, **values).strip() + "\n"


def system(agent: Agent) -> str:
    """What every prompt for an agent begins with, always the same bytes."""
    terms = agent.glossary if _fits(agent) else ()
    return _environment().get_template("system.jinja").render(agent=agent, terms=terms).strip() + "\n"


def _fits(agent: Agent) -> bool:
    sizes = (
        len(term.name or term.id) + len(term.description) + len(", ".join(term.synonyms)) for term in agent.glossary
    )
    return sum(sizes) <= GLOSSARY


class Writer:
    """Writes the prompts about one conversation."""

    def __init__(self, conversation: Conversation, room: Room) -> None:
        """Take what is known.

        Args:
            conversation: What was said and what is known.
            room: How long the parts may be.
        """
        self._conversation = conversation
        self._room = room

    def prompt(
        self,
        task: Task,
        schema: Mapping[str, Any] | None,
        longest: int,
        reads: Iterable[str] = (),
        **values: Any,
    ) -> Prompt:
        """Write the prompt of a task.

        Args:
            task: What it is for; its template has this name.
            schema: The JSON schema that the answer must follow; None for plain words.
            longest: How many tokens the answer may have.
            reads: The names of the things of the agent that `values` speak of.
            values: What the template needs beside the conversation.
        """
        talk = self._conversation
        agent = talk.agent
        known = [term.id for term in (agent.glossary if _fits(agent) else self._used_terms())]
        known += [name for name in talk.variables if talk.variables[name] is not None]
        return Prompt(
            task=task,
            system=system(agent),
            text=written(task, self._room, **self._told(), **values),
            schema=schema,
            turn=talk.turn,
            reads={agent.name: description_digest(agent)} | digests(agent, (*known, *reads)),
            longest=longest,
            heard=talk.latest,
        )

    def _told(self) -> dict[str, Any]:
        """What every template may tell of the conversation."""
        talk = self._conversation
        shown, left_out = shown_messages(talk.messages, self._room)
        results = told(talk.results)
        return {
            "talk": talk,
            "messages": shown,
            "left_out": left_out,
            "results": results,
            "older_results": len([one for one in talk.results if one.told is not None]) - len(results),
            "variables": variables_of(talk),
            "terms": () if _fits(talk.agent) else self._used_terms(),
        }

    def _used_terms(self) -> tuple[Term, ...]:
        """The words of a long glossary that were said lately."""
        said = " ".join(message.text for message in self._conversation.messages[-4:]).casefold()
        return tuple(
            term
            for term in self._conversation.agent.glossary
            if any(name.casefold() in said for name in (term.name or term.id, *term.synonyms) if name)
        )


def shown_messages(messages: tuple[Said, ...], room: Room) -> tuple[tuple[Said, ...], int]:
    """The newest messages that fit, and how many older ones are left out; no message is cut because of the others."""
    sizes = [min(len(said.text), room.message) + 12 for said in messages]
    total, left_out = sum(sizes), 0
    while total > room.history and left_out < len(messages) - 1:
        step = min(AT_A_TIME, len(messages) - 1 - left_out)
        total -= sum(sizes[left_out : left_out + step])
        left_out += step
    return messages[left_out:], left_out


def told(results: tuple[KnownResult, ...]) -> tuple[KnownResult, ...]:
    """The newest results that say anything, oldest first."""
    return tuple(result for result in results if result.told is not None)[-MOST_RESULTS:]


def variables_of(conversation: Conversation) -> list[tuple[str, str, Any]]:
    """The variables that have a value: name, description, value, in file order."""
    described = {variable.name: variable.description for variable in conversation.agent.variables}
    return [
        (name, described.get(name, ""), value) for name, value in conversation.variables.items() if value is not None
    ]


def digests(agent: Agent, names: Iterable[str]) -> dict[str, str]:
    """The content hashes of things of the agent by name; names of nothing are left out."""
    return {name: agent.things[name].digest for name in dict.fromkeys(names) if name in agent.things}


def description_digest(agent: Agent) -> str:
    """The content hash of what an agent says of itself, in the form of the digests of its things."""
    return hashlib.sha256(f"{agent.name}\n{agent.description}".encode()).hexdigest()[:16]
