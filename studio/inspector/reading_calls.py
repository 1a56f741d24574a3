"""What a turn asked a language model, call by call, and what that took in all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from textual.content import Content

from engine.reasoner.base import ModelCall
from studio.inspector.entries import DOUBT, NAMED, Entry, Keys, Page, duration, heading, quiet, said


def read_calls(calls: Sequence[ModelCall], page: Page) -> Iterator[Entry]:
    """The calls in the order in which they were begun, and their sums.

    Args:
        calls: The calls; for none of them there is nothing to read.
        page: What it is laid out for; an unfolded call shows what the model answered.
    """
    if not calls:
        return
    yield heading("Model calls")
    keys = Keys()
    for call in calls:
        key = keys(f"call {call.task}")
        yield _call(call, key, folded=key not in page.unfolded)
    if len(calls) > 1:
        yield Entry("calls", quiet(f"  {'in all':<12}") + quiet(total(calls)), indent=14)


def total(calls: Sequence[ModelCall]) -> str:
    """What some calls took in all, e.g. `3 calls · 9,412 characters · 2,310 → 122 tokens · 4.1 s`."""
    characters = sum(call.prompt_characters for call in calls)
    tokens = _tokens(sum(call.prompt_tokens for call in calls), sum(call.answer_tokens for call in calls))
    seconds = _seconds(sum(call.seconds for call in calls))
    parts = (f"{len(calls)} calls", f"{characters:,} characters", tokens, seconds)
    return " · ".join(part for part in parts if part)


def _call(call: ModelCall, key: str, *, folded: bool) -> Entry:
    label = quiet("▸ " if folded else "▾ ") + said(f"{call.task:<12}", NAMED)
    parts = (_tokens(call.prompt_tokens, call.answer_tokens), _seconds(call.seconds))
    label += said(" · ".join(part for part in parts if part))
    return Entry(
        key, label, (*_under(call), *(() if folded else _answer(call))), 14, folded=folded, copied=call.answered
    )


def _under(call: ModelCall) -> Iterator[Content]:
    parts = (
        f"{call.prompt_characters:,} characters",
        "recorded" if call.recorded else "",
        f"{call.attempts} attempts" if call.attempts > 1 else "",
    )
    yield quiet(" · ".join(part for part in parts if part))
    if call.warning:
        yield said(f"! {call.warning}", DOUBT)


def _answer(call: ModelCall) -> Iterator[Content]:
    """What the model answered: JSON laid out, words as they are."""
    try:
        text = json.dumps(json.loads(call.answered), indent=1, ensure_ascii=False)
    except ValueError:
        text = call.answered
    yield from (said(line) for line in text.splitlines() or ["(it answered nothing)"])


def _tokens(read: int, written: int) -> str:
    return f"{read:,} → {written:,} tokens" if read or written else ""


def _seconds(seconds: float) -> str:
    """A time; a turn that was read back from a file has none."""
    return duration(seconds) if seconds else ""
