"""The worked examples of how guidelines relate, played as conversations."""

import pytest

PIZZA = """
tools:
  transfer_to_manager: {data: queued, control: {mode: manual}}
guidelines:
  offer_pepsi_instead_of_coke:
    condition: The customer wants a coke
    action: Tell them we only have Pepsi
  handoff_if_upset:
    condition: The customer is becoming upset
    action: Apologize and tell them you will transfer them to a manager
    tools: [transfer_to_manager]
"""
UPSET_FIRST = PIZZA + "relationships:\n  - handoff_if_upset excludes offer_pepsi_instead_of_coke\n"
OUTBURST = "Wait, what? I hate Pepsi. Why the hell don't you have coke?"


async def test_without_a_relationship_the_upset_customer_is_still_told_of_pepsi(play):
    session = await play(PIZZA)
    first = await session.say("A coke please")
    assert "Pepsi" in first.text
    assert first.became("handoff_if_upset").startswith("not_matched")
    second = await session.say(OUTBURST)
    assert second.became("offer_pepsi_instead_of_coke") == "matched"


async def test_when_the_customer_is_upset_the_pepsi_guideline_is_excluded(play):
    session = await play(UPSET_FIRST)
    assert "Pepsi" in (await session.say("A coke please")).text
    second = await session.say(OUTBURST)
    assert second.became("offer_pepsi_instead_of_coke") == "excluded handoff_if_upset"
    assert second.became("handoff_if_upset") == "matched"
    assert "Pepsi" not in second.text
    assert "apologize" in second.text
    assert "manager" in second.text
    assert (await session.live.session()).mode == "manual"


UPSELL = """
observations:
  customer_is_upset: The customer is becoming upset or frustrated
guidelines:
  upsell_premium:
    condition: The customer is browsing products
    action: Suggest premium upgrades
    examples: [just browsing, I'm looking at your laptops, which products do you have]
relationships:
  - customer_is_upset excludes upsell_premium
"""


@pytest.mark.parametrize(
    ("message", "became"),
    [
        ("I'm looking at your laptops", "matched"),
        ("I've been looking at your laptops for an hour and this is ridiculous!!", "excluded customer_is_upset"),
    ],
)
async def test_nothing_is_upsold_when_the_customer_is_upset(play, message, became):
    assert (await (await play(UPSELL)).say(message)).became("upsell_premium") == became


SAVINGS = """
variables:
  account_balance: {description: The money in their account, value: 400}
guidelines:
  complete_transaction:
    condition: The customer wants to make a transaction
    action: Guide them through the process to its completion
    examples: [I want to send money, transfer 50 dollars to Ann, I'd like to make a payment]
  offer_savings:
    condition: The customer has less than $1,000 in their account
    action: Offer savings plans
relationships:
  - complete_transaction excludes offer_savings
"""


async def test_a_transaction_is_not_interrupted_with_savings_offers_and_afterwards_they_can_fire(play):
    session = await play(SAVINGS)
    assert (await session.say("transfer 80 dollars to Ann")).became("offer_savings") == "excluded complete_transaction"
    after = await session.say("thanks, what else is there?")
    assert after.became("complete_transaction") != "matched"
    assert after.became("offer_savings") == "matched"
    assert "savings plan" in after.text


DEALS = """
variables:
  seasonal_promotion: {description: Whether a seasonal promotion is active, value: true}
  member_since: {description: Since when the customer has been a member, value: 2024-01-15}
observations:
  customer_wants_deals:
    condition: Customer expresses interest in special deals or discounts
    examples: [any discounts?, do you have deals, can I get this cheaper]
guidelines:
  offer_seasonal_discount:
    condition: There is an active seasonal promotion
    action: Mention the current seasonal discount
  offer_loyalty_reward:
    condition: The customer has been a member for over a year
    action: Offer their loyalty reward
relationships:
  - offer_seasonal_discount depends_on customer_wants_deals
  - offer_loyalty_reward depends_on customer_wants_deals
"""


async def test_discount_and_reward_fire_only_when_the_customer_is_interested_in_deals(play):
    session = await play(DEALS)
    other = await session.say("where is my parcel?")
    assert other.became("offer_seasonal_discount") == "unmet_dependency customer_wants_deals"
    assert other.became("offer_loyalty_reward") == "unmet_dependency customer_wants_deals"
    deals = await session.say("do you have any discounts?")
    assert deals.became("offer_seasonal_discount") == "matched"
    assert deals.became("offer_loyalty_reward") == "matched"
    assert "loyalty reward" in deals.text


async def test_who_has_been_a_member_for_less_than_a_year_gets_no_reward(play):
    session = await play(DEALS.replace("2024-01-15", "2025-11-15"))
    deals = await session.say("do you have any discounts?")
    assert deals.became("offer_loyalty_reward").startswith("not_matched")
    assert deals.became("offer_seasonal_discount") == "matched"


RETURNS = """
tools:
  load_order:
    description: Loads the items of an order.
    parameters: {order_number: {type: string, description: The order number}}
    data: {items: [a lamp, a chair]}
  load_last_order: {description: Loads the items of the last order., parameters: {}, data: {items: [a rug]}}
guidelines:
  handle_return:
    condition: The customer wants to return an order
    action: Help them complete the return process
    examples: [I want to return my order, I'd like to send this back, can I return it]
  no_order_number:
    condition: The customer isn't able to provide the order number
    action: Load up their last order's items and ask them to confirm
    tools: [load_last_order]
  has_order_number:
    condition: The customer specified the exact order number
    action: Load up that order's items and ask them to confirm
    tools: [load_order]
relationships:
  - no_order_number depends_on handle_return
  - has_order_number depends_on handle_return
"""


async def test_a_return_with_its_order_number_loads_that_order(play):
    turn = await (await play(RETURNS)).say("I want to return order 48213")
    assert turn.became("has_order_number") == "matched"
    assert turn.became("no_order_number") != "matched"
    assert turn.calls == [("load_order", {"order_number": "48213"})]
    assert "lamp" in turn.text


async def test_a_return_without_its_order_number_loads_the_last_order(play):
    session = await play(RETURNS)
    turn = await session.say("I want to return my order but I don't have the order number")
    assert turn.became("no_order_number") == "matched"
    assert turn.became("has_order_number") != "matched"
    assert turn.calls == [("load_last_order", {})]
    assert "rug" in turn.text


async def test_an_order_number_outside_a_return_loads_nothing(play):
    turn = await (await play(RETURNS)).say("when will order 48213 arrive?")
    assert turn.became("has_order_number") == "unmet_dependency handle_return"
    assert turn.calls == []


async def test_the_order_number_may_be_given_when_the_agent_asks_for_it(play):
    asking = "action: Help them complete the return process, and ask for the order number"
    session = await play(RETURNS.replace("action: Help them complete the return process", asking))
    first = await session.say("I want to return my order")
    assert first.text.endswith("What is the order number?")
    assert (await session.say("it is 48213")).calls == [("load_order", {"order_number": "48213"})]


@pytest.mark.parametrize(
    ("answer", "call"),
    [
        ("48213", ("load_order", {"order_number": "48213"})),
        ("order number 48213", ("load_order", {"order_number": "48213"})),
        ("I don't know the order number", ("load_last_order", {})),
    ],
)
async def test_the_order_number_may_come_later_in_the_return_flow(play, answer, call):
    session = await play(RETURNS)
    first = await session.say("I want to return my order")
    assert first.calls == []
    then = await session.say(answer)
    assert then.became("handle_return") == "already_applied 1"
    assert then.calls == [call]


WARRANTY = """
guidelines:
  explain_returns:
    condition: The customer asks about returns
    action: Explain the return policy
    say: You can return anything within two weeks.
  mention_warranty:
    condition: The agent is explaining the return policy
    action: Also mention the 30-day warranty
"""


@pytest.mark.parametrize(("entails", "became"), [(True, "entailed explain_returns"), (False, "not_matched")])
async def test_entailment_guarantees_that_the_warranty_is_mentioned_whenever_returns_are_explained(
    play, entails, became
):
    more = "relationships:\n  - explain_returns entails mention_warranty\n" if entails else ""
    turn = await (await play(WARRANTY + more)).say("can I return these shoes?")
    assert turn.became("mention_warranty").startswith(became)
    assert ("30-day warranty" in turn.text) is entails


LIMITS = """
tools:
  fetch_atm: {description: Fetches the ATM limits., parameters: {}, data: {atm_limit: 500}}
  fetch_card: {description: Fetches the credit card limits., parameters: {}, data: {credit_card_limit: 3000}}
guidelines:
  fetch_atm_limits:
    condition: The customer is inquiring about their ATM limits
    action: Fetch the data from their account profile
    tools: [fetch_atm]
  fetch_credit_card_limits:
    condition: The customer is inquiring about their credit card's limits
    action: Fetch them from the card provider
    tools: [fetch_card]
observations:
  ambiguous_limits: The customer is inquiring about limits but it isn't clear which kind
relationships:
  - ambiguous_limits disambiguates fetch_atm_limits, fetch_credit_card_limits
"""


@pytest.mark.parametrize(
    ("answer", "tool", "limit"), [("credit card", "fetch_card", "3000"), ("the ATM one please", "fetch_atm", "500")]
)
async def test_what_are_my_limits_makes_the_agent_ask_which_kind_and_the_answer_decides(play, answer, tool, limit):
    session = await play(LIMITS)
    asked = await session.say("What are my limits?")
    assert asked.became("fetch_atm_limits") == "ambiguous fetch_credit_card_limits"
    assert asked.calls == []
    assert asked.text.endswith("?")
    assert "ATM limits" in asked.text
    assert "credit card" in asked.text
    told = await session.say(answer)
    assert told.calls == [(tool, {})]
    assert limit in told.text


async def test_a_clear_question_about_limits_is_answered_without_asking(play):
    turn = await (await play(LIMITS)).say("What are my ATM limits?")
    assert turn.calls == [("fetch_atm", {})]
    assert "500" in turn.text
