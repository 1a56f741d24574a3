"""Finding an X in what the customer says."""

from dataclasses import replace
from datetime import datetime

import pytest

from engine.agent.model import Agent
from engine.reasoner.conversation import Conversation, KnownResult, Said
from engine.reasoner.embedded.language.finding import asked_for, find, short_answer

FOUND = [
    ("the order number", "it's #45821 thanks", "#45821"),
    ("booking reference", "TK-77A", "TK-77A"),
    ("email address", "mail me at anna.b@example.com", "anna.b@example.com"),
    ("phone number", "call +1 555 123-4567", "+1 555 123-4567"),
    ("date of travel", "we leave on 14th of March", "14th of March"),
    ("the time", "around 7pm", "7pm"),
    ("size", "a large one", "large"),
    ("destination", "a flight to Rome please", "Rome"),
    ("how many people", "we are four", "four"),
    ("name", "my name is Anna", "Anna"),
]
NOT_FOUND = [
    ("the order number", "I don't have it with me"),
    ("email address", "what is your email?"),
    ("date of travel", "somewhere warm"),
    ("destination", "I want to travel"),
    ("the booking number", "on the 13th, around 11am"),
    ("how many bags", "I'd like to book a flight"),
]


def talk(*texts):
    said = [
        Said("customer" if (len(texts) - place) % 2 else "agent", text, place // 2 + 1)
        for place, text in enumerate(texts)
    ]
    return Conversation(Agent(name="A"), tuple(said), datetime(2026, 3, 2), turn=said[-1].turn)


@pytest.mark.parametrize(("noun", "message", "quote"), FOUND)
def test_an_x_is_found_by_its_shape(noun, message, quote):
    found = find(noun, talk(message))
    assert found is not None and found.quote == quote and found.fresh


@pytest.mark.parametrize(("noun", "message"), NOT_FOUND)
def test_an_x_is_never_invented(noun, message):
    assert find(noun, talk(message)) is None


def test_what_was_just_asked_for_may_be_answered_in_a_few_words():
    found = find("topping", talk("pizza", "Which topping would you like?", "rucola"))
    assert found is not None and found.quote == "rucola"


def test_what_was_said_earlier_is_found_but_not_fresh():
    found = find("email address", talk("I'm a@b.com", "Thanks.", "ok"))
    assert found is not None and not found.fresh


@pytest.mark.parametrize(
    "message",
    ["what is it?", "go ahead", "sounds good", "no", "not sure", "thanks", "forget it", "hello", "", "word " * 20],
)
def test_no_answer_is_no_value(message):
    assert short_answer(message) == ""


def test_asking_to_have_something_is_an_answer_and_asking_to_do_something_is_not():
    assert short_answer("can I have a green tea?") == "can I have a green tea?"
    assert short_answer("can I pay in cash?") == ""


def test_a_lone_value_of_another_name_is_no_choice_and_what_a_list_holds_is():
    told = {"parcel_status": "packed", "toppings": ["rucola", "capers"]}
    after = replace(talk("packed with capers"), results=(KnownResult("look_up", {}, told),))
    found = find("gift", after)
    assert found is not None and found.quote == "capers"
    assert find("gift", replace(after, messages=(Said("customer", "packed", 1),))) is None
    status = find("parcel", replace(after, messages=(Said("customer", "packed", 1),)))
    assert status is not None and status.quote == "packed"


@pytest.mark.parametrize(
    ("noun", "agent_said", "asked"),
    [
        ("what size they would like", "Which cake would you like?", False),
        ("what size they would like", "What size is it?", True),
        ("delivery address", "Is that for delivery or pickup?", False),
        ("delivery address", "What's the address?", True),
        ("number of guests", "How many guests are you?", True),
        ("date of birth", "When is your birthday? I need the date.", True),
    ],
)
def test_an_x_is_asked_for_by_its_head_and_not_by_words_around_it(noun, agent_said, asked):
    assert asked_for(noun, agent_said) is asked
