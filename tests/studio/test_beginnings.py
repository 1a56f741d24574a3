"""A session that begins in the middle of a journey: the way there, and what nobody knows there."""

from __future__ import annotations

from engine.agent.model import Journey, State, Transition
from studio.modes.simulate.beginning import Beginning, shortest_way


def journey(**ways: str) -> Journey:
    """States by name, each with the names of those that follow it; the ones in capitals call a tool."""
    states = []
    for name, following in ways.items():
        onward = tuple(Transition(to=to, when=f"{to} is wanted") for to in following.split())
        tool = {"tool": f"call_{name}"} if name.isupper() else {"chat": f"Say {name}"}
        states.append(State(name=name, next=onward, **tool))
    return Journey(name="j", states=tuple(states))


def test_the_way_is_the_shortest_and_among_equal_ones_the_first_of_the_file():
    made = journey(a="b c", b="d", c="d end", d="a e", e="")
    assert shortest_way(made, "e") == ("a", "b", "d", "e")
    assert shortest_way(made, "a") == ("a",)


def test_a_state_that_nothing_leads_to_is_a_way_by_itself():
    assert shortest_way(journey(a="", b="c", c=""), "c") == ("c",)


def test_the_line_names_each_tool_on_the_way_once_and_not_the_one_that_is_still_called():
    made = journey(a="B", B="c", c="D", D="")
    assert Beginning.at(made, "D").tools == ("call_B",)
    assert Beginning.at(made, "D").said.startswith("begins at j.D; nothing was called")
    assert Beginning.at(made, "a").said == "begins at j.a"


def test_many_tools_are_counted():
    made = journey(A="B", B="C", C="D", D="E", E="f", f="")
    assert "call_A, call_B, call_C and 2 more" in Beginning.at(made, "f").said


def test_the_session_stands_there_with_its_words_yet_to_be_said():
    position = Beginning.at(journey(a="b", b=""), "b").state.journeys["j"]
    assert (position.path, position.status, position.spoken) == (("a", "b"), "active", False)
