"""YAML as people write it: block style for long text, plain where that is safe, quotes where YAML would misread it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.agent.reading.nodes import scalar_value
from engine.agent.writing.forms import Form, Inline, Text

WIDTH = 100
"""The column that a text on one line may reach before it is folded."""

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MISREAD_START = re.compile(r"[-?:,\[\]{}#&*!|>'\"%@`=~<\s]|\.\.\.")
_MISREAD_INSIDE = re.compile(r":\s|:$|\s#|\s$|[\t\r\n]")
_FLOW_MISREAD = re.compile(r"[,\[\]{}:]")
_WORD = re.compile(r"[\w.-]+")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


class UnwritableError(ValueError):
    """A value that no YAML text can say; the message says which in one line."""


def quoted_text(text: str) -> str:
    """A text in quotes, on one line."""
    if '"' in text and "'" not in text and "\\" not in text and not _UNPRINTABLE.search(text) and text.isprintable():
        return f"'{text}'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if _SURROGATE.match(character):
        raise UnwritableError(f"a text has half a character in it (U+{ord(character):04X}), which no file can hold")
    if _UNPRINTABLE.match(character):
        return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"
    return character


def is_plain(text: str) -> bool:
    """Whether a text can stand without quotes in block style and is read as this text."""
    safe = not (_MISREAD_START.match(text) or _MISREAD_INSIDE.search(text) or _UNPRINTABLE.search(text))
    return bool(text) and safe and not _SURROGATE.search(text) and isinstance(_as_plain(text), str)


def _as_plain(text: str) -> object:
    from yaml.nodes import ScalarNode

    return scalar_value(ScalarNode("", text))


def flow_text(text: str, style: str | None = None) -> str:
    """A text on one line, safe inside `[]` and `{}` too; `style` is the quote it had before."""
    if style not in ("'", '"') and is_plain(text) and not _FLOW_MISREAD.search(text):
        return text
    return _requoted(text, style)


def _requoted(text: str, style: str | None) -> str:
    if style == "'" and not re.search(r"[\t\r\n]", text) and not _UNPRINTABLE.search(text):
        _refuse_surrogates(text)
        return "'" + text.replace("'", "''") + "'"
    if style == '"':
        return '"' + "".join(_escaped(character) for character in text) + '"'
    return quoted_text(text)


def _refuse_surrogates(text: str) -> None:
    if found := _SURROGATE.search(text):
        _escaped(found.group())


def key_text(key: str) -> str:
    """A key of a mapping, on one line."""
    written = key if is_plain(key) and not _FLOW_MISREAD.search(key) and "\n" not in key else quoted_text(key)
    if len(written) > 1000:
        raise UnwritableError(f"{key[:40]!r}… is too long for a key")
    return written


def number_text(value: Any) -> str:
    """A null, boolean or number."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    written = str(value)
    read = _as_plain(written)
    if type(read) is not type(value) or read != value:
        raise UnwritableError(f"{written} is no number that a file can hold")
    return written


def flow(form: Form) -> str:
    """A form on one line."""
    if isinstance(form, Mapping):
        return "{" + ", ".join(f"{key_text(str(key))}: {flow(value)}" for key, value in form.items()) + "}"
    if isinstance(form, list | tuple):
        return "[" + ", ".join(flow(item) for item in form) + "]"
    if isinstance(form, str):
        return flow_text(form)
    return number_text(form)


class Block:
    """Writes forms in block style.

    Attributes:
        step: By how many columns what is inside is indented.
    """

    def __init__(self, step: int = 2) -> None:
        self.step = step

    def entry(self, key: str, form: Form, column: int) -> list[str]:
        """The lines of `key: value` at a column, the first without its indentation."""
        head, body = self.value(form, column, column + len(key) + 2)
        return [f"{key_text(key)}: {head}" if head else f"{key_text(key)}:", *body]

    def item(self, form: Form, column: int) -> list[str]:
        """The lines of `- value` at a column, the first without its indentation."""
        if isinstance(form, Mapping) and form and not is_short(form):
            lines = self._pairs(form, column + 2)
            return [f"- {lines[0].lstrip()}", *lines[1:]]
        head, body = self.value(form, column, column + 2)
        return [f"- {head}" if head else "-", *body]

    def value(self, form: Form, column: int, start: int, style: str | None = None) -> tuple[str, list[str]]:
        """What stands after `key:` or `-`.

        Args:
            form: The value.
            column: The column of the key or dash; what follows on lines of its own stands further right.
            start: The column at which the value would begin on the line of the key.
            style: How a text was written before: a quote, `|`, `>` or None.

        Returns:
            What stands on the line of the key, and the lines below it with their indentation.
        """
        if isinstance(form, str):
            return self.text(form, column, start, style)
        if not isinstance(form, Mapping | list | tuple):
            return number_text(form), []
        if not form or is_short(form):
            return flow(form), []
        inside = column + self.step
        if isinstance(form, Mapping):
            return "", self._pairs(form, inside)
        return "", [line for item in form for line in _indented(self.item(item, inside), inside)]

    def text(self, text: str, column: int, start: int, style: str | None) -> tuple[str, list[str]]:
        """A text after `key:` or `-`; see `value`."""
        indent = " " * (column + self.step)
        if _can_be_literal(text) and ("\n" in text or style == "|"):
            lines = [indent + line if line else "" for line in text.removesuffix("\n").split("\n")]
            return "|" if text.endswith("\n") else "|-", lines
        long = start + len(text) > WIDTH
        if _can_be_folded(text) and (style == ">" or (long and style not in ("'", '"'))):
            return ">-", [indent + line for line in _folded(text, WIDTH - len(indent))]
        if style not in ("'", '"') and is_plain(text):
            return text, []
        return _requoted(text, style), []

    def _pairs(self, form: Mapping[Any, Form], column: int) -> list[str]:
        return [line for key, value in form.items() for line in _indented(self.entry(str(key), value, column), column)]


def is_short(form: Form) -> bool:
    """Whether a list or mapping reads well on one line: a few words, names or numbers, no sentences."""
    if not isinstance(form, Mapping | list | tuple) or _is_thing(form):
        return False
    values = list(form.values()) if isinstance(form, Mapping) else list(form)
    return all(_is_word(value) or not _has_text_field(value) for value in values) and len(flow(form)) <= 60


def _is_thing(form: Form) -> bool:
    return isinstance(form, Mapping) and not isinstance(form, Inline) and _has_text_field(form)


def _is_word(form: Form) -> bool:
    return isinstance(form, str) and _WORD.fullmatch(form) is not None


def _has_text_field(form: Form) -> bool:
    if isinstance(form, Mapping):
        return any(_has_text_field(value) for value in form.values())
    if isinstance(form, list | tuple):
        return any(_has_text_field(item) for item in form)
    return isinstance(form, Text)


def _indented(lines: list[str], column: int) -> list[str]:
    return [" " * column + lines[0], *lines[1:]]


def _can_be_literal(text: str) -> bool:
    body = text.removesuffix("\n")
    if not body or body[0].isspace() or body[-1].isspace() or "\t" in text:
        return False
    if any(line.isspace() for line in body.split("\n")):
        return False
    return not (_UNPRINTABLE.search(text) or _SURROGATE.search(text))


def _can_be_folded(text: str) -> bool:
    return _can_be_literal(text) and "\n" not in text


def _folded(text: str, width: int) -> list[str]:
    """Cut a text at single spaces, each of which a folded block reads back as one space."""
    lines: list[str] = []
    line = ""
    for piece in re.split(r"(?<! ) (?! )", text):
        if line and len(line) + 1 + len(piece) > max(width, 20):
            lines.append(line)
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    return [*lines, line]
