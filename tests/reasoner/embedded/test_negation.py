import pytest

from engine.reasoner.embedded.language.negation import is_negative, negates, negations
from engine.reasoner.embedded.language.sentences import asks_for_facts, is_question, is_yes_no_question, sentences
from engine.reasoner.embedded.language.stemming import stem


def reached(sentence):
    return {word for found in negations(sentence) for word in found.reaches}


def test_a_negation_reaches_to_the_end_of_its_clause():
    assert "refund" in reached("I don't want a refund")
    assert "pizza" not in reached("I don't want a refund, I want a pizza")
    assert "pizza" not in reached("no refund but a pizza")


@pytest.mark.parametrize("sentence", ["no problem, send it", "not only that", "why not", "why don't you have coke?"])
def test_set_phrases_and_negative_questions_negate_nothing(sentence):
    assert not negations(sentence)


def test_negating_an_event_is_not_negating_a_wish():
    event = negates("I haven't received my refund", frozenset({stem("refund")}))
    wish = negates("I don't want a refund", frozenset({stem("refund")}))
    assert event and event.of_event
    assert wish and not wish.of_event


def test_lacking_words_are_negative_too():
    assert is_negative("I lost my card") and is_negative("unable to log in") and is_negative("no idea")
    assert not is_negative("I have the card here")


def test_a_message_is_cut_into_sentences():
    assert sentences("Hi there. Where is it? I paid!\nthanks") == ("Hi there.", "Where is it?", "I paid!", "thanks")
    assert sentences("") == ()


def test_a_rambling_sentence_is_cut_into_clauses():
    long = "so i was at your shop yesterday and bought a lamp and it was fine at first " * 4
    assert all(len(part.split()) <= 30 for part in sentences(long))


@pytest.mark.parametrize("sentence", ["where is it", "do you deliver", "isn't that too much", "you deliver?"])
def test_questions_are_known_without_a_question_mark(sentence):
    assert is_question(sentence)


@pytest.mark.parametrize("sentence", ["do it", "what a day", "I like it", "is"])
def test_what_is_no_question(sentence):
    assert not is_question(sentence)


def test_a_polite_request_asks_for_no_facts():
    assert not asks_for_facts("can I get a coke?")
    assert asks_for_facts("what's the weather?") and asks_for_facts("tell me more about it")


def test_yes_no_questions():
    assert is_yes_no_question("Great. Do you want any drinks with your order?")
    assert is_yes_no_question("Rome on the 14th, right?")
    assert not is_yes_no_question("What destination are you interested in?")
    assert not is_yes_no_question("I have noted it.")
