"""Agents and edits for properties: valid for the reader, with texts that YAML likes to misread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from engine.agent import places
from engine.agent.basics import CompositionMode, Value
from engine.agent.edits import Edit, add_thing, move_thing, remove_thing, rename_thing, set_field
from engine.agent.model import (
    Agent,
    CannedResponse,
    Capability,
    Control,
    Customer,
    FollowUp,
    Guideline,
    Journey,
    NoMatch,
    Observation,
    Parameter,
    Relationship,
    RelationshipKind,
    State,
    Stub,
    Term,
    Tool,
    Transition,
    TriggerGuideline,
    Variable,
)

TRICKY = (
    "Two things: a refund",
    "cut #short",
    "cut # short",
    "{{std.customer.name}}, hello",
    "{% if a %}x{% endif %}",
    "@home",
    "*star*",
    "!bang",
    "> quoted",
    '"said" she',
    "it's",
    'both "and" it\'s',
    "back\\slash",
    "? really",
    "`tick`",
    "1.10",
    "007",
    "null",
    "true",
    "~",
    "yes",
    "18:15",
    "2026-03-14",
    "- dash",
    "-",
    "a, b",
    "[list]",
    "ends with colon:",
    " leading",
    "trailing ",
    "two\nlines",
    "two\n\nparagraphs\n",
    "three\n  indented\nlines",
    "ends\n\n",
    "tab\there",
    "Größe 日本語 🍕",
    "\u200fשלום",
    "bell\x07 and \x85",
    "A long sentence that goes on and on, with a comma, a colon: and words enough to reach beyond the width of a line.",
    "A long one with  double spaces and a very long end, " + "x" * 120,
    "{{ fare | money('EUR') }}",
    "| pipe",
    "---",
    "<<",
    "=",
    "# comment",
    "a\r\nb",
    "%percent",
    "&anchor",
)
characters = st.characters(exclude_categories=["Cs"])
words = st.sampled_from(TRICKY) | st.text(characters, min_size=1, max_size=30).filter(lambda text: text.strip() != "")
texts = st.just("") | words
word_lists = st.lists(words, max_size=3).map(tuple)
tags = st.lists(st.sampled_from(["vip", "premium", "1.10", "two words"]), max_size=2, unique=True).map(tuple)
codes = st.sampled_from(["tools.is_vip", "tools.lucky_number"])
free = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=5,
)
free_mappings = st.dictionaries(words.filter(lambda text: len(text) < 90), free, max_size=3)
modes = st.none() | st.sampled_from(CompositionMode)
durations = st.integers(1, 400_000).map(lambda count: timedelta(seconds=count))
triggers = st.builds(TriggerGuideline, action=words, rationale=st.sampled_from(["follow_up", "unspecified"]))

FIRST = ("upset", "hurry", "null", "refund", "lock")
TOOLS = ("load", "book", "hand_off")
RESPONSES = ("short", "fare_is", "apology")


def optional(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


def some(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(names), max_size=2, unique=True).map(tuple)


def responses(name: str) -> st.SearchStrategy[CannedResponse]:
    return st.builds(
        CannedResponse,
        name=st.just(name),
        template=words,
        signals=st.just(()) | word_lists,
        metadata=st.just({}) | free_mappings,
        tags=tags,
        exclusive=st.booleans(),
    ) | st.builds(CannedResponse, name=st.just(name), template=words)


def uses(owner: str) -> st.SearchStrategy[tuple[Any, ...]]:
    own = responses(f"{owner}_says").map(lambda response: (response,))
    return st.builds(lambda first, second: (*first, *second), st.just(()) | own, some(RESPONSES))


def guideline_fields(name: str) -> dict[str, st.SearchStrategy[Any]]:
    return {
        "condition": words,
        "examples": word_lists,
        "title": texts,
        "enabled": st.booleans(),
        "criticality": st.sampled_from(["low", "medium", "high"]),
        "priority": st.integers(-3, 3),
        "tags": tags,
        "metadata": st.just({}) | free_mappings,
        "tools": some(TOOLS),
        "canned_responses": uses(name),
        "composition_mode": modes,
        "matcher": optional(codes),
        "reevaluate_after": some(TOOLS),
    }


def sparse(owner: type[Value], required: tuple[str, ...], **fields: Any) -> st.SearchStrategy[Any]:
    needed = {key: fields.pop(key) for key in required}
    return st.fixed_dictionaries(needed, optional=fields).map(lambda values: owner(**values))


def observations(name: str) -> st.SearchStrategy[Observation]:
    return sparse(Observation, ("name", "condition"), name=st.just(name), **guideline_fields(name))


def guidelines(name: str) -> st.SearchStrategy[Guideline]:
    more = {"action": words, "say": optional(words), "continuous": st.booleans(), "track": st.booleans()}
    fields = {"name": st.just(name), **guideline_fields(name), **more}
    return sparse(Guideline, ("name", "condition", "action"), **fields)


parameters = st.builds(
    Parameter,
    name=st.sampled_from(["reason", "amount", "true"]),
    type=st.sampled_from(["string", "integer", "enum", "list of string"]),
    source=st.sampled_from(["any", "customer"]),
    required=st.booleans(),
    default=free,
    description=texts,
    choices=word_lists,
    precedence=st.integers(0, 2),
)
stubs = sparse(
    Stub,
    (),
    when=optional(free_mappings),
    data=free,
    fields=free_mappings,
    responses=word_lists,
    control=st.builds(Control, mode=st.sampled_from([None, "manual"])),
    error=optional(words),
    after=optional(durations),
    guidelines=st.lists(triggers, max_size=2).map(tuple),
    follow_up=optional(triggers),
)


def tools(name: str) -> st.SearchStrategy[Tool]:
    return sparse(
        Tool,
        ("name",),
        name=st.just(name),
        description=texts,
        parameters=st.lists(parameters, max_size=2, unique_by=lambda one: one.name).map(tuple),
        python=optional(codes),
        stubs=st.lists(stubs, max_size=2).map(tuple),
    )


def transitions(names: list[str]) -> st.SearchStrategy[tuple[Transition, ...]]:
    targets = st.sampled_from([*names, "end"])
    conditional = st.builds(Transition, to=targets, condition=words, examples=st.just(()) | word_lists)
    return (
        st.just(())
        | targets.map(lambda name: (Transition(to=name),))
        | st.lists(conditional, min_size=1, max_size=3).map(tuple)
    )


@st.composite
def states(draw: st.DrawFn, name: str, names: list[str]) -> State:
    doing = draw(st.sampled_from(["chat", "tool", "fork"]))
    values: dict[str, Any] = {"next": draw(transitions(names))}
    if doing == "fork":
        values["next"] = (Transition(to=names[0], condition=draw(words)),)
    else:
        values[doing] = draw(words if doing == "chat" else st.sampled_from(TOOLS))
    more = {"say": words, "canned_responses": uses(f"at_{name}"), "metadata": free_mappings, "composition_mode": modes}
    values |= draw(st.fixed_dictionaries({}, optional=more))
    return State(name=name, **values)


@st.composite
def journeys(draw: st.DrawFn, name: str) -> Journey:
    names = draw(st.lists(st.sampled_from(["ask", "pick", "book", "true"]), max_size=4, unique=True))
    inner = {
        "title": texts,
        "conditions": word_lists,
        "priority": st.integers(0, 2),
        "tags": tags,
        "observations": observations(f"{name}_sees").map(lambda thing: (thing,)),
        "guidelines": guidelines(f"{name}_does").map(lambda thing: (thing,)),
        "canned_responses": responses(f"{name}_asks").map(lambda thing: (thing,)),
    }
    values = draw(st.fixed_dictionaries({}, optional=inner))
    drawn = [draw(states(one, names).map(lambda own: own.model_copy())) for one in names]
    fresh = [rename_inner_responses(own, name) for own in drawn]
    return Journey(name=name, states=tuple(fresh), **values)


def rename_inner_responses(state: State, journey: str) -> State:
    fresh = [
        use if isinstance(use, str) else CannedResponse(**{**use.model_dump(), "name": f"{journey}_{use.name}"})
        for use in state.canned_responses
    ]
    return State(**{**{name: getattr(state, name) for name in State.model_fields}, "canned_responses": tuple(fresh)})


ends = st.sampled_from(["upset", "hurry", "refund", "tag:vip", "trip", "trip.ask", "tag:two words"])
relationships = st.builds(
    Relationship,
    kind=st.sampled_from(RelationshipKind),
    source=ends,
    targets=st.lists(ends, min_size=1, max_size=3).map(tuple),
) | st.builds(
    Relationship,
    kind=st.just(RelationshipKind.DEPENDS_ON),
    source=ends,
    targets=st.lists(ends, min_size=1, max_size=2).map(tuple),
    any_of=st.just(True),
)
follow_ups = st.builds(FollowUp, after=durations, action=words, at_most=st.integers(1, 3))
THINGS: dict[str, Any] = {
    "glossary": lambda name: st.builds(Term, id=st.just(name), name=texts, description=texts, synonyms=word_lists),
    "capabilities": lambda name: st.builds(Capability, name=st.just(name), title=texts, signals=word_lists),
    "variables": lambda name: st.builds(
        Variable,
        name=st.just(name),
        description=texts,
        value=free,
        values_for=st.dictionaries(st.sampled_from(["tag:vip", "georgie"]), free, max_size=2),
    ),
    "customers": lambda name: st.builds(Customer, id=st.just(name), name=texts, tags=tags, metadata=free_mappings),
    "tools": tools,
    "observations": observations,
    "guidelines": guidelines,
    "canned_responses": responses,
    "journeys": journeys,
    "states": lambda name: states(name, [name]),
    "relationships": lambda name: relationships,
    "follow_ups": lambda name: follow_ups,
}
NAMES: dict[str, tuple[str, ...]] = {
    "glossary": ("fare_lock", "seat"),
    "capabilities": ("reset",),
    "variables": ("plan", "miles"),
    "customers": ("georgie",),
    "tools": TOOLS,
    "observations": FIRST[:3],
    "guidelines": FIRST[3:],
    "canned_responses": RESPONSES,
    "journeys": ("trip", "change"),
}
AGENT_FIELDS: dict[str, Any] = {
    "description": texts,
    "composition_mode": st.sampled_from(CompositionMode),
    "preambles": st.sampled_from(["auto", "off"]) | word_lists,
    "no_match": st.none() | words | st.builds(NoMatch, python=codes),
    "tags": tags,
    "metadata": free_mappings,
}


@st.composite
def agents(draw: st.DrawFn) -> Agent:
    values = draw(st.fixed_dictionaries({"name": words}, optional=AGENT_FIELDS))
    for section, names in NAMES.items():
        chosen = draw(st.just(()) | st.lists(st.sampled_from(names), max_size=len(names), unique=True))
        values[section] = tuple(draw(THINGS[section](name)) for name in chosen)
    values["relationships"] = tuple(draw(st.lists(relationships, max_size=3, unique_by=str)))
    values["follow_ups"] = tuple(draw(st.lists(follow_ups, max_size=2)))
    return Agent(**values)


FIELDS: dict[str, dict[str, Any]] = {
    "": {"name": words, **AGENT_FIELDS},
    "guidelines": {**guideline_fields("fresh"), "action": words, "say": optional(words)},
    "observations": guideline_fields("fresh"),
    "canned_responses": {
        "template": words,
        "signals": word_lists,
        "metadata": free_mappings,
        "exclusive": st.booleans(),
    },
    "tools": {"description": texts, "stubs": st.lists(stubs, max_size=3).map(tuple), "python": optional(codes)},
    "glossary": {"name": texts, "synonyms": word_lists},
    "variables": {"value": free, "description": texts},
    "customers": {"tags": tags, "name": texts},
    "capabilities": {"signals": word_lists},
    "journeys": {"title": texts, "conditions": word_lists, "priority": st.integers(0, 3)},
    "states": {
        "chat": words,
        "next": transitions(["ask"]),
        "metadata": free_mappings,
        "canned_responses": uses("fresh"),
    },
    "relationships": {"targets": st.lists(ends, min_size=1, max_size=2).map(tuple)},
    "follow_ups": {"after": durations, "action": words, "at_most": st.integers(1, 5)},
}


def sections_of(agent: Agent) -> list[str]:
    inner = [f"journeys.{journey.name}.{part}" for journey in agent.journeys for part in places.JOURNEY_SECTIONS]
    return [*places.SECTIONS, *inner]


def places_of(agent: Agent) -> list[str]:
    return [
        f"{section}.{places.thing_key(thing) or position}"
        for section in sections_of(agent)
        for position, thing in enumerate(places.things_in(agent, section))
    ]


@st.composite
def edits(draw: st.DrawFn, agent: Agent) -> Edit:
    occupied = places_of(agent)
    kind = draw(st.sampled_from(["add", "set", "set", "remove", "rename", "move"] if occupied else ["add", "set"]))
    if kind == "add":
        section = draw(st.sampled_from(sections_of(agent)))
        position = draw(st.integers(0, len(places.things_in(agent, section))))
        return add_thing(agent, section, draw(THINGS[section.rpartition(".")[2]]("brand_new")), position)
    place = draw(st.sampled_from(occupied if kind != "set" else ["", *occupied]))
    section = place.rpartition(".")[0]
    if kind == "set":
        fields = FIELDS[section.rpartition(".")[2]]
        field = draw(st.sampled_from(sorted(fields)))
        if isinstance(places.thing_at(agent, place), State) and field == "chat":
            field = "metadata"
        return set_field(agent, place, field, draw(fields[field]))
    if kind == "rename" and section not in places.POSITIONAL:
        return rename_thing(agent, place, draw(st.sampled_from(["another", "no", "x1"])))
    if kind == "move":
        return move_thing(agent, place, draw(st.integers(0, len(places.things_in(agent, section)) - 1)))
    return remove_thing(agent, place)


@st.composite
def agents_with_edits(draw: st.DrawFn) -> tuple[Agent, Edit]:
    agent = draw(agents())
    return agent, draw(edits(agent))
