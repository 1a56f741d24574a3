"""What a recording keeps of a call: what it was for, what it was made from, and what was answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from engine.reasoner.llm.model import ModelIdentity, Prompt, Reply

DIGEST = 8
"""How many hex digits of a digest are kept of what only has to be told apart, not found again."""


@dataclass(frozen=True)
class Source:
    """Who answered, exactly.

    Attributes:
        model: The model's name.
        digest: The digest of its weights.
        server: The version of its server.
        options: What was sent with every prompt.
        embeddings: Who compared meanings beside it.
        prompts: The digest of the prompt files by which it was asked.
    """

    model: str
    digest: str = ""
    server: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    embeddings: str = "lexical"
    prompts: str = ""

    @property
    def identity(self) -> ModelIdentity:
        """The model."""
        return ModelIdentity(self.model, self.digest, self.server)

    @property
    def id(self) -> str:
        """A short name for it within a file."""
        parts = [self.model, self.digest, self.server, dict(self.options), self.embeddings, self.prompts]
        return digest_of(parts)[:DIGEST]


@dataclass(frozen=True)
class Call:
    """One call of a model.

    Attributes:
        case: The case that was played.
        turn: The turn of its session.
        task: What the call was for.
        heard: The customer's latest words.
        answer: What was answered.
        tokens: Of the prompt and of the answer.
        key: What finds it again; see `key_of`.
        reads: What of the agent the prompt was made from: names with short content hashes.
        schema: The short digest of the answer's schema; empty for plain words.
        source: Who answered.
        cut: Whether the answer was cut off.
    """

    case: str
    turn: int
    task: str
    heard: str
    answer: str
    tokens: tuple[int, int]
    key: str
    reads: Mapping[str, str]
    schema: str
    source: Source
    cut: bool = False

    @property
    def reply(self) -> Reply:
        """The answer as the model gave it, told as recorded."""
        done = "length" if self.cut else "stop"
        return Reply(self.answer, *self.tokens, done_reason=done, recorded=True)


def call_of(case: str, prompt: Prompt, reply: Reply, source: Source) -> Call:
    """What is kept of a prompt and its reply."""
    return Call(
        case=case,
        turn=prompt.turn,
        task=prompt.task,
        heard=_whole_characters(prompt.heard),
        answer=_whole_characters(_plain_json(reply.text) if prompt.schema is not None else reply.text),
        tokens=(reply.prompt_tokens, reply.answer_tokens),
        key=key_of(prompt, source),
        reads=short_reads(prompt),
        schema=schema_digest(prompt),
        source=source,
        cut=reply.done_reason == "length",
    )


def key_of(prompt: Prompt, source: Source) -> str:
    """The SHA-256 of everything on which an answer depends: model, digest, server, options, schema and the prompt."""
    options = {**source.options, "num_predict": prompt.longest}
    asked = [dict(prompt.schema) if prompt.schema is not None else None, prompt.system, prompt.text]
    return digest_of([source.model, source.digest, source.server, options, *asked])


def short_reads(prompt: Prompt) -> dict[str, str]:
    """What a prompt was made from, with short digests, by name."""
    return {name: prompt.reads[name][:DIGEST] for name in sorted(prompt.reads)}


def schema_digest(prompt: Prompt) -> str:
    """The short digest of the schema that the answer must follow."""
    return digest_of(dict(prompt.schema))[:DIGEST] if prompt.schema is not None else ""


def digest_of(values: Any) -> str:
    """The SHA-256 of JSON values, in hex digits."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


@cache
def prompt_files_digest() -> str:
    """The short digest of the prompt files of this version."""
    import engine.reasoner.llm

    files = sorted(Path(engine.reasoner.llm.__file__).with_name("prompts").glob("*.jinja"))
    return digest_of([[file.name, file.read_text("utf-8")] for file in files])[:DIGEST]


def _plain_json(text: str) -> str:
    """A JSON object in the one form in which recordings have it; anything else as it is."""
    try:
        values = json.loads(text)
    except ValueError:
        return text
    return json.dumps(values, ensure_ascii=False) if isinstance(values, dict) else text


def _whole_characters(text: str) -> str:
    """A text without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
