"""What the benchmark prints: figures beside their aims for `make bench`, and the whole table."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from benchmarks.matching.cases import Half, Kind, load
from benchmarks.matching.judging import available, judge, reasoner
from benchmarks.matching.scoring import Judged, Score, score
from benchmarks.measure import Figure

AIMS = {"lexical": 0.80, "minilm": 0.87}
SILENCE = 90.0
_ALL_EXAMPLES = 5


def figures() -> Iterator[Figure]:
    """F1 and silence off-topic with five examples, for each kind of embeddings and each half."""
    for embeddings in available():
        for half in Half:
            counted = score(judged(embeddings, half, _ALL_EXAMPLES))
            what = f"judgement, {_ALL_EXAMPLES} examples, {embeddings}, {half}"
            yield Figure(f"{what}: F1", counted.f1, "", AIMS[embeddings], more_is_better=True)
            silence = counted.silence.value * 100
            yield Figure(f"{what}: silence", silence, "%", SILENCE, more_is_better=True)


def judged(embeddings: str, half: Half, examples: int) -> tuple[Judged, ...]:
    """All messages of one half, judged by the reasoner of some embeddings with so many examples to a condition.

    Raises:
        ReasonerError: One line: these embeddings cannot be had here.
    """
    return asyncio.run(judge(reasoner(embeddings), load(half), examples))


def table(judged: tuple[Judged, ...]) -> Iterator[str]:
    """One line for each agent, then one for all of them."""
    width = max(len(each.case.agent) for each in judged)
    kinds = "  ".join(f"{kind.replace('_', '-'):>10}" for kind in Kind)
    yield f"  {'':<{width}}  precision  recall     F1  silence  adversarial  {kinds}"
    for agent in dict.fromkeys(each.case.agent for each in judged):
        yield _row(agent, width, score(each for each in judged if each.case.agent == agent))
    yield _row("all", width, score(judged))


def _row(name: str, width: int, counted: Score) -> str:
    figures = f"{counted.precision.value:>9.3f}  {counted.recall.value:>6.3f}  {counted.f1:>5.3f}"
    figures += f"  {counted.silence.value:>7.0%}  {counted.adversarial_in_all.value:>11.0%}"
    kinds = "  ".join(f"{share.value:>10.0%}" for share in counted.adversarial.values())
    return f"  {name:<{width}}  {figures}  {kinds}"


def misses(judged: tuple[Judged, ...]) -> Iterator[str]:
    """Each message that was judged wrong: what was missed (-) and what was found without holding (+)."""
    for each in judged:
        if not each.right:
            marks = [f"-{name}" for name in each.missed] + [f"+{name}" for name in each.wrong]
            yield f"  {each.case.agent}: “{each.message.says}” {' '.join(marks)}"
