"""An event loop is not held up for a vector, and goes no detour where all of them are remembered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from engine.agent.model import Agent, CannedResponse
from engine.embeddings.at_hand import NotAtHand, answered, only_at_hand
from engine.embeddings.remembering import RememberingEmbedder
from engine.index.vectors import VectorIndex
from engine.reasoner.base import Condition, Draft
from engine.reasoner.conversation import Conversation, Said
from engine.reasoner.embedded.language.mixed import similarity_for
from engine.reasoner.embedded.reasoner import EmbeddedReasoner
from tests.embeddings.letters import Letters

HERE = threading.get_ident()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def hops(monkeypatch: pytest.MonkeyPatch) -> list[Callable[..., object]]:
    """What was handed to threads."""
    handed: list[Callable[..., object]] = []
    to_thread = asyncio.to_thread

    async def noted(function: Callable[..., object], *arguments: object) -> object:
        handed.append(function)
        return await to_thread(function, *arguments)

    monkeypatch.setattr(asyncio, "to_thread", noted)
    return handed


def said(text: str) -> Conversation:
    return Conversation(Agent(name="A"), (Said("customer", text, 1),), datetime(2026, 3, 2, 9, 0))


def test_a_vector_that_is_not_remembered_is_refused_where_only_those_at_hand_are_wanted() -> None:
    embedder = RememberingEmbedder(Letters())
    embedder.embed(["known"])
    with only_at_hand():
        assert len(embedder.embed(["known", "known"])) == 2
        with pytest.raises(NotAtHand):
            embedder.embed(["known", "unknown"])
    assert len(embedder.embed(["unknown"])) == 1


async def test_what_is_at_hand_is_answered_here_and_everything_else_in_a_thread() -> None:
    embedder, alone = RememberingEmbedder(Letters()), threading.Lock()

    def ask() -> int:
        embedder.embed(["a text"])
        return threading.get_ident()

    assert await answered(ask, alone, waits=False) != HERE
    assert await answered(ask, alone, waits=False) == HERE
    assert await answered(ask, alone, waits=True) != HERE
    assert not alone.locked()


async def test_whoever_asks_while_another_thread_does_waits_in_a_thread() -> None:
    alone = threading.Lock()
    alone.acquire()
    asking = asyncio.create_task(answered(threading.get_ident, alone, waits=False))
    await asyncio.sleep(0)
    alone.release()
    assert await asking != HERE


async def test_a_fault_of_the_question_is_its_own() -> None:
    alone = threading.Lock()
    with pytest.raises(ZeroDivisionError):
        await answered(lambda: 1 // 0, alone, waits=False)
    assert not alone.locked()


async def test_a_message_is_embedded_beside_the_event_loop_and_judged_again_without_a_thread(
    hops: list[Callable[..., object]],
) -> None:
    letters = Letters()
    reasoner = EmbeddedReasoner(similarity_for(RememberingEmbedder(letters)))
    conditions = [
        Condition("parcel", "The customer asks for a parcel", ("where is my parcel", "my parcel is late", "parcel?")),
        Condition("weather", "The customer asks about the weather"),
    ]
    conversation = said("Where is the parcel that I sent? And what is the weather like?")
    first = await reasoner.match(conditions, conversation)
    assert len(hops) == 1 and HERE not in letters.threads and len(letters.asked) > len(conditions)
    assert await reasoner.match(conditions, conversation) == first and len(hops) == 1
    assert reasoner._matcher.match(conditions, conversation) == first


async def test_a_draft_is_embedded_beside_the_event_loop_and_searched_again_without_a_thread(
    hops: list[Callable[..., object]],
) -> None:
    letters = Letters()
    index = VectorIndex(RememberingEmbedder(letters))
    responses = [
        CannedResponse(name="late", template="Your parcel is late."),
        CannedResponse(name="x", template="Bye."),
    ]
    first = await index.search("The parcel is late. Sorry!", responses)
    assert len(hops) == 1 and HERE not in letters.threads
    assert await index.search("The parcel is late. Sorry!", responses) == first and len(hops) == 1


async def test_words_alone_need_no_thread(hops: list[Callable[..., object]]) -> None:
    reasoner = EmbeddedReasoner()
    await reasoner.match([Condition("parcel", "The customer asks for a parcel", ("my parcel",))], said("a parcel?"))
    await reasoner.select(Draft("Hello."), (), ())
    assert hops == []
