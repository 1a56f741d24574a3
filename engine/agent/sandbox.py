"""The bounded Jinja2 environment in which templates run.

Jinja2's sandbox keeps a template away from Python; it does not keep it from running for ever or filling the memory.
This environment counts loop passes and macro calls (a count, not a clock: the same template stops at the same place
on every machine), bounds the size of every text and list, and bounds what one rendering builds in all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_STEPS = 50_000
"""How many loop passes and macro calls one rendering may take."""

MAX_SIZE = 20_000
"""The longest text or list, in characters and items all the way down, that one rendering may build or produce."""

MAX_BUILT = 1_000_000
"""How much one rendering may build in all, in the same measure, counting what it throws away."""

UNBOUNDED_FILTERS = (
    *("center", "format", "indent", "xmlattr", "slice", "batch"),
    *("tojson", "pprint", "urlize", "wordwrap"),
)
"""Jinja2's filters whose output grows with a number or text in the template, not with the data; they are left out."""

UNBOUNDED_METHODS = ("format", "format_map", "translate", "expandtabs", "center", "ljust", "rjust", "zfill")
"""Methods of texts that are left out for the same reason."""

_steps: ContextVar[int] = ContextVar("template_steps", default=0)
_built: ContextVar[int] = ContextVar("template_built", default=0)


class NotGiven(StrictUndefined):
    """Something that a template may ask about (`{% if … %}`), and that is an error to print."""

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]
        return False


class LimitPassed(ValueError):
    """A template ran for too long or built too much."""


def start_counting() -> None:
    """Begin one rendering: no steps taken and nothing built yet."""
    _steps.set(0)
    _built.set(0)


class _Counting(CodeGenerator):
    """Puts a step at the head of every repeated body, and weighs what literals and concatenations build."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - the name is Jinja2's
        node.body.insert(0, _step(node))
        super().visit_For(node, frame)

    def visit_Macro(self, node: nodes.Macro, frame: Frame) -> None:  # noqa: N802 - the name is Jinja2's
        node.body.insert(0, _step(node))
        super().visit_Macro(node, frame)

    def visit_CallBlock(self, node: nodes.CallBlock, frame: Frame) -> None:  # noqa: N802 - the name is Jinja2's
        node.body.insert(0, _step(node))
        super().visit_CallBlock(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - the name is Jinja2's
        self.visit(nodes.Call(nodes.EnvironmentAttribute("concatenate"), node.nodes, [], None, None), frame)

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802 - the name is Jinja2's
        self._weighed(super().visit_List, node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802 - the name is Jinja2's
        self._weighed(super().visit_Dict, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802 - the name is Jinja2's
        if node.ctx == "load":
            self._weighed(super().visit_Tuple, node, frame)
        else:
            super().visit_Tuple(node, frame)

    def _weighed(self, visit: Callable[..., None], node: nodes.Node, frame: Frame) -> None:
        self.write("environment.weighed(")
        visit(node, frame)
        self.write(")")


def _step(body: nodes.Node) -> nodes.Node:
    """A call that counts one pass through a body, and the body's own words."""
    words = sum(len(data.data) for data in body.find_all(nodes.TemplateData))
    return nodes.ExprStmt(nodes.Call(nodes.EnvironmentAttribute("step"), [nodes.Const(words)], [], None, None))


def weight(value: Any) -> int:
    """How large a value is: characters of text and digits, items of lists and mappings, all the way down.

    It is exact up to `MAX_SIZE`; anything larger only weighs more than that.
    """
    total, left = 0, [value]
    while left and total <= MAX_SIZE:
        item = left.pop()
        if isinstance(item, str):
            total += len(item)
        elif isinstance(item, (list, tuple)):
            total += len(item)
            left.extend(item[:MAX_SIZE])
        elif isinstance(item, dict):
            total += len(item)
            left.extend(list(item.values())[:MAX_SIZE])
        elif isinstance(item, int):
            total += item.bit_length() // 3
    return total


def _bounded_replace(value: Any, old: Any, new: Any, *more: Any) -> None:
    """Refuse a replacement that builds too much."""
    if isinstance(value, str) and isinstance(old, str) and isinstance(new, str):
        _allow(len(value) + value.count(old) * len(new))


def _bounded_join(texts: Iterable[Any], between: Any) -> None:
    """Refuse to join what is too much together."""
    parts = texts if isinstance(texts, (str, list, tuple, dict)) else ()
    _allow(weight(parts) + len(parts) * len(str(between)))


def _allow(size: int) -> None:
    if size > MAX_SIZE:
        raise LimitPassed(f"it builds a text or list of more than {MAX_SIZE:,} characters or items")


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox with limits on steps and sizes; names that are undefined are errors."""

    code_generator_class = _Counting
    intercepted_binops = frozenset(["*", "**", "+", "%"])

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False, finalize=self.weighed)
        for name in UNBOUNDED_FILTERS:
            del self.filters[name]
        del self.globals["lipsum"]
        for name, function in self.filters.items():
            self.filters[name] = self._bounded(name, function)

    def _bounded(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A filter of Jinja2's whose result is weighed; texts are only replaced or joined within the limit."""
        passes = hasattr(function, "jinja_pass_arg")

        @wraps(function)
        def bounded(*arguments: Any, **named: Any) -> Any:
            given = [*arguments[1:], *named.values()] if passes else [*arguments, *named.values()]
            if name == "replace":
                _bounded_replace(*(str(part) if not isinstance(part, int) else part for part in given))
            elif name == "join":
                given[0] = given[0] if isinstance(given[0], (str, list, tuple, dict)) else list(given[0])
                _bounded_join(given[0], given[1] if len(given) > 1 else "")
                arguments = (*arguments[:1], given[0], *arguments[2:]) if passes else (given[0], *arguments[1:])
            return self.weighed(function(*arguments, **named))

        return bounded

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use an attribute: Jinja2's rules, without methods that can build anything large."""
        return not (isinstance(obj, str) and attr in UNBOUNDED_METHODS) and super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Leave out `format` of texts, whose widths can be of any size."""
        if getattr(value, "__name__", "") in ("format", "format_map") and isinstance(
            getattr(value, "__self__", None), str
        ):
            raise LimitPassed("format of a text is not available; use ~ to join texts")
        return None

    def step(self, words: int = 0) -> None:
        """Count one loop pass or macro call, with the characters of the template's own that it writes."""
        taken = _steps.get() + 1
        if taken > MAX_STEPS:
            raise LimitPassed(f"it loops more than {MAX_STEPS:,} times")
        _steps.set(taken)
        self._build(words)

    def weighed(self, value: Any) -> Any:
        """A value that the template builds or writes, as it is, once its size is allowed and counted."""
        size = weight(value)
        _allow(size)
        self._build(size)
        return value

    def _build(self, size: int) -> None:
        built = _built.get() + size
        if built > MAX_BUILT:
            raise LimitPassed(f"it builds more than {MAX_BUILT:,} characters in all")
        _built.set(built)

    def concatenate(self, *parts: Any) -> str:
        """Join texts (`~`), within the size limit."""
        texts = [str(self.weighed(part)) for part in parts]
        _allow(sum(map(len, texts)))
        return str(self.weighed("".join(texts)))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Run an operator, within the size limit."""
        if operator == "%" and isinstance(left, str):
            raise LimitPassed("% on a text is not available; use ~ to join texts")
        if operator == "*":
            times = next((item for item in (right, left) if isinstance(item, int)), 1)
            numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
            _allow(weight(left) + weight(right) if numbers else weight(left if times is right else right) * times)
        if operator == "**":
            _allow(int(weight(left) * max(1.0, abs(right))) if isinstance(right, (int, float)) else 0)
        return self.weighed(super().call_binop(context, operator, left, right))

    def call(self, context: Context, callee: Any, *arguments: Any, **named: Any) -> Any:
        """Call something, unless an argument asks for something huge."""
        for argument in (*arguments, *named.values()):
            if isinstance(argument, int) and abs(argument) > MAX_SIZE:
                raise LimitPassed(f"the number {argument:.3g} is too large for a call in a template")
        owner, name = getattr(callee, "__self__", None), getattr(callee, "__name__", "")
        if isinstance(owner, str) and name == "replace":
            _bounded_replace(owner, *arguments)
        elif isinstance(owner, str) and name == "join" and arguments:
            joined = arguments[0] if isinstance(arguments[0], (str, list, tuple, dict)) else list(arguments[0])
            _bounded_join(joined, owner)
            arguments = (joined,)
        return self.weighed(super().call(context, callee, *arguments, **named))
