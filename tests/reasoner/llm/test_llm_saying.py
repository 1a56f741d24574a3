"""Drafts, responses, gaps, rewordings and the small questions; nothing is asked that an answer brought already."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.agent.basics import CompositionMode
from engine.agent.model import Agent, Capability, Guideline, Parameter
from engine.reasoner.base import (
    Brief,
    Candidate,
    Choice,
    Draft,
    DraftPart,
    FieldRequest,
    Instruction,
    MissingArgument,
    Option,
    ReasonerError,
)
from engine.reasoner.conversation import KnownResult
from engine.reasoner.llm.reasoner import LlmReasoner
from tests.reasoner.llm.fake_models import FakeModel, talk

TELL = Instruction("hours", "guideline", "Tell them when you open")
ASK = Instruction("trip.day", "state", "Ask for the day")
DRAFT = Draft("We open at 9. Which day?", (DraftPart("We open at 9. Which day?", "", "model"),))


def candidate(name: str, text: str = "", linked: str | None = None) -> Candidate:
    return Candidate(name, text or name, text or name, 0.5, linked=linked)


def chosen(fits: dict[str, str], choice: str = "none", **more: Any) -> str:
    known = {"why": "So it is.", "fits": fits, "choice": choice, "unsaid": "", "follow_up": "none"}
    return json.dumps({**known, "said_by_choice": [], "said_by_draft": [], **more})


# Drafts


async def test_a_draft_is_made_of_its_points_and_heard_as_it_grows(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: ' "We open at nine." '
    heard: list[str] = []
    draft = await reasoner.draft(Brief(talk("when?"), (TELL,)), heard.append)
    assert (draft.text, draft.nothing_applies, draft.dictated) == ("We open at nine.", False, False)
    assert draft.parts == (DraftPart("We open at nine.", "hours", "model"),)
    assert heard[-1].strip() == '"We open at nine."'
    assert model.asked[0].schema is None
    assert "1. Tell them when you open\n" in model.asked[0].text


async def test_several_instructions_make_one_part_of_nobody(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: "We open at nine. Which day?"
    draft = await reasoner.draft(Brief(talk("when?"), (TELL, ASK)))
    assert [part.source for part in draft.parts] == [""]
    assert "2. Ask for the day" in model.asked[0].text


async def test_an_authors_own_words_alone_need_no_model(model: FakeModel, reasoner: LlmReasoner) -> None:
    own = (replace(TELL, say="From nine."), replace(ASK, say="Which day?"))
    draft = await reasoner.draft(Brief(talk("when?"), own))
    assert draft.text == "From nine. Which day?"
    assert [(part.source, part.rule) for part in draft.parts] == [("hours", "say"), ("trip.day", "say")]
    selection = await reasoner.select(draft, (), own)
    assert selection.carried_out == ("hours", "trip.day")
    assert model.asked == []


async def test_own_words_beside_something_else_are_quoted_to_the_model(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: "From nine."
    await reasoner.draft(Brief(talk("when?"), (replace(TELL, say='From "nine".'), ASK)))
    assert r'1. Say "From \"nine\"."' in model.asked[0].text


async def test_missing_and_wrong_arguments_and_failures_become_points(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: "Which size?"
    size = Parameter(name="size", description="What size", choices=("small", "large"))
    missing = (MissingArgument("order", size), MissingArgument("order", size, invalid=True, value="huge"))
    waiting = Instruction("sell", "guideline", "Tell them the price", tools=("order",))
    await reasoner.draft(Brief(talk("a pizza"), (waiting,), missing=missing, failures=("pay",), clarify="A or B?"))
    text = model.asked[0].text
    assert '1. Ask this question: "A or B?"' in text
    assert "2. Ask for this: What size (one of small, large)" in text
    assert '3. Say that "huge" will not do, and ask for this: What size (one of small, large)' in text
    assert "4. Apologize that this did not work: pay." in text
    assert "5. Do not do this yet, since order has not run: Tell them the price" in text


async def test_a_question_of_choice_alone_is_the_draft(model: FakeModel, reasoner: LlmReasoner) -> None:
    draft = await reasoner.draft(Brief(talk("cancel"), clarify="The order or the table?"))
    assert (draft.text, draft.nothing_applies) == ("The order or the table?", False)
    assert model.asked == []


async def test_with_nothing_to_say_the_customer_still_gets_an_answer(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: "I can book flights."
    offers = (Capability(name="book", title="Book flights", description="To all of Europe"),)
    draft = await reasoner.draft(Brief(talk("what can you do?", capabilities=offers)))
    assert (draft.text, draft.nothing_applies) == ("I can book flights.", True)
    assert "- Book flights: To all of Europe\n" in model.asked[0].text
    assert "Promise and offer only what is listed above" in model.asked[0].text


async def test_with_nothing_to_say_and_nobody_asking_there_is_silence(model: FakeModel, reasoner: LlmReasoner) -> None:
    draft = await reasoner.draft(Brief(talk("hi", "Hello!")))
    assert (draft.text, draft.nothing_applies) == ("", True)
    assert model.asked == []


async def test_a_draft_that_a_scenario_gives_is_not_for_a_model(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: "From nine."
    draft = await reasoner.draft(Brief(talk("when?"), (TELL,), given_draft="We never open."))
    assert (draft.text, draft.dictated) == ("From nine.", False)
    assert "We never open." not in model.asked[0].text


async def test_why_the_assistant_writes_of_its_own_accord_is_told(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: "Nearly there."
    told = (Instruction("trigger#1", "trigger", "Say that it takes a moment"),)
    await reasoner.draft(Brief(talk("hi", "Hello!"), told, rationale="buy_time"))
    assert "to bridge the time" in model.asked[0].text


async def test_what_tools_returned_is_told(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: "Ten."
    result = KnownResult("stock", {"item": "hammer"}, {"left": 10}, this_turn=True)
    draft = await reasoner.draft(Brief(talk("how many?", results=(result,)), results=(result,)))
    assert not draft.nothing_applies
    assert '- The tool stock, called with {"item": "hammer"}, has just returned {"left": 10}' in model.asked[0].text


async def test_a_draft_without_words_is_asked_for_again(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.in_order = ["  ", '""']
    with pytest.raises(ReasonerError, match=r"\(draft\): there are no words in it"):
        await reasoner.draft(Brief(talk("when?"), (TELL,)))


# Responses


async def test_the_choice_comes_first_and_every_candidate_has_a_fit(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: chosen({"a": "low", "b": "high", "c": "partial"}, "b", said_by_choice=["hours"])
    picked = await reasoner.select(DRAFT, [candidate("a"), candidate("b", linked="hours"), candidate("c")], [TELL, ASK])
    assert (picked.choice, picked.fit, picked.why) == ("b", "high", "So it is.")
    assert [(one.name, one.fit) for one in picked.scored] == [("b", "high"), ("c", "partial"), ("a", "low")]
    assert picked.carried_out == ("hours",)
    assert '- b (written for hours): "b"' in model.asked[0].text


@pytest.mark.parametrize(
    ("mode", "fit", "carried_out"),
    [
        ("fluid", "high", ("hours",)),
        ("fluid", "partial", ("hours", "trip.day")),
        ("strict", "partial", ("hours",)),
        ("strict", "low", ("hours", "trip.day")),
        ("composited", "high", ("hours", "trip.day")),
    ],
)
async def test_what_is_carried_out_depends_on_what_the_mode_sends(
    mode: str, fit: str, carried_out: tuple[str, ...], model: FakeModel, reasoner: LlmReasoner
) -> None:
    more = {"restyled": DRAFT.text} if mode == "composited" else {}
    both = ["hours", "trip.day"]
    model.in_order = ["From nine.", chosen({"a": fit}, "a", said_by_choice=["hours"], said_by_draft=both, **more)]
    agent = Agent(name="Shop", composition_mode=CompositionMode(mode))
    await reasoner.draft(Brief(talk("when?", agent=agent), (TELL, ASK)))
    picked = await reasoner.select(DRAFT, [candidate("a")], [TELL, ASK])
    assert picked.carried_out == carried_out


async def test_without_candidates_only_several_instructions_are_worth_a_question(
    model: FakeModel, reasoner: LlmReasoner
) -> None:
    assert (await reasoner.select(DRAFT, (), [TELL])).carried_out == ("hours",)
    assert model.asked == []
    model.answer = lambda _: json.dumps({"why": "x", "said_by_draft": ["trip.day"]})
    assert (await reasoner.select(DRAFT, (), [TELL, ASK])).carried_out == ("trip.day",)
    assert model.tasks == ["select"]


async def test_a_choice_that_its_own_answer_calls_unfit_is_refused(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.in_order = [chosen({"a": "none"}, "a"), chosen({"a": "none"})]
    assert (await reasoner.select(DRAFT, [candidate("a")], [TELL])).choice is None
    assert "the choice a has the fit none" in model.asked[1].text


async def test_the_follow_up_comes_with_the_choice(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: chosen(
        {"a": "partial", "b": "high", "c": "low"}, "a", unsaid="Which day?", follow_up="b",
        said_by_choice=["hours"], said_by_draft=["hours", "trip.day"],
    )  # fmt: skip
    every = [candidate("a"), candidate("b"), candidate("c")]
    first = await reasoner.select(DRAFT, every, [TELL, ASK])
    assert first.unsaid == "Which day?"
    second = await reasoner.select(replace(DRAFT, text="Which day?"), every[1:], [TELL, ASK])
    assert (second.choice, second.fit, second.carried_out) == ("b", "high", ("trip.day",))
    assert model.tasks == ["select"]


async def test_what_a_choice_leaves_unsaid_is_kept_for_who_may_say_it_in_the_drafts_words(
    model: FakeModel, reasoner: LlmReasoner
) -> None:
    greet = Instruction("greet", "guideline", "Greet")
    model.answer = lambda _: chosen(
        {"a": "high"}, "a", unsaid="Hi! Which day?",
        said_by_choice=["hours"], said_by_draft=["hours", "trip.day", "greet"],
    )  # fmt: skip
    found = await reasoner.select(DRAFT, [candidate("a")], [TELL, ASK, greet])
    assert " ".join(part.text for part in found.beside if part.text) == "Hi! Which day?"
    assert [part.source for part in found.beside] == ["trip.day", "greet"]
    model.answer = lambda _: chosen({"a": "high"}, "a", said_by_choice=["hours"], said_by_draft=["hours"])
    assert (await reasoner.for_turn().select(DRAFT, [candidate("a")], [TELL])).beside == ()


OPEN = candidate("sorry", "Sorry about {{ generative.problem }}")


async def test_gaps_are_filled_and_the_choice_made_in_one_question(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: chosen(
        {"a": "low", "sorry": "high"}, "sorry", fields={"problem": "the delay", "other": None}
    )
    requests = (FieldRequest("problem", OPEN.template), FieldRequest("other", OPEN.template))
    choice = Choice(talk("it is late"), DRAFT, ready=(candidate("a"),), open=(OPEN,), instructions=(TELL,))
    assert await reasoner.fill(requests, choice) == {"problem": "the delay"}
    rendered = replace(OPEN, text="Sorry about the delay")
    picked = await reasoner.select(DRAFT, [candidate("a"), rendered], [TELL])
    assert (picked.choice, picked.fit) == ("sorry", "high")
    assert model.tasks == ["select"]
    assert "{{ generative.problem }}" in model.asked[0].text


async def test_a_choice_that_could_not_be_rendered_is_chosen_anew(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.in_order = [
        chosen({"a": "low", "sorry": "high"}, "sorry", fields={"problem": None}),
        chosen({"a": "partial"}, "a"),
    ]
    choice = Choice(talk("it is late"), DRAFT, ready=(candidate("a"),), open=(OPEN,), instructions=(TELL,))
    assert await reasoner.fill((FieldRequest("problem", OPEN.template),), choice) == {}
    assert (await reasoner.select(DRAFT, [candidate("a")], [TELL])).choice == "a"
    assert model.tasks == ["select", "select"]


async def test_in_composited_mode_the_rewording_comes_with_the_choice(model: FakeModel, reasoner: LlmReasoner) -> None:
    own = Guideline(name="hours", condition="x", action="y", composition_mode=CompositionMode.COMPOSITED)
    model.in_order = ["We open at 9.", chosen({"a": "low"}, "a", restyled="Lovely! We open at 9. Which day?")]
    await reasoner.draft(Brief(talk("when?", agent=Agent(name="Shop", guidelines=(own,))), (TELL,)))
    await reasoner.select(DRAFT, [candidate("a")], [TELL])
    restyled = await reasoner.restyle(DRAFT, [candidate("a")])
    assert (restyled.text, restyled.changed, restyled.style_from) == ("Lovely! We open at 9. Which day?", True, "a")
    assert model.tasks == ["draft", "select"]


async def test_a_rewording_nobody_foresaw_is_asked_for(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: "Lovely! We open at 9. Which day?"
    restyled = await reasoner.restyle(DRAFT, [candidate("a", "Lovely!")])
    assert restyled.changed
    assert model.tasks == ["restyle"]


@pytest.mark.parametrize("text", ["We open at 10. Which day?", "We open. Which day?", "At 9, 17 Elm St. Which day?"])
async def test_a_rewording_that_changes_a_number_is_refused(text: str, model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: text
    restyled = await reasoner.restyle(DRAFT, [candidate("a")])
    assert (restyled.text, restyled.changed) == (DRAFT.text, False)
    assert "its rewording changed" in restyled.why


# The small questions


async def test_a_preamble_is_one_of_the_choices_or_nothing(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.in_order = ['{"say": "Let me see."}', '{"say": null}', '{"say": "Hm."}', '{"say": "Hm."}']
    assert await reasoner.preamble(talk("where is it?"), ["Let me see.", "One moment."]) == "Let me see."
    assert await reasoner.preamble(talk("thanks"), ["Let me see."]) is None
    with pytest.raises(ReasonerError, match="preamble"):
        await reasoner.preamble(talk("where is it?"), ["Let me see."])
    assert await reasoner.preamble(talk("hi", "Hello!"), ["Let me see."]) is None


async def test_a_free_preamble_is_bare_words(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: '{"say": " Let me check. "}'
    assert await reasoner.preamble(talk("where is it?"), ()) == "Let me check."


async def test_a_question_of_choice_names_the_options(model: FakeModel, reasoner: LlmReasoner) -> None:
    model.answer = lambda _: "The order or the table?"
    options = [Option("a", "The customer wants to cancel the order"), Option("b", "The customer cancels the table")]
    assert await reasoner.clarify(options, talk("cancel")) == "The order or the table?"
    assert "- The customer wants to cancel the order\n" in model.asked[0].text
