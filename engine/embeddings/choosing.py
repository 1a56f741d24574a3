"""From the word by which somebody asks for embeddings to an embedder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.embeddings.minilm import REMEDY, MiniLM, fault, folder
from engine.embeddings.ollama import OllamaEmbedder
from engine.embeddings.remembering import RememberingEmbedder
from engine.reasoner.base import ReasonerError

NAMES = ("auto", "lexical", "minilm", "ollama:NAME")
"""How embeddings are written."""


def choose(name: str, host: str = "") -> RememberingEmbedder | None:
    """Choose who turns texts into vectors. Nothing is loaded and no server is asked.

    Args:
        name: `lexical`, `minilm`, `ollama:NAME`, or `auto`: minilm where it is installed, else lexical.
        host: Where Ollama listens; empty for `OLLAMA_HOST`, or where its client looks by itself.

    Returns:
        The embedder, one for the whole process; None for lexical, which compares words and needs none.

    Raises:
        ReasonerError: When it cannot be had here; one line with the remedy.
    """
    kind, _, model = name.partition(":")
    if kind == "ollama" and model:
        return _of_ollama(model, host)
    if name == "lexical":
        return None
    if name not in ("auto", "minilm"):
        raise ReasonerError(f"there are no embeddings {name!r}: write {', '.join(NAMES[:-1])} or {NAMES[-1]}")
    place = folder()
    wrong = minilm_fault()
    if place is not None and not wrong:
        return _minilm(place)
    if name == "minilm":
        raise ReasonerError(wrong)
    return None


def minilm_fault() -> str:
    """Why MiniLM cannot be used on this machine, in one line with the remedy; empty where it can."""
    place = folder()
    return f"minilm is not installed: {REMEDY}" if place is None else fault(place)


@cache
def _minilm(place: Path) -> RememberingEmbedder:
    return RememberingEmbedder(MiniLM(place))


@cache
def _of_ollama(model: str, host: str) -> RememberingEmbedder:
    return RememberingEmbedder(OllamaEmbedder(model, host))
