"""How journeys move, by conversations with three journeys of different trades."""

from datetime import datetime

import pytest

from engine.agent.model import Agent, Journey, Parameter, State, Tool, Transition
from engine.reasoner.conversation import Conversation, KnownResult, Position, Said
from engine.reasoner.embedded.journeys.edges import EdgeJudge
from engine.reasoner.embedded.journeys.stepping import Stepper
from engine.reasoner.embedded.judging.matching import Matcher
from engine.reasoner.embedded.language.similarity import LexicalSimilarity


def journey(**states):
    """A journey from `name={chat|tool, next}`; `next` is a name or conditions mapped to names."""
    made = []
    for name, values in states.items():
        following = values.get("next", {})
        edges = {None: following} if isinstance(following, str) else following
        transitions = tuple(Transition(to=to, condition=condition) for condition, to in edges.items())
        made.append(State(name=name, chat=values.get("chat"), tool=values.get("tool"), next=transitions))
    return Journey(name="it", title="It", states=tuple(made))


TRIP = journey(
    ask_destination={
        "chat": "Ask if they have a destination in mind",
        "next": {"They do": "get_dates", "They don't": "popular"},
    },
    popular={"tool": "load_popular", "next": "recommend"},
    recommend={"chat": "Recommend a destination", "next": {"Destination selected": "get_dates"}},
    get_dates={"chat": "Get dates of travel", "next": "confirm"},
    confirm={"chat": "Confirm details", "next": "book"},
    book={"tool": "book_flight", "next": "ticket"},
    ticket={"chat": "Provide ticket details"},
)
BUSINESS = journey(
    get_dates={"chat": "Get dates of travel", "next": "which_class"},
    which_class={
        "next": {"The customer travels on business": "invoice", "The customer travels privately": "confirm"},
    },
    invoice={"chat": "Ask for the invoice address", "next": "confirm"},
    confirm={"chat": "Confirm details", "next": "end"},
)
PIZZA = journey(
    size={"chat": "Ask what size pizza they want", "next": "toppings"},
    toppings={"chat": "Ask which toppings they would like", "next": "drinks"},
    drinks={
        "chat": "Ask if they want any drinks with their order",
        "next": {"They want drinks": "which_drink", "They don't want drinks": "confirm"},
    },
    which_drink={"chat": "Ask which drink", "next": "confirm"},
    confirm={
        "chat": "Confirm the order",
        "next": {"The customer confirms": "place", "The customer wants to change something": "size"},
    },
    place={"tool": "place_order", "next": "done"},
    done={"chat": "Tell them the order is on its way"},
)
POPULAR = (KnownResult("load_popular", {}, ["Rome", "Lisbon"], this_turn=True),)
ASKED = "Do you have a destination in mind?"


@pytest.fixture(scope="module")
def stepper():
    return Stepper(EdgeJudge(Matcher(LexicalSimilarity())))


def walk(stepper, journey, path, *texts, spoken=True, results=(), agent=None, variables=None):
    said = [
        Said("customer" if (len(texts) - place) % 2 else "agent", text, place // 2 + 1)
        for place, text in enumerate(texts)
    ]
    conversation = Conversation(
        agent or Agent(name="Agent"),
        tuple(said),
        datetime(2026, 3, 2, 9, 0),
        turn=said[-1].turn,
        results=results,
        variables=variables or {},
    )
    return stepper.step(journey, Position(tuple(path), spoken) if path else None, conversation)


STARTS = [
    (TRIP, "I'd like to book a trip", ["ask_destination"]),
    (TRIP, "book a trip to Rome", ["ask_destination", "get_dates"]),
    (TRIP, "I need a flight to rome on the 14th", ["ask_destination", "get_dates", "confirm"]),
    (PIZZA, "i want to order a pizza", ["size"]),
    (PIZZA, "i want to order a large pizza", ["size", "toppings"]),
]


@pytest.mark.parametrize(("journey", "message", "path"), STARTS)
def test_a_journey_starts_at_the_first_state_that_is_not_answered_yet(stepper, journey, message, path):
    step = walk(stepper, journey, [], message)
    assert (step.move, list(step.path)) == ("start", path)


MOVES = [
    # where it stands, what the agent said, what the customer answers, the move, the path
    (TRIP, ["ask_destination"], ASKED, "Rome", "advance", ["get_dates"]),
    (TRIP, ["ask_destination"], ASKED, "yes", "advance", ["get_dates"]),
    (TRIP, ["ask_destination"], ASKED, "no", "advance", ["popular"]),
    (TRIP, ["ask_destination"], ASKED, "no idea, surprise me", "advance", ["popular"]),
    (TRIP, ["ask_destination"], ASKED, "what's the weather like there?", "stay", []),
    (TRIP, ["ask_destination"], ASKED, "forget it", "leave", []),
    (TRIP, ["ask_destination", "get_dates"], "When?", "the 14th", "advance", ["confirm"]),
    (TRIP, ["ask_destination", "get_dates"], "When?", "next friday pls", "advance", ["confirm"]),
    (TRIP, ["ask_destination", "get_dates"], "When?", "what's the weather?", "stay", []),
    (TRIP, ["ask_destination", "get_dates"], "When?", "never mind", "leave", []),
    (TRIP, ["ask_destination", "get_dates", "confirm"], "Is that right?", "yep", "advance", ["book"]),
    (TRIP, ["ask_destination", "get_dates", "confirm"], "Is that right?", "how much is it?", "stay", []),
    (TRIP, ["ask_destination", "get_dates", "confirm"], "Is that right?", "no", "stay", []),
    (
        TRIP,
        ["ask_destination", "get_dates", "confirm"],
        "Is that right?",
        "actually, a different date",
        "back",
        ["get_dates"],
    ),
    (
        TRIP,
        ["ask_destination", "get_dates", "confirm"],
        "Is that right?",
        "can we start over",
        "restart",
        ["ask_destination"],
    ),
    (TRIP, ["ask_destination", "get_dates"], "When?", "let's start over", "restart", ["ask_destination"]),
    (TRIP, ["confirm", "book", "ticket"], "Your ticket is TK-77.", "thanks", "complete", ["end"]),
    (PIZZA, ["size"], "What size?", "large please", "advance", ["toppings"]),
    (PIZZA, ["size", "toppings"], "Which toppings?", "olives and ham", "advance", ["drinks"]),
    (PIZZA, ["size", "toppings"], "Which toppings?", "what toppings do you have?", "stay", []),
    (PIZZA, ["size", "toppings", "drinks"], "Anything to drink?", "a coke please", "advance", ["which_drink"]),
    (PIZZA, ["size", "toppings", "drinks"], "Anything to drink?", "no thanks", "advance", ["confirm"]),
    (PIZZA, ["size", "toppings", "drinks"], "Anything to drink?", "not sure", "stay", []),
    (PIZZA, ["size", "toppings", "drinks"], "Anything to drink?", "do you have coke?", "stay", []),
    (PIZZA, ["size", "confirm"], "A large ham, ok?", "yes that's right", "advance", ["place"]),
    (PIZZA, ["size", "confirm"], "A large ham, ok?", "i want to change something", "advance", ["size"]),
    (PIZZA, ["size", "confirm"], "A large ham, ok?", "actually make the size small", "back", ["size"]),
    (BUSINESS, ["get_dates"], "When?", "the 14th, it's a business trip", "advance", ["which_class", "invoice"]),
    (BUSINESS, ["get_dates"], "When?", "the 14th", "stay", []),
    (BUSINESS, ["get_dates", "confirm"], "Is that right?", "yes", "complete", ["end"]),
]


@pytest.mark.parametrize(("journey", "path", "agent_said", "message", "move", "entered"), MOVES)
def test_a_journey_moves_by_what_the_customer_answers(stepper, journey, path, agent_said, message, move, entered):
    step = walk(stepper, journey, path, "hi", agent_said, message)
    assert (step.move, list(step.path)) == (move, entered), step.why


def test_starting_over_asks_anew_for_what_was_said_before(stepper):
    step = walk(stepper, TRIP, ["ask_destination", "get_dates"], "to Rome", "When?", "can we start over")
    assert (step.move, step.path) == ("restart", ("ask_destination",))


def test_a_step_ends_at_a_tool_state_and_goes_on_once_the_tool_has_run(stepper):
    texts = ("hi", ASKED, "no")
    assert walk(stepper, TRIP, ["ask_destination"], *texts).path == ("popular",)
    assert walk(stepper, TRIP, ["ask_destination", "popular"], *texts, spoken=False).path == ()
    after = walk(stepper, TRIP, ["ask_destination", "popular"], *texts, results=POPULAR)
    assert (after.move, after.path) == ("advance", ("recommend",))


def test_something_is_selected_by_naming_what_a_tool_listed(stepper):
    path = ["ask_destination", "popular", "recommend"]
    chosen = walk(stepper, TRIP, path, "no", "How about Rome or Lisbon?", "Rome then", results=POPULAR)
    assert chosen.path == ("get_dates",) and "Rome" in chosen.why
    asking = walk(stepper, TRIP, path, "no", "Rome or Lisbon?", "tell me more about lisbon", results=POPULAR)
    assert asking.path == ()
    refusing = walk(stepper, TRIP, path, "no", "Rome or Lisbon?", "not Rome", results=POPULAR)
    assert refusing.path == ()


def test_choices_of_a_tool_tell_what_an_answer_looks_like(stepper):
    seats = journey(seat={"chat": "Ask for the seat", "next": "done"}, done={"chat": "Thank them"})
    tool = Tool(name="book", parameters=(Parameter(name="seat", choices=("aisle", "window")),))
    agent = Agent(name="A", tools=(tool,))
    assert walk(stepper, seats, [], "i'd like to fly, window please", agent=agent).path == ("seat", "done")
    assert walk(stepper, seats, [], "i'd like to fly", agent=agent).path == ("seat",)


def test_conditions_out_of_a_tool_are_judged_by_its_result(stepper):
    stock = journey(
        look={"tool": "check_stock", "next": {"The stock is 0": "sold_out", "The stock is above 0": "offer"}},
        sold_out={"chat": "Tell them it is sold out"},
        offer={"chat": "Offer to order it"},
    )
    for value, entered in ((0, "sold_out"), (3, "offer")):
        results = (KnownResult("check_stock", {}, {"stock": value}, this_turn=True),)
        assert walk(stepper, stock, ["look"], "do you have it", results=results).path == (entered,)


def test_a_fork_is_decided_by_what_is_known(stepper):
    fork = journey(
        start_here={"next": {"plan is business": "vip", "plan is free": "basic"}},
        vip={"chat": "Welcome them"},
        basic={"chat": "Greet them"},
    )
    assert walk(stepper, fork, [], "hi", variables={"plan": "business"}).path == ("start_here", "vip")
    assert walk(stepper, fork, [], "hi", variables={"plan": "free"}).path == ("start_here", "basic")


def test_transitions_too_close_to_tell_stay_and_say_so(stepper):
    close = journey(
        ask={
            "chat": "Ask what they need",
            "next": {"The customer wants a refund": "a", "Customer asks for a refund": "b"},
        },
        a={"chat": "A"},
        b={"chat": "B"},
    )
    step = walk(stepper, close, ["ask"], "hi", "What do you need?", "i want a refund")
    assert (step.move, step.uncertain) == ("stay", True)
    assert len(step.edges) == 2


def test_losers_are_reported_with_their_scores(stepper):
    step = walk(stepper, TRIP, ["ask_destination"], "hi", ASKED, "yes")
    assert [(edge.to, edge.holds) for edge in step.edges] == [("get_dates", True), ("popular", False)]
    assert all(edge.why for edge in step.edges)


def test_otherwise_holds_when_the_customer_answered_and_nothing_else_does(stepper):
    other = journey(
        ask={"chat": "Ask what it is about", "next": {"It is about a refund": "refund", "Otherwise": "person"}},
        refund={"chat": "Explain refunds"},
        person={"chat": "Get a colleague"},
    )
    assert walk(stepper, other, ["ask"], "hi", "What is it about?", "a refund").path == ("refund",)
    assert walk(stepper, other, ["ask"], "hi", "What is it about?", "my cat").path == ("person",)


def test_an_example_of_a_transition_counts_where_a_message_is_neither_yes_nor_no(stepper):
    offer = State(
        name="offer",
        chat="Offer something similar",
        next=(
            Transition(to="show", condition="The customer agrees", examples=("show me", "let me see")),
            Transition(to="end", condition="The customer refuses", examples=("not today",)),
        ),
    )
    it = Journey(name="it", title="It", states=(offer, State(name="show", chat="Show it")))
    for message, entered in (("Show me", ("show",)), ("not today", ("end",)), ("hm, a horse", ())):
        assert walk(stepper, it, ("offer",), "> Shall I show you something similar?", message).path == entered


def test_one_answer_does_not_meet_two_states(stepper):
    both_ways = journey(
        leave={"chat": "Ask for the departure date", "next": "come_back"},
        come_back={"chat": "Ask for the return date", "next": "done"},
        done={"chat": "Confirm"},
    )
    assert walk(stepper, both_ways, [], "i want to fly on the 14th").path == ("leave", "come_back")


def test_a_state_that_was_not_said_yet_is_not_answered(stepper):
    assert walk(stepper, TRIP, ["ask_destination"], "book a trip", spoken=False).path == ()


@pytest.mark.parametrize("message", ["", "🙂", "?" * 3_000, "word " * 100_000])
def test_every_message_can_be_stepped_by(stepper, message):
    assert walk(stepper, TRIP, ["ask_destination"], "hi", ASKED, message).move in {"stay", "advance"}


def test_a_state_that_is_gone_starts_the_journey_anew(stepper):
    assert walk(stepper, TRIP, ["vanished"], "hi", "Hm?", "a trip").path[0] == "ask_destination"


WRAPPED = journey(
    wrap={"chat": "Ask if they want it gift wrapped", "next": {"They do": "card", "They don't": "end"}},
    card={"chat": "Ask if they want any card with it", "next": {"They do": "pay", "They don't": "end"}},
    pay={"chat": "Tell them how to pay"},
)


@pytest.mark.parametrize(
    ("path", "agent_said", "message", "move"),
    [
        (["wrap"], "Do you want it gift wrapped?", "a tulip", "stay"),
        (["wrap"], "Do you want it gift wrapped?", "yes please", "advance"),
        (["card"], "Do you want any card with it?", "a birthday card", "advance"),
        (["card"], "Do you want any card with it?", "can I pay on Friday?", "stay"),
    ],
)
def test_a_thing_is_a_yes_only_where_a_thing_was_asked_for(stepper, path, agent_said, message, move):
    assert walk(stepper, WRAPPED, path, "hi", agent_said, message).move == move


def test_a_session_that_finds_itself_on_a_fork_after_an_edit_goes_through_it(stepper):
    made = walk(stepper, BUSINESS, ("get_dates", "which_class"), "it's a business trip", spoken=False)
    assert (made.move, made.path) == ("advance", ("invoice",))
