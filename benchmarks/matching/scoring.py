"""Counting judgements: precision, recall, F1, silence off-topic, and adversarial messages judged as a whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.matching.cases import AdversarialMessage, Case, Kind, Message


@dataclass(frozen=True, slots=True)
class Judged:
    """One message of a case and the names of the conditions that were found to hold."""

    case: Case
    message: Message
    found: frozenset[str]

    @property
    def missed(self) -> tuple[str, ...]:
        """Conditions that hold and were not found, in the order of the label."""
        return tuple(name for name in self.message.holds if name not in self.found)

    @property
    def wrong(self) -> tuple[str, ...]:
        """Conditions that were found and do not hold, in the order of the file."""
        return tuple(name for name in self.case.conditions if name in self.found - set(self.message.holds))

    @property
    def right(self) -> bool:
        """Whether exactly the conditions that hold were found."""
        return not self.missed and not self.wrong


@dataclass(frozen=True, slots=True)
class Share:
    """So many out of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """Between 0 and 1; 1 where there is nothing to be counted, since then nothing is wrong."""
        return round(self.part / self.whole, 4) if self.whole else 1.0


@dataclass(frozen=True, slots=True)
class Score:
    """What a judge made of some messages.

    Attributes:
        precision: Of the (condition, message) pairs found to hold, those that do.
        recall: Of the pairs that hold, those that were found.
        silence: Of the off-topic messages, those on which nothing was found.
        adversarial: Of the adversarial messages of each kind, those judged right as a whole.
    """

    precision: Share
    recall: Share
    silence: Share
    adversarial: dict[Kind, Share]

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall over all pairs (micro average), between 0 and 1."""
        whole = self.precision.whole + self.recall.whole
        return Share(2 * self.recall.part, whole).value

    @property
    def adversarial_in_all(self) -> Share:
        """The adversarial messages of all kinds."""
        shares = self.adversarial.values()
        return Share(sum(share.part for share in shares), sum(share.whole for share in shares))


def score(judged: Iterable[Judged]) -> Score:
    """Count judgements of messages, of one case or of many."""
    messages = tuple(judged)
    found = sum(len(each.found) for each in messages)
    hold = sum(len(each.message.holds) for each in messages)
    both = hold - sum(len(each.missed) for each in messages)
    quiet = [not each.found for each in messages if each.message in each.case.off_topic]
    return Score(Share(both, found), Share(both, hold), Share(sum(quiet), len(quiet)), _by_kind(messages))


def _by_kind(messages: Iterable[Judged]) -> dict[Kind, Share]:
    judged: Counter[Kind] = Counter()
    right: Counter[Kind] = Counter()
    for each in messages:
        if isinstance(each.message, AdversarialMessage):
            judged[each.message.kind] += 1
            right[each.message.kind] += each.right
    return {kind: Share(right[kind], judged[kind]) for kind in Kind}
