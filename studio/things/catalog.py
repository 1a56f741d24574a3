"""Everything that an agent is made of, by one key each: what lists show and what screens go to.

A key is a thing's own name; a state is `journey.state`, a relationship `relationships.2`, a follow-up `follow_ups.0`,
a tag `tag:premium`, and the agent itself `the agent` (which no name can be).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.agent.basics import Value, format_duration
from engine.agent.model import (
    Agent,
    CannedResponse,
    Customer,
    Journey,
    Observation,
    ResponseUse,
    State,
)

THE_AGENT = "the agent"
"""The key of the agent itself."""

TAG = "tag:"
"""What the keys of tags begin with."""

KINDS: Mapping[str, str] = {
    "agent": "The agent",
    "guideline": "Guidelines",
    "observation": "Observations",
    "relationship": "Relationships",
    "journey": "Journeys",
    "state": "States",
    "response": "Canned responses",
    "tool": "Tools",
    "variable": "Variables",
    "term": "Glossary",
    "capability": "Capabilities",
    "customer": "Customers",
    "follow-up": "Follow-ups",
    "tag": "Tags",
}
"""The kinds of things and what several of them are called, in the order in which they are shown."""

Path = tuple[str | int, ...]
"""Where something stands in the agent file: keys and positions, as `AgentDocument.node` takes them."""


@dataclass(frozen=True)
class Tag:
    """A tag: it has no place of its own in the file, only bearers."""

    name: str
    bearers: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One thing of an agent.

    Attributes:
        key: What it is found by.
        kind: One of `KINDS`.
        value: The thing itself.
        path: Where it stands in the agent file; empty for the agent and for tags.
        scope: The key of the journey, guideline or state that it belongs to; empty when it is the agent's own.
        said: What it is about, in the author's words; may have several lines.
    """

    key: str
    kind: str
    value: Value | Tag
    path: Path = ()
    scope: str = ""
    said: str = ""


class Things:
    """An agent together with everything in it by key.

    Attributes:
        agent: The agent.
    """

    def __init__(self, agent: Agent) -> None:
        """Look at an agent; nothing is gathered before somebody asks."""
        self.agent = agent

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Everything by its key, kind by kind, in the order of the file within a kind."""
        order = {kind: place for place, kind in enumerate(KINDS)}
        found = sorted(_every(self.agent), key=lambda entry: order[entry.kind])
        return {entry.key: entry for entry in found}

    def get(self, key: str) -> Entry | None:
        """The thing with this key; None when the agent has no such thing (any more)."""
        return self.entries.get(key)

    def said(self, key: str) -> str:
        """What a thing is about, on one line; empty for what is not there."""
        entry = self.get(key)
        return " ".join(entry.said.split()) if entry is not None else ""


def _every(agent: Agent) -> Iterator[Entry]:
    yield Entry(THE_AGENT, "agent", agent, said=agent.name)
    yield from _scoped(agent, (), "")
    for position, line in enumerate(agent.relationships):
        yield Entry(f"relationships.{position}", "relationship", line, ("relationships", position), said=str(line))
    for journey in agent.journeys:
        yield from _of_journey(journey)
    for tool in agent.tools:
        yield Entry(tool.name, "tool", tool, ("tools", tool.name), said=tool.description)
    yield from _known(agent)
    for position, follow_up in enumerate(agent.follow_ups):
        said = f"after {format_duration(follow_up.after)}: {follow_up.action}"
        yield Entry(f"follow_ups.{position}", "follow-up", follow_up, ("follow_ups", position), said=said)
    for tag, bearers in _tags(agent).items():
        said = f"{len(bearers)} thing{'s' if len(bearers) != 1 else ''}"
        yield Entry(f"{TAG}{tag}", "tag", Tag(tag, bearers), said=said)


def _scoped(owner: Agent | Journey, path: Path, scope: str) -> Iterator[Entry]:
    """Guidelines, observations and responses of the agent or of a journey."""
    for section in ("guidelines", "observations"):
        for guideline in getattr(owner, section):
            yield from _guideline(guideline, (*path, section, guideline.name), scope)
    for response in owner.canned_responses:
        yield _response(response, (*path, "canned_responses", response.name), scope)


def _guideline(guideline: Observation, path: Path, scope: str) -> Iterator[Entry]:
    yield Entry(guideline.name, guideline.kind, guideline, path, scope, guideline.title or guideline.condition)
    yield from _defined_there(guideline.canned_responses, path, guideline.name)


def _defined_there(uses: tuple[ResponseUse, ...], path: Path, scope: str) -> Iterator[Entry]:
    for position, use in enumerate(uses):
        if isinstance(use, CannedResponse):
            yield _response(use, (*path, "canned_responses", position, use.name), scope)


def _response(response: CannedResponse, path: Path, scope: str) -> Entry:
    return Entry(response.name, "response", response, path, scope, response.template)


def _of_journey(journey: Journey) -> Iterator[Entry]:
    path: Path = ("journeys", journey.name)
    yield Entry(journey.name, "journey", journey, path, said=journey.title or journey.description)
    yield from _scoped(journey, path, journey.name)
    for state in journey.states:
        key, place = f"{journey.name}.{state.name}", (*path, "states", state.name)
        yield Entry(key, "state", state, place, journey.name, words_of(state))
        yield from _defined_there(state.canned_responses, place, key)


def words_of(state: State) -> str:
    """What a state does, in a few words."""
    if state.tool is not None:
        return f"calls {state.tool}"
    if state.journey is not None:
        return f"goes through {state.journey}"
    return state.chat or "decides where to go"


def _known(agent: Agent) -> Iterator[Entry]:
    for variable in agent.variables:
        yield Entry(variable.name, "variable", variable, ("variables", variable.name), said=variable.description)
    for term in agent.glossary:
        yield Entry(term.id, "term", term, ("glossary", term.id), said=term.description or term.name)
    for capability in agent.capabilities:
        said = capability.title or capability.description
        yield Entry(capability.name, "capability", capability, ("capabilities", capability.name), said=said)
    for customer in agent.customers:
        yield Entry(customer.id, "customer", customer, ("customers", customer.id), said=customer.name)


def _tags(agent: Agent) -> dict[str, tuple[str, ...]]:
    """Every tag that something bears or that something names, with its bearers."""
    found: dict[str, dict[str, None]] = {tag: {} for tag in agent.tags}
    for bearer in _tagged(agent):
        for tag in bearer.tags:
            key = bearer.id if isinstance(bearer, Customer) else bearer.name
            found.setdefault(tag, {})[key] = None
    named = [party for line in agent.relationships for party in (line.source, *line.targets)]
    named += [who for variable in agent.variables for who in variable.values_for]
    for name in named:
        if name.startswith(TAG):
            found.setdefault(name.removeprefix(TAG), {})
    return {tag: tuple(bearers) for tag, bearers in found.items()}


def _tagged(agent: Agent) -> Iterator[Observation | Journey | CannedResponse | Customer]:
    yield from (guideline for guideline, _ in agent.scoped_guidelines())
    yield from agent.journeys
    yield from (response for response, _ in agent.scoped_responses())
    yield from agent.customers
