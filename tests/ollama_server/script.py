"""What a scripted Ollama server is told to say: parts of an answer, refusals, and ways to choose among them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Say:
    """One piece of the answer: one line of a stream, one token."""

    text: str


@dataclass(frozen=True, slots=True)
class Think:
    """One piece of what a thinking model thinks; left out when the request says `think: false`."""

    text: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Waits until the event is set, or for ever."""

    until: asyncio.Event | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """The model fails: an `error` line, or a 500 when nothing was written yet."""

    error: str


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that are written as they are, in place of a line of JSON."""

    line: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """The connection is closed in the middle of the answer."""


Part = Say | Think | Hold | Fault | Raw | Break


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in parts.

    `done_reason`, `prompt_tokens` and `answer_tokens` stand in its last line and are counted where they are not given;
    `ends` False leaves that line out.
    """

    parts: tuple[Part, ...]
    done_reason: str | None = None
    prompt_tokens: int | None = None
    answer_tokens: int | None = None
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status other than 200 with its error; `body` and `headers` replace and add to what Ollama would write."""

    status: int
    error: str = ""
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Request:
    """One request as it came, and what became of it.

    `depth` is how many chats had to be over, one after the other, before this one began, plus one. `client_left` tells
    that the client closed the connection before the answer was over; `ended` is set when nothing more will be written.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    depth: int = 0
    client_left: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def model(self) -> str:
        """The model asked for."""
        return str(self.body.get("model", ""))

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The JSON schema that the answer must follow, if any."""
        wanted = self.body.get("format")
        return wanted if isinstance(wanted, dict) else None

    @property
    def system(self) -> str:
        """What the system messages say."""
        return "\n".join(said["content"] for said in self.body.get("messages", ()) if said["role"] == "system")

    @property
    def text(self) -> str:
        """What the last message says."""
        messages = self.body.get("messages") or [{}]
        return str(messages[-1].get("content", ""))


Reply = str | Answer | Refusal
Script = Callable[[Request], Reply]


def pieces(text: str) -> tuple[Say, ...]:
    """A text as a model would write it: word by word."""
    return tuple(Say(piece) for piece in re.findall(r"\s*\S+|\s+$", text))


def always(reply: Reply) -> Script:
    """The same reply to everybody."""
    return lambda _: reply


def in_order(*replies: Reply) -> Script:
    """One reply after the other; the last one stays."""
    rest: Iterator[Reply] = iter(replies)
    last = replies[-1]
    return lambda _: next(rest, last)


def where(*rules: tuple[Callable[[Request], bool], Reply], otherwise: Reply = "All right.") -> Script:
    """The reply of the first rule that fits the request."""
    return lambda request: next((reply for fits, reply in rules if fits(request)), otherwise)


def policy(answer: Callable[[dict[str, Any]], str]) -> Script:
    """A function from the body of a chat request to the text of the answer."""
    return lambda request: answer(request.body)
