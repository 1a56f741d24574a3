"""What a text asks to be done, and to what."""

import pytest

from engine.reasoner.embedded.judging.deeds import another_deed, another_object, another_verb, deeds, wishes_for_it

VOUCHERS = ("register a voucher", "how do I register my voucher?", "register the voucher")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("register the tyre", [("regist", {"tyre"})]),
        ("I'd like to book a trip", [("book", {"trip"})]),
        ("hi, can you please cancel my order?", [("cancel", {"order"})]),
        ("I need help to change my booked trip", [("chang", {"book", "trip"})]),
        ("how do I sign up for the newsletter", [("sign", {"newslett"})]),
        ("my voucher is gone", []),
        ("order number 4711", []),
        ("I want to know the price", []),
        ("", []),
    ],
)
def test_a_request_names_a_deed_and_its_object(text, found):
    assert [(deed.verb, set(deed.objects)) for deed in deeds(text)] == found


@pytest.mark.parametrize(
    ("meant", "text", "other"),
    [
        ("change a booked trip", "I'd like to book a trip", True),
        ("book a trip", "can I change the trip that I booked?", True),
        ("order a pizza", "I want to cancel my order", True),
        ("book a trip", "can you help me book a trip", False),
        ("book a trip", "a trip to Rome please", False),
        ("cancel the contract", "I want to end my contract", False),
    ],
)
def test_a_deed_that_is_only_mentioned_is_not_asked_for(meant, text, other):
    assert bool(another_deed(meant, text)) is other


@pytest.mark.parametrize(
    ("known", "text", "other"),
    [
        (VOUCHERS, "register the tyre", True),
        (VOUCHERS, "how can I register for the newsletter?", True),
        (VOUCHERS, "register my vouchr pls", False),
        (VOUCHERS, "can I register it?", False),
        (VOUCHERS, "my voucher does not work", False),
        (("buy a shirt", "I want to buy shoes"), "can I buy a hat?", False),
    ],
)
def test_the_same_deed_done_to_another_thing_is_another_request(known, text, other):
    assert bool(another_object(known, text)) is other


@pytest.mark.parametrize(
    ("known", "text", "other"),
    [
        (("open an account", "can I open a savings account"), "transfer 500 to my account", True),
        (("open an account", "can I open a savings account"), "I want to close my account", True),
        (("open an account",), "I want to close my account", False),
        (("cancel my plan", "end my plan"), "stop my plan", False),
        (("cancel my plan", "cancel the plan"), "how do I cancel my plan", False),
    ],
)
def test_another_deed_done_to_the_same_thing_is_another_request(known, text, other):
    assert bool(another_verb(known, text)) is other


LOST = ("lost a card", "I lost my card", "my card was stolen")


@pytest.mark.parametrize(
    ("text", "other"), [("i lost my job", True), ("I have lost my credit card", False), ("I lost it", False)]
)
def test_what_happened_to_another_thing_is_another_event(text, other):
    assert bool(another_object(LOST, text)) is other


@pytest.mark.parametrize(
    ("wanted", "text", "wished"),
    [
        ("book an appointment", "I'd like an appointment on Friday", True),
        ("order a pizza", "can I get two pizzas please", True),
        ("book an appointment", "I want to cancel an appointment", False),
        ("book an appointment", "I have an appointment", False),
        ("cancel an appointment", "I'd like an appointment", False),
        ("order a pizza", "I need a taxi", False),
    ],
)
def test_who_wishes_for_a_thing_wants_to_get_it(wanted, text, wished):
    assert wishes_for_it(wanted, text) is wished
