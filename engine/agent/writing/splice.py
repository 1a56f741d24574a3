"""How each edit is written into the agent file: pieces are replaced at the marks of YAML nodes, nothing is dumped.

Everything here works on a text that is the whole file or some lines of one section, so that a small edit of a large
file reads only the lines around it; `engine.agent.writing.agent_text` chooses which.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.basics import Value
from engine.agent.edits import AddThing, Move, RemoveThing, Rename, SetField
from engine.agent.errors import Fix
from engine.agent.model import Agent, Journey, Relationship, State, Stub, Tool
from engine.agent.places import JOURNEY_SECTIONS, POSITIONAL, SECTIONS, thing_at, thing_key, things_in
from engine.agent.references import key_field
from engine.agent.writing.forms import (
    Form,
    Text,
    can_be_conditions,
    conditions_form,
    file_key,
    keys_of,
    long_form,
    long_transitions_form,
    thing_form,
)
from engine.agent.writing.page import Layout, Page, Slot, UnspliceableError
from engine.agent.writing.patching import difference, fields_difference

Path = tuple[str | int, ...]
FindFix = Callable[[Page], Fix | None]


@dataclass(frozen=True)
class Scope:
    """Which part of an agent file a text is: the whole file, or whole lines of one of its sections.

    Attributes:
        section: The section; empty for the whole file.
        first: The position in the section of the first thing in the text.
    """

    section: str = ""
    first: int = 0

    def path(self, path: Path) -> Path:
        """A path from the root of the file as a path from the root of the text."""
        if not self.section:
            return path
        inside = path[1:]
        return (inside[0] - self.first, *inside[1:]) if inside and isinstance(inside[0], int) else inside

    def position(self, section: str, position: int) -> int:
        """A position in a section as a position among the things in the text."""
        return position - self.first if section == self.section else position


WHOLE = Scope()


@dataclass(frozen=True)
class FieldsWrite:
    """Write the fields of the thing at a place."""

    place: str
    fields: frozenset[str]


@dataclass(frozen=True)
class KeyWrite:
    """Write the name of a thing, without its mentions."""

    section: str
    old: str
    new: str


Write = AddThing | RemoveThing | Move | FieldsWrite | KeyWrite
"""One thing to be written."""


def writes_of(before: Agent, after: Agent, edit: AddThing | RemoveThing | Move | SetField | Rename) -> list[Write]:
    """What an edit has to write, in order."""
    if isinstance(edit, SetField):
        return [FieldsWrite(edit.place, frozenset({edit.field}))]
    if isinstance(edit, Rename):
        key = KeyWrite(edit.section, edit.old, edit.new)
        return [key, *(FieldsWrite(place, frozenset(fields)) for place, fields in _changed_places(before, after))]
    return [edit]


def written(text: str, layout: Layout, scope: Scope, before: Agent, after: Agent, write: Write) -> str:
    """Write one thing.

    Args:
        text: The file, or a part of it.
        layout: How the file is laid out.
        scope: Which part of it the text is.
        before: The agent that the file says.
        after: The agent that it shall say.
        write: What to write.

    Raises:
        UnspliceableError: When what is there cannot be changed in place.
        UnwritableError: When YAML cannot say it.
        AgentFileError: When the text is no YAML.
    """
    text = _open_ended(text, layout)
    match write:
        case AddThing():
            return _settled(text, layout, [lambda page: _addition(page, scope, write)])
        case RemoveThing():
            return _remove(text, layout, scope, before, write)
        case Move():
            return _moved(text, layout, scope, write)
        case FieldsWrite():
            return _until_settled(text, layout, lambda page: _field_fix(page, scope, after, write))
        case KeyWrite():
            return _settled(text, layout, [lambda page: _key_fix(page, scope, write)])


def _settled(text: str, layout: Layout, finds: list[FindFix]) -> str:
    """Apply one change after the other."""
    for find in finds:
        fix = find(Page(text, layout))
        text = fix.apply(text) if fix is not None else text
    return text


def _until_settled(text: str, layout: Layout, find: FindFix) -> str:
    """Apply changes until there is none left to make."""
    for _ in range(10_000):
        fix = find(Page(text, layout))
        if fix is None:
            return text
        changed = fix.apply(text)
        if changed == text:
            break
        text = changed
    raise UnspliceableError("it is written in an unusual way")


def _open_ended(text: str, layout: Layout) -> str:
    """The text with its last block scalar, if it ends in one without a newline, safe to be written after."""
    leaf = None if text.endswith("\n") else _last_block_scalar(Page(text, layout))
    if leaf is None:
        return text
    start = int(leaf.start_mark.index) + 1
    sign = 1 if text[start : start + 1] in ("+", "-") else 0
    return Fix(start, start + sign, "-").apply(text)


def _last_block_scalar(page: Page) -> ScalarNode | None:
    """The block scalar in which a text ends, if it ends in one."""
    last = page.children(page.root)[-1:]
    leaf = page.last_leaf(last[0].slot) if last and not page.root.flow_style else None
    return leaf if isinstance(leaf, ScalarNode) and leaf.style in ("|", ">") else None


def _section_path(section: str) -> Path:
    return tuple(section.split("."))


def _thing_path(place: str) -> Path:
    section, _, name = place.rpartition(".")
    return (*_section_path(section), int(name) if section in POSITIONAL else name)


def _addition(page: Page, scope: Scope, edit: AddThing) -> Fix:
    path = scope.path(_section_path(edit.section))
    key, form = thing_key(edit.thing), thing_form(edit.thing)
    whole: Form = [form] if key is None else {key: form}
    slot = page.slot(path)
    if path and slot is None:
        return _new_section(page, path, whole)
    node = page.root if slot is None else slot.node
    if slot is not None and (not isinstance(node, MappingNode | SequenceNode) or not node.value):
        return page.write(slot, whole)
    return page.insert(node, scope.position(edit.section, edit.position), key, form)


def _new_section(page: Page, path: Path, whole: Form) -> Fix:
    name = str(path[-1])
    owner = page.slot(path[:-1]) if path[:-1] else None
    order = keys_of(Journey if path[:-1] else Agent)
    fix = fields_difference(page, owner, {name: whole}, {name}, order)
    if fix is None:
        raise UnspliceableError(f"{name} is there already")
    return fix


def _remove(text: str, layout: Layout, scope: Scope, before: Agent, edit: RemoveThing) -> str:
    path = scope.path(_section_path(edit.section))
    position = scope.position(edit.section, edit.position)
    if len(things_in(before, edit.section)) > 1:
        return _settled(text, layout, [lambda page: page.delete(_node_at(page, path), position)])
    if path[-1] == "states":
        return _settled(text, layout, [lambda page: page.write(_slot_at(page, path), {})])
    return _settled(text, layout, [lambda page: _last_child(page, path), lambda page: _whole_section(page, path)])


def _last_child(page: Page, path: Path) -> Fix | None:
    """Take the last thing out of a section, so that comments beside it stay; the section's key goes afterwards."""
    slot = _slot_at(page, path)
    if slot.in_flow or getattr(slot.node, "flow_style", False):
        return None
    return page.delete(slot.node, 0)


def _whole_section(page: Page, path: Path) -> Fix:
    owner = _node_at(page, path[:-1])
    position = [child.key for child in page.children(owner)].index(str(path[-1]))
    return page.delete(owner, position)


def _moved(text: str, layout: Layout, scope: Scope, edit: Move) -> str:
    path = scope.path(_section_path(edit.section))
    start, end = (scope.position(edit.section, position) for position in (edit.start, edit.end))
    moved = _settled(text, layout, [lambda page: page.move(_node_at(page, path), start, end)])
    if moved.endswith("\n") or _last_block_scalar(Page(moved, layout)) is None:
        return moved
    return moved + layout.newline


def _key_fix(page: Page, scope: Scope, write: KeyWrite) -> Fix:
    child = page.child(_node_at(page, scope.path(_section_path(write.section))), write.old)
    if child is None:
        raise UnspliceableError(f"{write.old} is not written there")
    return page.rename(child, write.new)


def _changed_places(before: Agent, after: Agent) -> Iterator[tuple[str, set[str]]]:
    """Which fields of which things differ, by their places in the agent after a renaming."""
    yield from _changed_fields("", before, after, (*SECTIONS, "name"))
    sections = [*SECTIONS, *(f"journeys.{own.name}.{part}" for own in after.journeys for part in JOURNEY_SECTIONS)]
    names = {new.name: old.name for old, new in zip(before.journeys, after.journeys, strict=True)}
    for section in sections:
        parts = section.split(".")
        old_section = section if len(parts) == 1 else f"journeys.{names[parts[1]]}.{parts[2]}"
        pairs = zip(things_in(before, old_section), things_in(after, section), strict=True)
        for position, (old, new) in enumerate(pairs):
            kept = JOURNEY_SECTIONS if isinstance(new, Journey) else ()
            own = () if isinstance(new, Relationship) or section in POSITIONAL else (key_field(new),)
            yield from _changed_fields(f"{section}.{thing_key(new) or position}", old, new, (*kept, *own))


def _changed_fields(place: str, old: Value, new: Value, skipped: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
    if old is new:
        return
    fields = {field for field in type(new).model_fields if getattr(old, field) != getattr(new, field)}
    if changed := fields - set(skipped):
        yield place, changed


def _field_fix(page: Page, scope: Scope, after: Agent, write: FieldsWrite) -> Fix | None:
    """The first change that some fields of the thing at a place need."""
    thing = thing_at(after, write.place)
    if isinstance(thing, Agent):
        keys = {file_key(Agent, field) for field in write.fields}
        return fields_difference(page, None, _agent_form(thing, write.fields), keys, keys_of(Agent))
    return _thing_fix(page, _slot_at(page, scope.path(_thing_path(write.place))), thing, write.fields)


def _agent_form(agent: Agent, fields: Collection[str]) -> dict[str, Form]:
    bare = Agent.model_construct(None, **{field: getattr(agent, field) for field in {*fields, "name"}})
    return long_form(bare)


def _thing_fix(page: Page, slot: Slot, thing: Value, fields: Collection[str]) -> Fix | None:
    if isinstance(thing, Relationship):
        return difference(page, slot, thing_form(thing))
    if isinstance(slot.node, MappingNode) and slot.node.value:
        keys = _field_keys(thing, fields)
        wanted = _form_like(slot.node, thing)
        try:
            return fields_difference(page, slot, wanted, keys, keys_of(type(thing)))
        except UnspliceableError:
            return page.write(slot, long_form(thing))
    short = _short_form(slot.node, thing)
    return difference(page, slot, long_form(thing) if short is None else short)


def _field_keys(thing: Value, fields: Collection[str]) -> set[str]:
    keys = {file_key(type(thing), field) for field in fields}
    if isinstance(thing, Tool) and "stubs" in fields:
        keys |= {file_key(Stub, field) for field in Stub.model_fields}
    return keys


def _form_like(node: MappingNode, thing: Value) -> dict[str, Form]:
    """The keys of a thing, in the variants that the file has chosen."""
    form = long_form(thing)
    written: dict[str, Node] = {key.value: value for key, value in node.value}
    if isinstance(thing, Tool) and "stubs" in written and thing.stubs:
        merged = {file_key(Stub, field) for field in Stub.model_fields}
        form = {key: value for key, value in form.items() if key not in merged}
        form["stubs"] = [long_form(stub) for stub in thing.stubs]
    if isinstance(thing, State) and thing.next and "next" in written:
        form["next"] = _ways_like(written["next"], thing, form["next"])
    return form


def _ways_like(node: Node, state: State, usual: Form) -> Form:
    if isinstance(node, SequenceNode):
        return long_transitions_form(state.next)
    if isinstance(node, MappingNode) and can_be_conditions(state.next):
        return conditions_form(state.next)
    return usual


def _short_form(node: Node, thing: Value) -> Form | None:
    """The form of a thing that fits where a short form stands now; None when it has to be written out."""
    form: Any = thing_form(thing)
    if isinstance(thing, Tool):
        if isinstance(node, ScalarNode) and list(form) == ["python"]:
            return form["python"]
        return form if isinstance(node, SequenceNode) and isinstance(form, list) else None
    return form if isinstance(form, Text) else None


def _slot_at(page: Page, path: Path) -> Slot:
    slot = page.slot(path)
    if slot is None:
        raise UnspliceableError(f"{'.'.join(str(step) for step in path)} is not written there")
    return slot


def _node_at(page: Page, path: Path) -> Node:
    return _slot_at(page, path).node if path else page.root
