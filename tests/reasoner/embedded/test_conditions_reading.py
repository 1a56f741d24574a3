import pytest

from engine.reasoner.embedded.judging.conditions import Frame, Subject, read
from engine.reasoner.embedded.language.acts import Act

READ = [
    ("The customer wants a coke", Frame.WANTS, "a coke"),
    ("Customer expresses interest in special deals or discounts", Frame.WANTS, "special deals or discounts"),
    ("The customer requested to book a trip", Frame.WANTS, "book a trip"),
    ("If the customer asks for their lucky number", Frame.WANTS, "their lucky number"),
    ("the user asks about opening hours", Frame.ASKS, "opening hours"),
    ("The customer is inquiring about their ATM limits", Frame.ASKS, "their atm limits"),
    ("The customer needs help with their password", Frame.ASKS, "their password"),
    ("The customer asks what the agent can do", Frame.ASKS, "you can do"),
    ("The patient reports chest pain", Frame.SAYS, "chest pain"),
    ("The customer specified the exact order number", Frame.GIVES, "the exact order number"),
    ("Destination selected", Frame.GIVES, "destination"),
    ("The customer isn't able to provide the order number", Frame.LACKS, "the order number"),
    ("The customer says they're unable to pay", Frame.LACKS, "pay"),
    ("The customer has already paid", Frame.DONE, "paid"),
    ("balance is below 500", Frame.IS, "balance is below 500"),
]
ACTS = [
    ("The customer is becoming upset or frustrated", Act.UPSET),
    ("Customer requests human assistance", Act.WANTS_PERSON),
    ("The customer insists on talking to a manager", Act.WANTS_PERSON),
    ("The customer greets you", Act.GREETS),
    ("The customer expresses gratitude", Act.THANKS),
    ("The customer wants to end the conversation", Act.PARTS),
    ("The customer declines the offer", Act.REFUSES),
    ("The customer agrees", Act.AGREES),
    ("The customer is in a hurry", Act.HURRIES),
    ("The customer uses profanity", Act.SWEARS),
    ("The customer is not satisfied", Act.UPSET),
]


@pytest.mark.parametrize(("text", "frame", "content"), READ)
def test_a_condition_is_read_as_a_claim_about_its_content(text, frame, content):
    (clause,) = read(text).clauses
    assert (clause.frame, clause.content, clause.negated) == (frame, content, False)


@pytest.mark.parametrize(("text", "act"), ACTS)
def test_a_condition_that_names_an_act_is_read_as_one(text, act):
    (clause,) = read(text).clauses
    assert (clause.frame, clause.act, clause.content) == (Frame.ACT, act, "")


def test_an_act_may_have_a_topic():
    (clause,) = read("The customer is upset about the delivery time").clauses
    assert (clause.act, clause.content) == (Act.UPSET, "delivery time")


def test_a_negated_claim_is_turned_round():
    assert read("The customer doesn't want dessert").clauses[0].negated
    assert read("no order number was given").clauses[0].negated
    assert read("The customer hasn't provided an email address").clauses[0].negated


def test_alternatives_in_the_content_are_pieces_of_their_own():
    (clause,) = read("the customer asks about opening hours or location").clauses
    assert clause.pieces == ("opening hours or location", "opening hours", "location")
    assert "paypal" in read("The customer asks about payment methods (card, PayPal)").clauses[0].pieces


def test_a_number_with_a_comma_is_no_list():
    assert (
        read("The customer has less than $1,000 in their account").clauses[0].content
        == "less than 1,000 in their account"
    )


def test_clauses_joined_by_and_must_all_hold_and_by_or_one():
    reading = read("The customer is inquiring about limits but it isn't clear which kind")
    assert [clause.frame for clause in reading.clauses] == [Frame.ASKS, Frame.UNCLEAR] and not reading.any_of
    assert read("The customer thanks the agent or says goodbye").any_of


def test_the_subject_is_the_customer_the_agent_or_the_world():
    assert read("The agent is explaining the return policy").clauses[0].subject is Subject.AGENT
    assert read("There is an active seasonal promotion").clauses[0].subject is Subject.WORLD
    assert read("Client wants a refund").clauses[0].subject is Subject.CUSTOMER


def test_always_and_the_beginning_are_known():
    assert read("Always").clauses[0].frame is Frame.ALWAYS
    assert read("The conversation has just started").clauses[0].frame is Frame.BEGINNING
