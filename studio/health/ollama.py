"""The Ollama host: whether it answers, what it has, and how fast a model of it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

from engine.choosing import ReasonerChoice
from engine.ollama.models_there import ModelThere, ServerThere, address_of, server_there
from engine.reasoner.base import ReasonerError
from engine.reasoner.llm.model import Prompt
from studio.health.finding import Finding

EXAMPLE = "qwen3:8b"
"""A model to begin with, for a host that has none."""

TINY = Prompt(task="draft", system="You answer with one word.", text="Say hello.", longest=16)
"""What a model is asked when it is tried."""

MOST_NAMED = 6


def host(choice: ReasonerChoice, tried: str) -> Iterator[Finding]:
    """Ask the host that was named, or the one on this machine; nobody else is asked anything.

    Args:
        choice: Who was chosen to think, and the host.
        tried: The model that is asked to say one word; empty for none.
    """
    wanted = _wanted(choice, tried)
    try:
        server = asyncio.run(server_there(choice.host))
    except ReasonerError as error:
        yield _unreachable(choice, str(error), needed=bool(wanted))
        return
    yield _reached(server)
    for name in wanted:
        yield _there(server, name)
    if tried and _named(server, tried) is not None:
        yield asyncio.run(_tried(tried, choice.host))


def _wanted(choice: ReasonerChoice, tried: str) -> tuple[str, ...]:
    """The models that the choice needs, or that are to be tried."""
    words = (choice.reasoner, choice.embeddings, f"ollama:{tried}" if tried else "")
    chosen = [word.partition(":")[2] for word in words if word.startswith("ollama:")]
    return tuple(dict.fromkeys(chosen))


def _unreachable(choice: ReasonerChoice, error: str, *, needed: bool) -> Finding:
    if needed:
        return Finding("ollama", False, error)
    found = f"nothing answers at {address_of(choice.host)}; only reasoners and embeddings called ollama:NAME need it"
    return Finding("ollama", False, found, "ollama serve", needed=False)


def _reached(server: ServerThere) -> Finding:
    at = f"{server.version} at {server.address}"
    if not server.models:
        return Finding("ollama", False, f"{at}, without a model", f"ollama pull {EXAMPLE}", needed=False)
    listed = [_words(model) for model in server.models[:MOST_NAMED]]
    more = len(server.models) - len(listed)
    return Finding("ollama", True, f"{at}: {', '.join(listed)}" + (f" and {more} more" if more else ""))


def _words(model: ModelThere) -> str:
    told = [model.parameters, "embeddings" if model.embeds else "", "in memory" if model.loaded else ""]
    words = ", ".join(word for word in told if word)
    return f"{model.name} ({words})" if words else model.name


def _there(server: ServerThere, name: str) -> Finding:
    """Whether a model that is needed is there."""
    model = _named(server, name)
    if model is None:
        return Finding("model", False, f"{name} is not there", f"ollama pull {name}")
    return Finding("model", True, f"{model.name} is there" + (", in memory" if model.loaded else ""))


def _named(server: ServerThere, name: str) -> ModelThere | None:
    return next((model for model in server.models if model.name in (name, f"{name}:latest")), None)


async def _tried(name: str, address: str) -> Finding:
    """Have a model say one word."""
    from engine.reasoner.llm.ollama_model import OllamaModel

    model = OllamaModel(name, address)
    began = time.perf_counter()
    try:
        reply = await model.reply(TINY)
    except ReasonerError as error:
        return Finding("try", False, str(error))
    finally:
        await model.close()
    seconds = time.perf_counter() - began
    found = f"{name} answered in {seconds:.1f} s ({reply.prompt_tokens} tokens read, {reply.answer_tokens} written)"
    return Finding("try", True, found, seconds=seconds)
