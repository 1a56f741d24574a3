from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_agents import edits

from engine.agent.document import read_agent
from engine.agent.edits import apply, invert
from engine.agent.places import EditError
from engine.agent.writing.agent_text import splice

FILES = {
    "explicit": ("name: A\nguidelines:\n  ? g\n  : condition: c\n    action: a\n  h: {condition: c, action: a}\n"),
    "spaced": ("name : A\nguidelines :\n  g :\n    condition : c\n    action :   a # x\n"),
    "multiflow": (
        "name: A\n"
        "guidelines: {\n"
        "  g: {condition: c,   # first\n"
        "      action: a,\n"
        "      tags: [x,\n"
        "        y,   # why\n"
        "      ],\n"
        "  },\n"
        "}\n"
    ),
    "indentless": (
        "name: A\n"
        "guidelines:\n"
        "  g:\n"
        "    condition: c\n"
        "    action: a\n"
        "    examples:\n"
        "    - one\n"
        "    -   two\n"
        "    - >-\n"
        "      three\n"
        "      four\n"
        "    tags:\n"
        "    - x\n"
        "follow_ups:\n"
        "-\n"
        "  after: 3m\n"
        "  action: hi\n"
        "-   after: 4m\n"
        "    action: ho\n"
    ),
    "multiline": (
        "name: A\n"
        "guidelines:\n"
        "  g:\n"
        "    condition: a long\n"
        "      plain one\n"
        '    action: "quoted\n'
        '      over lines"  # c\n'
        "    title:\n"
        "      on the next line   # d\n"
    ),
    "docstart": ("---\nname: A\nguidelines:\n  g:\n    condition: c\n    action: a\n...\n"),
    "keep": ("name: A\ncanned_responses:\n  a: |+\n    x\n\n\n  b: y\n\n  c: |\n    z\n\n\nno_match: w\n"),
    "keep2": ("name: A\ncanned_responses:\n  a: |+\n    x\n\n  b: y\n\n  c: z\n  d: |+\n    q\n\nno_match: w\n"),
    "explicit2": (
        "name: A\nobservations:\n  ? g\n  :\n    condition: c\n  ?   h\n  : d\nglossary: {? x : {name: y}, z: {}}\n"
    ),
    "indicator": ("name: A\ncanned_responses:\n  a: |2-\n      x\n     y\n  b: >2\n      folded\n    more\n"),
    "quotedkeys": ("\"name\": A\n'guidelines':\n  \"g\":\n    'condition': c\n    action: a\n"),
    "ways": (
        "name: A\n"
        "journeys:\n"
        "  j:\n"
        "    states:\n"
        "      s:\n"
        "        chat: c\n"
        "        next:\n"
        "        - when: yes # w\n"
        "          to: t\n"
        "          # mid\n"
        "          examples:\n"
        "          - e\n"
        "        - {when: no, to: end}\n"
        "      t: {chat: d, next: [{when: x, to: s}, {when: y, to: end}]}\n"
    ),
    "uses": (
        "name: A\n"
        "guidelines:\n"
        "  g:\n"
        "    condition: c\n"
        "    action: a\n"
        "    canned_responses:\n"
        "      - own: hello\n"
        "      - long:\n"
        "          template: hi   # t\n"
        "          signals: [a]\n"
        "      - short\n"
        "    tools: [ x ]\n"
        'canned_responses: {short: "s"}\n'
    ),
    "flowpair": (
        "name: A\n"
        "guidelines:\n"
        "  g: {condition: c, action: a, canned_responses: [own: hello, short]}\n"
        "canned_responses: {short: s}\n"
    ),
    "tools": (
        "name: A\n"
        "tools:\n"
        "  a: tools.x\n"
        "  b:\n"
        "    - {when: {x: 1}, data: 2}\n"
        "    - data: 3 # d\n"
        "  c:\n"
        "    description: d\n"
        "    stubs: # why\n"
        "      - data: 1\n"
        "  d:\n"
        "    parameters:\n"
        "      r: string\n"
        "      s:\n"
        "      t: {type: integer, default: 3}\n"
        "    data: [1]\n"
        "    after: 180s\n"
    ),
}


@pytest.mark.parametrize("habit", sorted(FILES))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_an_edit_fits_into_every_way_in_which_people_write_yaml(habit: str, data: st.DataObject) -> None:
    text = FILES[habit]
    agent = read_agent(text).agent
    edit = data.draw(edits(agent))
    try:
        after = apply(agent, edit)
    except EditError:
        return
    spliced = splice(text, agent, edit)
    assert read_agent(spliced).agent == after
    assert read_agent(splice(spliced, after, invert(edit))).agent == agent
