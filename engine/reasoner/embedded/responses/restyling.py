"""Rewords a draft in the style of canned responses, keeping every fact.

Taken from the nearest response: how it opens and closes, how it addresses the customer, and contractions. The draft's
own sentences stay; where nothing of the style can be taken, the draft stays as it was, marked so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

from engine.reasoner.base import Candidate, Draft, Restyled
from engine.reasoner.embedded.language.features import likeness, rarity, stems
from engine.reasoner.embedded.responses.fit import is_negative, sentences

_OPENING = re.compile(
    r"(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|welcome|thanks|thank you|"
    r"sure(?: thing)?|of course|certainly|"
    r"absolutely|great|perfect|no problem|no worries|got it|alright|okay|ok|good news|wonderful|"
    r"with pleasure|my pleasure|"
    r"i(?:['’]m| am) (?:so |very |really |truly )?sorry|sorry|apologies|oh no|happy to help|"
    r"i(?:['’]d| would) be happy to help)\b"
    r"[^.!?]{0,40}[.!?])",
    re.I,
)
_CLOSING = re.compile(
    r".*\b(?:anything else|let me know|let us know|have a (?:nice|great|good|lovely|wonderful)|feel free|happy to help|"
    r"here (?:for you|to help|if you)|thanks? (?:you )?(?:for|so)|take care|enjoy|best regards|kind regards|cheers|"
    r"looking forward|don['’]t hesitate|your .{2,30} team)\b.*",
    re.I,
)
_LEAD = re.compile(
    r"(?:(?:sure(?: thing)?|of course|certainly|absolutely|great|okay|ok|alright|good news|no problem)[,:!—-]|"
    r"(?:hi|hello|hey|dear)(?: (?-i:[A-Z])[\w'’-]+){0,2},)\s+",
    re.I,
)
_CHEERFUL = re.compile(
    r"great|perfect|good news|wonderful|pleasure|no problem|absolutely|sure|certainly|of course", re.I
)
_SORRY = re.compile(r"\b(?:sorry|apolog\w+|unfortunately|oh no)\b", re.I)
_CONTRACTIONS = (
    ("I am", "I'm"),
    ("I will", "I'll"),
    ("I would", "I'd"),
    ("I have", "I've"),
    ("we are", "we're"),
    ("we will", "we'll"),
    ("we have", "we've"),
    ("you are", "you're"),
    ("it is", "it's"),
    ("that is", "that's"),
    ("do not", "don't"),
    ("does not", "doesn't"),
    ("is not", "isn't"),
    ("are not", "aren't"),
    ("cannot", "can't"),
    ("can not", "can't"),
    ("will not", "won't"),
)
_CONTRACTED = re.compile(r"\b\w+(?:n['’]t|['’](?:m|re|ll|ve|d))\b", re.I)
_MOST_COMMON = 1.7
"""Rarity up to which a word in an opening or a closing brings no fact of its own."""


def restyle(draft: Draft, candidates: Sequence[Candidate]) -> Restyled:
    """Reword a draft in the style of the nearest candidate.

    Args:
        draft: The draft message.
        candidates: Rendered responses; those that are attached to something active come first at equal nearness.

    Returns:
        The new text with every sentence of the draft in it, or the draft as it was and why.
    """
    if not candidates:
        return Restyled(draft.text, False, None, "There is no response whose style could be taken.")
    nearest = max(enumerate(candidates), key=lambda one: (_nearness(draft, one[1]), -one[0]))[1]
    own = sentences(draft.text)
    said = sentences(nearest.text)
    opening = _opening(own, said, draft.text)
    closing = _closing(own, said, draft.text)
    body = _contracted(draft.text) if _CONTRACTED.search(nearest.text) else draft.text
    body, exclaims = _with_lead(body, said, has_opening=bool(opening)), nearest.text.rstrip().endswith("!")
    taken = [name for name, found in (("opening", opening), ("closing", closing)) if found]
    if body != draft.text:
        taken.append("wording")
    if exclaims and not closing and _may_exclaim(body):
        body, taken = f"{body[:-1]}!", [*taken, "end mark"]
    text = " ".join(part for part in (opening, body, closing) if part)
    if text == draft.text:
        return Restyled(
            draft.text, False, nearest.name, f"Nothing of the style of {nearest.name} can be taken without new facts."
        )
    return Restyled(text, True, nearest.name, f"Taken from {nearest.name}: {', '.join(taken)}.")


def _nearness(draft: Draft, candidate: Candidate) -> float:
    texts = (candidate.text, *candidate.signals)
    return round(max(likeness(draft.text, text) for text in texts) + (0.1 if candidate.linked else 0.0), 4)


def _opening(own: list[str], said: list[str], draft: str) -> str:
    """The response's first sentence, when it only opens and the draft does not open in a way of its own."""
    if len(said) < 2 or not own or not _OPENING.fullmatch(said[0]) or _OPENING.match(own[0]):
        return ""
    return said[0] if _brings_nothing(said[0], draft) else ""


def _closing(own: list[str], said: list[str], draft: str) -> str:
    """The response's last sentence, when it only closes and the draft neither asks nor closes at its end."""
    if (
        len(said) < 2
        or not own
        or own[-1].endswith("?")
        or not _CLOSING.fullmatch(said[-1])
        or _CLOSING.fullmatch(own[-1])
    ):
        return ""
    return said[-1] if _brings_nothing(said[-1], draft) else ""


def _with_lead(body: str, said: list[str], *, has_opening: bool) -> str:
    """The body with the response's leading words (`Sure, …`), when it has none and nothing opens it already."""
    lead = _LEAD.match(said[0]) if said else None
    opens = (
        _LEAD.match(body)
        or _OPENING.match(body)
        or re.match(r"(?:I['’]m sorry|I apologi|Sorry|Unfortunately|No\b)", body)
    )
    if not lead or has_opening or opens or is_negative(sentences(body)[0]):
        return body
    first = body if re.match(r"I\b|I['’]|[A-Z]{2}", body) else body[0].lower() + body[1:]
    return f"{lead[0]}{first}"


def _brings_nothing(text: str, draft: str) -> bool:
    """Whether a sentence has neither numbers nor rarer words than the draft: it may be said with any facts."""
    if re.search(r"\d", text):
        return False
    sad = bool(_SORRY.search(draft)) or any(map(is_negative, sentences(draft)))
    if (_CHEERFUL.match(text) and sad) or (_SORRY.search(text) and not sad):
        return False
    known = frozenset(stems(draft))
    courteous = _OPENING.fullmatch(text) or _CLOSING.fullmatch(text)
    rare = [one for one in stems(text) if rarity(one) > _MOST_COMMON and one not in known]
    return bool(courteous) and len(rare) <= 2


def _may_exclaim(body: str) -> bool:
    own = sentences(body)
    return body.endswith(".") and not is_negative(own[-1]) and not re.search(r"\b(?:sorry|apologi)", body, re.I)


def _contracted(text: str) -> str:
    for long, short in _CONTRACTIONS:
        text = re.sub(rf"\b{long}\b(?! (?:not|[.?!]))(?=\s)", partial(_cased, short), text, flags=re.I)
    return text


def _cased(short: str, found: re.Match[str]) -> str:
    return short[0].upper() + short[1:] if found[0][0].isupper() else short
