"""Restyling: the style of a canned response, every fact of the draft."""

from __future__ import annotations

import pytest

from engine.reasoner.base import Candidate, Draft, DraftPart, Restyled
from engine.reasoner.embedded.responses.restyling import restyle


def restyled(draft: str, *texts: str) -> Restyled:
    candidates = [Candidate(f"r{place}", text, text, 0.5) for place, text in enumerate(texts)]
    return restyle(Draft(draft, (DraftPart(draft, "", "given"),)), candidates)


@pytest.mark.parametrize(
    ("draft", "response", "expected"),
    [
        ("Your order has shipped.", "Sure thing! Your order is packed.", "Sure thing! Your order has shipped."),
        ("Your order has shipped.", "Sure, your order is packed.", "Sure, your order has shipped."),
        ("Your order has shipped.", "It is packed. Let me know if you need anything else!",
         "Your order has shipped. Let me know if you need anything else!"),
        ("I will check your order.", "We'll check your order!", "I'll check your order!"),
        ("Your order has shipped.", "Hi Dana, your order is packed.", "Hi Dana, your order has shipped."),
    ],
)  # fmt: skip
def test_opening_closing_and_wording_are_taken(draft: str, response: str, expected: str) -> None:
    made = restyled(draft, response)
    assert made.text == expected and made.changed and made.style_from == "r0"


@pytest.mark.parametrize(
    ("draft", "response"),
    [
        ("I'm sorry, your card was declined.", "Great news! Your card was accepted."),
        ("Your card is on its way.", "I'm so sorry! Your card was lost."),
        ("Your order has shipped.", "Your order 4711 has shipped. Thanks for 10 years with us!"),
        ("Your order has shipped.", "Your order is packed."),
    ],
)  # fmt: skip
def test_no_mood_and_no_fact_that_the_draft_lacks_is_taken(draft: str, response: str) -> None:
    made = restyled(draft, response)
    assert made.text.rstrip(".!") == draft.rstrip(".")
    assert not any(digit in made.text for digit in "0123456789")


def test_without_responses_the_draft_stays_and_says_why() -> None:
    made = restyled("Your order has shipped.")
    assert (made.text, made.changed, made.style_from) == ("Your order has shipped.", False, None)
    assert made.why


def test_the_nearest_response_gives_the_style() -> None:
    made = restyled("Your order has shipped.", "Hello! We open at nine.", "Good news! Your order shipped today.")
    assert made.style_from == "r1" and made.text.startswith("Good news!")


@pytest.mark.parametrize(
    "draft", ["Refunds take 5 to 7 days.", "What is the booking number?", "Open at 9. Closed at 5."]
)
def test_every_word_of_the_draft_is_kept(draft: str) -> None:
    made = restyled(draft, "Sure thing! We'll look. Anything else I can help with?")
    for word in draft.rstrip(".?").split():
        assert word.rstrip(".") in made.text
