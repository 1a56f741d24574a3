import math

from hypothesis import given
from hypothesis import strategies as st

from engine.reasoner.embedded.language.features import cosine, likeness, rarity, respelled, stems, vector, words
from engine.reasoner.embedded.language.stemming import related, stem

texts = st.text(max_size=80)


def test_contractions_and_chat_spellings_are_written_out():
    assert words("I can't, it's 3,50 pls — u r late") == [
        "i",
        "can",
        "not",
        "it",
        "3,50",
        "please",
        "you",
        "are",
        "late",
    ]


def test_forms_of_a_word_share_a_stem():
    assert {stem(word) for word in ("refund", "refunds", "refunded", "refunding")} == {"refund"}
    assert stem("delivery") != stem("deliver") and related(stem("delivery"), stem("deliver"))
    assert related(stem("pay"), stem("payment"))
    assert not related("car", "card")


def test_a_typo_of_a_frequent_word_is_put_right_and_an_unknown_word_is_left_alone():
    assert respelled("balnce") == "balance"
    assert respelled("refnud") == "refund"
    assert [respelled(word) for word in ("pepsi", "lisbon", "diavola")] == ["pepsi", "lisbon", "diavola"]
    assert stems("my refnud") == stems("my refund")


def test_frequent_words_weigh_less_than_rare_and_unknown_ones():
    assert rarity("the") < rarity("order") < rarity("reimburs") < rarity("zyzzyva")


def test_a_typo_stays_near_the_word_that_was_meant():
    assert likeness("whats my balnce", "what's my balance") > 0.9
    assert likeness("diavolla", "diavola") > likeness("diavolla", "calzone")


def test_texts_without_words_have_an_empty_vector():
    assert vector("") == vector("?! …") == {}
    assert likeness("", "hello") == 0.0


def test_a_very_long_text_is_cut_to_its_beginning_and_end():
    assert len(words("first " + "word " * 300_000 + "last")) <= 401
    assert words("first " + "word " * 300_000 + "last")[0] == "first"


@given(texts)
def test_vectors_have_length_one(text):
    weights = vector(text).values()
    assert not weights or math.isclose(math.fsum(weight * weight for weight in weights), 1.0)


@given(texts, texts)
def test_likeness_is_symmetric_and_between_zero_and_one(one, other):
    assert 0.0 <= likeness(one, other) <= 1.0
    assert likeness(one, other) == likeness(other, one)
    assert not words(one) or likeness(one, one) == 1.0


def test_cosine_is_rounded_to_four_decimals():
    found = cosine(vector("where is my order"), vector("my order is late"))
    assert found == round(found, 4)
