"""Text that YAML cuts or misreads: each mistake is named, and its fix gives a file that says what was meant."""

from collections.abc import Callable

import pytest

from engine.agent.errors import AgentFileError, Problem
from engine.agent.loading import parse_agent
from engine.agent.model import Agent
from engine.agent.reading.mistakes import quoted

TEXTS = [
    "{{std.customer.name}}, hello",
    "{{ greeting }}",
    "{% if late %}Good evening{% endif %}",
    "@anna will help you",
    "*Very* important",
    "!important",
    "! listen",
    ">5 items cost more",
    "> 5 items cost more",
    '"Yes" is what they said',
    '"Yes", they said, "always"',
    "? Is this a question",
    "`code` goes here",
    "'Tis the season",
    "%s is no template",
    "&co is joining",
    "| starts with a bar",
    "Two things: a refund",
    "Two things: a refund: and more",
    "A colon at the end:",
    "Press #5 to continue",
    "#1 in the world",
    "[sic] they wrote",
    "{name} is a field elsewhere",
    "- starts with a dash",
]
PLACES: dict[str, tuple[str, Callable[[Agent], str]]] = {
    "response": (
        "name: A\ncanned_responses:\n  one: {}\n  two: Fine\n",
        lambda agent: agent.canned_responses[0].template,
    ),
    "template": (
        "name: A\ncanned_responses:\n  one:\n    template: {}\n    exclusive: false\n",
        lambda agent: agent.canned_responses[0].template,
    ),
    "signal": (
        "name: A\ncanned_responses:\n  one:\n    template: Hi\n    signals:\n      - {}\n      - other\n",
        lambda agent: agent.canned_responses[0].signals[0],
    ),
    "description": ("name: A\ndescription: {}\ntags: [a]\n", lambda agent: agent.description),
}


def only_problem(text: str) -> Problem:
    with pytest.raises(AgentFileError) as caught:
        parse_agent(text, "f")
    assert len(caught.value.problems) == 1, str(caught.value)
    return caught.value.problems[0]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("meant", TEXTS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_quoting_repairs_a_misread_text(meant: str, place: str, ending: str) -> None:
    frame, find = PLACES[place]
    text = frame.replace("{}", meant).replace("\n", ending)
    problem = only_problem(text)
    assert problem.fix is not None, str(problem)
    assert (problem.line, problem.column) == place_of(text, meant)
    assert quoted(meant) in problem.remedy
    assert find(parse_agent(problem.fix.apply(text), "f").agent) == meant


def place_of(text: str, meant: str) -> tuple[int, int]:
    before = text[: text.index(meant)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def test_a_text_cut_in_the_middle_of_several_lines_is_joined() -> None:
    text = "name: A\ndescription: Press #5\n  to continue\ntags: [a]\n"
    problem = only_problem(text)
    assert problem.id == "text-cut"
    assert problem.fix is not None
    assert parse_agent(problem.fix.apply(text), "f").agent.description == "Press #5 to continue"


def test_a_comment_after_a_space_is_a_comment() -> None:
    assert parse_agent("name: A # the agent\ndescription: B   # and\n", "f").agent.description == "B"


@pytest.mark.parametrize(
    ("text", "chat"),
    [
        ("{chat: Get dates, times and places, next: end}", "Get dates, times and places"),
        ("{chat: Get dates, times, places, next: end}", "Get dates, times, places"),
        ("{next: end, say: 'Well', chat: Say hello, friend}", "Say hello, friend"),
        ("{chat: Hello: there, next: end}", "Hello: there"),
        ("{chat: Greet {{name}}, next: end}", "Greet {{name}}"),
    ],
)
def test_a_comma_colon_or_brace_inside_flow_text_is_repaired(text: str, chat: str) -> None:
    file = f"name: A\njourneys:\n  j:\n    title: T\n    states:\n      one: {text}\n"
    problem = only_problem(file)
    assert (problem.line, problem.column) == place_of(file, chat)
    assert problem.fix is not None
    assert parse_agent(problem.fix.apply(file), "f").agent.journeys[0].states[0].chat == chat


def test_a_comma_that_made_the_same_key_twice_is_a_comma_and_no_duplicate() -> None:
    with pytest.raises(AgentFileError) as caught:
        parse_agent("name: A\nguidelines:\n  a: {condition: Hi, friend, action: Bye, friend}\n", "f")
    assert [problem.id for problem in caught.value.problems] == ["comma-in-text", "comma-in-text"]


def test_a_comma_that_made_an_extra_item_of_a_sentence_is_repaired() -> None:
    text = "name: A\npreambles: [Sure, let me look., One moment.]\n"
    problem = only_problem(text)
    assert (problem.id, problem.line, problem.column) == ("comma-in-text", 2, 13)
    assert problem.fix is not None
    assert parse_agent(problem.fix.apply(text), "f").agent.preambles == ("Sure, let me look.", "One moment.")


def test_quoted_items_and_examples_in_a_row_are_items() -> None:
    text = (
        'name: A\npreambles: ["Sure", "let me look."]\n'
        "observations: {a: {condition: b, examples: [Rome then, let's go]}}\n"
    )
    agent = parse_agent(text, "f").agent
    assert agent.preambles == ("Sure", "let me look.")
    assert agent.observations[0].examples == ("Rome then", "let's go")


def test_a_comma_inside_a_template_of_a_guideline_is_repaired() -> None:
    text = (
        "name: A\nguidelines:\n  a:\n    condition: b\n    action: c\n"
        "    canned_responses: [joining: One moment, please wait.]\n"
    )
    problem = only_problem(text)
    assert problem.id == "comma-in-text"
    assert problem.fix is not None
    use = parse_agent(problem.fix.apply(text), "f").agent.guidelines[0].canned_responses[0]
    assert not isinstance(use, str) and use.template == "One moment, please wait."


def test_a_response_without_a_name_gets_one() -> None:
    head = "name: A\nguidelines:\n  a:\n    condition: b\n    action: c\n"
    text = f"{head}    canned_responses:\n      - Sorry about that: truly.\n"
    problem = only_problem(text)
    assert problem.fix is not None
    use = parse_agent(problem.fix.apply(text), "f").agent.guidelines[0].canned_responses[0]
    assert not isinstance(use, str)
    assert (use.name, use.template) == ("sorry_about_that_truly", "Sorry about that: truly.")


@pytest.mark.parametrize("text", ["plain", 'with "quotes"', "it's", "back\\slash", "both ' and \""])
def test_quoting_keeps_the_text(text: str) -> None:
    assert parse_agent(f"name: {quoted(text)}\n", "f").agent.name == text
