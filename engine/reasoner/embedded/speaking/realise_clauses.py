"""Cuts an action into the things it asks for, and takes off what only says how to say them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.reasoner.embedded.language.clause_words import PEOPLE
from engine.reasoner.embedded.language.pronouns import PERSON

SPEAKING = (
    "tell|inform|ask|explain|mention|apologi[sz]e|thank|greet|welcome|offer|suggest|recommend|propose|confirm|say|let|"
    "remind|assure|reassure|advise|notify|point out|state|clarify|describe|provide|give|share|show|list|present|"
    "summari[sz]e|invite|encourage|warn|acknowledge|empathi[sz]e|sympathi[sz]e|express|congratulate|wish|introduce|"
    "request|emphasi[sz]e|highlight|note|add|respond|reply|answer|refer|direct|inquire|enquire|promise|refuse|decline|"
    "verify|find out|check|do not|don't|don’t|never|avoid|help|guide|assist|propose|announce|recap|read back|upsell|"
    "walk them|double-check|see if|see whether|collect|gather|make sure|be sure|say goodbye|transfer|connect|escalate|"
    "hand|initiate|redirect|steer|put them"
)
"""Verbs with which a new thing to say or do begins after `and`."""

DOING = (
    "load|look up|fetch|get|retrieve|update|call|log|record|save|create|cancel|book|process|search|run|send|schedule|"
    "open|close|submit|register|place|wait|continue|proceed|move on|hang up|end|be|keep|use|stay"
)
"""Verbs of what the agent does itself."""

_HEADS_OF_INFINITIVE = re.compile(r"\b(?:to|can|could|should|must|will|would|may|might|not|please|that)\b", re.I)
_SENTENCE_END = re.compile(
    r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)(?<!\bvs\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bSt\.)(?<=[.!?])\s+(?=[A-Z\ue000])|;\s+|\s*\n+\s*(?:[-*•]\s*|\d+[.)]\s*)?"
)
_THEN = re.compile(
    r",?\s+(?:and\s+)?(?:only\s+)?(?<!before )(?<!until )(?<!by )(?<!since )"
    r"(?:then|afterwards|after that)[,:]?\s+(?=[a-z])"
    rf"|,?\s+(?:and\s+)?next(?:,\s+(?=[a-z])|\s+(?=(?:{SPEAKING})\s))",
    re.I,
)
_IF_THEN = re.compile(r"^((?:if|when|once|after|unless|as soon as)\b[^,;]*),?\s+then\s+", re.I)
_MANNERS = r"(?:\w+ly|warmly|first|then|next|finally|please|always|just|also|additionally|instead|simply|lastly)"
_NEXT_CLAUSE = re.compile(
    rf"(?:,\s*(?:and\s+|but\s+)?|\s+and\s+|\s+but\s+|\s+while\s+|\s+before\s+)(?=(?:{_MANNERS}\s+)*(?:{SPEAKING})\b)",
    re.I,
)
_NEXT_CONDITION = re.compile(
    r",?\s+(?:and|but)\s+(?=(?:if|when|once|unless)\b[^,]*,\s*(?:then\s+)?"
    rf"(?:{_MANNERS}\s+)*(?:{SPEAKING}|{DOING})\b)|,?\s+(?=otherwise,?\s+(?:{_MANNERS}\s+)*(?:{SPEAKING}|{DOING})\b)",
    re.I,
)
_IF_SO = re.compile(r"if so,?\s+(?P<action>.+)", re.I | re.S)
_ASKS = re.compile(r"(?:ask|find out|inquire|enquire|clarify)\b", re.I)
_DOING_TO = (
    r"(?:refund|waive|arrange|assign|reserve|issue|add|apply|adjust|remove|reset|restart|generate|notify|email|pull up|"
    r"hold|replace|change|close|file|forward|move|pause|renew|ship|track)\s+(?:the|an?|their|it|them)\b"
)
_NEXT_DOING = re.compile(rf"(?:,\s*(?:and\s+)?|\s+and\s+)(?=(?:{_MANNERS}\s+)*(?:(?:{DOING})\b|{_DOING_TO}))", re.I)
_ONLY_THE_AGENT = re.compile(
    r"(?:\w+ly\s+|also\s+)*(?:(?:tell|ask|inform|apologi[sz]e|thank|let|explain|mention|offer|suggest|recommend|assure|"
    rf"reassure|remind|greet|wish|say|escalate)\b|(?:advise|warn|invite|encourage|urge|instruct|refer|direct)\s+"
    rf"(?:them|{PERSON})\b|(?:steer|redirect|bring|guide|lead) the (?:conversation|discussion|chat)\b|"
    rf"\w+\s+(?:them|{PERSON})\b(?!\s+(?:to|back|away|off)\b))",
    re.I,
)
"""After `tell them to wait and`, verbs that are not for the customer to do."""

_LOOKING = re.compile(r"(?:\w+ly\s+)?(?:check|see|verify|look up|find out|look into|track|search for)\b", re.I)
_BARE_REPORT = re.compile(
    rf"(?:let\s+(?:them|{PERSON})\s+know|(?:tell|inform|update|notify)\s+(?:them|{PERSON})|get back to them)", re.I
)
_TOLD_AND_WHERE = re.compile(
    rf"(?P<first>(?:(?:tell|inform|remind)\s+(?:them|{PERSON})|let\s+(?:them|{PERSON})\s+know|explain|mention|say)"
    r"\s+that\b(?:(?!\b(?:what|where|when|how|why|which|who|whether|know|see|ask)\b).)+?),?\s+and\s+"
    r"(?P<second>(?:what|where|when|how|why|which|who)\b(?!ever).+)",
    re.I | re.S,
)
_BY_SPEAKING = re.compile(
    r"\s+(?:by|while)\s+(?:\w+ly\s+)?(say|tell|ask|offer|explain|thank|mention|suggest|provid|giv|inform|lett|"
    r"apologi[sz]|acknowledg|stat|greet|introduc|recommend|confirm)ing\b",
    re.I,
)
_LEADING = re.compile(
    r"^(?:(?!reply\b|apply\b|supply\b|rely\b|comply\b|only\b)(?:(?:step|part|phase)\s+\d+\s*[:.)]\s*|"
    r"(?:do|follow|take)(?: all| each)?(?: of)? (?:the following|these)(?: steps| things)?(?: in (?:this )?order)?:\s*|"
    r"(?:\w+ly|first|second|third|then|next|please|always|just|also|instead|and|but|warmly|"
    r"in this case|in that case|"
    r"if so|as well)\b,?\s+|"
    r"(?:try|attempt|remember|make sure|be sure|proceed|continue|take care|do your best|feel free|don['’]t forget|"
    r"do not forget|you (?:need|have)|your (?:task|job|goal) is)\s+(?:always\s+)?to\s+(?=[a-z])|"
    r"(?:start by|begin by|go ahead and|make sure (?:that )?you|be sure (?:that )?you|you (?:should|must|can|may)|"
    r"the agent (?:should|must|will|can))\s+(?:always\s+)?(?=[a-z])))",
    re.I,
)
_ADVERB_OF_SPEAKING = re.compile(rf"^(?P<verb>{SPEAKING})\s+(?!only\b|really\b)\w+ly\s+", re.I)
_STATES = re.compile(r"\b(?:that|we|they|you|it|is|are|was|were|will|can|has|have|our|there)\b", re.I)
_MANNER = re.compile(
    r"[,\s]+(?:clearly|politely|professionally|gently|briefly|warmly|carefully|concisely|kindly|sincerely|profusely|"
    r"immediately|right away|honestly|calmly|nicely|cheerfully|respectfully|courteously|simply|directly|promptly|"
    r"empathetically|enthusiastically|accordingly|too|first|instead)$",
    re.I,
)
_STYLE = (
    rf"(?:in (?:their|the (?:{PEOPLE})['’]s) (?:own |native |preferred )?language|"
    r"in (?:plain|simple) (?:words|terms|language|english)|"
    r"(?:in|with) (?:an? |your |our )?(?:(?!their\b)\w+(?:,| and)? )*(?:way|manner|tone|voice|style|fashion|language|"
    r"warmth|words|empathy|sentences?))"
)
_LEADING_STYLE = re.compile(rf"^{_STYLE},\s*", re.I)
_TRAILING = re.compile(
    rf"[,\s]+(?:step by step|in detail|{_STYLE}|"
    r"as (?:needed|appropriate|necessary|well|usual)|as \w+ly as possible|"
    r"(?:if|when|where) (?:needed|necessary|possible|available|"
    r"appropriate|applicable|relevant|required|you can)|"
    r"without (?:being |sounding |going |making |apologi[sz]ing |pressuring |mentioning )[\w ]+)$",
    re.I,
)
_THEM = rf"(?:them|him|her|{PERSON})"
_FOR_THEM_TO_DO = re.compile(rf"\b{_THEM}\s+(?:not\s+)?to\b", re.I)
"""After this, words of manner are about what the customer is to do."""

_CONDITION = re.compile(
    r"^(?P<word>if|when|once|unless|after|before|in case|as soon as|whenever|where|otherwise|while|should)\b"
    r"(?P<rest>[^,:]*(?:,\s+(?:and|or)\s[^,]+)?)(?:[,:]|\s(?=(?:tell|ask|inform|offer|remind|let|give)\s"
    rf"{_THEM}\b))\s*(?:then\s+)?(?P<action>\S.*)$",
    re.I | re.S,
)
_HEARD = (
    rf"(?:if|when|whenever|once|unless|in case|as soon as)\s+(?:they|he|she|{PERSON})\s+"
    r"(?:\w+ly\s+|also\s+|still\s+|ever\s+)*"
    r"(?:(?:mention|say|complain|express|seem|sound|appear|report|claim|state|inquire|enquire|indicate|bring|raise|hint|"
    r"suggest|behave|act|get|become|swear|threaten|insult|respond|reply|answer)s?\b"
    r"|asks?\s+(?!for (?:it|one|this|that)\b)\w"
    r"|(?:is|are)\s+(?:\w+ly\s+|very\s+|being\s+)*(?:upset|angry|rude|frustrated|aggressive|abusive|annoyed|confused|"
    r"impatient|hesitant|irritated|unhappy|sad|worried|anxious|insulting)\b).*"
)
HEARD = re.compile(_HEARD, re.I | re.S)
"""A condition on what the customer says or how: the agent acts on it and never says it."""

_WHEN_HEARD = re.compile(rf"(?P<action>.+?),?\s+(?P<condition>{_HEARD})", re.I | re.S)
_GERUNDS = {"tell": "telling", "let": "letting", "thank": "thanking", "give": "giving", "provide": "providing"}


_LIST = re.compile(r"^(?P<head>[^\n]+):(?P<items>(?:\s*\n\s*(?:[-*•]|\d+[.)])\s+[^\n]+)+)", re.M)
_BEGINS_WITH_ACTION = re.compile(rf"(?:{SPEAKING}|{DOING})\b", re.I)


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that an action asks for: its words, and the condition in the action under which it does."""

    text: str
    condition: str = ""


def clauses(action: str) -> list[Clause]:
    """Cut an action into the things it asks for, in their order.

    Args:
        action: An action without its quotations (see `take_quotes`).

    Returns:
        Clauses without adverbs of manner; a condition that leads one is kept beside it.
    """
    found: list[Clause] = []
    for piece in _SENTENCE_END.split(_without_bullets(_with_lists_inline(action.strip()))):
        for step in _THEN.split(_IF_THEN.sub(r"\1, ", piece)):
            for part in _NEXT_CONDITION.split(step):
                answered = _IF_SO.match(part) if found and _ASKS.match(found[-1].text) else None
                following = _of_sentence((answered["action"] if answered else part).strip(" ,.;"))
                found += _under("if so", following) if answered else following
    return [clause for clause in found if clause.text]


def _under(condition: str, parts: list[Clause]) -> list[Clause]:
    return [Clause(parts[0].text, parts[0].condition or condition), *parts[1:]]


def _with_lists_inline(action: str) -> str:
    """A list of things under a line that ends with a colon, as a part of that line; lists of things to do stay."""

    def inline(found: re.Match[str]) -> str:
        items = [
            item.strip(" .,;") for item in re.split(r"\s*\n\s*(?:[-*•]|\d+[.)])\s+", found["items"]) if item.strip()
        ]
        if len(items) < 2 or any(_BEGINS_WITH_ACTION.match(item) for item in items):
            return found[0]
        return f"{found['head']}: {', '.join(items[:-1])} and {items[-1]}"

    return _LIST.sub(inline, action)


def _without_bullets(action: str) -> str:
    """The points of a list as lines of their own, without their bullets or numbers."""
    if re.match(r"1[.)]\s", action):
        action = re.sub(r"(?:^|\s)\d{1,2}[.)]\s+(?=[A-Z])", "\n", action)
    return re.sub(r"^\s*[-*•]\s+", "", action, flags=re.M).strip()


def _of_sentence(text: str) -> list[Clause]:
    text = _without_lead(text)
    text = re.sub(r"^(otherwise|if not|else)[, ]\s*", "otherwise, ", text, flags=re.I)
    led = _CONDITION.match(text)
    if not led:
        return [_of_conjunct(part) for part in _conjuncts(text)]
    condition = "" if _says_nothing(led["rest"]) else f"{led['word']}{led['rest']}"
    parts = _conjuncts(_without_lead(led["action"]))
    everywhere = HEARD.fullmatch(condition)
    return [Clause(bare(part), condition if place == 0 or everywhere else "") for place, part in enumerate(parts)]


def _of_conjunct(text: str) -> Clause:
    heard = _WHEN_HEARD.fullmatch(text)
    if heard and not _STATES.search(heard["action"]):
        return Clause(bare(heard["action"]), heard["condition"])
    return Clause(bare(text))


def _says_nothing(rest: str) -> bool:
    """Whether a leading condition has no subject of its own (`when asked`, `before transferring them`, `if so`)."""
    first = re.match(r"\s*(?:\w+ly\s+)?(\w+)", rest)
    if not first:
        return True
    word = first[1].lower()
    return word.endswith(("ing", "ed")) or word in (
        "so",
        "possible",
        "needed",
        "necessary",
        "not",
        "done",
        "in",
        "doing",
    )


def _conjuncts(text: str) -> list[str]:
    text = _BY_SPEAKING.sub(lambda found: f" and {imperative(found[1].lower())}", text)
    head, colon, tail = text.partition(": ")
    if colon and _BEGINS_WITH_ACTION.match(tail):
        head, colon, tail = text, "", ""
    parts = [*_told_and_asked(head)]
    for pattern in (_NEXT_CLAUSE, _NEXT_DOING):
        parts = [piece for part in parts for piece in _cut(part, pattern)]
    return [*parts[:-1], f"{parts[-1]}{colon}{tail}"]


def _told_and_asked(text: str) -> tuple[str, ...]:
    """`Let them know that it is open and where to park` as two things to tell."""
    found = _TOLD_AND_WHERE.fullmatch(text)
    return (found["first"], f"tell them {found['second']}") if found else (text,)


def _cut(text: str, pattern: re.Pattern[str]) -> list[str]:
    pieces: list[str] = []
    start = 0
    for found in pattern.finditer(text):
        head = text[start : found.start()]
        tail = text[found.end() :]
        if _LOOKING.match(head) and _BARE_REPORT.fullmatch(tail):
            continue
        if head.strip() and (_is_whole(head) or pattern is _NEXT_CLAUSE and not _verb_may_continue(head, tail)):
            pieces.append(head)
            start = found.end()
    return [*pieces, text[start:]]


def _is_whole(head: str) -> bool:
    """Whether what follows `and` can only be a new thing to do: the head holds no infinitive or clause to continue."""
    return not _HEADS_OF_INFINITIVE.search(head)


def _verb_may_continue(head: str, tail: str) -> bool:
    """Whether the verb after `and` may belong to what the customer is told (`tell them to wait and call us`)."""
    return bool(
        re.search(r"\b(?:to|can|could|should|must|may|might|please)\s+\w+[^,;]*$", head, re.I)
    ) and not _ONLY_THE_AGENT.match(tail)


def _without_lead(text: str) -> str:
    while True:
        shorter = _LEADING_STYLE.sub("", _LEADING.sub("", text, count=1)).strip()
        if shorter == text or not shorter:
            return text
        text = shorter


def bare(text: str) -> str:
    """A clause without leading and trailing words of manner, its gerund turned back into an imperative."""
    text = _without_lead(text.strip(" ,.;"))
    while True:
        shorter = _TRAILING.sub("", text).strip(" ,.;")
        if not _STATES.search(text) and not _FOR_THEM_TO_DO.search(text):
            shorter = _MANNER.sub("", shorter).strip(" ,.;")
        if shorter == text or not shorter:
            break
        text = shorter
    text = re.sub(r"^(\w+) again$", r"\1", _ADVERB_OF_SPEAKING.sub(r"\g<verb> ", text))
    gerund = re.match(r"([a-z]+)ing\b", text, re.I)
    if gerund and not text.lower().startswith("bring"):
        text = imperative(gerund[1].lower()) + text[gerund.end() :]
    return text


def imperative(stem: str) -> str:
    """The base form of a verb from its gerund without `ing`: `giv` gives `give`."""
    for verb, form in _GERUNDS.items():
        if form == stem + "ing":
            return verb
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "sl":
        return stem[:-1]
    return stem + "e" if re.search(r"(?:[aiou]t|[^aeiou]g|[iu][sz]|[ae]d|v|c|at|og)$", stem) else stem
