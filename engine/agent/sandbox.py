"""The bounded Jinja2 environment in which templates run.

Jinja2's sandbox keeps a template away from Python; it does not keep it from running for ever or filling the memory.
This environment counts loop passes and macro calls (a count, not a clock: the same template stops at the same place
on every machine) and bounds the size of what operators and calls may build.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_STEPS = 50_000
"""How many loop passes and macro calls one rendering may take."""

MAX_SIZE = 20_000
"""The longest text or list, in items, that one rendering may build or produce."""

UNBOUNDED_FILTERS = ("center", "format", "indent", "xmlattr", "slice", "batch")
"""Jinja2's filters whose output grows with a number in the template, not with the data; they are left out."""

_steps: ContextVar[int] = ContextVar("template_steps", default=0)


class LimitPassed(ValueError):
    """A template ran for too long or built too much."""


def start_counting() -> None:
    """Begin one rendering: no steps taken yet."""
    _steps.set(0)


class _Counting(CodeGenerator):
    """Puts a step at the head of every loop and macro body, and sizes concatenations."""

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802 - the name is Jinja2's
        node.body.insert(0, _step())
        super().visit_For(node, frame)

    def visit_Macro(self, node: nodes.Macro, frame: Frame) -> None:  # noqa: N802 - the name is Jinja2's
        node.body.insert(0, _step())
        super().visit_Macro(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - the name is Jinja2's
        self.visit(nodes.Call(nodes.EnvironmentAttribute("concatenate"), node.nodes, [], None, None), frame)


def _step() -> nodes.Node:
    return nodes.ExprStmt(nodes.Call(nodes.EnvironmentAttribute("step"), [], [], None, None))


def _size(value: Any) -> int:
    return len(value) if isinstance(value, (str, list, tuple, dict)) else 0


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox with limits on steps and sizes; names that are undefined are errors."""

    code_generator_class = _Counting
    intercepted_binops = frozenset(["*", "**", "+", "%"])

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False)
        for name in UNBOUNDED_FILTERS:
            del self.filters[name]

    def step(self) -> None:
        """Count one loop pass or macro call."""
        taken = _steps.get() + 1
        if taken > MAX_STEPS:
            raise LimitPassed(f"it loops more than {MAX_STEPS:,} times")
        _steps.set(taken)

    def concatenate(self, *parts: Any) -> str:
        """Join texts (`~`), within the size limit."""
        texts = [str(part) for part in parts]
        if sum(map(len, texts)) > MAX_SIZE:
            raise LimitPassed(f"it builds a text of more than {MAX_SIZE:,} characters")
        return "".join(texts)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Run an operator, within the size limit."""
        sized, count = (left, right) if _size(left) else (right, left)
        times = count if operator == "*" and isinstance(count, int) else 1
        if _size(sized) * times > MAX_SIZE or (operator == "**" and abs(right) > 64):
            raise LimitPassed(f"{operator} builds more than {MAX_SIZE:,} characters or digits")
        if operator == "%" and isinstance(left, str):
            raise LimitPassed("% on a text is not available; use ~ to join texts")
        return super().call_binop(context, operator, left, right)

    def call(self, context: Context, callee: Any, *arguments: Any, **named: Any) -> Any:
        """Call something, unless an argument asks for something huge."""
        for argument in (*arguments, *named.values()):
            if isinstance(argument, int) and abs(argument) > MAX_SIZE:
                raise LimitPassed(f"the number {argument} is too large for a call in a template")
        return super().call(context, callee, *arguments, **named)
