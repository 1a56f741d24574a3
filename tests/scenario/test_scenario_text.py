import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.scenario.text import fold, parse_text


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("Hello there.", "Hello there.", True),
        ("Hello there.", "  Hello \n there. ", True),
        ("Hello there.", "Hello there", False),
        ("hello there.", "Hello there.", False),
        ("... Rome ...", "Take Rome, or Lisbon.", True),
        ("... Rome ...", "Rome", True),
        ("... Rome ...", "Romeo", False),
        ("... Rome ... Lisbon ...", "We have Rome and Lisbon.", True),
        ("... Rome ... Lisbon ...", "We have Lisbon and Rome.", False),
        ("... Rome", "I like Rome", True),
        ("... Rome", "I like Rome a lot", False),
        ("Rome ...", "Rome is nice", True),
        ("Rome ...", "In Rome", False),
        ("... $5.00 ...", "It costs $5.00.", True),
        ("... 5 dollars ...", "It costs 15 dollars.", False),
        ("… Rome …", "Take Rome.", True),
        ("...", "anything", True),
        ("Well... fine", "Well... fine", True),
        ("Well... fine", "Well, that is fine", False),
        (r"/TK-\d+/", "Your ticket is TK-77.", True),
        (r"/^TK-\d+$/", "Your ticket is TK-77.", False),
        ("/", "/", True),
        ("//", "//", True),
        ("none", "none", False),
        ("none", "", False),
        ("a.b", "axb", False),
    ],
)
def test_text_is_exact_or_has_ellipses_or_is_a_pattern(pattern: str, text: str, fits: bool) -> None:
    assert parse_text(pattern).fits(text) is fits


def test_a_pattern_that_cannot_be_read_says_so() -> None:
    with pytest.raises(ValueError, match="no regular expression"):
        parse_text("/(/")


@given(st.text())
def test_every_text_that_is_not_special_fits_itself(text: str) -> None:
    special = fold(text) == "none" or (len(fold(text)) > 2 and fold(text)[0] == fold(text)[-1] == "/")
    if not special:
        assert parse_text(text).fits(text)


@given(st.text(), st.text())
def test_reading_and_fitting_never_raise_anything_but_a_value_error(pattern: str, text: str) -> None:
    try:
        parse_text(pattern).fits(text)
    except ValueError:
        assert pattern.strip().startswith("/")
