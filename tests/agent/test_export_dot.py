"""Journeys in DOT: every state and transition once, and `dot` draws it."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from random_journeys import TRICKY, journeys

from engine.agent.export.dot import as_dot
from engine.agent.export.flow import flow_of
from engine.agent.model import Journey, State, Transition

NODE = re.compile(r"\t(s_\w+) \[.*\]", re.ASCII)
EDGE = re.compile(r"\t(s_\w+) -> (s_\w+|end)(?: \[.*\])?", re.ASCII)

needs_dot = pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")


def drawn(text: str, form: str) -> str:
    done = subprocess.run(["dot", f"-T{form}"], input=text.encode(), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def asking(text: str) -> Journey:
    ways = (Transition(to="end", when=text), Transition(to="a", when="again"))
    return Journey(name="j", title=text, states=(State(name="a", chat=text, next=ways),))


@given(journeys())
def test_every_state_and_every_transition_is_there_once(journey: Journey) -> None:
    flow, lines = flow_of(journey), as_dot(journey).split("\n")
    nodes = [found[1] for line in lines if (found := NODE.fullmatch(line))]
    edges = [(found[1], found[2]) for line in lines if (found := EDGE.fullmatch(line))]
    assert nodes == [step.alias for step in flow.steps]
    assert len(nodes) == len(journey.states)
    names = dict(zip((state.name for state in journey.states), nodes, strict=True))
    assert edges == [
        (names[state.name], "end" if way.ends else names[way.to])
        for state in journey.states
        for way in state.next or (Transition(to="end"),)
    ]
    assert lines.count(f"\tstart -> {nodes[0]}") == 1


@given(journeys())
def test_the_same_journey_is_the_same_text(journey: Journey) -> None:
    assert as_dot(journey) == as_dot(journey.model_copy(deep=True))


@needs_dot
@settings(max_examples=20, deadline=None)
@given(journeys())
def test_dot_reads_as_many_states_and_transitions_as_there_are(journey: Journey) -> None:
    lines = drawn(as_dot(journey), "plain").split("\n")
    flow = flow_of(journey)
    ends = any(way.target is None for way in flow.ways)
    assert sum(line.startswith("node ") for line in lines) == len(flow.steps) + 1 + ends
    assert sum(line.startswith("edge ") for line in lines) == len(flow.ways) + 1


@needs_dot
@pytest.mark.parametrize("text", ["<b>bold</b>", "&lt; & &amp;", 'say "hello"\\', "C:\\N \\l", "Größe 日本語 🍕", "<>"])
def test_dot_shows_a_text_as_it_is(text: str) -> None:
    from xml.etree import ElementTree

    picture = ElementTree.fromstring(drawn(as_dot(asking(text)), "svg"))
    said = [element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert sorted((line or "").strip().replace("\u00a0", " ") for line in said) == sorted([text, text, text, "again"])


@pytest.mark.parametrize("text", TRICKY)
def test_a_text_keeps_the_lines_of_the_graph_apart(text: str) -> None:
    lines = as_dot(asking(text)).splitlines()
    assert sum(line.startswith("\ts_a [") for line in lines) == 1
    assert sum(line.startswith("\ts_a -> ") for line in lines) == 2


def test_each_kind_of_state_has_a_look_of_its_own() -> None:
    states = (
        State(name="a", chat="Ask"),
        State(name="b", tool="look"),
        State(name="c", journey="other"),
        State(name="d", next=(Transition(to="a", when="x"),)),
    )
    text = as_dot(Journey(name="j", states=states), {"other": "The other one"})
    shapes = [re.search(rf"\ts_{name} .*shape=(\w+)", text) for name in "abcd"]
    assert [shape and shape[1] for shape in shapes] == ["box", "component", "box", "diamond"]
    assert 's_c [label="The other one"' in text and "peripheries=2" in text


def test_long_texts_are_broken_into_lines() -> None:
    text = as_dot(asking("Ask which of the three trips they would like to change"))
    assert 'label="Ask which of the three trips\\nthey would like to change"' in text
