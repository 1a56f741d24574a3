"""Disambiguation end to end: who is asked about, how the answer decides, and what strict words do to it."""

import pytest

LIMITS = """
tools:
  fetch_atm: {description: Fetches the ATM limits., parameters: {}, data: {atm_limit: 500}}
  fetch_card: {description: Fetches the credit card limits., parameters: {}, data: {credit_card_limit: 3000}}
variables:
  card_account: {description: Whether the customer has a credit card, value: open}
observations:
  ambiguous_limits:
    condition: The customer is inquiring about limits but it isn't clear which kind
  has_card: The customer's card account is open
guidelines:
  fetch_atm_limits:
    condition: The customer is inquiring about their ATM limits
    action: Fetch the data from their account profile
    tools: [fetch_atm]
  fetch_credit_card_limits:
    condition: The customer is inquiring about their credit card's limits
    action: Fetch them from the card provider
    tools: [fetch_card]
relationships:
  - ambiguous_limits disambiguates fetch_atm_limits, fetch_credit_card_limits
"""
ONLY_WITH_A_CARD = LIMITS + "  - fetch_credit_card_limits depends_on has_card\n"
NO_CARD = ONLY_WITH_A_CARD.replace("value: open", "value: none")


async def test_one_target_left_applies_without_asking(play):
    session = await play(NO_CARD)
    turn = await session.say("What are my limits?")
    assert turn.became("fetch_credit_card_limits") == "unmet_dependency has_card"
    assert turn.became("fetch_atm_limits") == "matched"
    assert turn.calls == [("fetch_atm", {})]
    assert "500" in turn.text


async def test_no_target_left_means_that_nothing_is_asked_and_nothing_is_done(play):
    session = await play(NO_CARD + "  - fetch_atm_limits depends_on has_card\n")
    turn = await session.say("What are my limits?")
    assert turn.became("ambiguous_limits") == "matched"
    assert turn.calls == []
    assert "Do you mean" not in turn.text


async def test_only_the_survivors_are_named(play):
    more = "  fetch_transfer_limits:\n    condition: The customer is inquiring about their transfer limits\n"
    third = LIMITS.replace("guidelines:\n", f"guidelines:\n{more}    action: Fetch them\n", 1)
    lines = third.replace("disambiguates fetch_atm_limits,", "disambiguates fetch_atm_limits, fetch_transfer_limits,")
    without = (
        lines
        + "  - fetch_transfer_limits depends_on fetch_credit_card_limits\n  - has_card excludes fetch_atm_limits\n"
    )
    all_three = (await (await play(lines)).say("What are my limits?")).text
    assert all(word in all_three for word in ("ATM", "credit card", "transfer"))
    two = (await (await play(without)).say("What are my limits?")).text
    assert "ATM" not in two
    assert all(word in two for word in ("credit card", "transfer"))


async def test_an_answer_that_chooses_nothing_leaves_it_open_and_a_later_one_decides(play):
    session = await play(LIMITS)
    await session.say("What are my limits?")
    other = await session.say("hold on a second")
    assert other.calls == []
    assert (await session.say("my ATM limits")).calls == [("fetch_atm", {})]


RESPONSES = LIMITS.replace("observations:", "composition_mode: strict\nobservations:", 1)
WITH_WORDS = RESPONSES.replace(
    "isn't clear which kind\n",
    "isn't clear which kind\n    canned_responses:\n      - which_limit: 'Which limits: ATM or credit card?'\n",
)


async def test_in_strict_mode_the_words_are_a_response_of_the_observation(play):
    session = await play(WITH_WORDS)
    asked = await session.say("What are my limits?")
    assert (asked.sources, asked.text) == (("which_limit",), "Which limits: ATM or credit card?")
    assert (await session.say("credit card")).calls == [("fetch_card", {})]


async def test_in_strict_mode_without_such_a_response_it_is_a_no_match_and_the_answer_still_decides(play):
    session = await play(RESPONSES)
    asked = await session.say("What are my limits?")
    assert asked.sources == ("no_match",)
    assert asked.became("fetch_atm_limits") == "ambiguous fetch_credit_card_limits"
    assert (await session.say("the ATM one")).calls == [("fetch_atm", {})]


TRIPS = """
observations:
  unclear_trip:
    condition: It isn't clear whether the customer wants a new trip or to change one
    examples: [it's about my trip]
  about_trip:
    condition: The customer writes about their trip
    examples: [it's about my trip]
journeys:
  new_trip:
    title: Book a new trip
    conditions: [The customer wants to book a new trip, about_trip]
    states:
      where: {chat: Ask where they want to go, next: end}
  change_trip:
    title: Change a booked trip
    conditions: [The customer wants to change a booked trip, about_trip]
    states:
      which: {chat: Ask which trip they want to change, next: end}
relationships:
  - unclear_trip disambiguates new_trip, change_trip
"""


@pytest.mark.parametrize(
    ("answer", "journey", "state"),
    [("book a new one", "new_trip", "where"), ("change a booked trip", "change_trip", "which")],
)
async def test_journeys_are_asked_about_by_their_titles_and_the_answer_starts_one(play, answer, journey, state):
    session = await play(TRIPS)
    asked = await session.say("it's about my trip")
    assert asked.became("new_trip") == "ambiguous change_trip"
    assert "book a new trip" in asked.text.lower()
    assert "change a booked trip" in asked.text.lower()
    assert await session.state("new_trip") == await session.state("change_trip") == "none"
    await session.say(answer)
    other = "change_trip" if journey == "new_trip" else "new_trip"
    assert (await session.state(journey), await session.state(other)) == (state, "none")


CONFLICT = """
journeys:
  complain:
    title: Complaint
    conditions: [The customer wants to complain]
    states: {what: {chat: Ask what went wrong, next: end}}
  order:
    title: Order
    conditions: [The customer wants to order a pizza]
    states: {which: {chat: Ask which pizza they want, next: end}}
relationships:
  - complain excludes order
"""


async def test_when_two_journeys_conflict_the_one_that_excludes_the_other_wins(play):
    session = await play(CONFLICT)
    turn = await session.say("I want to complain, and I want to order a pizza")
    assert (turn.became("complain"), turn.became("order")) == ("active", "excluded complain")
    assert (await session.state("complain"), await session.state("order")) == ("what", "none")


GATED = """
variables:
  club: {description: The customer's club, value: gold}
observations:
  in_club: The customer's club is gold
  wants_lounge:
    condition: The customer asks for the lounge
    examples: [where is the lounge?]
guidelines:
  let_in:
    condition: The customer asks for the lounge
    examples: [where is the lounge?]
    action: Tell them that the lounge is on the first floor
relationships:
  - wants_lounge depends_on in_club
  - let_in depends_on wants_lounge
"""


@pytest.mark.parametrize(("club", "became"), [("gold", "matched"), ("blue", "dropped_dependency wants_lounge")])
async def test_an_observation_too_holds_only_on_what_it_depends_on(play, club, became):
    turn = await (await play(GATED.replace("value: gold", f"value: {club}"))).say("where is the lounge?")
    assert turn.became("let_in") == became
