"""The index over meaning: best of template and signals, best sentence of a draft, exact, added to bit by bit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy
import pytest

from engine.agent.model import CannedResponse
from engine.embeddings.choosing import choose, minilm_fault
from engine.embeddings.remembering import RememberingEmbedder
from engine.index.base import Hit
from engine.index.lexical import LexicalIndex
from engine.index.vectors import THRESHOLD, VectorIndex, index_for, sentences

if TYPE_CHECKING:
    from engine.embeddings.base import Vectors

installed = pytest.mark.skipif(bool(minilm_fault()), reason="the package with the model is not installed")


class Words:
    """An embedder by the words of a text: each word is an axis of its own."""

    name = "words"
    version = "1"
    waits = False

    def __init__(self) -> None:
        self.axes: dict[str, int] = {}
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        found = numpy.zeros((len(texts), 200), numpy.float32)
        for row, text in zip(found, texts, strict=True):
            for word in text.lower().split() or ["nothing"]:
                row[self.axes.setdefault(word.strip(".,!?"), len(self.axes))] += 1.0
            row /= numpy.sqrt(numpy.square(row).sum())
        return found


@pytest.fixture(autouse=True)
def cache(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
def index(words: Words) -> VectorIndex:
    return VectorIndex(RememberingEmbedder(words))


def response(name: str, template: str, *signals: str) -> CannedResponse:
    return CannedResponse(name=name, template=template, signals=signals)


async def test_every_response_gets_one_hit_in_the_order_given(index: VectorIndex) -> None:
    responses = [response("b", "We open at nine."), response("a", "Your order has shipped."), response("c", "{{ x }}")]
    hits = await index.search("Your order has shipped", responses)
    assert [hit.name for hit in hits] == ["b", "a", "c"]
    assert [hit.score for hit in hits] == [0.0, 1.0, 0.0]


async def test_the_best_of_template_and_signals_counts_and_is_named(index: VectorIndex) -> None:
    (hit,) = await index.search("we have it", [response("stock", "Yep! Shall I add one?", "it is here", "We have it")])
    assert hit == Hit("stock", 1.0, "We have it")


async def test_of_a_long_draft_the_best_sentence_counts(index: VectorIndex) -> None:
    draft = "I understand. " + "We will see what can be done. " * 9 + "Your balance is low."
    (hit,) = await index.search(draft, [response("balance", "Your balance is {{ level }} low.")])
    assert hit.score == 1.0


async def test_new_responses_are_embedded_alone_and_the_old_keep_their_scores(index: VectorIndex, words: Words) -> None:
    old = [response(f"r{number}", f"word{number} thanks") for number in range(5)]
    before = await index.search("word3 thanks", old)
    words.asked.clear()
    new = response("new", "word9 thanks", "word3")
    after = await index.search("word3 thanks", [*old, new, old[0]])
    assert after[:5] == before and after[6] == before[0]
    assert words.asked == ["word9 thanks", "word3"]


async def test_an_edited_response_is_another_one(index: VectorIndex) -> None:
    first = await index.search("good bye", [response("end", "good bye")])
    second = await index.search("good bye", [response("end", "see you")])
    assert (first[0].score, second[0].score) == (1.0, 0.0)


async def test_nothing_to_search_or_to_find_is_no_fault(index: VectorIndex) -> None:
    assert await index.search("hello", []) == []
    assert [hit.score for hit in await index.search("", [response("a", "hello")])] == [0.0]


async def test_ties_name_the_first_text(index: VectorIndex) -> None:
    (hit,) = await index.search("hello there", [response("a", "hello you", "hello me")])
    assert hit.nearest == "hello you"


def test_a_draft_is_searched_for_as_a_whole_and_by_sentence() -> None:
    assert sentences("One. Two!\nThree") == ["One. Two! Three", "One.", "Two!", "Three"]
    assert len(sentences("So. " * 5_000)) < 30


def test_without_an_embedder_wording_decides(words: Words) -> None:
    assert isinstance(index_for(None), LexicalIndex)
    assert index_for(RememberingEmbedder(words)).embeddings == "words"


@installed
async def test_a_paraphrase_without_a_word_in_common_is_found_by_minilm() -> None:
    index = index_for(choose("minilm"))
    responses = [
        response("delay", "Bad weather is holding up your package."),
        response("vouchers", "Gift vouchers aren't something we offer."),
        response("hours", "We open at nine."),
    ]
    hits = await index.search("The storm delays your parcel.", responses)
    assert hits[0].score >= THRESHOLD > max(hits[1].score, hits[2].score)
