"""The checks that look across an agent: each finds what it names, at its place, and nothing in a sound agent."""

import pytest

from engine.agent.check import check_agent
from engine.agent.document import read_agent
from engine.agent.errors import AgentFileError, Problem
from engine.agent.loading import parse_agent

HEAD = "name: A\nobservations: {a: A holds, b: B holds, c: C holds}\n"


def found(text: str) -> list[Problem]:
    return check_agent(read_agent(text, "f"))


def said(text: str) -> list[str]:
    return [str(problem) for problem in found(text)]


def journey(states: str) -> str:
    return f"{HEAD}tools: {{t: {{data: 1}}}}\njourneys:\n  j:\n    states:\n{states}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relationships: [a excludes d]", "f:3:28: there is no guideline, observation or journey 'd'."),
        (
            "relationships: [aa excludes b]",
            "f:3:17: there is no guideline, observation or journey 'aa'. Did you mean a?",
        ),
        ("relationships: [a depends_on j.one]", "f:3:30: there is no state 'j.one'."),
        ("relationships: ['a excludes tag:vip']", "f:3:29: no guideline, observation or journey bears the tag 'vip'."),
        (
            "tools: {a2: {data: 1}}\nrelationships: [a excludes a2]",
            "f:4:28: 'a2' is a tool, not a guideline, observation or",
        ),
        ("guidelines: {g: {condition: x, action: y, tools: [t]}}", "f:3:51: there is no tool 't'."),
        ("guidelines: {g: {condition: x, action: y, tools: [a]}}", "f:3:51: 'a' is an observation, not a tool."),
        ("guidelines: {g: {condition: x, action: y, reevaluate_after: [t]}}", "f:3:62: there is no tool 't'."),
        (
            "guidelines: {g: {condition: x, action: y, canned_responses: [r]}}",
            "f:3:62: there is no canned response 'r'.",
        ),
        ("variables: {v: {tool: t}}", "f:3:23: there is no tool 't'."),
        (
            "journeys: {j: {states: {ask: {chat: x, next: aks}}}}",
            "f:3:46: there is no state of j 'aks'. Did you mean ask?",
        ),
        ("journeys: {j: {states: {s: {journey: k}}}}", "f:3:38: there is no journey 'k'. There are j"),
        ("journeys: {j: {states: {s: {tool: t, next: u}, u: {chat: x}}}}", "f:3:35: there is no tool 't'."),
        ("journeys: {j: {conditions: [is_a], states: {s: {chat: x}}}}", "f:3:29: there is no observation 'is_a'."),
    ],
)
def test_an_unknown_name_is_found_where_it_stands(text: str, expected: str) -> None:
    assert said(f"{HEAD}{text}\n")[0].startswith(expected), said(f"{HEAD}{text}\n")
    with pytest.raises(AgentFileError):
        parse_agent(f"{HEAD}{text}\n", "f")


def test_a_condition_in_words_or_naming_an_observation_is_fine() -> None:
    assert (
        said(f"{HEAD}journeys: {{j: {{conditions: [a, angry, The customer asks], states: {{s: {{chat: x}}}}}}}}\n")
        == []
    )


def test_the_fix_of_an_unknown_name_writes_the_nearest() -> None:
    text = "name: A\nobservations: {upset: x, upsetting: y, calm: z}\nrelationships: [upset excludes clam]\n"
    fix = found(text)[0].fix
    assert fix is not None
    assert "upset excludes calm" in fix.apply(text)
    assert found(fix.apply(text)) == []


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ("      x: {tool: t}\n", "f:7:7: the tool state 'x' is not followed by a chat state."),
        ("      x: {tool: t, next: end}\n", "f:7:26: the tool state 'x' is followed by the end of the journey"),
        (
            "      x: {tool: t, next: y}\n      y: {tool: t, next: z}\n      z: {chat: hi}\n",
            "f:7:26: the tool state 'x' is followed by the tool state 'y'",
        ),
        (
            "      x: {tool: t, next: y}\n      y: {next: {Yes: z, No: x}}\n      z: {chat: hi}\n",
            "f:7:26: the tool state 'x' is followed by the tool state 'x'",
        ),
        ("      x: {next: y}\n      y: {chat: hi}\n", "f:7:17: the fork 'x' has a branch without a condition."),
        (
            "      x: {chat: hi, next: [{when: Yes, to: y}, y]}\n      y: {chat: hi}\n",
            "f:7:48: the state 'x' mixes a direct transition with conditional ones.",
        ),
        (
            "      x: {chat: hi, next: [y, y]}\n      y: {chat: hi}\n",
            "f:7:31: the state 'x' leads to two states at once.",
        ),
    ],
)
def test_a_journey_that_cannot_run_is_refused(states: str, expected: str) -> None:
    assert said(journey(states))[0].startswith(expected), said(journey(states))


def test_a_tool_may_be_followed_by_a_fork_of_chats_and_by_a_link_to_one() -> None:
    states = "      x: {tool: t, next: y}\n      y: {next: {Yes: z, No: k}}\n      z: {chat: hi}\n"
    states += "      k: {journey: other}\n"
    assert said(journey(states) + "  other: {states: {s: {chat: hi}}}\n") == []


def test_states_that_nobody_reaches_or_leaves_are_warned_about() -> None:
    states = "      x: {chat: hi, next: y}\n      y: {chat: hi, next: x}\n      z: {chat: hi}\n"
    problems = found(journey(states))
    assert {(problem.id, problem.line, problem.severity) for problem in problems} == {
        ("state-without-end", 7, "warning"),
        ("state-without-end", 8, "warning"),
        ("unreachable-state", 9, "warning"),
    }
    parse_agent(journey(states), "f")


def relationships(*lines: str, tags: str = "{a: [], b: [], c: []}") -> str:
    import json

    borne = json.loads(tags.replace("a:", '"a":').replace("b:", '"b":').replace("c:", '"c":').replace("t", '"t"'))
    things = "".join(f"  {name}: {{condition: {name} holds, tags: {json.dumps(own)}}}\n" for name, own in borne.items())
    return f"name: A\nobservations:\n{things}relationships:\n" + "".join(f"  - {line}\n" for line in lines)


@pytest.mark.parametrize("verb", ["depends_on", "entails", "excludes"])
def test_a_cycle_is_refused_with_its_path(verb: str) -> None:
    problems = found(relationships(f"a {verb} b", f"b {verb} c", f"c {verb} a"))
    assert [(problem.id, problem.line, problem.message) for problem in problems] == [
        (f"cycle-{verb}", 9, f"a cycle: a {verb} b {verb} c {verb} a")
    ]


def test_a_cycle_through_a_tag_is_found_in_both_roles() -> None:
    as_target = relationships("a depends_on tag:t", "b depends_on a", tags="{a: [], b: [t], c: []}")
    assert found(as_target)[0].message == "a cycle: a depends_on tag:t depends_on b depends_on a"
    as_source = relationships("tag:t entails a", "a entails b", tags="{a: [], b: [t], c: []}")
    assert "tag:t" in found(as_source)[0].message


def test_any_of_groups_count_for_cycles_and_different_kinds_do_not_mix() -> None:
    assert [one.id for one in found(relationships("a depends_on any of b, c", "b depends_on a"))] == [
        "cycle-depends_on"
    ]
    assert found(relationships("a depends_on b", "b entails a")) == []


def test_bearing_the_tag_that_one_depends_on_is_no_cycle() -> None:
    assert found(relationships("a depends_on any of tag:t", tags="{a: [t], b: [t], c: []}")) == []
    assert found(relationships("a excludes tag:t", tags="{a: [t], b: [t], c: []}")) == []


def test_a_tag_whose_members_exclude_each_other_is_a_cycle() -> None:
    problems = found(relationships("tag:t excludes tag:t", tags="{a: [t], b: [t], c: []}"))
    assert [problem.id for problem in problems] == ["cycle-excludes"]


def test_each_knot_of_relationships_is_reported_once() -> None:
    assert len(found(relationships("a excludes b", "b excludes a", "b excludes c", "c excludes a"))) == 1


def test_a_dependency_on_itself_is_a_warning_and_an_exclusion_of_itself_an_error() -> None:
    dependency, exclusion = found(relationships("a depends_on a", "b excludes b"))
    assert (dependency.id, dependency.severity, dependency.line) == ("self-dependency", "warning", 7)
    assert (exclusion.id, exclusion.severity, exclusion.line) == ("self-relationship", "error", 8)


def test_any_of_needs_a_choice_and_its_fix_takes_it_away() -> None:
    text = relationships("a depends_on any of b")
    problem = found(text)[0]
    assert (problem.id, problem.line) == ("any-of-one", 7)
    assert problem.fix is not None
    assert "  - a depends_on b\n" in problem.fix.apply(text)
    assert found(relationships("a depends_on any of tag:t", tags="{a: [], b: [t], c: []}")) == []


def test_only_observations_and_guidelines_disambiguate_and_between_two_things() -> None:
    text = relationships("a disambiguates b", "tag:t disambiguates a, b", tags="{a: [], b: [], c: [t]}")
    assert [(problem.id, problem.severity) for problem in found(text)] == [
        ("disambiguation-without-choice", "warning"),
        ("bad-disambiguation", "error"),
    ]


@pytest.mark.parametrize(
    ("template", "place", "reason"),
    [
        ("Hi {{ name | mony }}", (3, 9), "there is no filter 'mony', did you mean money?"),
        ("Hi {{ name", (3, 9), "unexpected end of template"),
        ("Hi {% if x %}there", (3, 9), "Unexpected end of template"),
        ("Hi {{ x }}{% endif %}", (3, 16), "unknown tag 'endif'"),
        ("Hi {{ a b }} and {{ c }}", (3, 9), "got 'b'"),
        ("Hi {{ c }} and {{ a b }}", (3, 21), "got 'b'"),
        ("Hi {{ not }}", (3, 9), ""),
        ("Hi {{ x is nothing }}", (3, 9), "there is no test 'nothing'"),
        ("{% include 'x' %}", (3, 6), "stands alone"),
    ],
)
def test_a_template_that_does_not_parse_is_placed_inside(template: str, place: tuple[int, int], reason: str) -> None:
    written = template if not template.startswith("{%") else f'"{template}"'
    problems = found(f"name: A\ncanned_responses:\n  r: {written}\n")
    assert [problem.id for problem in problems] == ["bad-template"]
    column = place[1] + (1 if written != template else 0)
    assert (problems[0].line, problems[0].column) == (place[0], column)
    assert reason in problems[0].message


def test_a_template_on_several_lines_is_placed_on_its_line() -> None:
    text = "name: A\ncanned_responses:\n  r:\n    template: |-\n      Hello\n      you {{ a b }}\n"
    assert (found(text)[0].line, found(text)[0].column) == (6, 11)


@pytest.mark.parametrize(
    "template",
    [
        "Hi {{std.customer.name}}, {{ fare | money('EUR') }} on {{ day | date }}",
        "{{ names | join_and }} and {{ n | number(2) }}",
        "{% for x in items %}{{ x }}{% else %}none{% endfor %} {# a note #} }} % { }",
        "{{ generative.reason | upper }} {{ x if y is defined else z }}",
    ],
)
def test_templates_that_parse_are_left_alone(template: str) -> None:
    assert found(f'name: A\ncanned_responses:\n  r: "{template}"\n') == []


@pytest.mark.parametrize(
    "text",
    [
        "no_match: Sorry {{ x\n",
        'preambles: ["One {{ moment"]\n',
        'tools: {t: {data: {a: ["{{ arguments.x"]}}}\n',
        'observations: {a: {condition: x, canned_responses: [r: "{{ x"]}}\n',
        'journeys: {j: {canned_responses: {r: "{{ x"}, states: {s: {chat: x}}}}\n',
        'journeys: {j: {states: {s: {chat: x, canned_responses: [r: "{{ x"]}}}}\n',
    ],
)
def test_templates_are_checked_wherever_they_stand(text: str) -> None:
    problems = found(f"name: A\n{text}")
    assert [(problem.id, problem.line) for problem in problems] == [("bad-template", 2)]


def test_an_exclusive_response_that_nothing_names_is_an_error_that_does_not_stop_the_agent() -> None:
    text = "name: A\ncanned_responses:\n  r: {template: Hi, exclusive: true}\n"
    assert [(problem.id, problem.severity, problem.line) for problem in found(text)] == [
        ("exclusive-unattached", "error", 3)
    ]
    assert [problem.id for problem in parse_agent(text, "f").warnings] == ["exclusive-unattached"]
    assert found(text + "observations: {a: {condition: x, canned_responses: [r]}}\n") == []


def test_a_tag_that_is_almost_another_is_a_warning_with_a_fix() -> None:
    text = "name: A\ncanned_responses:\n  r: {template: Got it., tags: [preambel]}\n"
    problem = found(text)[0]
    assert (problem.id, problem.severity, problem.line, problem.column) == ("tag-like-another", "warning", 3, 33)
    assert problem.fix is not None
    assert found(problem.fix.apply(text)) == []
    assert found("name: A\nobservations: {a: {condition: x, tags: [t1, t1]}, b: {condition: x, tags: [t2]}}\n") == []


def test_a_value_for_somebody_almost_known_is_a_warning() -> None:
    text = "name: A\ncustomers: {georgie: {name: G}}\nvariables: {v: {for: {goergie: 1, tag:vip: 2, sam: 3}}}\n"
    assert [(problem.id, problem.severity, problem.column) for problem in found(text)] == [
        ("unknown-customer", "warning", 23)
    ]


@pytest.mark.parametrize(("last", "wrong"), [("{chat: Say goodbye}", False), ("{tool: t, next: bye}", True)])
def test_a_chain_of_thousands_of_forks_after_a_tool_is_followed_to_its_end(last: str, wrong: bool) -> None:
    forks = "".join(f"      f{i}: {{next: {{They say {i}: f{i + 1}}}}}\n" for i in range(3000))
    text = (
        "name: A\ntools: {t: {data: 1}}\njourneys:\n  j:\n    title: J\n    conditions: [They go on]\n    states:\n"
        f"      a: {{tool: t, next: f0}}\n{forks}      f3000: {last}\n      bye: {{chat: Say bye}}\n"
    )
    found = [problem.message for problem in check_agent(read_agent(text, "f"))]
    assert any("is followed by the tool state 'f3000'" in said for said in found) is wrong
