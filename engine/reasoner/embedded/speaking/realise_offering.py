"""Rules for actions in which the agent offers, suggests, helps, or says what it will do."""

from __future__ import annotations

import re

from engine.reasoner.embedded.language.clause_words import VERBS
from engine.reasoner.embedded.language.pronouns import base_of_third_person, turn
from engine.reasoner.embedded.speaking.realise_questions import find_verb, sentence
from engine.reasoner.embedded.speaking.realise_rules import THEM, Rule, Scene, Worded, begins_with_verb, rule

_SUGGEST = r"(?:suggest|recommend|propose|advise)"
_MOVING = (
    r"(?P<verb>transfer|connect|escalate|redirect|forward|route|hand (?:over|off)|handoff|pass|put|switch|patch|refer|"
    r"hand|move|send|bring)"
)
_WORKING = (
    "activate|add|adjust|apply|approve|charge|credit|deactivate|deliver|disable|downgrade|enable|extend|hold|mail|post|print|release|swap|"
    "arrange|assign|block|book|calculate|call|cancel|change|check|close|collect|complete|compute|"
    "create|delete|dispatch|email|enroll|escalate|estimate|expedite|fetch|file|fill|find|fix|"
    "forward|generate|investigate|"
    "issue|load|locate|lock|log|look|make|modify|move|notify|open|order|pack|pause|place|"
    "prepare|process|pull|put|query|"
    "record|redeem|refund|register|remove|renew|reorder|replace|report|reschedule|reserve|"
    "reset|resolve|restart|retrieve|"
    "run|save|schedule|search|send|set|ship|sign|start|submit|subscribe|switch|take|track|transfer|trigger|unlock|"
    "unsubscribe|update|upgrade|validate|verify|waive|run|confirm"
)
_DONE_TO_PEOPLE = frozenset(
    (
        "call email register enroll sign notify send forward take verify book schedule switch upgrade "
        "downgrade subscribe unsubscribe refund"
    ).split()
)
"""Verbs after which `them` is the customer; after others (`fetch them`) it is things."""

_PHRASAL = r"(?: (?:up|in|out|down|back|off|over|through|into))?"
_CHOICE_LEFT_OPEN = re.compile(
    r"(?:a|an|some|one|another|something|any|several|two|three|the best|the right|suitable|other|similar|relevant|"
    r"alternative)\b(?P<rest>.*)",
    re.I,
)

_INTERNAL = re.compile(
    r"\b(?:internal(?:ly)?|CRM|back-?\s?end|tier \d|webhook|knowledge base)\b|\b[a-z]+_[a-z_]+\b|\w\(\)",
    re.I,
)
"""Where work is done that is no business of the customer's."""

_UNSAID_WHICH = re.compile(
    r"\b(?:alternative|alternatives|suitable|similar|relevant|other|"
    r"different|another|comparable|nearby|shorter|cheaper)\b",
    re.I,
)


def _offer(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I can offer you {turn(found['what'])}")


def _offer_to(found: re.Match[str], _: Scene) -> str:
    return sentence(f"would you like me to {turn(found['what'])}", "?")


def _offer_help(found: re.Match[str], _: Scene) -> str:
    return sentence(f"can I help you {turn(found['what'] or '')}", "?")


def _would_you_like(found: re.Match[str], _: Scene) -> str:
    return sentence(f"would you like {turn(found['what'])}", "?")


def _suggest_to(found: re.Match[str], _: Scene) -> str | None:
    if not begins_with_verb(found["what"]):
        return None
    return sentence(f"I suggest that {'you' if found['customer'] else 'we'} {turn(found['what'])}")


def _suggest_that(found: re.Match[str], _: Scene) -> str | None:
    """`Suggest the user restart it`, not `suggest the user a plan`."""
    what = re.sub(r"^should ", "", found["what"], flags=re.I)
    first, _space, rest = what.partition(" ")
    base = first.lower() if begins_with_verb(first) else base_of_third_person(first)
    if base != first.lower():
        rest = re.sub(r"\b(and|or) (\w+s)\b(?= \w)", _plain_verb, rest)
    return sentence(f"I suggest that you {base} {turn(rest)}") if base in VERBS else None


def _plain_verb(found: re.Match[str]) -> str:
    base = base_of_third_person(found[2])
    return f"{found[1]} {base}" if base in VERBS else found[0]


def _suggest(found: re.Match[str], scene: Scene) -> str | Worded | None:
    what = turn(found["what"])
    that = re.match(r"that\s+(.+)", what, re.I)
    if that or find_verb(what.split()) == 1:
        return sentence(f"I suggest that {that[1] if that else what}")
    open_choice = _CHOICE_LEFT_OPEN.fullmatch(found["what"])
    fact = scene.look_up(found["what"])
    if fact and (open_choice or scene.has_tools):
        listed = fact.text if fact.text.count(" ") > 12 or fact.text.count(": ") > 1 else None
        return Worded(listed or sentence(f"I recommend {_bare(fact.text)}"), "recommend", fact.results)
    verb = found["verb"].lower()
    if verb == "advise" and not begins_with_verb(what):
        return None
    if _UNSAID_WHICH.match(what) or open_choice and _names_nothing(open_choice["rest"]):
        return sentence(f"would you like me to {verb} {what}", "?")
    return sentence(f"I {'recommend' if verb == 'recommend' else 'suggest'} {what}")


def _names_nothing(rest: str) -> bool:
    """Whether a phrase leaves open which one is meant: `a wine to go with it`, `two alternative dates`."""
    return len(rest.split()) <= 1 or bool(_UNSAID_WHICH.search(rest)) or bool(re.match(r"\s+\w+ to \w", rest))


def _bare(text: str) -> str:
    """A list without its label and end mark, for the middle of a sentence."""
    return re.sub(r"^(?:[^:]*?\b(?:are|is)|[^:]*:) ", "", text).rstrip(".")


def _will_help(found: re.Match[str], _: Scene) -> str:
    verb = {"aid": "help", "support": "help"}.get(found["verb"].lower(), found["verb"].lower())
    if verb in ("guide", "walk", "lead", "take", "talk"):
        return sentence(f"I will {verb} you {turn(found['what'])}")
    return sentence(f"I can {verb} you {turn(found['what'])}" if found["what"] else "how can I help you", ".")


def _help_offered(_: re.Match[str], __: Scene) -> str:
    return "How can I help you?"


def _move(found: re.Match[str], scene: Scene) -> str | Worded:
    if scene.has_tools:
        return Worded("", "left to its tools")
    what = found["what"]
    if re.match(rf"{THEM}\b", what, re.I) is None:
        moved = "this" if found["verb"].lower() in ("escalate", "forward", "route") else "them"
        what = f"{moved} {what}" if re.match(r"(?:to|over|up)\b", what, re.I) else what
    verb = re.sub(r"handoff", "hand off", found["verb"].lower())
    said = turn(f"I will {verb} {what}")
    return sentence(re.sub(r"\b(hand) (off|over) you\b", r"\1 you \2", said))


def _start_handoff(found: re.Match[str], scene: Scene) -> str | Worded:
    if scene.has_tools:
        return Worded("", "left to its tools")
    return "I will transfer you to a colleague."


def _work(found: re.Match[str], scene: Scene) -> str | Worded:
    if scene.has_tools:
        return Worded("", "left to its tools")
    verb, what = found["verb"].lower(), found["what"]
    if _INTERNAL.search(what):
        return Worded("", "internal")
    things = re.match(r"them\b(?P<rest>.*)", what, re.I | re.S)
    to_people = verb in _DONE_TO_PEOPLE or (
        things and re.match(r"\s+(?:an?|the|some|our|another|\d+)\b", things["rest"])
    )
    said = f"them{turn(things['rest'])}" if things and not to_people else turn(what)
    return sentence(f"I will {verb}{found['particle'] or ''} {said}")


def _refer(found: re.Match[str], _: Scene) -> str:
    return sentence(f"I would like to refer you {turn(found['what'])}")


RULES: tuple[Rule, ...] = (
    rule("offer to", r"offer(?: <them>)? to (?P<what>(?!them\b).+)", _offer_to),
    rule(
        "offer help",
        r"offer(?: <them>| your| our)? (?:some )?(?:further |more |additional |any )?(?:help|assistance|support)"
        r"(?: to <them>)?(?: (?P<what>(?:with|in|to|finding|choosing)\b.+))?",
        _offer_help,
    ),
    rule("offer", r"offer(?: to)?(?: <them>)? (?P<what>.+?)(?: to <them>)?", _offer),
    rule("offer", r"(?:upsell|cross-sell|promote|pitch)(?: <them>)?(?: on)? (?P<what>.+)", _would_you_like),
    rule("suggest", r"(?:suggest|recommend|propose)(?P<customer> to <them>| <them>)? to (?P<what>.+)", _suggest_to),
    rule("suggest", r"(?:suggest|recommend|propose)(?: that)? customer_ (?P<what>.+)", _suggest_that),
    rule("suggest", rf"(?P<verb>{_SUGGEST})(?: to)?(?: <them>)? (?P<what>.+)", _suggest),
    rule(
        "help",
        r"(?P<verb>help|assist|support|aid|guide|walk|lead|talk) <them> ?(?P<what>.*)",
        _will_help,
    ),
    rule("help", r"(?:ask|see) how you can (?:help|assist)(?: <them>)?|(?:help|assist)(?: <them>)?", _help_offered),
    rule("refer", r"(?:refer|direct|point|send|get) <them> (?P<what>(?:to|towards?)\b.+)", _refer),
    rule(
        "handoff",
        r"(?:initiate|start|begin|perform|trigger|make|do|arrange) (?:a |the )?(?:human |live |agent )?"
        r"(?:hand-?off|handover|hand-over|transfer|escalation)(?: .*)?",
        _start_handoff,
    ),
    rule(
        "handoff",
        r"(?:hand-?off|hand off|hand over|escalate|transfer)(?: the (?:conversation|chat|session|case))?",
        _start_handoff,
    ),
    rule(
        "transfer",
        r"hand (?:the|this) (?:conversation|chat|call|case|customer_) (?:over|off) (?P<what>to .+)",
        lambda found, _: sentence(f"I will hand you over {turn(found['what'])}"),
    ),
    rule("transfer", rf"{_MOVING} (?P<what>(?:<them>|to|over|up)\b.*)", _move),
    rule("do", rf"(?P<verb>{_WORKING})(?P<particle>{_PHRASAL}) (?P<what>.+)", _work),
)
"""In the order in which they are tried."""
