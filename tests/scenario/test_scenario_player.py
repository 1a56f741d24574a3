"""Whole replays over a small agent, with a reasoner whose judgements are plain to see."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agent.code import FolderCode
from engine.agent.loading import load_agent
from engine.agent.model import Agent, Journey, Stub, Tool
from engine.index.base import Hit
from engine.reasoner.base import (
    Argument,
    Brief,
    Candidate,
    Choice,
    Condition,
    Draft,
    FieldRequest,
    Instruction,
    Judgement,
    ModelCall,
    OnWords,
    Option,
    ReasonerError,
    ReasonerInfo,
    Restyled,
    ScoredCandidate,
    Selection,
    Step,
)
from engine.reasoner.conversation import Conversation, Position
from engine.scenario.model import Case, Given, Place
from engine.scenario.player import play
from engine.scenario.reader import read_text
from engine.scenario.reading import Reading
from engine.scenario.replay import replay, replay_case
from engine.scenario.report import failure_text
from engine.scenario.results import CaseResult, summarize
from engine.scenario.text import parse_text
from engine.scenario.tree import read_trees
from engine.scenario.writing import exact, write_scenario
from engine.session.clock import VirtualClock
from engine.session.events import EventSource, SessionState
from engine.session.memory import MemoryStore
from engine.turn.engine import Engine
from engine.turn.live_session import LiveSession

PIZZA = Path(__file__).parent / "data" / "pizza"


class PlainReasoner:
    """A condition holds when one of its examples is in the message; a draft is what instructions say."""

    info = ReasonerInfo("plain")
    model_calls: tuple[ModelCall, ...] = ()

    def for_turn(self) -> "PlainReasoner":
        return self

    async def guess(self, journeys: Sequence[Journey], conversation: Conversation) -> str | None:
        return None

    async def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        if "crash" in conversation.latest:
            raise ReasonerError("the model is gone; start it again")
        return [self._judge(condition, conversation.latest) for condition in conditions]

    def _judge(self, condition: Condition, said: str) -> Judgement:
        near = next((example for example in condition.examples if example.casefold() in said.casefold()), "")
        return Judgement(condition.of, bool(near), float(bool(near)), 0.5, "clear", "example", "said so", near)

    async def step(self, journey: Journey, position: Position | None, conversation: Conversation) -> Step:
        return Step("stay", (), "there are no journeys here")

    async def arguments(self, tool: Tool, conversation: Conversation) -> list[Argument]:
        sizes = [word for word in conversation.latest.split() if word in ("large", "small")]
        return [
            Argument(parameter.name, sizes[0]) if sizes else Argument(parameter.name, problem="missing")
            for parameter in tool.parameters
        ]

    async def draft(self, brief: Brief, on_words: OnWords | None = None) -> Draft:
        text = brief.given_draft or " ".join(each.say or each.text for each in brief.instructions)
        return Draft(text, dictated=brief.given_draft is not None, nothing_applies=not text)

    async def select(
        self, draft: Draft, candidates: Sequence[Candidate], instructions: Sequence[Instruction]
    ) -> Selection:
        scored = tuple(ScoredCandidate(each.name, each.score, "high", "shares words") for each in candidates)
        if not scored:
            return Selection(None, "none", (), "there is no candidate")
        return Selection(scored[0].name, "high", scored, "the first one")

    async def fill(self, requests: Sequence[FieldRequest], choice: Choice) -> dict[str, Any]:
        return {}

    async def restyle(self, draft: Draft, candidates: Sequence[Candidate]) -> Restyled:
        return Restyled(draft.text, False, None, "as it is")

    async def preamble(self, conversation: Conversation, choices: Sequence[str]) -> str | None:
        return None

    async def clarify(self, options: Sequence[Option], conversation: Conversation) -> str:
        return "Which one?"


class WordIndex:
    """A response is near when it shares most of a draft's words."""

    embeddings = "words"
    threshold = 0.4

    async def search(self, draft: str, responses: Sequence[Any]) -> list[Hit]:
        words = set(draft.casefold().replace(".", "").split())
        return [Hit(each.name, self._score(words, each.template), each.template) for each in responses]

    def _score(self, words: set[str], template: str) -> float:
        others = set(template.casefold().replace(".", "").replace(":", "").split())
        return round(len(words & others) / max(1, len(words)), 4)


CASE = Case("S", Place("s.scenario.yaml", 1, 1), (), Given(), ())


class PlainFactory:
    def __init__(self, agent: Agent) -> None:
        self.agent = agent

    def __call__(
        self, case: Case, store: MemoryStore, clock: VirtualClock, stubs: Mapping[str, tuple[Stub, ...]]
    ) -> Engine:
        code = FolderCode(PIZZA, trusted=False)
        return Engine(self.agent, store, PlainReasoner(), WordIndex(), clock, code, stubs)


@pytest.fixture(scope="module")
def pizza() -> Agent:
    return load_agent(PIZZA).agent


def cases_of(agent: Agent, text: str) -> list[Case]:
    reading = Reading(agent)
    (shared,) = read_trees((PIZZA / "_given.yaml").read_text(), "_given.yaml")
    scenarios = read_text(text, "p.scenario.yaml", reading, shared)  # type: ignore[arg-type]
    assert [str(problem) for problem in reading.problems] == []
    return [case for scenario in scenarios for case in scenario.cases]


async def played(agent: Agent, steps: str, given: str = "{}", more: str = "") -> CaseResult:
    (case,) = cases_of(agent, f"scenario: S\ngiven: {given}\nsteps:\n{steps}\n{more}")
    return await play(case, PlainFactory(agent))


async def test_a_conversation_that_goes_as_written_passes(pizza: Agent) -> None:
    result = await played(
        pizza,
        """
  - customer: A coke please
  - response: only_pepsi
    agent: We only have Pepsi.
    matched: {only: [offer_pepsi]}
    calls: none
    mode: strict
  - customer: I hate pepsi!
  - why_not: {offer_pepsi: excluded upset}
  - customer: the menu, large
  - agent: "Here is the menu: Margherita and Diavola."
    calls: {get_menu: {size: large}}
    fields: {dishes: [Margherita, Diavola]}
""",
        more="expect: {response: menu_is, not: {failures: get_menu}, order: [{calls: none}, {calls: get_menu}]}",
    )
    assert result.failures == ()
    assert (result.verdict, result.turns, result.checks) == ("passed", 3, 13)
    assert [line.who for line in result.transcript] == ["customer", "agent"] * 3


async def test_a_failure_says_place_expected_got_and_why(pizza: Agent) -> None:
    result = await played(pizza, "  - customer: I hate your coke\n  - matched: offer_pepsi")
    (failure,) = result.failures
    assert result.verdict == "failed"
    assert (failure.place.line, failure.check, failure.got) == (5, "matched", "upset")
    assert failure.step == "customer: I hate your coke"
    assert failure.why[0].startswith("relationships · offer_pepsi: excluded by upset (clear 1.00")
    assert "excluded by upset" in failure_text(result)


async def test_a_scenario_without_checks_is_unjudged(pizza: Agent) -> None:
    assert (await played(pizza, "  - customer: A coke please")).verdict == "unjudged"


async def test_a_dictated_draft_is_used_and_counted(pizza: Agent) -> None:
    result = await played(pizza, "  - customer: hello\n  - given_draft: I am sorry.\n    response: sorry")
    assert (result.verdict, result.dictated) == ("passed", 1)


async def test_pinned_decisions_stand_and_are_counted(pizza: Agent) -> None:
    result = await played(
        pizza,
        """
  - customer: something else, small
    pin:
      matched: [show_menu, tell_time]
      arguments: {get_menu: {size: huge}}
      draft: I am sorry.
      select: sorry
  - matched: {only: [show_menu, tell_time]}
    calls: [{get_menu: {size: huge}}, check_oven]
    draft: I am sorry.
    response: sorry
  - customer: a coke
  - matched: {only: [offer_pepsi]}
""",
    )
    assert result.failures == ()
    assert (result.pinned, result.dictated) == (1, 0)


async def test_a_pinned_response_that_cannot_be_said_is_an_error(pizza: Agent) -> None:
    result = await played(pizza, "  - {customer: a coke, pin: {select: minutes_are}}\n  - response: minutes_are")
    assert result.verdict == "error"
    assert result.failures[0].got == "the pinned response minutes_are is no candidate in this turn"


async def test_an_unwanted_agent_message_fails(pizza: Agent) -> None:
    result = await played(pizza, "  - customer: A coke please\n  - agent: none")
    assert result.failures[0].got == "“We only have Pepsi.”"


async def test_several_customer_messages_are_one_turn(pizza: Agent) -> None:
    result = await played(pizza, "  - customer: [hello, a coke]\n  - response: only_pepsi")
    assert (result.verdict, result.turns) == ("passed", 1)


async def test_customers_may_go_on_without_anything_checked(pizza: Agent) -> None:
    result = await played(pizza, "  - customer: a coke\n  - customer: the menu\n  - response: menu_is")
    assert (result.verdict, result.turns) == ("passed", 2)


HAND_OVER = """
  - customer: how long does it take? get me a person
  - calls: [check_oven, call_person]
    session: {mode: manual}
  - customer: hello??
  - agent: none
  - human_agent: Lee here.
  - wait: 20m
  - agent: none
  - set: {session: {mode: auto}}
  - trigger: check_oven
    given_draft: It takes 15 minutes.
    response: minutes_are
    agent: It takes 15 minutes.
    at: 18:15
"""


async def test_a_held_trigger_is_said_once_the_session_is_back_in_auto(pizza: Agent) -> None:
    result = await played(pizza, HAND_OVER)
    assert result.failures == ()
    assert [line.text for line in result.transcript if line.who == "agent"][-1] == "It takes 15 minutes."


@pytest.mark.parametrize(
    "steps",
    [
        "  - {trigger_response: GUIDED, trigger: x, given_draft: I am sorry., response: sorry}",
        "  - trigger_response: GUIDED\n  - {trigger: x, given_draft: I am sorry., response: sorry, at: '17:55'}",
        "  - {trigger_response: {}, agent: none}",
    ],
)
async def test_a_turn_can_be_triggered_and_its_draft_dictated(pizza: Agent, steps: str) -> None:
    guided = "{name: x, guidelines: [{action: Say hello}]}"
    assert (await played(pizza, steps.replace("GUIDED", guided))).failures == ()


async def test_a_draft_for_a_trigger_that_fell_due_by_itself_is_not_ignored(pizza: Agent) -> None:
    steps = "  - customer: how long?\n  - wait: 20m\n  - {trigger: check_oven, given_draft: It takes long.}"
    result = await played(pizza, steps)
    assert [failure.check for failure in result.failures] == ["given_draft"]


async def test_a_trigger_that_is_not_there_fails(pizza: Agent) -> None:
    result = await played(pizza, "  - customer: a coke\n  - wait: 5m\n  - trigger: check_oven")
    assert [(failure.check, failure.got) for failure in result.failures] == [("trigger", "none")]
    assert result.failures[0].why == ("the session is in auto mode and holds no trigger",)


async def test_what_falls_due_while_waiting_is_checked_in_order(pizza: Agent) -> None:
    result = await played(
        pizza,
        "  - customer: how long?\n  - wait: 24h\n  - {trigger: check_oven, at: '18:15'}\n  - {trigger: follow_up_1}",
    )
    assert result.failures == ()


async def test_a_message_of_its_own_accord_that_no_step_expects_fails(pizza: Agent) -> None:
    result = await played(pizza, "  - customer: a coke\n  - wait: 24h\n  - customer: the menu\n  - response: menu_is")
    (failure,) = result.failures
    assert (failure.check, failure.got) == ("agent", "“Are you still there?”")


async def test_a_tool_without_a_stub_is_an_error(pizza: Agent) -> None:
    tools = tuple(tool.model_copy(update={"python": "tools.get_menu"}) for tool in pizza.tools)
    live = pizza.model_copy(update={"tools": tools})
    (case,) = cases_of(live, "scenario: S\nsteps: [{customer: the menu}, {calls: get_menu}]")
    bare = Case(case.scenario, case.place, case.path, Given(), case.steps)
    result = await play(bare, PlainFactory(live))
    assert result.verdict == "error"
    assert "get_menu has no stub in this scenario" in result.failures[0].got


async def test_set_changes_variables_tools_and_the_session(pizza: Agent) -> None:
    result = await played(
        pizza,
        """
  - set: {variables: {plan: gold}, tools: {get_menu: {error: the printer is broken}}, session: {title: T}}
  - customer: the menu
  - failures: get_menu
    variables: {plan: gold}
    session: {title: T}
    response: no_match
    why_not: {menu_is: missing_field dishes}
""",
    )
    assert result.failures == ()


async def test_given_says_who_the_customer_is_and_what_came_before(pizza: Agent) -> None:
    result = await played(
        pizza,
        """
  - session: {mode: manual, customer_name: Georgie, customer_tags: [vip]}
  - customer: a coke
  - agent: none
    why_not: {offer_pepsi: manual_mode}
""",
        given="{customer: georgie, session: {mode: manual}, history: [{customer: hi}, {agent: hello}]}",
    )
    assert result.failures == ()


async def test_earlier_tool_results_give_their_fields(pizza: Agent) -> None:
    result = await played(
        pizza,
        "  - customer: hello\n  - given_draft: It takes 15 minutes.\n    agent: It takes 40 minutes.",
        given="{history: [{tool: {name: check_oven, fields: {minutes: 40}}}]}",
    )
    assert result.failures == ()


async def test_a_reasoner_that_cannot_answer_is_an_error_with_its_line(pizza: Agent) -> None:
    result = await played(pizza, "  - customer: crash\n  - agent: none")
    assert (result.verdict, result.failures[0].got) == ("error", "the model is gone; start it again")


async def test_expectations_over_the_whole_conversation_fail_with_the_turn(pizza: Agent) -> None:
    result = await played(
        pizza,
        "  - customer: a coke\n  - customer: the menu",
        more="expect: {response: sorry, not: {calls: get_menu}, order: [{calls: get_menu}, {response: only_pepsi}]}",
    )
    got = {failure.check: failure.got for failure in result.failures}
    assert got["response"] == "only_pepsi · menu_is"
    why = next(failure.why for failure in result.failures if failure.check == "response")
    assert [line.split(" · ")[0] for line in why] == ["turn 1", "turn 2"]
    assert got["calls"].startswith("at turn 2: get_menu(")
    assert got["order"] == "no such turn after that of item 1"


async def test_equal_cases_give_equal_results_and_never_see_each_other(pizza: Agent) -> None:
    cases = cases_of(pizza, f"scenario: S\nsteps: {HAND_OVER}")
    results = [result async for result in replay([*cases, *cases], PlainFactory(pizza))]
    assert results[0] == results[1]
    assert [trace.to_json() for trace in results[0].traces] == [trace.to_json() for trace in results[1].traces]


async def test_runs_that_differ_are_flaky(pizza: Agent) -> None:
    (menu,) = cases_of(pizza, "scenario: S\nsteps: [{customer: the menu}, {response: menu_is}]")
    factory = PlainFactory(pizza)
    engines = 0

    def changing(case: Case, store: MemoryStore, clock: VirtualClock, stubs: Any) -> Engine:
        nonlocal engines
        engines += 1
        engine = factory(case, store, clock, stubs)
        if engines == 2:
            bare = pizza.model_copy(update={"canned_responses": pizza.canned_responses[:1]})
            return Engine(bare, store, engine.reasoner, engine.index, clock, engine.code, stubs)
        return engine

    result = await replay_case(menu, changing, runs=3)
    assert (result.verdict, result.failures[0].got) == ("flaky", "2 of 3 pass")


async def test_a_replay_can_be_stopped_between_cases(pizza: Agent) -> None:
    cases = cases_of(
        pizza, "scenario: S\ncases: [{n: 1}, {n: 2}, {n: 3}]\nsteps: [{customer: coke <n>}, {calls: none}]"
    )
    results = []

    async def collect() -> None:
        async for result in replay(cases, PlainFactory(pizza)):
            results.append(result)
            if len(results) == 2:
                asyncio.current_task().cancel()  # type: ignore[union-attr]

    with pytest.raises(asyncio.CancelledError):
        await collect()
    summary = summarize(results, len(cases), interrupted=True)
    assert (summary.ran, summary.planned, summary.exit_code) == (2, 3, 130)


async def test_a_chat_saved_as_a_scenario_passes_when_it_is_replayed(pizza: Agent) -> None:
    clock = VirtualClock(Given().clock)
    store = MemoryStore(clock)
    engine = PlainFactory(pizza)(CASE, store, clock, {"get_menu": (Stub(data=1, fields={"dishes": ["1e5", "no"]}),)})
    live = await LiveSession.open(engine, customer_name="Dana", state=SessionState(overrides={"plan": "007"}))
    await live.say("the menu, large", "yes")
    await live.say("~ how long: does it take? # 'really'")
    await live.custom_event(EventSource.CUSTOMER_UI, {"page": "cart"})
    await live.advance(timedelta(minutes=20))
    await live.human_agent("- Lee here")
    text = write_scenario("Saved: a chat", await live.session(), await live.events(), live.traces)
    (case,) = cases_of(pizza, text)
    result = await play(case, PlainFactory(pizza))
    assert result.failures == ()
    assert (result.verdict, result.turns) == ("passed", 3)
    assert [line.text for line in result.transcript if line.who == "customer"][
        -1
    ] == "~ how long: does it take? # 'really'"
    assert case.given.variables == {"plan": "007"}


@given(st.text(min_size=1))
def test_every_message_can_be_expected(text: str) -> None:
    assert parse_text(exact(text)).fits(text) or not text.strip()
