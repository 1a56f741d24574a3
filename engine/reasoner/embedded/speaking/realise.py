"""Words an action: what a designer tells the agent to do becomes what the agent says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.reasoner.embedded.language.clause_words import PEOPLE
from engine.reasoner.embedded.language.pronouns import LISTENER, name_listener, turn
from engine.reasoner.embedded.speaking import realise_asking, realise_courtesy, realise_offering, realise_telling
from engine.reasoner.embedded.speaking.realise_clauses import HEARD, SPEAKING, Clause, clauses
from engine.reasoner.embedded.speaking.realise_questions import sentence
from engine.reasoner.embedded.speaking.realise_quotes import QUOTATION, Quotes, take_quotes
from engine.reasoner.embedded.speaking.realise_roles import hold_roles, release_roles
from engine.reasoner.embedded.speaking.realise_rules import THEM, Rule, Scene, Worded, rule

STUB = "stub"
"""The rule of words that no rule made: the action itself, marked so that its author sees it."""

_STYLE = (
    r"(?:be|keep|stay|remain|maintain|use|speak|sound|act|avoid|never|do not|don['’]t|refrain|limit|focus|adopt|match|"
    r"pay attention|treat|address|show respect|prioriti[sz]e|stick|think|consider|ensure|take "
    r"(?:your|their|a)|write in|"
    r"respond (?:in|with|only|briefly|concisely)|reply (?:in|with|only)|answer (?:in|only|briefly|concisely)|"
    r"talk (?:in|like)|format|assume|remember|don't)\b.*"
)
_SILENT = (
    r"(?:wait|proceed|continue|move on|stop|pause|ignore|do nothing|carry on|go on|say nothing|listen|"
    r"hang up|(?:respond|reply|react|answer|speak|end|finish|close|start|begin)(?= \w+ly$|$)|"
    r"let <them> (?:vent|speak|talk|finish|go on|calm down)|"
    r"give <them>(?: enough| some| more| plenty of)? (?:time|space|room)|"
    r"(?:redirect|steer|bring|guide|keep|lead) the (?:conversation|discussion|chat))(?: .*)?"
)


def _silent(_: re.Match[str], __: Scene) -> Worded:
    return Worded("", "silent")


_QUIET: tuple[Rule, ...] = (rule("style", _STYLE, _silent), rule("silent", _SILENT, _silent))
RULES: tuple[Rule, ...] = (
    *realise_courtesy.RULES,
    *realise_asking.RULES,
    *realise_telling.RULES,
    *realise_offering.RULES,
    *_QUIET,
)
"""All rules, in the order in which they are tried; the first that gives words wins."""

_PEOPLE_SPOKEN_TO = re.compile(
    rf"^({SPEAKING}) (?:all )?(?:the |our )?(?:{PEOPLE})s (?=(?:to|that|if|whether|not|for|about|wh\w+|how)\b)", re.I
)
_SAID_IN_ANY_CASE = frozenset({"thank", "greet", "welcome"})
"""Courtesies that stand alone: `when they are done, thank them`."""

_REPORT = re.compile(rf"(?:let|tell|inform|update|notify|give|send|show)\s+{THEM}\b", re.I)
"""A report to the customer on what the agent has just said that it will do."""

_CONFIRMS_DEED = re.compile(r"confirm (?:it|this|that|(?:the|their) (?:new )?\w+)", re.I)
"""After what the agent does, its own confirmation of it; alone, a request for the customer's."""

_GREETING = r"(?:greet|welcome|say hello|open|start|bid)"
_SPOKEN_QUOTE = re.compile(
    rf"(?P<verb>[a-z][\w'’ ]*?)(?:\s+(?:with|by saying|saying|that|as follows|something like|like|the words|exactly|"
    rf"the following))?\s*[:,]?\s*(?P<quote>{QUOTATION})[.!?]?",
    re.I,
)
_VERB_OF_SPEECH = re.compile(
    r"(?:say|tell|greet|welcome|respond|reply|answer|ask|write|state|open|start|close|end|"
    r"finish|begin|thank|apologi[sz]e|"
    r"inform|let|respond|sign off|conclude|mention|add)\b(?:.*\b(?:say|with|that|know|them|him|"
    r"her|customer|user|by)\b)?.*",
    re.I,
)


def realise(action: str, scene: Scene) -> list[Worded]:
    """Word an action.

    Args:
        action: The action as its author wrote it, e.g. `Apologize and ask if they want something else`.
        scene: What may be known and said beside the action.

    Returns:
        One value for each thing that the action asks for, in its order: sentences to the customer; empty text where
        there is nothing to say (a matter of style, or the work of a tool); rule `stub` where no rule fits.
    """
    held, quotes = take_quotes(action)
    return [_put_back(worded, quotes) for worded in _worded(hold_roles(held), quotes, scene)]


def _put_back(worded: Worded, quotes: Quotes) -> Worded:
    return Worded(release_roles(quotes.put_back(worded.text)), worded.rule, worded.results)


def _worded(held: str, quotes: Quotes, scene: Scene) -> Iterator[Worded]:
    promised: Worded | None = None
    for clause in clauses(held):
        worded = _conditional(_word_clause(clause.text, quotes, scene), clause)
        if promised and not clause.condition and _reports(worded, clause):
            promised = _report_promised(promised, clause.text)
            continue
        if promised:
            yield promised
        promised = worded if worded.rule == "do" else None
        if not promised:
            yield worded
    if promised:
        yield promised


def _reports(worded: Worded, clause: Clause) -> bool:
    if worded.rule == STUB:
        return _REPORT.match(name_listener(clause.text)) is not None
    return worded.rule == "confirm" and _CONFIRMS_DEED.fullmatch(clause.text) is not None


def _report_promised(promised: Worded, report: str) -> Worded:
    """`I will look up your order` and an unknown `tell them where it is`: both as what the agent will do."""
    return Worded(sentence(f"{promised.text.rstrip('.')} and {turn(report[0].lower() + report[1:])}"), promised.rule)


def _conditional(worded: Worded, clause: Clause) -> Worded:
    if not clause.condition or not worded.text:
        return worded
    if worded.rule == STUB or HEARD.fullmatch(clause.condition):
        return Worded(f"[say: {clause.condition}, {clause.text[0].lower()}{clause.text[1:]}]", STUB)
    if worded.rule in _SAID_IN_ANY_CASE:
        return worded
    text = worded.text
    if not re.match(r"I\b|[A-Z]{2}", text):
        text = text[0].lower() + text[1:]
    condition = clause.condition if clause.condition.lower() == "otherwise" else turn(clause.condition)
    return Worded(sentence(f"{condition}, {text}"), worded.rule, worded.results)


def _word_clause(text: str, quotes: Quotes, scene: Scene) -> Worded:
    spoken = _spoken_quote(text, quotes)
    if spoken:
        return Worded(spoken, "quoted")
    named = _PEOPLE_SPOKEN_TO.sub(rf"\1 {LISTENER} ", name_listener(text))
    for candidate in RULES:
        found = candidate.pattern.fullmatch(named)
        made = candidate.make(found, scene) if found else None
        if made is not None:
            return made if isinstance(made, Worded) else Worded(made, candidate.name)
    if scene.has_tools:
        return Worded("", "left to its tools")
    return Worded(f"[say: {text}]", STUB)


def _spoken_quote(text: str, quotes: Quotes) -> str | None:
    found = _SPOKEN_QUOTE.fullmatch(text)
    if not found or not _VERB_OF_SPEECH.fullmatch(found["verb"]):
        whole = re.fullmatch(QUOTATION, text)
        return sentence(quotes.quoted(text)) if whole else None
    quote = quotes.quoted(found["quote"])
    return sentence(
        quote, "!" if re.match(_GREETING, found["verb"], re.I) else ("?" if found["verb"][:3].lower() == "ask" else ".")
    )
