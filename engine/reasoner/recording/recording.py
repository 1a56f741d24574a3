"""A model that answers and is recorded while it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from engine.reasoner.base import OnWords
from engine.reasoner.llm.model import Model, ModelIdentity, Prompt, Reply
from engine.reasoner.recording.calls import Source, call_of, prompt_files_digest
from engine.reasoner.recording.tape import Tape

RecordMode = Literal["missing", "stale", "all"]
"""What is recorded: what is not there, also what is there for an earlier form of the question, or everything anew."""


class RecordingModel:
    """A `Model` that answers from recordings where the mode leaves them alone, and else asks and records."""

    def __init__(self, live: Model, tape: Tape, mode: RecordMode, embeddings: str) -> None:
        """Record a model.

        Args:
            live: Who is asked.
            tape: Where its answers are kept.
            mode: What is recorded.
            embeddings: Who compares meanings beside it.
        """
        self._live = live
        self._tape = tape
        self._mode = mode
        self._embeddings = embeddings

    @property
    def name(self) -> str:
        """The model's name."""
        return self._live.name

    @property
    def options(self) -> Mapping[str, Any]:
        """What is sent with every prompt."""
        return self._live.options

    async def identity(self) -> ModelIdentity:
        """Which model answers."""
        return await self._live.identity()

    async def reply(self, prompt: Prompt, on_words: OnWords | None = None) -> Reply:
        """Answer from the recordings, or ask and record.

        Raises:
            StaleRecording: When only what is missing is recorded, and this question has changed.
            ReasonerError: When the model cannot answer; what was recorded before stays.
        """
        source = await self._source()
        call = self._tape.find(prompt, source)
        if call is not None and self._mode == "all":
            call = self._tape.cassette.fresh.get(call.key)
        if call is not None:
            self._tape.own(call)
            if on_words is not None:
                on_words(call.answer)
            return call.reply
        if self._mode == "missing" and self._tape.before(prompt, source) is not None:
            raise self._tape.stale(prompt, source)
        reply = await self._live.reply(prompt, on_words)
        fresh = call_of(self._tape.case, prompt, reply, source)
        self._tape.cassette.add(fresh)
        # The words as they are kept: what is played later goes exactly as what was recorded.
        return Reply(
            fresh.answer,
            reply.prompt_tokens,
            reply.answer_tokens,
            reply.seconds,
            reply.done_reason,
            reply.warning,
        )

    async def close(self) -> None:
        """Close the model's connections."""
        await self._live.close()

    async def _source(self) -> Source:
        identity = await self._live.identity()
        options = dict(self._live.options)
        return Source(identity.name, identity.digest, identity.server, options, self._embeddings, prompt_files_digest())
