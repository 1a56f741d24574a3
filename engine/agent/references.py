"""Who names whom: giving a thing another name wherever it is mentioned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar, cast

from engine.agent.basics import Texts, Value
from engine.agent.model import (
    Agent,
    CannedResponse,
    Guideline,
    Journey,
    Observation,
    Relationship,
    ResponseUse,
    State,
    Variable,
)

SomeValue = TypeVar("SomeValue", bound=Value)
SomeGuideline = TypeVar("SomeGuideline", bound=Observation)
Rewriting = Callable[[SomeValue], SomeValue]


def replaced(value: SomeValue, fields: Mapping[str, object]) -> SomeValue:
    """A value with some fields replaced.

    Unlike pydantic's `model_copy`, this does not carry along what the old value has cached.
    """
    every = {name: getattr(value, name) for name in type(value).model_fields}
    return cast(SomeValue, type(value).model_construct(None, **{**every, **fields}))


def _with(value: SomeValue, **fields: object) -> SomeValue:
    """A value with some fields replaced; the very same value when nothing differs."""
    if all(getattr(value, name) == new for name, new in fields.items()):
        return value
    return replaced(value, fields)


def rewritten(values: tuple[SomeValue, ...], rewrite: Rewriting[SomeValue]) -> tuple[SomeValue, ...]:
    """All values, each rewritten; unchanged ones stay the very same."""
    return tuple(rewrite(value) for value in values)


@dataclass(frozen=True)
class Renaming:
    """A new name for one thing and every mention of it.

    Attributes:
        section: Where the thing stands, e.g. `guidelines` or `journeys.book_trip.states`.
        old: Its name now.
        new: Its name then.
    """

    section: str
    old: str
    new: str

    @property
    def part(self) -> str:
        """The last word of the section: what sort of thing it is."""
        return self.section.rpartition(".")[2]

    def apply(self, agent: Agent) -> Agent:
        """The agent with the thing and all mentions of it renamed."""
        if self.part == "states":
            return self._rename_state(agent)
        return _with(
            agent,
            **{part: self._named(getattr(agent, part)) for part in ("glossary", "capabilities", "customers", "tools")},
            variables=rewritten(self._named(agent.variables), self._variable),
            observations=rewritten(agent.observations, self._guideline),
            guidelines=rewritten(agent.guidelines, self._guideline),
            relationships=rewritten(agent.relationships, self._relationship),
            canned_responses=rewritten(agent.canned_responses, self._response),
            journeys=rewritten(agent.journeys, self._journey),
            preambles=agent.preambles if isinstance(agent.preambles, str) else self._templates(agent.preambles),
            no_match=self._template(agent.no_match) if isinstance(agent.no_match, str) else agent.no_match,
        )

    def _name(self, name: str) -> str:
        return self.new if name == self.old else name

    def _mention(self, name: str, part: str) -> str:
        """A mention that can only mean a thing of this sort."""
        return self._name(name) if self.part == part else name

    def _mentions(self, names: Texts, part: str) -> Texts:
        return tuple(self._mention(name, part) for name in names)

    def _named(self, things: tuple[SomeValue, ...]) -> tuple[SomeValue, ...]:
        return tuple(
            _with(thing, **{key: self._name(getattr(thing, key))}) for thing in things for key in [key_field(thing)]
        )

    def _relationship(self, line: Relationship) -> Relationship:
        return _with(line, source=self._end(line.source), targets=tuple(self._end(name) for name in line.targets))

    def _end(self, name: str) -> str:
        head, dot, rest = name.partition(".")
        return f"{self._mention(head, 'journeys')}.{rest}" if dot else self._name(name)

    def _variable(self, variable: Variable) -> Variable:
        values = {self._mention(who, "customers"): value for who, value in variable.values_for.items()}
        tool = variable.tool and self._mention(variable.tool, "tools")
        return _with(variable, values_for=values, tool=tool)

    def _guideline(self, guideline: SomeGuideline) -> SomeGuideline:
        changes: dict[str, object] = {}
        if isinstance(guideline, Guideline) and guideline.say:
            changes["say"] = self._template(guideline.say)
        return _with(
            guideline,
            name=self._name(guideline.name),
            tools=self._mentions(guideline.tools, "tools"),
            reevaluate_after=self._mentions(guideline.reevaluate_after, "tools"),
            canned_responses=self._uses(guideline.canned_responses),
            **changes,
        )

    def _uses(self, uses: Iterable[ResponseUse]) -> tuple[ResponseUse, ...]:
        return tuple(
            self._response(use) if isinstance(use, CannedResponse) else self._mention(use, "canned_responses")
            for use in uses
        )

    def _response(self, response: CannedResponse) -> CannedResponse:
        return _with(response, name=self._name(response.name), template=self._template(response.template))

    def _journey(self, journey: Journey) -> Journey:
        return _with(
            journey,
            name=self._name(journey.name),
            conditions=self._mentions(journey.conditions, "observations"),
            states=rewritten(journey.states, self._state),
            guidelines=rewritten(journey.guidelines, self._guideline),
            observations=rewritten(journey.observations, self._guideline),
            canned_responses=rewritten(journey.canned_responses, self._response),
        )

    def _state(self, state: State) -> State:
        return _with(
            state,
            tool=state.tool and self._mention(state.tool, "tools"),
            journey=state.journey and self._mention(state.journey, "journeys"),
            say=state.say and self._template(state.say),
            canned_responses=self._uses(state.canned_responses),
        )

    def _templates(self, templates: Texts) -> Texts:
        return tuple(self._template(template) for template in templates)

    def _template(self, template: str) -> str:
        if self.part not in ("variables", "glossary"):
            return template
        return re.sub(rf"\bstd\.{self.part}\.{re.escape(self.old)}\b", f"std.{self.part}.{self.new}", template)

    def _rename_state(self, agent: Agent) -> Agent:
        owner = self.section.split(".")[1]
        whole = Renaming("", f"{owner}.{self.old}", f"{owner}.{self.new}")

        def relationship(line: Relationship) -> Relationship:
            targets = tuple(whole._name(name) for name in line.targets)
            return _with(line, source=whole._name(line.source), targets=targets)

        def state(own: State) -> State:
            onwards = rewritten(own.next, lambda way: _with(way, to=self._name(way.to)))
            return _with(own, name=self._name(own.name), next=onwards)

        def journey(own: Journey) -> Journey:
            return _with(own, states=rewritten(own.states, state)) if own.name == owner else own

        return _with(
            agent,
            relationships=rewritten(agent.relationships, relationship),
            journeys=rewritten(agent.journeys, journey),
        )


def key_field(thing: Value) -> str:
    """The field that holds the name under which a thing stands in the file: `id` for terms and customers."""
    return _key_field_of(type(thing))


@cache
def _key_field_of(kind: type[Value]) -> str:
    return "id" if "id" in kind.model_fields else "name"
