"""An agent that was read leaves a turn nothing to embed but what was said and what is answered."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from engine.agent.model import Agent, CannedResponse, Guideline, Journey, Observation, State, Transition
from engine.choosing import ReasonerChoice
from engine.embeddings import choosing
from engine.embeddings.remembering import RememberingEmbedder
from engine.index.vectors import VectorIndex
from engine.reading import reading, texts_of
from engine.reasoner.conversation import Conversation, Position, Said
from engine.reasoner.embedded.language.mixed import similarity_for
from engine.reasoner.embedded.language.similarity import background
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from engine.turn.matching import conditions_of, journey_conditions
from tests.embeddings.letters import Letters

BAGS = ("my bag", "bags?", "how many bags")
MINILM = ReasonerChoice(embeddings="minilm")
JOURNEY = Journey(
    name="trip",
    title="Book a trip",
    conditions=("The customer wants to travel", "upset"),
    states=(
        State(
            name="ask",
            chat="Ask where to.",
            next=(
                Transition(to="near", when="The customer wants to go somewhere near", examples=("just nearby",)),
                Transition(to="far", when="The customer wants to go far away", counterexamples=("not that far",)),
            ),
        ),
        State(name="near", chat="Offer a bus."),
        State(name="far", chat="Offer a plane."),
    ),
)
AGENT = Agent(
    name="A",
    observations=(Observation(name="upset", condition="The customer is upset", examples=("this is bad",)),),
    guidelines=(
        Guideline(name="bags", condition="The customer asks about bags", action="Say two.", examples=BAGS),
        Guideline(name="cats", condition="The customer asks about cats", action="Say no."),
        Guideline(
            name="dogs", condition="The customer asks about dogs", action="Say no.", counterexamples=("a hot dog",)
        ),
    ),
    journeys=(JOURNEY,),
    canned_responses=(
        CannedResponse(name="two", template="Two bags, {{std.customer.name}}.", signals=("You may take two.",)),
    ),
)


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Letters:
    """What embeds for MiniLM here."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = Letters()
    remembering = RememberingEmbedder(found)
    monkeypatch.setattr(choosing, "choose", lambda name, host="": None if name == "lexical" else remembering)
    return found


def said(text: str) -> Conversation:
    return Conversation(AGENT, (Said("customer", text, 1),), datetime(2026, 3, 2, 9, 0))


async def test_judging_everything_embeds_nothing_of_the_agent_afterwards(letters: Letters) -> None:
    list(reading(AGENT, MINILM))
    letters.asked.clear()
    embedder = choosing.choose("minilm")
    assert embedder is not None
    reasoner, index = EmbeddedReasoner(similarity_for(embedder)), VectorIndex(embedder)
    conversation = said("I want to travel with two bags")
    await reasoner.match([*conditions_of(AGENT).values(), *journey_conditions(AGENT, AGENT.journeys)], conversation)
    await reasoner.guess(AGENT.journeys, conversation)
    await reasoner.step(JOURNEY, Position(("ask",), spoken=True), conversation)
    await index.search("Two of them.", AGENT.canned_responses)
    assert not set(letters.asked) & set(texts_of(AGENT))
    assert set(letters.asked) <= {"I want to travel with two bags", "Two of them.", *background()}


def test_reading_tells_of_every_text_once_and_then_there_is_nothing_to_read(letters: Letters) -> None:
    count = len(texts_of(AGENT))
    assert list(reading(AGENT, MINILM)) == [(0, count), (count, count)]
    assert sorted(letters.asked) == sorted(texts_of(AGENT))
    assert list(reading(AGENT, MINILM)) == []


def test_an_edit_is_all_that_is_read_of_an_agent_that_was_read_before(letters: Letters) -> None:
    list(reading(AGENT, MINILM))
    more = AGENT.guidelines[0].model_copy(update={"examples": (*AGENT.guidelines[0].examples, "suitcases")})
    assert list(reading(AGENT.model_copy(update={"guidelines": (more,)}), MINILM)) == [(0, 1), (1, 1)]


def test_words_alone_need_no_reading(letters: Letters) -> None:
    assert list(reading(AGENT, ReasonerChoice(embeddings="lexical"))) == [] and letters.asked == []


def test_a_server_is_not_asked(letters: Letters, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Letters, "waits", True)
    assert list(reading(AGENT, MINILM)) == [] and letters.asked == []
