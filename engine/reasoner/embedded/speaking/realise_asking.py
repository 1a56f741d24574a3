"""Rules for actions that want something from the customer: ask, request, confirm, find out, have them do it."""

from __future__ import annotations

import re

from engine.reasoner.embedded.language.clause_words import DETERMINERS
from engine.reasoner.embedded.language.pronouns import turn
from engine.reasoner.embedded.speaking.realise_questions import open_question, request_for, sentence, yes_no_question
from engine.reasoner.embedded.speaking.realise_rules import Rule, Scene, Worded, begins_with_verb, rule

_ASK = r"(?:ask|inquire|enquire|query)(?: (?:with |of )?<them>)?"
_LEARN = (
    r"(?:find out|figure out|determine|establish|verify|check|clarify|learn|see|identify|understand|ascertain|confirm|"
    r"double-check|double check|make sure|inquire about|ask about|validate)(?: with <them>| from <them>)?"
)
_WH = r"(?:what|which|when|where|why|how|who|whom|whose)\b"
_LISTENER_STATES = re.compile(r"(?:that\s+)?(?:they|he|she|you)\b", re.I)
_OPEN = re.compile(
    r"(?:a |any |some )?(?:clarifying|follow-up|follow up|probing|relevant|more|further)\s+questions?", re.I
)


def _yes_no(found: re.Match[str], _: Scene) -> str:
    return yes_no_question(found["what"])


def _open(found: re.Match[str], _: Scene) -> str:
    return open_question(found["what"])


def _request(found: re.Match[str], _: Scene) -> str:
    return request_for(found["what"])


def _collect(found: re.Match[str], scene: Scene) -> str | Worded | None:
    if scene.has_tools and not scene.waiting:
        return None
    return request_for(found["what"])


def _please(found: re.Match[str], _: Scene) -> str:
    return sentence(f"could you please {turn(found['what'])}", "?")


def _about(found: re.Match[str], _: Scene) -> str:
    return sentence(f"could you tell me about {turn(found['what'])}", "?")


def _ask_noun(found: re.Match[str], _: Scene) -> str | None:
    if _OPEN.match(found["what"]):
        return "Could you tell me more?"
    if begins_with_verb(found["what"]) and not re.match(r"(?:a|an|the|their|your)\b", found["what"], re.I):
        return None
    return request_for(found["what"])


def _whether(found: re.Match[str], scene: Scene) -> str | None:
    if scene.has_tools and not scene.waiting:
        return None
    return yes_no_question(found["what"])


def _which(found: re.Match[str], scene: Scene) -> str | None:
    if scene.has_tools and not scene.waiting:
        return None
    return open_question(found["what"])


def _confirm_that(found: re.Match[str], _: Scene) -> str:
    """`Confirm that they want it` asks; `confirm that it is booked` tells."""
    if _LISTENER_STATES.match(turn(found["what"])):
        return yes_no_question(re.sub(r"^that\s+", "", found["what"], flags=re.I))
    return sentence(turn(found["what"]))


def _confirm(found: re.Match[str], scene: Scene) -> str | Worded:
    what = turn(found["what"])
    if re.match(r"(?:the|your|my|our|all|these|this|that|a|an|its)\b", what, re.I) is None:
        what = f"the {what}"
    question = sentence(f"could you please confirm {what}", "?")
    fact = scene.look_up(found["what"])
    if fact:
        return Worded(f"{fact.text} {question}", "confirm", fact.results)
    return question


def _instruct(found: re.Match[str], _: Scene) -> str | None:
    if found["what"].split()[0].lower() in DETERMINERS:
        return None
    negative = "do not " if found["not"] else ""
    return sentence(f"please {negative}{turn(found['what'])}")


def _remember(found: re.Match[str], _: Scene) -> str:
    negative = "not " if found["not"] else ""
    return sentence(f"please remember {negative}to {turn(found['what'])}")


def _encourage(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I encourage you to {turn(found['what'])}")


def _invite(found: re.Match[str], _: Scene) -> str:
    return sentence(f"you are welcome to {turn(found['what'])}")


RULES: tuple[Rule, ...] = (
    rule("ask whether", rf"{_ASK}(?: about)? (?:if|whether)(?: or not)? (?P<what>.+)", _yes_no),
    rule("ask", rf"{_ASK}(?: about)?[:,]? (?P<what>{_WH}.*)", _open),
    rule(
        "ask for",
        rf"{_ASK} (?:to (?:provide|share|give|tell|state|specify|supply)(?: you| us)?(?: "
        rf"with)?|for) (?P<what>.+)",
        _request,
    ),
    rule("ask to", rf"{_ASK} to (?P<what>.+)", _please),
    rule("ask to", rf"{_ASK} (?P<what>not to .+)", _please),
    rule("ask about", rf"{_ASK} (?:about|regarding|concerning) (?P<what>.+)", _about),
    rule("ask for", r"request(?: that)?(?: from)? <them>(?: to)? (?P<what>(?!to\b).+)", _please),
    rule("ask whether", r"ask <them>", lambda _, __: None),
    rule("ask for", rf"{_ASK} (?P<what>.+)", _ask_noun),
    rule(
        "confirm",
        r"(?:confirm|verify|double-check|double check|make sure|ensure|check)(?: with <them>)? (?:that "
        r")?(?P<what>(?:they|he|she|customer_)\b.+)",
        _confirm_that,
    ),
    rule("confirm", r"(?:confirm|assure)(?: to <them>| with <them>| for <them>)? that (?P<what>.+)", _confirm_that),
    rule("find out", rf"{_LEARN} (?:if|whether)(?: or not)? (?P<what>.+)", _whether),
    rule("find out", rf"{_LEARN} (?P<what>{_WH}.+)", _which),
    rule(
        "confirm",
        r"(?:confirm|reconfirm|double-check|double check|verify|review|go over)(?: with <them>)? "
        r"(?P<what>.+?)(?: with <them>)?",
        _confirm,
    ),
    rule(
        "ask for",
        r"(?:get|collect|gather|obtain|request|take|elicit|capture|find out|determine|establish|"
        r"learn|identify|note down|take down)(?: from <them>)? (?P<what>(?!them\b|him\b|"
        r"her\b).+?)(?: from <them>)?",
        _collect,
    ),
    rule("remind to", r"remind <them> (?P<not>not )?to (?P<what>.+)", _remember),
    rule("encourage", r"encourage <them> to (?P<what>.+)", _encourage),
    rule("invite", r"(?:invite|welcome|allow) <them> to (?P<what>.+)", _invite),
    rule(
        "tell to",
        r"(?:tell|instruct|advise|direct|urge|request|require|have|get|warn|prompt|order|want|need|"
        r"make|caution|command|let)(?: <them>) (?P<not>(?:not|never) )?to (?P<what>.+)",
        _instruct,
    ),
    rule(
        "tell to",
        r"(?:tell|advise|warn|caution) <them> (?P<not>against )(?P<what>.+)",
        lambda found, _: sentence(f"I advise against {turn(found['what'])}"),
    ),
    rule("tell to", r"have <them> (?P<not>not )?(?P<what>.+)", _instruct),
)
"""In the order in which they are tried."""
