"""A server that speaks Ollama's protocol over a real socket and says what a script tells it to."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self

from tests.ollama_server import bodies, chatting
from tests.ollama_server.bodies import ModelFile
from tests.ollama_server.embedding import DIMENSIONS, vector
from tests.ollama_server.script import Refusal, Reply, Request, Script, always
from tests.ollama_server.wire import TEXT, Connection, Head

Endpoint = Callable[[Request, Connection], Awaitable[None]]


class OllamaServer:
    """Answers chats by a script, embeds by letters, lists its models, and records every request.

    Attributes:
        script: Says what is answered to a chat.
        models: What the server has; a script's name needs none here.
        requests: Every request so far, oldest first.
        most_in_flight: The greatest number of chats that were open at once.
        accepted: How many connections were opened.
        delay: Seconds that every chat takes before its first word; for measurements, never for tests.
        address: Where it listens.
    """

    def __init__(
        self,
        script: Script | Reply = "All right.",
        *,
        models: Sequence[ModelFile] = (bodies.CHATTING, bodies.EMBEDDING),
        version: str = "0.12.6",
        delay: float = 0.0,
    ) -> None:
        self.script: Script = script if callable(script) else always(script)
        self.models = tuple(models)
        self.version = version
        self.delay = delay
        self.address = ""
        self.accepted = 0
        self.forget()
        self._running: dict[str, ModelFile] = {}
        self._news = asyncio.Condition()
        self._connections: dict[asyncio.Task[Any], Connection] = {}
        self._listening: asyncio.Server | None = None

    def forget(self) -> None:
        """Begin to record and to count anew."""
        self.requests: list[Request] = []
        self.most_in_flight = 0
        self._steps_over = 0

    @property
    def chats(self) -> list[Request]:
        """The requests for a chat, oldest first."""
        return [request for request in self.requests if request.path == "/api/chat"]

    @property
    def deepest(self) -> int:
        """How many chats followed one another: each began when the one before was over."""
        return max((request.depth for request in self.chats), default=0)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    async def start(self, port: int = 0) -> None:
        """Listen on a port of the loopback, any free one for 0."""
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.address = f"http://127.0.0.1:{self._listening.sockets[0].getsockname()[1]}"

    async def serve_for_ever(self) -> None:
        """Wait until the server is killed."""
        assert self._listening is not None
        await self._listening.serve_forever()

    async def kill(self) -> None:
        """Stop listening and drop every connection at once, as a killed process does."""
        if self._listening is None:
            return
        self._listening.close()
        tasks = list(self._connections)
        for task in tasks:
            self._connections[task].abort()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._listening = None

    async def chat(self, number: int) -> Request:
        """The chat of this number, counted from 1; waited for where it has not come yet."""
        async with self._news:
            await self._news.wait_for(lambda: len(self.chats) >= number)
        return self.chats[number - 1]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        connection = Connection(reader, writer)
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = connection
        try:
            while (head := await connection.next_request()) is not None:
                if not await self._answer_while_there(await self._noted(head), connection):
                    break
        except (asyncio.CancelledError, ConnectionError):
            connection.abort()
        finally:
            del self._connections[task]
            connection.close()

    async def _noted(self, head: Head) -> Request:
        try:
            body = json.loads(head.body) if head.body else None
        except ValueError as error:
            body = str(error)
        request = Request(head.method, head.path, head.headers, body)
        request.depth = self._steps_over + 1
        self.requests.append(request)
        self.most_in_flight = max(self.most_in_flight, sum(not chat.ended.is_set() for chat in self.chats))
        async with self._news:
            self._news.notify_all()
        return request

    def _over(self, request: Request) -> None:
        if request.path == "/api/chat":
            self._steps_over = max(self._steps_over, request.depth)
        request.ended.set()

    async def _answer_while_there(self, request: Request, connection: Connection) -> bool:
        """Answer unless the client leaves before; whether the connection goes on."""
        answering = asyncio.create_task(self._answer(request, connection))
        leaving = asyncio.create_task(connection.until_left())
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            request.client_left = request.client_left or not answering.done()
            return answering.done() and answering.result()
        finally:
            answering.cancel()
            leaving.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)
            self._over(request)

    async def _answer(self, request: Request, connection: Connection) -> bool:
        """Whether the connection goes on."""
        try:
            await self._answer_at(request, connection)
        except ConnectionError:
            request.client_left = True
        # Before the client can have read the end: what it asks next comes after this.
        self._over(request)
        return not (request.client_left or connection.closing)

    async def _answer_at(self, request: Request, connection: Connection) -> None:
        if (request.method, request.path) == ("HEAD", "/"):
            await connection.head(b"Ollama is running", TEXT)
        elif (endpoint := self._endpoints().get((request.method, request.path))) is None:
            await chatting.refuse(Refusal(404, body=b"404 page not found"), connection)
        elif request.method == "POST" and not isinstance(request.body, dict):
            await chatting.refuse(Refusal(400, request.body or "missing request body"), connection)
        else:
            await endpoint(request, connection)

    def _endpoints(self) -> dict[tuple[str, str], Endpoint]:
        return {
            ("POST", "/api/chat"): self._chat,
            ("POST", "/api/embed"): self._embed,
            ("POST", "/api/show"): self._show,
            ("POST", "/api/pull"): self._pull,
            ("GET", "/"): lambda _, connection: connection.whole(200, b"Ollama is running", TEXT),
            ("GET", "/api/tags"): lambda _, connection: connection.json(bodies.tags(self.models)),
            ("GET", "/api/ps"): lambda _, connection: connection.json(bodies.running(list(self._running.values()))),
            ("GET", "/api/version"): lambda _, connection: connection.json({"version": self.version}),
        }

    def _model(self, request: Request) -> ModelFile | None:
        return next((model for model in self.models if model.called(request.model)), None)

    async def _chat(self, request: Request, connection: Connection) -> None:
        model = self._model(request)
        refusal = chatting.refused(request, model)
        if refusal is not None or model is None:
            await chatting.refuse(refusal or Refusal(404), connection)
            return
        self._running[model.name] = model
        if not request.body.get("messages"):
            unloads = request.body.get("keep_alive") == 0
            if unloads:
                del self._running[model.name]
            await connection.json(bodies.loaded(request.model, "unload" if unloads else "load"))
            return
        if self.delay:
            await asyncio.sleep(self.delay)
        await chatting.perform(request, self.script(request), connection)

    async def _embed(self, request: Request, connection: Connection) -> None:
        model = self._model(request)
        if model is None:
            await chatting.refuse(Refusal(404, f"model '{request.model}' not found"), connection)
            return
        self._running[model.name] = model
        given = request.body.get("input", [])
        texts = [given] if isinstance(given, str) else given
        dimensions = request.body.get("dimensions") or DIMENSIONS
        tokens = sum(-(-len(text) // chatting.CHARACTERS_A_TOKEN) for text in texts)
        await connection.json(bodies.embedded(request.model, [vector(text, dimensions) for text in texts], tokens))

    async def _show(self, request: Request, connection: Connection) -> None:
        model = self._model(request)
        if model is None:
            await chatting.refuse(Refusal(404, f"model '{request.model}' not found"), connection)
        else:
            await connection.json(bodies.show(model))

    async def _pull(self, request: Request, connection: Connection) -> None:
        """Nothing can be fetched: there is no library behind this server."""
        error = "pull model manifest: file does not exist"
        if request.body.get("stream") is False:
            await chatting.refuse(Refusal(500, error), connection)
            return
        await connection.line(b'{"status":"pulling manifest"}')
        await connection.line(json.dumps({"error": error}).encode())
        await connection.end()
