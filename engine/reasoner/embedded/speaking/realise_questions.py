"""Direct questions from indirect ones: `if they want drinks` gives `Do you want drinks?`."""

from __future__ import annotations

import re

from engine.reasoner.embedded.language.clause_words import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    IRREGULAR_PAST,
    MODALS,
    NEGATED,
    PARTICIPLES,
    PLAIN_THIRD_PERSON,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    VERBS,
    word_set,
)
from engine.reasoner.embedded.language.pronouns import base_of_past, base_of_third_person, turn

_RELATIVE = word_set("that who which whom whose where when")
_CONTRACTING = "it|there|that|this|what|who|where|when|how|everything|something|anything|someone|anyone|everyone"
_FURTHER = re.compile(r",?\s+(?:and|or)\s+(?:also\s+)?(if|whether|what|which|when|where|why|how|who)\b(?=\s)", re.I)
_IF_SO = re.compile(r",?\s+and,?\s+(if (?:so|not|yes|no)),?\s+((?:for |at |to |on |in |with )?(?:wh\w+|how)\b.*)", re.I)
_AFTER_VERBS = DETERMINERS | word_set("me us you them it him her")
_NEW_SUBJECTS = word_set("you i we they he she")
_SUBORDINATORS = word_set("if unless because while although though whether until once")


def sentence(text: str, end: str = ".") -> str:
    """Text as a sentence: first letter large, an end mark where there is none."""
    text = re.sub(r"\s+", " ", text).strip(" ,;")
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    if text.endswith((".", "!", "?", "…")):
        return text
    return text.rstrip(":") + end


def yes_no_question(clause: str) -> str:
    """The question that a clause after `if` or `whether` stands for, in the second person.

    Args:
        clause: E.g. `they have a destination in mind` or `the parcel arrived`.

    Returns:
        E.g. `Do you have a destination in mind?`; where no verb is found, `Could you tell me whether …?`
    """
    return _whether(turn(clause).strip(" .?"))


def open_question(clause: str) -> str:
    """The question that a clause with a question word stands for, in the second person.

    Args:
        clause: E.g. `what size they need`, `where to deliver` or `how they heard about us`.

    Returns:
        E.g. `What size do you need?`; where no verb is found, `Could you tell me what …?`
    """
    return _open(turn(clause).strip(" .?"))


def _whether(clause: str) -> str:
    clause = _spelled_out(clause)
    clause = re.sub(r",?\s+or not$", "", clause)
    case = _IF_SO.search(clause)
    if case:
        following = _open(case[2])
        return f"{_whether(clause[: case.start()])} {sentence(case[1])[:-1]}, {following[0].lower()}{following[1:]}"
    further = _FURTHER.search(clause)
    if further:
        return f"{_whether(clause[: further.start()])} {_any_question(further[1], clause[further.end() :])}"
    infinitive = re.match(r"to (\w+)\b(.*)", clause, re.I)
    if infinitive:
        return sentence(f"should I {infinitive[1]}{infinitive[2]}", "?")
    if re.match(r"you\b", clause, re.I):
        clause = re.sub(r"\bor (would|will|can|could|should|are|have|do) (?!you\b)(?=\w)", r"or \1 you ", clause)
    inverted = _either(clause) or _invert(clause.split())
    return sentence(inverted if inverted else f"could you tell me whether {clause}", "?")


def _spelled_out(clause: str) -> str:
    """`it's`, `there's`, `what's` and `we're` in two words, so that the verb can be moved."""
    clause = re.sub(rf"\b({_CONTRACTING})['’]s\b(?=\s+(?:been|had|got)\b)", r"\1 has", clause, flags=re.I)
    clause = re.sub(rf"\b({_CONTRACTING})['’]s\b", r"\1 is", clause, flags=re.I)
    return re.sub(r"\b(we|you|they|there)['’]re\b", r"\1 are", clause, flags=re.I)


def _either(clause: str) -> str | None:
    """`You are still there or need help`: two questions about one subject, where the second verb needs its own `do`."""
    found = re.match(r"(you|I|we)\s+((?:are|were|am)\b.*?),?\s+or\s+(\w+)(\s.*)", clause)
    if not found or base_of_third_person(found[3]) not in VERBS:
        return None
    first = _invert([found[1], *found[2].split()])
    second = _invert([found[1], base_of_third_person(found[3]), *found[4].split()])
    return f"{first}, or {second}" if first and second else None


def _open(clause: str) -> str:
    clause = _spelled_out(clause)
    further = _FURTHER.search(clause)
    if further:
        return f"{_open(clause[: further.start()])} {_any_question(further[1], clause[further.end() :])}"
    words = clause.split()
    infinitive = re.match(r"(.+?) to (\w+)\b(.*)", clause)
    if infinitive and infinitive[2].lower() in VERBS and not _has_subject(infinitive[1].split()):
        return sentence(f"{infinitive[1]} should I {infinitive[2]}{infinitive[3]}", "?")
    subject = _subject_of_question(words)
    if subject is None:
        return sentence(clause, "?")
    inverted = _invert(words[subject:])
    asked = f"{' '.join(words[:subject])} {inverted}" if inverted else f"could you tell me {clause}"
    return sentence(asked, "?")


def _subject_of_question(words: list[str]) -> int | None:
    """Where the subject begins after a question word; None when that word is the subject (`what went wrong`)."""
    for place in range(1, len(words)):
        word = words[place].lower()
        if _acts_on_pronoun(words, place):
            return None
        if word in SUBJECT_PRONOUNS or (word in DETERMINERS and words[place - 1].lower() not in PREPOSITIONS):
            return place
        if _is_finite(word):
            return None
    return None


def _acts_on_pronoun(words: list[str], place: int) -> bool:
    """Whether the word is the verb of a question word (`what brings you`) and not its noun (`what offers you saw`)."""
    word, pronoun = words[place].lower(), words[place + 1].lower() if place + 1 < len(words) else ""
    if not word.endswith("s") or base_of_third_person(word) not in VERBS or pronoun not in ("you", "it", "us", "me"):
        return False
    following = words[place + 2].lower() if place + 2 < len(words) else ""
    return not (_is_verb_like(following) or following in VERBS or following in ADVERBS)


def _any_question(word: str, rest: str) -> str:
    return _whether(rest.strip()) if word.lower() in ("if", "whether") else _open(f"{word}{rest}")


def _has_subject(words: list[str]) -> bool:
    return any(word.lower() in SUBJECT_PRONOUNS or word.lower() in DETERMINERS for word in words[1:])


def _is_finite(word: str) -> bool:
    return word in AUXILIARIES or word in NEGATED or word in IRREGULAR_PAST or word in PLAIN_THIRD_PERSON


def _invert(words: list[str]) -> str | None:
    """Subject and verb swapped, with `do` where there is no auxiliary; None when no verb is found."""
    verb = find_verb(words)
    if verb is None:
        return None
    subject, word, rest = words[:verb], words[verb].lower(), words[verb + 1 :]
    adverbs: list[str] = []
    while len(subject) > 1 and (subject[-1].lower() in ADVERBS):
        adverbs.insert(0, subject.pop())
    if _is_auxiliary(words, verb):
        return " ".join([word, *subject, *adverbs, *rest])
    plural = subject[-1].lower() in ("you", "i", "we", "they", "these", "those") or _is_plural(subject)
    past = base_of_past(word)
    if past is not None:
        helper, base = "did", past
    elif not plural and base_of_third_person(word) != word:
        helper, base = "does", base_of_third_person(word)
    else:
        helper, base = "do", word
    return " ".join([helper, *subject, *adverbs, base, *rest])


def _is_plural(subject: list[str]) -> bool:
    head = subject[-1].lower()
    return len(subject) > 1 and head.endswith("s") and not head.endswith(("ss", "us", "is"))


def _is_auxiliary(words: list[str], place: int) -> bool:
    """Whether the verb at a place helps another verb, or is a form of `be`; only then it goes before its subject."""
    word = words[place].lower()
    word = NEGATED.get(word, word)
    if word in ("have", "has", "had"):
        later = [other.lower() for other in words[place + 1 :] if other.lower() not in ADVERBS]
        return bool(later) and (later[0] in PARTICIPLES or later[0].endswith("ed") or later[0] == "not")
    if word in ("do", "does", "did"):
        return any(other.lower() in VERBS or other.lower() == "not" for other in words[place + 1 : place + 3])
    return word in AUXILIARIES


def find_verb(words: list[str]) -> int | None:
    """The place of a clause's finite verb; None when there is none to be seen.

    Args:
        words: The words of a clause that begins with its subject.

    Returns:
        An index into `words`, never 0.
    """
    lower = [word.lower().strip(",") for word in words]
    if not lower:
        return None
    if lower[0] in SUBJECT_PRONOUNS and (len(lower) < 2 or lower[0] not in DETERMINERS or _is_verb_like(lower[1])):
        place = 1
        while place < len(lower) and (lower[place] in ADVERBS or lower[place] == "else" or lower[place].endswith("ly")):
            place += 1
        if place < len(lower) and (lower[place] not in PREPOSITIONS or lower[place] in VERBS):
            return place
        return None
    return _verb_after_noun(lower)


def _is_verb_like(word: str) -> bool:
    return word in AUXILIARIES or word in NEGATED or word in PLAIN_THIRD_PERSON or base_of_past(word) is not None


def _verb_after_noun(lower: list[str]) -> int | None:
    relative = False
    for place in range(1, len(lower)):
        word, before = lower[place], lower[place - 1]
        if word in _SUBORDINATORS:
            return None
        if word in _RELATIVE or (word in _NEW_SUBJECTS and before not in PREPOSITIONS):
            relative = True
        elif (word in ("to", *DETERMINERS) and not relative) or before == "to" or before in DETERMINERS:
            continue
        elif word in AUXILIARIES or word in NEGATED or _is_main_verb(lower, place):
            if not relative:
                return place
            relative = False
    return None


def _is_main_verb(lower: list[str], place: int) -> bool:
    word, before, last = lower[place], lower[place - 1], place == len(lower) - 1
    if before in PREPOSITIONS:
        return False
    if word in IRREGULAR_PAST and word not in ("left", "met", "found"):
        return True
    if word in PLAIN_THIRD_PERSON:
        return not last or word in ("opens", "closes", "expires", "ends", "starts", "works", "applies", "arrives")
    if word.endswith("s") and base_of_third_person(word) in VERBS and not last:
        return lower[place + 1] in _AFTER_VERBS or lower[place + 1].endswith("ly")
    if word.endswith("ed") and base_of_past(word) in VERBS:
        return last or lower[place + 1] not in DETERMINERS and place + 1 < len(lower)
    plural = before.endswith("s") and not before.endswith(("ss", "us", "is"))
    return plural and word in VERBS and not last


def joined_infinitives(text: str) -> str:
    """`Try again and to call us` without the second `to`, for the middle of a sentence that has no first one."""
    return re.sub(
        r"\b(and|or|but) to (\w+)",
        lambda found: f"{found[1]} {found[2]}" if found[2].lower() in VERBS else found[0],
        text,
    )


def head_noun(phrase: str) -> str:
    """The noun that a noun phrase is about: the last word before its first preposition or relative clause."""
    head = ""
    for word in re.findall(r"[\w'’-]+", phrase.lower()):
        if head and (word in PREPOSITIONS or word in _RELATIVE or word in MODALS or word == "used"):
            break
        head = word
    return head
