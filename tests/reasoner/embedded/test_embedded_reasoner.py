"""The reasoner as a whole: the protocol, guesses, clarifying questions and preambles."""

from datetime import datetime

import pytest

from engine.agent.model import Agent, Journey, Observation
from engine.reasoner.base import Condition, Option, Reasoner
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from engine.reasoner.embedded.speaking.preambles import preamble

NOW = datetime(2026, 3, 2, 9, 0)


def heard(*texts, agent=None, turn=1):
    return Conversation(agent or Agent(name="A"), tuple(Said("customer", text, turn) for text in texts), NOW, turn=turn)


def test_it_says_who_it_is():
    reasoner: Reasoner = EmbeddedReasoner()
    assert str(reasoner.info) == "embedded · lexical"


async def test_the_likeliest_journey_is_guessed_by_conditions_titles_and_observations():
    agent = Agent(
        name="A",
        observations=(Observation(name="wants_table", condition="The customer wants to book a table"),),
        journeys=(
            Journey(name="trip", title="Book a trip", conditions=("The customer requested to book a trip",)),
            Journey(name="table", title="Reservation", conditions=("wants_table",)),
        ),
    )
    reasoner = EmbeddedReasoner()
    assert await reasoner.guess(agent.journeys, heard("i want to book a trip", agent=agent)) == "trip"
    assert await reasoner.guess(agent.journeys, heard("a table for two please", agent=agent)) == "table"
    assert await reasoner.guess(agent.journeys, heard("hello", agent=agent)) is None
    assert await reasoner.guess((), heard("hello", agent=agent)) is None


async def test_the_story_of_the_coke_and_the_pepsi():
    reasoner = EmbeddedReasoner()
    conditions = [
        Condition("offer_pepsi", "The customer wants a coke"),
        Condition("handoff_if_upset", "The customer is becoming upset"),
    ]

    async def held(message):
        return [one.of for one in await reasoner.match(conditions, heard(message)) if one.holds]

    assert await held("Can I get a coke?") == ["offer_pepsi"]
    assert await held("What? I hate Pepsi, why don't you have coke??") == ["offer_pepsi", "handoff_if_upset"]


CLARIFIED = [
    (
        [
            "The customer is inquiring about their ATM limits",
            "The customer is inquiring about their credit card's limits",
        ],
        "Do you mean your ATM limits or your credit card's limits?",
    ),
    (
        ["The customer requested to book a trip", "The customer wants to change a booked trip"],
        "Would you like to book a trip or to change a booked trip?",
    ),
    (["The customer wants a coke", "The customer wants a Pepsi"], "Do you mean a coke or a Pepsi?"),
    (["Book a trip", "Change a trip"], "Do you mean “Book a trip” or “Change a trip”?"),
    (
        ["The customer asks about refunds", "The customer asks about returns", "The customer asks about exchanges"],
        "Do you mean refunds, returns or exchanges?",
    ),
    (["The customer asks about refunds"], "Do you mean refunds?"),
]


@pytest.mark.parametrize(("texts", "question"), CLARIFIED)
async def test_the_clarifying_question_names_every_option(texts, question):
    options = [Option(f"option_{place}", text) for place, text in enumerate(texts)]
    assert await EmbeddedReasoner().clarify(options, heard("hm")) == question


def test_a_preamble_fits_the_act_and_rotates_with_the_turn():
    assert preamble(heard("where is my order?"), ()) == "Let me check."
    assert preamble(heard("where is my order?", turn=2), ()) == "Let me look into that."
    assert "sorry" in (preamble(heard("this is ridiculous"), ()) or "")
    assert preamble(heard(""), ()) is None


def test_a_mere_courtesy_needs_no_preamble():
    for courtesy in ("hi", "hello there!", "thanks a lot", "bye"):
        assert preamble(heard(courtesy), ()) is None
    assert preamble(heard("hi, i would like to order a pizza"), ()) == "Got it."


def test_a_preamble_is_one_of_the_choices_and_never_cheerful_to_an_upset_customer():
    choices = ("Great, sure thing!", "Let me look into that.")
    assert preamble(heard("what are your hours?"), choices) == "Let me look into that."
    assert preamble(heard("this is ridiculous"), choices) == "Let me look into that."
    assert preamble(heard("this is ridiculous"), ("Awesome!",)) is None
