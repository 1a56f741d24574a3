"""Arguments: where they may come from, and that they are never invented."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.agent.model import Agent, Parameter, Tool
from engine.reasoner.base import Argument
from engine.reasoner.conversation import Conversation, KnownResult, Said
from engine.reasoner.embedded.arguments.finding_arguments import find_arguments

NOW = datetime(2026, 3, 2, 9)


def talk(*lines: str, **values: Any) -> Conversation:
    """Lines beginning with `>` are the agent's; every customer line is a turn of its own."""
    said = tuple(
        Said("agent", line[1:].strip(), place) if line.startswith(">") else Said("customer", line, place)
        for place, line in enumerate(lines, start=1)
    )
    return Conversation(Agent(name="Test"), said, NOW, turn=len(lines), **values)


def find(conversation: Conversation, *parameters: Parameter) -> dict[str, Argument]:
    found = find_arguments(Tool(name="do_it", parameters=parameters), conversation)
    return {argument.name: argument for argument in found}


def test_an_answer_given_turns_ago_is_still_found() -> None:
    conversation = talk("a table please", "> What is the party size?", "4", "> What is the time?", "7pm")
    found = find(conversation, Parameter(name="party_size", type="integer"), Parameter(name="time"))
    assert (found["party_size"].value, found["time"].value) == (4, "19:00")


def test_the_newest_mention_wins() -> None:
    found = find(
        talk("book me for the 5th", "> Done?", "no wait, make it the 7th"), Parameter(name="date", type="date")
    )
    assert found["date"].value == "2026-03-07"


def test_what_the_session_says_was_asked_takes_the_short_reply() -> None:
    found = find(talk("> And now?", "Lisbon", asked=("region",)), Parameter(name="region"))
    assert (found["region"].value, found["region"].quote) == ("Lisbon", "Lisbon")


@pytest.mark.parametrize("said", ["a list for 4 days", "we stay for four days", "4 days of sun"])
def test_a_bare_length_of_time_is_no_date_and_leaves_its_number_to_others(said: str) -> None:
    found = find(talk(said), Parameter(name="start", type="date"), Parameter(name="days", type="integer"))
    assert (found["start"].problem, found["days"].value) == ("missing", 4)


@pytest.mark.parametrize("said", ["in 4 days", "four days from now", "4 days later"])
def test_a_length_that_is_counted_on_from_now_is_a_date(said: str) -> None:
    assert find(talk(said), Parameter(name="start", type="date"))["start"].value == "2026-03-06"


@pytest.mark.parametrize(
    ("said", "size"), [("it's for my son", None), ("I'm in a hurry", None), ("size s", "S"), ("M", "M")]
)
def test_what_an_apostrophe_leaves_over_is_no_choice_of_one_letter(said: str, size: str | None) -> None:
    assert find(talk(said), Parameter(name="size", choices=("S", "M", "L")))["size"].value == size


def test_two_parameters_never_share_the_same_words() -> None:
    dates = (Parameter(name="departure_date", type="date"), Parameter(name="return_date", type="date"))
    found = find(talk("leaving on March 3"), *dates)
    assert found["departure_date"].value == "2026-03-03" and found["return_date"].problem == "missing"


def test_results_and_variables_are_used_by_name() -> None:
    results = (KnownResult("get_order", {}, {"order_id": "A-17", "total": 12.5}),)
    conversation = talk("refund it please", results=results, variables={"plan": "gold"})
    found = find(
        conversation, Parameter(name="order_id"), Parameter(name="plan"), Parameter(name="total", type="number")
    )
    assert [argument.value for argument in found.values()] == ["A-17", "gold", 12.5]


def test_what_a_call_took_settles_what_was_said_before_it_and_newer_words_unsettle_it() -> None:
    amount = Parameter(name="amount", type="number")
    checked = (KnownResult("check", {"amount": 150}, None, turn=3),)
    texts = ("send 200 dollars", "> Send 200 dollars?", "make it 150", "> Send 150 dollars?")
    assert find(talk(*texts, "yes", results=checked), amount)["amount"].value == 150
    assert find(talk(*texts, "no, 90 dollars", results=checked), amount)["amount"].value == 90


def test_a_parameter_from_the_customer_is_taken_from_nobody_else() -> None:
    conversation = talk("refund it please", variables={"order_id": "A-17"})
    assert find(conversation, Parameter(name="order_id", source="customer"))["order_id"].problem == "missing"
    assert find(conversation, Parameter(name="order_id"))["order_id"].value == "A-17"


def test_what_a_tool_listed_can_be_chosen_by_name() -> None:
    results = (
        KnownResult("get_menu", {}, [{"name": "Quattro Stagioni", "price": 12}, {"name": "Diavola", "price": 11}]),
    )
    found = find(talk("the quattro stagioni sounds good", results=results), Parameter(name="choice"))
    assert found["choice"].value == "Quattro Stagioni"


def test_the_registered_customers_name_is_known_and_guest_is_no_name() -> None:
    assert find(talk("hi", customer_name="Dana"), Parameter(name="customer_name"))["customer_name"].value == "Dana"
    assert find(talk("hi"), Parameter(name="customer_name"))["customer_name"].problem == "missing"


def test_a_value_of_the_wrong_kind_in_data_is_not_taken() -> None:
    found = find(talk("go on", variables={"count": "many"}), Parameter(name="count", type="integer"))
    assert found["count"].problem == "missing"


def test_an_invalid_answer_says_what_was_said_and_which_choices_there_are() -> None:
    found = find(talk("> What is the size?", "XXL"), Parameter(name="size", choices=("small", "large")))
    assert (found["size"].problem, found["size"].value) == ("invalid", "XXL")
    assert "small, large" in found["size"].why


def test_an_answer_that_one_parameter_took_is_no_invalid_one_for_another() -> None:
    amount, recipient = Parameter(name="amount", type="number"), Parameter(name="recipient")
    found = find(talk("> Who gets the money?", "Tom Reed", asked=("recipient", "amount")), recipient, amount)
    assert (found["recipient"].value, found["amount"].problem) == ("Tom Reed", "missing")


def test_every_argument_says_why() -> None:
    conversation = talk("> What is the size?", "a small one", variables={"plan": "gold"})
    found = find(
        conversation, Parameter(name="size", choices=("small",)), Parameter(name="plan"), Parameter(name="email")
    )
    assert all(argument.why.endswith(".") for argument in found.values())


def test_without_parameters_or_messages_nothing_is_found() -> None:
    assert find(talk("hi")) == {}
    assert find(talk(), Parameter(name="city"), Parameter(name="note"))["city"].problem == "missing"


PARAMETERS = (
    Parameter(name="city"),
    Parameter(name="date", type="date"),
    Parameter(name="amount", type="number"),
    Parameter(name="people", type="integer"),
    Parameter(name="email"),
    Parameter(name="order_id"),
    Parameter(name="size", choices=("small", "large")),
    Parameter(name="tags", type="list of string"),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(max_size=120))
def test_any_message_gives_one_argument_each_and_the_same_twice(message: str) -> None:
    conversation = talk("> What is the city?", message)
    found = find_arguments(Tool(name="do_it", parameters=PARAMETERS), conversation)
    assert [argument.name for argument in found] == [parameter.name for parameter in PARAMETERS]
    assert found == find_arguments(Tool(name="do_it", parameters=PARAMETERS), conversation)
    for argument in found:
        if not argument.problem and isinstance(argument.value, str) and argument.name in ("city", "email", "order_id"):
            assert argument.value in message


def test_of_a_message_as_long_as_a_book_the_beginning_and_the_end_are_read() -> None:
    found = find(talk(f"my email is dana@example.org {'9' * 500_000} {'to ' * 100_000} tomorrow"), *PARAMETERS)
    assert (found["email"].value, found["date"].value) == ("dana@example.org", "2026-03-03")


@pytest.mark.parametrize(
    ("message", "amount", "guests"),
    [
        ("share 60 dollars among 4 guests", 60, 4),
        ("4 guests, $60, share it", 60, 4),
        ("share an amount of 50 among 5", 50, 5),
        ("90 shared by 3 guests", 90, 3),
    ],
)
def test_a_number_belongs_to_what_its_unit_says(message: str, amount: int, guests: int) -> None:
    found = find(
        talk(message),
        Parameter(name="sum", type="number", description="The amount in dollars"),
        Parameter(name="guests", type="integer", description="How many guests share"),
    )
    assert (found["sum"].value, found["guests"].value) == (amount, guests)


@pytest.mark.parametrize(
    ("message", "value"),
    [
        ("whats the status of 9999", "9999"),
        ("please track 48213 now", "48213"),
        ("I have waited for 120 minutes", None),
        ("I paid 120 for it", None),
        ("is it 4711 or 4712", None),
    ],
)
def test_a_lone_number_that_is_pointed_at_is_the_code(message: str, value: str | None) -> None:
    assert find(talk(message), Parameter(name="order_number"))["order_number"].value == value


def test_a_day_that_can_be_two_days_is_asked_for_again_with_both_named() -> None:
    found = find(talk("book it on 12/05"), Parameter(name="date", type="date"))["date"]
    assert (found.problem, found.value, found.why) == ("invalid", "12/05", "It can be 12 May or 5 December.")


def test_a_yes_takes_over_what_the_agent_said_back_but_not_where_only_the_customers_words_count() -> None:
    conversation = talk("a table please", "> For 4 people?", "yes")
    assert find(conversation, Parameter(name="party_size", type="integer"))["party_size"].value == 4
    customer = Parameter(name="party_size", type="integer", source="customer")
    assert find(conversation, customer)["party_size"].problem == "missing"


def test_what_a_tool_listed_can_be_chosen_by_its_place_but_not_beyond_its_end() -> None:
    results = (KnownResult("find_flights", {}, [{"flight_id": "LX12"}, {"flight_id": "LX14"}]),)
    flight = Parameter(name="flight_id")
    assert find(talk("> Which one?", "the second one", results=results), flight)["flight_id"].value == "LX14"
    assert find(talk("> Which one?", "the third one", results=results), flight)["flight_id"].problem == "missing"


def test_a_wrong_answer_of_an_earlier_turn_is_not_held_against_the_customer() -> None:
    drink = Parameter(name="drink", choices=("Pepsi", "water"))
    conversation = talk("> Which drink would you like?", "coke", "> We have Pepsi and water.", "hm, thanks")
    assert find(conversation, drink)["drink"].problem == "missing"


@pytest.mark.parametrize("said", ["1 " * 1_000, "12/05 " * 300, "not " * 500, "from to " * 250])
def test_a_heap_of_values_is_read_without_one_for_each(said: str) -> None:
    ids, date = Parameter(name="ids", type="list of integer"), Parameter(name="date", type="date")
    assert len(find(talk("> Which ids?", said), ids, date)["ids"].value or ()) <= 40


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789/.:-, ampthof", max_size=60))
def test_figures_of_any_kind_give_dates_and_times_that_exist_or_nothing(message: str) -> None:
    found = find(talk(message), Parameter(name="date", type="date"), Parameter(name="at", type="datetime"))
    for argument in found.values():
        if not argument.problem:
            assert datetime.fromisoformat(argument.value)
