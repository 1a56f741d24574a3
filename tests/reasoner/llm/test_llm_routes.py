"""The moves that a journey allows, whatever its shape; what leaves nothing to judge costs no question."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.agent.model import END, Journey, State, Transition
from engine.reasoner.conversation import Conversation, KnownResult, Position
from engine.reasoner.llm.routes import MOST_HOPS, route_of, settled, what_it_does
from tests.reasoner.llm.fake_models import talk


def state(name: str, *to: str | tuple[str, str], **fields: Any) -> State:
    does = fields or {"chat": f"Ask for {name}"}
    ways = tuple(Transition(to=way) if isinstance(way, str) else Transition(to=way[0], when=way[1]) for way in to)
    return State(name=name, next=ways, **({} if does == {"fork": True} else does))


def fork(name: str, *to: tuple[str, str]) -> State:
    return state(name, *to, fork=True)


def journey(*states: State) -> Journey:
    return Journey(name="trip", states=states)


def labels(one: Journey, *path: str, spoken: bool = True) -> list[str]:
    return [move.label for move in route_of(one, Position(path, spoken) if path else None).moves]


LINE = journey(*(state(name, to) for name, to in zip("abcdef", [*"bcdef", END], strict=True)))
FORKED = journey(
    state("ask", "way"),
    fork("way", ("left", "They want left"), ("right", "They want right")),
    state("left", "look"),
    state("right", END),
    state("look", "told", tool="find"),
    state("told"),
)


def test_a_journey_begins_at_its_first_state_or_up_to_three_states_on() -> None:
    assert labels(LINE) == ["begin at a", "begin at b", "begin at c", "begin at d"]


def test_from_a_state_that_was_said_the_next_and_up_to_three_more_are_reached() -> None:
    assert labels(LINE, "a") == [
        "stay", "go to b", "go to c", "go to d", "go to e", "start over at a", "leave",
    ]  # fmt: skip


def test_a_state_not_said_yet_counts_as_passed_when_it_is_left() -> None:
    assert labels(LINE, "a", spoken=False) == ["stay", "go to b", "go to c", "go to d", "leave"]


def test_earlier_states_can_be_gone_back_to() -> None:
    assert "back to a" in labels(LINE, "a", "b")
    assert "back to b" not in labels(LINE, "a", "b")


def test_forks_are_passed_and_tools_stop_a_step() -> None:
    assert labels(FORKED, "ask") == [
        "stay", "go to left", "go to right", "go to look", "complete", "start over at ask", "leave",
    ]  # fmt: skip
    moves = {move.label: move for move in route_of(FORKED, Position(("ask",), True)).moves}
    assert moves["go to look"].path == ("way", "left", "look")
    assert moves["complete"].path == ("way", "right", END)


def test_a_tool_that_has_not_run_is_only_waited_for_or_left() -> None:
    assert labels(FORKED, "ask", "way", "left", "look", spoken=False) == [
        "stay", "back to ask", "back to left", "start over at ask", "leave",
    ]  # fmt: skip


def test_the_last_state_completes_once_it_was_said() -> None:
    assert "complete" in labels(FORKED, "told")
    assert "complete" not in labels(FORKED, "told", spoken=False)


def test_the_transitions_that_competed_are_told_with_the_one_taken() -> None:
    step = route_of(FORKED, Position(("ask",), True)).step("go to left", "They said left.", "close")
    assert (step.move, step.path, step.confidence) == ("advance", ("way", "left"), "close")
    assert [(edge.source, edge.to, edge.holds, edge.score) for edge in step.edges] == [
        ("ask", "way", True, 0.75),
        ("way", "left", True, 0.75),
        ("way", "right", False, 0.0),
    ]
    assert {edge.condition for edge in step.edges} == {"", "They want left", "They want right"}


def test_a_stay_for_want_of_certainty_is_marked() -> None:
    route = route_of(LINE, Position(("a",), True))
    assert route.step("stay", "Who knows.", "guess").uncertain
    assert not route.step("stay", "Not yet.", "clear").uncertain
    assert not route.step("go to b", "Perhaps.", "guess").uncertain


def said(text: str = "hello", **fields: Any) -> Conversation:
    return talk(text, **fields) if text else talk("hello", "Anything else?", **fields)


def test_after_its_tool_a_state_leads_on_without_a_question() -> None:
    step = settled(FORKED, Position(("ask", "way", "left", "look"), True), said())
    assert step is not None
    assert (step.move, step.path) == ("advance", ("told",))
    assert step.edges[0].holds


def test_a_tool_that_leads_to_a_choice_is_asked_about() -> None:
    looking = state("look", ("one", "It is there"), ("none", "It is gone"), tool="find")
    chosen = journey(looking, state("one"), state("none"))
    assert settled(chosen, Position(("look",), True), said()) is None
    assert labels(chosen, "look")[:3] == ["stay", "go to one", "go to none"]


def test_where_nobody_said_anything_a_journey_waits() -> None:
    step = settled(LINE, Position(("a",), True), said(""))
    assert step is not None
    assert step.move == "stay"


def test_a_tool_waits_once_results_have_come_and_a_link_always() -> None:
    waiting = Position(("ask", "way", "left", "look"), False)
    assert settled(FORKED, waiting, said()) is None
    later = settled(FORKED, waiting, said(results=(KnownResult("x", {}, 1, this_turn=True),)))
    assert later is not None
    assert later.move == "stay"
    linked = settled(journey(state("pay", END, journey="payment")), Position(("pay",), False), said())
    assert linked is not None
    assert linked.move == "stay"


def test_a_journey_with_one_way_to_begin_begins() -> None:
    step = settled(journey(state("look", "told", tool="find"), state("told")), None, said())
    assert step is not None
    assert (step.move, step.path) == ("start", ("look",))


def test_a_journey_without_states_is_over() -> None:
    step = settled(Journey(name="empty"), None, said())
    assert step is not None
    assert step.move == "complete"


def test_a_state_tells_where_it_leads_in_its_authors_words() -> None:
    ways = (
        Transition(to="b", when="They agree", examples=("yes", "sure"), counterexamples=("maybe",)),
        Transition(to=END, when="They refuse"),
    )
    told = what_it_does(State(name="a", chat="Ask whether to go on", next=ways))
    assert told == (
        "the assistant is to ask whether to go on. Then to b if “They agree”, such as “yes”, “sure”, but not “maybe”; "
        "to the end if “They refuse”."
    )
    assert what_it_does(State(name="a", chat="USE capitals")).startswith("the assistant is to USE")


def test_ways_through_many_forks_are_not_walked_over_and_over() -> None:
    layers = [
        fork(f"{side}{number}", (f"a{number + 1}", "They want a"), (f"b{number + 1}", "They want b"))
        for number in range(200)
        for side in "ab"
    ]
    last = (state("a200"), state("b200"))
    route = route_of(journey(state("ask", "a0"), *layers, *last), Position(("ask",), True))
    assert [move.label for move in route.moves][:3] == ["stay", "go to a200", "go to b200"]
    assert len(route.moves[1].path) == 201


NAMES = st.sampled_from("abcdefgh")


@st.composite
def graphs(draw: st.DrawFn) -> Journey:
    names = draw(st.lists(NAMES, min_size=1, max_size=8, unique=True))
    states = []
    for name in names:
        targets = draw(st.lists(st.sampled_from([*names, END]), max_size=4))
        kind = draw(st.sampled_from(["chat", "tool", "fork", "link"]))
        does = {"chat": {"chat": "Ask"}, "tool": {"tool": "t"}, "link": {"journey": "j"}, "fork": {}}[kind]
        direct = draw(st.booleans()) and kind != "fork"
        ways = [Transition(to=to, when=None if direct else f"c{number}") for number, to in enumerate(targets)]
        states.append(State(name=name, next=tuple(ways[:1] if direct else ways), **does))
    return journey(*states)


@given(graphs(), st.data())
def test_every_move_is_a_walk_along_transitions_that_passes_few_states(one: Journey, data: st.DataObject) -> None:
    current = data.draw(st.sampled_from([None, *one.by_name]))
    spoken = data.draw(st.booleans())
    route = route_of(one, Position((current,), spoken) if current else None)
    assert len({move.label for move in route.moves}) == len(route.moves)
    for move in route.moves:
        step = route.step(move.label, "why", "clear")
        assert step.path == move.path
        walked = move.path if move.kind in ("start", "restart", "back") or not current else (current, *move.path)
        if move.kind != "leave" and not (move.kind == "complete" and not one.by_name[current or walked[0]].next):
            for here, there in zip(walked, walked[1:], strict=False):
                assert there in {transition.to for transition in one.by_name[here].next}
        passed = [name for name in walked[1:-1] if one.by_name[name].kind == "chat"]
        assert len(passed) <= MOST_HOPS
        assert all(one.by_name[name].kind in ("chat", "fork") for name in walked[1:-1])
