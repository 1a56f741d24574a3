"""HTTP/1.1 over asyncio streams: as much as a server of JSON and lines of JSON needs."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

JSON = "application/json; charset=utf-8"
LINES = "application/x-ndjson"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Head:
    """A request as it came: its body is bytes."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Connection:
    """One connection of one client, kept alive between requests."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._ahead = b""
        self.begun = False
        """Whether anything of the present answer was written."""

    async def next_request(self) -> Head | None:
        """The next request; None when the client has gone."""
        self.begun = False
        try:
            text = self._ahead + await self._reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        self._ahead = b""
        first, *lines = text.decode("latin-1").rstrip("\r\n").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Head(method, target.partition("?")[0], headers, body)

    async def until_left(self) -> None:
        """Returns when the client closes its side."""
        try:
            self._ahead += await self._reader.read(1)
        except ConnectionError:
            return
        if self._ahead:
            await asyncio.Event().wait()

    @property
    def closing(self) -> bool:
        """Whether it was closed from this side."""
        return self._writer.is_closing()

    async def head(self, body: bytes, kind: str) -> None:
        """Write what a GET would be answered, without its body."""
        self._head(200, (("Content-Type", kind), ("Content-Length", str(len(body)))))
        await self._writer.drain()

    async def whole(self, status: int, body: bytes, kind: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        """Write an answer in one go."""
        self._head(status, (("Content-Type", kind), ("Content-Length", str(len(body))), *headers))
        self._writer.write(body)
        await self._writer.drain()

    async def json(self, body: Any, status: int = 200) -> None:
        """Write one JSON object."""
        await self.whole(status, json.dumps(body, ensure_ascii=False).encode(), JSON)

    async def line(self, line: bytes) -> None:
        """Write a line of a stream, which begins with the first."""
        self._begin_stream()
        self._writer.write(f"{len(line) + 1:x}\r\n".encode() + line + b"\n\r\n")
        await self._writer.drain()

    async def end(self) -> None:
        """End a stream."""
        self._begin_stream()
        self._writer.write(b"0\r\n\r\n")
        await self._writer.drain()

    def close(self) -> None:
        """Close the connection after what was written."""
        self._writer.close()

    def abort(self) -> None:
        """Drop the connection at once, as a killed process does."""
        self._writer.transport.abort()

    def _begin_stream(self) -> None:
        if not self.begun:
            self._head(200, (("Content-Type", LINES), ("Transfer-Encoding", "chunked")))

    def _head(self, status: int, headers: tuple[tuple[str, str], ...]) -> None:
        self.begun = True
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers)]
        self._writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
