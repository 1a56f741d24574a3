"""The index over wording: what is near is found, edits cost little, and no text moves the score of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.agent.model import CannedResponse
from engine.index.lexical import THRESHOLD, LexicalIndex, blanked, pieces

PAIRS = [
    line.split("\t")[1:]
    for line in Path(__file__).parents[1].joinpath("reasoner/embedded/data/fits.tsv").read_text().splitlines()
    if line.startswith("same")
]


def response(name: str, template: str, *signals: str) -> CannedResponse:
    return CannedResponse(name=name, template=template, signals=signals)


async def test_every_response_gets_one_hit_in_the_order_given() -> None:
    responses = [response("b", "We open at nine."), response("a", "Your order has shipped."), response("c", "{{ x }}")]
    hits = await LexicalIndex().search("Your order has shipped", responses)
    assert [hit.name for hit in hits] == ["b", "a", "c"]
    assert hits[1].score == 1.0 and hits[0].score < THRESHOLD and hits[2].score == 0.0


async def test_a_signal_counts_as_much_as_the_template_and_is_named() -> None:
    stocked = response("stock", "Yep! Should I add it to your cart?", "We do have it in stock")
    (hit,) = await LexicalIndex().search("Yes, we have it in stock.", [stocked])
    assert hit.score > THRESHOLD and hit.nearest == "We do have it in stock"


async def test_of_a_long_draft_the_best_sentence_counts() -> None:
    draft = (
        "I understand how you feel. Nothing is lost. Your balance is 1234.5. " + "We will see what can be done. " * 30
    )
    (hit,) = await LexicalIndex().search(draft, [response("balance", "Your balance is {{ balance }}.")])
    assert hit.score > 0.9


def test_fields_are_blanked_and_the_text_inside_blocks_stays() -> None:
    template = "Your fare is {{ fare | money('EUR') }}{% if miles > 9 %}, and miles pay{% endif %}.{# note #}"
    assert blanked(template) == "Your fare is , and miles pay ."


def test_numbers_of_a_draft_do_not_hide_a_template_with_fields() -> None:
    assert "Your balance is ." in pieces("Hello. Your balance is $1,234.50.")


async def test_near_drafts_are_found_and_far_ones_are_not() -> None:
    responses = [response(f"r{place}", text) for place, (_, text) in enumerate(PAIRS)]
    index = LexicalIndex()
    found, wrong = 0, 0
    for place, (draft, _) in enumerate(PAIRS):
        hits = await index.search(draft, responses)
        found += hits[place].score >= THRESHOLD
        wrong += sum(hit.score >= THRESHOLD for hit in hits) - (hits[place].score >= THRESHOLD)
    assert found >= len(PAIRS) - 2
    assert wrong <= len(PAIRS) * len(PAIRS) * 0.03


async def test_an_edited_response_is_indexed_anew_and_an_unchanged_one_is_not() -> None:
    index = LexicalIndex()
    await index.search("hours", [response("hours", "We open at nine."), response("other", "Goodbye!")])
    texts = len(index._texts)
    hits = await index.search("We open at ten.", [response("hours", "We open at ten."), response("other", "Goodbye!")])
    assert hits[0].score == 1.0 and len(index._texts) == texts + 1


async def test_renamed_twins_keep_their_own_names() -> None:
    hits = await LexicalIndex().search("Goodbye!", [response("one", "Goodbye!"), response("two", "Goodbye!")])
    assert [hit.name for hit in hits] == ["one", "two"] and hits[0].score == hits[1].score == 1.0


async def test_a_score_does_not_depend_on_what_else_is_indexed_or_when() -> None:
    draft = "I apologize. Where should I deliver your order of 2 pizzas?"
    responses = [response(f"r{place}", text, near) for place, (near, text) in enumerate(PAIRS)]
    index = LexicalIndex()
    together = await index.search(draft, responses)
    assert [hit for one in reversed(responses) for hit in await LexicalIndex().search(draft, [one])] == together[::-1]
    assert await index.search(draft, responses[5:]) == together[5:]


@pytest.mark.parametrize("draft", ["", "  ", "😀", "?!", "\n\n"])
async def test_drafts_without_words_find_nothing(draft: str) -> None:
    (hit,) = await LexicalIndex().search(draft, [response("hours", "We open at nine.")])
    assert hit.score == 0.0


async def test_no_responses_give_no_hits() -> None:
    assert await LexicalIndex().search("Hello", []) == []
