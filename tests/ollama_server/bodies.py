"""The JSON that Ollama answers with, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

MOMENT = "2026-01-05T09:00:00.000000Z"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model that the server has."""

    name: str
    size: int = 2_019_393_189
    family: str = "llama"
    parameter_size: str = "3.2B"
    quantization: str = "Q4_K_M"
    capabilities: tuple[str, ...] = ("completion", "tools")
    modified: str = MOMENT

    @property
    def digest(self) -> str:
        """The digest of its manifest, made from its name."""
        return sha256(self.name.encode()).hexdigest()

    def called(self, name: str) -> bool:
        """Whether a request means this model: the tag may be left out when it is `latest`."""
        return self.name in (name, f"{name}:latest")


CHATTING = ModelFile("scripted:latest")
EMBEDDING = ModelFile(
    "scripted-embed:latest",
    size=45_960_996,
    family="bert",
    parameter_size="23M",
    quantization="F16",
    capabilities=("embedding",),
)


def details(model: ModelFile) -> dict[str, Any]:
    """What a model is made of."""
    return {
        "parent_model": "",
        "format": "gguf",
        "family": model.family,
        "families": [model.family],
        "parameter_size": model.parameter_size,
        "quantization_level": model.quantization,
    }


def tags(models: Sequence[ModelFile]) -> dict[str, Any]:
    """`/api/tags`."""
    return {
        "models": [
            {
                "name": model.name,
                "model": model.name,
                "modified_at": model.modified,
                "size": model.size,
                "digest": model.digest,
                "details": details(model),
            }
            for model in models
        ]
    }


def show(model: ModelFile) -> dict[str, Any]:
    """`/api/show`."""
    return {
        "modelfile": f"FROM {model.name}\n",
        "parameters": "",
        "template": "{{ .Prompt }}",
        "details": details(model),
        "model_info": {"general.architecture": model.family, f"{model.family}.context_length": 131_072},
        "capabilities": list(model.capabilities),
        "modified_at": model.modified,
    }


def running(models: Sequence[ModelFile]) -> dict[str, Any]:
    """`/api/ps`."""
    return {
        "models": [
            {
                "name": model.name,
                "model": model.name,
                "size": model.size,
                "digest": model.digest,
                "details": details(model),
                "expires_at": MOMENT,
                "size_vram": model.size,
                "context_length": 8192,
            }
            for model in models
        ]
    }


def said(model: str, content: str = "", thinking: str = "") -> dict[str, Any]:
    """A line of `/api/chat` that is not the last."""
    message = {"role": "assistant", "content": content, **({"thinking": thinking} if thinking else {})}
    return {"model": model, "created_at": MOMENT, "message": message, "done": False}


def finished(model: str, reason: str, prompt_tokens: int, answer_tokens: int) -> dict[str, Any]:
    """The last line of `/api/chat`."""
    return {
        **said(model),
        "done": True,
        "done_reason": reason,
        "total_duration": 5_000_000 + 1_000_000 * answer_tokens,
        "load_duration": 1_000_000,
        "prompt_eval_count": prompt_tokens,
        "prompt_eval_duration": 4_000_000,
        "eval_count": answer_tokens,
        "eval_duration": 1_000_000 * answer_tokens,
    }


def loaded(model: str, reason: str) -> dict[str, Any]:
    """The answer to a chat without messages, which loads or unloads a model."""
    return {**said(model), "done": True, "done_reason": reason}


def embedded(model: str, vectors: Sequence[Sequence[float]], tokens: int) -> dict[str, Any]:
    """`/api/embed`."""
    return {
        "model": model,
        "embeddings": vectors,
        "total_duration": 2_000_000,
        "load_duration": 1_000_000,
        "prompt_eval_count": tokens,
    }
