"""How long what was said, and what is known, makes a condition hold."""

from datetime import datetime

import pytest

from engine.agent.model import Agent, Variable
from engine.reasoner.base import Condition
from engine.reasoner.conversation import Conversation, KnownResult, Said
from engine.reasoner.embedded.judging.matching import Matcher
from engine.reasoner.embedded.language.similarity import LexicalSimilarity

NOW = datetime(2026, 3, 2, 9, 0)
TOPIC = Condition("topic", "The customer talks about the weather", ("how is the weather?", "will it rain", "is it hot"))
UPSET = Condition("upset", "The customer is upset", ("this is a mess", "I have had it", "worst shop ever"))


@pytest.fixture(scope="module")
def matcher():
    return Matcher(LexicalSimilarity())


def talk(*texts, agent=None, **values):
    said = [
        Said("customer" if (len(texts) - place) % 2 else "agent", text, place // 2 + 1)
        for place, text in enumerate(texts)
    ]
    return Conversation(agent or Agent(name="Shop"), tuple(said), NOW, turn=said[-1].turn, **values)


def judged(matcher, condition, *texts, **values):
    return matcher.match([condition], talk(*texts, **values))[0]


@pytest.mark.parametrize("answer", ["by mail", "12 Mill Road, Upper Town", "send it to 12 Mill Road"])
def test_a_topic_ends_when_the_customer_answers_the_agents_question(matcher, answer):
    assert judged(matcher, TOPIC, "how is the weather?").holds
    assert not judged(matcher, TOPIC, "how is the weather?", "How shall we send it?", answer).holds


def test_a_question_still_waits_behind_one_message_that_asks_nothing(matcher):
    found = judged(matcher, TOPIC, "hi", "How shall we send it?", "how is the weather?", "I cannot say.", "by mail")
    assert not found.holds


def test_a_topic_goes_on_where_the_agent_asked_nothing(matcher):
    found = judged(matcher, TOPIC, "how is the weather?", "I cannot say.", "and at the seaside")
    assert (found.holds, found.fresh) == (True, False)


def test_a_mood_lasts_while_the_customer_answers(matcher):
    found = judged(matcher, UPSET, "worst shop ever", "What happened?", "a broken lamp")
    assert (found.holds, found.fresh) == (True, False)


def test_what_a_variable_says_is_no_news(matcher):
    agent = Agent(name="Shop", variables=(Variable(name="plan", description="The plan", value="gold"),))
    condition = Condition("gold", "The customer's plan is gold")
    found = judged(matcher, condition, "hello", agent=agent, variables={"plan": "gold"})
    assert (found.holds, found.fresh) == (True, False)


@pytest.mark.parametrize("now", [True, False])
def test_what_a_tool_answered_is_news_in_its_own_turn(matcher, now):
    results = (KnownResult("get_balance", {}, {"balance": 20}, this_turn=now),)
    found = judged(matcher, Condition("low", "The balance is below 50"), "hello", results=results)
    assert (found.holds, found.fresh) == (True, now)


def test_a_topic_is_as_fresh_with_a_known_fact_beside_it(matcher):
    condition = Condition("both", "The customer asks for a discount and has the gold plan")
    found = judged(matcher, condition, "can I get a discount?", variables={"plan": "gold"})
    assert (found.holds, found.fresh) == (True, True)


@pytest.mark.parametrize(
    "message", ["where is my umbrella?", "can you find my umbrella", "I lost my umbrella", "I want to buy an umbrella"]
)
def test_a_topic_ends_when_the_customer_asks_for_something_else(matcher, message):
    assert not judged(matcher, TOPIC, "how is the weather?", "It is fine.", message).holds


@pytest.mark.parametrize(("message", "holds"), [("the seaside", False), ("and the seaside?", True)])
def test_what_was_answered_is_asked_no_more_unless_the_customer_asks_on(matcher, message, holds):
    asks = Condition("asks", "The customer asks about the weather", TOPIC.examples)
    assert judged(matcher, asks, "how is the weather?", "It is fine.", message).holds is holds


def test_what_was_left_for_another_topic_does_not_come_back_by_itself(matcher):
    found = judged(matcher, TOPIC, "how is the weather?", "It is fine.", "I lost my umbrella", "Oh.", "the blue one")
    assert not found.holds


def test_what_the_agent_said_itself_is_no_news(matcher):
    condition = Condition("warns", "The agent is explaining the loan")
    found = judged(matcher, condition, "a loan?", "A loan costs interest.", "when are you open")
    assert (found.holds, found.fresh) == (True, False)
