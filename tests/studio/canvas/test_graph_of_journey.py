"""The graph of a journey: kinds, start, end, labels."""

from __future__ import annotations

from journeys_to_draw import chat, fork, tool

from engine.agent.model import Journey, State, Transition
from studio.canvas.graph import END, START, Graph, Kind, graph_of


def named_edges(graph: Graph) -> list[tuple[str, str, str]]:
    names = [node.name for node in graph.nodes]
    return [(names[edge.source], names[edge.target], edge.label) for edge in graph.edges]


def test_a_journey_without_states_is_an_empty_graph() -> None:
    assert graph_of(Journey(name="empty")) == Graph()


def test_every_kind_of_state_is_told_apart() -> None:
    states = (
        fork("which_way", {"Left": "left", "Right": "right", "Neither": "bags"}),
        tool("left", "asked"),
        chat("right", "Ask", "asked"),
        chat("asked", "Say goodbye"),
        State(name="bags", journey="add_bag"),
    )
    graph = graph_of(Journey(name="all", states=states), {"add_bag": "Add a bag"})
    assert [(node.title, node.kind) for node in graph.nodes] == [
        ("Start", Kind.START),
        ("Which way", Kind.FORK),
        ("left", Kind.TOOL),
        ("Ask", Kind.CHAT),
        ("Say goodbye", Kind.END),
        ("Add a bag", Kind.LINK),
        ("End", Kind.END),
    ]


def test_transitions_are_edges_in_the_order_of_the_file() -> None:
    states = (chat("one", "One", {"Again": "one", "On": "two", "Over": "end"}), chat("two", "Two", "one"))
    assert named_edges(graph_of(Journey(name="edges", states=states))) == [
        (START, "one", ""),
        ("one", "one", "Again"),
        ("one", "two", "On"),
        ("one", END, "Over"),
        ("two", "one", ""),
    ]


def test_a_tool_without_transitions_leads_to_the_end() -> None:
    assert named_edges(graph_of(Journey(name="tool", states=(tool("load"),)))) == [
        (START, "load", ""),
        ("load", END, ""),
    ]


def test_a_transition_to_a_state_that_is_not_there_is_left_out() -> None:
    broken = State(name="one", chat="One", next=(Transition(to="gone"),))
    assert named_edges(graph_of(Journey(name="broken", states=(broken,)))) == [(START, "one", "")]
