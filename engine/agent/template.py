"""Templates of canned responses: which fields they use, and rendering them within limits.

Templates run in a bounded sandbox (`engine.agent.sandbox`) with undefined names as errors and the filters `money`,
`number`, `date` and `join_and`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template

    from engine.agent.sandbox import BoundedEnvironment

_CURRENCIES = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}


MAX_DECIMALS = 20
"""How many digits behind the point the filter `number` writes at most."""


class TemplateFault(ValueError):
    """A template that cannot be parsed or rendered; `line` is 1-based inside the template (0: unknown)."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def money(value: Any, currency: str = "USD") -> str:
    """Write an amount with its currency sign, thousands and two decimals, e.g. `-$12.50`."""
    amount = _number(value)
    sign = _CURRENCIES.get(currency.upper(), f"{currency.upper()} ")
    return f"{'-' if amount < 0 else ''}{sign}{abs(amount):,.2f}"


def number(value: Any, decimals: int | None = None) -> str:
    """Write a number with thousands separated; `decimals` fixes the digits behind the point."""
    amount = _number(value)
    if decimals is not None and not 0 <= decimals <= MAX_DECIMALS:
        raise TemplateFault(f"{decimals} decimals are too many; use 0 to {MAX_DECIMALS}")
    if decimals is not None:
        return f"{amount:,.{decimals}f}"
    return f"{int(amount):,}" if amount == int(amount) else f"{amount:,}"


def format_date(value: Any, pattern: str = "%-d %B %Y") -> str:
    """Write a date (or its ISO text) with a `strftime` pattern, e.g. `14 March 2026`."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise TemplateFault(f"{value!r} is no date; write it like 2026-03-14") from error
    if not isinstance(value, date):
        raise TemplateFault(f"{value!r} is no date")
    return value.strftime(pattern)


def join_and(values: Sequence[Any], word: str = "and") -> str:
    """Join values the way people list them: `Rome`, `Rome and Lisbon`, `Rome, Lisbon and Oslo`."""
    texts = [values] if isinstance(values, str) else [str(value) for value in values]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {word} {texts[-1]}"


def _number(value: Any) -> float:
    if isinstance(value, bool):
        raise TemplateFault(f"{value!r} is no number")
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise TemplateFault(f"{value!r} is no number") from error


FILTERS: Mapping[str, Callable[..., str]] = {
    "money": money,
    "number": number,
    "date": format_date,
    "join_and": join_and,
}


@cache
def _environment() -> BoundedEnvironment:
    from engine.agent.sandbox import BoundedEnvironment

    environment = BoundedEnvironment()
    environment.filters.update(FILTERS)
    return environment


@lru_cache(maxsize=20_000)
def compiled(source: str) -> Template:
    """Parse and compile a template.

    Raises:
        TemplateFault: When it does not parse, with the line inside the template.
    """
    from jinja2 import TemplateSyntaxError

    from engine.agent.sandbox import LimitPassed, start_counting

    start_counting()
    try:
        return _environment().from_string(source)
    except TemplateSyntaxError as error:
        raise TemplateFault(error.message or "it does not parse", error.lineno) from error
    except (LimitPassed, RecursionError) as error:
        raise TemplateFault(str(error)) from error


@lru_cache(maxsize=20_000)
def fields_used(source: str) -> tuple[str, ...]:
    """The fields that a template reads, as dotted names, in the order in which they first appear.

    Names set by loops, `set` and macros inside the template are not fields; fields inside loops, conditions and
    filters are; a field that the template itself asks about (`is defined`, `default`) is not needed and left out.
    `std` and `generative` fields keep two parts and more (`std.customer.name`), others their first
    part, which is what a tool provides.

    Raises:
        TemplateFault: When the template does not parse.
    """
    if "{" not in source:
        return ()
    from jinja2 import TemplateSyntaxError, nodes
    from jinja2.meta import find_undeclared_variables

    try:
        tree = _environment().parse(source)
    except TemplateSyntaxError as error:
        raise TemplateFault(error.message or "it does not parse", error.lineno) from error
    undeclared = find_undeclared_variables(tree)
    optional = set(_asked_about(tree))
    inner = {id(getattr(node, "node", None)) for node in tree.find_all((nodes.Getattr, nodes.Getitem))}
    found: dict[str, None] = {}
    for node in tree.find_all((nodes.Getattr, nodes.Getitem, nodes.Name)):
        if id(node) in inner:
            continue
        parts = _dotted(node)
        if parts and parts[0] in undeclared:
            name = ".".join(parts) if parts[0] in ("std", "generative") else parts[0]
            if name not in optional:
                found[name] = None
    return tuple(found)


def _asked_about(tree: Any) -> list[str]:
    """The names that the template tests with `is defined` or gives a `default`."""
    from jinja2 import nodes

    tests = (node.node for node in tree.find_all(nodes.Test) if node.name in ("defined", "undefined", "none"))
    filters = (node.node for node in tree.find_all(nodes.Filter) if node.name in ("default", "d"))
    dotted = [_dotted(node) for node in (*tests, *filters)]
    return [".".join(parts) if parts[0] in ("std", "generative") else parts[0] for parts in dotted if parts]


def _dotted(node: Any) -> list[str]:
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return [node.name] if node.ctx == "load" else []
    if isinstance(node, nodes.Getattr):
        head = _dotted(node.node)
        return [*head, node.attr] if head else []
    if isinstance(node, nodes.Getitem):
        head = _dotted(node.node)
        key = node.arg
        return [*head, str(key.value)] if head and isinstance(key, nodes.Const) and isinstance(key.value, str) else head
    return []


def render(source: str, fields: Mapping[str, Any]) -> str:
    """Render a template with nested field values.

    Args:
        source: The template.
        fields: Values by their first name, e.g. `{"std": {"customer": {"name": "Dana"}}, "fare": 240}`.

    Returns:
        The text, without surrounding white space.

    Raises:
        TemplateFault: When a name is undefined, a value does not fit, or a limit is passed.
    """
    if "{" not in source:
        return source.strip()
    from engine.agent.sandbox import MAX_SIZE, LimitPassed, start_counting

    template = compiled(source)
    start_counting()
    pieces: list[str] = []
    length = 0
    try:
        for piece in template.generate(dict(fields)):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_SIZE:
                raise LimitPassed(f"it produces more than {MAX_SIZE:,} characters")
    except Exception as error:
        raise TemplateFault(str(error) or type(error).__name__) from error
    return "".join(pieces).strip()
