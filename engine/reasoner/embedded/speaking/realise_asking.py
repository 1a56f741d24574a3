"""Rules for actions that want something from the customer: ask, request, confirm, find out, have them do it."""

from __future__ import annotations

import re

from engine.reasoner.embedded.language.clause_words import DETERMINERS, INFORMATION_NOUNS, VERBS
from engine.reasoner.embedded.language.pronouns import turn
from engine.reasoner.embedded.speaking.realise_clauses import DOING, SPEAKING, imperative
from engine.reasoner.embedded.speaking.realise_questions import (
    head_noun,
    joined_infinitives,
    open_question,
    sentence,
    yes_no_question,
)
from engine.reasoner.embedded.speaking.realise_requests import request_for
from engine.reasoner.embedded.speaking.realise_rules import Rule, Scene, Worded, begins_with_verb, rule
from engine.reasoner.embedded.speaking.realise_telling import is_statement

_ASK = r"(?:ask|inquire|enquire|query)(?: (?:with |of )?<them>)?"
_LEARN = (
    r"(?:find out|figure out|determine|establish|verify|check|clarify|learn|see|identify|understand|ascertain|confirm|"
    r"double-check|double check|make sure|inquire about|ask about|validate)(?: with <them>| from <them>)?"
)
_WH = r"(?:what|which|when|where|why|how|who|whom|whose)\b"
_SOMEBODY_FOR = re.compile(r"(?P<who>the \w+(?: \w+)?) (?:for|to|if|whether|about) ", re.I)
"""Somebody who is asked for something; a thing may be named in this way, too (`the reason for the return`)."""

_OUTCOME = re.compile(
    r"\w+\s+(?:(?:will|won['’]t)(?:\s+not)?\s+(?:be|receive|get|have|see|hear)|(?:have|has)(?:\s+\w+)?\s+been)\b", re.I
)
"""What the agent can confirm to the customer: `they won't be billed`, not `they want to cancel`."""

_AND_THAT = re.compile(r",?\s+(?:and|but)\s+that\s+(.+)$", re.I | re.S)
_LISTENER_STATES = re.compile(r"(?:that\s+)?(?:they|he|she|you)\b", re.I)
_OPEN = re.compile(
    r"(?:(?:a |any |some |a few |several |two |three )?(?:\w+[- ])?(?:\w+ )?questions?)"
    r"(?P<about>\s+(?:about|on|regarding)\b.+)?",
    re.I,
)


def _yes_no(found: re.Match[str], _: Scene) -> str:
    return yes_no_question(_without_own_work(found["what"]))


def _without_own_work(what: str) -> str:
    """What is asked, without what the agent does only after it (`before recommending one`)."""
    before = re.search(r"\s+before (\w+)ing\b.*$", what, re.I)
    if before and re.fullmatch(rf"{SPEAKING}|{DOING}", imperative(before[1].lower())):
        return what[: before.start()]
    return what


def _open(found: re.Match[str], _: Scene) -> str:
    return (
        open_question(_without_own_work(found["what"]))
        if " " in found["what"]
        else f"Could you tell me {found['what'].lower()}?"
    )


def _as_written(found: re.Match[str], _: Scene) -> str:
    return sentence(found["what"])


def _request(found: re.Match[str], _: Scene) -> str:
    return request_for(found["what"])


def _collect(found: re.Match[str], scene: Scene) -> str | Worded | None:
    if scene.has_tools and not scene.waiting:
        return None
    return request_for(found["what"])


def _please(found: re.Match[str], _: Scene) -> str:
    return sentence(f"could you please {joined_infinitives(turn(found['what']))}", "?")


def _please_not(found: re.Match[str], _: Scene) -> str:
    return sentence(f"please do not {joined_infinitives(turn(found['what']))}")


def _about(found: re.Match[str], _: Scene) -> str:
    return sentence(f"could you tell me about {turn(found['what'])}", "?")


def _ask_noun(found: re.Match[str], _: Scene) -> str | None:
    opened = _OPEN.match(found["what"])
    if opened:
        return sentence(f"could you tell me more{turn(opened['about'] or '')}", "?")
    somebody = _SOMEBODY_FOR.match(found["what"])
    if somebody and head_noun(somebody["who"]) not in INFORMATION_NOUNS:
        return None
    if begins_with_verb(found["what"]) and not re.match(r"(?:a|an|the|their|your)\b", found["what"], re.I):
        return None
    return request_for(found["what"])


def _whether(found: re.Match[str], scene: Scene) -> str | None:
    if scene.has_tools and not scene.waiting:
        return None
    return yes_no_question(_without_own_work(found["what"]))


def _which(found: re.Match[str], scene: Scene) -> str | None:
    if scene.has_tools and not scene.waiting:
        return None
    return open_question(_without_own_work(found["what"]))


def _confirm_that(found: re.Match[str], _: Scene) -> str:
    """`Confirm that they want it` asks; `confirm that it is booked` tells."""
    what = re.sub(r"\s+before (?:you\b|\w+ing\b).*$", "", found["what"], flags=re.I)
    told = re.match(r"confirm|assure", found[0], re.I) and _OUTCOME.match(what)
    if _LISTENER_STATES.match(turn(what)) and not told:
        return yes_no_question(re.sub(r"^that\s+", "", what, flags=re.I))
    return sentence(turn(what))


def _make_sure(found: re.Match[str], _: Scene) -> str | None:
    return yes_no_question(found["what"]) if is_statement(found["what"]) else None


def _note(found: re.Match[str], _: Scene) -> str:
    return sentence(f"please note that {turn(found['what'])}")


def _confirm(found: re.Match[str], scene: Scene) -> str | Worded:
    what = turn(re.sub(r"\s+(?:by (?:\w+ly )?|before )(?:\w+ing|you)\b.*$", "", found["what"], flags=re.I))
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
    what = re.sub(r"^not\s+", "", found["what"], flags=re.I)
    negative = "do not " if found["not"] or what != found["what"] else ""
    statement = _AND_THAT.search(what)
    if statement and is_statement(statement[1]):
        said = sentence(f"please {negative}{turn(what[: statement.start()])}")
        return f"{said} {sentence(turn(statement[1]))}"
    return sentence(f"please {negative}{joined_infinitives(turn(what))}")


def _expect(found: re.Match[str], _: Scene) -> str:
    return sentence(f"you can {turn(found['what'])}")


def _sent_to(found: re.Match[str], scene: Scene) -> str | None:
    """`Direct them to call us` is something to do; `direct them to gate 4` or `to support` is a place."""
    first, _space, rest = found["what"].partition(" ")
    return _instruct(found, scene) if first.lower() in VERBS and rest else None


def _remember(found: re.Match[str], _: Scene) -> str:
    negative = "not " if found["not"] else ""
    return sentence(f"please remember {negative}to {turn(found['what'])}")


def _encourage(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I encourage you to {turn(found['what'])}")


def _invite(found: re.Match[str], _: Scene) -> str:
    return sentence(f"you are welcome to {turn(found['what'])}")


def _check(found: re.Match[str], scene: Scene) -> str | Worded:
    """What has nothing to do with the customer, the agent checks itself."""
    if scene.has_tools:
        return Worded("", "left to its tools")
    return sentence(f"I will {found['verb'].lower()} whether {turn(found['what'])}")


def _look_into(found: re.Match[str], scene: Scene) -> str | Worded:
    fact = scene.look_up(found["what"])
    if fact:
        return Worded(fact.text, "known", fact.results)
    if scene.has_tools:
        return Worded("", "left to its tools")
    return sentence(f"I will {found['verb'].lower()} {turn(found['what'] + found['report'])}")


RULES: tuple[Rule, ...] = (
    rule(
        "style",
        r"(?:ask|make)(?: <them>)? (?:(?:only|no more than|at most|up to) .*questions?|.*\bat (?:a time|once))|"
        r"make <them> (?:feel|smile|laugh|comfortable)\b.*",
        lambda _, __: Worded("", "style"),
    ),
    rule("find out", rf"check in (?:with <them> )?(?:about|on) (?P<what>{_WH}.+)", _open),
    rule("ask to", r"(?:let|have) <them> (?P<what>(?:choose|decide|pick|select)\b.+)", _please),
    rule(
        "do",
        r"(?P<verb>check|see|verify|look up|find out|look into|track|search for) (?P<what>.+?)"
        r"(?P<report> and (?:let <them> know|(?:tell|inform|update|notify) <them>|get back to <them>))",
        _look_into,
    ),
    rule(
        "ask",
        rf"(?:{_ASK}[^:?]*:\s*)?(?P<what>(?:{_WH}|(?:is|are|was|were|do|does|did|can|could|would|will|have|has|may|should)\b)"
        r"[^?]+\?)",
        _as_written,
    ),
    rule("ask whether", rf"{_ASK}(?: about)? (?:if|whether)(?: or not)? (?P<what>.+)", _yes_no),
    rule("ask", rf"{_ASK}(?: about)?[:,]? (?P<what>{_WH}.*)", _open),
    rule(
        "ask for",
        rf"{_ASK} (?:to (?:provide|share|give|tell|state|specify|supply)(?: you| us)?(?: "
        rf"with)?|for) (?P<what>.+)",
        _request,
    ),
    rule("ask to", rf"{_ASK} to (?P<what>.+)", _please),
    rule("ask to", rf"{_ASK} not to (?P<what>.+)", _please_not),
    rule("ask about", rf"{_ASK} (?:about|regarding|concerning) (?P<what>.+)", _about),
    rule("ask for", r"request(?: that)?(?: from)? <them>(?: to)? (?P<what>(?!to\b).+)", _please),
    rule("ask whether", r"ask <them>", lambda _, __: None),
    rule("ask for", rf"{_ASK} (?P<what>.+)", _ask_noun),
    rule(
        "tell",
        r"(?:make sure|ensure|be sure|see to it)(?: that)? (?:they|he|she|customer_) (?:(?:fully |clearly )?"
        r"(?:know|understand|realize|realise)s?|(?:are|is) (?:fully )?aware) that (?P<what>.+)",
        _note,
    ),
    rule("confirm", r"(?:make sure|ensure|check)(?: that)? (?P<what>their .+)", _make_sure),
    rule(
        "confirm",
        r"(?:confirm|verify|double-check|double check|make sure|ensure|check)(?: with <them>)? (?:that "
        r")?(?P<what>(?:they|he|she|customer_)\b.+)",
        _confirm_that,
    ),
    rule("confirm", r"(?:confirm|assure)(?: to <them>| with <them>| for <them>)? that (?P<what>.+)", _confirm_that),
    rule(
        "tell", r"confirm(?: that)? (?P<what>(?:you|we|there|it)\b.+)", lambda found, _: sentence(turn(found["what"]))
    ),
    rule(
        "do",
        r"(?P<verb>check|verify|see)(?: if| whether) (?P<what>(?!.*\b(?:they|them|their|customer_)\b)"
        r"(?!(?:there|everything|anything|all|this|that)\b).+)",
        _check,
    ),
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
    rule("tell to", r"(?:tell|advise|ask) <them> to (?P<what>expect .+)", _expect),
    rule("tell to", r"(?:direct|prompt|get) <them> (?P<not>(?:not|never) )?to (?P<what>.+)", _sent_to),
    rule(
        "tell to",
        r"(?:tell|instruct|advise|urge|request|require|have|warn|order|want|need|"
        r"make|caution|command|let)(?: <them>) (?P<not>(?:not|never) )?to (?P<what>.+)",
        _instruct,
    ),
    rule(
        "tell to",
        r"(?:(?:tell|advise|warn|caution|recommend)(?: <them>)? against|discourage <them> from) (?P<what>.+)",
        lambda found, _: sentence(f"I advise against {turn(found['what'])}"),
    ),
    rule("tell to", r"have <them> (?P<not>not )?(?P<what>.+)", _instruct),
)
"""In the order in which they are tried."""
