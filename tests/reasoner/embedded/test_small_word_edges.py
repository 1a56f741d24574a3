"""Transitions whose conditions differ in a frequent word alone."""

from datetime import datetime

import pytest

from engine.agent.model import Agent, State, Transition
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.journeys.edges import EdgeJudge
from engine.reasoner.embedded.judging.matching import Matcher
from engine.reasoner.embedded.language.similarity import LexicalSimilarity

LIGHTS = State(
    name="lights",
    chat="Ask whether the lights on the router are on",
    next=(Transition(condition="They are on", to="number"), Transition(condition="They are off", to="power")),
)


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        ("yes", ["number"]),
        ("no", ["power"]),
        ("yes they are on", ["number"]),
        ("ok they're off", ["power"]),
        ("off", ["power"]),
        ("where are the lights?", []),
        ("hm", []),
    ],
)
def test_on_and_off_are_told_apart_by_the_word_or_by_yes_and_no(answer, taken):
    said = (Said("agent", "Are the lights on the router on?", 1), Said("customer", answer, 2))
    conversation = Conversation(Agent(name="Net"), said, datetime(2026, 3, 2), turn=2)
    judged = EdgeJudge(Matcher(LexicalSimilarity())).judge(LIGHTS, conversation)
    assert [edge.to for edge in judged if edge.holds] == taken
