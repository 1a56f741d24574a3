"""Changes to an agent as values: each can be applied, undone exactly, and kept as JSON.

Sections and places are those of `engine.agent.places`. Values inside edits that set a field are in JSON form, as
pydantic dumps the field.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, TypeAdapter, ValidationError, model_validator

from engine.agent.basics import NAME_PATTERN, RESERVED_NAMES, Value
from engine.agent.model import Agent, Journey
from engine.agent.places import (
    JOURNEY_SECTIONS,
    SECTIONS,
    EditError,
    journey_named,
    position_of,
    section_type,
    thing_at,
    thing_key,
    things_in,
    with_things,
)
from engine.agent.references import Renaming, key_field, replaced


class _Edit(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _ThingEdit(_Edit):
    section: str
    position: int = Field(ge=0)
    thing: SerializeAsAny[Value]

    @model_validator(mode="before")
    @classmethod
    def _thing_of_its_section(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("thing"), dict):
            return {**data, "thing": section_type(str(data.get("section"))).model_validate(data["thing"])}
        return data


class AddThing(_ThingEdit):
    """Put a thing into a section, before what stands at `position` now (the section's length: at the end)."""

    kind: Literal["add"] = "add"


class RemoveThing(_ThingEdit):
    """Take the thing at `position` out of a section."""

    kind: Literal["remove"] = "remove"


class SetField(_Edit):
    """Give a field of the thing at `place` another value; `old` and `new` are in JSON form."""

    kind: Literal["set"] = "set"
    place: str
    field: str
    old: Any
    new: Any


class Rename(_Edit):
    """Give a thing another name, and change every mention of it."""

    kind: Literal["rename"] = "rename"
    section: str
    old: str
    new: str


class Move(_Edit):
    """Move the thing at position `start` of a section so that it stands at `end`."""

    kind: Literal["move"] = "move"
    section: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Compound(_Edit):
    """Several edits as one step, applied in order; `title` says what they do together."""

    kind: Literal["several"] = "several"
    title: str = ""
    edits: tuple[Edit, ...]


Edit = Annotated[AddThing | RemoveThing | SetField | Rename | Move | Compound, Field(discriminator="kind")]
"""One step that can be undone."""


@cache
def _edit_adapter() -> TypeAdapter[Edit]:
    return TypeAdapter(Edit)


def edit_to_json(edit: Edit) -> dict[str, Any]:
    """An edit as JSON values, for a journal."""
    kept: dict[str, Any] = edit.model_dump(mode="json")
    return kept


def edit_from_json(kept: dict[str, Any]) -> Edit:
    """The edit that `edit_to_json` kept.

    Raises:
        EditError: When it is no edit.
    """
    try:
        return _edit_adapter().validate_python(kept)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise EditError(f"this is no edit: {place}: {first['msg']}") from error


def invert(edit: Edit) -> Edit:
    """The edit that undoes this one."""
    match edit:
        case AddThing():
            return RemoveThing(section=edit.section, position=edit.position, thing=edit.thing)
        case RemoveThing():
            return AddThing(section=edit.section, position=edit.position, thing=edit.thing)
        case SetField():
            return SetField(place=edit.place, field=edit.field, old=edit.new, new=edit.old)
        case Rename():
            return Rename(section=edit.section, old=edit.new, new=edit.old)
        case Move():
            return Move(section=edit.section, start=edit.end, end=edit.start)
        case Compound():
            return Compound(title=edit.title, edits=tuple(invert(step) for step in reversed(edit.edits)))


def apply(agent: Agent, edit: Edit) -> Agent:
    """The agent as the edit makes it.

    Args:
        agent: The agent for which the edit was made, or one that is alike where the edit matters.
        edit: The edit.

    Raises:
        EditError: When it does not fit this agent: an unknown place, a name in use, another value than the old one.
    """
    match edit:
        case AddThing():
            return _add(agent, edit)
        case RemoveThing():
            return _remove(agent, edit)
        case SetField():
            return _set(agent, edit)
        case Rename():
            return _rename(agent, edit)
        case Move():
            return _move(agent, edit)
        case Compound():
            for step in edit.edits:
                agent = apply(agent, step)
            return agent


def add_thing(agent: Agent, section: str, thing: Value, position: int | None = None) -> AddThing:
    """The edit that adds a thing.

    Args:
        agent: The agent.
        section: E.g. `guidelines` or `journeys.book_trip.states`.
        thing: What to add, of the section's type.
        position: Before what; None: at the end.
    """
    things = things_in(agent, section)
    return AddThing(section=section, position=len(things) if position is None else position, thing=thing)


def remove_thing(agent: Agent, place: str) -> RemoveThing:
    """The edit that removes the thing at a place, e.g. `guidelines.upsell`. Mentions of it stay.

    Raises:
        EditError: When nothing is there.
    """
    section, position = position_of(agent, place)
    return RemoveThing(section=section, position=position, thing=things_in(agent, section)[position])


def set_field(agent: Agent, place: str, field: str, value: Any) -> SetField:
    """The edit that gives a field another value.

    Args:
        agent: The agent.
        place: The thing, e.g. `journeys.book_trip.states.confirm`; empty for the agent's own fields.
        field: The field's name in the model.
        value: The new value, as the model has it or in JSON form.

    Raises:
        EditError: When there is no such place or field, or the value does not fit.
    """
    owner = thing_at(agent, place)
    _check_field(owner, place, field)
    read = _read_field(owner, place, field, value)
    new = _in_json(owner, field, read)
    if _read_field(owner, place, field, new) != read:
        raise EditError(f"{_field_name(place, field)} cannot be {value!r}: no file can hold that")
    return SetField(place=place, field=field, old=_in_json(owner, field, getattr(owner, field)), new=new)


def rename_thing(agent: Agent, place: str, name: str) -> Rename:
    """The edit that renames the thing at a place.

    Raises:
        EditError: When nothing is there.
    """
    section, position = position_of(agent, place)
    old = thing_key(things_in(agent, section)[position])
    if old is None:
        raise EditError(f"{place} has no name to change")
    return Rename(section=section, old=old, new=name)


def move_thing(agent: Agent, place: str, position: int) -> Move:
    """The edit that moves the thing at a place to another position of its section.

    Raises:
        EditError: When nothing is there.
    """
    section, start = position_of(agent, place)
    return Move(section=section, start=start, end=position)


def _add(agent: Agent, edit: AddThing) -> Agent:
    things = things_in(agent, edit.section)
    if type(edit.thing) is not section_type(edit.section):
        raise EditError(f"a {type(edit.thing).__name__.lower()} does not belong in {edit.section}")
    if edit.position > len(things):
        raise EditError(f"{edit.section} has no position {edit.position}")
    key = thing_key(edit.thing)
    if key is not None:
        _check_name(agent, edit.section, key)
    return with_things(agent, edit.section, (*things[: edit.position], edit.thing, *things[edit.position :]))


def _remove(agent: Agent, edit: RemoveThing) -> Agent:
    things = things_in(agent, edit.section)
    if edit.position >= len(things) or things[edit.position] != edit.thing:
        raise EditError(f"{edit.section} has something else at position {edit.position} than this edit removes")
    return with_things(agent, edit.section, (*things[: edit.position], *things[edit.position + 1 :]))


def _move(agent: Agent, edit: Move) -> Agent:
    things = list(things_in(agent, edit.section))
    for position in (edit.start, edit.end):
        if position >= len(things):
            raise EditError(f"{edit.section} has no position {position}")
    things.insert(edit.end, things.pop(edit.start))
    return with_things(agent, edit.section, tuple(things))


def _set(agent: Agent, edit: SetField) -> Agent:
    owner = thing_at(agent, edit.place)
    _check_field(owner, edit.place, edit.field)
    if _in_json(owner, edit.field, getattr(owner, edit.field)) != edit.old:
        raise EditError(f"{_field_name(edit.place, edit.field)} is no longer what this edit was made for")
    value = _read_field(owner, edit.place, edit.field, edit.new)
    if isinstance(owner, Agent):
        return replaced(owner, {edit.field: value})
    section, position = position_of(agent, edit.place)
    things = list(things_in(agent, section))
    things[position] = replaced(things[position], {edit.field: value})
    return with_things(agent, section, tuple(things))


def _rename(agent: Agent, edit: Rename) -> Agent:
    position_of(agent, f"{edit.section}.{edit.old}")
    _check_name(agent, edit.section, edit.new)
    unused = f"{edit.new} "  # no name has a space
    if Renaming(edit.section, edit.new, unused).apply(agent) != agent:
        raise EditError(f"{edit.new!r} is mentioned already, so the two could not be told apart; choose another name")
    return Renaming(edit.section, edit.old, edit.new).apply(agent)


def _check_name(agent: Agent, section: str, name: str) -> None:
    if not NAME_PATTERN.fullmatch(name):
        raise EditError(f"{name!r} is no name; use small letters, digits and _, beginning with a letter")
    if name in RESERVED_NAMES:
        raise EditError(f"{name!r} means something else in agent files; choose another name")
    taken = journey_named(agent, section.split(".")[1]).by_name if section.endswith(".states") else agent.things
    if name in taken:
        raise EditError(f"there is something called {name!r} already")


def _check_field(owner: Value, place: str, field: str) -> None:
    kept = {"kind", *([] if isinstance(owner, Agent) else [key_field(owner)])}
    sections = SECTIONS if isinstance(owner, Agent) else JOURNEY_SECTIONS if isinstance(owner, Journey) else {}
    if field not in type(owner).model_fields or field in sections or field in kept:
        raise EditError(f"{_field_name(place, field)} is no field that can be set")


def _field_name(place: str, field: str) -> str:
    return f"{place}.{field}" if place else field


@cache
def _field_adapter(owner: type[Value], field: str) -> TypeAdapter[Any]:
    return TypeAdapter(owner.model_fields[field].rebuild_annotation())


def _in_json(owner: Value, field: str, value: Any) -> Any:
    return _field_adapter(type(owner), field).dump_python(value, mode="json")


def _read_field(owner: Value, place: str, field: str, value: Any) -> Any:
    try:
        return _field_adapter(type(owner), field).validate_python(value)
    except ValidationError as error:
        raise EditError(f"{_field_name(place, field)} cannot be {value!r}: {error.errors()[0]['msg']}") from error


Compound.model_rebuild()
