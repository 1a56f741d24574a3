"""The worked examples of journeys, played as conversations."""

import pytest

BOOK_FLIGHT = """
tools:
  load_popular_destinations:
    description: Loads popular destinations.
    data: [Rome, Lisbon, Oslo]
  buy_ticket:
    description: Books the flight.
    parameters:
      destination: {type: string, description: Where the customer flies to}
      date: {type: date, description: The day of the flight}
    data: {ticket_number: TK-77}
  transfer_to_human_agent: {data: queued, control: {mode: manual}}
guidelines:
  asks_opening_hours:
    condition: The customer asks when the office is open
    action: Tell them that the office is open from nine to five
    track: false
  cannot_pay_anywhere:
    condition: The customer mentions a voucher
    action: Explain that vouchers are sent by mail
journeys:
  book_flight:
    title: Book Flight
    conditions: [The customer requested to book a flight]
    description: This journey guides the customer through the flight booking process.
    states:
      ask_destination:
        chat: Ask if they have a destination in mind
        canned_responses:
          - where_to: What destination are you interested in?
        next:
          They do: get_dates
          They don't: popular
      popular: {tool: load_popular_destinations, next: recommend}
      recommend:
        chat: Recommend a destination
        next:
          Destination selected: get_dates
      get_dates: {chat: Get dates of travel, next: confirm}
      confirm: {chat: Confirm details, next: book}
      book: {tool: buy_ticket, next: ticket}
      ticket: {chat: Provide ticket details}
    guidelines:
      unable_to_pay:
        condition: the customer says they're unable to pay
        action: connect them with a human agent
        tools: [transfer_to_human_agent]
"""


async def test_this_journey_is_activated_when_the_customer_asks_to_book_a_flight(play):
    session = await play(BOOK_FLIGHT)
    other = await session.say("hi there")
    assert await session.state("book_flight") == "none"
    assert other.became("book_flight").startswith("not_matched")
    turn = await session.say("I'd like to book a flight")
    assert await session.state("book_flight") == "ask_destination"
    assert turn.text == "What destination are you interested in?"


async def test_a_customer_with_a_destination_goes_straight_to_the_dates_and_gets_the_ticket(play):
    session = await play(BOOK_FLIGHT)
    await session.say("I'd like to book a flight")
    assert "dates of travel" in (await session.say("yes, Rome")).text
    confirming = await session.say("March 14")
    assert await session.state("book_flight") == "confirm"
    assert confirming.calls == []
    booked = await session.say("yes please")
    assert [name for name, _ in booked.calls] == ["buy_ticket"]
    assert booked.calls[0][1]["destination"] == "Rome"
    assert str(booked.calls[0][1]["date"]) == "2026-03-14"
    assert "TK-77" in booked.text
    await session.say("thanks, bye")
    assert await session.state("book_flight") == "completed"


async def test_a_customer_without_one_is_recommended_one_and_merges_back_to_the_main_path(play):
    session = await play(BOOK_FLIGHT)
    await session.say("I want to book a flight")
    ideas = await session.say("no, not yet")
    assert ideas.calls == [("load_popular_destinations", {})]
    assert "Lisbon" in ideas.text
    assert await session.state("book_flight") == "recommend"
    await session.say("let's go to Lisbon")
    assert await session.state("book_flight") == "get_dates"


async def test_what_was_said_already_is_not_asked_again(play):
    session = await play(BOOK_FLIGHT)
    await session.say("I'd like to book a flight to Rome on March 14")
    assert await session.state("book_flight") == "confirm"


async def test_the_agent_may_spend_multiple_turns_in_a_state(play):
    session = await play(BOOK_FLIGHT)
    await session.say("I'd like to book a flight to Rome")
    assert await session.state("book_flight") == "get_dates"
    meanwhile = await session.say("when is your office open?")
    assert "nine to five" in meanwhile.text
    assert await session.state("book_flight") == "get_dates"
    await session.say("March 14")
    assert await session.state("book_flight") == "confirm"


async def test_the_agent_can_revisit_a_previous_state_when_the_customer_changes_their_mind(play):
    session = await play(BOOK_FLIGHT)
    await session.say("I'd like to book a flight to Rome")
    await session.say("March 14")
    back = await session.say("actually, I'd rather change the dates of travel")
    assert await session.state("book_flight") == "get_dates"
    assert "dates of travel" in back.text
    await session.say("March 20")
    assert await session.state("book_flight") == "confirm"
    booked = await session.say("yes")
    assert str(booked.calls[0][1]["date"]) == "2026-03-20"


@pytest.mark.parametrize("message", ["forget it", "never mind, I don't want to book anymore", "cancel the booking"])
async def test_a_customer_who_drops_it_leaves_the_journey_and_nothing_is_booked(play, message):
    session = await play(BOOK_FLIGHT)
    await session.say("I'd like to book a flight to Rome")
    turn = await session.say(message)
    assert await session.state("book_flight") == "left"
    assert turn.calls == []


@pytest.mark.parametrize(("inside", "became"), [(True, "matched"), (False, "inactive_journey book_flight")])
async def test_a_journey_scoped_guideline_is_ignored_unless_its_journey_is_active(play, inside, became):
    session = await play(BOOK_FLIGHT)
    if inside:
        await session.say("I'd like to book a flight to Rome")
    turn = await session.say("I'm unable to pay")
    assert turn.became("unable_to_pay") == became
    assert (await session.live.session()).mode == ("manual" if inside else "auto")


async def test_a_guideline_takes_precedence_over_the_active_journey_state(play):
    session = await play(BOOK_FLIGHT)
    await session.say("I'd like to book a flight to Rome")
    turn = await session.say("I have a voucher for you")
    assert turn.became("cannot_pay_anywhere") == "matched"
    assert turn.text.startswith("Vouchers are sent by mail")


TROUBLESHOOTING = """
variables:
  device: {description: The device of the customer, value: router}
journeys:
  troubleshoot:
    title: Troubleshooting
    conditions: [The customer's internet doesn't work]
    states:
      ask_lights: {chat: Ask what the lights on the device look like, next: kind}
      kind:
        next:
          The lights are red: restart
          The lights are green: cable
      restart: {chat: "Ask them to restart the device", next: end}
      cable: {chat: "Ask them to check the cable", next: end}
"""


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [("they are all red", "restart", "restart the device"), ("green I think", "cable", "check the cable")],
)
async def test_a_fork_state_evaluates_conditions_and_branches_the_conversation(play, answer, state, words):
    session = await play(TROUBLESHOOTING)
    first = await session.say("my internet doesn't work")
    assert "lights" in first.text
    turn = await session.say(answer)
    assert await session.state("troubleshoot") == state
    assert words in turn.text


SCOPED = """
composition_mode: strict
canned_responses:
  hello: Hello! How can I help?
  elsewhere:
    template: Which city shall it be?
    exclusive: true
guidelines:
  greet:
    condition: The customer greets the agent
    action: Greet them
    track: false
journeys:
  book_flight:
    conditions: [The customer wants to book a flight]
    canned_responses:
      explicit: What destination are you interested in?
      digress: I'm sorry, but I can't assist with that right now. Shall we go on with booking your flight?
    states:
      ask_destination:
        chat: Ask what destination they are interested in
        canned_responses:
          - explicit
          - only_here: Where do you want to go?
        next: get_dates
      get_dates:
        chat: Get dates of travel
        canned_responses:
          - dates: What are your dates of travel?
"""


async def test_journey_scoped_responses_are_considered_only_when_their_journey_is_active(play):
    session = await play(SCOPED)
    hello = await session.say("hello")
    assert hello.sources == ("hello",)
    assert hello.became("explicit") == "out_of_scope book_flight"
    assert hello.became("digress") == "out_of_scope book_flight"
    turn = await session.say("I want to book a flight")
    assert turn.sources in (("explicit",), ("only_here",))
    assert not turn.became("digress").startswith("out_of_scope")


async def test_exclusive_responses_are_considered_only_in_their_state_and_explicit_ones_also_elsewhere(play):
    session = await play(SCOPED)
    await session.say("I want to book a flight")
    later = await session.say("Rome")
    assert later.sources == ("dates",)
    assert later.became("only_here").startswith("out_of_scope")
    assert not later.became("explicit").startswith("out_of_scope")
    assert later.became("elsewhere").startswith("out_of_scope")
