"""Arguments in the types that a tool's function asks for: dates, times, lengths of time and enums from their text."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from engine.agent.basics import parse_duration


class ArgumentFault(ValueError):
    """An argument that does not fit the function's type; one line names both."""


def converted(function: Callable[..., Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the function's annotations ask for them.

    Args:
        function: The tool's function.
        values: Arguments as found in a conversation: text, numbers, lists; dates as ISO text.

    Raises:
        ArgumentFault: When a value does not fit, or the function has no such parameter.
    """
    hints = _hints(function)
    known = inspect.signature(function).parameters
    takes_any = any(parameter.kind is parameter.VAR_KEYWORD for parameter in known.values())
    for name in values:
        if name not in known and not takes_any:
            raise ArgumentFault(f"{function.__name__} has no parameter {name}; its parameters are {', '.join(known)}")
    return {name: _fitted(name, value, hints.get(name)) for name, value in values.items()}


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    """The function's types; none where they name something that cannot be found."""
    try:
        return get_type_hints(function)
    except (NameError, TypeError, AttributeError):
        return {}


def _fitted(name: str, value: Any, wanted: Any) -> Any:
    try:
        return _as(value, _plain(wanted))
    except (ValueError, TypeError) as error:
        raise ArgumentFault(f"{name}: {value!r} does not fit {getattr(wanted, '__name__', wanted)}") from error


def _plain(wanted: Any) -> Any:
    """A type without `Annotated`, and without the None of an optional one."""
    if get_origin(wanted) is Annotated:
        return _plain(get_args(wanted)[0])
    if get_origin(wanted) in (Union, types.UnionType):
        others = [inner for inner in get_args(wanted) if inner is not type(None)]
        return _plain(others[0]) if len(others) == 1 else None
    return wanted


def _as(value: Any, wanted: Any) -> Any:
    if wanted is None or value is None or wanted is Any:
        return value
    if get_origin(wanted) in (list, tuple, set, frozenset):
        inner = _plain(get_args(wanted)[0]) if get_args(wanted) else None
        return get_origin(wanted)(_as(item, inner) for item in (value if isinstance(value, list) else [value]))
    if not isinstance(wanted, type) or isinstance(value, wanted) and wanted is not date:
        return value
    if issubclass(wanted, Enum):
        return _member(value, wanted)
    if wanted in (date, datetime, time):
        return value if isinstance(value, wanted) else wanted.fromisoformat(str(value))
    if wanted is timedelta:
        return parse_duration(value)
    return wanted(value) if wanted in (int, float, str) else value


def _member(value: Any, wanted: type[Enum]) -> Enum:
    """A member by its value or, whatever the case, by its name."""
    for member in wanted:
        if str(value).casefold() in (str(member.value).casefold(), member.name.casefold()):
            return member
    raise ValueError(value)
