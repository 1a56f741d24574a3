"""What it costs to find out who survives the relationships of a large agent."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from benchmarks.measure import Figure, figure, seconds
from engine.agent.model import Agent, Guideline, Journey, Observation, Relationship, RelationshipKind, State
from engine.turn.relationships import Stands, resolve

GUIDELINES = 5_000
LINES = 2_500
TAGS = tuple(f"tag_{number}" for number in range(40))
KINDS = (
    *(RelationshipKind.EXCLUDES,) * 4,
    *(RelationshipKind.DEPENDS_ON,) * 4,
    *(RelationshipKind.ENTAILS,) * 2,
    RelationshipKind.DISAMBIGUATES,
)


def figures() -> Iterator[Figure]:
    """Resolving with a tenth of everything matched, with everything matched, and for the first time."""
    agent = large_agent()
    what = f"relationships: {GUIDELINES:,} guidelines, {LINES:,} mixed"
    for matched, goal in ((500, 20.0), (GUIDELINES, 60.0)):
        situation = matches(agent, matched)
        taken = seconds(
            lambda situation=situation: resolve(agent, *situation[:2], stands=situation[2]), runs=9, warmup=2
        )
        yield figure(
            f"{what}, {'all' if matched == GUIDELINES else matched} matched", [t * 1000 for t in taken], "ms", goal
        )
    first = seconds(lambda: resolve(large_agent(), *matches(agent, 500)[:2]), runs=3)
    made = seconds(large_agent, runs=3)
    yield figure(f"{what}, at first", [(t - min(made)) * 1000 for t in first], "ms", 150.0)


def large_agent() -> Agent:
    """An agent with so many guidelines, some in journeys and some tagged, and lines of every kind among them."""
    random = Random(2_500)
    things = [_guideline(random, number) for number in range(GUIDELINES)]
    journeys = tuple(
        Journey(
            name=f"journey_{number}",
            tags=(random.choice(TAGS),),
            states=(State(name="first", chat="Ask."), State(name="second", chat="Tell.")),
            guidelines=tuple(own for own in things[4_000 + number * 20 :][:20] if isinstance(own, Guideline)),
        )
        for number in range(50)
    )
    return Agent(
        name="Large",
        observations=tuple(own for own in things[:4_000] if not isinstance(own, Guideline)),
        guidelines=tuple(own for own in things[:4_000] if isinstance(own, Guideline)),
        journeys=journeys,
        relationships=tuple(_line(random) for _ in range(LINES)),
    )


def _guideline(random: Random, number: int) -> Observation:
    tags = (random.choice(TAGS),) if number % 10 == 0 else ()
    if number % 5 == 0 and number < 4_000:
        return Observation(name=f"thing_{number}", condition="x", tags=tags)
    return Guideline(name=f"thing_{number}", condition="x", action="y", tags=tags)


def _line(random: Random) -> Relationship:
    """A line from one thing to later ones, so that no cycle comes about; some name tags, journeys or states."""
    kind = random.choice(KINDS)
    source = random.randrange(GUIDELINES - 60)
    targets = [f"thing_{random.randrange(source + 1, GUIDELINES)}" for _ in range(random.choice((1, 1, 2, 3)))]
    chance = random.random()
    if chance < 0.04:
        targets[0] = f"tag:{random.choice(TAGS)}"
    elif chance < 0.10:
        targets[0] = f"journey_{random.randrange(50)}"
    elif chance < 0.13 and kind in (RelationshipKind.EXCLUDES, RelationshipKind.DEPENDS_ON):
        targets[0] = f"journey_{random.randrange(50)}.first"
    any_of = kind is RelationshipKind.DEPENDS_ON and len(targets) > 1 and random.random() < 0.5
    return Relationship(kind=kind, source=f"thing_{source}", targets=tuple(targets), any_of=any_of)


def matches(agent: Agent, count: int) -> tuple[dict[str, float], list[str], Stands]:
    """So many matches spread over an agent, with all journeys active; what is usable; and where the journeys stand."""
    random = Random(count)
    names = [own.name for own, _ in agent.scoped_guidelines()]
    journeys = [journey.name for journey in agent.journeys]
    chosen = set(random.sample(names, min(count, len(names))))
    matched = {name: random.choice((0.5, 0.7, 0.9)) for name in names if name in chosen}
    states = {name: f"{name}.first" for name in journeys}
    return {**matched, **dict.fromkeys(journeys, 1.0)}, [*names, *journeys], Stands(states)
