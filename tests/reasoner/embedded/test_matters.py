"""What a message says, matter by matter, and that one matter does not hide another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from engine.agent.model import Agent, Observation
from engine.reasoner.base import Condition
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.judging.matching import Matcher
from engine.reasoner.embedded.language.sentences import clauses
from engine.reasoner.embedded.language.similarity import LexicalSimilarity


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (
            "the app is slow, and you charged me twice",
            ["the app is slow, and you charged me twice", "the app is slow", "and you charged me twice"],
        ),
        (
            "three things - a towel, a second key and can we stay until noon?",
            [
                "three things - a towel, a second key",
                "a second key",
                "can we stay until noon?",
            ],
        ),
        ("salt and pepper", ["salt and pepper"]),
        ("I'd like two tickets for Friday", ["I'd like two tickets for Friday"]),
        ("Thanks. Where is it?", ["Thanks.", "Where is it?"]),
        ("", []),
    ],
)
def test_a_message_is_cut_where_another_matter_may_begin(message: str, found: Sequence[str]) -> None:
    assert list(clauses(message)) == list(found)


def talk(*messages: Said, agent: Agent | None = None, asked: tuple[str, ...] = ()) -> Conversation:
    return Conversation(agent or Agent(name="A"), messages, datetime(2026, 3, 2), asked=asked)


SLOW = Condition(
    "slow", "the customer says the app is slow", ("the app is slow", "your app is so slow today", "the app got slow")
)
CANCEL = Condition(
    "cancel",
    "The customer wants to cancel",
    ("I want to cancel my plan", "please cancel my plan", "cancel my plan today"),
)


def test_each_of_two_matters_in_one_sentence_is_judged_by_itself() -> None:
    matcher = Matcher(LexicalSimilarity())
    said = "my cousin who lives in the north told me to write to you about all this, and please cancel my plan"
    (judgement,) = matcher.match([CANCEL], talk(Said("customer", said, 1)))
    assert judgement.holds


def test_a_matter_that_is_refused_does_not_hide_one_that_is_wished_for() -> None:
    matcher = Matcher(LexicalSimilarity())
    refused = matcher.match([CANCEL], talk(Said("customer", "I don't want to cancel my plan", 1)))[0]
    both = "I don't want to cancel my plan, but your app is so slow these days"
    judged = matcher.match([CANCEL, SLOW], talk(Said("customer", both, 1)))
    assert (refused.holds, refused.rule) == (False, "negation")
    assert [judgement.holds for judgement in judged] == [False, True]


def test_an_answer_that_only_chooses_begins_nothing_else() -> None:
    agent = Agent(
        name="A",
        observations=(
            Observation(name="card", condition="The customer asks about the limit of their card"),
            Observation(name="transfer", condition="The customer asks about the limit of transfers"),
        ),
    )
    send = Condition("send", "The customer wants to make a transfer", ("transfers", "a transfer please", "transfer"))
    matcher = Matcher(LexicalSimilarity())
    message = Said("customer", "transfers please", 1)
    assert matcher.match([send], talk(message))[0].holds
    question = Said("agent", "Do you mean the limit of your card or the limit of transfers?", 0)
    chosen = talk(question, message, agent=agent, asked=("card", "transfer"))
    conditions = [Condition(each.name, each.condition) for each in agent.observations]
    judged = matcher.match([*conditions, send], chosen)
    assert [judgement.holds for judgement in judged] == [False, True, False]


def test_a_number_answers_the_question_that_still_waits_whatever_was_spoken_of_in_between() -> None:
    status = Condition(
        "status",
        "The customer asks where their order is",
        ("where's order 3000", "is order 77 here", "order 12 please"),
    )
    matcher = Matcher(LexicalSimilarity())
    number = Said("customer", "order 3000", 2)
    between = Said("agent", "Returns are free within 60 days.", 1)
    waiting = Said("agent", "Which order is it about?", 0)
    assert matcher.match([status], talk(between, number))[0].holds
    assert not matcher.match([status], talk(waiting, between, number))[0].holds


@pytest.mark.parametrize(
    ("message", "holds"),
    [
        ("I want to cancel my plan", True),
        ("how do I cancel my plan?", True),
        ("what happens to my photos when I cancel my plan?", False),
        ("how many people cancel my kind of plan?", False),
    ],
)
def test_who_only_asks_about_something_does_not_want_it(message: str, holds: bool) -> None:
    leaves = replace(CANCEL, text="The customer wants to leave us")
    assert Matcher(LexicalSimilarity()).match([leaves], talk(Said("customer", message, 1)))[0].holds is holds


def test_a_negation_reaches_words_of_the_same_family() -> None:
    noise = Condition("noise", "The customer complains about noise")
    matcher = Matcher(LexicalSimilarity())
    assert not matcher.match([noise], talk(Said("customer", "it is not noisy at all", 1)))[0].holds
