"""Cassettes, and the two models over them, with a model that answers at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reasoner.base import OnWords, ReasonerError
from engine.reasoner.llm.model import ModelIdentity, Prompt, Reply
from engine.reasoner.recording.calls import Call, Source, call_of, key_of
from engine.reasoner.recording.cassette import Cassette, CassetteError, open_cassette
from engine.reasoner.recording.recorded import RecordedModel, source_of
from engine.reasoner.recording.recording import RecordingModel, RecordMode
from engine.reasoner.recording.staleness import StaleRecording
from engine.reasoner.recording.tape import Tape

SCHEMA = {"type": "object", "properties": {"holds": {"type": "boolean"}}}
READS = {"Pizza": "a" * 16, "offer_pepsi": "b" * 16, "upset": "c" * 16}
PROMPT = Prompt("situation", "You are Pizza.", "They said: coke", SCHEMA, 1, READS, heard="coke")
DRAFT = Prompt("draft", "You are Pizza.", "Write to: coke", None, 1, READS, heard="coke")


class Live:
    """A model that answers with how often it was asked."""

    def __init__(self, **identity: str) -> None:
        self.who = ModelIdentity(**{"name": "llama3.2:3b", "digest": "d1", "server": "0.12", **identity})
        self.options: Mapping[str, Any] = {"num_ctx": 8192}
        self.asked: list[Prompt] = []

    @property
    def name(self) -> str:
        return self.who.name

    async def identity(self) -> ModelIdentity:
        return self.who

    async def reply(self, prompt: Prompt, on_words: OnWords | None = None) -> Reply:
        self.asked.append(prompt)
        number = len(self.asked)
        text = f'{{"holds":true,"n":{number}}}' if prompt.schema else f"Answer {number}"
        return Reply(text, 100, 10, seconds=1.5)

    async def close(self) -> None:
        pass


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recordings" / "coke.llama.jsonl"


def tape(path: Path, case: str = "A coke", there: tuple[str, ...] = tuple(READS)) -> Tape:
    return Tape(open_cassette(path), case, "record it anew", there)


def recording(path: Path, live: Live, mode: RecordMode = "missing", case: str = "A coke") -> RecordingModel:
    return RecordingModel(live, tape(path, case), mode, "lexical")


def recorded(path: Path, case: str = "A coke", there: tuple[str, ...] = tuple(READS)) -> RecordedModel:
    played = tape(path, case, there)
    source = source_of(played.cassette, case)
    assert source is not None
    return RecordedModel(played, source, source.embeddings)


def written(path: Path) -> str:
    return path.read_text("utf-8")


def spoil(path: Path, line: str) -> None:
    path.write_text(f"{written(path)}{line}\n", "utf-8")


async def cause(path: Path, prompt: Prompt, there: tuple[str, ...] = tuple(READS)) -> str:
    with pytest.raises(StaleRecording) as error:
        await recorded(path, there=there).reply(prompt)
    said = str(error.value)
    assert said.startswith("stale: ")
    assert said.endswith(" since it was recorded; record it anew")
    return said.removeprefix("stale: ").removesuffix(" since it was recorded; record it anew")


async def test_what_was_recorded_is_answered_without_the_model(path: Path) -> None:
    live = Live()
    said = [await recording(path, live).reply(prompt) for prompt in (PROMPT, DRAFT)]
    model = recorded(path)
    heard: list[str] = []
    again = [await model.reply(prompt, heard.append) for prompt in (PROMPT, DRAFT)]
    assert [each.text for each in again] == [each.text for each in said] == ['{"holds": true, "n": 1}', "Answer 2"]
    assert [(each.recorded, each.seconds, each.prompt_tokens) for each in again] == [(True, 0.0, 100)] * 2
    assert heard == [each.text for each in again]
    assert await model.identity() == live.who
    assert (model.name, model.options) == ("llama3.2:3b", {"num_ctx": 8192})


async def test_a_cassette_can_be_read_in_a_review_and_holds_no_prompt(path: Path) -> None:
    await recording(path, Live()).reply(PROMPT)
    source, reads, call = map(json.loads, written(path).splitlines())
    assert (source["model"], source["digest"], source["server"]) == ("llama3.2:3b", "d1", "0.12")
    assert reads["of"] == {"Pizza": "aaaaaaaa", "offer_pepsi": "bbbbbbbb", "upset": "cccccccc"}
    assert [call[key] for key in ("case", "turn", "task", "heard")] == ["A coke", 1, "situation", "coke"]
    assert call["answer"] == {"holds": True, "n": 1}
    assert "They said" not in written(path)
    assert "You are" not in written(path)


async def test_recording_what_is_missing_leaves_what_is_there(path: Path) -> None:
    await recording(path, Live()).reply(PROMPT)
    before, again = written(path), Live()
    model = recording(path, again)
    assert (await model.reply(PROMPT)).recorded
    assert (again.asked, written(path)) == ([], before)
    await model.reply(DRAFT)
    assert again.asked == [DRAFT]
    assert [call.task for call in open_cassette(path).calls] == ["situation", "draft"]


async def test_recording_what_is_missing_says_what_is_stale_instead_of_asking(path: Path) -> None:
    await recording(path, Live()).reply(PROMPT)
    live = Live()
    edited = replace(PROMPT, text="They say: coke", reads={**READS, "upset": "d" * 16})
    with pytest.raises(StaleRecording, match="upset changed since it was recorded"):
        await recording(path, live).reply(edited)
    assert live.asked == []


async def test_recording_what_is_stale_asks_anew_and_drops_what_nothing_asks_for(path: Path) -> None:
    first = recording(path, Live())
    for prompt in (PROMPT, DRAFT):
        await first.reply(prompt)
    edited, live = replace(PROMPT, text="They say: coke"), Live()
    played = tape(path)
    model = RecordingModel(live, played, "stale", "lexical")
    await model.reply(edited)
    assert len(list(open_cassette(path).calls)) == 3, "nothing is dropped before the case has ended"
    await model.reply(DRAFT)
    played.cassette.keep_only("A coke", played.used)
    assert live.asked == [edited]
    assert [call.task for call in open_cassette(path).calls] == ["situation", "draft"]
    assert (await recorded(path).reply(edited)).recorded


async def test_recording_all_asks_everything_once(path: Path) -> None:
    await recording(path, Live()).reply(PROMPT)
    live = Live()
    model = recording(path, live, "all")
    assert not (await model.reply(PROMPT)).recorded
    assert (await model.reply(PROMPT)).recorded
    assert live.asked == [PROMPT]


async def test_equal_questions_of_other_cases_are_not_asked_again(path: Path) -> None:
    await recording(path, Live()).reply(PROMPT)
    live = Live()
    assert (await recording(path, live, case="B coke").reply(PROMPT)).recorded
    assert live.asked == []
    assert [call.case for call in open_cassette(path).calls] == ["A coke", "B coke"]


async def test_recording_all_gives_equal_questions_of_two_cases_the_same_new_answer(path: Path) -> None:
    for case in ("A coke", "B coke"):
        await recording(path, Live(), case=case).reply(PROMPT)
    live, cassette = Live(), open_cassette(path)
    live.asked.append(DRAFT)
    for case in ("A coke", "B coke"):
        await RecordingModel(live, Tape(cassette, case, ""), "all", "lexical").reply(PROMPT)
    assert [call.answer for call in open_cassette(path).calls] == ['{"holds": true, "n": 2}'] * 2


async def test_a_case_that_got_another_name_is_still_answered(path: Path) -> None:
    await recording(path, Live()).reply(PROMPT)
    assert (await recorded(path, "A cola").reply(PROMPT)).recorded


async def test_the_order_of_a_cassette_is_that_of_cases_turns_and_questions(path: Path) -> None:
    for case in ("B", "A"):
        model = recording(path, Live(), case=case)
        for prompt in (replace(DRAFT, turn=2, text="Write again"), PROMPT, DRAFT):
            await model.reply(prompt)
    calls = [(call.case, call.turn, call.task) for call in open_cassette(path).calls]
    assert calls == [
        (case, turn, task) for case in ("A", "B") for turn, task in ((1, "situation"), (1, "draft"), (2, "draft"))
    ]


async def test_an_edit_is_named_as_the_cause(path: Path) -> None:
    await recording(path, Live()).reply(PROMPT)
    edited = replace(PROMPT, text="They say: coke")
    assert await cause(path, replace(edited, reads={**READS, "offer_pepsi": "d" * 16})) == "offer_pepsi changed"
    assert await cause(path, replace(edited, reads={**READS, "tea": "d" * 16})) == "tea was added"
    gone = {name: digest for name, digest in READS.items() if name != "upset"}
    assert await cause(path, replace(edited, reads=gone), ("Pizza", "offer_pepsi")) == "upset was taken out"
    assert await cause(path, replace(edited, reads=gone)) == "upset takes no part"


async def test_other_causes_are_told_apart(path: Path) -> None:
    await recording(path, Live()).reply(PROMPT)
    other = replace(PROMPT, text="They said: cola", heard="cola")
    assert await cause(path, other) == "the customer says “cola” instead of “coke”"
    assert "another shape" in await cause(path, replace(PROMPT, schema={"type": "object"}))
    assert "results of tools, variables, the clock" in await cause(path, replace(PROMPT, text="It is ten."))


@pytest.mark.parametrize(
    ("identity", "options", "said"),
    [
        ({"digest": "d2"}, {"num_ctx": 8192}, "the weights of llama3.2:3b changed"),
        ({"server": "0.13"}, {"num_ctx": 8192}, "Ollama is version 0.13 instead of 0.12"),
        ({}, {"num_ctx": 4096}, "the option num_ctx changed from 8192 to 4096"),
    ],
)
async def test_another_model_server_or_option_is_stale(
    path: Path, identity: dict[str, str], options: dict[str, Any], said: str
) -> None:
    await recording(path, Live()).reply(PROMPT)
    live = Live(**identity)
    live.options = options
    with pytest.raises(StaleRecording, match=said):
        await recording(path, live).reply(PROMPT)


async def test_other_prompt_files_are_named(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await recording(path, Live()).reply(PROMPT)
    monkeypatch.setattr("engine.reasoner.recording.recorded.prompt_files_digest", lambda: "0" * 8)
    assert (await recorded(path).reply(PROMPT)).recorded, "what is asked has not changed"
    assert await cause(path, replace(PROMPT, text="Newer words")) == "the prompts of Cuecard changed"


async def test_of_several_recordings_the_likeliest_is_compared(path: Path) -> None:
    model = recording(path, Live())
    await model.reply(replace(PROMPT, text="one", reads={"Pizza": "a" * 16}))
    await model.reply(PROMPT)
    edited = replace(PROMPT, text="two", reads={**READS, "upset": "d" * 16})
    assert await cause(path, edited) == "upset changed"


async def test_what_was_never_recorded_says_so(path: Path) -> None:
    await recording(path, Live()).reply(PROMPT)
    with pytest.raises(StaleRecording, match=r"nothing is recorded for turn 2 \(draft\); record it anew"):
        await recorded(path).reply(replace(DRAFT, turn=2))
    with pytest.raises(StaleRecording, match="nothing is recorded for this case"):
        await recorded(path, "B").reply(DRAFT)


async def test_a_recording_that_is_stopped_keeps_what_it_has(path: Path) -> None:
    class Dying(Live):
        async def reply(self, prompt: Prompt, on_words: OnWords | None = None) -> Reply:
            if self.asked:
                raise ReasonerError("the server stopped")
            return await super().reply(prompt, on_words)

    model = recording(path, Dying(), "all")
    await model.reply(PROMPT)
    with pytest.raises(ReasonerError, match="stopped"):
        await model.reply(DRAFT)
    assert (await recorded(path).reply(PROMPT)).recorded


async def test_half_recorded_anew_the_whole_old_recording_still_plays(path: Path) -> None:
    old = recording(path, Live())
    for prompt in (PROMPT, DRAFT):
        await old.reply(prompt)
    await recording(path, Live(digest="d2"), "stale").reply(PROMPT)
    model = recorded(path)
    assert [(await model.reply(prompt)).recorded for prompt in (PROMPT, DRAFT)] == [True, True]


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        ("<<<<<<< ours", "it is no JSON"),
        ("[1]", "should be"),
        ('{"case": "A", "turn": "one"}', "turn: "),
        (
            '{"case": "A", "turn": 1, "task": "draft", "heard": "", "answer": "", "tokens": [1, 2], "key": "k",'
            ' "reads": "nowhere", "source": "s"}',
            "nothing before it says what 'nowhere' is",
        ),
    ],
)
async def test_a_spoiled_line_is_named_with_its_place(path: Path, spoiled: str, said: str) -> None:
    await recording(path, Live()).reply(PROMPT)
    spoil(path, spoiled)
    with pytest.raises(CassetteError) as error:
        open_cassette(path)
    assert str(error.value).startswith(f"{path}:4: this line is no recording (")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


async def test_a_file_that_somebody_else_changed_is_not_overwritten(path: Path) -> None:
    model = recording(path, Live())
    await model.reply(PROMPT)
    spoil(path, "")
    with pytest.raises(CassetteError, match="changed by somebody else"):
        await model.reply(DRAFT)


async def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    model = recording(tmp_path / "recordings" / "deeper" / "a.jsonl", Live())
    (tmp_path / "recordings" / "deeper").write_text("a file where the folder should be")
    with pytest.raises(CassetteError, match="cannot be made"):
        await model.reply(PROMPT)


async def test_a_cut_answer_is_played_as_a_cut_one(path: Path) -> None:
    class Cut(Live):
        async def reply(self, prompt: Prompt, on_words: OnWords | None = None) -> Reply:
            return replace(await super().reply(prompt, on_words), done_reason="length")

    await recording(path, Cut()).reply(DRAFT)
    assert (await recorded(path).reply(DRAFT)).done_reason == "length"


def test_a_key_depends_on_all_that_an_answer_depends_on() -> None:
    source = Source("m", "d", "s", {"num_ctx": 1})
    prompts = [
        PROMPT,
        replace(PROMPT, text="x"),
        replace(PROMPT, system="x"),
        replace(PROMPT, schema={}),
        replace(PROMPT, schema=None),
        replace(PROMPT, longest=1),
    ]
    sources = [replace(source, **change) for change in ({"model": "x"}, {"digest": "x"}, {"server": "x"})]
    sources.append(replace(source, options={"num_ctx": 2}))
    keys = [key_of(prompt, source) for prompt in prompts] + [key_of(PROMPT, each) for each in sources]
    assert len(set(keys)) == len(keys)
    same = replace(PROMPT, turn=9, reads={}, heard="other", task="match")
    assert key_of(same, replace(source, embeddings="minilm", prompts="x")) == keys[0]


TEXTS = st.text(st.characters(codec=None), max_size=40)


@given(
    answer=st.one_of(TEXTS, st.dictionaries(TEXTS, st.one_of(st.floats(), st.integers(), TEXTS)).map(json.dumps)),
    heard=TEXTS,
    case=st.text(max_size=20).filter(lambda text: text.isprintable()),
    structured=st.booleans(),
)
def test_whatever_is_answered_comes_back_as_it_was_kept(
    answer: str, heard: str, case: str, structured: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("any") / "a.jsonl"
    prompt = replace(PROMPT if structured else DRAFT, heard=heard)
    kept: Call = call_of(case, prompt, Reply(answer, 1, 2), Source("m"))
    Cassette(file).add(kept)
    assert list(open_cassette(file).calls) == [kept]
    before = file.read_bytes()
    again = open_cassette(file)
    again.save()
    assert file.read_bytes() == before
