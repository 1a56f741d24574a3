"""Shapes of answers whose keys are names of the agent's, whatever these are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

STRICT = ConfigDict(extra="forbid", populate_by_name=True)


def by_name(title: str, types: Mapping[str, tuple[Any, bool]]) -> type[BaseModel]:
    """A model with a key for each name.

    Args:
        title: What the model is called in the schema.
        types: The type of each key, and whether it must be there.
    """
    fields: dict[str, Any] = {
        f"field_{place}": (kind, Field(alias=name)) if required else (kind | None, Field(None, alias=name))
        for place, (name, (kind, required)) in enumerate(types.items())
    }
    return create_model(title, __config__=STRICT, **fields)


def by_own_names(part: BaseModel) -> dict[str, Any]:
    """The values of a model that `by_name` made, by their names, without those left out or null."""
    found = ((info.alias or name, getattr(part, name)) for name, info in type(part).model_fields.items())
    return {name: value for name, value in found if value is not None}
