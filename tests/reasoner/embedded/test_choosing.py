"""What the customer answers when asked which of several things was meant."""

from datetime import datetime

import pytest

from engine.agent.model import Agent, Guideline, Journey, Observation, State
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.judging.choosing import choice

AGENT = Agent(
    name="Bank",
    guidelines=(
        Guideline(name="atm", condition="The customer is inquiring about their ATM limits", action="a"),
        Guideline(name="card", condition="The customer is inquiring about their credit card's limits", action="b"),
    ),
    journeys=(
        Journey(
            name="loan",
            title="Take a loan",
            conditions=("The customer wants a loan",),
            states=(State(name="s", chat="Ask."),),
        ),
    ),
)


def chosen(message, asked=("atm", "card")):
    said = (Said("agent", "Do you mean this or that?", 1), Said("customer", message, 2))
    answer = choice(Conversation(AGENT, said, datetime(2026, 3, 2), turn=2, asked=asked))
    return [name for name, holds in answer.items() if holds] if answer else None


@pytest.mark.parametrize(
    ("message", "names"),
    [
        ("credit card", ["card"]),
        ("the ATM one please", ["atm"]),
        ("credit card limits", ["card"]),
        ("the first one", ["atm"]),
        ("second", ["card"]),
        ("the latter", ["card"]),
        ("both please", ["atm", "card"]),
        ("neither", []),
        ("not the credit card", ["atm"]),
        ("forget it", None),
        ("hold on a second", None),
        ("first of all, are you open?", None),
        ("we are 24 people", None),
        ("option 2", ["card"]),
        ("what are limits?", None),
        ("when do you open on the first of May, I would like to come by", None),
    ],
)
def test_a_choice_is_read_from_the_words_that_tell_the_options_apart(message, names):
    assert chosen(message) == names


def test_a_journey_can_be_chosen_and_what_was_not_offered_cannot():
    assert chosen("a loan", ("atm", "loan")) == ["loan"]
    assert chosen("credit card", ("atm", "loan")) is None
    assert chosen("credit card", ("card",)) is None


def test_a_journey_that_an_observation_starts_is_chosen_by_the_words_of_that_observation():
    booking, moving = (
        Journey(name=name, title=title, conditions=(starter,), states=(State(name="s", chat="Ask."),))
        for name, title, starter in (("book", "Flight", "wants_new"), ("move", "Flight", "wants_move"))
    )
    agent = Agent(
        name="Travel",
        observations=(
            Observation(name="wants_new", condition="The customer wants to book a new flight"),
            Observation(name="wants_move", condition="The customer wants to move a flight"),
        ),
        journeys=(booking, moving),
    )
    said = (Said("agent", "Do you mean this or that?", 1), Said("customer", "a new one", 2))
    answer = choice(Conversation(agent, said, datetime(2026, 3, 2), turn=2, asked=("book", "move")))
    assert answer == {"book": True, "move": False, "wants_new": True, "wants_move": False}
