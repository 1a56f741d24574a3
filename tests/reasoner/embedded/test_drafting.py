"""Drafts: what designers tell the agent to do, in the words in which it says it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import draft_table
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agent.model import Agent, Capability, Parameter, Term
from engine.reasoner.base import Brief, Draft, Instruction, MissingArgument
from engine.reasoner.conversation import Conversation, KnownResult, Said
from engine.reasoner.embedded.speaking.drafting import draft

TABLE = [row for file in draft_table.FILES for row in draft_table.rows(file)]
ACTIONS = st.sampled_from([action for action, _ in TABLE])


def talk(message: str = "asdf", **values: Any) -> Conversation:
    agent = values.pop("agent", Agent(name="Nova"))
    return Conversation(agent, (Said("customer", message, 1),), datetime(2026, 3, 2, 9), **values)


def told(*actions: str, tools: tuple[str, ...] = (), kind: Any = "guideline") -> tuple[Instruction, ...]:
    return tuple(Instruction(f"g{place}", kind, text, tools=tools) for place, text in enumerate(actions))


def result(data: Any, tool: str = "look_up", *, now: bool = True) -> KnownResult:
    return KnownResult(tool, {}, data, now)


@pytest.mark.parametrize(("action", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_an_action_is_worded_as_the_table_says(action: str, expected: str) -> None:
    assert draft_table.said(action) == expected


def test_the_tables_hold_each_action_once() -> None:
    actions = [action for action, _ in TABLE]
    assert len(actions) > 700 and len(set(actions)) == len(actions)


_STUB = re.compile(r"\[say: [^\]]*\]")
_LEAK = re.compile(
    r"customer_|[\ue000-\uf8ff]|"
    r"\b(?:tell|inform|remind|assure|thank) (?:them|him|the (?:customer|user|guest|caller))\b|"
    r"\b(?:the|this) (?:customer|user|caller|guest)\b(?!['’]s)|\b(?:friendly|polite|warm) (?:tone|way|manner)\b",
    re.I,
)


@given(ACTIONS, st.sampled_from((" and ", ", then ", ". ", "; ", "\n- ", " but ", ": ")), ACTIONS)
def test_no_two_actions_in_one_break_the_draft_or_leak_an_instruction_outside_a_stub(
    one: str, joint: str, other: str
) -> None:
    spoken = draft_table.said(f"{one.rstrip('.')}{joint}{other[0].lower()}{other[1:]}")
    assert spoken and not re.search("[\ue000-\uf8ff]|customer_", spoken)


@pytest.mark.parametrize("action", [action for action, _ in TABLE])
def test_nothing_meant_for_the_agent_alone_is_said(action: str) -> None:
    assert not _LEAK.search(_STUB.sub("", draft_table.said(action)))


@given(st.text(max_size=80))
def test_any_text_as_an_action_gives_a_draft(text: str) -> None:
    assert draft(Brief(talk(), told(text))).text


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("Tell them to wash the filters and dry them", "Please wash the filters and dry them."),
        ("Tell them they can return the shoes or exchange them", "You can return the shoes or exchange them."),
        ("Tell them they will hear from us when we call them", "You will hear from us when we call you."),
        ("Ask them if the patient has a fever", "Does the patient have a fever?"),
        ("Ask the patient if he has a fever", "Do you have a fever?"),
        ("Tell them he called", "He called."),
        ("Ask if they are a member", "Are you a member?"),
        ("Tell the member that they have points", "You have points."),
    ],
)
def test_only_words_for_the_listener_are_turned(action: str, expected: str) -> None:
    assert draft_table.said(action) == expected


@pytest.mark.parametrize(
    "action",
    [
        "If they complain about the noise, apologize",
        "Apologize if they complain about the noise",
        "When the guest sounds upset, offer a discount",
        "If they ask for a discount, offer ten percent and apologize",
    ],
)
def test_a_condition_on_what_is_heard_is_neither_said_nor_taken_to_hold(action: str) -> None:
    made = draft(Brief(talk(), told(action)))
    assert {part.rule for part in made.parts} == {"stub"}


def test_what_is_looked_up_and_told_is_told_when_it_is_known_and_promised_when_it_is_not() -> None:
    action = "Check whether the table is free and let them know"
    assert draft(Brief(talk(), told(action))).text == "I will check whether the table is free and let you know."
    with_tool = told(action, tools=("look_up",))
    assert draft(Brief(talk(), with_tool, (result("The table is free from 8 pm."),))).text == (
        "The table is free from 8 pm."
    )
    failed = Brief(talk(), with_tool, failures=("look_up",))
    assert "I will" not in draft(failed).text


def test_a_report_after_the_work_of_a_tool_is_made_of_its_data() -> None:
    action = told("Look up their order and tell them where it is", tools=("look_up",))
    assert draft(Brief(talk(), action, (result({"location": "Leeds"}),))).text == "Location: Leeds."
    assert draft(Brief(talk(), told("Look up their order and tell them where it is"))).text == (
        "I will look up your order and tell you where it is."
    )


def test_a_given_draft_is_spoken_as_it_is_and_is_one_part() -> None:
    made = draft(Brief(talk(), told("Ask for the name"), given_draft="Your balance is 5."))
    assert made.dictated and made.text == "Your balance is 5." and [part.rule for part in made.parts] == ["given"]


def test_an_authors_own_words_are_used_verbatim() -> None:
    made = draft(Brief(talk(), (Instruction("g", "guideline", "Greet them", say="Ahoy! Ahoy!"),)))
    assert made.text == "Ahoy! Ahoy!" and made.parts[0].rule == "say"


def test_guidelines_come_before_states_and_courtesies_before_both() -> None:
    made = draft(
        Brief(
            talk(),
            (
                Instruction("g", "guideline", "Tell them we are closed today"),
                Instruction("s", "guideline", "Apologize"),
                Instruction("j.ask", "state", "Ask for the order number"),
            ),
        )
    )
    assert made.text == "I apologize. We are closed today. What is the order number?"
    assert [part.source for part in made.parts] == ["s", "g", "j.ask"]


def test_what_two_instructions_say_alike_is_said_once() -> None:
    assert draft(Brief(talk(), told("Tell them we are closed", "Inform the customer that we are closed"))).text == (
        "We are closed."
    )


def test_sentences_that_differ_by_a_number_or_a_negation_are_both_said() -> None:
    made = draft(
        Brief(talk(), told("Tell them table 5 is free", "Tell them table 6 is free", "Tell them 6 is not free"))
    )
    assert made.text == "Table 5 is free. Table 6 is free. 6 is not free."


def test_no_rule_gives_a_visible_stub() -> None:
    made = draft(Brief(talk(), told("Perform the ritual dance")))
    assert made.text == "[say: Perform the ritual dance]" and made.parts[0].rule == "stub"


@pytest.mark.parametrize(
    ("action", "data", "expected"),
    [
        ("Tell them their balance", 1234.5, "Your balance is 1234.5."),
        ("Provide ticket details", {"ticket": "TK-77", "seat": "4A"}, "Ticket: TK-77, seat: 4A."),
        ("Provide the details", {"ticket": "TK-77", "seat": "4A"}, "Ticket: TK-77, seat: 4A."),
        ("Recommend a destination", ["Rome", "Lisbon"], "I recommend Rome and Lisbon."),
        ("Tell them the toppings", ["olives", "peppers", "onions"], "The toppings are olives, peppers and onions."),
        ("Explain the refund policy", "Refunds take five days.", "Refunds take five days."),
        ("Tell them the fare", {"fare": 240, "currency": "EUR"}, "The fare is 240."),
        ("Tell them their order status", {"status": "shipped"}, "Your order status is shipped."),
        ("Load the menu and ask what they want", ["Funghi", "Diavola"], "What do you want? Menu: Funghi and Diavola."),
        ("Tell them we only have Pepsi", ["Pepsi", "water"], "We only have Pepsi."),
        ("Share the results", None, "[say: Share the results]"),
    ],
)  # fmt: skip
def test_tool_data_becomes_sentences_with_no_more_facts_than_it_has(action: str, data: Any, expected: str) -> None:
    made = draft(Brief(talk(), told(action, tools=("look_up",)), (result(data),)))
    assert made.text == expected


def test_data_that_no_instruction_mentions_is_told_with_its_tools_words() -> None:
    assert draft(Brief(talk(), (), (result(12.0, "get_account_balance"),))).text == "The account balance is 12."


@pytest.mark.parametrize("data", ["queued", "ok", True, None, {}, [], {"status": "done"}])
def test_status_words_and_empty_data_are_not_told(data: Any) -> None:
    made = draft(Brief(talk(), told("Connect them with a person", tools=("look_up",)), (result(data),)))
    assert made.text == "I will connect you with a person."


def test_results_of_earlier_turns_are_told_only_when_they_are_named() -> None:
    earlier = (result({"fare": 240}, "check_fare", now=False),)
    assert draft(Brief(talk(), told("Tell them the fare"), earlier)).text == "The fare is 240."
    assert "240" not in draft(Brief(talk(), told("Tell them we are closed"), earlier)).text


def test_a_missing_argument_is_asked_for_and_what_waits_for_it_is_not_promised() -> None:
    missing = (MissingArgument("get_balance", Parameter(name="account_number", description="The account number")),)
    made = draft(Brief(talk(), told("Tell them their balance", tools=("get_balance",)), missing=missing))
    assert made.text == "What is the account number?"


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        (Parameter(name="order_number"), "What is the order number?"),
        (Parameter(name="dates", description="Dates of travel"), "What are the dates of travel?"),
        (Parameter(name="to", description="Where to fly to"), "Where would you like to fly to?"),
        (Parameter(name="people", description="How many people are coming"), "How many people are coming?"),
        (Parameter(name="phone", description="The customer's phone number, e.g. +49 …"), "What is your phone number?"),
        (Parameter(name="insured", description="Whether to add insurance"), "Would you like to add insurance?"),
        (Parameter(name="insured", description="Whether the customer wants insurance"), "Do you want insurance?"),
        (Parameter(name="size", choices=("small", "large")), "What is the size: small or large?"),
        (Parameter(name="photo", description="A photo of it"), "Could you please give me a photo of it?"),
    ],
)  # fmt: skip
def test_the_question_for_an_argument_comes_from_its_description(parameter: Parameter, expected: str) -> None:
    assert draft(Brief(talk(), missing=(MissingArgument("tool", parameter),))).text == expected


def test_only_the_most_urgent_arguments_are_asked_for_and_hidden_ones_never() -> None:
    missing = tuple(
        MissingArgument("tool", Parameter(name=name, precedence=precedence, hidden=hidden))
        for name, precedence, hidden in (("date", 1, False), ("name", 2, False), ("token", 0, True))
    )
    assert draft(Brief(talk(), missing=missing)).text == "What is the date?"


def test_an_invalid_argument_is_quoted_and_asked_for_again() -> None:
    wrong = MissingArgument("tool", Parameter(name="size", choices=("small", "large")), invalid=True, value="XXL")
    made = draft(Brief(talk(), missing=(wrong,)))
    assert made.text == "I'm sorry, I can't take “XXL” as the size. What is the size: small or large?"


def test_a_failure_is_apologised_for_without_its_error() -> None:
    made = draft(Brief(talk(), told("Tell them their balance", tools=("get_balance",)), failures=("get_balance",)))
    assert made.text == "I'm sorry, I couldn't get the balance just now."


def test_a_question_between_meanings_comes_first() -> None:
    made = draft(Brief(talk(), told("Tell them we are open"), clarify="Do you mean A or B?"))
    assert made.text == "Do you mean A or B? We are open."


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("hi", "Hello! How can I help you?"),
        ("Good morning!", "Hello! How can I help you?"),
        ("thanks a lot", "You're welcome!"),
        ("bye", "Goodbye!"),
        ("what is a fare lock?", "Fare Lock holds a price for 48 hours."),
        ("whats a price hold", "Fare Lock holds a price for 48 hours."),
        ("I forgot my password", "I can reset a forgotten password. Would you like me to do that?"),
        ("what's my plan?", "Your plan is gold."),
        ("how deep is the sea", "I'm not sure I can help with that."),
    ],
)
def test_without_instructions_the_act_the_glossary_and_the_capabilities_answer(message: str, expected: str) -> None:
    term = Term(id="fare_lock", name="Fare Lock", description="Holds a price for 48 hours.", synonyms=("price hold",))
    able = Capability(
        name="reset_password",
        title="Reset passwords",
        description="The agent can reset a forgotten password.",
        signals=("I lost my password",),
    )
    made = draft(Brief(talk(message, terms=(term,), capabilities=(able,), variables={"plan": "gold"})))
    assert made.text == expected and made.nothing_applies


def test_with_nothing_to_say_the_agents_own_no_match_text_is_said_unless_it_has_fields() -> None:
    own = Agent(name="Nova", no_match="Sorry, not here.")
    assert draft(Brief(talk("how deep is the sea", agent=own))).text == "Sorry, not here."
    fielded = Agent(name="Nova", no_match="Sorry, {{std.customer.name}}.")
    assert draft(Brief(talk("how deep is the sea", agent=fielded))).text == "I'm not sure I can help with that."


def test_the_glossary_words_what_an_action_wants_explained() -> None:
    term = Term(id="refund_policy", name="Refund policy", description="You get your money back within 30 days.")
    made = draft(Brief(talk(terms=(term,)), told("Explain the refund policy clearly")))
    assert made.text == "You get your money back within 30 days."


def test_the_customers_name_is_used_in_a_greeting_by_name() -> None:
    greet = told("Greet the customer by name and introduce yourself")
    assert draft(Brief(talk(customer_name="Dana"), greet)).text == "Hello, Dana! I'm Nova."
    assert draft(Brief(talk(), greet)).text == "Hello! I'm Nova."


def test_every_part_names_its_source_and_rule() -> None:
    made: Draft = draft(Brief(talk(), told("Apologize and ask for the order number", "Be kind", "Dance wildly")))
    assert all(part.rule for part in made.parts)
    assert [part.source for part in made.parts] == ["g0", "g0", "g2"]


@pytest.mark.parametrize(
    "action",
    ["1. Apologize 2. Ask for the name", "- Apologize\n- Ask for the name", "Apologize; ask for the name"],
)  # fmt: skip
def test_the_points_of_a_list_are_worded_one_by_one(action: str) -> None:
    assert draft(Brief(talk(), told(action))).text == "I apologize. What is the name?"


@pytest.mark.parametrize("words", ["A tulip it is. Is that all?", "Noted."])
def test_data_is_not_told_beside_a_states_own_words(words: str) -> None:
    state = Instruction("order.noted", "state", "Ask if that is all", say=words)
    assert draft(Brief(talk(), (state,), (result({"flower": "tulip"}),))).text == words


def test_data_is_not_told_beside_the_own_words_of_the_guideline_that_loaded_it_even_if_they_ask() -> None:
    own = Instruction("g", "guideline", "Tell them the stock", say="We have one left. Do you want it?", tools=("look",))
    assert draft(Brief(talk(), (own,), (result({"left": 1}, "look"),))).text == "We have one left. Do you want it?"


@pytest.mark.parametrize(
    ("action", "data", "expected"),
    [
        ("Read back the order", {"order": "two tulips"}, "The order is two tulips."),
        ("Tell them the opening hours", {"opens": "5 pm", "fee": 3}, "Opens: 5 pm."),
    ],
)
def test_a_phrase_reads_as_one_says_it(action: str, data: Any, expected: str) -> None:
    assert draft(Brief(talk(), told(action), (result(data),))).text == expected


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("Welcome them back by name", "Welcome back, Ada!"),
        ("Welcome them to the library by name", "Welcome to the library, Ada!"),
        ("Welcome them by name", "Welcome, Ada!"),
    ],
)
def test_a_welcome_by_name_says_the_name(action: str, expected: str) -> None:
    assert draft(Brief(talk(customer_name="Ada"), told(action))).text == expected
