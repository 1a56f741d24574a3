from collections.abc import Callable

import pytest

from engine.agent.errors import Problem
from engine.scenario.model import CustomerSays, Scenario

Read = Callable[[str], list[Scenario]]
Problems = Callable[[str], list[Problem]]


def test_cases_put_their_values_in_and_keep_types(read: Read) -> None:
    (scenario,) = read(
        """
scenario: S
cases:
  - {amount: 0, shown: $0.00}
  - {amount: -12.5, shown: -$12.50}
given: {tools: {get_menu: {fields: {total: <amount>}}}}
steps:
  - customer: I owe <amount>
  - agent: It is <shown>.
"""
    )
    first, second = scenario.cases
    assert first.id == "S [amount 0, shown $0.00]"
    assert [case.given.stubs["get_menu"][0].fields["total"] for case in scenario.cases] == [0, -12.5]
    assert first.steps[0].input == CustomerSays(("I owe 0",))
    assert str(second.steps[1].checks[0]) == "agent: It is -$12.50."


def test_a_whole_value_may_be_a_list_or_a_mapping(read: Read) -> None:
    (scenario,) = read(
        "scenario: S\ncases: [{tool: {data: [1]}}]\ngiven: {tools: {get_menu: <tool>}}\nsteps: [{customer: a}]"
    )
    assert scenario.cases[0].given.stubs["get_menu"][0].data == [1]


def test_angle_brackets_are_text_where_there_are_no_cases(read: Read) -> None:
    (scenario,) = read("scenario: S\nsteps: [{customer: a <b> c}]")
    assert scenario.cases[0].steps[0].input == CustomerSays(("a <b> c",))


@pytest.mark.parametrize(
    ("cases", "text", "said"),
    [
        ("[{amount: 1}]", "<amout>", "a case has no value for <amout>. Did you mean amount?"),
        ("[{amount: 1}, {total: 1}]", "<amount>", "a case has no value for <amount>"),
        ("[]", "a", "cases is empty"),
        ("{a: 1}", "a", "cases is a list, not a mapping"),
    ],
)
def test_a_value_that_a_case_does_not_have_is_a_problem(
    problems_of: Problems, cases: str, text: str, said: str
) -> None:
    found = problems_of(f"scenario: S\ncases: {cases}\nsteps: [{{customer: {text}}}]")
    assert any(said in str(problem) for problem in found), found


def test_any_of_makes_a_case_of_each_message(read: Read) -> None:
    (scenario,) = read("scenario: S\nsteps: [{customer: {any_of: [a, [b, c], a]}}, {agent: x}]")
    assert [case.id for case in scenario.cases] == ["S [a]", "S [b · c]", "S [a #2]"]
    assert scenario.cases[1].steps[0].input == CustomerSays(("b", "c"))


def test_branches_multiply_nest_and_go_on_together_unless_they_end(read: Read) -> None:
    (scenario,) = read(
        """
scenario: S
steps:
  - customer: start
  - branch:
      left:
        - customer: l
        - branch:
            deep: [{customer: d}]
            nothing:
      right: [{customer: r}, end]
  - customer: both
  - branch: {x: [{customer: x}], y: [{customer: y}]}
"""
    )
    said = {
        case.id: [step.input.texts[0] for step in case.steps if isinstance(step.input, CustomerSays)]
        for case in scenario.cases
    }
    assert said == {
        "S [left/deep/x]": ["start", "l", "d", "both", "x"],
        "S [left/deep/y]": ["start", "l", "d", "both", "y"],
        "S [left/nothing/x]": ["start", "l", "both", "x"],
        "S [left/nothing/y]": ["start", "l", "both", "y"],
        "S [right]": ["start", "r"],
    }


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("[{branch: {}}]", "branch has no paths"),
        ("[{branch: {a: x}}]", "a path of a branch is a list, not 'x'"),
        ("[{branch: {a: []}, customer: x}]", "branch stands alone in a step"),
        ("[end, {customer: x}]", "steps after end are never reached"),
        ("[{end: 5}]", "end stands alone"),
        ("[{customer: {any_of: []}}]", "any_of is empty"),
        ("[{branch: {a: [{costumer: x}]}}]", "unknown key 'costumer'"),
        (f"[{', '.join(['{branch: {a: [], b: [], c: [], d: []}}'] * 8)}]", "the branches make more than"),
    ],
)
def test_branches_that_make_no_sense_are_problems(problems_of: Problems, steps: str, said: str) -> None:
    found = problems_of(f"scenario: S\nsteps: {steps}")
    assert any(said in str(problem) for problem in found), found


def test_a_problem_in_a_shared_step_is_said_once(problems_of: Problems) -> None:
    found = problems_of("scenario: S\nsteps: [{branch: {a: [], b: []}}, {costumer: x}]")
    assert len(found) == 1
