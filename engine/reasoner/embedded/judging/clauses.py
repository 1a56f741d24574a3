"""The rules by which one clause of a condition is judged, in the order in which they are asked.

A statement about known data, then something given or missing, then a conversational act, then the agent's own words,
then how near the customer's words are to the clause's own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.reasoner.base import Confidence
from engine.reasoner.embedded.judging.conditions import Clause, Frame, Subject
from engine.reasoner.embedded.judging.data_statements import is_comparison, judge
from engine.reasoner.embedded.judging.deeds import another_deed, wishes_for_it
from engine.reasoner.embedded.judging.heard import EARLIER_WEIGHT, KEY, Heard
from engine.reasoner.embedded.language.acts import SHOWN, Act, reply, sign_of
from engine.reasoner.embedded.language.finding import asked_for, find, has_shape
from engine.reasoner.embedded.language.known_data import content_stems
from engine.reasoner.embedded.language.negation import is_negative, negates, negations
from engine.reasoner.embedded.language.sentences import (
    asks_after,
    asks_for_facts,
    is_question,
    only_wishes,
    question_word,
    speaks_of_the_past,
)
from engine.reasoner.embedded.language.similarity import Similarity
from engine.reasoner.embedded.language.stemming import stem
from engine.reasoner.embedded.language.topics import (
    HELD,
    about,
    could_say,
    coverage,
    roots_of_topics,
    says_little,
    telling_stems,
    tells,
    text_stems,
    underspecified,
)

_ARTICLE = re.compile(r"^(an?|the|some|any) ")
_TOPIC_SHARE = 0.34
ABOUT_WORDS = (Frame.ASKS, Frame.WANTS, Frame.SAYS)
"""Frames of what the customer says, which shows in their words alone."""

_ABOUT_DATA = (Frame.IS, Frame.DONE)
_ASKS_FOR = re.compile(r"(?<!\S)(?:ask|asks|asked|asking) ")
_VERY_QUESTION = 0.5
_WISHED = 0.6


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one rule says of one clause, with the sentence that explains it."""

    holds: bool
    score: float
    threshold: float
    rule: str
    why: str
    nearest: str = ""
    fresh: bool = True
    confidence: Confidence = "clear"


ANSWERS = Ruling(False, 0.0, HELD, "answer", "the customer answers what the agent asked, and asks nothing")


def certain(holds: bool, rule: str, why: str, quote: str = "", fresh: bool = True) -> Ruling:
    """A ruling that is not a matter of degree."""
    return Ruling(holds, 1.0 if holds else 0.0, 0.5, rule, why, quote, fresh)


def is_by_words_alone(clause: Clause) -> bool:
    """Whether nothing but the customer's words near the clause's own (or its examples) can make a clause hold."""
    if clause.subject is not Subject.CUSTOMER or clause.negated:
        return False
    return clause.frame in {Frame.ASKS, Frame.WANTS, Frame.SAYS, Frame.IS, Frame.DONE}


def claim_keys(clause: Clause) -> frozenset[str]:
    """The words by which a clause could be about data, cut short as in `Heard.vocabulary`; none where it cannot be."""
    if clause.frame not in _ABOUT_DATA:
        return frozenset()
    return frozenset(stem[:KEY] for stem in content_stems(clause.text))


def judge_clause(clause: Clause, heard: Heard, similarity: Similarity) -> Ruling:
    """Judge one clause by the first rule that answers.

    Args:
        clause: The claim.
        heard: What was said and what is known.
        similarity: How near texts are.

    Returns:
        The ruling; clauses that nothing speaks for do not hold.
    """
    if clause.frame is Frame.ALWAYS:
        return certain(True, "always", "this condition always holds")
    if clause.frame is Frame.BEGINNING:
        first = not heard.agent_ever and not heard.conversation.before
        return certain(first, "beginning", "this is the first message" if first else "the conversation is under way")
    by_data = _by_data(clause, heard)
    if by_data is not None:
        return by_data
    if clause.subject is Subject.AGENT:
        return _by_agent(clause, heard, similarity)
    if clause.frame is Frame.ACT and clause.act is not None:
        return _by_act(clause, clause.act, heard)
    if clause.frame is Frame.GIVES and (clause.negated or has_shape(clause.content, heard.conversation)):
        return _by_finding(clause, heard)
    if clause.frame is Frame.LACKS:
        return _by_lack(clause, heard, similarity)
    return by_words(clause, heard, similarity)


def _by_data(clause: Clause, heard: Heard) -> Ruling | None:
    """A statement about data; facts and comparisons of which nothing is known do not hold."""
    if clause.frame not in _ABOUT_DATA or clause.subject is Subject.AGENT:
        return None
    verdict = judge(clause.text, heard.data, heard.conversation.now)
    if verdict is not None:
        fresh = any(datum.fresh for datum in heard.data if datum.name == verdict.datum)
        return certain(verdict.holds, "data", verdict.why, verdict.datum, fresh)
    if clause.subject is Subject.WORLD or is_comparison(clause.text):
        return certain(False, "data", f"nothing is known that tells whether “{clause.text}”")
    return None


def _by_finding(clause: Clause, heard: Heard) -> Ruling:
    found = find(clause.content, heard.conversation)
    if found is not None:
        return certain(
            not clause.negated,
            "found",
            f"“{found.quote}” is the {_ARTICLE.sub('', clause.content)}",
            found.quote,
            found.fresh,
        )
    named = content_stems(clause.content)
    given = next((one for one in heard.data if one.names and one.names <= named and one.value is not None), None)
    if given is not None:
        return certain(not clause.negated, "data", f"{given.name} is known", given.name, given.fresh)
    return certain(clause.negated, "found", f"no {_ARTICLE.sub('', clause.content)} was found in the conversation")


def _by_act(clause: Clause, act: Act, heard: Heard) -> Ruling:
    sign = sign_of(act, heard.latest)
    shown = sign.strength >= SHOWN
    topic = clause.content
    if shown and topic and not clause.negated:
        context = text_stems(" ".join((heard.latest, *heard.agent, *heard.earlier[:1])))
        if coverage(topic, context).share < _TOPIC_SHARE:
            return Ruling(False, 0.0, SHOWN, "act", f"the customer {act.value}, but not about “{topic}”", sign.quote)
    if not shown:
        return Ruling(clause.negated, sign.strength, SHOWN, "act", f"nothing shows that the customer {act.value}")
    why = f"the customer {act.value}: “{sign.quote}”"
    return Ruling(not clause.negated, sign.strength, SHOWN, "act", why, sign.quote)


def _by_agent(clause: Clause, heard: Heard, similarity: Similarity) -> Ruling:
    """A clause about what the agent does, by the agent's own last words (all of them for `has offered`).

    It is never fresh: what the agent said itself does not call for saying it again.
    """
    texts = heard.agent_ever if clause.frame is Frame.DONE or " has " in f" {clause.text} " else heard.agent
    best, nearest = 0.0, ""
    for text in texts:
        for piece in clause.pieces:
            score, _ = about(piece, text, similarity.between(piece, text))
            if score > best:
                best, nearest = score, text
    holds = (best >= HELD) != clause.negated
    why = f"the agent said “{nearest}”" if best >= HELD else "the agent has not said so"
    return Ruling(holds, best, HELD, "agent", why, nearest, fresh=False)


def _by_lack(clause: Clause, heard: Heard, similarity: Similarity) -> Ruling:
    """The customer cannot, does not have or does not know something: said so, or answered so when asked for it."""
    asked = asked_for(clause.content, heard.conversation.agent_said)
    if asked and (reply(heard.latest) in {Act.REFUSES, Act.UNSURE} or is_negative(heard.latest)):
        return certain(True, "answer", f"asked for {clause.content}, the customer said “{heard.latest}”", heard.latest)
    negative = tuple(part for part in heard.parts if is_negative(part))
    return _nearest(clause, negative, heard, similarity)


def before(clause: Clause, heard: Heard) -> tuple[str, ...]:
    """The earlier messages that still count: a mood lasts, what was asked ends when it is answered, topics go on."""
    if clause.frame is Frame.ACT:
        return heard.lasting
    asks = clause.frame is Frame.ASKS or (clause.frame is Frame.WANTS and _ASKS_FOR.search(clause.text))
    return heard.pending if asks else heard.earlier


def by_words(clause: Clause, heard: Heard, similarity: Similarity) -> Ruling:
    """By how much of the clause's own words the customer says, the latest message before the few earlier ones."""
    ruling = _nearest(clause, heard.parts, heard, similarity)
    if ruling.holds or clause.negated or ruling is ANSWERS:
        return ruling
    for message in before(clause, heard):
        said = _said_of(clause, message, similarity)
        score = round(said.score * EARLIER_WEIGHT, 4)
        if score >= HELD and _one_text(clause, message, said).holds:
            why = f"the customer said before: “{message}”"
            return Ruling(True, score, HELD, "similarity", why, message, False, "guess")
    return ruling


def _nearest(clause: Clause, texts: tuple[str, ...], heard: Heard, similarity: Similarity) -> Ruling:
    if clause.frame is Frame.ASKS and heard.answers:
        return ANSWERS
    best = Ruling(False, 0.0, HELD, "similarity", f"the customer's words are not about “{clause.content}”")
    for text in texts:
        said = _said_of(clause, text, similarity)
        if not said.score:
            continue
        ruling = _one_text(clause, text, said)
        if (ruling.holds, ruling.score) > (best.holds, best.score):
            best = ruling
    return best


@dataclass(frozen=True, slots=True)
class _Said:
    """How surely a text speaks of a clause's topic, the stems of it that it says, and by which of the topic's words."""

    score: float = 0.0
    stems: frozenset[str] = frozenset()
    piece: str = ""


_NOTHING_SAID = _Said()


def _said_of(clause: Clause, text: str, similarity: Similarity) -> _Said:
    if roots_of_topics(clause.pieces).isdisjoint(could_say(text)):
        return _NOTHING_SAID
    best = _NOTHING_SAID
    likenesses = similarity.to_numbered(text)
    for piece in clause.pieces:
        likeness = round(likenesses[similarity.number(piece)], 4)
        found, stems = about(piece, text, likeness) if likeness else (0.0, best.stems)
        if clause.frame in ABOUT_WORDS and tells(piece) and says_little(piece):
            found = round(found * likeness, 4)
        if clause.frame is Frame.ASKS:
            found = max(found, underspecified(piece, text), _same_question(clause, piece, text, found))
        if clause.frame is Frame.WANTS and found < _WISHED and stems and wishes_for_it(piece, text):
            found = _WISHED
        if found > best.score:
            best = _Said(found, stems, piece)
    return best


def _one_text(clause: Clause, text: str, said: _Said) -> Ruling:
    score = said.score
    if score < HELD:
        return Ruling(False, score, HELD, "similarity", f"the customer's words are not about “{clause.content}”", text)
    blocked = objection(clause, said.piece, text, said.stems & telling_stems(text) or said.stems)
    if blocked:
        return Ruling(False, score, HELD, "negation", blocked, text)
    return Ruling(True, score, HELD, "similarity", f"“{text}” is near “{said.piece}”", text, True, "guess")


def _same_question(clause: Clause, topic: str, text: str, score: float) -> float:
    """`where is my order?` asks the very question of `asks where their order is`, though `their order` says little."""
    if not score or clause.asked == "" or clause.asked != question_word(text):
        return 0.0
    said = coverage(topic, text_stems(text))
    return _VERY_QUESTION if said.share == 1.0 and telling_stems(text) <= said.said else 0.0


def _affirms(text: str, denied: str) -> bool:
    """Whether a text says without a negation what another denies (`it arrived` for `it hasn't arrived`)."""
    reached = frozenset(stem(word) for found in negations(denied) for word in found.reaches)
    return not reached or bool(reached & telling_stems(denied) & text_stems(text))


def objection(clause: Clause, meant: str, text: str, matched: frozenset[str]) -> str:
    """Why words that are near enough still do not make a clause hold; empty when nothing speaks against it.

    Args:
        clause: The claim.
        meant: The text that the customer's words were near to (the clause's own words, or an example).
        text: The customer's words.
        matched: The stems both share.

    Returns:
        One sentence: a negation near the matching words, a missing one, or a question where a deed is claimed.
    """
    negation = negates(text, matched)
    if clause.negated:
        return "" if negation else "the customer does not deny it"
    if is_negative(meant):
        opposite = not is_negative(text) and not is_question(text) and _affirms(text, meant)
        return f"“{text}” says the opposite" if opposite else ""
    if clause.frame is Frame.LACKS:
        return ""
    if negation and (not negation.of_event or clause.frame is Frame.DONE):
        return f"“{negation.word} {' '.join(negation.reaches)}” takes it back"
    if clause.frame is Frame.ASKS and clause.asked and only_wishes(text) and not only_wishes(meant):
        return f"“{text}” asks for it, not about it"
    if clause.frame is Frame.WANTS and asks_after(text) and not asks_after(meant):
        return f"“{text}” asks after it"
    instead = another_deed(meant, text) if clause.frame is Frame.WANTS else ""
    if instead:
        return f"“{text}” asks for something else"
    if clause.frame is Frame.WANTS and speaks_of_the_past(text) and not speaks_of_the_past(meant):
        return f"“{text}” speaks of the past"
    if clause.frame is Frame.DONE and asks_for_facts(text) and not is_question(meant):
        return f"“{text}” is a question, not something done"
    return ""
