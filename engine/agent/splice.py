"""Writing an edit into the agent file: what the edit does not touch keeps every byte.

The same edit that makes one agent of another (`engine.agent.edits.apply`) makes one text of another here, by replacing
pieces at the marks of the YAML nodes. Nothing is ever dumped as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.edits import AddThing, Compound, Edit, Move, RemoveThing, Rename, SetField, apply
from engine.agent.errors import AgentFileError, Fix
from engine.agent.forms import (
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
from engine.agent.model import Agent, Journey, Relationship, State, Stub, Tool, Value
from engine.agent.page import Layout, Page, Slot, UnspliceableError
from engine.agent.patching import difference, fields_difference
from engine.agent.places import JOURNEY_SECTIONS, POSITIONAL, SECTIONS, thing_at, thing_key, things_in
from engine.agent.references import key_field
from engine.agent.writing import UnwritableError

Path = tuple[str | int, ...]
FindFix = Callable[[Page], Fix | None]


class SpliceError(ValueError):
    """An edit cannot be written into the file; the message says in one line why."""


def splice(text: str, agent: Agent, edit: Edit) -> str:
    """Write an edit into the text of an agent file.

    Args:
        text: The file's text, which must say what `agent` is.
        agent: The agent before the edit.
        edit: The edit.

    Returns:
        The text that says what `apply(agent, edit)` is; everything outside the touched entries stays as it was.

    Raises:
        EditError: When the edit does not fit the agent.
        SpliceError: When the text cannot say it.
    """
    after = apply(agent, edit)
    try:
        return _written(_open_ended(text), Layout.of(text), agent, after, edit)
    except UnwritableError as error:
        raise SpliceError(f"this cannot be written to the agent file: {error}") from error
    except (UnspliceableError, AgentFileError) as error:
        said = str(error).splitlines()[0]
        raise SpliceError(f"the agent file cannot be changed in this place ({said}); change it by hand") from error


def _written(text: str, layout: Layout, before: Agent, after: Agent, edit: Edit) -> str:
    match edit:
        case AddThing():
            return _settled(text, layout, [lambda page: _addition(page, edit)])
        case RemoveThing():
            return _remove(text, layout, before, edit)
        case Move():
            return _moved(text, layout, edit)
        case SetField():
            return _until_settled(text, layout, lambda page: _field_fix(page, after, edit.place, {edit.field}))
        case Rename():
            return _renamed(text, layout, before, after, edit)
        case Compound():
            for step in edit.edits:
                following = apply(before, step)
                text = _written(text, layout, before, following, step)
                before = following
            return text


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


def _open_ended(text: str) -> str:
    """The text with its last block scalar, if the file ends in it without a newline, safe to be written after."""
    if text.endswith("\n") or not text:
        return text
    page = Page(text, Layout.of(text))
    last = page.children(page.root)[-1:]
    leaf = page.last_leaf(last[0].slot) if last and not page.root.flow_style else None
    if not isinstance(leaf, ScalarNode) or leaf.style not in ("|", ">"):
        return text
    start = int(leaf.start_mark.index) + 1
    sign = 1 if text[start : start + 1] in ("+", "-") else 0
    return Fix(start, start + sign, "-").apply(text)


def _section_path(section: str) -> Path:
    return tuple(section.split("."))


def _thing_path(place: str) -> Path:
    section, _, name = place.rpartition(".")
    return (*_section_path(section), int(name) if section in POSITIONAL else name)


def _addition(page: Page, edit: AddThing) -> Fix:
    path = _section_path(edit.section)
    key, form = thing_key(edit.thing), thing_form(edit.thing)
    whole: Form = [form] if key is None else {key: form}
    slot = page.slot(path)
    if slot is None:
        return _new_section(page, path, whole)
    if not isinstance(slot.node, MappingNode | SequenceNode) or not slot.node.value:
        return page.write(slot, whole)
    return page.insert(slot.node, edit.position, key, form)


def _new_section(page: Page, path: Path, whole: Form) -> Fix:
    name = str(path[-1])
    owner = page.slot(path[:-1]) if path[:-1] else None
    order = keys_of(Journey if path[:-1] else Agent)
    fix = fields_difference(page, owner, {name: whole}, {name}, order)
    if fix is None:
        raise UnspliceableError(f"{name} is there already")
    return fix


def _remove(text: str, layout: Layout, before: Agent, edit: RemoveThing) -> str:
    path = _section_path(edit.section)
    if len(things_in(before, edit.section)) > 1:
        return _settled(text, layout, [lambda page: page.delete(_node_at(page, path), edit.position)])
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


def _moved(text: str, layout: Layout, edit: Move) -> str:
    moved = _settled(
        text, layout, [lambda page: page.move(_node_at(page, _section_path(edit.section)), edit.start, edit.end)]
    )
    return moved if moved.endswith("\n") or text.endswith("\n") else _closed(moved, layout)


def _closed(text: str, layout: Layout) -> str:
    """The text with a newline at its end if what stands there now needs one to mean the same as before."""
    page = Page(text, layout)
    last = page.children(page.root)[-1]
    leaf = page.last_leaf(last.slot)
    needs_end = isinstance(leaf, ScalarNode) and leaf.style in ("|", ">") and not page.root.flow_style
    return text + layout.newline if needs_end else text


def _renamed(text: str, layout: Layout, before: Agent, after: Agent, edit: Rename) -> str:
    path = (*_section_path(edit.section), edit.old)
    text = _settled(text, layout, [lambda page: _key_fix(page, path, edit.new)])
    for place, fields in _changed_places(before, after):
        text = _until_settled(text, layout, lambda page, at=place, which=fields: _field_fix(page, after, at, which))  # type: ignore[misc]
    return text


def _key_fix(page: Page, path: Path, key: str) -> Fix:
    child = page.child(_node_at(page, path[:-1]), path[-1])
    if child is None:
        raise UnspliceableError(f"{path[-1]} is not written there")
    return page.rename(child, key)


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


def _field_fix(page: Page, after: Agent, place: str, fields: set[str]) -> Fix | None:
    """The first change that some fields of the thing at a place need."""
    thing = thing_at(after, place)
    if isinstance(thing, Agent):
        keys = {file_key(Agent, field) for field in fields}
        return fields_difference(page, None, _agent_form(thing, fields), keys, keys_of(Agent))
    return _thing_fix(page, _slot_at(page, _thing_path(place)), thing, fields)


def _agent_form(agent: Agent, fields: set[str]) -> dict[str, Form]:
    bare = Agent.model_construct(None, **{field: getattr(agent, field) for field in {*fields, "name"}})
    return long_form(bare)


def _thing_fix(page: Page, slot: Slot, thing: Value, fields: set[str]) -> Fix | None:
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


def _field_keys(thing: Value, fields: set[str]) -> set[str]:
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
