"""What a language model is asked and what it answers: the seam between prompts and whoever answers them.

`OllamaModel` asks a server, `RecordedModel` reads a cassette, and a recording one does both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from engine.reasoner.base import OnWords

Task = Literal["situation", "match", "step", "arguments", "draft", "select", "restyle", "preamble", "clarify"]
"""What a prompt is for; every task has a prompt file and, but for plain text, an answer schema."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to a model.

    Attributes:
        task: What it is for.
        system: What never changes for an agent, so that a server can keep it ready.
        text: The rest; what changes most often comes last.
        schema: The JSON schema that the answer must follow; None for plain words.
        turn: The turn of the session it is asked in.
        reads: What of the agent it was made from: names with content hashes.
        longest: How many tokens the answer may have.
        heard: The customer's latest words, for people who read recordings; `text` has them, too.
    """

    task: Task
    system: str
    text: str
    schema: Mapping[str, Any] | None = None
    turn: int = 0
    reads: Mapping[str, str] = field(default_factory=dict)
    longest: int = 1024
    heard: str = ""

    @property
    def characters(self) -> int:
        """How long it is."""
        return len(self.system) + len(self.text)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered, and what that took.

    Attributes:
        text: The words, or the JSON text where a schema was given.
        prompt_tokens: Tokens of the prompt that the model had to read.
        answer_tokens: Tokens that it wrote.
        seconds: How long it took on the wall clock; 0 for a recorded answer.
        done_reason: `stop`, or `length` when the answer was cut off.
        warning: What to look at, as one line; empty for nothing.
        recorded: Whether a cassette answered.
    """

    text: str
    prompt_tokens: int = 0
    answer_tokens: int = 0
    seconds: float = 0.0
    done_reason: str = "stop"
    warning: str = ""
    recorded: bool = False


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model answers, exactly: its name, the digest of its weights and its server's version."""

    name: str
    digest: str = ""
    server: str = ""


class Model(Protocol):
    """Answers prompts. Any method may raise `engine.reasoner.base.ReasonerError` with one line."""

    @property
    def name(self) -> str:
        """The model's name, as shown; known without asking anybody."""
        ...

    @property
    def options(self) -> Mapping[str, Any]:
        """What is sent with every prompt (`num_ctx`, `temperature`, `seed`, …); constant."""
        ...

    async def identity(self) -> ModelIdentity:
        """Which model this is exactly; asked once."""
        ...

    async def reply(self, prompt: Prompt, on_words: OnWords | None = None) -> Reply:
        """Answer a prompt.

        Args:
            prompt: The question.
            on_words: Called while the answer is being written; None where nobody listens.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and files."""
        ...
