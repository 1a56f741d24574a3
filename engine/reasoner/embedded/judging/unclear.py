"""Conditions of the kind `it isn't clear which kind`: the topic is named, but none of the alternatives.

The alternatives are those that the condition lists (`a new trip or a booked one`), else the targets that its
observation disambiguates. Where there are neither, a message is unclear when it says nothing but the topic.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.agent.model import Agent, Journey, Observation, RelationshipKind
from engine.reasoner.base import Condition
from engine.reasoner.embedded.judging.clauses import Ruling
from engine.reasoner.embedded.judging.conditions import Clause, Frame, Reading, read
from engine.reasoner.embedded.judging.heard import Heard
from engine.reasoner.embedded.language.stemming import related
from engine.reasoner.embedded.language.topics import telling_stems, text_stems, weights


def judge_unclear(clause: Clause, condition: Condition, reading: Reading, heard: Heard) -> Ruling:
    """Judge whether it is open which alternative the customer means.

    Args:
        clause: The clause that says that something is unclear.
        condition: The condition it stands in; its name finds what it disambiguates.
        reading: The whole condition, whose other clauses name the topic.
        heard: What the customer said.

    Returns:
        A ruling of the rule `unclear`.
    """
    listed = _alternatives(clause.pieces[1:])
    alternatives = listed if len(listed) > 1 else _targets(condition.of, heard.conversation.agent)
    said = text_stems(heard.latest)
    shared = _shared(alternatives)
    topic = _topic(reading) or shared
    if not _says(said, topic):
        return _ruling(False, "the customer does not speak of it")
    if len(alternatives) > 1:
        named = [one - shared for one in alternatives if _says(said, one - shared)]
        if len(named) == 1:
            return _ruling(False, f"the customer says which one: “{heard.latest}”")
        return _ruling(True, f"“{heard.latest}” names none of the alternatives" if not named else "it names several")
    extra = sorted(stem for stem in telling_stems(heard.latest) if not any(related(stem, one) for one in topic))
    if extra:
        return _ruling(False, f"the customer says more than the topic: “{heard.latest}”")
    return _ruling(True, f"“{heard.latest}” does not say which one")


def _alternatives(pieces: Sequence[str]) -> list[frozenset[str]]:
    """The words of each listed alternative; `a booked one` is one of what the first alternative ends with."""
    found: list[frozenset[str]] = []
    meant: list[str] = []
    for piece in pieces:
        content = read(piece).clauses[0].content or piece
        stemmed = [stem for stem, _ in weights(content)]
        if "one" in content.split():
            stemmed = [*(stem for stem in stemmed if stem != "on"), *meant]
        meant = stemmed[-1:]
        found.append(frozenset(stemmed))
    return found


def _ruling(holds: bool, why: str) -> Ruling:
    return Ruling(holds, 1.0 if holds else 0.0, 0.5, "unclear", why, confidence="close")


def _says(said: frozenset[str], wanted: frozenset[str]) -> bool:
    return any(related(one, other) for one in wanted for other in said)


def _shared(alternatives: Sequence[frozenset[str]]) -> frozenset[str]:
    """The words common to all alternatives: what they are alternatives of."""
    if not alternatives:
        return frozenset()
    first, *others = alternatives
    return frozenset(stem for stem in first if all(any(related(stem, one) for one in other) for other in others))


def _topic(reading: Reading) -> frozenset[str]:
    """What the condition's other clauses are about."""
    contents = [clause.content for clause in reading.clauses if clause.frame is not Frame.UNCLEAR]
    return frozenset(stem for content in contents for stem, _ in weights(content))


def _targets(of: str, agent: Agent) -> list[frozenset[str]]:
    """The words of each target that this condition's observation disambiguates."""
    lines = [line for line in agent.relationships if line.source == of]
    targets = [name for line in lines if line.kind is RelationshipKind.DISAMBIGUATES for name in line.targets]
    return [words for words in (_words_of(agent.things.get(name)) for name in targets) if words]


def _words_of(thing: object) -> frozenset[str]:
    if isinstance(thing, Observation):
        texts: tuple[str, ...] = (thing.condition,)
    elif isinstance(thing, Journey):
        texts = (thing.title, *thing.conditions)
    else:
        return frozenset()
    return frozenset(stem for text in texts for clause in read(text).clauses for stem in telling_stems(clause.content))
