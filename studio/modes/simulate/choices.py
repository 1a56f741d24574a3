"""Who can do the thinking and who can compare meanings, as rows to choose from. Nothing here knows about a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from engine.choosing import Kind, ReasonerChoice, embeddings_fault
from studio.widgets.thing_list import Row

if TYPE_CHECKING:
    from engine.ollama.models_there import ModelThere

ANOTHER_HOST = "host:"
"""The key of the row that asks for another Ollama host."""

NAME = 24
"""Columns for a name."""

ALONE: dict[Kind, dict[str, str]] = {
    "reasoner": {"embedded": "no model server; always the same answer"},
    "embeddings": {
        "auto": "minilm where it is installed, else lexical",
        "lexical": "by words and letters; nothing to install",
        "minilm": "by meaning; understands other words for it",
    },
}
"""What needs no server."""

TITLES: dict[Kind, str] = {
    "reasoner": "Who does the thinking? Another begins a new session",
    "embeddings": "Who compares meanings? Another begins a new session",
}


EXAMPLES: dict[Kind, str] = {"reasoner": "qwen3:8b", "embeddings": "nomic-embed-text"}
"""A model to begin with, for a host that has none."""


@dataclass(frozen=True)
class Host:
    """What is known of an Ollama host.

    Attributes:
        address: Where it listens.
        models: What it has; None while it has not answered.
        fault: Why it did not answer, as one line with a remedy; empty when it did.
    """

    address: str
    models: Sequence[ModelThere] | None = None
    fault: str = ""


def rows(kind: Kind, choice: ReasonerChoice, host: Host) -> list[Row]:
    """What there is to choose from.

    Args:
        kind: Who is to be chosen.
        choice: Who is chosen now; it is among the rows even where the host does not have it.
        host: What is known of the Ollama host so far.
    """
    models = {f"ollama:{model.name}": model_words(model) for model in host.models or () if _suits(kind, model)}
    now = chosen_key(kind, choice)
    if now not in ALONE[kind]:
        absent = f"✗ not there; `ollama pull {now.partition(':')[2]}` fetches it" if host.models is not None else ""
        models.setdefault(now, absent)
    return [
        *(Row(name, _label(name, _told(kind, name, told))) for name, told in ALONE[kind].items()),
        Row(" host", _about(kind, host), heading=True),
        *(Row(key, _label(key.partition(":")[2], told)) for key, told in models.items()),
        Row(ANOTHER_HOST, _label("Another host …", "type its address")),
    ]


def chosen_key(kind: Kind, choice: ReasonerChoice) -> str:
    """The key of the row that is chosen now."""
    return choice.reasoner if kind == "reasoner" else choice.embeddings


def size_of(count: int) -> str:
    """A number of bytes as people say it: `5.2 GB`, `274 MB`."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def _told(kind: Kind, name: str, told: str) -> str:
    fault = embeddings_fault(name) if kind == "embeddings" else None
    return f"✗ {fault}" if fault else told


def _suits(kind: Kind, model: ModelThere) -> bool:
    return model.embeds if kind == "embeddings" else model.chats


def _about(kind: Kind, host: Host) -> Content:
    """Where the host is, and what is the matter with it."""
    title = Content.styled(f"Ollama at {host.address}", "bold")
    if host.fault:
        return title + Content.styled(f"\n✗ {host.fault}", "$text-warning")
    if host.models is None:
        return title + Content.styled("  asking for its models …", "dim")
    if not any(_suits(kind, model) for model in host.models):
        return title + Content.styled(f"\nhas none for this; `ollama pull {EXAMPLES[kind]}` fetches one", "dim")
    return title


def model_words(model: ModelThere) -> str:
    """A model in few words: parameters, quantization, size on disk."""
    loaded = "in memory" if model.loaded else ""
    parts = (model.parameters, model.quantization, size_of(model.size) if model.size else "", loaded)
    return " · ".join(part for part in parts if part)


def _label(name: str, told: str) -> Content:
    return Content.styled(f"{name:<{NAME}} ", "bold") + Content.styled(told, "dim")
