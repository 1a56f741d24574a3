"""A YAML text on which single things can be replaced, inserted and removed while every other character stays.

Marks of block collections and block scalars reach over the comments and blank lines that follow, so where something
really ends is found from its last leaf. All changes are `Fix`es: what is replaced by what.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.errors import Fix
from engine.agent.reading.composing import compose
from engine.agent.reading.nodes import is_empty
from engine.agent.writing.forms import Form
from engine.agent.writing.text import Block, flow, flow_text, key_text

_COLON = re.compile(r"\s*:")
_NESTED = re.compile(
    r"^( *)\w+:[ \t]*(?:#[^\n]*)?\r?\n"  # a key with nothing after it
    r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*"  # blank lines and comments
    r"\1( +)[\w\"'][^\n]*?:[ \r\n]",  # a key further right
    re.MULTILINE,
)
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*")
_QUESTION = re.compile(r"\?[ \t]+\Z")
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)*")
_COMMENT_LINE = re.compile(r"[ \t]*#")
_INDENTATION = re.compile(r" *")


class UnspliceableError(Exception):
    """Something is written in a way that cannot be changed in place, such as a key after `?`."""


@dataclass(frozen=True)
class Layout:
    """How a file is laid out.

    Attributes:
        newline: What ends a line.
        step: By how many columns what is inside is indented.
    """

    newline: str = "\n"
    step: int = 2

    @classmethod
    def of(cls, text: str, usual: Layout | None = None) -> Layout:
        """The layout that a text has: its first line end and its first indentation.

        Args:
            text: The text.
            usual: The layout around it, for what it does not show.
        """
        found = _NESTED.search(text)
        first = text.find("\n")
        newline = "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
        step = len(found.group(2)) if found else usual.step if usual else 2
        return cls(usual.newline if usual else newline, step)


@dataclass(frozen=True)
class Slot:
    """Where a value stands.

    Attributes:
        after: Index after the colon or dash; in a flow list, where the value begins.
        column: Column of the key or dash.
        node: The value.
        in_flow: Whether it stands inside `[]` or `{}`.
        dash: Whether it is an item of a block list.
    """

    after: int
    column: int
    node: Node
    in_flow: bool = False
    dash: bool = False


@dataclass(frozen=True)
class Child:
    """An entry of a mapping or an item of a list.

    Attributes:
        start: Index of its first character: of the key (or the `?` before it), the dash, or the value in a flow list.
        key: The key; None in lists.
        key_start: Index of the first character of the key as written.
        key_end: Index after the key as written.
        slot: Where its value stands.
    """

    start: int
    key: str | None
    key_start: int
    key_end: int
    slot: Slot


class Page:
    """A text and its nodes.

    Attributes:
        text: The text.
        layout: How to lay out what is new.
        root: The node of the whole text.
    """

    def __init__(self, text: str, layout: Layout, root: Node | None = None) -> None:
        """Compose a text.

        Args:
            text: The text.
            layout: How to lay out what is new.
            root: The node of the text, where it is known already.

        Raises:
            AgentFileError: When it is not readable as YAML.
            UnspliceableError: When it is neither a mapping nor a list.
        """
        self.text = text
        self.layout = layout
        root = root or compose(text, "agent.yaml")
        if not isinstance(root, CollectionNode):
            raise UnspliceableError("the text is neither a mapping nor a list")
        self.root: CollectionNode = root
        self._block = Block(layout.step)

    def children(self, node: Node) -> list[Child]:
        """The entries or items of a collection, in order; none of anything else."""
        if isinstance(node, MappingNode):
            if node.value and node.flow_style and self.text[node.start_mark.index] != "{":
                raise UnspliceableError("a pair without braces")
            return [self._entry(key, value, bool(node.flow_style)) for key, value in node.value]
        if isinstance(node, SequenceNode) and node.flow_style:
            return [_flow_item(item) for item in node.value]
        return self._items(node) if isinstance(node, SequenceNode) else []

    def child(self, node: Node, step: str | int) -> Child | None:
        """The entry with a key, or the item at a position."""
        found = self.children(node)
        if isinstance(step, int):
            return found[step] if step < len(found) else None
        return next((child for child in found if child.key == step), None)

    def slot(self, path: tuple[str | int, ...]) -> Slot | None:
        """Where the value at a path of keys and positions stands; None when the path leads nowhere."""
        node: Node = self.root
        slot = None
        for step in path:
            found = self.child(node, step)
            if found is None:
                return None
            slot = found.slot
            node = slot.node
        return slot

    def end(self, slot: Slot) -> int:
        """Index after the last character of a value, without the comments and blank lines that follow."""
        node = slot.node
        if is_empty(node):
            return slot.after
        if isinstance(node, ScalarNode):
            return self._block_scalar_end(node) if node.style in ("|", ">") else int(node.end_mark.index)
        if slot.in_flow or _is_flow(node) or not node.value:
            return int(node.end_mark.index)
        return self.end(self.children(node)[-1].slot)

    def line_start(self, index: int) -> int:
        """Index of the first character of a line."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Index after the last character of a line, before its line end."""
        found = self.text.find("\n", index)
        if found < 0:
            return len(self.text)
        return found - 1 if found > index and self.text[found - 1] == "\r" else found

    def next_line(self, index: int) -> int:
        """Index of the first character of the next line."""
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found + 1

    def write(self, slot: Slot, form: Form) -> Fix:
        """Put another value into a slot."""
        style = slot.node.style if isinstance(slot.node, ScalarNode) else None
        if slot.in_flow:
            text = flow_text(form, style) if isinstance(form, str) else flow(form)
            if is_empty(slot.node):
                return Fix(slot.after, slot.after, " " + text)
            return Fix(slot.node.start_mark.index, slot.node.end_mark.index, text)
        head, body = self._value(slot, form, style)
        end = self.line_end(self.end(slot))
        lines = [head + self._comment(slot), *body]
        closing = self.layout.newline if end == len(self.text) and head.endswith("|") else ""
        return Fix(slot.after, end, self.layout.newline.join(lines) + closing)

    def insert(self, node: Node, position: int, key: str | None, form: Form) -> Fix:
        """Put an entry (or, without a key, an item) into a collection that is not empty."""
        children = self.children(node)
        if _is_flow(node):
            text = flow(form) if key is None else f"{key_text(key)}: {flow(form)}"
            if position == 0:
                return Fix(children[0].start, children[0].start, f"{text}, ")
            end = self.end(children[position - 1].slot)
            return Fix(end, end, f", {text}")
        column = self.column(children[0].start)
        lines = self._block.item(form, column) if key is None else self._block.entry(key, form, column)
        return self._insert_lines(children, position, column, lines)

    def delete(self, node: Node, position: int) -> Fix:
        """Take an entry or item out of a collection; a flow collection must have another."""
        children = self.children(node)
        child = children[position]
        if _is_flow(node):
            if position + 1 < len(children):
                return Fix(child.start, children[position + 1].start, "")
            return Fix(self.end(children[position - 1].slot), self.end(child.slot), "")
        start = self.line_start(child.start)
        if self.text[start : child.start].strip():
            if position + 1 == len(children):
                raise UnspliceableError("the only entry on the line of its dash")
            return Fix(child.start, children[position + 1].start, "")
        end = self.next_line(self.end(child.slot))
        return Fix(start, self._after_blanks(end) if self._keeps_blanks(children[position - 1 : position]) else end, "")

    def rename(self, child: Child, key: str) -> Fix:
        """Give an entry another key."""
        return Fix(child.key_start, child.key_end, key_text(key))

    def move(self, node: Node, start: int, end: int) -> Fix:
        """Move an entry or item; blank lines stay where they are, comments directly above an entry go with it."""
        children = self.children(node)
        spans = [self._span(child) for child in children]
        if not _is_flow(node):
            lowest = [0, *(self.next_line(last) for _, last in spans)]
            spans = [
                (max(self.with_comments(first), low), last) for (first, last), low in zip(spans, lowest, strict=False)
            ]
        order = list(range(len(spans)))
        order.insert(end, order.pop(start))
        low, high = min(start, end), max(start, end)
        pieces = []
        for place in range(low, high + 1):
            first, last = spans[order[place]]
            after = self.text[spans[place][1] : spans[place + 1][0]] if place < high else ""
            if self._keeps_blanks(children[order[place] : order[place] + 1]):
                after = self.layout.newline + self._without_blanks(after)
            pieces += [self.text[first:last], after]
        keeps = self._keeps_blanks(children[order[high] : order[high] + 1])
        region_end = self._after_blanks(self.next_line(spans[high][1])) if keeps else spans[high][1]
        return Fix(spans[low][0], region_end, "".join(pieces))

    def _without_blanks(self, between: str) -> str:
        """What stands between two entries, without the end of the first's line and the blank lines after it."""
        found = _BLANK_LINES.match(between)
        return between[found.end() :] if found else between

    def column(self, index: int) -> int:
        """The column of an index, counted from 0."""
        return index - self.line_start(index)

    def with_comments(self, start: int) -> int:
        """Where the comment lines directly above a line begin, those that are indented no deeper than it."""
        column = self._indentation(start)
        while start > 0:
            above = self.line_start(start - 1)
            if not _COMMENT_LINE.match(self.text, above, start) or self._indentation(above) > column:
                break
            start = above
        return start

    def last_leaf(self, slot: Slot) -> Node:
        """The node in which a value ends."""
        node = slot.node
        if isinstance(node, CollectionNode) and node.value and not node.flow_style and not slot.in_flow:
            return self.last_leaf(self.children(node)[-1].slot)
        return node

    def _indentation(self, line: int) -> int:
        found = _INDENTATION.match(self.text, line)
        return found.end() - line if found else 0

    def _entry(self, key: ScalarNode, value: Node, in_flow: bool) -> Child:
        start, end = int(key.start_mark.index), int(key.end_mark.index)
        colon = _COLON.match(self.text, end)
        if colon is None:
            raise UnspliceableError(f"the key {key.value!r} is not followed by a colon")
        question = _QUESTION.search(self.text, self.line_start(start), start)
        first = question.start() if question else start
        return Child(first, str(key.value), start, end, Slot(colon.end(), self.column(first), value, in_flow))

    def _items(self, node: SequenceNode) -> list[Child]:
        found: list[Child] = []
        column = node.start_mark.column
        for item in node.value:
            dash = self._next_dash(self.end(found[-1].slot), column) if found else int(node.start_mark.index)
            found.append(Child(dash, None, dash, dash, Slot(dash + 1, column, item, dash=True)))
        return found

    def _next_dash(self, end: int, column: int) -> int:
        index = self.next_line(end)
        while self.text[index : index + column].strip(" ") or self.text[index + column : index + column + 1] != "-":
            following = self.next_line(index)
            if following == index:
                raise UnspliceableError("an item without a dash of its own")
            index = following
        return index + column

    def _block_scalar_end(self, node: ScalarNode) -> int:
        start, end = int(node.start_mark.index), int(node.end_mark.index)
        header = _BLOCK_HEADER.match(self.text, start)
        written = self.text[start:end]
        if header is not None and "+" in header.group():
            return start + len(written.removesuffix("\n").removesuffix("\r"))
        return start + len(written.rstrip())

    def _value(self, slot: Slot, form: Form, style: str | None) -> tuple[str, list[str]]:
        if slot.dash:
            lines = self._block.item(form, slot.column)
            return lines[0].removeprefix("-"), lines[1:]
        start = self.column(slot.after) + 1
        head, body = self._block.value(form, slot.column, start, style)
        return f" {head}" if head else "", body

    def _comment(self, slot: Slot) -> str:
        """The comment that stands on the line of a value's key, or after a value on one line."""
        node, first_line_end = slot.node, self.line_end(slot.after)
        begin = int(node.start_mark.index)
        above = self.text[slot.after : first_line_end] if begin > first_line_end or is_empty(node) else ""
        if is_empty(node):
            return _comment_of(above)
        if isinstance(node, CollectionNode) and not node.flow_style:
            return _comment_of(above)
        header = _BLOCK_HEADER.match(self.text, begin)
        is_block = isinstance(node, ScalarNode) and node.style in ("|", ">") and header is not None
        rest_start = header.end() if is_block and header is not None else int(node.end_mark.index)
        return _comment_of(above) + _comment_of(self.text[rest_start : self.line_end(rest_start)])

    def _insert_lines(self, children: list[Child], position: int, column: int, lines: list[str]) -> Fix:
        newline, indent = self.layout.newline, " " * column
        blank = (
            newline if self._are_apart(children) and not self._keeps_blanks(children[position - 1 : position]) else ""
        )
        if position > 0:
            end = self.line_end(self.end(children[position - 1].slot))
            return Fix(end, end, newline + blank + newline.join([indent + lines[0], *lines[1:]]))
        first = children[0].start
        if self.text[self.line_start(first) : first].strip():
            return Fix(first, first, newline.join([*lines, indent]))
        start = self.with_comments(self.line_start(first))
        return Fix(start, start, newline.join([indent + lines[0], *lines[1:], "" + blank]))

    def _after_blanks(self, line: int) -> int:
        """Index of the first line from this one on that is not blank."""
        found = _BLANK_LINES.match(self.text, line)
        return found.end() if found else line

    def _keeps_blanks(self, children: list[Child]) -> bool:
        """Whether an entry ends in a block text (`|+`) to which blank lines after it belong."""
        leaf = self.last_leaf(children[0].slot) if children else None
        if not isinstance(leaf, ScalarNode) or leaf.style not in ("|", ">"):
            return False
        header = _BLOCK_HEADER.match(self.text, int(leaf.start_mark.index))
        return header is not None and "+" in header.group()

    def _are_apart(self, children: list[Child]) -> bool:
        """Whether blank lines stand between the first children."""
        if len(children) < 2:
            return False
        between = self.text[self.end(children[0].slot) : children[1].start]
        return re.search(r"\n[ \t]*\r?\n", between) is not None

    def _span(self, child: Child) -> tuple[int, int]:
        end = self.end(child.slot)
        if child.slot.in_flow:
            return child.start, end
        return self.line_start(child.start), self.line_end(end)


def _flow_item(item: Node) -> Child:
    start = int(item.start_mark.index)
    return Child(start, None, start, start, Slot(start, 0, item, in_flow=True))


def _is_flow(node: Node) -> bool:
    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _comment_of(rest: str) -> str:
    return rest.rstrip() if "#" in rest else ""
