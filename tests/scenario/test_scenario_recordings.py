"""Scenarios recorded from a scripted Ollama server over a real socket, and played without one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.reasoner.recording.cassette import open_cassette
from engine.scenario.factory import AskedFor
from engine.scenario.formats import to_json, to_junit
from engine.scenario.recordings import cassette_path, recorded_models
from engine.scenario.replay import Replay, ReplayOptions, run_replay
from engine.scenario.report import report_text
from engine.scenario.results import CaseResult
from tests.ollama_server.answers import answer
from tests.ollama_server.beside import beside
from tests.ollama_server.script import policy
from tests.ollama_server.server import OllamaServer

pytest_plugins = ["pytester"]

PIZZA = Path(__file__).parent / "data" / "pizza"
SCENARIO = """\
scenario: Only Pepsi
given: {reasoner: recorded}
steps:
  - customer: Can I get a coke?
  - matched: offer_pepsi
    tokens: <100000
    not: {tokens: 0}
  - customer: All right, thanks
---
scenario: Nobody upset is offered a Pepsi
given: {reasoner: recorded}
steps:
  - customer: I hate this, awful coke
  - matched: upset
"""
KEY = "sesame-opens-this-one"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaServer]:
    with beside(OllamaServer(policy(answer))) as running:
        monkeypatch.setenv("OLLAMA_HOST", running.address)
        monkeypatch.setenv("OLLAMA_API_KEY", KEY)
        yield running


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A scenario file beside a copy of the pizza agent."""
    folder = Path(shutil.copytree(PIZZA, tmp_path / "pizza"))
    (folder / "cola.scenario.yaml").unlink()
    (folder / "soft drinks.scenario.yaml").write_text(SCENARIO)
    return folder / "soft drinks.scenario.yaml"


def live(file: Path, mode: str = "missing", name: str = "") -> Replay:
    asked = AskedFor("ollama:scripted", "lexical")
    return run_replay([file], ReplayOptions(name=name, asked=asked, record=mode))  # type: ignore[arg-type]


def played(file: Path, processes: int = 1, reasoner: str = "") -> Replay:
    return run_replay([file], ReplayOptions(processes=processes, asked=AskedFor(reasoner)))


def got(result: CaseResult) -> str:
    (failure,) = result.failures
    return failure.got


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_a_recorded_scenario_plays_as_it_was_recorded_without_a_server(file: Path, server: OllamaServer) -> None:
    recorded = live(file)
    assert {result.reasoner for result in recorded.results} == {"ollama · scripted · lexical"}
    assert recorded.summary.counts["error"] == 0
    asked = len(server.chats)
    again = played(file)
    assert len(server.chats) == asked > 0
    assert [result.transcript for result in again.results] == [result.transcript for result in recorded.results]
    assert [result.verdict for result in again.results] == [result.verdict for result in recorded.results]
    assert {result.reasoner for result in again.results} == {"recorded · scripted · lexical"}
    assert again.summary.recorded_calls == again.summary.model_calls == asked
    assert again.summary.tokens == recorded.summary.tokens > 0


def test_recordings_hold_no_key_no_host_and_no_place_of_the_machine(file: Path, server: OllamaServer) -> None:
    live(file)
    text = cassette_path(file, "scripted").read_text()
    assert any(KEY in header for request in server.chats for header in request.headers.values()), "it was sent along"
    for secret in (KEY, server.address, server.address.rpartition(":")[2], str(file.parent), "uthorization"):
        assert secret not in text


def test_an_edit_makes_what_it_touches_stale_and_is_named(file: Path, server: OllamaServer) -> None:
    live(file)
    edit(file.parent / "agent.yaml", "The customer asks for coke", "The customer asks for cola")
    replay = played(file)
    assert [result.verdict for result in replay.results] == ["stale", "stale"]
    assert replay.summary.exit_code == 3
    assert got(replay.results[0]).startswith("offer_pepsi changed since it was recorded; cuecard replay '")
    assert got(replay.results[0]).endswith("soft drinks.scenario.yaml' --reasoner ollama:scripted --record stale")
    assert "offer_pepsi changed" in report_text(replay.results, replay.summary)
    assert to_json(replay.results, replay.summary)["counts"]["stale"] == 2
    assert 'errors="2"' in to_junit(replay.results, replay.summary)
    assert live(file, "missing").summary.counts["stale"] == 2
    assert live(file, "stale").summary.counts["stale"] == 0
    assert played(file).summary.counts["stale"] == 0


def test_other_words_of_the_customer_are_named(file: Path, server: OllamaServer) -> None:
    live(file)
    edit(file, "Can I get a coke?", "Can I have a coke?")
    stale, other = played(file).results
    assert got(stale).startswith("the customer says “Can I have a coke?” instead of “Can I get a coke?”")
    assert other.verdict != "stale"


def test_a_recording_shrinks_with_its_case_and_leaves_other_cases_alone(file: Path, server: OllamaServer) -> None:
    live(file)
    lines = cassette_path(file, "scripted").read_text().splitlines()
    edit(file, "  - customer: All right, thanks\n", "")
    live(file, "stale", "Only Pepsi")
    left = cassette_path(file, "scripted").read_text().splitlines()
    calls = [json.loads(line) for line in left if "answer" in json.loads(line)]
    assert {(call["case"], call["turn"]) for call in calls} == {
        ("Only Pepsi", 1),
        ("Nobody upset is offered a Pepsi", 1),
    }
    assert set(left) < set(lines)


def test_cases_that_are_no_more_are_dropped_when_their_file_is_recorded_whole(file: Path, server: OllamaServer) -> None:
    longer = file.with_name("soft drinks.more.scenario.yaml")
    longer.write_text(SCENARIO)
    for each in (longer, file):
        live(each)
    before = cassette_path(longer, "scripted").read_bytes()
    edit(file, "scenario: Only Pepsi", "scenario: Pepsi only")
    asked = len(server.chats)
    for mode, name, cases in (
        ("missing", "", {"Only Pepsi", "Pepsi only", "Nobody upset is offered a Pepsi"}),
        ("stale", "Pepsi only", {"Only Pepsi", "Pepsi only", "Nobody upset is offered a Pepsi"}),
        ("stale", "", {"Pepsi only", "Nobody upset is offered a Pepsi"}),
    ):
        live(file, mode, name)
        assert {call.case for call in open_cassette(cassette_path(file, "scripted")).calls} == cases
    assert len(server.chats) == asked, "a case with another name asks nothing new"
    assert cassette_path(longer, "scripted").read_bytes() == before


def test_recording_twice_gives_the_same_bytes(file: Path, server: OllamaServer) -> None:
    live(file)
    first = cassette_path(file, "scripted").read_bytes()
    live(file, "all")
    assert cassette_path(file, "scripted").read_bytes() == first


def test_several_processes_play_recordings_alike(file: Path, server: OllamaServer) -> None:
    live(file)
    alone, shared = played(file), played(file, processes=2)
    assert to_json(shared.results, shared.summary) == to_json(alone.results, alone.summary)


def test_nothing_recorded_is_stale_and_says_how_to_record(file: Path) -> None:
    replay = played(file)
    assert {result.verdict for result in replay.results} == {"stale"}
    assert got(replay.results[0]).endswith("--reasoner ollama:NAME --record missing")


def test_of_several_models_one_has_to_be_named(file: Path, server: OllamaServer) -> None:
    live(file)
    text = cassette_path(file, "scripted").read_text()
    cassette_path(file, "other:7b").write_text(text.replace('"model": "scripted"', '"model": "other:7b"'))
    assert recorded_models(file) == ["other:7b", "scripted"]
    result = played(file).results[0]
    assert result.verdict == "error"
    assert got(result) == "there are recordings of other:7b, scripted: write recorded:NAME for one of them"
    assert played(file, reasoner="recorded:scripted").results[0].reasoner == "recorded · scripted · lexical"


def test_recordings_of_a_file_whose_name_goes_on_are_not_taken(file: Path, server: OllamaServer) -> None:
    longer = file.with_name("soft drinks.more.scenario.yaml")
    longer.write_text(SCENARIO)
    live(longer)
    assert recorded_models(longer) == ["scripted"]
    assert recorded_models(file) == []


def test_a_file_that_holds_another_models_recordings_is_left_alone(file: Path, server: OllamaServer) -> None:
    live(file)
    path = cassette_path(file, "scripted")
    path.write_text(path.read_text().replace('"model": "scripted"', '"model": "other"'))
    result = played(file, reasoner="recorded:scripted").results[0]
    assert got(result) == f"{path} holds recordings of other, not of scripted; move it away, and record anew"


def test_embeddings_that_need_a_server_are_refused(file: Path, server: OllamaServer) -> None:
    live(file)
    asked = AskedFor("recorded", "ollama:nomic")
    result = run_replay([file], ReplayOptions(asked=asked)).results[0]
    assert got(result) == "recordings need no server, but embeddings: ollama:nomic does. Write lexical or minilm"


def test_a_recording_is_played_with_the_embeddings_it_was_made_with(
    file: Path, server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(file)
    monkeypatch.setenv("CUECARD_EMBEDDINGS", "minilm")
    for asked in (AskedFor(), AskedFor(embeddings="minilm")):
        replay = run_replay([file], ReplayOptions(asked=asked))
        assert {result.reasoner for result in replay.results} == {"recorded · scripted · lexical"}


def test_a_spoiled_recording_is_an_error_with_its_place(file: Path, server: OllamaServer) -> None:
    live(file)
    path = cassette_path(file, "scripted")
    path.write_text(f"{path.read_text()}oops\n")
    result = played(file).results[0]
    assert result.verdict == "error"
    assert "soft drinks.scripted.jsonl:" in got(result)
    assert "this line is no recording" in got(result)


@pytest.mark.parametrize("mode", ["missing", "stale", "all"])
def test_a_server_that_is_not_there_is_an_error_and_loses_nothing(
    file: Path, server: OllamaServer, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    live(file)
    before = cassette_path(file, "scripted").read_bytes()
    monkeypatch.setenv("OLLAMA_HOST", "127.0.0.1:9")
    replay = live(file, mode)
    assert {result.verdict for result in replay.results} == {"error"}
    assert "ollama serve" in got(replay.results[0])
    assert cassette_path(file, "scripted").read_bytes() == before


def test_pytest_plays_recordings(file: Path, server: OllamaServer, pytester: pytest.Pytester) -> None:
    live(file)
    edit(file.parent / "agent.yaml", "The customer asks for coke", "The customer asks for cola")
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider", str(file))
    done.stdout.fnmatch_lines(["*offer_pepsi changed since it was recorded*"])


def test_how_near_a_model_comes_to_a_given_draft_is_said(file: Path, server: OllamaServer) -> None:
    edit(file, "  - matched: offer_pepsi\n", "  - matched: offer_pepsi\n    given_draft: We only have Pepsi.\n")
    replay = live(file, "missing", "Only Pepsi")
    assert replay.results[0].draft_likeness == (1.0,)
    assert replay.summary.dictated == 0
    assert "1 own draft, 1.00 like the given" in report_text(replay.results, replay.summary)
    assert to_json(replay.results, replay.summary)["draft_likeness"] == [1.0]
    dictated = run_replay([file], ReplayOptions(name="Only Pepsi", asked=AskedFor("embedded")))
    assert (dictated.summary.dictated, dictated.results[0].draft_likeness) == (1, ())
