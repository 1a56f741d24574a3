"""Sessions and event data as JSON values: what a store gives back is the same before and after a restart."""

from __future__ import annotations

from typing import Any

from pydantic_core import PydanticSerializationError, to_jsonable_python

from engine.session.events import Session


def as_json(what: str, value: Any) -> Any:
    """A copy of a value made of JSON values only: tuples become lists, times text, infinity and NaN null.

    Args:
        what: What the value is, for the error.
        value: The value.

    Raises:
        ValueError: When something in it has no form in JSON.
    """
    try:
        return to_jsonable_python(value, inf_nan_mode="null")
    except PydanticSerializationError as error:
        raise ValueError(f"{what} cannot be kept: {str(error)[:1].lower()}{str(error)[1:]}; use JSON values") from error


def changed(session: Session, values: dict[str, Any]) -> Session:
    """The session with some fields replaced, checked.

    Raises:
        ValueError: When there is no such field, a value does not fit, or the id would change.
    """
    if "id" in values:
        raise ValueError("a session keeps the id that the store gave it")
    return Session.model_validate({**session.model_dump(mode="json"), **as_json("a field of the session", values)})
