"""Colons, spaces, brackets, quotes and indentation gone wrong: said in plain words, with the repair."""

import pytest

from engine.agent.errors import AgentFileError, Problem
from engine.agent.loading import parse_agent

GUIDELINE = "guidelines:\n  greet:\n    condition: The customer greets\n    action: Greet back\n"


def only_problem(text: str) -> Problem:
    with pytest.raises(AgentFileError) as caught:
        parse_agent(text, "f")
    assert len(caught.value.problems) == 1, str(caught.value)
    return caught.value.problems[0]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("text", "said", "place"),
    [
        ("name: A\n" + GUIDELINE.replace("    action", "   action"), "begins with 3 spaces", (5, 1)),
        ("name: A\n" + GUIDELINE.replace("    action", "      action"), "begins with 6 spaces", (5, 1)),
        ("name: A\n description: B\n", "begins with 1 spaces", (2, 1)),
        ("name: A\n" + GUIDELINE.replace("condition: ", "condition:"), "a space is missing after this colon", (4, 15)),
        ("name: A\n" + GUIDELINE.replace("guidelines:", "guidelines"), "a colon is missing", (2, 11)),
        ("name: A\nguidelines:\n  a: {condition: x, action: y\n  b: {condition: z, action: w}\n",
         "the { of this line is not closed", (3, 30)),
        ("name: A\npreambles: [Sure, Okay\n" + GUIDELINE, "the [ of this line is not closed", (2, 23)),
        ('{"name": "A", "tags": ["x" "y"]}\n', "a comma is missing", (1, 27)),
        ('name: "Corner\n' + GUIDELINE, "the quote that opens here is not closed", (1, 7)),
        ("name:\u00a0A\ndescription: B\n", "only looks like a space (U+00A0)", (1, 1)),
        ("name: A\ndescription： B\n" + GUIDELINE, "： is not the colon that YAML knows", (2, 12)),
    ],
)  # fmt: skip
def test_the_repair_of_a_slip_makes_the_file_right(text: str, said: str, place: tuple[int, int], ending: str) -> None:
    text = text.replace("\n", ending)
    problem = only_problem(text)
    assert said in problem.message
    assert (problem.line, problem.column) == place
    assert problem.remedy and problem.fix is not None
    assert parse_agent(problem.fix.apply(text), "f").agent.name


@pytest.mark.parametrize("first", ["name:A", "name = A", "name： A", "name=A"])
def test_a_first_line_that_only_lacks_its_colon_is_quoted_as_it_should_be(first: str) -> None:
    assert str(only_problem(first + "\n")).endswith("Write name: A, with a colon and a space")


@pytest.mark.parametrize("text", ["a: 'b\n", "a: {b: [c}\n", "- a\n b: c\n", "a: b\n%c: d\n", "a: ,\n- b\n"])
def test_no_message_speaks_of_tokens_or_scalars(text: str) -> None:
    said = str(only_problem(text))
    assert "\n" not in said
    assert not any(word in said for word in ("token", "scalar", "while", "flow", "block", "None"))


def test_a_key_with_nothing_under_it_says_how_to_go_on() -> None:
    said = str(only_problem("name: A\nguidelines:\n"))
    assert "nothing stands under this key" in said and "a guideline" in said


@pytest.mark.parametrize(("name", "proposed"), [("Größe", "grosse"), ("Crème brûlée", "creme_brulee"), ("挨拶", "")])
def test_a_name_is_proposed_without_accents(name: str, proposed: str) -> None:
    problem = only_problem(f"name: A\nguidelines:\n  {name}: {{condition: x, action: y}}\n")
    assert problem.remedy == (f"Write {proposed}" if proposed else problem.remedy)
    assert proposed or "Begin with a small letter" in problem.remedy
