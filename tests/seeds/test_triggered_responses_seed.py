"""The worked examples of messages that the agent sends outside of request and reply, on virtual time."""

import pytest

from engine.agent.model import TriggerGuideline

SHOP = """
guidelines:
  asks_price:
    condition: The customer asks for the price
    action: Tell them that the price is 20 dollars
"""


@pytest.mark.parametrize(
    ("action", "rationale", "words"),
    [
        ("Ask if the customer needs any more help", "follow_up", "Do you need any more help?"),
        ("Inform the customer that order 4711 has shipped", "follow_up", "Order 4711 has shipped."),
        ("Inform the customer that their flight ticket purchase succeeded.", "follow_up",
         "Your flight ticket purchase succeeded."),
        ("Tell them that you are still looking", "buy_time", "I am still looking"),
        ("Thank them for waiting", "unspecified", "Thank you for waiting"),
    ],
)  # fmt: skip
async def test_a_guided_response_says_what_its_guideline_asks_for(play, action, rationale, words):
    session = await play(SHOP)
    await session.say("what is the price?")
    trace = await session.live.trigger((TriggerGuideline(action=action, rationale=rationale),))
    assert words.lower().replace("i am", "i'm") in " ".join(trace.messages).lower().replace("i am", "i'm")
    assert str(trace.outcomes["asks_price"]) == "triggered"


async def test_explaining_a_failure_apologizes(play):
    session = await play(SHOP)
    action = "Apologize and explain that the flight ticket purchase failed."
    trace = await session.live.trigger((TriggerGuideline(action=action, rationale="follow_up"),))
    text = " ".join(trace.messages)
    assert "sorry" in text.lower() or "apologi" in text.lower()
    assert "ticket purchase failed" in text


@pytest.mark.parametrize("mode", ["fluid", "composited", "strict"])
async def test_a_trigger_without_guidelines_says_nothing_where_nothing_is_open(play, mode):
    session = await play(f"composition_mode: {mode}\n{SHOP}canned_responses:\n  unsure: I'm not sure about that.\n")
    await session.say("what is the price?")
    trace = await session.live.trigger()
    assert trace.messages == ()


async def test_a_trigger_without_guidelines_says_what_the_active_guidelines_call_for(play):
    session = await play(
        SHOP + "  smile:\n    condition: always\n    action: Wish them a nice day\n    continuous: true\n"
    )
    trace = await session.live.trigger()
    assert "nice day" in " ".join(trace.messages)


IDLE = (
    SHOP
    + """
follow_ups:
  - after: 3m
    action: Gently ask if the customer is still there or needs any help
    at_most: 1
"""
)


async def test_an_idle_customer_is_asked_once_if_they_are_still_there(play):
    session = await play(IDLE)
    await session.say("what is the price?")
    assert await session.wait(seconds=179) == []
    (turn,) = await session.wait(seconds=1)
    assert turn.text == "Are you still there, or do you need any help?"
    assert await session.wait(hours=24) == []


async def test_inactivity_rests_in_manual_mode(play):
    session = await play(IDLE)
    await session.say("what is the price?")
    await session.live.set_mode("manual")
    assert [turn.text for turn in await session.wait(hours=1)] == []


BACKGROUND = """
tools:
  purchase_flight_ticket:
    description: Purchase a flight ticket for the customer.
    parameters:
      flight_id: {type: string, description: The flight number, examples: [LH441]}
    after: 20m
    data: {confirmation: ABC123}
    FAILS
    follow_up:
      action: Inform the customer that their flight ticket purchase succeeded.
      rationale: follow_up
guidelines:
  buys:
    condition: The customer wants to buy a ticket
    action: Tell them that you are buying the ticket and will let them know
    tools: [purchase_flight_ticket]
"""


async def test_a_background_operation_returns_at_once_and_the_agent_follows_up_when_it_completes(play):
    session = await play(BACKGROUND.replace("    FAILS\n", ""))
    turn = await session.say("please buy me a ticket for flight LH441")
    assert turn.calls == [("purchase_flight_ticket", {"flight_id": "LH441"})]
    assert "let you know" in turn.text
    assert await session.wait(minutes=19) == []
    (later,) = await session.wait(minutes=1)
    assert "Your flight ticket purchase succeeded." in later.text


async def test_a_background_operation_that_fails_is_apologised_for(play):
    session = await play(BACKGROUND.replace("FAILS", "error: no seats"))
    await session.say("please buy me a ticket for flight LH441")
    (later,) = await session.wait(minutes=20)
    assert "succeeded" not in later.text
    assert "sorry" in later.text.lower() or "apologi" in later.text.lower()


async def test_a_follow_up_that_falls_due_while_people_answer_is_held_and_said_afterwards(play):
    session = await play(BACKGROUND.replace("    FAILS\n", ""))
    await session.say("please buy me a ticket for flight LH441")
    await session.live.set_mode("manual")
    assert [turn.text for turn in await session.wait(minutes=20) if turn.text] == []
    await session.live.set_mode("auto")
    (trace,) = await session.live.release_all()
    assert "Your flight ticket purchase succeeded." in " ".join(trace.messages)
