"""Which conditions hold: examples word for word, the clauses' own rules, then nearness to the examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from engine.reasoner.base import Condition, Confidence, Judgement
from engine.reasoner.conversation import Conversation
from engine.reasoner.embedded.judging.calibration import (
    FEW,
    Examples,
    length_of,
    prepare,
    score,
    threshold,
)
from engine.reasoner.embedded.judging.choosing import choice
from engine.reasoner.embedded.judging.clauses import (
    ABOUT_WORDS,
    ANSWERS,
    Ruling,
    before,
    certain,
    claim_keys,
    is_by_words_alone,
    judge_clause,
    objection,
)
from engine.reasoner.embedded.judging.conditions import Clause, Frame, Reading, Subject, read
from engine.reasoner.embedded.judging.deeds import another_object, another_verb
from engine.reasoner.embedded.judging.heard import ANY_KEY, EARLIER_WEIGHT, Heard, hear, keys_of
from engine.reasoner.embedded.judging.unclear import judge_unclear
from engine.reasoner.embedded.language.acts import spoken
from engine.reasoner.embedded.language.sentences import asks_for_facts, is_question, only_asks
from engine.reasoner.embedded.language.similarity import Similarity
from engine.reasoner.embedded.language.topics import telling_stems

_CLEAR_BY = 0.1
_BESIDE_EXAMPLES = 0.55
"""What a condition's own words need where it has enough examples to go by."""

_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A condition, read and numbered once.

    `examples` are what messages are compared with: by meaning, a condition that has none is `bare` and compared by its
    own text, with its frame and without. `own` are the numbers of all that stands for the condition, and `words` those
    of what stands for it in words.
    """

    reading: Reading
    examples: Examples
    bare: bool
    against: Examples
    verbatim: Mapping[str, str]
    verbatim_against: Mapping[str, str]
    own: frozenset[int]
    words: frozenset[int]
    keys: frozenset[str]
    claims: frozenset[str]
    only_words: bool
    dull: Judgement


class Matcher:
    """Judges conditions. What it prepares is remembered by content, so an edit of one condition prepares only that."""

    def __init__(self, similarity: Similarity) -> None:
        self._similarity = similarity
        self._scale = similarity.scale
        self._prepared: dict[Condition, _Prepared] = {}
        self._by_identity: dict[int, tuple[Condition, _Prepared]] = {}
        self._thresholds: dict[tuple[str, ...], float] = {}
        self._lengths: dict[tuple[str, ...], float] = {}
        self._heard: Heard | None = None

    @property
    def _far(self) -> Ruling:
        return Ruling(False, 0.0, self._scale.lowest, "similarity", "nothing that the customer said comes near it")

    @cached_property
    def _no_example(self) -> Ruling:
        return Ruling(False, 0.0, self._scale.fallback, "similarity", "no example is near what the customer said")

    def match(self, conditions: Sequence[Condition], conversation: Conversation) -> list[Judgement]:
        """Judge conditions.

        Args:
            conditions: The conditions, with their examples.
            conversation: What was said and what is known.

        Returns:
            One judgement for each condition, in their order.
        """
        prepared = [self._prepare(condition) for condition in conditions]
        heard = self._hear(conversation)
        self._similarity.hear(heard.texts)
        near = _near(self._similarity, heard)
        near_in_words = _near(self._similarity.words, heard) if self._scale.by_meaning else near
        chosen = choice(conversation)
        only_chooses = bool(chosen) and heard.answers
        return [
            _judgement(condition, _chosen(chosen[thing], conversation.latest))
            if chosen and (thing := condition.of.partition("#")[0]) in chosen
            else ready.dull
            if ready.only_words
            and (only_chooses or near_in_words.isdisjoint(ready.words) or heard.keys.isdisjoint(ready.keys))
            and (only_chooses or not self._scale.by_meaning or near.isdisjoint(ready.own))
            and heard.vocabulary.isdisjoint(ready.claims)
            else self._judge(condition, ready, heard)
            for condition, ready in zip(conditions, prepared, strict=True)
        ]

    def raw(self, condition: Condition, conversation: Conversation) -> float:
        """How near the customer's words are to a condition, whatever its threshold; for guesses only."""
        judgement = self.match([condition], conversation)[0]
        return judgement.score if judgement.rule != "negation" else 0.0

    def _hear(self, conversation: Conversation) -> Heard:
        """The conversation cut up; several judgements of one turn are about the same conversation."""
        if self._heard is None or self._heard.conversation is not conversation:
            self._heard = hear(conversation)
        return self._heard

    def _prepare(self, condition: Condition) -> _Prepared:
        known = self._by_identity.get(id(condition))
        if known is not None and known[0] is condition:
            return known[1]
        ready = self._prepared.get(condition)
        if ready is None:
            if len(self._prepared) >= _REMEMBERED:
                self._prepared.clear()
            ready = self._prepared[condition] = self._prepared_anew(condition)
        if len(self._by_identity) >= _REMEMBERED:
            self._by_identity.clear()
        self._by_identity[id(condition)] = (condition, ready)
        return ready

    def _prepared_anew(self, condition: Condition) -> _Prepared:
        reading = read(condition.text)
        only_words = all(is_by_words_alone(clause) for clause in reading.clauses)
        told = only_words and all(clause.frame in ABOUT_WORDS for clause in reading.clauses)
        itself = (condition.text, *(clause.content for clause in reading.clauses if clause.content))
        bare = self._scale.by_meaning and told and not condition.examples
        examples = prepare(itself if bare else condition.examples, self._similarity)
        pieces = [piece for clause in reading.clauses for piece in clause.pieces]
        said = [*pieces, *condition.examples] if not self._scale.by_meaning else pieces
        words = frozenset(map(self._similarity.words.number, said))
        verbatim = frozenset(map(spoken, (*condition.examples, *condition.counterexamples)))
        return _Prepared(
            reading,
            examples,
            bare,
            prepare(condition.counterexamples, self._similarity),
            {spoken(example): example for example in condition.examples},
            {spoken(example): example for example in condition.counterexamples},
            frozenset(examples.numbers) if self._scale.by_meaning else words,
            words,
            frozenset(key for text in said for key in keys_of(text) or (ANY_KEY,)),
            frozenset(key for clause in reading.clauses for key in claim_keys(clause)),
            only_words and "" not in verbatim,
            _judgement(condition, self._far),
        )

    def _judge(self, condition: Condition, ready: _Prepared, heard: Heard) -> Judgement:
        return _judgement(condition, _verbatim(ready, heard) or self._by_rules(condition, ready, heard))

    def _by_rules(self, condition: Condition, ready: _Prepared, heard: Heard) -> Ruling:
        rulings = [(clause, self._clause(clause, condition, ready, heard)) for clause in ready.reading.clauses]
        own = _together([ruling for _, ruling in rulings], ready.reading.any_of)
        if not ready.examples.texts:
            return self._vetoed(own, ready, heard)
        facts = [ruling for clause, ruling in rulings if ruling.rule in {"data", "unclear"} and _is_gate(clause)]
        if not ready.reading.any_of and any(not fact.holds for fact in facts) and len(rulings) > 1:
            return next(fact for fact in facts if not fact.holds)
        by_examples = self._by_examples(ready.reading.clauses[0], ready, heard)
        near_enough = own.score >= _BESIDE_EXAMPLES and by_examples.score >= self._scale.beside
        enough = own.rule != "similarity" or near_enough or len(ready.examples.texts) < FEW
        return self._vetoed(own if enough and _stronger(own, by_examples) else by_examples, ready, heard)

    def _clause(self, clause: Clause, condition: Condition, ready: _Prepared, heard: Heard) -> Ruling:
        if clause.frame is Frame.UNCLEAR:
            return judge_unclear(clause, condition, ready.reading, heard)
        return judge_clause(clause, heard, self._similarity.words)

    def _by_examples(self, clause: Clause, ready: _Prepared, heard: Heard) -> Ruling:
        if clause.frame is Frame.ASKS and heard.answers:
            return ANSWERS
        best = self._nearest(clause, ready, heard.matters)
        still = before(clause, heard)
        if best.holds or not still:
            return best
        earlier = self._nearest(clause, ready, still)
        weighed = round(earlier.score * EARLIER_WEIGHT, 4)
        if not earlier.holds or weighed < earlier.threshold:
            return best
        why = f"an earlier message is near the example “{earlier.nearest}”"
        return replace(
            earlier, score=weighed, fresh=False, why=why, confidence=_sure(weighed, earlier.threshold, ready)
        )

    def _nearest(self, clause: Clause, ready: _Prepared, texts: Sequence[str]) -> Ruling:
        """The ruling on the text that is nearest; one that holds comes before one that does not."""
        best = self._no_example
        for text in texts:
            ruling = self._compared(clause, ready, text)
            if (ruling.holds, ruling.score) > (best.holds, best.score):
                best = ruling
        return best

    def _compared(self, clause: Clause, ready: _Prepared, text: str) -> Ruling:
        at_all_near = self._scale.at_all_near
        if self._similarity.nearer(text, at_all_near).isdisjoint(ready.examples.numbers):
            return self._no_example
        if self._scale.by_meaning and not any(map(str.isalpha, text)):
            return self._no_example
        likenesses = self._likenesses(text, ready.examples)
        if max(likenesses) <= at_all_near:
            return self._no_example
        found = score(likenesses, self._length(ready.examples))
        if found < self._least(ready, text):
            return replace(self._no_example, score=found)
        return self._rule(clause, ready, text, likenesses, found)

    def _rule(self, clause: Clause, ready: _Prepared, text: str, likenesses: Sequence[float], found: float) -> Ruling:
        needed = self._needed(ready, text)
        nearest = ready.examples.texts[likenesses.index(max(likenesses))]
        sure = _sure(found, needed, ready)
        if found < needed:
            why = f"“{nearest}” is the nearest example, but not near enough"
            return Ruling(False, found, needed, "similarity", why, nearest, True, sure)
        another = self._of_another_kind(clause, ready, nearest, text)
        if another:
            return Ruling(False, found, needed, "similarity", another, nearest, True, sure)
        # What means the same in other words is denied by a negation of words that the example need not have.
        denied = telling_stems(text) if self._scale.by_meaning else telling_stems(text) & telling_stems(nearest)
        blocked = objection(clause, nearest, text, denied)
        if blocked:
            return Ruling(False, found, needed, "negation", blocked, nearest, True, sure)
        return Ruling(True, found, needed, "similarity", f"near the example “{nearest}”", nearest, True, sure)

    def _least(self, ready: _Prepared, text: str) -> float:
        """What a score must reach at least, whatever the examples are like."""
        if ready.bare:
            return self._scale.itself
        return round(self._scale.lowest + self._similarity.ordinary(text, ready.examples.texts), 4)

    def _needed(self, ready: _Prepared, text: str) -> float:
        """The score from which a text counts as one of the examples' kind."""
        if ready.bare:
            return self._scale.itself
        return round(self._threshold(ready.examples) + self._similarity.ordinary(text, ready.examples.texts), 4)

    def _of_another_kind(self, clause: Clause, ready: _Prepared, nearest: str, text: str) -> str:
        """Why a text that is near enough still is not of the examples' kind; empty when nothing says so.

        Where meanings are compared, other words may well mean the same thing, but what is asked and what is told are
        near each other whenever they are about the same thing.
        """
        known = (*clause.pieces, *ready.examples.texts)
        another = f"“{text}” is about another thing"
        if clause.frame is not Frame.ASKS and only_asks(text) and not any(map(asks_for_facts, ready.examples.texts)):
            return f"“{text}” only asks"
        if self._scale.by_meaning:
            if clause.frame in {Frame.DONE, Frame.LACKS} and is_question(text) and not is_question(nearest):
                return f"“{text}” is a question, and tells nothing"
            return another if another_verb(known, text) else ""
        if keys_of(nearest) and keys_of(nearest).isdisjoint(keys_of(text)):
            return f"only frequent words are shared with “{nearest}”"
        return another if another_object(known, text) or another_verb(known, text) else ""

    def _likenesses(self, text: str, examples: Examples) -> list[float]:
        scores = self._similarity.to_numbered(text)
        return [round(scores[number], 4) for number in examples.numbers]

    def _length(self, examples: Examples) -> float:
        if examples.texts not in self._lengths:
            self._lengths[examples.texts] = length_of(examples, self._similarity)
        return self._lengths[examples.texts]

    def _threshold(self, examples: Examples) -> float:
        if examples.texts not in self._thresholds:
            self._thresholds[examples.texts] = threshold(examples, self._similarity)
        return self._thresholds[examples.texts]

    def _vetoed(self, ruling: Ruling, ready: _Prepared, heard: Heard) -> Ruling:
        """A counterexample at least as near as the nearest example (or the condition's own words) takes it back.

        What the customer does (is upset, asks for a person) shows in signs that examples need not share, so only a
        counterexample that is near by itself takes that back.
        """
        if not ruling.holds or not ready.against.texts or ruling.rule == "data":
            return ruling
        own, against, quote = 0.0, self._scale.near_by_itself if ruling.rule == "act" else self._scale.lowest, ""
        for text in _where_shown(ruling, heard.parts if ruling.fresh else heard.lasting):
            scores = self._similarity.to_numbered(text)
            own = max(own, *(round(scores[number], 4) for number in sorted(ready.own)))
            for number, counterexample in zip(ready.against.numbers, ready.against.texts, strict=True):
                if scores[number] >= against:
                    against, quote = round(scores[number], 4), counterexample
        if not quote or against < own:
            return ruling
        return replace(ruling, holds=False, rule="counterexample", why=f"nearer to the counterexample “{quote}”")


def _near(similarity: Similarity, heard: Heard) -> frozenset[int]:
    """The numbers of all texts that are at all near to something the customer said."""
    return frozenset().union(*(similarity.nearer(text, similarity.scale.at_all_near) for text in heard.texts))


def _where_shown(ruling: Ruling, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Where an act shows: only what is near the sentences that show it can take it back."""
    if ruling.rule != "act":
        return texts
    return tuple(text for text in texts if ruling.nearest.lower() in spoken(text)) or texts


def _chosen(holds: bool, message: str) -> Ruling:
    """Asked which of several things was meant, the customer said so."""
    why = f"asked which one, the customer said “{message}”"
    return certain(holds, "chosen", why if holds else f"{why}, which is another one", message)


def _verbatim(ready: _Prepared, heard: Heard) -> Ruling | None:
    """An example or a counterexample said word for word, as the message or as one of its sentences."""
    for part in heard.said:
        if part in ready.verbatim_against:
            example = ready.verbatim_against[part]
            return certain(False, "counterexample", f"“{example}” is a counterexample, word for word", example)
    for part in heard.said:
        if part in ready.verbatim:
            example = ready.verbatim[part]
            return certain(True, "example", f"“{example}” is an example, word for word", example)
    return None


def _judgement(condition: Condition, ruling: Ruling) -> Judgement:
    return Judgement(
        condition.of,
        ruling.holds,
        ruling.score,
        ruling.threshold,
        ruling.confidence,
        ruling.rule,
        ruling.why,
        ruling.nearest,
        ruling.fresh,
    )


def _is_gate(clause: Clause) -> bool:
    return clause.subject is Subject.WORLD or clause.frame in {Frame.IS, Frame.UNCLEAR}


def _together(rulings: Sequence[Ruling], any_of: bool) -> Ruling:
    """The ruling that decides: the best of alternatives, the first that fails, or the weakest."""
    if any_of:
        return max(rulings, key=lambda ruling: (ruling.holds, ruling.score))
    failed = [ruling for ruling in rulings if not ruling.holds]
    if failed:
        return failed[0]
    weakest = min(rulings, key=lambda ruling: ruling.score)
    spoken = [ruling.fresh for ruling in rulings if ruling.rule != "data"]
    return replace(weakest, fresh=all(spoken) if spoken else any(ruling.fresh for ruling in rulings))


def _stronger(own: Ruling, by_examples: Ruling) -> bool:
    return (own.holds, own.fresh, own.score - own.threshold) > (
        by_examples.holds,
        by_examples.fresh,
        by_examples.score - by_examples.threshold,
    )


def _sure(found: float, needed: float, ready: _Prepared) -> Confidence:
    if len(ready.examples.texts) < FEW:
        return "guess"
    return "clear" if abs(found - needed) >= _CLEAR_BY else "close"
