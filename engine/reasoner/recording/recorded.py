"""A model that answers from recordings and nothing else: no server, the same answer for ever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.reasoner.base import OnWords
from engine.reasoner.llm.model import ModelIdentity, Prompt, Reply
from engine.reasoner.recording.calls import Source, prompt_files_digest
from engine.reasoner.recording.cassette import Cassette
from engine.reasoner.recording.tape import Tape


class RecordedModel:
    """A `Model` that plays a tape.

    It is the model that was recorded: its name, digest, server version and options are those of the recording.
    """

    def __init__(self, tape: Tape, source: Source, embeddings: str) -> None:
        """Play a tape.

        Args:
            tape: What is recorded.
            source: Who was recorded.
            embeddings: Who compares meanings now.
        """
        self._tape = tape
        self._source = replace(source, embeddings=embeddings, prompts=prompt_files_digest())

    @property
    def name(self) -> str:
        """The recorded model's name."""
        return self._source.model

    @property
    def options(self) -> Mapping[str, Any]:
        """What was sent with every prompt."""
        return self._source.options

    async def identity(self) -> ModelIdentity:
        """Which model was recorded; no server is asked."""
        return self._source.identity

    async def reply(self, prompt: Prompt, on_words: OnWords | None = None) -> Reply:
        """Answer as the model did.

        Raises:
            StaleRecording: When this very question was not recorded.
        """
        call = self._tape.find(prompt, self._source)
        if call is None:
            raise self._tape.stale(prompt, self._source)
        if on_words is not None:
            on_words(call.answer)
        return call.reply

    async def close(self) -> None:
        """Nothing is open."""


def source_of(cassette: Cassette, case: str) -> Source | None:
    """Who is played for a case: who gave most of its answers, or most of all answers; None for an empty cassette."""
    calls = cassette.of_case(case) or list(cassette.calls)
    counted = Counter(call.source.id for call in calls)
    most = max(counted, key=counted.__getitem__, default=None)
    return next((call.source for call in calls if call.source.id == most), None)
