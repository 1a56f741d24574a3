"""Cuts an action into the things it asks for, and takes off what only says how to say them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_QUOTED = re.compile(
    r"“([^”]+)”|\"([^\"]+)\"|«([^»]+)»|(?<![\w'])'((?:[^']|(?<=\w)'(?=\w))+)'(?!\w)|‘((?:[^’]|(?<=\w)’(?=\w))+)’(?!\w)"
)
_HOLD, _CLOSE = "\ue000", "\ue001"

SPEAKING = (
    "tell|inform|ask|explain|mention|apologi[sz]e|thank|greet|welcome|offer|suggest|recommend|propose|confirm|say|let|"
    "remind|assure|reassure|advise|notify|point out|state|clarify|describe|provide|give|share|show|list|present|"
    "summari[sz]e|invite|encourage|warn|acknowledge|empathi[sz]e|sympathi[sz]e|express|congratulate|wish|introduce|"
    "request|emphasi[sz]e|highlight|note|add|respond|reply|answer|refer|direct|inquire|enquire|promise|refuse|decline|"
    "verify|find out|check|do not|don't|don’t|never|avoid|help|guide|assist|propose|announce|recap|read back|upsell|"
    "walk them|double-check|see if|see whether|collect|gather|make sure|be sure|say goodbye|transfer|connect|escalate|"
    "hand|initiate|redirect|put them"
)
"""Verbs with which a new thing to say or do begins after `and`."""

_DOING = (
    "load|look up|fetch|get|retrieve|update|call|log|record|save|create|cancel|book|process|search|run|send|schedule|"
    "open|close|submit|register|place|wait|continue|proceed|move on|end|be|keep|use|stay"
)
_HEADS_OF_INFINITIVE = re.compile(r"\b(?:to|can|could|should|must|will|would|may|might|not|please|that)\b", re.I)
_SENTENCE_END = re.compile(
    r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)(?<!\bvs)(?<=[.!?])\s+(?=[A-Z\ue000])|;\s+|\s*\n+\s*(?:[-*•]\s*|\d+[.)]\s*)?"
)
_THEN = re.compile(r",?\s+(?:and\s+)?(?:then|afterwards|after that|next)[,:]?\s+(?=[a-z])", re.I)
_MANNERS = r"(?:\w+ly|warmly|first|then|next|finally|please|always|just|also|additionally|instead|simply|lastly)"
_NEXT_CLAUSE = re.compile(
    rf"(?:,\s*(?:and\s+|but\s+)?|\s+and\s+|\s+but\s+|\s+while\s+|\s+before\s+)(?=(?:{_MANNERS}\s+)*(?:{SPEAKING})\b)",
    re.I,
)
_NEXT_DOING = re.compile(rf"(?:,\s*(?:and\s+)?|\s+and\s+)(?=(?:{_MANNERS}\s+)*(?:{_DOING})\b)", re.I)
_BY_SPEAKING = re.compile(
    r"\s+(?:by|while)\s+(?:\w+ly\s+)?(say|tell|ask|offer|explain|thank|mention|suggest|provid|giv|inform|lett|"
    r"apologi[sz]|acknowledg|stat|greet|introduc|recommend|confirm)ing\b",
    re.I,
)
_LEADING = re.compile(
    r"^(?:(?:\w+ly|first|second|third|then|next|please|always|just|also|instead|and|but|warmly|"
    r"in this case|in that case|"
    r"if so|as well)\b,?\s+|"
    r"(?:try|attempt|remember|make sure|be sure|proceed|continue|take care|do your best|feel free|don['’]t forget|"
    r"do not forget|you (?:need|have)|your (?:task|job|goal) is)\s+(?:always\s+)?to\s+(?=[a-z])|"
    r"(?:start by|begin by|go ahead and|make sure (?:that )?you|be sure (?:that )?you|you (?:should|must|can|may)|"
    r"the agent (?:should|must|will|can))\s+(?:always\s+)?(?=[a-z]))",
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
_TRAILING = re.compile(
    r"[,\s]+(?:step by step|in detail|in (?:plain|simple) (?:words|terms|language|english)|"
    r"(?:in|with) (?:an? |your |our )?(?:\w+(?:,| and)? )*(?:way|manner|tone|voice|style|fashion|language|warmth|words|"
    r"empathy|sentences?)|"
    r"as (?:needed|appropriate|necessary|well|usual)|(?:if|when|where|as) (?:needed|necessary|possible|available|"
    r"appropriate|applicable|relevant|required|you can)|"
    r"without (?:being |sounding |going |making |apologi[sz]ing |pressuring |mentioning )[\w ]+)$",
    re.I,
)
_CONDITION = re.compile(
    r"^(?P<word>if|when|once|unless|after|before|in case|as soon as|whenever|where|otherwise|while|should)\b"
    r"(?P<rest>[^,]*(?:,\s+(?:and|or)\s[^,]+)?),\s*(?:then\s+)?(?P<action>\S.*)$",
    re.I | re.S,
)
_GERUNDS = {"tell": "telling", "let": "letting", "thank": "thanking", "give": "giving", "provide": "providing"}


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that an action asks for: its words, and the condition in the action under which it does."""

    text: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Quotes:
    """The quoted texts of an action, taken out of harm's way while it is cut."""

    texts: tuple[str, ...]
    originals: tuple[str, ...]

    def put_back(self, text: str) -> str:
        """The text with its quotations as they were written."""
        return re.sub(f"{_HOLD}(\\d+){_CLOSE}", lambda found: self.originals[int(found[1])], text)

    def quoted(self, text: str) -> str:
        """The text with its quotations without their marks."""
        return re.sub(f"{_HOLD}(\\d+){_CLOSE}", lambda found: self.texts[int(found[1])], text)


QUOTATION = f"{_HOLD}\\d+{_CLOSE}"
"""A quotation that was taken out, as a regular expression."""


def take_quotes(action: str) -> tuple[str, Quotes]:
    """Take the quoted texts out of an action.

    Args:
        action: The action as it was written.

    Returns:
        The action with a mark in the place of each quotation, and the quotations.
    """
    texts: list[str] = []
    originals: list[str] = []

    def hold(found: re.Match[str]) -> str:
        texts.append(next(group for group in found.groups() if group is not None))
        originals.append(found[0])
        return f"{_HOLD}{len(texts) - 1}{_CLOSE}"

    return _QUOTED.sub(hold, action), Quotes(tuple(texts), tuple(originals))


def clauses(action: str) -> list[Clause]:
    """Cut an action into the things it asks for, in their order.

    Args:
        action: An action without its quotations (see `take_quotes`).

    Returns:
        Clauses without adverbs of manner; a condition that leads one is kept beside it.
    """
    found: list[Clause] = []
    for piece in _SENTENCE_END.split(_without_bullets(action.strip())):
        for step in _THEN.split(piece):
            found += _of_sentence(step.strip(" ,.;"))
    return [clause for clause in found if clause.text]


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
        return [Clause(bare(part)) for part in _conjuncts(text)]
    condition = "" if _says_nothing(led["rest"]) else f"{led['word']}{led['rest']}"
    parts = _conjuncts(_without_lead(led["action"]))
    return [Clause(bare(part), condition if place == 0 else "") for place, part in enumerate(parts)]


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
    text = _BY_SPEAKING.sub(lambda found: f" and {_imperative(found[1].lower())}", text)
    parts = [text]
    for pattern in (_NEXT_CLAUSE, _NEXT_DOING):
        parts = [piece for part in parts for piece in _cut(part, pattern)]
    return parts


def _cut(text: str, pattern: re.Pattern[str]) -> list[str]:
    pieces: list[str] = []
    start = 0
    for found in pattern.finditer(text):
        head = text[start : found.start()]
        if head.strip() and (
            _is_whole(head) or pattern is _NEXT_CLAUSE and not _verb_may_continue(head, text[found.end() :])
        ):
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
    ) and not re.match(
        r"(?:\w+ly\s+|also\s+)*(?:tell|ask|inform|apologi[sz]e|thank|let|explain|mention|offer|"
        r"suggest|recommend|assure|"
        r"reassure|remind|greet|wish|say)\b",
        tail,
        re.I,
    )


def _without_lead(text: str) -> str:
    while True:
        shorter = _LEADING.sub("", text, count=1).strip()
        if shorter == text or not shorter:
            return text
        text = shorter


def bare(text: str) -> str:
    """A clause without leading and trailing words of manner, its gerund turned back into an imperative."""
    text = _without_lead(text.strip(" ,.;"))
    while True:
        shorter = _TRAILING.sub("", text).strip(" ,.;")
        if not _STATES.search(text):
            shorter = _MANNER.sub("", shorter).strip(" ,.;")
        if shorter == text or not shorter:
            break
        text = shorter
    text = re.sub(r"^(\w+) again$", r"\1", _ADVERB_OF_SPEAKING.sub(r"\g<verb> ", text))
    gerund = re.match(r"([a-z]+)ing\b", text, re.I)
    if gerund and not text.lower().startswith("bring"):
        text = _imperative(gerund[1].lower()) + text[gerund.end() :]
    return text


def _imperative(stem: str) -> str:
    for verb, form in _GERUNDS.items():
        if form == stem + "ing":
            return verb
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "sl":
        return stem[:-1]
    return stem + "e" if re.search(r"(?:[aiou]t|[^aeiou]g|[iu][sz]|[ae]d|v|c|at|og)$", stem) else stem
