"""Reading what a module beside the agent file defines, without running it.

A function's parameters become the parameters of a tool: the first one, the context, is left out; annotations give the
types, `Annotated[T, ToolParameterOptions(...)]` the rest, defaults make a parameter optional.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.agent.errors import suggestion
from engine.agent.model import Parameter

_TYPES = {
    "str": "string",
    "int": "integer",
    "float": "number",
    "bool": "boolean",
    "date": "date",
    "datetime": "datetime",
    "timedelta": "timedelta",
}
_OPTIONS = ("source", "description", "examples", "hidden", "significance", "precedence", "choices")
_LISTS = ("list", "List", "Sequence", "tuple", "set")


class SignatureFault(ValueError):
    """A reference to code that leads nowhere, or a function that cannot be a tool; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy


@dataclass(frozen=True)
class Signature:
    """What a tool takes from its function.

    Attributes:
        description: The first line of the docstring.
        parameters: The parameters without the context.
    """

    description: str
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True)
class SourceModule:
    """A parsed module.

    Attributes:
        functions: Its functions by name.
        enums: The values of its enum classes by name.
        names: Everything else that it binds: imports and assignments.
    """

    functions: Mapping[str, ast.FunctionDef | ast.AsyncFunctionDef]
    enums: Mapping[str, tuple[str, ...]]
    names: frozenset[str]


@dataclass
class Signatures:
    """Reads the functions that an agent file refers to; each module is read once.

    Attributes:
        folder: The agent's folder.
    """

    folder: Path
    _modules: dict[str, SourceModule | SignatureFault] = field(default_factory=dict)

    def check(self, reference: str) -> None:
        """See that a reference leads to something callable, as far as reading can tell.

        Args:
            reference: `module.function`.

        Raises:
            SignatureFault: When the module or the function is missing, or the module cannot be parsed.
        """
        self._find(reference)

    def read(self, reference: str) -> Signature | None:
        """Read the signature of a function.

        Args:
            reference: `module.function`.

        Returns:
            The signature, or None where the name is bound to something that only running the module would show.

        Raises:
            SignatureFault: As `check`, and for a parameter whose type no tool can have.
        """
        module, function = self._find(reference)
        if function is None:
            return None
        description = (ast.get_docstring(function) or "").strip().split("\n")[0]
        return Signature(description, tuple(_parameters(function, module)))

    def _find(self, reference: str) -> tuple[SourceModule, ast.FunctionDef | ast.AsyncFunctionDef | None]:
        module_name, _, name = reference.rpartition(".")
        module = self._module(module_name)
        if name in module.functions:
            return module, module.functions[name]
        if name in module.names:
            return module, None
        known = [*module.functions, *sorted(module.names)]
        other = f"Define it there as `async def {name}(context, …)`"
        raise SignatureFault(f"{module_name}.py has no function {name}", suggestion(name, known, other))

    def _module(self, name: str) -> SourceModule:
        if name not in self._modules:
            try:
                self._modules[name] = _parse_module(self._file(name))
            except SignatureFault as fault:
                self._modules[name] = fault
        found = self._modules[name]
        if isinstance(found, SignatureFault):
            raise SignatureFault(str(found), found.remedy)
        return found

    def _file(self, name: str) -> Path:
        base = self.folder.joinpath(*name.split("."))
        for file in (base.with_suffix(".py"), base / "__init__.py"):
            if file.is_file():
                return file
        beside = sorted(file.stem for file in self.folder.glob("*.py"))
        relative = "/".join(name.split(".")) + ".py"
        raise SignatureFault(
            f"there is no {relative} beside the agent file", suggestion(name, beside, f"Make {relative} there")
        )


def _parse_module(file: Path) -> SourceModule:
    try:
        tree = ast.parse(file.read_bytes(), file.name)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        place = f" line {line}" if line else ""
        raise SignatureFault(f"{file.name}{place} is not readable as Python: {error.args[0]}") from error
    except (OSError, RecursionError, MemoryError) as error:
        raise SignatureFault(f"{file.name} cannot be read: {error}") from error
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    enums = {node.name: _enum_values(node) for node in tree.body if isinstance(node, ast.ClassDef) and _is_enum(node)}
    return SourceModule(functions, enums, frozenset(_bound_names(tree)) - functions.keys())


def _bound_names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ClassDef):
            yield node.name
    for statement in tree.body:
        for part in ast.walk(statement) if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) else ():
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield part.id
            elif isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) and not isinstance(statement, ast.ClassDef):
                yield part.name


def _is_enum(node: ast.ClassDef) -> bool:
    return any(_last_name(base) in ("Enum", "StrEnum", "IntEnum") for base in node.bases)


def _enum_values(node: ast.ClassDef) -> tuple[str, ...]:
    values = []
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
            value = statement.value.value if isinstance(statement.value, ast.Constant) else name.lower()
            values.append(str(value))
    return tuple(values)


def _last_name(node: ast.expr) -> str:
    """The last part of a dotted name: `Enum` of `enum.Enum`; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef, module: SourceModule) -> Iterator[Parameter]:
    positional = [*function.args.posonlyargs, *function.args.args]
    _check_context(function, positional)
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(function.args.defaults))
    pairs = [
        *list(zip(positional, [*defaults, *function.args.defaults], strict=True))[1:],
        *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        yield _parameter(argument, default, module, function.name)


def _check_context(function: ast.FunctionDef | ast.AsyncFunctionDef, positional: list[ast.arg]) -> None:
    """The first parameter takes the context; without one the call fails, and one of another type gets no value."""
    if positional:
        annotation = _unquoted(positional[0].annotation)
        if annotation is None or _last_name(annotation) not in _TYPES:
            return
    elif function.args.vararg is not None:
        return
    others = ", ".join(ast.unparse(argument) for argument in positional)
    written = f"context, {others}" if others else "context"
    said = f"the first parameter of {function.name} takes the context, and it has none for it"
    raise SignatureFault(said, f"Write `def {function.name}({written})`")


def _parameter(argument: ast.arg, default: ast.expr | None, module: SourceModule, function: str) -> Parameter:
    annotation, options = _without_options(argument.annotation)
    kind, choices, optional = _kind(annotation, module)
    if not kind:
        written = ast.unparse(annotation) if annotation is not None else "nothing"
        raise SignatureFault(
            f"the parameter {argument.arg} of {function} is of type {written}, which no conversation can fill",
            f"Use {', '.join(_TYPES)}, an Enum, Literal or list of these",
        )
    values: dict[str, Any] = {"choices": choices, **options}
    if values["choices"] and kind == "string":
        kind = "enum"
    try:
        return Parameter(
            name=argument.arg,
            type=kind,
            required=default is None and not optional,
            default=_constant(default),
            **values,
        )
    except ValueError as error:
        raise SignatureFault(f"the options of the parameter {argument.arg} of {function} do not fit") from error


def _without_options(annotation: ast.expr | None) -> tuple[ast.expr | None, dict[str, Any]]:
    """Split `Annotated[T, ToolParameterOptions(...)]` into the type and the options that are constants."""
    annotation = _unquoted(annotation)
    if not isinstance(annotation, ast.Subscript) or _last_name(annotation.value) != "Annotated":
        return annotation, {}
    parts = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else [annotation.slice]
    options: dict[str, Any] = {}
    for part in parts[1:]:
        if isinstance(part, ast.Call) and _last_name(part.func) == "ToolParameterOptions":
            options = {word.arg: _option(word) for word in part.keywords if word.arg in _OPTIONS}
    return _unquoted(parts[0]), {key: value for key, value in options.items() if value is not None}


def _option(word: ast.keyword) -> Any:
    value = _constant(word.value)
    if word.arg in ("examples", "choices"):
        return tuple(str(item) for item in value) if isinstance(value, list | tuple) else None
    return value


def _constant(node: ast.expr | None) -> Any:
    """The value of an expression of constants; None for anything that would have to be run."""
    if node is None:
        return None
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return list(value) if isinstance(value, tuple | set) else value


def _unquoted(node: ast.expr | None) -> ast.expr | None:
    """The expression inside a quoted annotation."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return ast.parse(node.value, mode="eval").body
        except SyntaxError:
            return node
    return node


def _kind(node: ast.expr | None, module: SourceModule) -> tuple[str, tuple[str, ...], bool]:
    """The type of a parameter, its choices and whether it may be left out; no annotation is a text."""
    node = _unquoted(node)
    if node is None:
        return "string", (), False
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _without_none([node.left, node.right], module)
    if isinstance(node, ast.Subscript):
        return _generic_kind(node, module)
    name = _last_name(node)
    if name in module.enums:
        return "enum", module.enums[name], False
    return ("list of string" if name in _LISTS else _TYPES.get(name, "")), (), False


def _generic_kind(node: ast.Subscript, module: SourceModule) -> tuple[str, tuple[str, ...], bool]:
    name = _last_name(node.value)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Optional":
        kind, choices, _ = _kind(parts[0], module)
        return kind, choices, True
    if name == "Union":
        return _without_none(parts, module)
    if name == "Literal":
        return "enum", tuple(str(part.value) for part in parts if isinstance(part, ast.Constant)), False
    if name in _LISTS:
        kind, choices, _ = _kind(parts[0], module)
        return (f"list of {kind}" if kind and not kind.startswith("list") else ""), choices, False
    return "", (), False


def _without_none(parts: list[ast.expr], module: SourceModule) -> tuple[str, tuple[str, ...], bool]:
    """The type of a union with None; other unions are none that a conversation can fill."""
    wanted = [part for part in parts if not (isinstance(part, ast.Constant) and part.value is None)]
    kinds = [_kind(part, module) for part in wanted]
    if len(kinds) != 1:
        return "", (), False
    return kinds[0][0], kinds[0][1], len(wanted) < len(parts)
