"""What holds for every set of relationships: tags, `any of`, priorities, journeys, states and what is switched off."""

from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from plain_resolver import PlainResolver

from engine.agent.model import Agent, Guideline, Journey, Observation, Relationship, RelationshipKind, State
from engine.turn.relationships import TAG, Stands, members_of, resolve
from engine.turn.results import Outcome, Result
from engine.turn.trace import Resolution

NAMES = tuple("abcdefghij")
TAGS = ("t", "u")
JOURNEYS = ("y", "z")
STATES = ("y.s", "y.r", "z.s")
ENDS = (*NAMES, *JOURNEYS, *STATES, *(TAG + tag for tag in TAGS))
GATES = (RelationshipKind.EXCLUDES, RelationshipKind.DEPENDS_ON, RelationshipKind.ENTAILS)


@dataclass(frozen=True)
class Situation:
    """An agent, what of it is matched and usable, and where its journeys stand."""

    agent: Agent
    matched: dict[str, float]
    usable: tuple[str, ...]
    states: dict[str, str] = field(default_factory=dict)

    def resolve(self) -> Resolution:
        return resolve(self.agent, self.matched, self.usable, stands=Stands(self.states))

    def plain(self) -> PlainResolver:
        named = {name for line in self.agent.relationships for name in (line.source, *line.targets)}
        states = {journey: state for journey, state in self.states.items() if state in named}
        return PlainResolver(self.agent, set(self.matched), set(self.usable), states)

    def with_lines(self, lines: list[Relationship]) -> "Situation":
        return replace(self, agent=self.agent.model_copy(update={"relationships": tuple(lines)}))


@st.composite
def lines(draw: Any, kinds: tuple[RelationshipKind, ...] = GATES) -> list[Relationship]:
    found = []
    for _ in range(draw(st.integers(0, 9))):
        kind = draw(st.sampled_from(kinds))
        enterable = tuple(name for name in ENDS if kind in GATES[:2] or name not in STATES)
        targets = tuple(draw(st.lists(st.sampled_from(enterable), min_size=1, max_size=3, unique=True)))
        any_of = kind is RelationshipKind.DEPENDS_ON and draw(st.booleans())
        sources = NAMES if kind is RelationshipKind.DISAMBIGUATES else ENDS
        found.append(Relationship(kind=kind, source=draw(st.sampled_from(sources)), targets=targets, any_of=any_of))
    return found


@st.composite
def agents(draw: Any, priorities: bool = True) -> Agent:
    tags = st.lists(st.sampled_from(TAGS), max_size=2, unique=True).map(tuple)
    levels = st.sampled_from((0, 0, 0, 1, -1)) if priorities else st.just(0)

    def named(kind: Any, name: str, **more: Any) -> Any:
        return kind(name=name, condition=name, tags=draw(tags), priority=draw(levels), **more)

    scoped = [named(Guideline, name, action=name) for name in NAMES[8:]]
    rooms = (State(name="s", chat="x"), State(name="r", chat="y"))
    journeys = tuple(
        Journey(name=name, tags=draw(tags), priority=draw(levels), states=rooms, guidelines=(home,))
        for name, home in zip(JOURNEYS, scoped, strict=True)
    )
    return Agent(
        name="A",
        guidelines=tuple(named(Guideline, name, action=name) for name in NAMES[:6]),
        observations=tuple(named(Observation, name) for name in NAMES[6:8]),
        journeys=journeys,
        relationships=tuple(draw(lines())),
    )


@st.composite
def situations(draw: Any, priorities: bool = True) -> Situation:
    """Some of everything is disabled (not usable); a journey's guideline is usable only with its journey."""
    agent = draw(agents(priorities))
    usable = [name for name in (*NAMES[6:8], *NAMES[:6], *JOURNEYS) if draw(st.integers(0, 5))]
    matched = {name: draw(st.sampled_from((0.5, 0.7, 0.9))) for name in usable if draw(st.booleans())}
    for journey in agent.journeys:
        if journey.name in matched:
            usable.append(journey.guidelines[0].name)
            if draw(st.booleans()):
                matched[journey.guidelines[0].name] = 0.8
    states = {name: draw(st.sampled_from((f"{name}.s", f"{name}.r"))) for name in JOURNEYS if draw(st.booleans())}
    return Situation(agent, matched, tuple(usable), states)


@settings(max_examples=3 * settings.default.max_examples)
@given(situations())
def test_whoever_survives_by_the_plain_sentences_survives_here(situation: Situation) -> None:
    plain = {name for name in situation.plain().run() if "." not in name}
    assert set(situation.resolve().survivors) == plain


@given(situations(), st.randoms(use_true_random=False))
def test_the_order_of_relationships_and_of_their_targets_does_not_matter_for_the_survivors(
    situation: Situation, random: Any
) -> None:
    shuffled = [
        line.model_copy(update={"targets": tuple(random.sample(line.targets, len(line.targets)))})
        for line in situation.agent.relationships
    ]
    random.shuffle(shuffled)
    assert situation.resolve().survivors == situation.with_lines(shuffled).resolve().survivors


@given(situations())
def test_the_same_input_gives_the_same_result_to_the_letter(situation: Situation) -> None:
    again = situation.with_lines(list(situation.agent.relationships))
    assert repr(situation.resolve()) == repr(again.resolve())


@given(situations())
def test_no_survivor_lacks_a_dependency(situation: Situation) -> None:
    plain = situation.plain()
    plain.run()
    found = situation.resolve()
    out = {outcome.entity for outcome in found.removed}
    states = {plain.states[name] for name in found.survivors if name in plain.states} - out
    for name in found.survivors:
        assert plain.has_what_it_needs(name, {*found.survivors, *states}), name


@given(situations())
def test_nobody_is_excluded_without_an_excluder_that_held_and_met_its_own_dependencies(situation: Situation) -> None:
    plain = situation.plain()
    plain.run()
    ever = plain.supported(plain.matched | plain.entailed)
    for outcome in removed_by(situation.resolve(), Result.EXCLUDED):
        (by,) = outcome.counterpart
        assert by != outcome.entity
        assert by in plain.matched | plain.entailed
        assert by in ever, f"{by} never met its own dependencies"
        assert outcome.entity in plain.excluded_by(by)


def removed_by(resolution: Resolution, result: Result) -> list[Outcome]:
    return [outcome for outcome in resolution.removed if outcome.result is result]


@given(situations())
def test_whatever_is_outranked_names_somebody_higher_that_was_matched(situation: Situation) -> None:
    plain = situation.plain()
    for outcome in removed_by(situation.resolve(), Result.OUTRANKED):
        (by,) = outcome.counterpart
        assert by in situation.matched
        assert outcome.entity in situation.matched
        assert plain.priority(outcome.entity) < plain.priority(by)


@given(situations())
def test_everything_matched_survives_or_has_exactly_one_reason_and_its_counterpart(situation: Situation) -> None:
    found = situation.resolve()
    gone = [outcome.entity for outcome in found.removed]
    assert len(gone) == len(set(gone))
    assert set(situation.matched) <= set(gone) | set(found.survivors)
    assert not set(gone) & set(found.survivors)
    assert all(outcome.why and outcome.counterpart for outcome in found.removed)


@given(situations(priorities=False))
def test_a_further_iteration_changes_nothing(situation: Situation) -> None:
    first = situation.resolve()
    gone = {outcome.entity for outcome in first.removed}
    left = tuple(name for name in situation.usable if name not in gone)
    states = {name: state for name, state in situation.states.items() if state not in gone}
    again = replace(situation, matched=dict.fromkeys(first.survivors, 0.5), usable=left, states=states).resolve()
    assert set(again.survivors) == set(first.survivors)
    assert again.removed == ()


@given(situations())
def test_what_is_entailed_is_usable_and_was_not_matched(situation: Situation) -> None:
    found = situation.resolve()
    for name, source in found.entailed.items():
        assert name in situation.usable
        assert name not in situation.matched
        assert name in found.survivors
        assert source in situation.plain().matched or source in {*found.entailed, *NAMES, *JOURNEYS, *STATES}


@given(situations())
def test_what_is_switched_off_never_takes_part(situation: Situation) -> None:
    found = situation.resolve()
    named = {*found.survivors, *found.entailed, *(outcome.entity for outcome in found.removed)}
    assert {name for name in named if "." not in name} <= set(situation.usable)


@given(situations(), lines((RelationshipKind.DISAMBIGUATES,)), st.randoms(use_true_random=False))
def test_ambiguous_things_never_survive_and_never_stand_alone(
    situation: Situation, questions: list[Relationship], random: Any
) -> None:
    asking = situation.with_lines([*situation.agent.relationships, *questions])
    found = asking.resolve()
    aside = [outcome.entity for outcome in found.removed if outcome.result is Result.AMBIGUOUS]
    assert bool(aside) == bool(found.clarify)
    assert len(aside) != 1
    assert set(found.clarify) <= set(aside)
    assert not set(aside) & set(found.survivors)
    gone = [outcome.entity for outcome in found.removed]
    assert len(gone) == len(set(gone))
    shuffled = list(asking.agent.relationships)
    random.shuffle(shuffled)
    assert asking.with_lines(shuffled).resolve().survivors == found.survivors


@given(situations(), lines((RelationshipKind.DISAMBIGUATES,)))
def test_whatever_is_asked_about_survived_everything_else(situation: Situation, questions: list[Relationship]) -> None:
    asking = situation.with_lines([*situation.agent.relationships, *questions])
    found, without = asking.resolve(), situation.resolve()
    if found.clarify:
        assert found.clarify_by in without.survivors
        assert set(found.clarify) <= set(without.survivors)
        targets = {
            name
            for line in questions
            if line.source == found.clarify_by
            for written in line.targets
            for name in members_of(asking.agent, written)
        }
        assert set(found.clarify) <= targets
