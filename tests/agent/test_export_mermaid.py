"""Journeys in Mermaid: every state and transition once, whatever their names and labels hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from random_journeys import TRICKY, journeys
from reading_mermaid import read_mermaid

from engine.agent.export.flow import one_line, plain_names
from engine.agent.export.mermaid import as_mermaid, escaped
from engine.agent.model import Journey, State, Transition

FLIGHT = Journey(
    name="book_flight",
    title="Book a flight",
    states=(
        State(name="ask", chat="Ask where to", next=(Transition(to="look"),)),
        State(name="look", tool="load_fares", next=(Transition(to="end_or_not"),)),
        State(
            name="end_or_not",
            next=(
                Transition(to="bags", when="They take it"),
                Transition(to="ask", when="Too dear: another place"),
                Transition(to="end", when="They leave"),
            ),
        ),
        State(name="bags", journey="add_bag"),
    ),
)


SIGNS = {"chat": "", "tool": "⚙ ", "link": "↪ "}


def says(shown: str, state: State) -> bool:
    """Whether a box says what its state does; where that cannot be shown, it says something else."""
    if state.kind == "fork":
        return shown == "<<choice>>"
    text = one_line(state.chat or state.tool or state.journey or "")
    return shown == SIGNS[state.kind] + text if text else len(shown) > len(SIGNS[state.kind])


def test_a_journey_is_a_state_diagram_that_people_can_read() -> None:
    assert as_mermaid(FLIGHT, {"add_bag": "Add a bag"}) == (
        "stateDiagram-v2\n"
        "    %% Book a flight\n"
        '    state "Ask where to" as s_ask\n'
        '    state "⚙ load_fares" as s_look\n'
        "    state s_end_or_not <<choice>>\n"
        '    state "↪ Add a bag" as s_bags\n'
        "    [*] --> s_ask\n"
        "    s_ask --> s_look\n"
        "    s_look --> s_end_or_not\n"
        "    s_end_or_not --> s_bags : They take it\n"
        "    s_end_or_not --> s_ask : Too dear#58; another place\n"
        "    s_end_or_not --> [*] : They leave\n"
        "    s_bags --> [*]\n"
        "    note right of s_bags : goes on with another journey\n"
    )


@given(journeys())
def test_every_state_and_every_transition_is_there_once(journey: Journey) -> None:
    diagram = read_mermaid(as_mermaid(journey))
    names = dict(zip((state.name for state in journey.states), diagram.titles, strict=True))
    assert all(says(shown, state) for shown, state in zip(diagram.titles.values(), journey.states, strict=True))
    assert diagram.starts == [names[journey.states[0].name]]
    assert diagram.ways == [
        (names[state.name], None if way.ends else names[way.to], one_line(way.condition or ""))
        for state in journey.states
        for way in state.next or (Transition(to="end"),)
    ]
    assert diagram.notes == [names[state.name] for state in journey.states if state.kind == "link"]


@given(journeys())
def test_the_same_journey_is_the_same_text(journey: Journey) -> None:
    assert as_mermaid(journey) == as_mermaid(journey.model_copy(deep=True))


@pytest.mark.parametrize("word", ["end", "state", "note", "default", "direction", "fork", "class", "root_start"])
def test_a_state_may_be_called_by_a_word_of_mermaid(word: str) -> None:
    ways = (Transition(to="other", when=word),)
    journey = Journey(name="j", states=(State(name=word, chat=word, next=ways), State(name="other", chat="Go on")))
    diagram = read_mermaid(as_mermaid(journey))
    assert diagram.titles == {f"s_{word}": word, "s_other": "Go on"}
    assert diagram.ways[0] == (f"s_{word}", "s_other", word)


@pytest.mark.parametrize("text", TRICKY)
def test_a_text_is_shown_as_it_is(text: str) -> None:
    journey = Journey(
        name="j", states=(State(name="a", chat="Ask", next=(Transition(to="a", when=text), Transition(to="end"))),)
    )
    assert read_mermaid(as_mermaid(journey)).ways[0] == ("s_a", "s_a", one_line(text))


def test_plain_words_stay_readable() -> None:
    for text in (
        "They don't (yet)",
        "load_popular_destinations",
        "$10,000 or more?",
        "Größe 日本語 🍕",
        "check-in at 9.30",
    ):
        assert escaped(text) == text


def test_names_that_are_alike_are_told_apart() -> None:
    assert plain_names(["a b", "a-b", "A_B", "é", "日本", "日"]) == ["s_a_b", "s_a_b_2", "s_A_B_3", "s_2", "s_3", "s_4"]


def test_a_plain_name_is_never_given_twice() -> None:
    found = plain_names(["a_2", "a", "a!", "a_2!", "a_2_2"])
    assert len({name.lower() for name in found}) == len(found)


def test_a_journey_without_states_is_a_diagram_without_any() -> None:
    assert as_mermaid(Journey(name="later")) == "stateDiagram-v2\n    %% later\n"
