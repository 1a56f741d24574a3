"""Names that nothing bears: in relationships, guidelines, journeys, states and variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from engine.agent.basics import NAME_PATTERN
from engine.agent.checks.registry import Path, advice, check, guideline_paths, state_paths, transition_paths
from engine.agent.errors import Problem, nearest
from engine.agent.model import END, CannedResponse

if TYPE_CHECKING:
    from engine.agent.document import AgentDocument

_KINDS = {
    "response": "a canned response",
    "tool": "a tool",
    "journey": "a journey",
    "guideline": "a guideline",
    "observation": "an observation",
    "variable": "a variable",
    "term": "a glossary term",
    "capability": "a capability",
    "customer": "a customer",
}
_SUGGESTIONS = 25
"""For so many unknown names of one kind the nearest name is looked up; with more, something larger is wrong."""


class Names:
    """The names that something may refer to, and the problems of those that nothing bears.

    Attributes:
        wanted: What a name should stand for, with its article.
        known: The names that fit, in file order.
    """

    def __init__(self, document: AgentDocument, wanted: str, known: Iterable[str]) -> None:
        self.wanted = wanted
        self.known: Sequence[str] = tuple(known)
        self._document = document
        self._fitting = frozenset(self.known)
        self._left = _SUGGESTIONS

    @classmethod
    def of_kinds(cls, document: AgentDocument, *kinds: str, wanted: str = "") -> Names:
        """The names of all things of some kinds."""
        known = (name for name, thing in document.agent.things.items() if thing.kind in kinds)
        return cls(document, wanted or _KINDS[kinds[0]], known)

    def __contains__(self, name: object) -> bool:
        return name in self._fitting

    def check(self, path: Path, name: str | None, within: str = "") -> Iterator[Problem]:
        """Yield the problem of a name if nothing fitting bears it.

        Args:
            path: Where the name is written.
            name: The name; None where none is written.
            within: The piece of the place to point at; the whole scalar when empty.
        """
        if name is None or name in self._fitting:
            return
        other = self._document.agent.things.get(name)
        bare = self.wanted.split(" ", 1)[1]
        said = f"{name!r} is {_KINDS[other.kind]}, not {self.wanted}" if other else f"there is no {bare} {name!r}"
        near = self.near(name)
        remedy = f"Did you mean {near}?" if near else self._all()
        yield self._document.problem("unknown-name", path, said, remedy, within=within, put=near)

    def near(self, name: str) -> str | None:
        """The nearest fitting name, for the first few times."""
        self._left -= 1
        return nearest(name, self.known) if self._left >= 0 else None

    def _all(self) -> str:
        shown = ", ".join(self.known[:6]) + (" …" if len(self.known) > 6 else "")
        return f"There are {shown}" if shown else f"Define {self.wanted} of this name"


@check
def unknown_tools(document: AgentDocument) -> Iterator[Problem]:
    """Tools that guidelines, states and variables name must exist."""
    agent, tools = document.agent, Names.of_kinds(document, "tool")
    for guideline, path in guideline_paths(agent):
        for key, names in (("tools", guideline.tools), ("reevaluate_after", guideline.reevaluate_after)):
            for position, name in enumerate(names):
                yield from tools.check((*path, key, position), name)
    for state, path in state_paths(agent):
        yield from tools.check((*path, "tool"), state.tool)
    for variable in agent.variables:
        yield from tools.check(("variables", variable.name, "tool"), variable.tool)


@check
def unknown_responses(document: AgentDocument) -> Iterator[Problem]:
    """Responses that guidelines and states name must exist."""
    agent, responses = document.agent, Names.of_kinds(document, "response")
    users = [(owner.canned_responses, path) for owner, path in guideline_paths(agent)]
    users += [(state.canned_responses, path) for state, path in state_paths(agent)]
    for uses, path in users:
        for position, use in enumerate(uses):
            if not isinstance(use, CannedResponse):
                yield from responses.check((*path, "canned_responses", position), use)


@check
def unknown_states(document: AgentDocument) -> Iterator[Problem]:
    """States and journeys that states lead to must exist."""
    journeys = Names.of_kinds(document, "journey")
    for journey in document.agent.journeys:
        states = Names(document, f"a state of {journey.name}", [*journey.by_name, END])
        for state in journey.states:
            path = ("journeys", journey.name, "states", state.name)
            for transition, place in transition_paths(document, state, path):
                yield from states.check(place, transition.to)
            yield from journeys.check((*path, "journey"), state.journey)


@check
def unknown_conditions(document: AgentDocument) -> Iterator[Problem]:
    """A journey's condition that is written like a name must be the name of an observation."""
    agent, observations = document.agent, Names.of_kinds(document, "observation")
    for journey in agent.journeys:
        for position, condition in enumerate(journey.conditions):
            if not NAME_PATTERN.fullmatch(condition) or condition in observations:
                continue
            if "_" in condition or condition in agent.things or observations.near(condition):
                yield from observations.check(("journeys", journey.name, "conditions", position), condition)


@check
def unknown_parties(document: AgentDocument) -> Iterator[Problem]:
    """What relationships name must be guidelines, observations, journeys, states or tags that something bears."""
    agent = document.agent
    things = Names.of_kinds(
        document, "guideline", "observation", "journey", wanted="a guideline, observation or journey"
    )
    every_state = (f"{journey.name}.{state.name}" for journey in agent.journeys for state in journey.states)
    states = Names(document, "a state", every_state)
    for position, relationship in enumerate(agent.relationships):
        path = ("relationships", position)
        for party in dict.fromkeys((relationship.source, *relationship.targets)):
            if party.startswith("tag:"):
                yield from _unknown_tag(document, path, party.removeprefix("tag:"))
            else:
                yield from (states if "." in party else things).check(path, party, within=party)


def _unknown_tag(document: AgentDocument, path: Path, tag: str) -> Iterator[Problem]:
    tagged = document.agent.tagged
    if tag in tagged:
        return
    near = nearest(tag, tagged)
    said = f"no guideline, observation or journey bears the tag {tag!r}"
    remedy = f"Did you mean tag:{near}?" if near else "Give the tag to something with `tags`"
    put = f"tag:{near}" if near else None
    yield document.problem("unknown-tag", path, said, remedy, within=f"tag:{tag}", put=put)


@advice
def unknown_customers(document: AgentDocument) -> Iterator[Problem]:
    """A customer's value of a variable, for a name that looks like a slip of a known customer's."""
    agent, customers = document.agent, Names.of_kinds(document, "customer")
    for variable in agent.variables:
        for name in variable.values_for:
            near = None if name.startswith("tag:") or name in customers else customers.near(name)
            if near:
                path = ("variables", variable.name, "for")
                said = f"no customer in this file is called {name!r}"
                yield document.warning("unknown-customer", path, said, f"Did you mean {near}?", within=name, put=near)
