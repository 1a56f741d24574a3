"""The index of texts: the same cosines as those of the vectors, whatever else is in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.reasoner.embedded.language.features import cosine, vector
from engine.reasoner.embedded.language.text_index import TextIndex

TEXTS = st.lists(
    st.lists(
        st.sampled_from("where is my order the balance of balnce 3,50 42 the can't ünïcode 日本 a".split()), max_size=9
    ).map(" ".join),
    min_size=1,
    max_size=8,
)


@given(TEXTS, TEXTS)
def test_an_indexed_cosine_is_the_cosine_of_the_vectors(indexed: list[str], asked: list[str]) -> None:
    index = TextIndex()
    assert [index.add(text) for text in indexed] == list(range(len(indexed)))
    for query in asked:
        expected = [cosine(vector(query), vector(text)) for text in indexed]
        assert all(abs(one - other) < 1e-4 for one, other in zip(index.cosines(query), expected, strict=True))


@given(TEXTS)
def test_what_is_added_later_moves_no_cosine(indexed: list[str]) -> None:
    alone, among = TextIndex(), TextIndex()
    alone.add(indexed[0])
    for text in indexed:
        among.add(text)
    assert among.cosines(indexed[0])[0] == alone.cosines(indexed[0])[0]


def test_an_empty_index_has_no_cosines() -> None:
    assert len(TextIndex().cosines("hello")) == 0
