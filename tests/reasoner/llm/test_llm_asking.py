"""A model is asked twice at most, is shown what was wrong, and never passes off a bad answer as a good one."""

from __future__ import annotations

import json

import pytest

from engine.reasoner.base import ReasonerError
from engine.reasoner.llm.asking import Asker, Unusable
from engine.reasoner.llm.model import Prompt, Reply
from engine.reasoner.llm.reasoner import LlmReasoner
from tests.reasoner.llm.fake_models import NOW, FakeModel, condition, situation, talk

BOTH = (condition("one"), condition("two"))


async def test_a_bad_answer_is_shown_back_and_asked_for_again(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.in_order = ["not json at all", situation({"one": "yes", "two": "no"})]
    judged = await reasoner.match(BOTH, talk("hello"))
    assert [judgement.holds for judgement in judged] == [True, False]
    first, second = model.asked
    assert second.text.startswith(first.text)
    assert '"not json at all"' in second.text
    assert "Invalid JSON" in second.text
    assert second.system == first.system


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        (situation({"one": "yes"}), "two"),
        (situation({"one": "yes", "two": "no", "three": "no"}), "three"),
        (situation({"one": "yes", "two": "certainly"}), "two"),
        (json.dumps({"reading": "", "reasons": [{"of": "x", "why": ""}], "verdicts": {"one": "no", "two": "no"}}),
         "reasons.0.of"),
        ("[]", "Input should be an object"),
        ("", "Invalid JSON"),
    ],
)  # fmt: skip
async def test_a_second_bad_answer_ends_in_one_line_that_names_task_and_fault(
    answer: str, wrong: str, model: FakeModel, reasoner: LlmReasoner
) -> None:
    model.in_order = [answer, answer]
    with pytest.raises(ReasonerError) as caught:
        await reasoner.match(BOTH, talk("hello"))
    line = str(caught.value)
    assert "fake:1b gave no usable answer (situation)" in line
    assert wrong in line
    assert "\n" not in line
    assert len(model.asked) == 2


async def test_an_answer_that_was_cut_off_is_no_answer(model: FakeModel, reasoner: LlmReasoner) -> None:
    whole = situation({"one": "yes", "two": "no"})
    model.in_order = [Reply(whole, done_reason="length", warning="it was cut off"), whole]
    await reasoner.match(BOTH, talk("hello"))
    (call,) = reasoner.model_calls
    assert call.attempts == 2
    assert call.warning == "it was cut off"
    assert "cut off" in model.asked[1].text


async def test_a_call_records_what_it_took(model: FakeModel, reasoner: LlmReasoner) -> None:
    answer = situation({"one": "yes", "two": "no"})
    model.in_order = [Reply("?", 10, 1, 0.25), Reply(answer, 20, 5, 0.5)]
    await reasoner.match(BOTH, talk("hello"))
    (call,) = reasoner.model_calls
    assert (call.task, call.attempts, call.prompt_tokens, call.answer_tokens) == ("situation", 2, 30, 6)
    assert call.seconds == 0.75
    assert call.answered == answer
    assert call.prompt_characters == sum(prompt.characters for prompt in model.asked)


async def test_a_failed_call_is_recorded_too(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.in_order = ["?", "??"]
    with pytest.raises(ReasonerError):
        await reasoner.match(BOTH, talk("hello"))
    (call,) = reasoner.model_calls
    assert (call.attempts, call.answered) == (2, "??")


async def test_calls_stand_in_the_order_in_which_they_were_begun() -> None:
    model = FakeModel(answer=lambda prompt: prompt.text)
    asker = Asker(model)
    for task in ("situation", "draft", "select"):
        await asker.ask(Prompt(task, "s", "t"), str)  # type: ignore[arg-type]
    assert [call.task for call in asker.calls] == ["situation", "draft", "select"]


async def test_what_is_wrong_is_told_in_the_readers_words() -> None:
    def never(text: str) -> str:
        raise Unusable("the moon is wrong")

    with pytest.raises(ReasonerError, match=r"\(draft\): the moon is wrong"):
        await Asker(FakeModel(in_order=["a", "b"])).ask(Prompt("draft", "s", "t"), never)


async def test_every_turn_begins_with_no_calls_and_no_memory(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: situation({"one": "yes", "two": "no"})
    for number in (1, 2):
        turn = reasoner.for_turn()
        assert turn.model_calls == ()
        await turn.match(BOTH, talk("hello"))
        assert len(model.asked) == number
    assert reasoner.model_calls == ()
    assert str(turn.info) == "ollama · fake:1b · lexical"
    assert talk("x").now == NOW
