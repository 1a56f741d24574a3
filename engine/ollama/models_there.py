"""Which models an Ollama server has, for lists to choose from."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.ollama.host import OllamaHost, address_of
from engine.reasoner.base import ReasonerError

if TYPE_CHECKING:
    from ollama import ListResponse

__all__ = ["ModelThere", "ServerThere", "address_of", "models_there", "server_there"]

LISTING_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class ModelThere:
    """A model that a server has.

    Attributes:
        name: Its name with its tag.
        size: Bytes on disk.
        parameters: How large it is, e.g. `3.2B`; empty when the server does not say.
        quantization: How its weights are kept, e.g. `Q4_K_M`.
        family: What it is built like, e.g. `llama`.
        modified: When it was pulled or made.
        loaded: Whether it is in memory now.
        capabilities: What it can, in Ollama's words (`completion`, `embedding`, `thinking`, …); empty when an older
            server does not say.
    """

    name: str
    size: int = 0
    parameters: str = ""
    quantization: str = ""
    family: str = ""
    modified: datetime | None = None
    loaded: bool = False
    capabilities: tuple[str, ...] = ()

    @property
    def embeds(self) -> bool:
        """Whether it is there for embeddings; of older servers' models those of BERT's family are."""
        return "embedding" in self.capabilities if self.capabilities else self.family.endswith("bert")

    @property
    def chats(self) -> bool:
        """Whether it can answer prompts."""
        return "completion" in self.capabilities if self.capabilities else not self.embeds


@dataclass(frozen=True, slots=True)
class ServerThere:
    """A server that answered: its address, its version and its models in the order of their names."""

    address: str
    version: str
    models: tuple[ModelThere, ...]


async def server_there(host: str = "") -> ServerThere:
    """Ask a server what it is and has.

    Args:
        host: Its address; empty for OLLAMA_HOST, or the client's default.

    Raises:
        ReasonerError: When it cannot be asked; the message is one line that says what to do.
    """
    server = OllamaHost(host, LISTING_SECONDS)
    try:
        version = await server.version()
        return ServerThere(server.address, version, await _models(server))
    finally:
        await server.close()


async def models_there(host: str = "") -> list[ModelThere]:
    """The models of a server, by name; see `server_there`."""
    return list((await server_there(host)).models)


async def _models(server: OllamaHost) -> tuple[ModelThere, ...]:
    async with server.asked() as client:
        listed = (await client.list()).models
    running = await _running(server)
    names = [there.model or "" for there in listed]
    capabilities = await asyncio.gather(*(_capabilities(server, name) for name in names))
    described = (
        _described(there, name in running, known)
        for there, name, known in zip(listed, names, capabilities, strict=True)
    )
    return tuple(sorted(described, key=lambda there: there.name))


async def _running(server: OllamaHost) -> frozenset[str]:
    """The names of what is in memory; a server that is not asked such things has nothing there."""
    try:
        async with server.asked() as client:
            return frozenset(there.model or "" for there in (await client.ps()).models)
    except ReasonerError:
        return frozenset()


async def _capabilities(server: OllamaHost, name: str) -> tuple[str, ...]:
    """What a model can; nothing is known of one that the server cannot show (it may just have been deleted)."""
    try:
        async with server.asked(name) as client:
            return tuple((await client.show(name)).capabilities or ())
    except ReasonerError:
        return ()


def _described(there: ListResponse.Model, loaded: bool, capabilities: tuple[str, ...]) -> ModelThere:
    details = there.details
    return ModelThere(
        name=there.model or "",
        size=int(there.size or 0),
        parameters=(details and details.parameter_size) or "",
        quantization=(details and details.quantization_level) or "",
        family=(details and details.family) or "",
        modified=there.modified_at,
        loaded=loaded,
        capabilities=capabilities,
    )
