"""The example of the design, read whole: every field lands where it should."""

from datetime import timedelta
from pathlib import Path

import pytest

from engine.agent.basics import CompositionMode
from engine.agent.document import AgentDocument
from engine.agent.loading import load_agent
from engine.agent.model import (
    Agent,
    CannedResponse,
    Guideline,
    Journey,
    Observation,
    RelationshipKind,
    Tool,
    Transition,
)

ATLAS = Path(__file__).parent / "data" / "atlas"


@pytest.fixture(scope="module")
def document() -> AgentDocument:
    return load_agent(ATLAS)


@pytest.fixture(scope="module")
def agent(document: AgentDocument) -> Agent:
    return document.agent


def test_a_folder_and_its_file_load_the_same_agent(agent: Agent) -> None:
    assert load_agent(ATLAS / "agent.yaml").agent == agent


def test_the_head_of_the_file_is_read(agent: Agent) -> None:
    assert agent.name == "Atlas Travel"
    assert agent.description == "You help customers of Atlas Travel book and change trips."
    assert agent.composition_mode is CompositionMode.FLUID
    assert agent.preambles == ("Sure thing.", "Let me look into that.")
    assert agent.no_match == "Sorry, I can't help with that here."


def test_glossary_capabilities_and_customers_are_read(agent: Agent) -> None:
    term, capability, customer = agent.glossary[0], agent.capabilities[0], agent.customers[0]
    assert (term.id, term.name, term.synonyms) == ("fare_lock", "Fare Lock", ("price hold",))
    assert term.description == "Holds a price for 48 hours."
    assert (capability.name, capability.title) == ("reset_password", "Reset passwords")
    assert capability.signals == ("I forgot my password",)
    assert (customer.id, customer.name, customer.tags) == ("georgie", "Georgie Boy", ("vip",))


def test_variables_have_values_for_tags_and_customers_and_tools_that_refresh_them(agent: Agent) -> None:
    plan, miles = agent.variables
    assert (plan.value, plan.values_for) == ("free", {"tag:vip": "business", "georgie": "gold"})
    assert (miles.tool, miles.freshness) == ("get_miles", "*/15 * * * *")


def test_a_tool_that_is_a_stub_alone_becomes_one_stub(agent: Agent) -> None:
    tool = agent.things["get_miles"]
    assert isinstance(tool, Tool)
    assert len(tool.stubs) == 1
    assert (tool.stubs[0].data, tool.stubs[0].fields) == (1200, {"miles": 1200})


def test_a_tool_in_python_takes_its_parameters_from_the_signature(agent: Agent) -> None:
    tool = agent.things["book_flight"]
    assert isinstance(tool, Tool)
    assert (tool.python, tool.description) == ("tools.book_flight", "Books a flight.")
    assert [(one.name, one.type, one.required) for one in tool.parameters] == [
        ("destination", "string", True),
        ("date", "date", True),
        ("passengers", "integer", False),
        ("cabin", "enum", False),
        ("meal", "enum", False),
        ("notes", "list of string", False),
    ]


def test_parameters_control_and_background_work_of_tools_are_read(agent: Agent) -> None:
    hand_off, check_fare = agent.things["hand_off"], agent.things["check_fare"]
    assert isinstance(hand_off, Tool) and isinstance(check_fare, Tool)
    assert (hand_off.parameters[0].name, hand_off.parameters[0].source) == ("reason", "context")
    assert (hand_off.stubs[0].data, hand_off.stubs[0].control.mode) == ("queued", "manual")
    assert check_fare.stubs[0].after == timedelta(minutes=20)
    follow_up = check_fare.stubs[0].follow_up
    assert follow_up is not None
    assert (follow_up.action, follow_up.rationale) == ("Tell them the fare", "follow_up")


def test_observations_are_read_in_short_and_long_form(agent: Agent) -> None:
    upset, hurry = agent.observations[:2]
    assert upset == Observation(name="upset", condition="The customer is becoming upset or frustrated")
    assert hurry.composition_mode is CompositionMode.STRICT
    assert hurry.canned_responses == ("short_answer",)


def test_guidelines_carry_examples_tools_and_responses_of_their_own(agent: Agent) -> None:
    guideline = agent.things["wants_person"]
    assert isinstance(guideline, Guideline)
    assert guideline.action == "Hand off and explain the transition professionally"
    assert guideline.examples == ("get me a person", "can I speak to an agent?")
    assert guideline.counterexamples == ("is this seat for one person",)
    assert guideline.tools == ("hand_off",)
    assert guideline.canned_responses == (
        CannedResponse(name="joining", template="One moment, {{std.customer.name}}, a colleague is joining us."),
        "short_answer",
    )
    assert agent.tagged == {"premium": ("upsell",)}


def test_relationships_read_back_as_their_lines(agent: Agent) -> None:
    assert [str(line) for line in agent.relationships] == [
        "upset excludes upsell",
        "upsell depends_on book_trip",
        "explain_refund entails mention_lock",
        "upset excludes tag:premium",
        "upsell depends_on any of in_a_hurry, tag:premium",
        "unclear_trip disambiguates book_trip, change_trip",
    ]
    assert agent.relationships[5].kind is RelationshipKind.DISAMBIGUATES


def test_canned_responses_are_read_in_short_and_long_form(agent: Agent) -> None:
    short, fare, apology = agent.canned_responses
    assert short == CannedResponse(name="short_answer", template="Done. Anything else?")
    assert fare.template == (
        'Your fare is {{ fare | money("EUR") }}{% if miles > 1000 %}, and your miles pay a part of it{% endif %}.'
    )
    assert fare.signals == ("the fare comes to 240 euros",)
    assert fare.metadata == {"reply_suggestions": ["Book it", "Show alternatives"]}
    assert apology.exclusive


def test_follow_ups_are_read(agent: Agent) -> None:
    follow_up = agent.follow_ups[0]
    assert (follow_up.after, follow_up.at_most) == (timedelta(minutes=3), 1)
    assert follow_up.action == "Gently ask if the customer is still there"


def test_states_lead_on_directly_by_conditions_or_with_examples(agent: Agent) -> None:
    journey = agent.things["book_trip"]
    assert isinstance(journey, Journey)
    states = journey.by_name
    assert journey.first is states["ask_destination"]
    assert states["ask_destination"].next == (
        Transition(to="get_dates", condition="They do"),
        Transition(to="popular", condition="They don't"),
    )
    assert states["popular"].direct == Transition(to="recommend")
    assert states["recommend"].next == (
        Transition(to="get_dates", condition="Destination selected", examples=("Rome then", "let's do Lisbon")),
    )
    assert [state.kind for state in journey.states][:5] == ["chat", "tool", "chat", "chat", "fork"]
    assert states["ticket"].next == ()


def test_journeys_have_guidelines_and_a_mode_of_their_own(agent: Agent) -> None:
    book, change = agent.journeys
    assert book.conditions == ("The customer requested to book a trip",)
    assert book.guidelines[0].tools == ("hand_off",)
    assert change.composition_mode is CompositionMode.STRICT
    assert agent.state("book_trip.ask_destination") is not None


def test_reading_runs_none_of_the_agents_code_and_finds_one_thing_to_improve(document: AgentDocument) -> None:
    assert [problem.id for problem in document.warnings] == ["exclusive-unattached"]
    assert "'apology'" in str(document.warnings[0])


def test_a_path_leads_to_the_node_and_its_place(document: AgentDocument) -> None:
    start, end = document.span(("guidelines", "wants_person", "canned_responses", 0, "joining"))
    assert document.text[start:end] == "One moment, {{std.customer.name}}, a colleague is joining us."
    start, end = document.span(("journeys", "book_trip", "states", "recommend", "next", 0, "to"))
    assert document.text[start:end] == "get_dates"
