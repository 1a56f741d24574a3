"""Embeddings by a model of an Ollama server, through the official client."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from engine.embeddings.base import EmbeddingsError

if TYPE_CHECKING:
    from ollama import Client

    from engine.embeddings.base import Vectors

SECONDS = 60.0
"""How long a server may take for one batch; the first one waits until the model is loaded."""

_AT_ONCE = 64
_Answer = TypeVar("_Answer")


class OllamaEmbedder:
    """An `Embedder` that asks a server.

    Attributes:
        name: `ollama:` and the model's name.
        waits: True: it waits for a server, so that it is to be called in a thread of its own.
    """

    waits = True

    def __init__(self, model: str, host: str | None = None) -> None:
        """Name a model.

        Args:
            model: Its name on the server, e.g. `nomic-embed-text`.
            host: The server's address; None for OLLAMA_HOST, or the usual one.
        """
        self.name = f"ollama:{model}"
        self._model = model
        self._host = host

    @cached_property
    def version(self) -> str:
        """The beginning of the digest under which the server has the model.

        Raises:
            EmbeddingsError: When there is no server, or it has no such model.
        """
        wanted = self._model if ":" in self._model else f"{self._model}:latest"
        models = self._answer(lambda client: client.list()).models
        found = next((model.digest for model in models if model.model == wanted), None)
        if not found:
            raise EmbeddingsError(f"the Ollama server has no model {self._model}: {self._pull}")
        return found[:12]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Ask for vectors; see `engine.embeddings.base.Embedder`."""
        import numpy

        rows: list[Sequence[float]] = []
        for start in range(0, len(texts), _AT_ONCE):
            rows += self._embedded(list(texts[start : start + _AT_ONCE]))
        if len({len(row) for row in rows}) > 1:
            raise EmbeddingsError(f"{self.name} answered vectors of different lengths")
        found = numpy.array(rows, numpy.float32)
        lengths = numpy.sqrt(numpy.square(found).sum(axis=-1, keepdims=True))
        unit: Vectors = numpy.round(found / numpy.maximum(lengths, 1e-12), 6)
        return unit

    def _embedded(self, texts: list[str]) -> Sequence[Sequence[float]]:
        answer = self._answer(lambda client: client.embed(self._model, texts))
        if len(answer.embeddings) != len(texts):
            raise EmbeddingsError(f"{self.name} answered {len(answer.embeddings)} vectors for {len(texts)} texts")
        return answer.embeddings

    def _answer(self, ask: Callable[[Client], _Answer]) -> _Answer:
        """Ask the server, and turn whatever goes wrong into one line that says what to do."""
        import httpx
        import ollama

        try:
            return ask(self._client)
        except ollama.ResponseError as error:
            if error.status_code == httpx.codes.NOT_FOUND:
                raise EmbeddingsError(f"the Ollama server has no model {self._model}: {self._pull}") from error
            raise EmbeddingsError(f"{self.name} cannot embed: {_line(error.error)}") from error
        except ConnectionError as error:
            raise EmbeddingsError(f"no Ollama server answers{self._where}: ollama serve") from error
        except httpx.TimeoutException as error:
            raise EmbeddingsError(f"{self.name} did not answer within {SECONDS:.0f} seconds{self._where}") from error
        except (httpx.HTTPError, ValueError) as error:
            raise EmbeddingsError(f"{self.name} gave no usable answer: {_line(str(error))}") from error

    @cached_property
    def _client(self) -> Client:
        from ollama import Client

        return Client(host=self._host, timeout=SECONDS)

    @property
    def _pull(self) -> str:
        return f"ollama pull {self._model}"

    @property
    def _where(self) -> str:
        return f" at {self._host}" if self._host else ""


def _line(message: str) -> str:
    return " ".join(message.split()) or "it gave no reason"
