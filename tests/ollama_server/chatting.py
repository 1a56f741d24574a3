"""One chat: the parts of an answer written as Ollama writes them, as a stream or in one piece."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field

from tests.ollama_server import bodies
from tests.ollama_server.bodies import ModelFile
from tests.ollama_server.script import (
    Answer,
    Break,
    Fault,
    Hold,
    Part,
    Raw,
    Refusal,
    Reply,
    Request,
    Say,
    Think,
    pieces,
)
from tests.ollama_server.wire import JSON, TEXT, Connection

CHARACTERS_A_TOKEN = 4


def refused(request: Request, model: ModelFile | None) -> Refusal | None:
    """Why a server would not even ask the model."""
    if not request.model:
        return Refusal(400, "model is required")
    if model is None:
        return Refusal(404, f"model '{request.model}' not found")
    if request.body.get("think") and "thinking" not in model.capabilities:
        return Refusal(400, f'"{request.model}" does not support thinking')
    if "completion" not in model.capabilities:
        return Refusal(400, f'"{request.model}" does not support chat')
    return None


async def refuse(refusal: Refusal, connection: Connection) -> None:
    """Write a status other than 200."""
    if refusal.body is None:
        body, kind = json.dumps({"error": refusal.error}).encode(), JSON
    else:
        body, kind = refusal.body, TEXT
    await connection.whole(refusal.status, body, kind, refusal.headers)


async def perform(request: Request, reply: Reply, connection: Connection) -> None:
    """Answer a chat."""
    if isinstance(reply, Refusal):
        await refuse(reply, connection)
        return
    answer = Answer(pieces(reply)) if isinstance(reply, str) else reply
    await _Performance(request, answer, connection).run()


@dataclass(slots=True)
class _Performance:
    request: Request
    answer: Answer
    connection: Connection
    content: list[str] = field(default_factory=list)
    thinking: list[str] = field(default_factory=list)

    async def run(self) -> None:
        reason = self.answer.done_reason or "stop"
        for part in self.answer.parts:
            if isinstance(part, Say | Think) and self._full:
                reason = "length"
                break
            if not await self._write(part):
                return
        if self.answer.ends:
            await self._finish(reason)
        else:
            await self.connection.end()

    @property
    def _streams(self) -> bool:
        return self.request.body.get("stream") is not False

    @property
    def _full(self) -> bool:
        most = int(self.request.body.get("options", {}).get("num_predict", -1))
        return 0 < most <= len(self.content) + len(self.thinking)

    async def _write(self, part: Part) -> bool:
        """Write one part; False when it was the last there can be."""
        match part:
            case Say(text):
                self.content.append(text)
                await self._line(bodies.said(self.request.model, content=text))
            case Think(text) if self.request.body.get("think") is not False:
                self.thinking.append(text)
                await self._line(bodies.said(self.request.model, thinking=text))
            case Hold(until):
                await (until or asyncio.Event()).wait()
            case Raw(line):
                await self.connection.line(line)
            case Fault(error):
                await self._fail(error)
                return False
            case Break():
                self.connection.close()
                return False
        return True

    async def _line(self, body: object) -> None:
        if self._streams:
            await self.connection.line(json.dumps(body, ensure_ascii=False).encode())

    async def _fail(self, error: str) -> None:
        if not self.connection.begun:
            await refuse(Refusal(500, error), self.connection)
            return
        await self._line({"error": error})
        await self.connection.end()

    async def _finish(self, reason: str) -> None:
        model, counts = self.request.model, (self._prompt_tokens(), self._answer_tokens())
        last = bodies.finished(model, reason, *counts)
        if self._streams:
            await self._line(last)
            await self.connection.end()
            return
        message = bodies.said(model, "".join(self.content), "".join(self.thinking))["message"]
        await self.connection.json({**last, "message": message})

    def _prompt_tokens(self) -> int:
        """As given, else one for every four characters; the server cuts what does not fit into `num_ctx`."""
        if self.answer.prompt_tokens is not None:
            return self.answer.prompt_tokens
        characters = sum(len(said.get("content", "")) for said in self.request.body.get("messages", ()))
        fits = int(self.request.body.get("options", {}).get("num_ctx", 4096))
        return min(-(-characters // CHARACTERS_A_TOKEN), fits)

    def _answer_tokens(self) -> int:
        given = self.answer.answer_tokens
        return len(self.content) + len(self.thinking) if given is None else given
