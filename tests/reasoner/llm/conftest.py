"""A model that says what a test tells it, and a reasoner that asks it."""

from __future__ import annotations

import pytest

from engine.reasoner.embedded.language.similarity import LexicalSimilarity
from engine.reasoner.llm.reasoner import LlmReasoner
from tests.reasoner.llm.fake_models import FakeModel


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def reasoner(model: FakeModel) -> LlmReasoner:
    return LlmReasoner(model, LexicalSimilarity())
