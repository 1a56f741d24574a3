"""What changed since something was recorded: by comparing what a question is made from with what it was made from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from engine.reasoner.base import ReasonerError
from engine.reasoner.llm.model import Prompt
from engine.reasoner.recording.calls import Call, Source, schema_digest, short_reads

STALE = "stale: "
"""How the line of a stale recording begins: the words by which a replay recognises it."""

_MOST_NAMES = 3
_LONGEST_WORDS = 60


class StaleRecording(ReasonerError):
    """Nothing that is recorded answers a question; the line names what changed and the command that records it anew."""

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{STALE}{cause}; {remedy}")


@dataclass(frozen=True)
class Known:
    """What the names of an agent's things are compared with.

    Attributes:
        there: The names that the agent has now.
        before: The names that any recording was made from.
    """

    there: Collection[str]
    before: Collection[str]


def nearest_call(prompt: Prompt, source: Source, calls: Sequence[Call]) -> Call | None:
    """The call that was most likely the same question before something changed; None where there is none.

    Args:
        prompt: The question now.
        source: Who would answer it.
        calls: What is recorded for its turn and task and answered nothing in this conversation yet.
    """
    reads, schema = short_reads(prompt), schema_digest(prompt)

    def likeness(call: Call) -> tuple[bool, bool, bool, int]:
        same = sum(call.reads.get(name) == digest for name, digest in reads.items())
        return call.source == source, call.schema == schema, call.heard == prompt.heard, same

    return max(calls, key=likeness, default=None)


def cause_of(prompt: Prompt, source: Source, call: Call, known: Known) -> str:
    """Say what changed between a recorded call and the question as it is now.

    Args:
        prompt: The question now.
        source: Who would answer it now.
        call: What was recorded.
        known: The names there are and were.

    Returns:
        One line, e.g. `offer_pepsi changed since it was recorded`.
    """
    causes = [*_things(prompt, call, known), *_words(prompt, call), *_makers(source, call.source)]
    if not causes and call.schema != schema_digest(prompt):
        causes.append(f"the answer to {call.task} got another shape in this version of Cuecard")
    if not causes:
        causes.append("what was known (results of tools, variables, the clock or the history) changed")
    return f"{', '.join(causes)} since it was recorded"


def _things(prompt: Prompt, call: Call, known: Known) -> Iterator[str]:
    now, before = short_reads(prompt), call.reads
    changed = [name for name in now if name in before and now[name] != before[name]]
    added = [name for name in now if name not in known.before]
    gone = [name for name in before if name not in known.there]
    for names, what in ((changed, "changed"), (added, "was added"), (gone, "was taken out")):
        if names:
            yield f"{_listed(names)} {what}"
    if not (changed or added or gone) and call.heard == prompt.heard:
        others = sorted(now.keys() ^ before.keys())
        if others:
            yield f"{_listed(others)} {'takes part' if others[0] in now else 'takes no part'}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"{', '.join(names[:_MOST_NAMES])}{more}"


def _words(prompt: Prompt, call: Call) -> Iterator[str]:
    if prompt.heard != call.heard:
        yield f"the customer says {_quoted(prompt.heard)} instead of {_quoted(call.heard)}"


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= _LONGEST_WORDS else line[: _LONGEST_WORDS - 1] + '…'}”"


def _makers(now: Source, before: Source) -> Iterator[str]:
    if now.model != before.model:
        yield f"the model is {now.model} instead of {before.model}"
    elif now.digest != before.digest:
        yield f"the weights of {now.model} changed"
    if now.server != before.server:
        yield f"Ollama is version {now.server} instead of {before.server}"
    for name in sorted({*now.options, *before.options}):
        if now.options.get(name) != before.options.get(name):
            yield f"the option {name} changed from {before.options.get(name)} to {now.options.get(name)}"
    if now.prompts != before.prompts:
        yield "the prompts of Cuecard changed"
    if now.embeddings != before.embeddings:
        yield f"the embeddings are {now.embeddings} instead of {before.embeddings}"
