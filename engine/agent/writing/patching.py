"""The first change that brings what is written nearer to what should be: applied until there is none.

Looking for one change at a time, on a text composed anew, keeps each of them simple; what is already as it should be
is never touched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from engine.agent.basics import parse_duration
from engine.agent.errors import Fix
from engine.agent.reading.nodes import is_empty, scalar_value
from engine.agent.writing.forms import Form, Length, Text
from engine.agent.writing.page import Child, Page, Slot, UnspliceableError


def is_written(node: Node, form: Form) -> bool:
    """Whether a node says what a form says."""
    if isinstance(form, Mapping):
        if not isinstance(node, MappingNode) or [key.value for key, _ in node.value] != [str(key) for key in form]:
            return False
        return all(is_written(value, own) for (_, value), own in zip(node.value, form.values(), strict=True))
    if isinstance(form, list | tuple):
        if not isinstance(node, SequenceNode) or len(node.value) != len(form):
            return False
        return all(is_written(item, own) for item, own in zip(node.value, form, strict=True))
    return isinstance(node, ScalarNode) and _is_scalar_written(node, form)


def _is_scalar_written(node: ScalarNode, form: Form) -> bool:
    if isinstance(form, Length):
        return _is_length_written(node, form)
    if isinstance(form, Text):
        return bool(node.value == form) and not is_empty(node)
    value = scalar_value(node)
    return isinstance(value, str if isinstance(form, str) else type(form)) and value == form


def _is_length_written(node: ScalarNode, form: Length) -> bool:
    try:
        return parse_duration(node.value) == parse_duration(str(form))
    except ValueError:
        return False


def difference(page: Page, slot: Slot, form: Form) -> Fix | None:
    """The first change that a slot's value needs to say what a form says; None when it says so."""
    form = _in_its_long_form(slot.node, form)
    if is_written(slot.node, form):
        return None
    try:
        if isinstance(form, Mapping) and form and isinstance(slot.node, MappingNode) and slot.node.value:
            return _mapping_difference(page, slot.node, form)
        if isinstance(form, list | tuple) and form and isinstance(slot.node, SequenceNode) and slot.node.value:
            return _list_difference(page, slot.node, list(form))
    except UnspliceableError:
        return page.write(slot, form)
    return page.write(slot, form)


def fields_difference(
    page: Page, slot: Slot | None, wanted: Mapping[str, Form], keys: Collection[str], order: list[str]
) -> Fix | None:
    """The first change that some keys of a mapping need; all other keys stay.

    Args:
        page: The text.
        slot: Where the mapping stands; None for the whole text.
        wanted: What the mapping should say; of the keys not in here, those in `keys` go.
        keys: Which keys may change.
        order: The order in which keys are usually written, for new ones.
    """
    node = page.root if slot is None else slot.node
    children = page.children(node)
    present = {str(child.key): position for position, child in enumerate(children)}
    for key in [key for key in order if key in keys]:
        if key in wanted and key in present:
            fix = difference(page, children[present[key]].slot, wanted[key])
        elif key in wanted:
            fix = page.insert(node, _position_for(key, present, order), key, wanted[key])
        elif key in present and len(children) == 1 and slot is not None:
            fix = page.write(slot, {})
        else:
            fix = page.delete(node, present[key]) if key in present else None
        if fix is not None:
            return fix
    return None


def _position_for(key: str, present: Mapping[str, int], order: list[str]) -> int:
    before = [present[other] for other in order[: order.index(key)] if other in present]
    return max(before) + 1 if before else 0


def _in_its_long_form(node: Node, form: Form) -> Form:
    """A text as the only key of a mapping, where the file has written out what has a short form."""
    if isinstance(form, Text) and isinstance(node, MappingNode):
        for key, _ in node.value:
            if key.value in ("template", "condition"):
                return {key.value: form}
    return form


def _mapping_difference(page: Page, node: Node, form: Mapping[Any, Form]) -> Fix | None:
    children = page.children(node)
    now = [str(child.key) for child in children]
    wanted = [str(key) for key in form]
    for position, (key, value) in enumerate(zip(wanted, form.values(), strict=True)):
        if position == len(now):
            return page.insert(node, position, key, value)
        if now[position] != key:
            return _reorder(page, node, children[position], position, key, value, now, wanted)
        fix = difference(page, children[position].slot, value)
        if fix is not None:
            return fix
    return page.delete(node, len(wanted)) if len(now) > len(wanted) else None


def _reorder(
    page: Page, node: Node, child: Child, position: int, key: str, value: Form, now: list[str], wanted: list[str]
) -> Fix:
    if key in now:
        return page.delete(node, position)
    if child.key in wanted:
        return page.insert(node, position, key, value)
    return page.rename(child, key)


def _list_difference(page: Page, node: Node, form: list[Form]) -> Fix | None:
    children = page.children(node)
    for position, wanted in enumerate(form):
        if position == len(children):
            return page.insert(node, position, None, wanted)
        slot = children[position].slot
        if is_written(slot.node, _in_its_long_form(slot.node, wanted)):
            continue
        if any(is_written(later.slot.node, wanted) for later in children[position + 1 :]):
            return page.delete(node, position)
        if any(is_written(slot.node, later) for later in form[position + 1 :]):
            return page.insert(node, position, None, wanted)
        return difference(page, slot, wanted)
    return page.delete(node, len(form)) if len(children) > len(form) else None
