"""Embeddings by an Ollama server over a real socket: of length one, kept by digest, every fault in one line."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import numpy
import pytest

from engine.agent.model import Agent, CannedResponse
from engine.embeddings.choosing import choose
from engine.embeddings.ollama import OllamaEmbedder
from engine.embeddings.remembering import RememberingEmbedder
from engine.index.vectors import VectorIndex
from engine.reasoner.base import Condition, ReasonerError
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.language.mixed import similarity_for
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from tests.ollama_server import bodies
from tests.ollama_server.server import OllamaServer

MODEL = bodies.EMBEDDING.name


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
async def server() -> AsyncIterator[OllamaServer]:
    async with OllamaServer() as running:
        yield running


def asked_to_embed(server: OllamaServer) -> int:
    return sum(request.path == "/api/embed" for request in server.requests)


async def test_vectors_come_in_order_and_have_length_one(server: OllamaServer) -> None:
    embedder = OllamaEmbedder(MODEL, server.address)
    texts = [f"sentence number {number}" for number in range(70)]
    found = await asyncio.to_thread(embedder.embed, texts)
    assert found.dtype == numpy.float32 and len(found) == 70
    assert numpy.allclose(numpy.square(found).sum(axis=1), 1.0, atol=1e-4)
    alone = await asyncio.to_thread(embedder.embed, texts[69:])
    assert numpy.array_equal(found[69], alone[0])


async def test_vectors_are_kept_under_the_digest_of_the_model(server: OllamaServer, tmp_path: Path) -> None:
    for _ in range(2):
        remembering = RememberingEmbedder(OllamaEmbedder(MODEL, server.address))
        await asyncio.to_thread(remembering.embed, ["hello", "world"])
    assert asked_to_embed(server) == 1
    (file,) = (tmp_path / "cuecard").glob("*.sqlite")
    assert file.stem.startswith("ollama-")


async def test_a_model_that_is_not_there_is_told_with_the_command_that_gets_it(server: OllamaServer) -> None:
    embedder = RememberingEmbedder(OllamaEmbedder("no-such-model", server.address))
    with pytest.raises(ReasonerError, match="ollama pull no-such-model"):
        await asyncio.to_thread(embedder.embed, ["hello"])


async def test_no_server_is_told_with_the_command_that_starts_it() -> None:
    embedder = RememberingEmbedder(OllamaEmbedder(MODEL, "http://127.0.0.1:9"))
    with pytest.raises(ReasonerError, match="ollama serve"):
        await asyncio.to_thread(embedder.embed, ["hello"])


async def test_choosing_asks_no_server() -> None:
    embedder = choose("ollama:anything", "http://127.0.0.1:9")
    assert embedder is not None and embedder.name == "ollama:anything" and embedder.waits


async def test_conditions_and_responses_are_compared_while_the_event_loop_goes_on(server: OllamaServer) -> None:
    """The server runs on this very loop: were the loop to wait for it, nothing would ever be answered."""
    embedder = RememberingEmbedder(OllamaEmbedder(MODEL, server.address))
    reasoner = EmbeddedReasoner(similarity_for(embedder))
    examples = ("where is my parcel", "track my parcel please", "has my parcel been sent")
    said = Conversation(Agent(name="Post"), (Said("customer", "where's my parcel now", 1),), datetime(2026, 3, 2))
    async with asyncio.timeout(60):
        (judged,) = await reasoner.match([Condition("track", "The customer asks about a parcel", examples)], said)
        responses = [
            CannedResponse(name="hours", template="We open at nine."),
            CannedResponse(name="x", template="Bye"),
        ]
        hits = await VectorIndex(embedder).search("We open at nine", responses)
    assert judged.holds and hits[0].score > hits[1].score
    assert reasoner.info.embeddings == f"ollama:{MODEL}"
