"""Rules for actions that tell the customer something: statements, and facts that are looked up."""

from __future__ import annotations

import re

from engine.reasoner.embedded.language.clause_words import VERBS
from engine.reasoner.embedded.language.pronouns import base_of_third_person, turn
from engine.reasoner.embedded.speaking.realise_questions import find_verb, sentence
from engine.reasoner.embedded.speaking.realise_rules import Fact, Rule, Scene, Worded, rule

_TELL = (
    r"(?:tell|inform|notify|update|remind|assure|reassure|advise|alert|warn|promise|show|teach|caution|brief)"
    r"(?: to)? <them>"
)
_LET_KNOW = r"let <them> know"
_SAY = (
    r"(?:say|state|mention|explain|note|add|clarify|emphasi[sz]e|stress|point out|highlight|"
    r"announce|declare|reply|respond|"
    r"answer|write|make (?:it )?clear|share|disclose|reveal|reiterate|repeat|report|communicate|convey|express|remark|"
    r"underline|admit|inform|tell|warn|remind|promise|assure|reassure|advise|specify|describe|insist|indicate)"
    r"(?: to <them>| with <them>)?"
)
_TELLING = rf"(?:{_TELL}|{_LET_KNOW}|{_SAY})"
_SHOW = (
    r"(?:explain|describe|clarify|provide|give|share|show|list|present|read out|read back|read|"
    r"summari[sz]e|recap|state|"
    r"outline|detail|tell|inform|display|report|repeat|quote|name|enumerate|deliver|communicate|answer|cover|"
    r"go over|go through|review|discuss|talk about|brief|specify|relay|hand over|return|announce|break down|"
    r"present|supply|send)(?: to)?(?: <them>)?(?: with| about| of| on| regarding)?"
)
_POINT = (
    r"(?:mention|point out|highlight|note|remind <them> (?:of|about)|bring up|refer to|draw attention to|emphasi[sz]e)"
)
_QUESTION_WORD = re.compile(r"(?:what|which|when|where|why|how|who|whether|if)\b", re.I)
_CONTRACTED_BE = re.compile(r"(?:i|you|we|they|he|she|it|there|that|this|here)['’](?:re|s|ve|ll|d|m)\b", re.I)
_SPOKEN_ALONE = re.compile(r"(?:yes|no|sure|okay|ok|of course|certainly|absolutely|not yet|sorry)\b[^a-z]*", re.I)
_SPOKEN_BEFORE = re.compile(
    r"(?:yes|no|sure|okay|ok|of course|certainly|absolutely|not yet|sorry)[,:;]\s+(.+)", re.I | re.S
)
_FOLLOWING = re.compile(r"(?:the |these )?(?:following|this|these)(?: \w+)?", re.I)
_AND_TO = re.compile(r",?\s+and (?P<not>not )?to (?P<what>(?P<verb>\w+)\b.*)$", re.I | re.S)
_OPTIONS = re.compile(r"(?:two|three|four|several|some|these|a few) (?:options|choices|possibilities|ways)", re.I)
_VALUE = re.compile(r"[\w.-]+@\S+|(?:https?://|www\.)\S+|[+(]?\d[\d ()/.-]*", re.I)
_MANNER = re.compile(r"(?:clearly|simply|politely|honestly|directly|in [a-z]+)$", re.I)
_HANDOFF = re.compile(
    r"(?:the )?(?:transition|hand-?\s?off|hand-?\s?over|transfer|escalation)(?: process)?(?: to .*)?$", re.I
)
_GREETING_NOUN = re.compile(r"(?:a |an )?(?:warm |friendly )?(?:greeting|welcome|hello)$", re.I)


def is_statement(text: str) -> bool:
    """Whether a text can stand as a sentence: it has a subject and a finite verb, and is no indirect question.

    Args:
        text: What follows `tell them`, e.g. `we only have Pepsi` (yes) or `the opening hours` (no).
    """
    if _QUESTION_WORD.match(text) and "," not in text:
        return False
    if _CONTRACTED_BE.match(text):
        return True
    words = re.findall(r"[^\s,;:]+", text)
    if words and words[0].lower() in ("here", "there") and len(words) > 2:
        return True
    return find_verb(words) is not None


def _say(what: str) -> str:
    to_do = _AND_TO.search(what)
    if to_do and to_do["verb"].lower() in VERBS and not re.search(r"\bto\s", what[: to_do.start()], re.I):
        negative = "do not " if to_do["not"] else ""
        return f"{_say(what[: to_do.start()])} {sentence(f'please {negative}' + turn(to_do['what']))}"
    return sentence(turn(re.sub(r"(,?)\s+(and|but)\s+that\s+", r"\1 \2 ", what)))


def _that(found: re.Match[str], _: Scene) -> str:
    return _say(found["what"])


def _statement(found: re.Match[str], _: Scene) -> str | None:
    what = found["what"]
    spoken_before = _SPOKEN_BEFORE.fullmatch(what)
    if _SPOKEN_ALONE.fullmatch(what) or is_statement(spoken_before[1] if spoken_before else what) or _goes_on(what):
        return _say(what)
    return None


def _goes_on(what: str) -> bool:
    """Whether words before `and that` state something, too: `their data resets weekly and that it rolls over`."""
    first, joint, _ = what.partition(" and that ")
    return bool(joint) and any(
        word.endswith("s") and base_of_third_person(word) in VERBS for word in first.lower().split()[1:]
    )


def _spelled_out(found: re.Match[str], _: Scene) -> str | None:
    """`Explain the fee: 5 euros a day`: the action itself has what there is to say."""
    name, value = turn(found["name"]), turn(found["value"])
    if _FOLLOWING.fullmatch(name):
        return sentence(value)
    if _OPTIONS.fullmatch(name):
        return sentence(f"you have {name}: {value}")
    if _VALUE.fullmatch(value) and find_verb(name.split()) is None:
        return sentence(f"{name} is {value}")
    return sentence(f"{name}: {value}")


def _handoff(found: re.Match[str], _: Scene) -> str | None:
    return "I will transfer you to a colleague." if _HANDOFF.match(found["what"]) else None


def _fact(found: re.Match[str], scene: Scene) -> Worded | None:
    fact: Fact | None = scene.look_up(found["what"])
    if fact:
        return Worded(fact.text, "known", fact.results)
    return Worded("", "waiting") if scene.waiting else None


def _any_questions(found: re.Match[str], _: Scene) -> str:
    return sentence(f"do you have any {found['other'] or ''}questions{turn(found['about'] or '')}", "?")


def _point_out(found: re.Match[str], scene: Scene) -> Worded | str:
    known = _fact(found, scene)
    return known if known else sentence(f"I would like to mention {turn(found['what'])}")


def _remind_of(found: re.Match[str], scene: Scene) -> Worded | str:
    known = _fact(found, scene)
    return known if known else sentence(f"I would like to remind you of {turn(found['what'])}")


def _warn(found: re.Match[str], scene: Scene) -> Worded | str:
    known = _fact(found, scene)
    return known if known else sentence(f"I want to warn you about {turn(found['what'])}")


def _give(found: re.Match[str], _: Scene) -> str | None:
    """`Give them a discount` is an offer; `give them a link` or `the price` needs something that is not known."""
    if re.match(r"(?:a|an) (?:link|url|list|summary|overview|quote|explanation|answer|number|reason)\b", found["what"]):
        return None
    return sentence(f"I can give you {turn(found['what'])}")


RULES: tuple[Rule, ...] = (
    rule("tell", rf"{_TELLING}(?: <them>)?[,:]? that,? (?P<what>.+)", _that),
    rule("tell", r"(?:tell|inform|remind|notify|advise|warn|assure) (?:(?!and\b)[\w-]+ ){1,5}that (?P<what>.+)", _that),
    rule("tell", rf"{_LET_KNOW}[,:]? (?P<what>.+)", _statement),
    rule("tell", rf"{_TELLING}(?: <them>)?[,:]? (?P<what>.+)", _statement),
    rule("tell", rf"(?:{_SHOW}|{_LET_KNOW}(?: about| of)?) (?P<name>[^:]+): (?P<value>.+)", _spelled_out),
    rule("handoff", rf"{_SHOW} (?P<what>.+)", _handoff),
    rule("known", rf"(?:{_SHOW}|{_LET_KNOW}(?: about| of)?) (?P<what>.+)", _fact),
    rule(
        "ask whether",
        r"(?:answer|address|take) any (?P<other>other |further |more )?questions?"
        r"(?: (?:they|customer_) (?:(?:may|might|could) )?(?:still )?(?:have|has))?"
        r"(?P<about> (?:about|on|regarding) .+)?",
        _any_questions,
    ),
    rule("remind", r"remind <them> (?:of|about) (?P<what>.+)", _remind_of),
    rule("warn", r"(?:warn|caution|alert) <them> (?:of|about) (?P<what>.+)", _warn),
    rule("mention", rf"{_POINT}(?: to <them>)? (?P<what>.+)", _point_out),
    rule("give", r"(?:give|grant|award) <them> (?P<what>(?:a|an|one|another|free|\d+)\b.+)", _give),
)
"""In the order in which they are tried."""
