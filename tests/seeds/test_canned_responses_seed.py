"""The worked examples of canned responses, played as conversations."""

import pytest

from engine.agent.basics import CompositionMode

STOCK = """
composition_mode: {mode}
guidelines:
  asks_stock:
    condition: The customer asks whether an item is in stock
    action: Tell them whether it is in stock
    examples: [Do you have it in stock?, is it available, do you still have this one]
    track: false
    canned_responses: [in_stock, sold_out]
canned_responses:
  greeting: "Hey, {{{{std.customer.name}}}}! What help do you need today?"
  sold_out: No, sorry, we've just sold the last ones. Would you like to see something similar?
  in_stock:
    template: Yep, we have it. Should I add it to your cart?
    signals: ["Yes, it is in stock."]
"""
IN_STOCK = "Yes, we've got this item in stock! Let me know if you need any help finding it."
SOLD_OUT = "No, I'm sorry, this item is sold out. I can show you something similar."


@pytest.mark.parametrize("mode", ["fluid", "strict"])
@pytest.mark.parametrize(("draft", "response"), [(IN_STOCK, "in_stock"), (SOLD_OUT, "sold_out")])
async def test_do_you_have_it_in_stock_is_answered_with_the_card_that_says_what_the_draft_says(
    play, mode, draft, response
):
    session = await play(STOCK.format(mode=mode))
    turn = await session.say("Do you have it in stock?", given_draft=draft)
    assert "asks_stock" in turn.trace.outcomes
    assert turn.sources == (response,)
    other = "sold_out" if response == "in_stock" else "in_stock"
    assert turn.became(other) != "sent"


async def test_signals_say_which_drafts_a_response_is_a_good_match_for(play):
    text = """
composition_mode: strict
canned_responses:
  in_stock:
    template: Yes, we've got this item in stock! Let me know if you need any help finding it.
    signals: [We do have it in stock, We do! Do you need help finding it?]
  returns: You can return everything within two weeks.
""".replace(
        "signals: [We do have it in stock, We do! Do you need help finding it?]",
        "signals:\n      - We do have it in stock\n      - We do! Do you need help finding it?",
    )
    turn = await (await play(text)).say("do you have it?", given_draft="We do! Need some help finding it?")
    assert turn.sources == ("in_stock",)


REFUNDS = """
composition_mode: strict
guidelines:
  refund_policy:
    condition: Customer asks about refund policy
    action: Explain the refund policy clearly
    canned_responses:
      - full_refunds: We offer full refunds within 30 days of purchase.
      - general
canned_responses:
  general: Refunds typically process within 5-7 business days.
"""


async def test_a_guideline_scoped_response_is_considered_only_when_its_guideline_is_active(play):
    session = await play(REFUNDS)
    other = await session.say("hello there")
    assert other.became("full_refunds").startswith("out_of_scope")
    assert not other.became("general").startswith("out_of_scope")
    turn = await session.say("what's your refund policy?")
    assert turn.sources[0] in ("full_refunds", "general")
    assert not turn.became("full_refunds").startswith("out_of_scope")


OFF_TOPIC = """
composition_mode: fluid
observations:
  off_topic:
    condition: The customer is discussing offtopic subjects
    examples: [who will win the election?, what do you think of the president, tell me about politics]
    composition_mode: strict
    canned_responses:
      - only_products: I'm here to help with any questions about our products and services!
guidelines:
  asks_price:
    condition: The customer asks for the price
    action: Tell them that the price is 20 dollars
"""


async def test_off_topic_subjects_are_strictly_avoided_and_afterwards_the_agent_returns_to_its_default(play):
    session = await play(OFF_TOPIC)
    off = await session.say("who do you think will win the election?")
    assert off.mode is CompositionMode.STRICT
    assert off.text == "I'm here to help with any questions about our products and services!"
    on = await session.say("ok, what is the price?")
    assert on.mode is CompositionMode.FLUID
    assert "20 dollars" in on.text


async def test_the_most_restrictive_mode_wins_in_a_sensitive_journey(play):
    text = """
composition_mode: fluid
journeys:
  pay_bill:
    conditions: [The customer wants to pay a bill]
    composition_mode: strict
    states:
      ask_number:
        chat: Ask for the bill number
        canned_responses:
          - bill_number: What is the number of your bill?
"""
    session = await play(text)
    assert (await session.say("hello")).mode is CompositionMode.FLUID
    turn = await session.say("I want to pay a bill")
    assert (turn.mode, turn.text) == (CompositionMode.STRICT, "What is the number of your bill?")


async def test_a_created_preamble_acknowledges_while_the_agent_works(play):
    text = """name: A
description: You help.
preambles: [Sure thing.]
guidelines:
  asks_price:
    condition: The customer asks for the price
    action: Tell them that the price is 20 dollars
"""
    session = await play(text)
    await session.say("what is the price?")
    said = await session.spoken()
    assert [event.data.get("preamble", False) for event in said] == [True, False]
    assert said[0].text == "Sure thing."


async def test_standard_fields_show_the_customers_name_and_variables(play):
    text = """
composition_mode: strict
variables: {plan: {description: Their plan, value: gold}}
customers: {georgie: {name: Georgie Boy}}
canned_responses:
  in_stock: Hi {{std.customer.name}}, Yes, this product is available in stock for the {{std.variables.plan}} plan.
"""
    session = await play(text, customer="georgie")
    turn = await session.say("do you have it?", given_draft="Yes, this product is available in stock.")
    assert turn.text == "Hi Georgie Boy, Yes, this product is available in stock for the gold plan."


async def test_a_generative_field_is_inferred_from_the_conversation(play):
    text = """
composition_mode: strict
guidelines:
  wants_return:
    condition: The customer wants to return something
    action: Ask why they want to return it
    canned_responses:
      - ask_why: Can I ask why you'd like to return {{generative.item_name}}?
"""
    turn = await (await play(text)).say("I want to return the blue lamp")
    assert turn.sources == ("ask_why",)
    assert "blue lamp" in turn.text


BALANCE = """
composition_mode: strict
tools:
  get_account_balance: {stub}
guidelines:
  asks_balance:
    condition: The customer asks for their account balance
    action: Tell them their balance
    tools: [get_account_balance]
canned_responses:
  balance_is: "Your current balance is {{{{account_balance}}}}"
"""


async def test_a_field_that_a_tool_provided_is_shown(play):
    stub = "{description: Gets it., parameters: {}, data: Account balance is 1234.5, fields: {account_balance: 1234.5}}"
    turn = await (await play(BALANCE.format(stub=stub))).say("what is my account balance?")
    assert (turn.sources, turn.text) == (("balance_is",), "Your current balance is 1234.5")


async def test_a_response_whose_field_nobody_provided_is_never_selected(play):
    stub = "{description: Gets it., parameters: {}, data: Account balance is 1234.5}"
    turn = await (await play(BALANCE.format(stub=stub))).say("what is my account balance?")
    assert turn.sources == ("no_match",)
    assert turn.became("balance_is") == "missing_field account_balance"


async def test_a_field_provider_gives_the_lucky_number(play):
    text = """
composition_mode: strict
guidelines:
  lucky:
    condition: Customer asks for their lucky number
    action: Tell them their lucky number
    fields: tools.provide_lucky_number
canned_responses:
  lucky_is: Your special number is {{lucky_number}}.
"""
    code = "async def provide_lucky_number(context):\n    return {'lucky_number': 42}\n"
    session = await play(text, code)
    assert (await session.say("what is my lucky number?")).text == "Your special number is 42."


TOPPINGS = """
composition_mode: strict
tools:
  get_pizza_toppings:
    description: Gets the toppings.
    parameters: {}
    data: Toppings are olives, peppers, onions
    fields: {toppings: [olives, peppers, onions]}
guidelines:
  asks_toppings:
    condition: The customer asks which toppings there are
    action: Tell them the toppings
    tools: [get_pizza_toppings]
canned_responses:
  toppings_are: "We have the following toppings {% for t in toppings %}\\n- {{t}}{% endfor %}"
"""


async def test_a_template_loops_over_the_toppings(play):
    turn = await (await play(TOPPINGS)).say("which toppings do you have?")
    assert turn.text == "We have the following toppings \n- olives\n- peppers\n- onions"


async def test_a_tool_returns_a_whole_response(play):
    text = """
composition_mode: strict
tools:
  get_answer:
    description: Finds the answer to a question.
    parameters: {question: {type: string, description: The question of the customer}}
    data: You can park behind the house.
    responses: [You can park behind the house.]
guidelines:
  asks_parking:
    condition: The customer asks about parking
    action: Answer their question
    tools: [get_answer]
"""
    turn = await (await play(text)).say("where can I park?", "I come by car, is there parking?")
    assert turn.sources == ("get_answer#1",)
    assert turn.text == "You can park behind the house."


async def test_metadata_of_the_sent_response_is_on_the_event_and_the_agent_never_sees_it(play):
    text = """
composition_mode: strict
guidelines:
  asks_ideas:
    condition: The customer asks for recommendations
    action: Recommend the blue lamp
    canned_responses:
      - here:
          template: Here are your recommendations, first of all the blue lamp.
          metadata: {reply_suggestions: [Tell me more, Add to cart], display_mode: carousel}
"""
    session = await play(text)
    turn = await session.say("any recommendations?")
    assert turn.sources == ("here",)
    (said,) = await session.spoken()
    assert said.metadata["reply_suggestions"] == ["Tell me more", "Add to cart"]
    assert said.metadata["display_mode"] == "carousel"
    assert "carousel" not in turn.draft


@pytest.mark.parametrize(
    ("no_match", "text"),
    [
        ("My custom no-match response.", "My custom no-match response."),
        ("{python: tools.no_match}", "Nothing about: do you sell boats?"),
    ],
)
async def test_the_no_match_response_is_a_text_or_comes_from_a_provider(play, no_match, text):
    agent = f"composition_mode: strict\nno_match: {no_match}\ncanned_responses:\n  hours: We open at nine.\n"
    code = "async def no_match(context, draft):\n    return 'Nothing about: ' + context.events[-1].text\n"
    turn = await (await play(agent, code)).say("do you sell boats?")
    assert (turn.sources, turn.text) == (("no_match",), text)
