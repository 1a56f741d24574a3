from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.agent.basics import CompositionMode
from engine.agent.document import read_agent
from engine.agent.edits import Compound, Edit, add_thing, move_thing, remove_thing, rename_thing, set_field
from engine.agent.model import (
    Agent,
    CannedResponse,
    Capability,
    Guideline,
    Observation,
    Relationship,
    RelationshipKind,
    State,
    Stub,
    Transition,
)
from engine.agent.places import EditError
from engine.agent.writing.agent_text import AgentText, SpliceError, splice
from engine.agent.writing.text import Block, is_plain

FILE = """\
# The pizza agent
name: Pizza    # short is good
preambles: ["Sure thing.",  'One moment, please.']   # said first

observations:
  # everybody has bad days
  upset: The customer is upset   # short form
  hungry: {condition: The customer is hungry, tags: [food, 'fun']}

guidelines:

  offer:
    action:   Offer a coke   # two spaces
    condition: "The customer orders"
    # the tools follow
    tools: [menu]

  # about money
  refund:
    condition: >-
      The customer wants
      money back
    action: Say how it works
tools:
  menu: {data: [1, 2], fields: {pizzas: [Margherita]}}
relationships:
- upset excludes   offer    # never push
- hungry entails offer
journeys:
    order:
        conditions: [The customer orders]
        states:
            ask: {chat: "Which pizza?", next: book}
            book:
                tool: menu
                next: end
"""


def changed(text: str, edit_for: Callable[[Agent], Edit]) -> tuple[list[str], list[str]]:
    """The lines that an edit removes from a text and those that it adds, once it is right."""
    agent = read_agent(text).agent
    edit = edit_for(agent)
    result = AgentText.of(read_agent(text)).apply(edit)
    assert read_agent(result.text).agent == result.agent
    old, new = text.split("\n"), result.text.split("\n")
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return old, new


def setting(place: str, field: str, value: Any) -> Callable[[Agent], Edit]:
    return lambda agent: set_field(agent, place, field, value)


CASES: list[tuple[Callable[[Agent], Edit], list[str], list[str]]] = [
    (
        setting("guidelines.offer", "action", "Offer a Pepsi"),
        ["    action:   Offer a coke   # two spaces"],
        ["    action: Offer a Pepsi   # two spaces"],
    ),
    (
        setting("guidelines.offer", "condition", "The customer: orders"),
        ['    condition: "The customer orders"'],
        ['    condition: "The customer: orders"'],
    ),
    (setting("guidelines.offer", "tools", ("menu", "other")), ["    tools: [menu]"], ["    tools: [menu, other]"]),
    (setting("guidelines.offer", "tools", ()), ["    tools: [menu]"], []),
    (setting("guidelines.offer", "priority", 3), [], ["    priority: 3"]),
    (
        setting("guidelines.refund", "condition", "The customer wants their money back"),
        ["      The customer wants", "      money back"],
        ["      The customer wants their money back"],
    ),
    (
        setting("observations.upset", "condition", "The customer is #1 upset"),
        ["  upset: The customer is upset   # short form"],
        ['  upset: "The customer is #1 upset"   # short form'],
    ),
    (
        setting("observations.upset", "priority", 2),
        ["  upset: The customer is upset   # short form"],
        ["  upset:   # short form", "    condition: The customer is upset", "    priority: 2"],
    ),
    (
        setting("observations.hungry", "tags", ("food",)),
        ["  hungry: {condition: The customer is hungry, tags: [food, 'fun']}"],
        ["  hungry: {condition: The customer is hungry, tags: [food]}"],
    ),
    (
        setting("observations.hungry", "enabled", False),
        ["  hungry: {condition: The customer is hungry, tags: [food, 'fun']}"],
        ["  hungry: {condition: The customer is hungry, enabled: false, tags: [food, 'fun']}"],
    ),
    (setting("", "name", "Pizza #1"), ["name: Pizza    # short is good"], ['name: "Pizza #1"    # short is good']),
    (setting("", "composition_mode", CompositionMode.STRICT), [], ["composition_mode: strict"]),
    (
        setting("", "preambles", ("Sure thing.",)),
        ["preambles: [\"Sure thing.\",  'One moment, please.']   # said first"],
        ['preambles: ["Sure thing."]   # said first'],
    ),
    (
        setting("tools.menu", "stubs", (Stub(data=[1, 2], fields={"pizzas": ["Margherita", "1.10"]}),)),
        ["  menu: {data: [1, 2], fields: {pizzas: [Margherita]}}"],
        ['  menu: {data: [1, 2], fields: {pizzas: [Margherita, "1.10"]}}'],
    ),
    (
        setting("relationships.0", "targets", ("offer", "refund")),
        ["- upset excludes   offer    # never push"],
        ["- upset excludes offer, refund    # never push"],
    ),
    (
        setting("journeys.order.states.ask", "next", (Transition(to="book", condition="They choose"),)),
        ['            ask: {chat: "Which pizza?", next: book}'],
        ['            ask: {chat: "Which pizza?", next: {They choose: book}}'],
    ),
    (
        setting("journeys.order.states.book", "next", (Transition(to="ask", condition="It failed"),)),
        ["                next: end"],
        ["                next:", "                    It failed: ask"],
    ),
    (
        lambda agent: add_thing(agent, "journeys.order.states", State(name="bye", chat="Say goodbye")),
        [],
        ["            bye:", "                chat: Say goodbye"],
    ),
    (
        lambda agent: add_thing(agent, "observations", Observation(name="calm", condition="The customer is calm"), 0),
        [],
        ["  calm: The customer is calm"],
    ),
    (
        lambda agent: add_thing(agent, "guidelines", Guideline(name="greet", condition="Always", action="Greet"), 1),
        [],
        ["  greet:", "    condition: Always", "    action: Greet", ""],
    ),
    (
        lambda agent: add_thing(
            agent, "relationships", Relationship(kind=RelationshipKind.EXCLUDES, source="upset", targets=("tag:fun",))
        ),
        [],
        ["- upset excludes tag:fun"],
    ),
    (
        lambda agent: add_thing(agent, "capabilities", Capability(name="reset", title="Reset")),
        [],
        ["capabilities:", "  reset:", "    title: Reset"],
    ),
    (lambda agent: remove_thing(agent, "relationships.1"), ["- hungry entails offer"], []),
    (
        lambda agent: move_thing(agent, "observations.hungry", 0),
        [
            "  # everybody has bad days",
            "  upset: The customer is upset   # short form",
            "  hungry: {condition: The customer is hungry, tags: [food, 'fun']}",
        ],
        [
            "  hungry: {condition: The customer is hungry, tags: [food, 'fun']}",
            "  # everybody has bad days",
            "  upset: The customer is upset   # short form",
        ],
    ),
]


@pytest.mark.parametrize(("edit", "gone", "come"), CASES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_edit_changes_just_these_lines(
    edit: Callable[[Agent], Edit], gone: list[str], come: list[str], newline: str
) -> None:
    end = newline.removesuffix("\n")
    removed, added = changed(FILE.replace("\n", newline), edit)
    assert removed == [line + end for line in gone]
    assert added == [line + end for line in come]


def test_removing_the_last_thing_of_a_section_removes_the_section_and_keeps_comments() -> None:
    text = "name: A\nglossary:\n  # about locks\n  lock:\n    name: Lock\n# next\nno_match: Sorry\n"
    agent = read_agent(text).agent
    assert splice(text, agent, remove_thing(agent, "glossary.lock")) == (
        "name: A\n  # about locks\n# next\nno_match: Sorry\n"
    )


def test_a_long_text_is_folded_and_one_with_lines_is_kept_as_lines() -> None:
    text = "name: A\nno_match: Sorry   # short\n"
    agent = read_agent(text).agent
    long = "I am sorry, but that is: something that I cannot help with here, so please ask one of my colleagues for it."
    assert splice(text, agent, set_field(agent, "", "no_match", long)) == (
        "name: A\nno_match: >-   # short\n"
        "  I am sorry, but that is: something that I cannot help with here, so please ask one of my\n"
        "  colleagues for it.\n"
    )
    assert splice(text, agent, set_field(agent, "", "no_match", "one\n\n  two")) == (
        "name: A\nno_match: |-   # short\n  one\n\n    two\n"
    )


def test_a_text_that_leaves_block_style_keeps_the_comment_of_its_first_line() -> None:
    text = "name: A\nno_match: >-  # why\n  a\n  b\ntags: [x]\n"
    agent = read_agent(text).agent
    edit = set_field(agent, "", "no_match", " from the margin")
    assert splice(text, agent, edit) == 'name: A\nno_match: " from the margin"  # why\ntags: [x]\n'


def test_quotes_that_the_author_chose_stay() -> None:
    text = "name: 'A'\ndescription: \"B\"\n"
    agent = read_agent(text).agent
    both = Compound(
        edits=(set_field(agent, "", "name", "It's"), set_field(agent, "", "description", 'say "hi" \\ there'))
    )
    assert splice(text, agent, both) == "name: 'It''s'\ndescription: \"say \\\"hi\\\" \\\\ there\"\n"


def test_a_file_without_a_last_newline_stays_without_one() -> None:
    text = "name: A\nguidelines:\n  g: {condition: c, action: a}"
    agent = read_agent(text).agent
    edit = add_thing(agent, "guidelines", Guideline(name="h", condition="c", action="a"))
    expected = text + "\n  h:\n    condition: c\n    action: a"
    assert splice(text, agent, edit) == expected


def test_what_follows_a_block_text_at_the_end_of_a_file_without_newline_does_not_lengthen_it() -> None:
    text = "name: A\ncanned_responses:\n  r: |\n    words"
    agent = read_agent(text).agent
    edit = add_thing(agent, "canned_responses", CannedResponse(name="s", template="more"))
    result = splice(text, agent, edit)
    assert [response.template for response in read_agent(result).agent.canned_responses] == ["words", "more"]


def test_a_comment_inside_a_block_text_is_text_and_moves_with_it() -> None:
    text = "name: A\ncanned_responses:\n  a: |-\n    hello\n    # not a comment\n  b: bye\n"
    agent = read_agent(text).agent
    assert splice(text, agent, move_thing(agent, "canned_responses.b", 0)) == (
        "name: A\ncanned_responses:\n  b: bye\n  a: |-\n    hello\n    # not a comment\n"
    )


def test_an_agent_written_as_json_stays_json() -> None:
    text = '{"name": "A", "guidelines": {"g": {"condition": "c", "action": "a"}}}'
    agent = read_agent(text).agent
    edit = Compound(
        edits=(
            set_field(agent, "guidelines.g", "action", "b, c"),
            add_thing(agent, "guidelines", Guideline(name="h", condition="c", action="two\nlines")),
        )
    )
    assert splice(text, agent, edit) == (
        '{"name": "A", "guidelines": {"g": {"condition": "c", "action": "b, c"}, '
        'h: {condition: c, action: "two\\nlines"}}}'
    )


def test_renaming_changes_the_name_and_its_mentions_and_nothing_else() -> None:
    agent = read_agent(FILE).agent
    result = splice(FILE, agent, rename_thing(agent, "guidelines.offer", "suggest"))
    assert result == (
        FILE.replace("  offer:", "  suggest:")
        .replace("upset excludes   offer", "upset excludes suggest")
        .replace("entails offer", "entails suggest")
    )
    result = splice(FILE, agent, rename_thing(agent, "tools.menu", "card"))
    assert result == FILE.replace("menu", "card")


def test_a_condition_becomes_another_key_in_place() -> None:
    text = (
        "name: A\njourneys:\n  j:\n    states:\n      s:\n        chat: c\n"
        "        next:\n          # yes\n          They do: s\n          They don't: end  # no\n"
    )
    agent = read_agent(text).agent
    ways = (Transition(to="s", condition="They do: really"), Transition(to="end", condition="They don't"))
    result = splice(text, agent, set_field(agent, "journeys.j.states.s", "next", ways))
    assert result == text.replace("They do: s", '"They do: really": s')


def test_a_condition_that_wants_examples_turns_its_ways_into_the_long_form() -> None:
    text = "name: A\njourneys: {j: {states: {}}}\n"
    agent = read_agent(text).agent
    ways = (Transition(to="s", condition="Yes", examples=("do it",)), Transition(to="end", condition="No"))
    edit = add_thing(agent, "journeys.j.states", State(name="s", chat="c", next=ways))
    assert read_agent(splice(text, agent, edit)).agent.journeys[0].states[0].next == ways


def test_what_yaml_cannot_say_is_refused_in_one_line_and_nothing_changes() -> None:
    kept = AgentText.of(read_agent(FILE))
    with pytest.raises(SpliceError, match="half a character") as raised:
        kept.apply(set_field(kept.agent, "", "description", "\ud800"))
    assert "\n" not in str(raised.value)
    with pytest.raises(EditError, match="no file can hold"):
        set_field(kept.agent, "", "metadata", {"far": float("inf")})
    assert kept.text == FILE


@pytest.mark.parametrize("text", ["a: b", "a #b", "- a", "1", "null", "", "{{x}}", "a:", " a", "true", "0x1F", "---"])
def test_a_text_that_yaml_misreads_is_not_plain(text: str) -> None:
    assert not is_plain(text)


@pytest.mark.parametrize("text", ["yes", "18:15", "a, b", "C# is a language", "it's", "10% off", "2026-03-14", "a:b"])
def test_a_text_that_yaml_reads_as_it_stands_is_plain(text: str) -> None:
    assert is_plain(text)


def test_folding_never_loses_double_spaces() -> None:
    text = "word  two " * 20 + "end"
    _, lines = Block().text(text, 0, 0, None)
    assert " ".join(line.strip() for line in lines) == text
