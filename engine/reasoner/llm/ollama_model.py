"""A language model of an Ollama server, asked through the official client."""

from __future__ import annotations

import json
import os
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast

from engine.ollama.host import OllamaHost, lost, missing
from engine.reasoner.base import OnWords, ReasonerError
from engine.reasoner.llm.model import ModelIdentity, Prompt, Reply

if TYPE_CHECKING:
    from ollama import ChatResponse

CONTEXT = 16_384
"""Tokens of prompt and answer together. One value for all prompts: another one has the server load the model anew.

A hundred conditions of ordinary length with a conversation fit; `CUECARD_OLLAMA_CONTEXT` sets another value, for
instance a smaller one for a machine with little memory.
"""

CONTEXT_SET_BY = "CUECARD_OLLAMA_CONTEXT"
LEAST_CONTEXT = 2_048

NEARLY_FULL = 0.9
"""The share of the context from which on a prompt may have been cut by the server, which cuts silently."""

KEEP_ALIVE = "30m"
SEED = 1

_OPEN, _CLOSED = "<think>", "</think>"


class OllamaModel:
    """A `Model` that asks a server.

    Answers always come as a stream, also those that nobody watches: a cancelled task closes the connection, upon which
    the server stops to write, and a server that works is told from one that hangs.
    """

    def __init__(self, name: str, host: str = "", *, context: int | None = None, patience: float | None = None) -> None:
        """Name a model; nobody is asked yet.

        Args:
            name: The model's name on the server, e.g. `llama3.2`.
            host: The server's address; empty for OLLAMA_HOST, or the client's default.
            context: `num_ctx`, in tokens; None for CUECARD_OLLAMA_CONTEXT, or `CONTEXT`.
            patience: Seconds that the server may be silent; see `OllamaHost`.

        Raises:
            ReasonerError: When CUECARD_OLLAMA_CONTEXT is no such number.
        """
        self._name = name
        self._host = OllamaHost(host, patience)
        self._options = {"num_ctx": context or _usual_context(), "temperature": 0.0, "seed": SEED}
        self._identity: ModelIdentity | None = None
        self._think: bool | None = None
        self._think_known = False

    @property
    def name(self) -> str:
        """The model's name."""
        return self._name

    @property
    def options(self) -> Mapping[str, Any]:
        """What is sent with every prompt; `num_predict` is the prompt's own `longest`."""
        return self._options

    async def identity(self) -> ModelIdentity:
        """Name, digest and server version.

        Raises:
            ReasonerError: When the server cannot be asked or has no such model.
        """
        if self._identity is None:
            self._identity = ModelIdentity(self._name, await self._digest(), await self._host.version())
        return self._identity

    async def reply(self, prompt: Prompt, on_words: OnWords | None = None) -> Reply:
        """Answer a prompt; see `engine.reasoner.llm.model.Model`.

        A model that can think is told not to. Some models then ignore the schema or answer nothing: such a one is asked
        again, and from then on always, without being told anything of thinking.

        Raises:
            ReasonerError: When the server cannot be asked, fails or stops in the middle.
        """
        began = time.perf_counter()
        think = await self._thinking()
        text, last = await self._answer(prompt, think, on_words)
        if think is not None and last.done_reason != "length" and not _usable(text, prompt):
            self._think = None
            text, last = await self._answer(prompt, None, on_words)
        return Reply(
            text=text,
            prompt_tokens=last.prompt_eval_count or 0,
            answer_tokens=last.eval_count or 0,
            seconds=time.perf_counter() - began,
            done_reason=last.done_reason or "stop",
            warning=self._warning(last, prompt),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._host.close()

    async def _answer(self, prompt: Prompt, think: bool | None, on_words: OnWords | None) -> tuple[str, ChatResponse]:
        """The whole text, and the last line of the stream with its counts."""
        said, text, last = "", "", None
        async with aclosing(self._stream(prompt, think)) as stream:
            async for part in stream:
                said += part.message.content or ""
                before, text = text, _without_thoughts(said)
                if on_words is not None and text != before:
                    on_words(text)
                last = part
        if last is None or not last.done:
            raise ReasonerError(lost(self._host.address))
        return text, last

    async def _stream(self, prompt: Prompt, think: bool | None) -> AsyncGenerator[ChatResponse, None]:
        async with self._host.asked(self._name) as client:
            stream = await client.chat(
                self._name,
                _messages(prompt),
                stream=True,
                think=think,
                format=None if prompt.schema is None else dict(prompt.schema),
                options={**self._options, "num_predict": prompt.longest},
                keep_alive=KEEP_ALIVE,
            )
            # What the client gives is a generator, though it does not say so.
            async with aclosing(cast("AsyncGenerator[ChatResponse, None]", stream)) as parts:
                async for part in parts:
                    yield part

    async def _thinking(self) -> bool | None:
        """What is sent as `think`: False to models that can think, nothing to the others."""
        if not self._think_known:
            async with self._host.asked(self._name) as client:
                shown = await client.show(self._name)
            self._think = False if "thinking" in (shown.capabilities or ()) else None
            self._think_known = True
        return self._think

    async def _digest(self) -> str:
        async with self._host.asked(self._name) as client:
            listed = (await client.list()).models
        names = (self._name, f"{self._name}:latest")
        found = next((there.digest for there in listed if there.model in names), None)
        if found is None:
            raise ReasonerError(missing(self._host.address, self._name))
        return found

    def _warning(self, last: ChatResponse, prompt: Prompt) -> str:
        warnings = []
        read, fits = last.prompt_eval_count or 0, self._options["num_ctx"]
        if read >= NEARLY_FULL * fits:
            warnings.append(f"the prompt has {read:,} of the {fits:,} tokens that fit: some of it may have been cut")
        if last.done_reason == "length":
            warnings.append(f"the answer was cut off after {last.eval_count or prompt.longest:,} tokens")
        return "; ".join(warnings)


def _usual_context() -> int:
    written = os.environ.get(CONTEXT_SET_BY, "").strip() or str(CONTEXT)
    if not written.isdecimal() or int(written) < LEAST_CONTEXT:
        raise ReasonerError(f"{CONTEXT_SET_BY} is {written!r}: it has to be a number of tokens from {LEAST_CONTEXT} on")
    return int(written)


def _messages(prompt: Prompt) -> list[dict[str, str]]:
    said = (("system", prompt.system), ("user", prompt.text))
    return [{"role": role, "content": _sendable(text)} for role, text in said if text]


def _sendable(text: str) -> str:
    """A text without halves of characters, which no JSON can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _usable(text: str, prompt: Prompt) -> bool:
    """Whether there is an answer at all: words, or any JSON where a schema was given."""
    if prompt.schema is None:
        return bool(text.strip())
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _without_thoughts(text: str) -> str:
    """What follows the thoughts that older servers and unknown models write into the answer itself."""
    start = text.lstrip()
    if start.startswith(_OPEN):
        return start.partition(_CLOSED)[2].lstrip()
    return "" if _OPEN.startswith(start) else text
