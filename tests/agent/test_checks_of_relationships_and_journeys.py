"""Advice on relationships that silence and journeys that do no talking; sound agents get none of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.agent.check import check_agent
from engine.agent.document import read_agent
from engine.agent.loading import load_agent

SCENARIOS = Path(__file__).parents[2] / "scenarios"
THREE = "name: A\nobservations: {a: A holds, b: B holds, c: C holds}\n"


def ids(text: str) -> list[str]:
    skipped = {"condition-without-examples"}
    return [problem.id for problem in check_agent(read_agent(text, "f")) if problem.id not in skipped]


def message(text: str, kind: str) -> str:
    return next(str(problem) for problem in check_agent(read_agent(text, "f")) if problem.id == kind)


@pytest.mark.parametrize(
    ("lines", "because"),
    [
        ("[a excludes b, b depends_on a]", "b depends on a"),
        ("[a excludes b, b depends_on c, c depends_on a]", "b depends on a"),
        ("[a excludes b, b entails a]", "b entails a"),
    ],
)
def test_what_some_exclusion_always_silences_is_named_with_the_reason(lines: str, because: str) -> None:
    said = message(f"{THREE}relationships: {lines}\n", "always-silenced")
    assert said.startswith(f"f:3:17: 'b' can never take part: 'a' excludes it, and {because}.")


def test_excluding_what_one_depends_on_silences_oneself() -> None:
    said = message(f"{THREE}relationships: [a excludes b, a depends_on b]\n", "always-silenced")
    assert "'a' can never take part: it depends on 'b', which it excludes" in said


def test_the_same_condition_silences_unless_something_else_decides_about_the_excluder() -> None:
    two = "name: A\nobservations: {a: They greet us, b: they  greet us, c: They are known}\n"
    assert "always-silenced" in ids(f"{two}relationships: [a excludes b]\n")
    assert "always-silenced" not in ids(f"{two}relationships: [a excludes b, a depends_on c]\n")


def test_an_exclusion_through_a_tag_silences_as_well() -> None:
    text = (
        "name: A\nobservations:\n  a: {condition: A holds, tags: [strong]}\n  b: B holds\n"
        "relationships: ['tag:strong excludes b', b depends_on a]\n"
    )
    assert "always-silenced" in ids(text)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("[a entails b, a excludes b]", "'a' entails 'b', and excludes it, too."),
        ("[a entails b, a entails c, c excludes b]", "'a' entails 'b', and also entails c, which excludes it."),
    ],
)
def test_entailing_what_is_excluded(lines: str, said: str) -> None:
    assert said in message(f"{THREE}relationships: {lines}\n", "entailed-and-excluded")


def test_a_priority_that_silences_everything_else_names_what() -> None:
    text = "name: A\nobservations:\n  a: {condition: A, priority: 5}\n" + "".join(f"  x{n}: X{n}\n" for n in range(5))
    assert "'a' matches, its priority 5 silences everything below it: x0, x1, x2 and 2 more" in message(
        text, "silencing-priority"
    )
    assert "silencing-priority" not in ids(THREE)


DONT = """\
name: A
tools: {report: {data: 1}}
journeys:
  refresh_report:
    conditions: [The customer wants a report]
    states:
      query: {chat: Query the orders database for the last month, next: parse}
      parse: {chat: Parse the JSON response into records, next: update}
      update: {chat: Then update the status field in the CRM, next: retry}
      retry: {chat: Retry the request until the API answers}
"""
DO = """\
name: A
tools: {report: {data: 1}}
journeys:
  refresh_report:
    conditions: [The customer wants a report]
    states:
      ask: {chat: Ask which month the report is for, next: make}
      make: {tool: report, next: read}
      read: {chat: Read the results to the customer and ask whether anything is missing, next: update}
      update: {chat: Update the customer on what happens next, next: call}
      call: {chat: Call them by their name and say goodbye}
"""


def test_a_journey_that_automates_a_task_is_told_from_one_that_guides_a_conversation() -> None:
    assert ids(DONT) == ["task-state"] * 4
    assert ids(DO) == []
    assert "tells the agent to parse something, not what to say" in message(
        DONT.replace("query:", "q:"), "task-state"
    ) or ("tells the agent to query something" in message(DONT, "task-state"))


def test_a_journey_that_says_nothing_is_a_task() -> None:
    text = "name: A\njourneys:\n  j:\n    states:\n      f: {next: [{to: end, when: A holds}]}\n"
    assert "journey-without-words" in ids(text)


@pytest.mark.parametrize(
    "condition",
    ["The agent is explaining the return policy", "You're offering a discount", "When you recommend a product"],
)
def test_a_condition_about_what_the_agent_does_asks_for_an_entailment(condition: str) -> None:
    text = f"name: A\nguidelines:\n  g: {{condition: {condition!r}, action: y}}\n  h: {{condition: x, action: y}}\n"
    assert "own-deed" in ids(text)
    assert "own-deed" not in ids(f"{text}relationships: [h entails g]\n")


@pytest.mark.parametrize(
    "condition",
    [
        "The agent has already offered a discount",
        "You have the customer's name",
        "The customer asks what the agent does",
        "The agent was rude",
    ],
)
def test_a_condition_about_the_past_or_the_customer_asks_for_none(condition: str) -> None:
    assert "own-deed" not in ids(f"name: A\nguidelines:\n  g: {{condition: {condition!r}, action: y}}\n")


@pytest.mark.parametrize("agent", sorted(path.parent.name for path in SCENARIOS.glob("*/agent.yaml")))
def test_the_example_agents_get_no_advice_but_about_their_gates(agent: str) -> None:
    document = load_agent(SCENARIOS / agent)
    assert {problem.id for problem in check_agent(document)} <= {"silencing-priority"}


STATES = (
    "name: A\nguidelines: {g: {condition: x, action: y}, h: {condition: z, action: y}}\njourneys:\n  j:\n"
    "    conditions: [w]\n    states:\n      a: {chat: Ask this, next: f}\n"
    "      f: {next: {they do: b, they don't: c}}\n"
    "      b: {chat: Tell that}\n      c: {chat: Tell those}\n"
)


@pytest.mark.parametrize(
    "line", ["j.a excludes g", "j.a entails g", "j.a depends_on g", "g excludes j.a", "g depends_on any of j.a, j.b"]
)
def test_a_state_can_exclude_entail_depend_be_excluded_and_be_depended_on(line: str) -> None:
    assert ids(f"{STATES}relationships: ['{line}']\n") == []


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("g entails j.a", "entered-state"),
        ("g disambiguates j.a, h", "entered-state"),
        ("j.a disambiguates g, h", "bad-disambiguation"),
        ("j.a excludes j.b", "states-of-one-journey"),
        ("j depends_on j.a", "states-of-one-journey"),
        ("j.a excludes j.a", "self-relationship"),
        ("g depends_on j.f", "fork-as-party"),
        ("j.zz excludes g", "unknown-name"),
    ],
)
def test_a_state_where_it_can_do_nothing_is_an_error(line: str, kind: str) -> None:
    assert ids(f"{STATES}relationships: ['{line}']\n") == [kind]


def test_what_cannot_enter_a_state_is_told_what_works() -> None:
    said = message(f"{STATES}relationships: [g entails j.a]\n", "entered-state")
    assert "Name the journey, j; states can exclude, entail, be excluded and be depended on" in said


@pytest.mark.parametrize(
    ("line", "warned"),
    [
        ("a depends_on off", True),
        ("a depends_on any of off, b", False),
        ("a depends_on any of off, tag:t", True),
        ("a depends_on any of off, tag:u", False),
        ("a entails tag:t", True),
        ("a excludes off", False),
    ],
)
def test_what_is_switched_off_can_neither_be_depended_on_nor_entailed(line: str, warned: bool) -> None:
    text = (
        "name: A\nobservations:\n  a: A holds\n  b: {condition: B holds, tags: [u]}\n"
        f"  off: {{condition: C holds, enabled: false, tags: [t, u]}}\nrelationships: ['{line}']\n"
    )
    assert ("disabled-party" in ids(text)) is warned


def test_a_journeys_guideline_has_the_journeys_priority() -> None:
    text = f"{STATES}    guidelines: {{k: {{condition: g, action: b, priority: 3}}}}\n"
    assert "scoped-priority" in ids(text)
    assert "silencing-priority" not in ids(text)
