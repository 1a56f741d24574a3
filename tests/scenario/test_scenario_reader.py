from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.agent.errors import Problem
from engine.agent.model import Agent, TriggerGuideline
from engine.scenario.model import (
    DEFAULT_CLOCK,
    AgentSaid,
    Changes,
    CustomerSays,
    CustomEvent,
    GivenCustomer,
    HumanAgentSays,
    OnBehalfSays,
    Scenario,
    ToolAnswer,
    TriggerResponse,
    Wait,
)
from engine.scenario.reader import ScenarioFileError, read_scenarios, read_text
from engine.scenario.reading import Reading

Read = Callable[[str], list[Scenario]]
Problems = Callable[[str], list[Problem]]


def steps(text: str) -> str:
    return f"scenario: S\nsteps:\n{text}"


def test_every_input_is_read(read: Read) -> None:
    (scenario,) = read(
        steps(
            """
  - customer: hi
  - customer: [one, 1.10]
  - human_agent: Lee here
  - human_agent_on_behalf: All set
  - trigger_response: {}
  - trigger_response: {name: later, guidelines: [{action: Say hello, rationale: follow_up}]}
  - event: {data: {page: cart}}
  - set: {variables: {plan: gold}, session: {mode: manual}, tools: {get_menu: {data: 1}, book: live}}
  - wait: 1h30m
"""
        )
    )
    inputs = [step.input for step in scenario.cases[0].steps]
    assert inputs[:7] == [
        CustomerSays(("hi",)),
        CustomerSays(("one", "1.10")),
        HumanAgentSays("Lee here"),
        OnBehalfSays("All set"),
        TriggerResponse(),
        TriggerResponse((TriggerGuideline(action="Say hello", rationale="follow_up"),), "later"),
        CustomEvent("customer_ui", {"page": "cart"}),
    ]
    changes = inputs[7]
    assert isinstance(changes, Changes)
    assert (changes.variables, changes.session, changes.live) == ({"plan": "gold"}, {"mode": "manual"}, ("book",))
    assert changes.stubs["get_menu"][0].data == 1
    assert inputs[8] == Wait(timedelta(minutes=90))


def test_given_is_read(read: Read) -> None:
    (scenario,) = read(
        """
scenario: S
given:
  clock: 2026-03-02 09:30
  customer: {name: Dana, tags: [vip]}
  variables: {plan: gold}
  tools:
    get_menu: [{when: {x: 1}, error: 404}, {data: 5, after: 20m}]
    book: live
  session: {mode: manual, title: T}
  at: [order.ask, order.confirm]
  applied: offer_pepsi
  history:
    - customer: hi
    - agent: hello
    - tool: {name: get_menu, data: {a: 1}, fields: {f: 2}}
steps: []
"""
    )
    given_ = scenario.cases[0].given
    assert given_.clock == datetime(2026, 3, 2, 9, 30)
    assert given_.customer == GivenCustomer(name="Dana", tags=("vip",))
    assert [stub.error for stub in given_.stubs["get_menu"]] == ["404", None]
    assert (given_.live, given_.all_live) == (("book",), False)
    assert (given_.at, given_.applied) == ({"order": ("ask", "confirm")}, ("offer_pepsi",))
    assert given_.history == (CustomerSays(("hi",)), AgentSaid("hello"), ToolAnswer("get_menu", {}, {"a": 1}, {"f": 2}))


def test_what_is_not_given_has_documented_defaults(read: Read) -> None:
    (scenario,) = read(steps("  - customer: hi"))
    assert scenario.cases[0].given.clock == DEFAULT_CLOCK
    assert scenario.cases[0].given.reasoner == "embedded"


def test_a_registered_customer_is_named(read: Read) -> None:
    (scenario,) = read("scenario: S\ngiven: {customer: georgie}\nsteps: []")
    assert scenario.cases[0].given.customer == GivenCustomer(id="georgie")


WRONG = [
    ("scenario: S", "1:1: the key steps is missing"),
    ("steps: []", "1:1: the key scenario is missing"),
    ("- a\n- b", "1:1: a scenario is a mapping of keys to values, not a list"),
    ("scenario: S\nstep: []\nsteps: []", "2:1: unknown key 'step'. Did you mean steps?"),
    ("scenario: S\nextends: a#b\nsteps: []", "2:1: extends is not supported yet"),
    ("scenario: S\nsteps: []\n---\nscenario: S\nsteps: []", "4:1: a scenario called 'S' is already here, on line 1"),
    (steps("  - costumer: hi"), "3:5: unknown key 'costumer'. Did you mean customer?"),
    (steps("  - customer: hi\n    wait: 5m"), "4:5: customer and wait stand in one step"),
    (steps("  - customer: {text: hi}"), "customer is text, a list of texts, or {any_of: […]}"),
    (steps("  - customer: []"), "the customer says nothing here"),
    (steps("  - customer: ''"), "the customer says nothing here"),
    (steps("  - customer:"), "3:14: what the customer says belongs here"),
    (steps("  - hello"), "3:5: a step is a mapping of keys to values, not 'hello'"),
    (steps("  - response: no_cokes"), "there is no canned response 'no_cokes'. Did you mean no_coke?"),
    (steps("  - response: upset"), "there is no canned response 'upset'. upset is a guideline or observation"),
    (steps("  - matched: [offer_pepsi, offer_cola]"), "there is no guideline or observation 'offer_cola'"),
    (steps("  - state: order.asked"), "there is no journey.state 'order.asked'. Did you mean order.ask?"),
    (steps("  - journey: ordr"), "there is no journey 'ordr'. Did you mean order?"),
    (steps("  - calls: get_meny"), "there is no tool 'get_meny'. Did you mean get_menu?"),
    (steps("  - calls: {book: {dat: 1}}"), "book has no parameter 'dat'. Did you mean date?"),
    (steps("  - why_not: {offer_pepsi: exclude upset}"), "'exclude' is no reason. Did you mean excluded?"),
    (steps("  - why_not: {offer_pepsi: excluded upst}"), "there is nothing called 'upst' that could decide this"),
    (steps("  - fit: hihg"), "'hihg' cannot stand here. Did you mean high?"),
    (steps("  - agent: /(/"), "/(/ is no regular expression"),
    (steps("  - agent: [a, none]"), "none stands alone"),
    (steps("  - at: soon"), "'soon' is no time. Write it like 18:15"),
    (steps("  - tokens: few"), "'few' is no comparison. Write it like <2000"),
    (steps("  - like: {min: 0.5}"), "the key text is missing"),
    (steps("  - like: {text: a, min: 7}"), "min is a number from 0 to 1"),
    (steps("  - status: done"), "'done' cannot stand here"),
    (steps("  - session: {mod: auto}"), "unknown key 'mod'. Did you mean mode?"),
    (steps("  - variables: {plann: a}"), "there is no variable 'plann'. Did you mean plan?"),
    (steps("  - not: {respons: a}"), "unknown key 'respons'. Did you mean response?"),
    (steps("  - judge: It is polite"), "3:5: judge is not supported yet"),
    (steps("  - pin: {}"), "3:10: pin stands beside the `customer` or `trigger_response` whose turn it is"),
    (steps("  - {customer: a, pin: {match: a}}"), "unknown key 'match'. Did you mean matched?"),
    (steps("  - {customer: a, pin: {matched: [upst]}}"), "there is no guideline or observation 'upst'"),
    (steps("  - {customer: a, pin: {select: no_cok}}"), "there is no canned response 'no_cok'"),
    (steps("  - {customer: a, pin: {arguments: {book: {dat: 1}}}}"), "book has no parameter 'dat'"),
    (steps("  - {customer: a, pin: {state: order.asks}}"), "there is no journey.state 'order.asks'"),
    (steps("  - not: {judge: rude}"), "judge is not supported yet"),
    (steps("  - wait: soon"), "'soon' is no length of time. Write it like 45s, 3m, 1h30m or 2d"),
    (steps("  - wait: 99999999999999d"), "is no length of time"),
    (steps("  - set: {variable: {}}"), "unknown key 'variable'. Did you mean variables?"),
    (steps("  - set: {session: {mode: automatic}}"), "3:27: mode is 'auto' or 'manual'"),
    ("scenario: S\ngiven: {session: {labels: 5}}\nsteps: []", "2:27: labels is a list"),
    (steps("  - event: {source: customer}"), "there is no source 'customer'. Did you mean customer_ui?"),
    (steps("  - trigger_response: {guidelines: [{rationale: follow_up}]}"), "the key action is missing"),
    (steps("  - given_draft: hi"), "given_draft belongs to one turn that a step starts, once"),
    (steps("  - customer: a\n  - given_draft: b\n  - given_draft: c"), "5:5: given_draft belongs to one turn"),
    ("scenario: S\ngiven: {clok: 1}\nsteps: []", "unknown key 'clok'. Did you mean clock?"),
    ("scenario: S\ngiven: {clock: later}\nsteps: []", "'later' is no time"),
    ("scenario: S\ngiven: {reasoner: 'ollama:'}\nsteps: []", "reasoner: ollama: names no model. Write ollama:NAME"),
    ("scenario: S\ngiven: {reasoner: recoded}\nsteps: []", "there is no reasoner 'recoded'. Did you mean recorded?"),
    ("scenario: S\ngiven: {reasoner: gpt}\nsteps: []", "Write embedded, ollama:NAME or recorded"),
    ("scenario: S\ngiven: {embeddings: lexcal}\nsteps: []", "there is no embeddings 'lexcal'. Did you mean lexical?"),
    ("scenario: S\ngiven: {customer: georgy}\nsteps: []", "there is no customer 'georgy'. Did you mean georgie?"),
    ("scenario: S\ngiven: {tools: {get_menu: {dta: 1}}}\nsteps: []", "unknown key 'dta'. Did you mean data?"),
    ("scenario: S\ngiven: {tools: {get_menu: {after: x}}}\nsteps: []", "'x' is no length of time"),
    ("scenario: S\ngiven: {tools: {book: {when: {dates: 1}}}}\nsteps: []", "book has no parameter 'dates'"),
    ("scenario: S\ngiven: {tools: {get_menu: []}}\nsteps: []", "get_menu has no answer here"),
    ("scenario: S\ngiven: {tools: {get_menu: {data: ['{{ a']}}}\nsteps: []", "this template does not parse"),
    ("scenario: S\ngiven: {at: [order.end, order.ask]}\nsteps: []", "order.end can only be the last state of a path"),
    ("scenario: S\ngiven: {history: [{agents: x}]}\nsteps: []", "unknown key 'agents'. Did you mean agent?"),
    ("scenario: S\ngiven: {history: [{agent: x, customer: y}]}\nsteps: []", "a line of history has one key"),
    (steps("  - matched: []"), "3:14: this list is empty. Write none for nothing at all"),
    (steps("  - calls: {any_of: []}"), "this list is empty"),
    (steps("  - not: {}"), "not is empty here and would check nothing"),
    (steps("  - variables: {}"), "variables is empty here and would check nothing"),
    (steps("  - fields: {}"), "fields is empty here and would check nothing"),
    (steps("  - calls: {}"), "calls is empty here and would check nothing"),
    (steps("  - why_not:"), "why_not is empty here and would check nothing"),
    (steps("  -"), "this step is empty"),
    (steps("  - not: {missing: dates}"), "there is no parameter of a tool 'dates'. Did you mean date?"),
    (steps("  customer: hi"), "steps is a list, not a mapping. Begin each item with `- `"),
    ("scenario: S\ngiven: {embeddings: 'minilm:2'}\nsteps: []", "there is no embeddings 'minilm:2'"),
    ("scenario: S\nexpect: {respons: a}\nsteps: []", "unknown key 'respons'. Did you mean response?"),
    ("scenario: S\nexpect: {order: [{respons: a}]}\nsteps: []", "unknown key 'respons'. Did you mean response?"),
]


@pytest.mark.parametrize(("text", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_place(problems_of: Problems, text: str, said: str) -> None:
    found = [str(problem) for problem in problems_of(text)]
    assert any(said in problem for problem in found), found
    assert all(problem.startswith("t.scenario.yaml:") for problem in found)


def test_everything_that_is_wrong_is_said_at_once(problems_of: Problems) -> None:
    found = problems_of(steps("  - customer: hi\n  - respons: a\n    matched: nobody\n    tokens: x"))
    assert [problem.line for problem in found] == [4, 5, 6]


def test_text_that_is_no_yaml_is_one_problem(agent: Agent) -> None:
    with pytest.raises(ScenarioFileError) as error:
        read_text("scenario: S\nsteps:\n  - agent: Your total: 5", "f.yaml", Reading(agent))
    assert str(error.value).startswith("f.yaml:3:")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "# all of it\n", "---\n---\n"])
def test_a_file_without_a_scenario_never_passes_silently(tmp_path: Path, agent: Agent, text: str) -> None:
    file = tmp_path / "a.scenario.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioFileError, match="there is no scenario in this file"):
        read_scenarios(file, agent)


@pytest.mark.parametrize("word", ["auto", "lexical", "minilm", "ollama:nomic-embed-text:v1.5"])
def test_embeddings_are_named_by_the_words_of_the_command_line(read: Read, word: str) -> None:
    (scenario,) = read(f"scenario: S\ngiven: {{reasoner: recorded, embeddings: '{word}'}}\nsteps: [{{customer: a}}]")
    assert scenario.cases[0].given.embeddings == word


def test_embeddings_are_the_best_there_are_unless_named(read: Read) -> None:
    (scenario,) = read("scenario: S\nsteps: [{customer: a}]")
    assert scenario.cases[0].given.embeddings == "auto"


def test_given_is_inherited_key_by_key_and_a_stub_replaces_whole(tmp_path: Path, agent: Agent) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "_given.yaml").write_text(
        "clock: 2026-03-02 09:00\nvariables: {plan: far}\n"
        "tools:\n  get_menu: {data: far, fields: {a: 1}}\n  book: {data: far}\n"
    )
    (inner / "_given.yaml").write_text("tools: {get_menu: {data: near}}")
    file = inner / "a.scenario.yaml"
    file.write_text("scenario: S\ngiven: {tools: {book: {data: own}}}\nsteps: []\n")
    given_ = read_scenarios(file, agent, tmp_path)[0].cases[0].given
    assert given_.clock == datetime(2026, 3, 2, 9)
    assert given_.variables == {"plan": "far"}
    assert (given_.stubs["get_menu"][0].data, given_.stubs["get_menu"][0].fields) == ("near", {})
    assert given_.stubs["book"][0].data == "own"


def test_a_given_file_above_the_root_does_not_count(tmp_path: Path, agent: Agent) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "_given.yaml").write_text("clock: 2026-03-02 09:00")
    file = tmp_path / "inner" / "a.scenario.yaml"
    file.write_text("scenario: S\nsteps: []\n")
    assert read_scenarios(file, agent, tmp_path / "inner")[0].cases[0].given.clock == DEFAULT_CLOCK


def test_a_problem_in_a_given_file_names_that_file(tmp_path: Path, agent: Agent) -> None:
    (tmp_path / "_given.yaml").write_text("tools: {get_meny: {data: 1}}")
    file = tmp_path / "a.scenario.yaml"
    file.write_text("scenario: S\nsteps: []\n---\nscenario: T\nsteps: []\n")
    with pytest.raises(ScenarioFileError, match=r"_given.yaml:1:9: there is no tool 'get_meny'") as error:
        read_scenarios(file, agent)
    assert len(error.value.problems) == 1


def test_a_file_that_is_no_text_or_not_there_is_one_line(tmp_path: Path, agent: Agent) -> None:
    (tmp_path / "a.scenario.yaml").write_bytes(b"\xff\xfe")
    for name in ("a.scenario.yaml", "b.scenario.yaml"):
        with pytest.raises(ScenarioFileError) as error:
            read_scenarios(tmp_path / name, agent)
        assert "\n" not in str(error.value)


KEYS = ["scenario", "given", "cases", "steps", "expect", "customer", "agent", "not", "branch", "calls", "why_not", "at"]
SCALARS = st.one_of(
    st.sampled_from(["none", "end", "live", "order.ask", "<a>", "1", "true", "~", "5m"]), st.text(max_size=6)
)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*KEYS, "any_of", "a"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.dictionaries(st.sampled_from(KEYS), TREES, max_size=5))
def test_no_tree_makes_the_reader_raise_anything_but_its_own_error(agent: Agent, tree: dict[str, object]) -> None:
    import json

    reading = Reading(agent)
    try:
        read_text(json.dumps(tree, ensure_ascii=False), "f.yaml", reading)
    except ScenarioFileError as error:
        assert error.problems
    for problem in reading.problems:
        assert problem.line >= 1
        assert "\n" not in str(problem)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.text(alphabet="scenario: teps-[]{}\n\t<>/\"'|&*!%@`,#…0", max_size=60) | st.text(max_size=40))
def test_no_text_makes_the_reader_raise_anything_but_its_own_error(agent: Agent, text: str) -> None:
    try:
        read_text(text, "f.yaml", Reading(agent))
    except ScenarioFileError as error:
        assert error.problems
