from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_agents import agents, edits

from engine.agent.document import read_agent
from engine.agent.edits import Edit, apply, invert
from engine.agent.model import Agent, FollowUp, Relationship
from engine.agent.places import SECTIONS, EditError, thing_key, things_in
from engine.agent.writing.agent_text import AgentText, splice
from engine.agent.writing.forms import field_form, long_form, thing_form
from engine.agent.writing.text import Block, flow, key_text


@dataclass
class Written:
    """A text and the pieces of it that stand for one thing each, by place."""

    lines: list[str] = field(default_factory=list)
    pieces: dict[str, str] = field(default_factory=dict)

    def add(self, place: str, lines: list[str]) -> None:
        self.lines += lines
        self.pieces[place] = "\n".join(lines)


@st.composite
def texts_of(draw: st.DrawFn, agent: Agent) -> Written:
    """The agent written by somebody with habits of their own."""
    step = draw(st.sampled_from([2, 4]))
    written = Written()
    block = Block(step)
    for key, form in agent_fields(agent).items():
        written.add(f".{key}", block.entry(key, form, 0))
    for section in SECTIONS:
        things = things_in(agent, section)
        if things:
            written.lines += draw(interruptions(0))
            written.lines.append(f"{section}:" + draw(st.sampled_from(["", " # why"])))
        for position, thing in enumerate(things):
            written.lines += draw(interruptions(step))
            place = f"{section}.{thing_key(thing) or position}"
            written.add(place, draw(lines_of(place, thing, step, block)))
    return written


def agent_fields(agent: Agent) -> dict[str, Any]:
    form = long_form(agent)
    return {key: value for key, value in form.items() if key not in SECTIONS}


def interruptions(column: int) -> st.SearchStrategy[list[str]]:
    comment = " " * column + "# a comment: with 'quotes' and - dashes"
    return st.sampled_from([[], [], [""], [comment], ["", comment], ["# at the margin", ""]])


@st.composite
def lines_of(draw: st.DrawFn, place: str, thing: Any, step: int, block: Block) -> list[str]:
    style = draw(st.sampled_from(["usual", "usual", "long", "flow"]))
    indent = " " * step
    if isinstance(thing, Relationship | FollowUp):
        lines = [f"- {flow(thing_form(thing))}"] if style == "flow" else block.item(thing_form(thing), step)
        return [indent + lines[0], *lines[1:]]
    key = thing_key(thing) or ""
    form = long_form(thing) if style == "long" else thing_form(thing)
    if style == "flow":
        return [f"{indent}{key_text(key)}: {flow(form)}"]
    lines = block.entry(key, form, step)
    first = indent + lines[0]
    if lines[0].endswith(":"):
        first += draw(st.sampled_from(["", "  # on the line of the key"]))
    return [first, *lines[1:]]


def touched(agent: Agent, edit: Edit, after: Agent) -> set[str]:
    """The places whose text an edit may change."""
    places = set()
    for section in SECTIONS:
        kept = list(things_in(after, section))
        for position, thing in enumerate(things_in(agent, section)):
            if thing not in kept or thing == getattr(edit, "thing", None):
                places.add(f"{section}.{thing_key(thing) or position}")
    for key, form in agent_fields(agent).items():
        if agent_fields(after).get(key) != form:
            places.add(f".{key}")
    return places


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_splicing_says_what_the_edit_makes_and_touches_nothing_else(data: st.DataObject) -> None:
    agent = data.draw(agents())
    written = data.draw(texts_of(agent))
    newline = data.draw(st.sampled_from(["\n", "\r\n"]))
    final = data.draw(st.sampled_from([newline, newline, ""]))
    text = newline.join(written.lines) + final
    assume(read_agent(text).agent == agent)  # a block at the very end of a file may have lost its last newline
    edit = data.draw(edits(agent))
    try:
        after = apply(agent, edit)
    except EditError:
        return
    spliced = splice(text, agent, edit)
    assert read_agent(spliced).agent == after
    may_change = touched(agent, edit, after)
    for place, piece in written.pieces.items():
        if place not in may_change:
            assert piece.replace("\n", newline) in spliced
    if newline == "\r\n":
        assert "\n" not in spliced.replace("\r\n", "")
    back = splice(spliced, after, invert(edit))
    assert read_agent(back).agent == agent


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_edit_after_edit_gives_the_bytes_that_each_gives_on_a_text_read_anew(data: st.DataObject) -> None:
    agent = data.draw(agents())
    text = "\n".join(data.draw(texts_of(agent)).lines) + "\n"
    assume(read_agent(text).agent == agent)
    kept = AgentText.of(read_agent(text))
    for _ in range(4):
        edit = data.draw(edits(kept.agent))
        try:
            following = kept.apply(edit)
        except EditError:
            continue
        assert following.text == splice(kept.text, kept.agent, edit)
        assert read_agent(following.text).agent == following.agent
        kept = following


def test_a_field_form_of_a_text_is_the_text() -> None:
    assert field_form(Agent(name="1.10"), "name") == "1.10"
