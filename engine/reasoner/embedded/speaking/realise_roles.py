"""People in an action who are not the customer, though they are called as customers are elsewhere."""

from __future__ import annotations

import re

from engine.reasoner.embedded.language.clause_words import PEOPLE, PREPOSITIONS, VERBS, word_set
from engine.reasoner.embedded.language.pronouns import PERSON
from engine.reasoner.embedded.speaking.realise_clauses import SPEAKING

_SPLIT = "\ue002"
"""Put into the word for a role, so that no rule reads the customer in it."""

_FORMAL = (
    "policyholder|account holder|cardholder|member|tenant|subscriber|applicant|patient|passenger|student|buyer|"
    "traveller|traveler"
)
_WHAT_THEY_ARE = re.compile(
    rf"\b((?:they|he|she|you)(?:['’]re|['’]s| are| is| were| was)(?: not| \w+ly| still| also| already)* )"
    rf"(the|an?) ({PEOPLE})\b",
    re.I,
)
_VERB_AND_THEM = re.compile(r"\b(?P<head>(?P<joined>and\s+)?(?P<verb>[a-z]+)\s+)(?P<them>them)\b", re.I)
_WHO_DOES_IT = re.compile(rf"\b(?:they\b|(?:them|{PERSON})\s+(?:not\s+)?to\s)", re.I)
_REACH = 120
"""So many characters before a verb its subject is looked for."""

_NEW_SUBJECT = re.compile(
    r"\b(?:we|you|i|us|me|someone|somebody|who|which|that|if|when|so|until|once|because|after|before|while|where|"
    r"them|(?:the|a|an|our|their|your)\s.+\sto)\b",
    re.I,
)
_SPEAKS = re.compile(rf"(?:{SPEAKING})\Z", re.I)
_TO_PEOPLE = word_set("call email contact help join reach see notify")
_SOMEBODY_ELSE = re.compile(r"\b(he|him|his|she|her|hers)\b", re.I)
_BESIDE_THEM = re.compile(rf"(?<!\w)((?:{SPEAKING})\s+(?:to\s+|with\s+)?)?the ({_FORMAL})\b", re.I)


def hold_roles(action: str) -> str:
    """Mark the words for people in an action that do not stand for its listener.

    `They are the account holder` says what the customer is; after `tell them`, `the patient` and `he` are somebody
    else, unless the agent speaks to the patient.

    Args:
        action: An action, e.g. `Tell them you only discuss the policy with the policyholder`.

    Returns:
        The action with the marked words; `release_roles` takes the marks off.
    """
    held = _hold_things(action)
    held = _WHAT_THEY_ARE.sub(lambda found: f"{found[1]}{found[2]} {_split(found[3])}", held)
    them = re.search(r"\b(?:them|they)\b", held, re.I)
    if not them:
        return held
    after = _BESIDE_THEM.sub(_unless_spoken_to, held[them.end() :])
    return held[: them.end()] + _SOMEBODY_ELSE.sub(lambda found: _split(found[1]), after)


def _hold_things(action: str) -> str:
    """Whoever does something to `them` is not they, so that `them` is things: `they can return them`."""

    def hold(found: re.Match[str]) -> str:
        verb = found["verb"].lower()
        if verb in _TO_PEOPLE or _SPEAKS.match(verb):
            return found[0]
        acts = verb in VERBS or found["joined"] and verb not in PREPOSITIONS
        return f"{found['head']}{_split(found['them'])}" if acts and _is_theirs(action, found.start()) else found[0]

    return _VERB_AND_THEM.sub(hold, action)


def _is_theirs(action: str, place: int) -> bool:
    """Whether what stands at a place is done by the customer."""
    before = re.split(r"[.;:]", action[max(0, place - _REACH) : place])[-1]
    subjects = list(_WHO_DOES_IT.finditer(before))
    return bool(subjects) and not _NEW_SUBJECT.search(before, subjects[-1].end())


def release_roles(text: str) -> str:
    """The text without the marks of `hold_roles`."""
    return text.replace(_SPLIT, "")


def _unless_spoken_to(found: re.Match[str]) -> str:
    return found[0] if found[1] else f"the {_split(found[2])}"


def _split(word: str) -> str:
    return f"{word[0]}{_SPLIT}{word[1:]}"
