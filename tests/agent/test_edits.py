from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from random_agents import agents_with_edits

from engine.agent.edits import (
    AddThing,
    Compound,
    Edit,
    SetField,
    add_thing,
    apply,
    edit_from_json,
    edit_to_json,
    invert,
    move_thing,
    remove_thing,
    rename_thing,
    set_field,
)
from engine.agent.model import (
    Agent,
    CannedResponse,
    Customer,
    Guideline,
    Journey,
    Observation,
    Relationship,
    RelationshipKind,
    State,
    Stub,
    Tool,
    Transition,
    Variable,
)
from engine.agent.places import EditError

PIZZA = Agent(
    name="Pizza",
    no_match="Sorry, {{std.variables.plan}}",
    variables=(Variable(name="plan", value="free", values_for={"georgie": "gold", "tag:vip": "x"}, tool="load"),),
    customers=(Customer(id="georgie"),),
    tools=(Tool(name="load"),),
    observations=(Observation(name="upset", condition="The customer is upset", reevaluate_after=("load",)),),
    guidelines=(
        Guideline(name="offer", condition="c", action="a", tools=("load",), canned_responses=("short",)),
        Guideline(name="upsell", condition="c", action="a"),
    ),
    relationships=(
        Relationship(kind=RelationshipKind.EXCLUDES, source="upset", targets=("offer", "trip.ask", "tag:upset")),
    ),
    canned_responses=(CannedResponse(name="short", template="You are on {{ std.variables.plan }}, planned"),),
    journeys=(
        Journey(
            name="trip",
            conditions=("upset", "The customer is upset"),
            states=(
                State(name="ask", chat="Ask", next=(Transition(to="go"),), canned_responses=("short",)),
                State(name="go", tool="load", next=(Transition(to="ask"),)),
            ),
        ),
        Journey(name="other", states=(State(name="ask", chat="x"), State(name="link", journey="trip"))),
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(agents_with_edits())
def test_undoing_an_edit_gives_the_same_agent_and_json_keeps_the_edit(case: tuple[Agent, Edit]) -> None:
    agent, edit = case
    kept = edit_from_json(json.loads(json.dumps(edit_to_json(edit))))
    assert kept == edit
    try:
        after = apply(agent, edit)
    except EditError as error:
        assert "\n" not in str(error)
        return
    assert apply(agent, kept) == after
    assert apply(after, invert(edit)) == agent
    assert Agent.model_validate(after.model_dump()) == after


def test_renaming_a_tool_follows_every_mention() -> None:
    after = apply(PIZZA, rename_thing(PIZZA, "tools.load", "fetch"))
    assert after.variables[0].tool == "fetch"
    assert after.guidelines[0].tools == ("fetch",)
    assert after.observations[0].reevaluate_after == ("fetch",)
    assert after.journeys[0].states[1].tool == "fetch"
    assert "load" not in after.model_dump_json()


def test_renaming_an_observation_follows_relationships_and_conditions_that_are_its_name() -> None:
    after = apply(PIZZA, rename_thing(PIZZA, "observations.upset", "angry"))
    assert str(after.relationships[0]) == "angry excludes offer, trip.ask, tag:upset"
    assert after.journeys[0].conditions == ("angry", "The customer is upset")


def test_renaming_a_journey_follows_links_and_its_states_in_relationships() -> None:
    after = apply(PIZZA, rename_thing(PIZZA, "journeys.trip", "booking"))
    assert after.relationships[0].targets[1] == "booking.ask"
    assert after.journeys[1].states[1].journey == "booking"


def test_renaming_a_state_stays_in_its_journey() -> None:
    after = apply(PIZZA, rename_thing(PIZZA, "journeys.trip.states.ask", "inquire"))
    assert [state.name for state in after.journeys[0].states] == ["inquire", "go"]
    assert after.journeys[0].states[1].next[0].to == "inquire"
    assert after.relationships[0].targets[1] == "trip.inquire"
    assert after.journeys[1].states[0].name == "ask"


def test_renaming_a_variable_follows_templates_word_for_word() -> None:
    after = apply(PIZZA, rename_thing(PIZZA, "variables.plan", "tariff"))
    assert after.no_match == "Sorry, {{std.variables.tariff}}"
    assert after.canned_responses[0].template == "You are on {{ std.variables.tariff }}, planned"


def test_renaming_a_customer_or_a_response_follows_its_mentions() -> None:
    after = apply(PIZZA, rename_thing(PIZZA, "customers.georgie", "george"))
    assert list(after.variables[0].values_for) == ["george", "tag:vip"]
    after = apply(PIZZA, rename_thing(PIZZA, "canned_responses.short", "brief"))
    assert after.guidelines[0].canned_responses == ("brief",)
    assert after.journeys[0].states[0].canned_responses == ("brief",)


@pytest.mark.parametrize(
    ("name", "said"),
    [("upsell", "already"), ("End", "no name"), ("end", "something else"), ("go go", "no name"), ("short", "already")],
)
def test_a_name_that_cannot_be_given_is_refused_in_one_line(name: str, said: str) -> None:
    with pytest.raises(EditError, match=said):
        apply(PIZZA, rename_thing(PIZZA, "guidelines.offer", name))


def test_a_name_that_something_mentions_without_its_being_there_is_refused() -> None:
    dangling = apply(PIZZA, remove_thing(PIZZA, "guidelines.offer"))
    with pytest.raises(EditError, match="mentioned already"):
        apply(dangling, rename_thing(dangling, "guidelines.upsell", "offer"))


def test_an_edit_made_for_another_agent_is_refused() -> None:
    edit = set_field(PIZZA, "guidelines.offer", "action", "new")
    with pytest.raises(EditError, match=r"guidelines\.offer\.action is no longer"):
        apply(apply(PIZZA, edit), edit)
    gone = remove_thing(PIZZA, "guidelines.offer")
    with pytest.raises(EditError, match="something else"):
        apply(apply(PIZZA, gone), gone)
    with pytest.raises(EditError, match="no position 2"):
        apply(PIZZA, move_thing(PIZZA, "guidelines.offer", 2))


@pytest.mark.parametrize("place", ["guidelines.nobody", "nowhere.offer", "journeys.none.states.ask", "offer"])
def test_an_unknown_place_is_named(place: str) -> None:
    with pytest.raises(EditError):
        set_field(PIZZA, place, "action", "new")


@pytest.mark.parametrize(
    ("place", "field"), [("guidelines.offer", "name"), ("", "guidelines"), ("journeys.trip", "states"), ("", "colour")]
)
def test_names_and_sections_are_no_fields_to_set(place: str, field: str) -> None:
    with pytest.raises(EditError, match="no field"):
        set_field(PIZZA, place, field, "new")


def test_a_value_that_does_not_fit_is_refused_in_one_line() -> None:
    with pytest.raises(EditError, match=r"guidelines\.offer\.priority cannot be 'soon'"):
        set_field(PIZZA, "guidelines.offer", "priority", "soon")


def test_a_value_of_another_type_that_is_equal_counts_as_another() -> None:
    tool = Tool(name="t", stubs=(Stub(data=1),))
    agent = Agent(name="A", tools=(tool,))
    after = apply(agent, set_field(agent, "tools.t", "stubs", (Stub(data=True),)))
    assert after.tools[0].stubs[0].data is True


def test_a_thing_of_another_kind_or_with_a_taken_name_is_not_added() -> None:
    with pytest.raises(EditError, match="does not belong"):
        apply(PIZZA, add_thing(PIZZA, "guidelines", Observation(name="new", condition="c")))
    with pytest.raises(EditError, match="already"):
        apply(PIZZA, add_thing(PIZZA, "observations", Observation(name="trip", condition="c")))


def test_what_an_agent_has_cached_is_not_carried_into_the_next() -> None:
    assert "offer" in PIZZA.things
    after = apply(PIZZA, remove_thing(PIZZA, "guidelines.offer"))
    assert "offer" not in after.things
    assert after.digest != PIZZA.digest


def test_several_edits_as_one_are_undone_in_reverse() -> None:
    first = rename_thing(PIZZA, "guidelines.offer", "suggest")
    second = set_field(apply(PIZZA, first), "guidelines.suggest", "action", "new")
    both = Compound(title="Reword the offer", edits=(first, second))
    after = apply(PIZZA, both)
    assert after.guidelines[0].action == "new"
    assert apply(after, invert(both)) == PIZZA


def test_json_that_is_no_edit_is_refused_in_one_line() -> None:
    for kept in ({"kind": "explode"}, {"kind": "set", "place": ""}, edit_to_json(PIZZA_EDIT) | {"section": "no"}):
        with pytest.raises(EditError) as raised:
            edit_from_json(kept)
        assert "\n" not in str(raised.value)


PIZZA_EDIT = AddThing(section="guidelines", position=0, thing=Guideline(name="n", condition="c", action="a"))


def test_an_edit_says_its_values_in_json_form() -> None:
    edit = set_field(PIZZA, "", "composition_mode", "strict")
    assert edit == SetField(place="", field="composition_mode", old="fluid", new="strict")
