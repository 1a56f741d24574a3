"""A canned response fits a draft that says the same in other words, and never one that says the opposite."""

from __future__ import annotations

import pytest

from engine.embeddings.choosing import choose, minilm_fault
from engine.reasoner.base import Candidate, Draft, Selection
from engine.reasoner.embedded.language.mixed import similarity_for
from engine.reasoner.embedded.responses.selecting import select

pytestmark = pytest.mark.skipif(bool(minilm_fault()), reason="the package with the model is not installed")


def selected(draft: str, template: str, *signals: str) -> Selection:
    candidate = Candidate("one", template, template, 0.5, signals)
    return select(Draft(text=draft), [candidate], [], similarity_for(choose("minilm")).says)


@pytest.mark.parametrize(
    ("draft", "template"),
    [
        ("Your parcel is delayed by the storm.", "Bad weather is holding up your package."),
        ("We do not sell gift cards.", "Gift vouchers aren't something we offer."),
        ("We only have Pepsi.", "I'm afraid we only carry Pepsi products."),
    ],
)
def test_the_same_in_other_words_fits(draft: str, template: str) -> None:
    found = selected(draft, template)
    assert found.choice == "one" and found.unsaid == ""


@pytest.mark.parametrize(
    ("draft", "template"),
    [
        ("Yes, we have it.", "No, sold out."),
        ("Yes, we have it in stock.", "No, sorry, we've just sold the last ones."),
        ("We are open on Sunday.", "We are closed on Sunday."),
        ("You can return it within 30 days.", "You can send it back within 60 days."),
        ("Your payment went through.", "Your payment was declined."),
    ],
)
def test_the_opposite_never_fits_however_near_the_words_are(draft: str, template: str) -> None:
    assert selected(draft, template).choice is None


def test_a_signal_in_other_words_is_as_good_as_the_template() -> None:
    found = selected("Your parcel is delayed by the storm.", "Sorry!", "A storm is holding up your package")
    assert found.choice == "one" and "signal" in found.scored[0].why


def test_a_response_attached_to_the_matter_does_not_fit_a_draft_that_says_something_else_of_it() -> None:
    template = "Please stop using the heater: its valve can leak, and we have recalled it."
    candidate = Candidate("recall", template, template, 0.5, linked="recall")
    draft = Draft(text="Sure, the heater is perfectly safe, stay warm!", dictated=True)
    found = select(draft, [candidate], [], similarity_for(choose("minilm")).says)
    assert found.fit in ("low", "none")
