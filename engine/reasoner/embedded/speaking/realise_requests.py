"""Questions that get something from the customer: `their name and email` gives `Could you please give me …?`."""

from __future__ import annotations

import re

from engine.reasoner.embedded.language.clause_words import DETERMINERS, INFORMATION_NOUNS, QUESTION_WORDS, word_set
from engine.reasoner.embedded.language.pronouns import LISTENER, turn
from engine.reasoner.embedded.speaking.realise_questions import head_noun, open_question, sentence

_VAGUE_REQUESTS = word_set(
    "clarification details detail more information info specifics context more details more "
    "information "
    "more info further details further information additional details additional information"
)
_MORE = word_set("more further additional other confirmation permission consent feedback")


def request_for(noun_phrase: str) -> str:
    """The question that gets something from the customer.

    Args:
        noun_phrase: What is asked for, e.g. `the booking number`, `their name and email` or `a photo of the damage`.

    Returns:
        `What is the booking number?`, `Could you please give me your name and email?`, …
    """
    phrase = noun_phrase.strip(" .?")
    phrase = re.sub(rf"\s+from (?:them|him|her|{LISTENER})$", "", phrase)
    phrase = re.sub(
        r"^(?:all )?(?:of )?(?:the )?following(?: (?:information|details|data|items|things))?:\s*", "", phrase
    )
    phrase = re.sub(r"\s+(?:before|prior to|in order to|so that|so (?:you|we) can)\b.*$", "", phrase)
    if not phrase:
        return "Could you tell me more?"
    if phrase.split()[0].lower() in QUESTION_WORDS:
        return open_question(phrase)
    phrase = turn(phrase)
    lower = phrase.lower()
    if lower in ("it", "that", "this"):
        return f"Could you please give {lower} to me?"
    if lower in ("confirmation", "your confirmation"):
        return "Could you please confirm?"
    if lower in ("permission", "consent", "your permission", "your consent"):
        return "May I go ahead?"
    if lower in _VAGUE_REQUESTS or re.fullmatch(
        r"(?:more|further|additional|any) (?:details?|info(?:rmation)?)", lower
    ):
        return "Could you tell me more?"
    return _question_about(phrase, lower)


def _question_about(phrase: str, lower: str) -> str:
    head = head_noun(lower)
    singular = re.sub(r"(?<=[a-z])s$", "", head) if not head.endswith("ss") else head
    single = not re.search(r",|\band\b|\bor\b", lower)
    first = lower.split()[0]
    if (
        single
        and (singular in INFORMATION_NOUNS or head in INFORMATION_NOUNS)
        and first not in ("a", "an", "some", "any")
    ):
        verb = "are" if head != singular and head.endswith("s") and head not in INFORMATION_NOUNS else "is"
        article = "" if first in DETERMINERS else "the "
        return sentence(f"what {verb} {article}{phrase}", "?")
    if not single and first not in DETERMINERS:
        phrase = f"your {phrase}" if _all_information(lower) or _is_bare_list(lower) else phrase
    return sentence(f"could you please give me {phrase}", "?")


def _is_bare_list(lower: str) -> bool:
    """Whether things are listed without any article, as on a form: `first name, last name and preferred branch`."""
    return lower.split()[0] not in _MORE and not DETERMINERS & set(lower.split())


def _all_information(lower: str) -> bool:
    parts = [part for part in re.split(r",|\band\b|\bor\b", lower) if part.strip()]
    heads = [head_noun(part.strip()) for part in parts]
    return all(head in INFORMATION_NOUNS or head.rstrip("s") in INFORMATION_NOUNS for head in heads)
