"""Selection: which canned response says a draft, how well, and what it leaves unsaid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.reasoner.base import Candidate, Draft, DraftPart, Instruction, Selection
from engine.reasoner.embedded.responses.fit import contradiction, nearness
from engine.reasoner.embedded.responses.selecting import select

FITS = [line.split("\t") for line in Path(__file__).with_name("data").joinpath("fits.tsv").read_text().splitlines()]
BEYOND_WORDING = "Yep, we have it. Should I add it to your cart?"
"""Says its draft in other words altogether; without a signal no wording finds it, and the table keeps it to say so."""


def response(name: str, text: str, **values: Any) -> Candidate:
    return Candidate(name, text, values.pop("template", text), values.pop("score", 0.5), **values)


def dictated(text: str) -> Draft:
    return Draft(text, (DraftPart(text, "", "given"),), dictated=True)


def drafted(*parts: tuple[str, str, str], nothing: bool = False) -> Draft:
    made = tuple(DraftPart(*part) for part in parts)
    return Draft(" ".join(part.text for part in made), made, nothing_applies=nothing)


def instructions(*sources: str) -> tuple[Instruction, ...]:
    return tuple(Instruction(source, "guideline", f"Do {source}") for source in sources)


def fit_of(selection: Selection, name: str) -> str:
    return next(one.fit for one in selection.scored if one.name == name)


@pytest.mark.parametrize(("kind", "draft", "text"), FITS, ids=[" · ".join(row) for row in FITS])
def test_a_response_that_says_the_same_fits_and_one_that_does_not_never_fits_well(
    kind: str, draft: str, text: str
) -> None:
    made = select(dictated(draft), [response("only", text)], ())
    if kind == "same" and text != BEYOND_WORDING:
        assert made.fit in ("high", "partial")
    elif kind == "other":
        assert made.fit in ("low", "none", "partial") and made.fit != "high"


def test_yes_is_never_a_good_fit_for_no_however_similar_the_words() -> None:
    made = select(dictated("No, sold out."), [response("yes", "Yes, we have it, not sold out.")], ())
    assert made.choice is None and fit_of(made, "yes") == "low"


def test_a_signal_finds_a_response_worded_otherwise() -> None:
    stocked = response("in_stock", BEYOND_WORDING, signals=("Yes, we've got it in stock",))
    made = select(dictated("Yes, we've got this item in stock!"), [response("hello", "Hello!"), stocked], ())
    assert (made.choice, made.fit) == ("in_stock", "high")
    assert "signal" in made.why


def test_the_nearest_response_wins_and_all_are_listed_best_first() -> None:
    candidates = [
        response("late", "Your order is late."),
        response("shipped", "Your order has shipped and is on its way."),
        response("hours", "We open at nine."),
    ]
    made = select(dictated("Your order has shipped."), candidates, ())
    assert made.choice == "shipped"
    assert [one.name for one in made.scored] == ["shipped", "late", "hours"]


def test_equally_near_responses_keep_the_order_in_which_they_were_retrieved() -> None:
    twins = [response("first", "We are open today."), response("second", "We are open today.")]
    assert select(dictated("We are open today."), twins, ()).choice == "first"
    assert select(dictated("We are open today."), twins[::-1], ()).choice == "second"


def test_a_linked_response_wins_over_an_equally_near_one() -> None:
    draft = drafted(("We only have Pepsi.", "pepsi", "tell"))
    candidates = [response("general", "We only sell Pepsi."), response("own", "We only sell Pepsi.", linked="pepsi")]
    assert select(draft, candidates, instructions("pepsi")).choice == "own"


def test_the_only_response_attached_to_a_stub_is_what_its_author_meant() -> None:
    draft = drafted(("[say: Explain the refund policy]", "refunds", "stub"))
    made = select(draft, [response("policy", "Money back within 30 days.", linked="refunds")], instructions("refunds"))
    assert (made.choice, made.fit, made.carried_out) == ("policy", "high", ("refunds",))


def test_the_only_response_attached_to_a_state_is_said_though_worded_otherwise() -> None:
    draft = drafted(("Could you please confirm the details?", "trip.confirm", "confirm"))
    made = select(
        draft, [response("so", "So that's Rome, right?", linked="trip.confirm")], instructions("trip.confirm")
    )
    assert (made.choice, made.fit) == ("so", "partial")


def test_the_only_response_attached_to_an_observation_is_said_when_nothing_else_is_to_say() -> None:
    draft = drafted(("I'm not sure I can help with that.", "", "no match"), nothing=True)
    made = select(draft, [response("here", "I'm here for questions about our shop!", linked="off_topic")], ())
    assert (made.choice, made.fit) == ("here", "high")


def test_a_linked_response_that_contradicts_is_not_said() -> None:
    draft = drafted(("You can return it within 30 days.", "returns", "tell"))
    candidates = [
        response("old", "You can return it within 60 days.", linked="returns"),
        response("new", "Returns are possible within 30 days: you can return it.", linked=None),
    ]
    made = select(draft, candidates, instructions("returns"))
    assert made.choice == "new" and fit_of(made, "old") == "low"


def test_a_dictated_draft_is_not_overruled_by_a_link() -> None:
    made = select(dictated("Your parcel is in Oslo."), [response("hi", "Good evening!", linked="greeting")], ())
    assert made.choice is None


def test_numbers_from_fields_never_contradict() -> None:
    balance = response(
        "balance", "Your balance is $999.00.", template="Your balance is {{ balance }}.", fields={"balance": 999}
    )
    assert contradiction("Your balance is 5 dollars.", balance) == ""


def test_a_field_that_the_draft_speaks_of_adds_to_the_score() -> None:
    template = "You now have {{ account_balance }}."
    plain = response("a", "You now have 12.", template=template)
    fielded = response("a", "You now have 12.", template=template, fields={"account_balance": 12})
    assert nearness("Your balance: 12.", fielded).score > nearness("Your balance: 12.", plain).score


def test_what_a_response_leaves_unsaid_is_named_for_a_follow_up() -> None:
    draft = drafted(
        ("I apologize.", "sorry", "apologize"),
        ("Your flight was cancelled.", "flight", "tell"),
        ("Would you like a refund?", "refund", "offer"),
    )
    made = select(
        draft, [response("cancelled", "Your flight was cancelled.")], instructions("sorry", "flight", "refund")
    )
    assert made.unsaid == "Would you like a refund?"
    assert made.carried_out == ("flight",)


def test_a_response_that_says_everything_leaves_nothing_unsaid() -> None:
    draft = drafted(("Your flight was cancelled.", "flight", "tell"), ("Would you like a refund?", "refund", "offer"))
    both = response("both", "Your flight was cancelled. Would you like a refund?")
    made = select(draft, [both], instructions("flight", "refund"))
    assert made.unsaid == "" and made.carried_out == ("flight", "refund")


def test_instructions_without_words_are_carried_out_whatever_is_sent() -> None:
    draft = drafted(("We are open.", "hours", "tell"))
    made = select(draft, [response("open", "We are open.")], instructions("be_kind", "hours"))
    assert made.carried_out == ("be_kind", "hours")


def test_with_nothing_that_fits_the_draft_carries_out_what_it_words() -> None:
    draft = drafted(("We are open.", "hours", "tell"), ("[say: Dance]", "dance", "stub"))
    made = select(draft, [], instructions("hours", "dance"))
    assert (made.choice, made.fit, made.carried_out) == (None, "none", ("hours",))


def test_a_draft_that_asks_is_not_answered_by_a_statement() -> None:
    asks = dictated("What is the booking number?")
    stated = select(asks, [response("done", "Your booking number was sent.")], ()).scored[0]
    asked = select(asks, [response("ask", "Please tell me your booking number.")], ()).scored[0]
    assert asked.fit == "high" and stated.score < asked.score


@pytest.mark.parametrize("text", ["", "   ", "😀", "…", "x" * 50_000])
def test_odd_drafts_and_responses_are_no_error(text: str) -> None:
    made = select(dictated(text), [response("odd", text), response("plain", "Hello there!")], ())
    assert {one.name for one in made.scored} == {"odd", "plain"}
    assert all(0 <= one.score <= 1 and one.why for one in made.scored)


def test_the_only_response_of_what_says_nothing_else_is_of_the_kind() -> None:
    draft = drafted(("Which seat would you like?", "booking.seat", "say"))
    aside = response("aside", "I only know about trains.", linked="off_topic")
    made = select(draft, [aside], (Instruction("booking.seat", "state", "Ask for the seat"),))
    assert (made.choice, made.fit) == ("aside", "partial")


def test_what_a_trigger_tells_to_say_is_not_replaced_by_what_is_said_where_a_journey_stands() -> None:
    trigger = Instruction("trigger#1", "trigger", "Tell them that the flight leaves at 18:15")
    told = drafted(("The flight leaves at 18:15.", "trigger#1", "tell"))
    made = select(told, [response("ticket_is", "You're booked!", linked="book.ticket")], (trigger,))
    assert made.choice is None


def test_one_of_several_responses_of_what_says_nothing_else_has_to_say_the_draft() -> None:
    draft = drafted(("Which seat would you like?", "booking.seat", "say"))
    pair = [response(name, f"I only know about {name}.", linked="off_topic") for name in ("trains", "boats")]
    assert select(draft, pair, (Instruction("booking.seat", "state", "Ask for the seat"),)).choice is None


def test_a_response_that_leaves_out_the_drafts_numbers_never_fits_well():
    draft = Draft("The ATM limit is $500 a day.")
    asks = Candidate("asks", "Do you mean your ATM limit or your card limit?", "", 0.5)
    tells = Candidate("tells", "Your ATM limit is $500 a day.", "", 0.5)
    chosen = select(draft, (asks, tells), ())
    assert (chosen.choice, chosen.fit) == ("tells", "high")
    assert select(draft, (asks,), ()).fit != "high"


@pytest.mark.parametrize(
    ("draft", "text"),
    [
        ("You're welcome! Goodbye!", "Welcome to the library! How can I help?"),
        ("Hello! How can I help you?", "Goodbye, and thanks for your visit."),
    ],
)
def test_a_greeting_and_a_leave_taking_go_against_one_another(draft: str, text: str) -> None:
    assert "takes leave" in contradiction(draft, response("one", text))
    assert contradiction(draft, response("other", draft)) == ""


def test_a_word_in_common_does_not_say_what_another_guideline_has_to_say() -> None:
    draft = drafted(
        ("I will transfer you to a colleague.", "wants_person", "say"),
        ("Transfer daily: 10000.", "load_limits", "data"),
    )
    limits = response(
        "limits", "You can transfer up to $10,000.00 a day.", linked="asks_limits", fields={"transfer_daily": 10000}
    )
    made = select(
        draft,
        [limits, response("joining", "One moment, please.", linked="wants_person")],
        instructions("wants_person", "asks_limits"),
    )
    assert made.choice == "limits"
    assert made.unsaid == "I will transfer you to a colleague."
