"""Turns a designer's words about the customer into words to the customer: they → you, you (the agent) → I."""

from __future__ import annotations

import re

from engine.reasoner.embedded.language.clause_words import (
    ADVERBS,
    AUXILIARIES,
    COMPOUNDS,
    IRREGULAR_PAST,
    NEGATED,
    PARTICIPLES,
    PEOPLE,
    PREPOSITIONS,
    VERBS,
    word_set,
)

PERSON = rf"(?:(?:the|this|that|each|every)\s+(?:{PEOPLE})|customer|user|caller)(?!['’]?s\b)(?!\s+(?:{COMPOUNDS})\b)"
"""The customer as designers name them, with or without an article, as a regular expression."""

LISTENER = "customer_"
"""One word for the customer, whatever a designer calls them."""

_OWNER = re.compile(
    rf"\b(?:(?:the|this|that|each|every)\s+(?:{PEOPLE})|customer|user|caller)['’]s(?!\s+(?:been|not|going|asking)\b)",
    re.I,
)
_PERSON = re.compile(rf"(?<!\ba )(?<!\ban )(?<!\bour )(?<!\bany )\b{PERSON}\b", re.I)
_AGENT = re.compile(r"\bthe\s+(?:ai\s+)?(?:agent|assistant)\b(?!['’])", re.I)
_CONTRACTED = (
    (re.compile(r"\b(they|you)['’]re\b", re.I), r"\1 are"),
    (re.compile(r"\b(they|you)['’]ve\b", re.I), r"\1 have"),
    (re.compile(r"\b(they|you|he|she)['’]ll\b", re.I), r"\1 will"),
    (
        re.compile(
            rf"\b(they|you|he|she)['’]d (?=(?:(?:also|still|just|most|ever|always|never|even|\w+ly) )*"
            rf"(?:rather|{'|'.join(sorted(VERBS - PARTICIPLES))})\b)",
            re.I,
        ),
        r"\1 would ",
    ),
    (re.compile(r"\b(they|you|he|she)['’]d\b", re.I), r"\1 had"),
    (re.compile(r"\b(he|she)['’]s (?=been|had|got)", re.I), r"\1 has "),
    (re.compile(r"\b(he|she)['’]s\b", re.I), r"\1 is"),
)
_TOKEN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|[^A-Za-z]+")
_TO_LISTENER = {
    "they": "you",
    "them": "you",
    "their": "your",
    "theirs": "yours",
    "themselves": "yourself",
    "themself": "yourself",
    "he": "you",
    "she": "you",
    "him": "you",
    "his": "your",
    "hers": "yours",
    "himself": "yourself",
    "herself": "yourself",
}
_TO_SPEAKER = {"your": "my", "yours": "mine", "yourself": "myself"}
_SINGULAR = {"is": "are", "was": "were", "has": "have", "does": "do"}
_SINGULAR_NOT = {"isn't": "aren't", "wasn't": "weren't", "hasn't": "haven't", "doesn't": "don't"}
_FIRST_PERSON = {"are": "am", "were": "was", "aren't": "am not", "weren't": "wasn't"}
_CLAUSE_STARTS = word_set(
    "that if whether and but because since while when once until so as or what which where how why who"
)


def base_of_third_person(verb: str) -> str:
    """The base form of a third-person verb: wants → want, tries → try, is → be."""
    lower = verb.lower()
    irregular = {"is": "be", "has": "have", "does": "do", "goes": "go"}
    if lower in irregular:
        return irregular[lower]
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if re.search(r"(?:ch|sh|ss|x|zz|o)es$", lower):
        return lower[:-2]
    return lower[:-1] if lower.endswith("s") and not lower.endswith("ss") else lower


def base_of_past(verb: str) -> str | None:
    """The base form of a past tense, or None when the word is no past tense: arrived → arrive, went → go."""
    lower = verb.lower()
    if lower in IRREGULAR_PAST:
        return IRREGULAR_PAST[lower]
    if not lower.endswith("ed") or len(lower) < 4 or lower in VERBS:
        return None
    stem = lower[:-2]
    forms = [stem, stem + "e", stem[:-1] + "y" if stem.endswith("i") else "", stem[:-1] if stem[-1] == stem[-2] else ""]
    for form in forms:
        if form in VERBS:
            return form
    if stem.endswith("i"):
        return stem[:-1] + "y"
    return stem + "e" if re.search(r"(?:[aeiou][csvgz]|[^aeiou][cvgz]|u|[^aeioul]l)$", stem) else stem


def name_listener(text: str) -> str:
    """The text with `LISTENER` wherever it names the customer, so that rules need only one word for all the names."""
    return _PERSON.sub(LISTENER, _OWNER.sub("their", text))


def turn(text: str) -> str:
    """Turn words about the customer into words said to the customer by the agent.

    Args:
        text: A clause or phrase as a designer writes it, e.g. `they want their order` or `you will call the customer`.

    Returns:
        The same words from the agent's mouth: `you want your order`, `I will call you`. Verbs agree.
    """
    for pattern, replacement in _CONTRACTED:
        text = pattern.sub(replacement, text)
    text = _OWNER.sub("their", text)
    text = _PERSON.sub("he", text.replace(LISTENER, "he"))
    text = _AGENT.sub("you", text)
    tokens = _TOKEN.findall(text)
    spots = [index for index, token in enumerate(tokens) if token[0].isalpha()]
    for position, index in enumerate(spots):
        _turn_one(tokens, spots, position, index)
    return "".join(tokens)


def _turn_one(tokens: list[str], spots: list[int], position: int, index: int) -> None:
    word = tokens[index].lower()
    if word == "her":
        following = _word(tokens, spots, position + 1)
        tokens[index] = "you" if not following or following in PREPOSITIONS or following in _CLAUSE_STARTS else "your"
    elif word in _TO_LISTENER:
        tokens[index] = _TO_LISTENER[word]
        if word in ("he", "she"):
            _agree_with_listener(tokens, spots, position)
    elif word == "you":
        _turn_agent(tokens, spots, position, index)
    elif word in _TO_SPEAKER:
        tokens[index] = _TO_SPEAKER[word]


def _turn_agent(tokens: list[str], spots: list[int], position: int, index: int) -> None:
    verb = _verb_after(tokens, spots, position)
    if _is_subject(tokens, spots, position, verb):
        tokens[index] = "I"
        if verb is not None:
            tokens[verb] = _FIRST_PERSON.get(tokens[verb].lower(), tokens[verb])
    else:
        tokens[index] = "me"


def _is_subject(tokens: list[str], spots: list[int], position: int, verb: int | None) -> bool:
    before = _word(tokens, spots, position - 1)
    if verb is None:
        return False
    following = tokens[verb].lower()
    if following in AUXILIARIES or following in NEGATED:
        return True
    known = following in VERBS or base_of_past(following) is not None
    return known and before not in PREPOSITIONS and (not before or before in _CLAUSE_STARTS or before not in VERBS)


def _agree_with_listener(tokens: list[str], spots: list[int], position: int) -> None:
    verb = _verb_after(tokens, spots, position)
    if verb is None:
        return
    word = tokens[verb].lower()
    if word in _SINGULAR:
        tokens[verb] = _SINGULAR[word]
    elif word in _SINGULAR_NOT:
        tokens[verb] = _SINGULAR_NOT[word]
    elif word.endswith("s") and (base_of_third_person(word) in VERBS):
        tokens[verb] = base_of_third_person(word)


def _verb_after(tokens: list[str], spots: list[int], position: int) -> int | None:
    """The place of the word after a subject, adverbs skipped; None at the end of the clause."""
    for later in range(position + 1, len(spots)):
        between = "".join(tokens[spots[later - 1] + 1 : spots[later]])
        if re.search(r"[.;:!?]", between):
            return None
        word = tokens[spots[later]].lower()
        if word not in ADVERBS and not (word.endswith("ly") and len(word) > 4):
            return spots[later]
    return None


def _word(tokens: list[str], spots: list[int], position: int) -> str:
    return tokens[spots[position]].lower() if 0 <= position < len(spots) else ""
