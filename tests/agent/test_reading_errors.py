"""What is wrong in an agent file is said with its line, its column, the reason and what to try."""

from pathlib import Path

import pytest

from engine.agent.document import read_agent
from engine.agent.errors import AgentFileError, Fix, Problem, in_order, nearest
from engine.agent.loading import load_agent, parse_agent


def problems(text: str) -> list[str]:
    with pytest.raises(AgentFileError) as caught:
        parse_agent(text, "f")
    return [str(problem) for problem in caught.value.problems]


CASES = {
    "an empty file": ("", "f:1:1: the file is empty. Begin with `name: ` and the agent's name"),
    "a file of comments": ("# soon\n", "f:1:1: the file is empty."),
    "a list": ("- a\n", "f:1:1: an agent file is lines of `key: value`."),
    "no name": ("description: x\n", "f:1:1: the agent needs `name`."),
    "a name without a value": ("name:\n", "f:1:6: a text belongs here, and there is nothing."),
    "a mistyped section": (
        "name: A\ngudelines: {}\n",
        "f:2:1: the agent has no key 'gudelines'. Did you mean guidelines?",
    ),
    "a mistyped key": (
        "name: A\nguidelines:\n  a:\n    conditon: b\n    action: c\n",
        "f:4:5: a guideline has no key 'conditon'. Did you mean condition?",
    ),
    "a section that is a list": (
        "name: A\nguidelines:\n  - condition: x\n",
        "f:3:3: names with what they stand for belong here, and this is a list.",
    ),
    "a guideline that is a text": (
        "name: A\nguidelines:\n  a: hello\n",
        "f:3:6: a guideline is written with keys, and this is a text. Write keys such as condition, action",
    ),
    "a guideline without an action": (
        "name: A\nguidelines:\n  a: {condition: x}\n",
        "f:3:6: a guideline needs `action`. Say what the agent should do, or move it to observations",
    ),
    "an observation with an action": (
        "name: A\nobservations:\n  a: {condition: x, action: y}\n",
        "f:3:21: an observation has no key 'action'. An observation only observes",
    ),
    "a bad name": (
        "name: A\nobservations:\n  Is-Upset: x\n",
        "f:3:3: 'Is-Upset' cannot name an observation: names are small letters, digits and _. Write is_upset",
    ),
    "a reserved name": (
        "name: A\nobservations:\n  none: x\n",
        "f:3:3: 'none' has a meaning of its own and cannot name an observation.",
    ),
    "a name used twice": (
        "name: A\nobservations:\n  a: x\ntools:\n  a: {data: 1}\n",
        "f:5:3: the name 'a' is taken by an observation on line 3. Names are unique across the agent",
    ),
    "an inline response with a name that is taken": (
        "name: A\nobservations:\n  a: {condition: x, canned_responses: [a: Hi]}\n",
        "f:3:40: the name 'a' is taken by an observation on line 3.",
    ),
    "a word out of a few": (
        "name: A\ncomposition_mode: Strict\n",
        "f:2:19: 'Strict' is none of fluid, composited, strict. Did you mean strict?",
    ),
    "yes for true": (
        "name: A\nobservations:\n  a: {condition: x, enabled: yes}\n",
        "f:3:30: true or false belongs here, not 'yes'. Write true",
    ),
    "a number that is none": (
        "name: A\nobservations:\n  a: {condition: x, priority: high}\n",
        "f:3:31: a whole number belongs here, not 'high'",
    ),
    "a list that is a text": (
        "name: A\nobservations:\n  a: {condition: x, tags: vip}\n",
        'f:3:27: a list belongs here, and this is a text. Write ["vip"]',
    ),
    "a text that is a list": (
        "name: A\ndescription:\n  - x\n  - y\n",
        "f:3:3: a text belongs here, and this is a list",
    ),
    "an empty condition": ("name: A\nobservations:\n  a: ''\n", "f:3:6: this text is empty."),
    "no length of time": (
        "name: A\nfollow_ups:\n  - {after: 3 minutes, action: x}\n",
        "f:3:13: '3 minutes' is no length of time. Write it like 45s, 3m, 1h30m or 2d",
    ),
    "no cron line": (
        'name: A\nvariables:\n  a: {value: 1, freshness: "61 * * * *"}\n',
        "f:3:28: '61 * * * *' is no cron line. Write minute, hour, day, month and weekday",
    ),
    "no reference to code": (
        "name: A\nobservations:\n  a: {condition: x, matcher: is_vip}\n",
        "f:3:30: 'is_vip' is no reference to code. Write tools.is_vip",
    ),
    "an unknown type": (
        "name: A\ntools:\n  t: {parameters: {x: {type: strng}}}\n",
        "f:3:30: 'strng' is no type of a parameter. Did you mean string?",
    ),
    "a stub beside stubs": (
        "name: A\ntools:\n  t: {stubs: [{data: 1}], data: 2}\n",
        "f:3:27: `data` and `stubs` cannot stand beside each other.",
    ),
    "a variable that is a value": (
        "name: A\nvariables:\n  a: 5\n",
        "f:3:6: a variable is written with keys, and this is a text. Write {value: 5}",
    ),
    "a mistyped relationship": (
        "name: A\nobservations: {a: x, b: y}\nrelationships:\n  - a exclude b\n",
        "f:4:5: 'a exclude b' is no relationship. Write excludes",
    ),
    "a relationship in words": (
        "name: A\nobservations: {a: x, b: y}\nrelationships:\n  - a depends on b\n",
        "f:4:5: 'a depends on b' is no relationship. Write depends_on",
    ),
    "any of with another verb": (
        "name: A\nobservations: {a: x, b: y}\nrelationships:\n  - a excludes any of b\n",
        "f:4:5: `any of` goes with depends_on only, not with excludes",
    ),
    "a state that is a text": (
        "name: A\njourneys: {j: {states: {a: Hello}}}\n",
        'f:2:28: a state is written with keys, and this is a text. Write {chat: "Hello"}',
    ),
    "a state that does two things": (
        "name: A\ntools: {t: {data: 1}}\njourneys: {j: {states: {a: {chat: x, tool: t, next: b}, b: {chat: y}}}}\n",
        "f:3:38: the state 'a' has chat and tool, and a state does one thing.",
    ),
    "a state that does nothing": (
        "name: A\njourneys: {j: {states: {a: {instruction: x}}}}\n",
        "f:2:25: the state 'a' does nothing and leads nowhere.",
    ),
    "a journey without states": ("name: A\njourneys: {j: {title: x}}\n", "f:2:15: a journey needs `states`"),
    "neither auto nor off": (
        "name: A\npreambles: on\n",
        "f:2:12: 'on' is neither auto nor off nor a list of preambles.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_error_says_where_what_and_what_to_try(case: str) -> None:
    text, said = CASES[case]
    found = problems(text)
    assert len(found) == 1, found
    assert found[0].startswith(said), found[0]
    assert "\n" not in found[0]


@pytest.mark.parametrize("case", [case for case, (_, said) in CASES.items() if "Write [" in said or "Did you" in said])
def test_a_suggestion_can_be_applied(case: str) -> None:
    text = CASES[case][0]
    with pytest.raises(AgentFileError) as caught:
        parse_agent(text, "f")
    fix = caught.value.problems[0].fix
    if fix is not None:
        parse_agent(fix.apply(text), "f")


def test_all_errors_of_the_model_are_reported_at_once_in_the_order_of_the_file() -> None:
    text = (
        "name: A\ncomposition_mode: free\nguidelines:\n  a: {condition: x, action: y, tools: [nope], enabled: 3}\n"
        "  b: {condition: x}\nrelationships:\n  - a excludes c\n"
    )
    with pytest.raises(AgentFileError) as caught:
        parse_agent(text, "f")
    assert [problem.id for problem in caught.value.problems] == [
        "unknown-choice",
        "unknown-name",
        "not-true-or-false",
        "missing-key",
        "unknown-name",
    ]


def test_a_section_that_cannot_be_read_makes_no_further_errors_of_its_names() -> None:
    assert len(problems("name: A\nobservation: {a: x, b: y}\nrelationships: [a excludes b]\n")) == 1


def test_a_text_field_takes_the_scalar_as_it_was_written() -> None:
    agent = parse_agent(
        "name: 1.10\ndescription: null\nno_match: 007\ncanned_responses: {a: true, b: 0x1F}\n", "f"
    ).agent
    assert (agent.name, agent.description, agent.no_match) == ("1.10", "null", "007")
    assert [response.template for response in agent.canned_responses] == ["true", "0x1F"]


def test_data_keeps_its_types() -> None:
    text = "name: A\ntools: {t: {data: [1, 1.5, yes, true, null, 2026-03-14, '1', {a: ~}]}}\n"
    stub = parse_agent(text, "f").agent.tools[0].stubs[0]
    assert stub.data == [1, 1.5, "yes", True, None, "2026-03-14", "1", {"a": None}]


def test_every_form_of_a_tool_becomes_the_same_model() -> None:
    text = (
        "name: A\ntools:\n  a: {stubs: [{data: 1}]}\n  b: [{data: 1}]\n  c: {data: 1}\n"
        "  d: tools.run\n  e: {python: tools.run}\n  f: {}\n"
    )
    tools = parse_agent(text, "f").agent.tools
    assert [tool.stubs for tool in tools[:3]] == [tools[0].stubs] * 3
    assert [tool.python for tool in tools[3:]] == ["tools.run", "tools.run", None]


def test_parameters_are_enums_with_choices_and_optional_with_a_default() -> None:
    text = "name: A\ntools: {t: {parameters: {a: {choices: [x, y]}, b: {type: integer, default: 3}, c: date, d: }}}\n"
    found = parse_agent(text, "f").agent.tools[0].parameters
    assert [(one.type, one.required) for one in found] == [
        ("enum", True),
        ("integer", False),
        ("date", True),
        ("string", True),
    ]


def test_crlf_and_a_missing_last_newline_read_like_any_text() -> None:
    text = "name: A\nobservations:\n  a: x\n  b:\n    condition: y"
    assert parse_agent(text.replace("\n", "\r\n"), "f").agent == parse_agent(text, "f").agent


def test_reading_alone_does_not_look_across_the_file() -> None:
    text = "name: A\nrelationships: [a excludes b]\n"
    assert str(read_agent(text, "f").agent.relationships[0]) == "a excludes b"


def test_a_missing_folder_an_unreadable_file_and_a_wrong_encoding_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(AgentFileError, match="there is no such file. Name a folder with an agent.yaml"):
        load_agent(tmp_path)
    (tmp_path / "agent.yaml").mkdir()
    with pytest.raises(AgentFileError, match="agent.yaml:1:1: "):
        load_agent(tmp_path)
    (tmp_path / "latin").mkdir()
    (tmp_path / "latin" / "agent.yaml").write_bytes("name: A\ndescription: caf\xe9\n".encode("latin-1"))
    with pytest.raises(AgentFileError, match=r"agent.yaml:2:17: this is not UTF-8: the byte 0xe9 cannot be read"):
        load_agent(tmp_path / "latin")


def test_a_problem_is_one_line_and_a_fix_replaces_one_piece() -> None:
    problem = Problem("id", "f", 3, 7, "two\nlines", "Try this")
    assert str(problem) == "f:3:7: two lines. Try this"
    assert Fix(1, 2, "xyz").apply("abc") == "axyzc"


def test_problems_are_ordered_by_place_and_said_once() -> None:
    late, early = Problem("a", "f", 9, 1, "x"), Problem("b", "f", 2, 5, "y")
    assert in_order([late, early, late]) == (early, late)


def test_the_nearest_name_ignores_case_and_dashes_and_works_among_many() -> None:
    assert nearest("Short-Answer", ["short_answer", "other"]) == "short_answer"
    assert nearest("xyz", ["short_answer"]) is None
    assert nearest("respones_77", [f"response_{number}" for number in range(2000)]) == "response_77"


def test_a_file_of_another_name_is_loaded_and_known_by_it(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("name: A\n")
    document = load_agent(tmp_path / "other.yaml")
    assert (document.path, document.folder) == (tmp_path / "other.yaml", tmp_path)
