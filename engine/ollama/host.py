"""An Ollama server as its address and the official client, with everything that can go wrong told in one line.

Nothing is sent anywhere but to that address: redirects are refused, proxies and other settings of the environment are
not looked at. The client itself reads OLLAMA_HOST and OLLAMA_API_KEY.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from engine.reasoner.base import ReasonerError

if TYPE_CHECKING:
    from ollama import AsyncClient, ResponseError

CONNECT_SECONDS = 5.0
PATIENCE_SECONDS = 300.0
"""How long a server may be silent: as long as Ollama itself gives a model to load."""

PATIENCE = "CUECARD_OLLAMA_TIMEOUT"

_LONGEST_QUOTE = 200
_BAD_KEY = "OLLAMA_API_KEY cannot be sent: it has to be one line of plain letters and digits"


def address_of(host: str = "") -> str:
    """Where a server is looked for, as it was named and without secrets; nothing is loaded or asked for it.

    Args:
        host: An address; empty for OLLAMA_HOST, or the client's default.
    """
    named = host or os.environ.get("OLLAMA_HOST", "") or "127.0.0.1:11434"
    scheme, mark, rest = named.rpartition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}".rstrip("/")


class OllamaHost:
    """An Ollama server that may or may not be there.

    Attributes:
        address: Where it is: as it was named, and as a whole URL once it was asked.
    """

    def __init__(self, host: str = "", patience: float | None = None) -> None:
        """Name a server; nobody is asked yet.

        Args:
            host: Its address, e.g. `192.168.1.9:11434`; empty for OLLAMA_HOST, or the client's default.
            patience: Seconds that it may be silent; None for CUECARD_OLLAMA_TIMEOUT, or five minutes.
        """
        self.address = address_of(host)
        self._host = host
        self._patience = patience
        self._made: tuple[asyncio.AbstractEventLoop, AsyncClient] | None = None

    @asynccontextmanager
    async def asked(self, model: str = "") -> AsyncIterator[AsyncClient]:
        """Give the client to a block, and turn whatever goes wrong in it into one line that says what to do.

        Causes are left out on purpose: they can hold headers, and so a key.

        Args:
            model: The model that is asked for, if any.

        Raises:
            ReasonerError: In place of every error of the client and of its connection.
        """
        client = await self._client()
        import httpx
        import ollama

        try:
            yield client
        except ollama.ResponseError as error:
            raise ReasonerError(_refusal(error, self.address, model)) from None
        except (ConnectionError, httpx.ConnectError, httpx.ConnectTimeout):
            raise ReasonerError(
                f"no Ollama server answers at {self.address}: start it with `ollama serve`, or name another host"
            ) from None
        except httpx.TimeoutException:
            raise ReasonerError(
                f"Ollama at {self.address} was silent for {self._seconds():g} seconds: "
                f"look whether it still works (`ollama ps`), or allow it more with {PATIENCE}"
            ) from None
        except httpx.LocalProtocolError:
            raise ReasonerError(_BAD_KEY) from None
        except (httpx.RemoteProtocolError, httpx.NetworkError):
            raise ReasonerError(lost(self.address)) from None
        except (httpx.HTTPError, ValueError, TypeError, AttributeError, KeyError):
            raise ReasonerError(
                f"what answers at {self.address} does not speak Ollama's protocol: look at the host's name and port"
            ) from None

    async def version(self) -> str:
        """The server's version, e.g. `0.12.6`.

        Raises:
            ReasonerError: When it cannot be asked.
        """
        async with self.asked() as client:
            # The client has no method of its own for it.
            asking: Any = client
            return str((await asking._request_raw("GET", "/api/version")).json()["version"])

    async def close(self) -> None:
        """Close the connections of the running event loop."""
        made, self._made = self._made, None
        if made is not None and made[0] is asyncio.get_running_loop():
            client: Any = made[1]
            await client.close()

    async def _client(self) -> AsyncClient:
        """The client of the running event loop: loops cannot share connections."""
        loop = asyncio.get_running_loop()
        if self._made is None or self._made[0] is not loop:
            # In a thread: to load the library takes half a second.
            client = await asyncio.to_thread(self._new_client)
            if self._made is None or self._made[0] is not loop:
                self._made = loop, client
        return self._made[1]

    def _new_client(self) -> AsyncClient:
        import httpx
        from ollama import AsyncClient

        patience = httpx.Timeout(self._seconds(), connect=CONNECT_SECONDS)
        try:
            client = AsyncClient(self._host or None, follow_redirects=False, trust_env=False, timeout=patience)
        except UnicodeError:
            raise ReasonerError(_BAD_KEY) from None
        except (ValueError, httpx.InvalidURL):
            raise ReasonerError(
                f"{_quoted(self.address)} is no address of an Ollama server: write it as in 127.0.0.1:11434"
            ) from None
        # The client reads addresses in its own way and shows the outcome nowhere else.
        self.address = str(client._client.base_url).rstrip("/")
        return client

    def _seconds(self) -> float:
        if self._patience is not None:
            return self._patience
        written = os.environ.get(PATIENCE, "").strip() or str(PATIENCE_SECONDS)
        try:
            seconds = float(written)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < float("inf"):
            raise ReasonerError(f"{PATIENCE} is {_quoted(written)}: it has to be a number of seconds, e.g. 300")
        return seconds


def lost(address: str) -> str:
    """What is said when a server stops in the middle of an answer."""
    return (
        f"Ollama at {address} stopped before its answer was complete: "
        "look whether it still runs (`ollama serve` starts it), and try again"
    )


def missing(address: str, model: str) -> str:
    """What is said when a server does not have a model."""
    return f"Ollama at {address} has no model {model}: get it with `ollama pull {model}`"


def _refusal(error: ResponseError, address: str, model: str) -> str:
    """The line for an answer that is an error; a status of -1 stands for an error within a stream."""
    status, said = error.status_code, _quoted(str(error.error))
    if status == 404 and model and "not found" in said and "model" in said:
        return missing(address, model)
    if 300 <= status < 400:
        return f"what answers at {address} sends elsewhere, which is not followed: name the Ollama server itself"
    if status in (401, 403):
        return f"Ollama at {address} lets nobody in without a key: set OLLAMA_API_KEY"
    if "does not support chat" in said:
        return f"{model} cannot chat (it may be for embeddings only): choose another model"
    if status in (404, 405):
        return f"what answers at {address} does not speak Ollama's protocol: look at the host's name and port"
    if status == -1:
        return f"Ollama at {address} failed while it answered: {said}; its log says more, try again"
    return f"Ollama at {address} refused with status {status}: {said}; its log says more"


def _quoted(text: str) -> str:
    """Somebody else's words on one line of bearable length."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line[:_LONGEST_QUOTE] or "no reason given"
