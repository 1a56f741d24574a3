"""Where things are used, what is around them, how journeys read as outlines, where problems lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agent.loading import parse_agent
from engine.agent.model import Journey, State, Transition
from studio.things.around import around, links_of, matrix, related
from studio.things.catalog import THE_AGENT, Things
from studio.things.outline import outline
from studio.things.places import nearest_thing, problems_by_thing, source_of, span_of
from studio.things.uses import uses

TEXT = """\
name: Atlas
no_match: I do not follow, {{ std.variables.plan }}.

variables:
  plan: {value: free, for: {"tag:vip": gold, georgie: best}}
  miles: {tool: get_miles, freshness: "* * * * *"}
customers:
  georgie: {name: Georgie, tags: [vip]}
tools:
  get_miles: {data: 3, fields: {miles: 3}}
  # a comment between two things

observations:
  upset: The customer is upset
  hurry: The customer is in a hurry
guidelines:
  offer:
    condition: The customer chooses
    action: Offer the better one
    tags: [premium, premiun]
    canned_responses: [miles_are, own: Only this]
  again:
    condition: The customer chooses
    action: Look
    reevaluate_after: [get_miles]
  lonely: {condition: The customer sings, action: Sing along}
relationships:
  - upset excludes tag:premium
  - offer depends_on any of hurry, again
  - hurry entails again
  - upset disambiguates trip, offer
canned_responses:
  miles_are: "{{ miles }} miles"
journeys:
  trip:
    conditions: [upset]
    tags: [premium]
    states:
      ask: {chat: Ask where, next: {They do: go, They don't: ask, They stop: end}}
      go: {tool: get_miles, next: tell}
      tell: {chat: Tell them, next: {More: ask, Done: bye}}
      bye: {chat: Say bye}
      lost: {chat: Nobody comes here}
"""


@pytest.fixture
def document():
    return parse_agent(TEXT)


@pytest.fixture
def things(document) -> Things:
    return Things(document.agent)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "get_miles",
            {
                ("again", "is looked at again after it"),
                ("trip.go", "calls it"),
                ("miles", "is kept fresh by it"),
                ("miles_are", "shows miles"),
            },
        ),
        ("miles_are", {("offer", "prefers it")}),
        ("own", set()),
        ("plan", {(THE_AGENT, "shows std.variables.plan")}),
        ("georgie", {("plan", "has a value for it")}),
        ("tag:vip", {("plan", "has a value for it")}),
        ("upset", {("trip", "begins when it holds")}),
        ("trip.ask", {("trip.ask", "leads here: when They don't"), ("trip.tell", "leads here: when More")}),
        ("trip.tell", {("trip.go", "leads here: always")}),
        ("offer", set()),
        ("nobody", set()),
    ],
)
def test_uses_are_found_with_the_words_for_them(things, key, expected):
    assert {(line.target, line.text) for line in uses(things, key)} == expected


def said(links) -> list[tuple[int, str, bool]]:
    return [(link.depth, f"{link.source} {link.said}", link.again) for link in links]


def test_relationships_are_seen_from_both_ends_and_through_tags(things):
    assert [link.said for link in links_of(things, "offer")] == [
        "is excluded by upset, through tag:premium",
        "needs one of hurry",
        "needs one of again",
        "is a choice of upset",
    ]
    assert [link.said for link in links_of(things, "again")] == [
        "is one of those needed by offer",
        "is entailed by hurry",
    ]


def test_one_step_around_a_tag_are_its_bearers_and_whoever_names_it(things):
    assert said(around(things, "tag:premium", 1)) == [
        (1, "tag:premium is excluded by upset", False),
        (1, "tag:premium is borne by offer", False),
        (1, "tag:premium is borne by trip", False),
    ]


def test_two_steps_lead_on_from_the_nearest_place_once(things):
    links = said(around(things, "hurry", 2))
    assert links[:2] == [
        (1, "hurry is one of those needed by offer", False),
        (2, "offer is excluded by upset, through tag:premium", False),
    ]
    assert (1, "hurry entails again", False) in links
    assert sum(words.startswith("offer needs one of again") for _, words, _ in links) == 1


def test_what_has_no_relationships_has_nothing_around_it(things):
    assert around(things, "lonely", 3) == ()
    assert "lonely" not in related(things)


def test_whatever_takes_part_is_listed_by_kind(things):
    assert related(things) == ("offer", "again", "upset", "hurry", "trip", "tag:premium")


def test_the_matrix_has_a_sign_for_every_relationship_of_the_neighbourhood(things):
    table = matrix(things, "hurry", 1)
    assert table.rows == ("offer", "again", "hurry")
    assert table.cells == {("offer", "hurry"): "←", ("offer", "again"): "←", ("hurry", "again"): "→"}
    assert table.columns == ("again", "hurry")


def test_an_outline_shows_each_state_once_and_names_the_other_ways(things):
    journey = things.agent.journeys[0]
    shown = [(line.depth, line.glyph, line.state, line.condition) for line in outline(journey)]
    assert shown == [
        (0, "●", "ask", ""),
        (1, "⚙", "go", "They do"),
        (1, "○", "tell", ""),
        (2, "↩", "ask", "More"),
        (2, "○", "bye", "Done"),
        (1, "↩", "ask", "They don't"),
        (1, "■", "", "They stop"),
        (0, "!", "", ""),
        (0, "○", "lost", ""),
    ]
    assert [line.state for line in outline(journey) if line.ends] == ["bye", "lost"]


def test_a_way_to_a_state_of_another_branch_is_a_merge():
    states = [
        State(name="a", next=(Transition(to="b", when="x"), Transition(to="c", when="y"))),
        State(name="b", chat="B", next=(Transition(to="d"),)),
        State(name="c", chat="C", next=(Transition(to="d"),)),
        State(name="d", chat="D"),
    ]
    assert [(line.glyph, line.state) for line in outline(Journey(name="j", states=tuple(states)))] == [
        ("●", "a"),
        ("○", "b"),
        ("○", "d"),
        ("○", "c"),
        ("→", "d"),
    ]


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    count = draw(st.integers(0, 9))
    names = [f"s{number}" for number in range(count)]
    ends = st.sampled_from([*names, "end", "nowhere"])
    states = [
        State(name=name, chat=name, next=tuple(Transition(to=to) for to in draw(st.lists(ends, max_size=3))))
        for name in names
    ]
    return Journey(name="j", states=tuple(states))


@given(journeys())
def test_every_state_is_shown_once_and_every_way_too(journey):
    lines = outline(journey)
    assert sorted(line.state for line in lines if line.is_state) == sorted(journey.by_name)
    ways = [(line.source, line.state or line.text) for line in lines if line.source]
    expected = [(state.name, "the end" if way.ends else way.to) for state in journey.states for way in state.next]
    assert sorted(ways) == sorted(expected)


def test_a_journey_of_ten_thousand_states_needs_no_recursion():
    count = 10_000
    states = tuple(
        State(name=f"s{number}", chat="x", next=(Transition(to=f"s{number + 1}"),) if number + 1 < count else ())
        for number in range(count)
    )
    assert len(outline(Journey(name="j", states=states))) == count


def test_a_thing_is_shown_as_it_is_written_without_what_follows_it(things, document):
    first, text = source_of(document, things.entries["get_miles"])
    assert (first, text) == (10, "  get_miles: {data: 3, fields: {miles: 3}}")
    first, text = source_of(document, things.entries["again"])
    assert text.splitlines()[0] == "  again:" and text.splitlines()[-1] == "    reevaluate_after: [get_miles]"
    first, text = source_of(document, things.entries["own"])
    assert "own: Only this" in text
    first, text = source_of(document, things.entries["relationships.1"])
    assert text == "  - offer depends_on any of hurry, again"


def test_the_whole_file_belongs_to_the_agent(things, document):
    assert source_of(document, things.entries[THE_AGENT]) == (1, TEXT.rstrip("\n"))


def test_a_problem_counts_for_every_thing_around_it(things, document):
    by_thing = problems_by_thing(things, document, document.warnings)
    assert {problem.id for problem in by_thing["offer"]} == {"tag-like-another"}
    assert {problem.id for problem in by_thing["trip.lost"]} <= {problem.id for problem in by_thing["trip"]}
    assert all(problem.line in span_of(document, things.entries["trip.lost"]) for problem in by_thing["trip.lost"])


def test_a_problem_of_one_thing_does_not_count_for_its_neighbours(things, document):
    by_thing = problems_by_thing(things, document, [document.warning("made-up", ("guidelines", "again"), "so")])
    assert [*by_thing] == ["again"]


def test_a_problem_leads_to_the_smallest_thing_around_it(things, document):
    unreachable = next(problem for problem in document.warnings if "lost" in problem.message)
    assert nearest_thing(things, document, unreachable) == "trip.lost"
