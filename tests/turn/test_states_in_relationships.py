"""States in relationships: what they bear on, what bears on them, and how their journeys wait meanwhile."""

from collections.abc import Mapping
from typing import Any

import pytest

from engine.agent.model import Agent, Guideline, Journey, Observation, State, Stub, Tool, Transition
from engine.turn.relationships import Stands, resolve
from engine.turn.trace import Resolution


def guideline(name: str, **more: object) -> Guideline:
    return Guideline.model_validate({"name": name, "condition": name, "action": f"Do {name}.", **more})


def journey(name: str, *states: State, **more: Any) -> Journey:
    return Journey(name=name, conditions=(name,), states=states or (State(name="s", chat="x"),), **more)


@pytest.fixture
def over(line: Any) -> Any:
    """Resolve lines over guidelines a … d, observation o, and journeys j (with its guideline g) and k."""

    def resolved(
        lines: str, matched: str, states: Mapping[str, str], within: Mapping[str, str] | None = None
    ) -> Resolution:
        agent = Agent(
            name="A",
            observations=(Observation(name="o", condition="o"),),
            guidelines=tuple(guideline(name) for name in "abcd"),
            journeys=(journey("j", guidelines=(guideline("g"),)), journey("k")),
            relationships=tuple(line(text.strip()) for text in lines.splitlines() if text.strip()),
        )
        usable = [*"oabcdjk", *("g" if "j" in matched else "")]
        return resolve(agent, dict.fromkeys(matched.split(), 0.9), usable, stands=Stands(states, within or {}))

    return resolved


def why(resolution: Resolution) -> dict[str, str]:
    return {outcome.entity: str(outcome) for outcome in resolution.removed}


AT_S = {"j": "j.s", "k": "k.s"}
ELSEWHERE = {"j": "j.t"}


def test_a_current_state_excludes(over: Any) -> None:
    found = over("j.s excludes a", "a j", AT_S)
    assert (found.survivors, why(found)) == (("j",), {"a": "excluded j.s"})
    assert over("j.s excludes a", "a j", ELSEWHERE).survivors == ("a", "j")
    assert over("j.s excludes a", "a", {}).survivors == ("a",)


def test_an_excluded_state_leaves_its_journey_and_the_journeys_guidelines(over: Any) -> None:
    found = over("o excludes j.s", "o g j", AT_S)
    assert (found.survivors, why(found)) == (("o", "g", "j"), {"j.s": "excluded o"})


def test_a_dependency_on_a_state_asks_that_it_is_current_and_survives(over: Any) -> None:
    assert over("a depends_on j.s", "a j", AT_S).survivors == ("a", "j")
    assert why(over("a depends_on j.s", "a j", ELSEWHERE)) == {"a": "unmet_dependency j.s"}
    assert why(over("a depends_on j.s\no excludes j.s", "o a j", AT_S))["a"] == "dropped_dependency j.s"
    assert over("a depends_on any of j.s, b", "a b", {}).survivors == ("a", "b")


def test_a_dependency_on_a_journey_asks_that_its_state_survives(over: Any) -> None:
    found = over("a depends_on j\no excludes j.s", "o a j", AT_S)
    assert (found.survivors, why(found)["a"]) == (("o", "j"), "dropped_dependency j.s")
    assert over("a depends_on j\no excludes j.s", "o a j", ELSEWHERE).survivors == ("o", "a", "j")


def test_a_state_that_lacks_what_it_depends_on_takes_no_part(over: Any) -> None:
    found = over("j.s depends_on o\nj.s excludes a", "a j", AT_S)
    assert (found.survivors, why(found)) == (("a", "j"), {"j.s": "unmet_dependency o"})
    assert over("j.s depends_on o\nj.s excludes a", "o a j", AT_S).survivors == ("o", "j")


def test_a_state_entails_and_so_may_save_what_depends(over: Any) -> None:
    found = over("j.s entails b\na depends_on b", "a j", AT_S)
    assert (found.survivors, dict(found.entailed)) == (("a", "j", "b"), {"b": "j.s"})


def test_an_excluded_journey_takes_its_state_along(over: Any) -> None:
    found = over("o excludes j\na depends_on j.s", "o a j", AT_S)
    assert (found.survivors, why(found)) == (("o",), {"j": "excluded o", "a": "dropped_dependency j.s"})


def test_states_have_no_priority_of_their_own(over: Any) -> None:
    assert over("j.s excludes b", "a j", AT_S).survivors == ("a", "j")


def test_an_entailed_journeys_state_takes_part(over: Any) -> None:
    found = over("a entails j\nj.s excludes b", "a b", AT_S)
    assert (found.survivors, why(found)) == (("a", "j"), {"b": "excluded j.s"})


def test_a_linked_journey_goes_with_the_journey_or_the_state_that_links_to_it(over: Any) -> None:
    linked = {"k": "j.s"}
    assert why(over("o excludes j", "o j k", AT_S, linked)) == {"j": "excluded o", "k": "dropped_dependency j"}
    assert why(over("o excludes j.s", "o j k", AT_S, linked)) == {"j.s": "excluded o", "k": "dropped_dependency j.s"}
    assert over("o excludes j", "o j k", AT_S).survivors == ("o", "k")


def test_two_states_that_exclude_each_other_are_a_cycle_that_is_survived(over: Any) -> None:
    found = over("j.s excludes k.s\nk.s excludes j.s", "a j k", AT_S)
    assert (found.survivors, set(why(found))) == (("a", "j", "k"), {"j.s", "k.s"})
    assert found.warnings == ("a cycle was met: j.s excludes k.s excludes j.s",)


def test_a_state_that_something_is_said_to_entail_is_a_warning_not_a_crash(over: Any) -> None:
    assert over("a entails j.s", "a", {}).warnings == ("a entails j.s, which is disabled or out of scope",)


# --- in whole turns ---

PAY = journey(
    "pay",
    State(name="ask", chat="Ask who.", next=(Transition(to="send", when="bob"),)),
    State(name="send", tool="wire", next=(Transition(to="done"),)),
    State(name="done", chat="Say it is done."),
)
WIRE = Tool(name="wire", stubs=(Stub(data="ok"),))
CHECKED = Observation(name="checked", condition="pin=1")
HOLD = guideline("hold", condition="stop")


@pytest.fixture
def stage_of(on_stage: Any, line: Any) -> Any:
    async def opened(*lines: str, **more: Any) -> Any:
        agent = Agent(
            name="A", preambles="off", tools=(WIRE,), observations=(CHECKED,),
            guidelines=(HOLD, guideline("sell", condition="sell"), *more.get("guidelines", ())),
            journeys=(PAY, *more.get("journeys", ())), relationships=tuple(line(text) for text in lines),
        )  # fmt: skip
        return await on_stage(agent)

    return opened


async def position(stage: Any, name: str = "pay") -> Any:
    return (await stage.live.session()).state.journeys[name]


async def test_a_tool_state_waits_for_what_it_depends_on_and_goes_on_once_that_holds(
    stage_of: Any, outcome_of: Any, complete: Any
) -> None:
    stage = await stage_of("pay.send depends_on checked")
    await stage.live.say("pay")
    waits = await stage.live.say("bob")
    assert (outcome_of(waits, "pay"), outcome_of(waits, "pay.send")) == ("active", "unmet_dependency checked")
    assert waits.calls == ()
    assert (await position(stage)).path == ("ask", "send")
    assert complete(stage.engine.agent, waits)
    goes_on = await stage.live.say("pin=1")
    assert [call.tool for call in goes_on.calls] == ["wire"]
    assert (await position(stage)).path == ("ask", "send", "done")


async def test_an_excluded_chat_state_says_nothing_and_is_said_in_the_next_turn(
    stage_of: Any, outcome_of: Any, reasoner: Any
) -> None:
    reasoner.forgetful = True
    stage = await stage_of("hold excludes pay.ask")
    quiet = await stage.live.say("stop, pay")
    assert (quiet.messages, outcome_of(quiet, "pay.ask")) == (("Do hold.",), "excluded hold")
    assert (await position(stage)).spoken is False
    assert (await stage.live.say("well")).messages == ("Ask who.",)


async def test_what_depends_on_a_state_counts_only_while_the_journey_stands_there(
    stage_of: Any, outcome_of: Any
) -> None:
    stage = await stage_of("sell depends_on pay.ask", "pay.ask excludes hold")
    assert outcome_of(await stage.live.say("sell"), "sell") == "unmet_dependency pay.ask"
    there = await stage.live.say("pay, stop")
    assert [outcome_of(there, name) for name in ("sell", "hold")] == ["matched", "excluded pay.ask"]
    assert outcome_of(await stage.live.say("bob"), "sell") != "matched"


async def test_the_tool_of_a_quiet_state_that_ran_for_somebody_else_does_not_move_it_on(stage_of: Any) -> None:
    stage = await stage_of(
        "pay.send depends_on checked", guidelines=(guideline("other", condition="bob", tools=("wire",)),)
    )
    await stage.live.say("pay")
    trace = await stage.live.say("bob")
    assert [call.wanted_by for call in trace.calls] == [("other",)]
    assert (await position(stage)).path == ("ask", "send")


async def test_the_first_state_of_an_entailed_journey_takes_part_in_the_turn_that_brings_it_in(
    stage_of: Any, outcome_of: Any, complete: Any
) -> None:
    greet = journey("greet", guidelines=(guideline("warm", condition="sell"),))
    stage = await stage_of("sell entails greet", "greet.s excludes hold", journeys=(greet,))
    trace = await stage.live.say("sell, stop")
    assert [outcome_of(trace, name) for name in ("greet", "greet.s", "hold", "warm")] == [
        "active", "current", "excluded greet.s", "matched"
    ]  # fmt: skip
    assert complete(stage.engine.agent, trace)


async def test_an_entailed_journey_that_ends_at_once_is_brought_in_once(stage_of: Any, reasoner: Any) -> None:
    from engine.reasoner.base import Step

    reasoner.moves["greet"] = lambda at: Step("complete", ("end",), "over")
    stage = await stage_of("sell entails greet", journeys=(journey("greet"),))
    assert (await stage.live.say("sell")).status == "completed"
    assert (await position(stage, "greet")).status == "completed"


async def test_a_linked_journey_rests_with_the_one_that_links_to_it_unless_it_is_asked_for_by_itself(
    stage_of: Any, outcome_of: Any, reasoner: Any
) -> None:
    reasoner.forgetful = True
    parent = journey(
        "parent", State(name="first", journey="pay", next=(Transition(to="after"),)), State(name="after", chat="x")
    )
    stage = await stage_of("hold excludes parent", journeys=(parent,))
    assert outcome_of(await stage.live.say("parent"), "pay.ask") == "current"
    held = await stage.live.say("stop")
    assert [outcome_of(held, name) for name in ("parent", "pay")] == ["excluded hold", "dropped_dependency parent"]
    assert held.messages == ("Do hold.",)
    by_itself = await stage.live.say("stop, pay")
    assert [outcome_of(by_itself, name) for name in ("parent", "pay")] == ["excluded hold", "active"]
