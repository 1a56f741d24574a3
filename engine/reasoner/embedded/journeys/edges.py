"""Whether a conditional transition holds: yes and no, something found, or the words of its condition."""

from __future__ import annotations

from engine.agent.model import State, Transition
from engine.reasoner.base import Condition, EdgeJudgement
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.journeys.purposes import Aim, Purpose, answer_in, has_own_shape, met_by, purpose_of
from engine.reasoner.embedded.judging.conditions import Clause, Frame, Subject, read
from engine.reasoner.embedded.judging.matching import Matcher
from engine.reasoner.embedded.language.acts import Act, reply, spoken
from engine.reasoner.embedded.language.features import rarity
from engine.reasoner.embedded.language.finding import has_shape, short_answer
from engine.reasoner.embedded.language.lexicon import leading
from engine.reasoner.embedded.language.negation import negates
from engine.reasoner.embedded.language.sentences import asks_for_facts, is_yes_no_question, sentences
from engine.reasoner.embedded.language.stemming import related
from engine.reasoner.embedded.language.topics import telling_stems, text_stems, weights
from engine.reasoner.embedded.responses.fit import opposed

_READ_AS_ANSWER = 0.9
_VALUE_AS_YES = 0.7
_OTHERWISE = 0.3
_DECIDING_SHARE = 0.5
_SMALL = 1.0
"""Rarer words than this tell by themselves what a condition is about."""


class EdgeJudge:
    """Judges the transitions out of a state against each other."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def judge(self, state: State, conversation: Conversation) -> list[EdgeJudgement]:
        """Judge every conditional transition of a state, in their order.

        Args:
            state: The state they lead out of.
            conversation: What was said and what is known.

        Returns:
            One judgement for each; an `otherwise` holds when the customer answered and nothing else does.
        """
        readable = _answers_are_read(state, conversation)
        found = _by_small_words(state, conversation)
        if not any(edge.holds for edge in found):
            found = [self._edge(state, edge, conversation, readable) for edge in state.next if edge.condition]
        if not any(edge.holds for edge in found):
            found = _by_difference(state, found, conversation)
        answered = bool(conversation.latest) and not any(edge.holds for edge in found)
        return [
            EdgeJudgement(edge.source, edge.to, edge.condition, answered, _OTHERWISE, "nothing else holds")
            if leading("otherwise").fullmatch(spoken(edge.condition))
            else edge
            for edge in found
        ]

    def _edge(self, state: State, edge: Transition, conversation: Conversation, readable: bool) -> EdgeJudgement:
        condition = edge.condition or ""
        if readable:
            answer = _by_answer(state, condition, conversation)
            unread = bool(edge.examples) and reply(conversation.latest) is None
            if answer is not None and (answer[0] or not unread):
                holds, score, why = answer
                return EdgeJudgement(state.name, edge.to, condition, holds, score, why)
        whole = Condition(f"{state.name}->{edge.to}", condition, edge.examples, edge.counterexamples)
        judgement = self._matcher.match([whole], conversation)[0]
        given = "" if judgement.holds else _given_just_now(state, condition, conversation)
        if given:
            return EdgeJudgement(state.name, edge.to, condition, True, _VALUE_AS_YES, f"“{given}” was chosen")
        fresh = judgement.fresh or judgement.rule in {"data", "agent"} or state.kind != "chat"
        why = judgement.why if fresh else f"only earlier: {judgement.why}"
        return EdgeJudgement(state.name, edge.to, condition, judgement.holds and fresh, judgement.score, why)


def _by_small_words(state: State, conversation: Conversation) -> list[EdgeJudgement]:
    """Conditions that differ in a frequent word alone (`they are on`, `they are off`), by that word in the answer."""
    edges = [
        EdgeJudgement(state.name, edge.to, edge.condition, False, 0.0, "") for edge in state.next if edge.condition
    ]
    contents = [_words_of(edge.condition) for edge in edges]
    small = state.kind == "chat" and all(content and all(map(_is_small, content)) for content in contents)
    return _by_difference(state, edges, conversation) if small else []


def _is_small(stem: str) -> bool:
    return rarity(stem) < _SMALL


def _by_difference(state: State, edges: list[EdgeJudgement], conversation: Conversation) -> list[EdgeJudgement]:
    """Transitions that nothing else decides, by the words in which their conditions differ.

    `it's a business trip` decides between `travels on business` and `travels privately`. In a fork, earlier messages
    count where the latest says nothing of it.
    """
    contents = [_words_of(edge.condition) for edge in edges]
    shared = frozenset.intersection(*contents) if contents else frozenset()
    own = [content - shared for content in contents]
    if len(edges) < 2 or not all(own):
        return edges
    earlier = [said.text for said in reversed(conversation.before) if said.speaker == "customer"]
    for message in [conversation.latest, *(earlier if state.kind == "fork" else [])]:
        judged = [_by_words(edge, words, message) for edge, words in zip(edges, own, strict=True)]
        if any(edge.holds for edge in judged):
            return judged
    return edges


def _words_of(condition: str) -> frozenset[str]:
    return frozenset(stem for clause in read(condition).clauses for stem, _ in weights(clause.content))


def _by_words(edge: EdgeJudgement, words: frozenset[str], message: str) -> EdgeJudgement:
    stemmed = text_stems(message)
    said = frozenset(one for one in words if any(related(one, other) for other in stemmed))
    denied = any(negates(sentence, said) for sentence in sentences(message))
    asked = all(asks_for_facts(sentence) for sentence in sentences(message))
    total = sum(rarity(one) for one in words)
    share = round(sum(rarity(one) for one in sorted(said)) / total, 4) if total else 0.0
    holds = share >= _DECIDING_SHARE and not denied and not asked
    why = f"of all conditions “{message}” speaks of this one" if holds else edge.why
    return EdgeJudgement(edge.source, edge.to, edge.condition, holds, share if holds else edge.score, why)


def _answers_are_read(state: State, conversation: Conversation) -> bool:
    """Yes and no are read where they were asked for, or where the transitions are complementary."""
    if state.kind != "chat":
        return False
    asked = purpose_of(state).aim in {Aim.ASKS_WHETHER, Aim.CONFIRMS, Aim.OFFERS}
    return asked or is_yes_no_question(conversation.agent_said) or _complementary(state)


def _complementary(state: State) -> bool:
    stances = [stance for stance in (_stance(edge.condition or "", purpose_of(state)) for edge in state.next) if stance]
    return Act.AGREES in stances and Act.REFUSES in stances


def _stance(condition: str, purpose: Purpose) -> Act | None:
    """The answer that a condition stands for: agrees, refuses, does not know; None when it says more."""
    clauses = read(condition).clauses
    if len(clauses) != 1:
        return None
    clause = clauses[0]
    if clause.frame is Frame.ACT and clause.act in {Act.AGREES, Act.REFUSES, Act.UNSURE}:
        turned = clause.act is Act.AGREES and clause.negated
        return Act.REFUSES if turned else clause.act
    plain = leading("stance").fullmatch(spoken(condition))
    if plain:
        return Act.AGREES if plain["yes"] else Act.REFUSES
    if clause.subject is not Subject.CUSTOMER or not _about_the_question(clause, purpose):
        return None
    negative = clause.negated or clause.frame is Frame.LACKS or _is_the_opposite(clause, purpose)
    return Act.REFUSES if negative else Act.AGREES


def _is_the_opposite(clause: Clause, purpose: Purpose) -> bool:
    """`they are off`, where it was asked whether they are on."""
    own, asked = text_stems(clause.content), text_stems(purpose.noun)
    return own.isdisjoint(asked) and opposed(clause.content, purpose.noun)


def _about_the_question(clause: Clause, purpose: Purpose) -> bool:
    """Whether a clause says no more than what a state asks (`they want a drink` for `ask if they want any drinks`)."""
    if clause.frame not in {Frame.IS, Frame.WANTS, Frame.LACKS, Frame.DONE}:
        return False
    if purpose.aim not in {Aim.ASKS_WHETHER, Aim.CONFIRMS, Aim.OFFERS}:
        return not clause.content
    own, asked = telling_stems(clause.content), telling_stems(purpose.noun)
    return all(any(related(one, other) for other in asked) for one in own)


def _by_answer(state: State, condition: str, conversation: Conversation) -> tuple[bool, float, str] | None:
    """A condition that stands for an answer, judged by the customer's; no answer holds for none of them."""
    purpose = purpose_of(state)
    stance = _stance(condition, purpose)
    if stance is None:
        return None
    message = conversation.latest
    answer = reply(message)
    if answer is Act.UNSURE and stance is not Act.UNSURE and purpose.of_knowing:
        answer = Act.REFUSES
    if answer is None:
        return _by_value(state, stance, purpose, conversation)
    why = f"the customer {answer.value}: “{message}”"
    return answer is stance, _READ_AS_ANSWER if answer is stance else 0.0, why


def _by_value(state: State, stance: Act, purpose: Purpose, conversation: Conversation) -> tuple[bool, float, str]:
    """`Rome` to `do you have a destination in mind?` is a yes; so is what was said before the question."""
    met = met_by(purpose, conversation)
    named = purpose.of_naming or has_own_shape(purpose, conversation)
    value = (answer_in(purpose, conversation) if named else "") or (met.quote if met else "")
    if value and stance is Act.AGREES and purpose.aim is Aim.ASKS_WHETHER:
        return True, _VALUE_AS_YES, f"“{value}” answers {state.name}"
    return False, 0.0, f"“{conversation.latest}” is neither yes nor no"


def _given_just_now(state: State, condition: str, conversation: Conversation) -> str:
    """`topping selected` after the agent asked for one: a few words of any kind are the selection."""
    clauses = read(condition).clauses
    given = len(clauses) == 1 and clauses[0].frame is Frame.GIVES and not clauses[0].negated
    if not given or state.kind != "chat" or has_shape(clauses[0].content, conversation):
        return ""
    return short_answer(conversation.latest)
