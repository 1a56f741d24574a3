"""Messages that ask for two things, and responses that answer one of them."""

import pytest

from engine.reasoner.base import Candidate, Draft, DraftPart, Instruction
from engine.reasoner.embedded.language.sentences import asks_for_facts, sentences, speaks_of_the_past
from engine.reasoner.embedded.responses.selecting import select

PRICES = Candidate("prices", "A single ride is $3, a day pass is $8.", "", 0.5, linked="tell_prices")


@pytest.mark.parametrize(
    ("message", "cut"),
    [
        ("when do you close and do you sell tickets?", ("when do you close", "do you sell tickets?")),
        ("how long is the tour, do you take cards?", ("how long is the tour", "do you take cards?")),
        ("I'd like a ticket but what does it cost", ("I'd like a ticket", "what does it cost")),
        ("is it far, and also is it steep?", ("is it far", "is it steep?")),
    ],
)
def test_a_question_of_its_own_after_a_joint_is_a_sentence(message, cut):
    assert sentences(message) == cut


@pytest.mark.parametrize(
    "message",
    [
        "tell me when and where it is",
        "do you know what it costs and where they are",
        "if I book now, when will it come",
        "is it warm and sunny",
        "I called and you were closed",
        "you take cards, do you",
    ],
)
def test_what_is_no_question_of_its_own_stays_in_its_sentence(message):
    assert sentences(message) == (message,)


def drafted(*parts):
    made = tuple(DraftPart(*part) for part in parts)
    return Draft(" ".join(part.text for part in made), made)


def told(*sources):
    return tuple(Instruction(source, "guideline", text) for source, text in sources)


def test_what_another_instruction_says_stands_beside_the_chosen_response():
    draft = drafted(
        ("A single ride is $3, a day pass is $8.", "tell_prices", "known"),
        ("Dogs travel for free.", "tell_dogs", "say"),
    )
    made = select(draft, [PRICES], told(("tell_prices", "Tell them the prices"), ("tell_dogs", "Tell them about dogs")))
    assert (made.choice, made.fit) == ("prices", "high")
    assert [part.text for part in made.beside] == ["Dogs travel for free."]


def test_a_greeting_does_not_follow_the_answer():
    draft = drafted(("Ahoy! What can I do for you?", "greet", "say"), ("A single ride is $3.", "tell_prices", "known"))
    made = select(draft, [PRICES], told(("greet", "Greet them and ask what they want"), ("tell_prices", "Tell them")))
    assert made.beside == ()


def test_a_response_that_says_everything_leaves_nothing_beside_it():
    both = Candidate("both", "A single ride is $3. Dogs travel for free.", "", 0.5)
    draft = drafted(("A single ride is $3.", "tell_prices", "known"), ("Dogs travel for free.", "tell_dogs", "say"))
    assert select(draft, [both], told(("tell_prices", "x"), ("tell_dogs", "y"))).beside == ()


@pytest.mark.parametrize(
    ("sentence", "past"),
    [
        ("got any oat milk?", False),
        ("have you got oat milk", False),
        ("you've got a nice shop, can I pay?", False),
        ("I got my oat milk", True),
        ("the oat milk was great", True),
    ],
)
def test_having_got_something_is_no_past(sentence, past):
    assert speaks_of_the_past(sentence) is past


@pytest.mark.parametrize("sentence", ["hi, can I get a tea?", "ok so could I have a tea", "can I get a tea?"])
def test_a_request_after_a_greeting_asks_for_no_facts(sentence):
    assert not asks_for_facts(sentence)
