"""Whole turns with a model: real sessions over example agents, how many questions they take, and how long these are."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

import pytest

from engine.agent.basics import CompositionMode
from engine.agent.model import CannedResponse
from engine.reasoner.base import OnWords, ReasonerError
from engine.reasoner.llm.model import Prompt, Reply
from engine.turn.results import Result
from engine.turn.trace import Closing, Composition, Matching
from tests.reasoner.llm.fake_models import FakeModel, by_policy, chat_about, chat_with, shop


class Depth(FakeModel):
    """Counts how many questions had to be answered before each one could be asked; the preamble's apart."""

    depth = 0
    _answered = 0

    async def reply(self, prompt: Prompt, on_words: OnWords | None = None) -> Reply:
        mine = self._answered + 1
        self.depth = max(self.depth, mine)
        reply = await super().reply(prompt, on_words)
        if prompt.task != "preamble":
            self._answered = max(self._answered, mine)
        return reply


def outcomes(trace: Any) -> dict[str, Any]:
    return {outcome.entity: outcome for outcome in trace.last(Closing).outcomes}


async def test_an_order_goes_through_from_the_first_word_to_the_last(model: FakeModel) -> None:
    chat = await chat_about("pizza", model)
    said = []
    for words in ("hi there", "I'd like a large diavola please", "pickup", "a coke please", "ok pepsi then", "yes",
                  "yes please"):  # fmt: skip
        trace = await chat.say(words)
        assert (trace.status, trace.error) == ("completed", "")
        said.append(" ".join(trace.messages))
    assert said[0].startswith("Ciao")
    assert said[1] == "Is that for delivery or pickup?"
    assert said[2] == "Do you want anything to drink with your order?"
    assert said[4] == "A Pepsi it is. Is that all?"
    assert said[5].startswith("So that's one large Diavola and a Pepsi, for pickup. It comes to $17.50.")
    assert said[6].startswith("Grazie! Your order number is 1044.")
    assert str(trace.reasoner) == "ollama · fake:1b · lexical"


async def test_a_turn_without_tools_takes_three_questions_in_a_row(model: FakeModel) -> None:
    chat = await chat_about("travel", model)
    for words in ("hello", "I'd like to fly to Rome", "what is the weather like there?", "this is ridiculous"):
        trace = await chat.say(words)
        assert trace.status == "completed"
        asked = Counter(call.task for call in trace.model_calls)
        assert set(asked) <= {"situation", "draft", "select"}
        assert max(asked.values()) == 1


async def test_the_calls_stand_in_the_trace_with_what_they_took(model: FakeModel) -> None:
    chat = await chat_about("pizza", model)
    trace = await chat.say("when do you open?")
    assert [call.task for call in trace.model_calls] == model.tasks == ["situation", "draft", "select"]
    for call, prompt in zip(trace.model_calls, model.asked, strict=True):
        assert call.prompt_characters == prompt.characters
        assert call.prompt_tokens > 0
        assert call.answered


async def test_the_draft_is_heard_while_it_is_written(model: FakeModel) -> None:
    chat = await chat_about("pizza", model)
    heard: list[str] = []
    await chat.say("when do you open?", on_words=heard.append)
    assert len(heard) > 2
    assert all(after.startswith(before) for before, after in zip(heard, heard[1:], strict=False))


async def test_an_unusable_answer_fails_the_turn_visibly_and_the_session_goes_on(model: FakeModel) -> None:
    chat = await chat_about("pizza", model)
    model.in_order = ["{}", "{}"]
    trace = await chat.say("when do you open?")
    assert trace.status == "failed"
    assert trace.error.startswith("fake:1b gave no usable answer (situation): reading: Field required")
    assert trace.model_calls[0].attempts == 2
    assert (await chat.say("when do you open?")).status == "completed"


async def test_a_model_that_dies_fails_the_turn_with_its_own_line(model: FakeModel) -> None:
    chat = await chat_about("pizza", model)

    def dying(prompt: Prompt) -> str:
        if prompt.task == "draft":
            raise ReasonerError("the server went away; start it with `ollama serve`")
        return by_policy(prompt)

    model.answer = dying
    trace = await chat.say("when do you open?")
    assert trace.error == "the server went away; start it with `ollama serve`"
    model.answer = by_policy
    assert (await chat.say("when do you open?")).status == "completed"


async def test_same_words_same_prompts(model: FakeModel) -> None:
    every = []
    for _ in range(2):
        other = FakeModel()
        chat = await chat_about("travel", other)
        kept: list[Prompt] = []
        for words in ("hello", "fly me to Rome on Friday", "two bags please"):
            await chat.say(words)
            kept += other.asked
        every.append(kept)
    assert every[0] == every[1]


@pytest.mark.parametrize(
    ("count", "calls", "characters"), [(10, 4, 12_000), (100, 4, 40_000), (1_000, 8, 60_000)], ids=str
)
async def test_calls_and_characters_stay_within_their_budgets(count: int, calls: int, characters: int) -> None:
    model = Depth()
    chat = await chat_with(shop(count), model)
    place = count * 2 // 5
    topic = shop(count).guidelines[place].condition.removeprefix("The customer asks about the ")
    trace = await chat.say(f"hi, do you have the {topic}?")
    assert trace.status == "completed"
    assert outcomes(trace)[f"about_{place}"].result is Result.MATCHED
    assert trace.messages[-1] == f"The {topic} costs $5 and is in aisle {place}."
    assert model.depth == 3
    assert len(trace.model_calls) <= calls
    assert sum(call.prompt_characters for call in trace.model_calls) <= characters
    assert "preamble" in model.tasks
    early = [one for one in trace.last(Closing).outcomes if one.result is Result.RULED_OUT_EARLY]
    assert bool(early) == (count > 240)


async def test_budgets_hold_in_a_long_conversation() -> None:
    model = Depth()
    chat = await chat_with(shop(100, responses=30), model)
    for number in range(12):
        topic = shop(100).guidelines[number].condition.removeprefix("The customer asks about the ")
        trace = await chat.say(f"and the {topic}, where do I find that one, I have been looking for it all day?")
        assert trace.status == "completed"
    assert len(trace.model_calls) <= 4
    assert sum(call.prompt_characters for call in trace.model_calls) <= 40_000


async def test_conditions_in_several_batches_are_asked_side_by_side() -> None:
    model = Depth(options={"num_ctx": 2_048})
    chat = await chat_with(shop(100), model)
    trace = await chat.say("do you have the blue hammer 0?")
    batches = [prompt for prompt in model.asked if prompt.task == "situation"]
    assert len(batches) > 1
    assert (model.tasks[-1], model.depth) == ("draft", 2)
    assert len(trace.last(Matching).judgements) == 100


class HangsBut(FakeModel):
    """Answers nothing but the batch with the first guideline, and that badly; counts what was called off."""

    called_off = 0

    async def reply(self, prompt: Prompt, on_words: OnWords | None = None) -> Reply:
        if '"about_0"' in json.dumps(prompt.schema):
            return Reply("{}")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.called_off += 1
            raise
        return Reply("")


async def test_one_failing_batch_fails_the_turn_and_calls_off_the_others() -> None:
    model = HangsBut(options={"num_ctx": 2_048})
    chat = await chat_with(shop(100).model_copy(update={"preambles": "off"}), model)
    trace = await chat.say("do you have the blue hammer 0?")
    assert trace.status == "failed"
    assert "(situation)" in trace.error
    await asyncio.sleep(0)
    assert model.called_off == 1


async def test_a_composited_turn_takes_three_questions_too() -> None:
    model = Depth()
    agent = shop(3).model_copy(update={"composition_mode": CompositionMode.COMPOSITED, "preambles": "off"})
    chat = await chat_with(agent, model)
    trace = await chat.say("do you have the blue hammer 0?")
    assert trace.status == "completed"
    assert trace.last(Composition).mode is CompositionMode.COMPOSITED
    assert model.tasks == ["situation", "draft", "select"]


async def test_a_generative_field_costs_no_question_of_its_own() -> None:
    sorry = CannedResponse(name="sorry", template="I'm sorry about this: {{ generative.problem }}. I'll look into it.")
    agent = shop(3).model_copy(update={"canned_responses": (sorry,), "preambles": "off"})
    own = agent.guidelines[0].model_copy(update={"canned_responses": ("sorry",), "action": "Tell them sorry"})
    model = FakeModel()
    chat = await chat_with(agent.model_copy(update={"guidelines": (own, *agent.guidelines[1:])}), model)
    trace = await chat.say("the blue hammer 0 is late")
    assert trace.messages == ("I'm sorry about this: the blue hammer 0 is late. I'll look into it.",)
    assert model.tasks == ["situation", "draft", "select"]


async def test_which_of_two_is_meant_is_asked_without_a_question_more(model: FakeModel) -> None:
    chat = await chat_about("pizza", model)
    trace = await chat.say("I want to cancel")
    assert "cancel your order" in trace.messages[0]
    assert "clarify" not in model.tasks
    assert len(trace.model_calls) <= 3
