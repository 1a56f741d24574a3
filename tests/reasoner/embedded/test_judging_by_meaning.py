"""Conditions judged by sentence vectors: other words, thresholds of one's own, and the rules that still hold."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.agent.loading import load_agent
from engine.agent.model import Agent
from engine.embeddings.choosing import choose, minilm_fault
from engine.reasoner.base import Condition, Judgement
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.judging.calibration import prepare, threshold
from engine.reasoner.embedded.judging.matching import Matcher
from engine.reasoner.embedded.language.mixed import MixedSimilarity, shipped_file, similarity_for
from engine.reasoner.embedded.language.similarity import background
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from engine.turn.matching import conditions_of

pytestmark = pytest.mark.skipif(bool(minilm_fault()), reason="the package with the model is not installed")

REFUND = Condition(
    "refund",
    "The customer wants their money back",
    ("I want a refund", "please return my payment", "can I get my money back", "refund me", "I demand a refund"),
    ("is the deposit refundable?",),
)
HOURS = Condition(
    "hours",
    "The customer asks when the shop is open",
    ("when do you open", "are you open on Sunday", "what are your hours", "till when can I come", "opening times?"),
)


@pytest.fixture
def similarity() -> MixedSimilarity:
    embedder = choose("minilm")
    assert embedder is not None
    return MixedSimilarity(embedder)


@pytest.fixture
def matcher(similarity: MixedSimilarity) -> Matcher:
    return Matcher(similarity)


def said(message: str, agent: Agent | None = None) -> Conversation:
    return Conversation(agent or Agent(name="Shop"), (Said("customer", message, 1),), datetime(2026, 3, 2, 9))


def judged(matcher: Matcher, condition: Condition, message: str) -> Judgement:
    return matcher.match([condition], said(message))[0]


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        (REFUND, "you should reimburse me"),
        (REFUND, "I'd like the payment sent back to me"),
        (HOURS, "at what time does the store close tonight"),
        (HOURS, "from what time on can I visit the store"),
    ],
)
def test_the_same_in_other_words_holds(matcher: Matcher, condition: Condition, message: str) -> None:
    judgement = judged(matcher, condition, message)
    assert judgement.holds and judgement.rule == "similarity" and judgement.nearest in condition.examples


@pytest.mark.parametrize("message", ["my dog likes the snow", "thanks, bye", "how tall is the Eiffel tower", "ok"])
def test_what_is_about_nothing_of_the_kind_does_not_hold(matcher: Matcher, message: str) -> None:
    assert not judged(matcher, REFUND, message).holds and not judged(matcher, HOURS, message).holds


def test_a_negation_takes_it_back(matcher: Matcher) -> None:
    judgement = judged(matcher, REFUND, "I don't want a refund")
    assert not judgement.holds and judgement.rule == "negation"


def test_a_nearer_counterexample_takes_it_back(matcher: Matcher) -> None:
    judgement = judged(matcher, REFUND, "can I get a refund of the deposit")
    assert not judgement.holds and judgement.rule == "counterexample"


def test_without_examples_the_condition_itself_is_what_messages_are_near_to(matcher: Matcher) -> None:
    bare = Condition("refund", "The customer asks for a refund")
    judgement = judged(matcher, bare, "please give me my money back")
    assert judgement.holds and judgement.confidence == "guess" and judgement.nearest in (bare.text, "a refund")


def test_a_statement_about_data_is_not_met_by_words_that_are_near_it(matcher: Matcher) -> None:
    low = Condition("low", "The customer's balance is below 1000")
    assert not judged(matcher, low, "what's my balance?").holds


def test_a_question_tells_of_nothing_that_was_done(matcher: Matcher) -> None:
    lost = Condition(
        "lost", "The customer lost their card", ("I lost my card", "my card is gone", "my card was stolen")
    )
    assert judged(matcher, lost, "somebody took my card").holds
    assert not judged(matcher, lost, "could you send me a new card?").holds


def test_a_threshold_is_a_conditions_own_whatever_stands_beside_it(similarity: MixedSimilarity) -> None:
    alone = threshold(prepare(HOURS.examples, similarity), similarity)
    crowd = MixedSimilarity(choose("minilm"))  # type: ignore[arg-type]
    for number in range(50):
        crowd.number(f"when do you open shop number {number}")
    assert threshold(prepare(HOURS.examples, crowd), crowd) == alone


def test_a_threshold_is_kept_on_disk_and_not_made_again(
    similarity: MixedSimilarity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert similarity.kept("a test of keeping", HOURS.examples, lambda: 0.4321) == 0.4321
    assert MixedSimilarity(choose("minilm")).kept("a test of keeping", HOURS.examples, lambda: 0.9) == 0.4321  # type: ignore[arg-type]
    assert similarity.kept("another purpose", HOURS.examples, lambda: 0.9) == 0.9


def test_an_edit_of_one_condition_moves_no_other(similarity: MixedSimilarity) -> None:
    message = said("is anybody there at the weekend?")
    alone = Matcher(similarity).match([HOURS], message)[0]
    beside = Matcher(MixedSimilarity(choose("minilm"))).match([REFUND, HOURS], message)[1]  # type: ignore[arg-type]
    assert alone == beside


def test_texts_compared_together_score_as_they_do_alone(similarity: MixedSimilarity) -> None:
    for example in (*HOURS.examples, *REFUND.examples):
        similarity.number(example)
    texts = ["is anybody there at the weekend?", "you should reimburse me", "hello"]
    similarity.hear(texts)
    together = [similarity.to_numbered(text) for text in texts]
    later = MixedSimilarity(choose("minilm"))  # type: ignore[arg-type]
    for example in (*HOURS.examples, *REFUND.examples):
        later.number(example)
        later.hear(texts[:1])
    assert [later.to_numbered(text) for text in texts] == together


@settings(max_examples=10)
@given(st.text(max_size=40), st.text(max_size=40))
def test_nearness_is_the_same_both_ways_and_within_its_scale(one: str, other: str) -> None:
    similarity = MixedSimilarity(choose("minilm"))  # type: ignore[arg-type]
    near = similarity.between(one, other)
    assert near == similarity.between(other, one) and 0.0 <= near <= 1.0


def test_the_demo_understands_coke_in_words_that_no_example_has() -> None:
    agent = load_agent(Path(__file__).parents[3] / "scenarios" / "pizza").agent
    reasoner = EmbeddedReasoner(similarity_for(choose("minilm")))
    conditions = list(conditions_of(agent).values())
    for message in ("could I grab a Coca-Cola with that?", "one of those cokes to go with it would be great"):
        judgements = asyncio.run(reasoner.match(conditions, said(message, agent)))
        assert [one.of for one in judgements if one.holds and one.of == "offer_pepsi"] == ["offer_pepsi"], message
    assert reasoner.info.embeddings == "minilm"


def test_the_shipped_vectors_are_those_of_the_background_sentences() -> None:
    embedder = choose("minilm")
    assert embedder is not None
    shipped = numpy.load(shipped_file(embedder)).astype(numpy.float32)
    assert shipped.shape == (len(background()), 384), "python -m tests.reasoner.embedded.ship_background"
    some = list(range(0, len(background()), 20))
    made = embedder.embed([background()[place] for place in some])
    assert numpy.allclose(shipped[some], made, atol=2e-4), "python -m tests.reasoner.embedded.ship_background"


def test_what_is_denied_in_other_words_does_not_hold(matcher: Matcher) -> None:
    allergy = Condition(
        "allergy",
        "The customer has an allergy",
        ("I'm allergic to nuts", "nut allergy here", "I can't stand peanuts, they make me ill"),
    )
    assert judged(matcher, allergy, "I have an almond intolerance").holds
    denied = judged(matcher, allergy, "I have no almond intolerance")
    assert (denied.holds, denied.rule) == (False, "negation")
