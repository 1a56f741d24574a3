"""What holds for every set of relationships, over generated agents."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.agent.model import Agent, Guideline, Journey, Observation, Relationship, RelationshipKind, State
from engine.turn.relationships import TAG, resolve
from engine.turn.results import Result

NAMES = tuple("abcdefghij")
TAGS = ("t", "u")
JOURNEYS = ("j", "k")
ENDS = (*NAMES, *JOURNEYS, *(TAG + tag for tag in TAGS))
GATES = (RelationshipKind.EXCLUDES, RelationshipKind.DEPENDS_ON, RelationshipKind.ENTAILS)


@st.composite
def lines(draw: Any, kinds: tuple[RelationshipKind, ...] = GATES) -> list[Relationship]:
    found = []
    for _ in range(draw(st.integers(0, 9))):
        kind = draw(st.sampled_from(kinds))
        targets = tuple(draw(st.lists(st.sampled_from(ENDS), min_size=1, max_size=3, unique=True)))
        any_of = kind is RelationshipKind.DEPENDS_ON and draw(st.booleans())
        found.append(Relationship(kind=kind, source=draw(st.sampled_from(ENDS)), targets=targets, any_of=any_of))
    return found


@st.composite
def agents(draw: Any, priorities: bool = True) -> Agent:
    tags = st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple)
    levels = st.sampled_from((0, 0, 0, 1, -1)) if priorities else st.just(0)
    own = [
        Guideline(name=name, condition=name, action=name, tags=draw(tags), priority=draw(levels)) for name in NAMES[:6]
    ]
    seen = [Observation(name=name, condition=name, tags=draw(tags), priority=draw(levels)) for name in NAMES[6:8]]
    scoped = [Guideline(name=name, condition=name, action=name, priority=draw(levels)) for name in NAMES[8:]]
    journeys = tuple(
        Journey(
            name=name, tags=draw(tags), priority=draw(levels), states=(State(name="s", chat="x"),), guidelines=(home,)
        )
        for name, home in zip(JOURNEYS, scoped, strict=True)
    )
    return Agent(
        name="A",
        guidelines=tuple(own),
        observations=tuple(seen),
        journeys=journeys,
        relationships=tuple(draw(lines())),
    )


@st.composite
def situations(draw: Any, priorities: bool = True) -> tuple[Agent, dict[str, float], list[str]]:
    """An agent, what is matched of it, and what of it is usable; a journey's guideline only with its journey."""
    agent = draw(agents(priorities))
    usable = [name for name in (*NAMES[6:8], *NAMES[:6], *JOURNEYS) if draw(st.integers(0, 5))]
    matched = {name: draw(st.sampled_from((0.5, 0.7, 0.9))) for name in usable if draw(st.booleans())}
    for journey in agent.journeys:
        if journey.name in matched:
            usable.append(journey.guidelines[0].name)
            if draw(st.booleans()):
                matched[journey.guidelines[0].name] = 0.8
    return agent, matched, usable


def bearers(agent: Agent, name: str) -> set[str]:
    return {name, *(TAG + tag for tag, members in agent.tagged.items() if name in members)}


def members(agent: Agent, written: str) -> tuple[str, ...]:
    return agent.tagged.get(written[len(TAG) :], ()) if written.startswith(TAG) else (written,)


def is_met(agent: Agent, name: str, need: Relationship, survivors: set[str], usable: set[str]) -> bool:
    def one(target: str) -> bool:
        if target == name:
            return True
        if not target.startswith(TAG):
            return target in survivors
        there = [member for member in members(agent, target) if member in usable]
        if need.any_of:
            return any(member in survivors for member in there)
        return bool(there) and all(member in survivors for member in there)

    return any(map(one, need.targets)) if need.any_of else all(map(one, need.targets))


@settings(max_examples=150, deadline=None)
@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_relationships_does_not_matter_for_the_survivors(
    situation: tuple[Agent, dict[str, float], list[str]], random: Any
) -> None:
    agent, matched, usable = situation
    shuffled = list(agent.relationships)
    random.shuffle(shuffled)
    other = agent.model_copy(update={"relationships": tuple(shuffled)})
    assert resolve(agent, matched, usable).survivors == resolve(other, matched, usable).survivors


@settings(max_examples=150, deadline=None)
@given(situations())
def test_no_survivor_lacks_a_dependency(situation: tuple[Agent, dict[str, float], list[str]]) -> None:
    agent, matched, usable = situation
    survivors = set(resolve(agent, matched, usable).survivors)
    for name in survivors:
        for need in agent.relationships:
            if need.kind is RelationshipKind.DEPENDS_ON and need.source in bearers(agent, name):
                assert is_met(agent, name, need, survivors, set(usable)), f"{name}: {need}"
    for journey in agent.journeys:
        if journey.guidelines[0].name in survivors:
            assert journey.name in survivors


@settings(max_examples=150, deadline=None)
@given(situations())
def test_nothing_is_excluded_without_an_excluder_that_was_matched_or_entailed(
    situation: tuple[Agent, dict[str, float], list[str]],
) -> None:
    agent, matched, usable = situation
    resolution = resolve(agent, matched, usable)
    for outcome in resolution.removed:
        if outcome.result is Result.EXCLUDED:
            (by,) = outcome.counterpart
            assert by != outcome.entity
            assert by in matched or is_entailed(agent, by)
            assert any(
                line.kind is RelationshipKind.EXCLUDES
                and line.source in bearers(agent, by)
                and any(outcome.entity in members(agent, target) for target in line.targets)
                for line in agent.relationships
            )


def is_entailed(agent: Agent, name: str) -> bool:
    lines_of = [line for line in agent.relationships if line.kind is RelationshipKind.ENTAILS]
    return any(name in members(agent, target) for line in lines_of for target in line.targets)


@settings(max_examples=150, deadline=None)
@given(situations())
def test_everything_matched_survives_or_has_exactly_one_reason(
    situation: tuple[Agent, dict[str, float], list[str]],
) -> None:
    agent, matched, usable = situation
    resolution = resolve(agent, matched, usable)
    gone = [outcome.entity for outcome in resolution.removed]
    assert len(gone) == len(set(gone))
    assert set(matched) <= set(gone) | set(resolution.survivors)
    assert not set(gone) & set(resolution.survivors)
    assert all(outcome.why and outcome.counterpart for outcome in resolution.removed)


@settings(max_examples=150, deadline=None)
@given(situations(priorities=False))
def test_another_run_over_the_survivors_changes_nothing(
    situation: tuple[Agent, dict[str, float], list[str]],
) -> None:
    agent, matched, usable = situation
    first = resolve(agent, matched, usable)
    gone = {outcome.entity for outcome in first.removed}
    again = resolve(agent, dict.fromkeys(first.survivors, 0.5), [name for name in usable if name not in gone])
    assert set(again.survivors) == set(first.survivors)
    assert again.removed == ()


@settings(max_examples=150, deadline=None)
@given(situations())
def test_what_is_entailed_or_survives_is_usable_and_scores_come_from_its_sources(
    situation: tuple[Agent, dict[str, float], list[str]],
) -> None:
    agent, matched, usable = situation
    resolution = resolve(agent, matched, usable)
    entailed: Mapping[str, str] = resolution.entailed
    for name, source in entailed.items():
        assert name in usable
        assert name not in matched
        assert name in resolution.survivors
        assert is_entailed(agent, name)
        assert source in matched or source in entailed or is_entailed(agent, source)


@settings(max_examples=100, deadline=None)
@given(situations(), lines((RelationshipKind.DISAMBIGUATES,)), st.randoms(use_true_random=False))
def test_ambiguous_things_never_survive_and_never_stand_alone(
    situation: tuple[Agent, dict[str, float], list[str]], questions: list[Relationship], random: Any
) -> None:
    agent, matched, usable = situation
    asking = agent.model_copy(update={"relationships": (*agent.relationships, *questions)})
    resolution = resolve(asking, matched, usable)
    aside = [outcome.entity for outcome in resolution.removed if outcome.result is Result.AMBIGUOUS]
    assert bool(aside) == bool(resolution.clarify)
    assert len(aside) != 1
    assert set(resolution.clarify) <= set(aside)
    assert not set(aside) & set(resolution.survivors)
    gone = [outcome.entity for outcome in resolution.removed]
    assert len(gone) == len(set(gone))
    shuffled = list(asking.relationships)
    random.shuffle(shuffled)
    other = asking.model_copy(update={"relationships": tuple(shuffled)})
    assert resolve(other, matched, usable).survivors == resolution.survivors
