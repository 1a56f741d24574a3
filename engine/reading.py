"""The first meeting with an agent: all of its texts turned into vectors, once, so that no turn has to do it.

A thousand guidelines take half a minute; the vectors are kept for every later session on this machine.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.agent.model import Agent, Journey, Observation, Transition
from engine.choosing import ReasonerChoice, chosen_embeddings


def reading(agent: Agent, choice: ReasonerChoice) -> Iterator[tuple[int, int]]:
    """Make the vectors of an agent that are not kept yet, some at a time; each of them is kept at once.

    A server of embeddings is not asked: its time is its user's, and turns ask it for what they need.

    Args:
        agent: The agent.
        choice: Who compares.

    Yields:
        How many texts of how many are read, first none and at last all; nothing where there is nothing to read, and
        then no model is loaded.

    Raises:
        engine.reasoner.base.ReasonerError: When the embeddings cannot be had or loaded; one line.
    """
    from engine.embeddings.choosing import choose

    embedder = choose(chosen_embeddings(choice.embeddings, choice.host), choice.host)
    if embedder is not None and not embedder.waits:
        yield from embedder.making(texts_of(agent))


def texts_of(agent: Agent) -> list[str]:
    """Every text of an agent that messages and drafts are compared with by meaning, each once, in file order."""
    from engine.index.vectors import texts_of as texts_of_response

    conditions: list[Observation | Transition] = [own for own, _ in agent.scoped_guidelines()]
    conditions += [way for journey in agent.journeys for state in journey.states for way in state.next]
    texts = [text for own in conditions for text in _of_condition(own)]
    texts += [text for journey in agent.journeys for text in _of_journey(agent, journey)]
    texts += [text for response, _ in agent.scoped_responses() for text in texts_of_response(response)]
    return list(dict.fromkeys(texts))


def _of_condition(own: Observation | Transition) -> list[str]:
    """Examples and counterexamples; without examples, the condition itself stands for them."""
    return [*(own.examples or _itself(own.condition or "")), *own.counterexamples]


def _of_journey(agent: Agent, journey: Journey) -> list[str]:
    """The conditions that name no observation, and the title, by which the likeliest journey is guessed."""
    return [text for one in (*journey.conditions, journey.title) if one not in agent.things for text in _itself(one)]


def _itself(condition: str) -> tuple[str, ...]:
    """A condition as messages are compared with it: whole, and without its frame."""
    from engine.reasoner.embedded.judging.conditions import read

    contents = (clause.content for clause in read(condition).clauses)
    return tuple(text for text in (condition, *contents) if text)
