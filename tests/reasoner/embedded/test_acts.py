import pytest

from engine.reasoner.embedded.language.acts import Act, reply, shows

SHOWN = [
    (Act.UPSET, "Wait, what? I hate Pepsi. Why the hell don't you have coke?"),
    (Act.UPSET, "are you kidding me"),
    (Act.UPSET, "this is ridiculous"),
    (Act.UPSET, "STILL WAITING FOR MY ORDER"),
    (Act.UPSET, "i am so fed up with you people"),
    (Act.WANTS_PERSON, "get me a person"),
    (Act.WANTS_PERSON, "can I speak to an agent?"),
    (Act.WANTS_PERSON, "human please"),
    (Act.WANTS_PERSON, "i'd like to talk to your supervisor right now"),
    (Act.GREETS, "hey there, whats my balance"),
    (Act.THANKS, "ok thx a lot"),
    (Act.PARTS, "that's all, have a nice day"),
    (Act.AGREES, "sure why not"),
    (Act.AGREES, "no problem"),
    (Act.REFUSES, "nah"),
    (Act.REFUSES, "no thanks, i'm good"),
    (Act.UNSURE, "no idea, surprise me"),
    (Act.UNSURE, "idk"),
    (Act.HURRIES, "i need it asap"),
    (Act.CONFUSED, "huh? i don't get it"),
    (Act.SWEARS, "you fucking idiot"),
]
NOT_SHOWN = [
    (Act.UPSET, "I hate olives, no olives please"),
    (Act.UPSET, "I'm not angry"),
    (Act.UPSET, "hell yeah"),
    (Act.UPSET, "damn good pizza"),
    (Act.UPSET, "tell me a joke"),
    (Act.UPSET, "is it bad if I come late?"),
    (Act.WANTS_PERSON, "is this seat for one person"),
    (Act.WANTS_PERSON, "table for 4 people"),
    (Act.WANTS_PERSON, "can someone tell me when you open"),
    (Act.THANKS, "no thanks"),
    (Act.REFUSES, "no, that's fine"),
    (Act.REFUSES, "no worries"),
    (Act.AGREES, "ok so what about my order?"),
    (Act.HURRIES, "no rush at all"),
    (Act.PARTS, "can i have a nice day pass?"),
]


@pytest.mark.parametrize(("act", "message"), SHOWN)
def test_a_message_shows_an_act(act, message):
    assert shows(act, message)


@pytest.mark.parametrize(("act", "message"), NOT_SHOWN)
def test_a_message_does_not_show_an_act_that_only_looks_like_it(act, message):
    assert not shows(act, message)


def test_dont_know_is_tested_before_no():
    assert reply("no idea") is Act.UNSURE
    assert reply("I don't know") is Act.UNSURE


def test_what_answers_no_yes_no_question_is_no_reply():
    assert reply("Rome") is None
    assert reply("what's the weather like?") is None


@pytest.mark.parametrize("message", ["", " ", "🙂", "שלום", "!!!", "\x00\x07", "a" * 100_000])
def test_every_message_can_be_read(message):
    assert {shows(act, message) for act in Act} <= {True, False}
