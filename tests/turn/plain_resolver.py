"""The sentences about relationships once more, as plainly as they can be written, to compare the resolver with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.agent.model import Agent, Journey, Relationship, RelationshipKind


def members(agent: Agent, written: str) -> tuple[str, ...]:
    return agent.tagged.get(written[4:], ()) if written.startswith("tag:") else (written,)


@dataclass
class PlainResolver:
    """Sets of names, all lines looked at each time; no order, no scores, no reasons."""

    agent: Agent
    matched: set[str]
    usable: set[str]
    states: Mapping[str, str] = field(default_factory=dict)
    entailed: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)

    def run(self) -> set[str]:
        """Who survives, with the states."""
        self.matched |= {self.states[name] for name in self.matched & self.states.keys()}
        while True:
            before = (len(self.entailed), len(self.removed))
            able = self.supported(self.present)
            self.removed |= {target for source in able for target in self.excluded_by(source) if target in able}
            able -= self.removed
            levels = {name: self.priority(name) for name in able & self.matched if "." not in name}
            self.removed |= {name for name, level in levels.items() if level < max(levels.values())}
            able = self.supported(self.present)
            self.entailed |= {target for source in able for target in self.brought_in_by(source)}
            if (len(self.entailed), len(self.removed)) == before:
                return self.supported(self.present)

    @property
    def present(self) -> set[str]:
        return (self.matched | self.entailed) - self.removed

    def lines(self, kind: RelationshipKind, source: str) -> Iterable[Relationship]:
        return (
            line
            for line in self.agent.relationships
            if line.kind is kind and source in members(self.agent, line.source)
        )

    def excluded_by(self, source: str) -> set[str]:
        written = (name for line in self.lines(RelationshipKind.EXCLUDES, source) for name in line.targets)
        return {target for name in written for target in members(self.agent, name)} - {source}

    def brought_in_by(self, source: str) -> set[str]:
        written = (name for line in self.lines(RelationshipKind.ENTAILS, source) for name in line.targets)
        found = {target for name in written for target in members(self.agent, name)} & self.usable
        return found | {self.states[name] for name in found if name in self.states}

    def supported(self, names: set[str]) -> set[str]:
        """The greatest part of some names in which everybody has what they depend on."""
        left = set(names)
        while lacking := {name for name in left if not self.has_what_it_needs(name, left)}:
            left -= lacking
        return left

    def has_what_it_needs(self, name: str, there: set[str]) -> bool:
        home = self.home(name)
        return (home is None or home in there) and all(
            self.met(name, line, there) for line in self.lines(RelationshipKind.DEPENDS_ON, name)
        )

    def met(self, name: str, line: Relationship, there: set[str]) -> bool:
        answers = []
        for target in line.targets:
            named = [one for one in members(self.agent, target) if one in self.usable or not target.startswith("tag:")]
            stands = [one in there and self.state_stands(one, there) for one in named]
            answers.append(target == name or (any(stands) if line.any_of else bool(stands) and all(stands)))
        return any(answers) if line.any_of else all(answers)

    def state_stands(self, name: str, there: set[str]) -> bool:
        state = self.states.get(name)
        return state is None or state not in self.matched | self.entailed or state in there

    def home(self, name: str) -> str | None:
        if "." in name:
            return name.split(".")[0]
        return next(
            (journey.name for own, journey in self.agent.scoped_guidelines() if own.name == name and journey), None
        )

    def priority(self, name: str) -> int:
        thing = self.agent.things[self.home(name) or name]
        return int(thing.priority) if hasattr(thing, "priority") else 0

    def is_journey(self, name: str) -> bool:
        return isinstance(self.agent.things.get(name), Journey)
