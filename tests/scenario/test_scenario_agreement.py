"""Comparing two reasoners turn by turn, one of them behind a scripted Ollama server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from engine.scenario.agreement import Agreement, parse_sides
from engine.scenario.agreement_report import agreement_json, agreement_lines
from engine.scenario.comparing import run_comparison
from engine.scenario.factory import AskedFor
from engine.scenario.replay import ReplayOptions, run_replay
from engine.session.clock import VirtualClock
from engine.session.events import EventKind, EventSource
from engine.session.memory import MemoryStore
from tests.ollama_server.answers import answer
from tests.ollama_server.beside import beside
from tests.ollama_server.script import policy
from tests.ollama_server.server import OllamaServer

PIZZA = Path(__file__).parent / "data" / "pizza"
SCENARIO = """\
scenario: Coke, and then the menu
steps:
  - customer: coke
  - response: only_pepsi
  - customer: menu
    pin: {matched: [show_menu]}
  - calls: get_menu
"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaServer]:
    with beside(OllamaServer(policy(answer))) as running:
        monkeypatch.setenv("OLLAMA_HOST", running.address)
        yield running


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(PIZZA, tmp_path / "pizza"))
    (folder / "cola.scenario.yaml").unlink()
    (folder / "a.scenario.yaml").write_text(SCENARIO)
    return folder / "a.scenario.yaml"


def compared(file: Path, written: str) -> Agreement:
    return run_comparison([file], parse_sides(written))


@pytest.mark.parametrize(
    ("written", "sides"),
    [
        ("embedded,ollama:llama3.2:3b", (("embedded", ""), ("ollama:llama3.2:3b", ""))),
        ("embedded/minilm, embedded/lexical", (("embedded", "minilm"), ("embedded", "lexical"))),
        ("lexical,minilm", (("embedded", "lexical"), ("embedded", "minilm"))),
        ("recorded,embedded", (("recorded", ""), ("embedded", ""))),
        (
            "ollama:hf.co/org/model:Q4/lexical,ollama:hf.co/org/model:Q4",
            (("ollama:hf.co/org/model:Q4", "lexical"), ("ollama:hf.co/org/model:Q4", "")),
        ),
        ("embedded/ollama:nomic,embedded", (("embedded", "ollama:nomic"), ("embedded", ""))),
    ],
)
def test_two_sides_are_read(written: str, sides: tuple[tuple[str, str], tuple[str, str]]) -> None:
    assert parse_sides(written) == tuple(AskedFor(*side) for side in sides)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("embedded", "write them like embedded,ollama:llama3.2"),
        ("a,b,c", "write them like embedded,ollama:llama3.2"),
        ("embedded,embedded", "two different ones are compared"),
        ("embeded,recorded", "Did you mean embedded?"),
        ("embedded,ollama:", "names no model"),
        ("recorded:a,recorded:b", "each knows its own conversation only"),
    ],
)
def test_what_are_no_two_sides_is_said_in_one_line(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_sides(written)


def test_a_reasoner_agrees_with_itself(file: Path) -> None:
    agreement = compared(file, "embedded/auto,embedded/lexical")
    assert [turn.turn for turn in agreement.turns] == [1, 2]
    assert all(each.agreed for turn in agreement.turns for each in turn.comparisons)
    assert agreement.counted("matched") == agreement.counted("response") == (2, 2)
    assert agreement.counted("arguments") == (1, 1)
    assert not any("≠" in line for line in agreement_lines(agreement))


def test_both_decide_with_the_history_of_the_one_that_leads(file: Path, server: OllamaServer) -> None:
    agreement = compared(file, "embedded,ollama:scripted")
    assert (agreement.sides, agreement.leader) == (("embedded · lexical", "ollama · scripted · lexical"), 0)
    led = run_replay([file], ReplayOptions(asked=AskedFor("embedded"))).results[0].transcript
    said = next(line.text for line in led if line.who == "agent")
    last = [request for request in server.chats if "menu" in request.text][-1]
    assert said in last.text


def test_a_turn_on_which_they_differ_is_shown_with_both_sides(file: Path, server: OllamaServer) -> None:
    text = file.read_text()
    file.write_text(text.replace("  - response: only_pepsi\n", "  - given_draft: I am sorry.\n"))
    agreement = compared(file, "embedded,ollama:scripted")
    lines = agreement_lines(agreement)
    assert lines[0] == "≠ Coke, and then the menu · turn 1 · “coke”"
    assert lines[1].split() == ["response", *"embedded · lexical sorry".split()]
    assert lines[2].split() == "ollama · scripted · lexical only_pepsi".split()
    assert lines[3] == "embedded · lexical and ollama · scripted · lexical over 2 turns of 1 case"
    assert agreement.counted("response") == (1, 2)
    assert any(line.split() == "response 50.0 % 1 of 2".split() for line in lines)
    other_way = [each.sides for each in compared(file, "ollama:scripted,embedded").turns[0].comparisons]
    assert other_way[-1] == (("only_pepsi",), ("sorry",)), "the one that follows takes the given draft, too"


def test_a_comparison_leaves_the_conversation_of_the_leader_alone(file: Path, server: OllamaServer) -> None:
    alone = run_replay([file], ReplayOptions(asked=AskedFor("embedded"))).results[0]
    first = agreement_json(compared(file, "embedded,ollama:scripted"))
    assert first == agreement_json(compared(file, "embedded,ollama:scripted"))
    mine = [turn["stages"]["response"]["decided"][0] for turn in first["turns"]]
    assert mine[0] == ["only_pepsi"]
    assert alone.verdict == "passed"


def test_what_was_recorded_leads_wherever_it_is_named(file: Path, server: OllamaServer) -> None:
    run_replay([file], ReplayOptions(asked=AskedFor("ollama:scripted"), record="missing"))
    asked = len(server.chats)
    agreement = compared(file, "embedded,recorded")
    assert agreement.sides == ("embedded · lexical", "recorded · scripted · lexical")
    assert (agreement.leader, agreement.faults) == (1, 0)
    assert len(agreement.turns) == 2
    assert len(server.chats) == asked


def test_a_side_that_cannot_answer_is_told_for_each_turn(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    agreement = compared(file, "embedded,ollama:scripted")
    assert agreement.faults == len(agreement.turns) == 2
    assert all("ollama serve" in turn.fault for turn in agreement.turns)
    assert agreement_lines(agreement)[-1] == "  2 turns could not be compared"
    led = compared(file, "ollama:scripted,embedded")
    assert led.faults == len(led.turns) == 1, "a conversation whose leader cannot answer ends"


def test_nothing_recorded_cannot_lead(file: Path) -> None:
    agreement = compared(file, "recorded,embedded")
    (turn,) = agreement.turns
    assert "nothing is recorded for" in turn.fault


async def test_a_copied_store_and_its_original_never_see_each_other() -> None:
    clock = VirtualClock(datetime(2026, 3, 2, 9, 0))
    store = MemoryStore(clock)
    session = await store.create_session("Pizza", title="one")
    await store.append_event(session.id, EventSource.CUSTOMER, EventKind.MESSAGE, {"message": "a"}, trace_id="t")
    other = store.copied(clock)
    for each, text in ((store, "mine"), (other, "its own")):
        await each.append_event(session.id, EventSource.CUSTOMER, EventKind.MESSAGE, {"message": text}, trace_id="t")
        await each.update_session(session.id, title=text)
        await each.delete_events(session.id, 0) if each is other else None
    assert [event.text for event in await store.list_events(session.id)] == ["a", "mine"]
    assert await other.list_events(session.id) == []
    assert [(await each.get_session(session.id)).title for each in (store, other)] == ["mine", "its own"]
    assert (await other.create_session("Pizza")).id == "session-2"
