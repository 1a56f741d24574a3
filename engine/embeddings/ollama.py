"""Embeddings by a model of an Ollama server, through the official client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from engine.ollama.host import OllamaHost, missing
from engine.reasoner.base import ReasonerError

if TYPE_CHECKING:
    from ollama import AsyncClient

    from engine.embeddings.base import Vectors

_AT_ONCE = 64


class OllamaEmbedder:
    """An `Embedder` that asks a server.

    Attributes:
        name: `ollama:` and the model's name.
        waits: True: it waits for a server, so that it is to be called in a thread without an event loop.
    """

    waits = True

    def __init__(self, model: str, host: str = "") -> None:
        """Name a model; nobody is asked yet.

        Args:
            model: Its name on the server, e.g. `nomic-embed-text`.
            host: The server's address; empty for OLLAMA_HOST, or the usual one.
        """
        self.name = f"ollama:{model}"
        self._model = model
        self._host = host

    @cached_property
    def version(self) -> str:
        """The beginning of the digest under which the server has the model.

        Raises:
            ReasonerError: When there is no server, or it has no such model.
        """
        return asyncio.run(self._digest())[:12]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Ask for vectors; see `engine.embeddings.base.Embedder`."""
        import numpy

        found = numpy.array(asyncio.run(self._rows(texts)), numpy.float32)
        lengths = numpy.sqrt(numpy.square(found).sum(axis=-1, keepdims=True))
        unit: Vectors = numpy.round(found / numpy.maximum(lengths, 1e-12), 6)
        return unit

    async def _digest(self) -> str:
        async with self._asked() as (host, client):
            models = (await client.list()).models
        wanted = self._model if ":" in self._model else f"{self._model}:latest"
        found = next((model.digest for model in models if model.model == wanted), None)
        if not found:
            raise ReasonerError(missing(host.address, self._model))
        return found

    async def _rows(self, texts: Sequence[str]) -> list[Sequence[float]]:
        rows: list[Sequence[float]] = []
        async with self._asked() as (host, client):
            for start in range(0, len(texts), _AT_ONCE):
                rows += (await client.embed(self._model, list(texts[start : start + _AT_ONCE]))).embeddings
        if len(rows) != len(texts) or len({len(row) for row in rows}) > 1:
            raise ReasonerError(f"{self._model} at {host.address} gave no vector for some texts: is it for embeddings?")
        return rows

    @asynccontextmanager
    async def _asked(self) -> AsyncIterator[tuple[OllamaHost, AsyncClient]]:
        host = OllamaHost(self._host)
        try:
            async with host.asked(self._model) as client:
                yield host, client
        finally:
            await host.close()
