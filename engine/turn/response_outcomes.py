"""The one outcome of every canned response in a turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.agent.model import CannedResponse
from engine.reasoner.base import ScoredCandidate
from engine.turn.results import EntityKind, Outcome, Result
from engine.turn.retrieval import PREAMBLE_TAG
from engine.turn.scene import Scene
from engine.turn.trace import (
    Composition,
    Drafting,
    PreambleChoice,
    Rendered,
    Rendering,
    Retrieval,
    Retrieved,
    Selecting,
    TurnTrace,
)

RESPONSE: EntityKind = "response"


@dataclass(frozen=True)
class Canned:
    """What the four canned stages of a turn said, by response name."""

    ranked: Mapping[str, Retrieved]
    threshold: float
    rendered: Mapping[str, Rendered]
    scored: Mapping[str, ScoredCandidate]
    selecting: Selecting | None
    composition: Composition | None
    preamble: str | None
    draft: str


def _canned(trace: TurnTrace) -> Canned:
    retrieval, rendering, selecting = trace.last(Retrieval), trace.last(Rendering), trace.last(Selecting)
    preamble, drafting = trace.last(PreambleChoice), trace.last(Drafting)
    return Canned(
        ranked={item.name: item for item in retrieval.ranked} if retrieval else {},
        threshold=retrieval.threshold if retrieval else 0.0,
        rendered={item.name: item for item in rendering.rendered} if rendering else {},
        scored={item.name: item for item in selecting.scored} if selecting else {},
        selecting=selecting,
        composition=trace.last(Composition),
        preamble=preamble.response if preamble else None,
        draft=drafting.text if drafting else "",
    )


def response_outcomes(scene: Scene, silenced: tuple[Result, str] | None, trace: TurnTrace) -> Iterator[Outcome]:
    """One outcome for each response of the agent, in file order, then for those that tools gave."""
    canned = _canned(trace)
    own: set[str] = set()
    for response, scope in scene.agent.scoped_responses():
        own.add(response.name)
        if silenced is not None and trace.last(Selecting) is None:
            yield Outcome(response.name, RESPONSE, silenced[0], (), silenced[1])
        else:
            yield _outcome(response, scope, canned)
    for name in canned.ranked:
        if name not in own:
            yield _in_scope(name, canned)


def _outcome(response: CannedResponse, scope: str | None, canned: Canned) -> Outcome:
    name = response.name
    if PREAMBLE_TAG in response.tags:
        if name == canned.preamble:
            return Outcome(name, RESPONSE, Result.PREAMBLE, (), "said while the turn was matching")
        return Outcome(name, RESPONSE, Result.PREAMBLE_ONLY, (), "it is a preamble, never an answer")
    if canned.selecting is None:
        return Outcome(name, RESPONSE, Result.NOT_NEEDED, (), "the turn ended before an answer was chosen")
    if not canned.draft:
        return Outcome(name, RESPONSE, Result.NOT_NEEDED, (), "the draft is empty")
    if name not in canned.ranked:
        owner = scope or "what it is attached to"
        return Outcome(name, RESPONSE, Result.OUT_OF_SCOPE, (scope,) if scope else (), f"{owner} is not active")
    return _in_scope(name, canned)


def _in_scope(name: str, canned: Canned) -> Outcome:
    ranked = canned.ranked[name]
    if not ranked.kept:
        why = f"rank {ranked.rank}, {ranked.score:.2f} against {canned.threshold:.2f}"
        return Outcome(name, RESPONSE, Result.NOT_RETRIEVED, (str(ranked.rank),), why, ranked.score, canned.threshold)
    rendered = canned.rendered[name]
    if rendered.missing:
        lacking = rendered.missing[0]
        return Outcome(
            name, RESPONSE, Result.MISSING_FIELD, rendered.missing, f"nobody provided {lacking}", ranked.score
        )
    if rendered.text is None:
        return Outcome(name, RESPONSE, Result.RENDER_ERROR, (rendered.error,), rendered.error, ranked.score)
    return _selected(name, canned)


def _selected(name: str, canned: Canned) -> Outcome:
    selecting, composition = canned.selecting, canned.composition
    sources = composition.sources if composition else ()
    seen = canned.scored.get(name)
    score = seen.score if seen else None
    if sources and name == sources[0]:
        return Outcome(name, RESPONSE, Result.SENT, (), selecting.why if selecting else "", score)
    if name in sources[1:]:
        return Outcome(name, RESPONSE, Result.FOLLOW_UP_SENT, (), "says what the first response left unsaid", score)
    if f"restyled:{name}" in sources:
        return Outcome(name, RESPONSE, Result.USED_AS_STYLE, (), composition.why if composition else "", score)
    winner = selecting.choice if selecting else None
    if winner is not None and winner != name:
        best = canned.scored.get(winner)
        numbers = f" ({best.score:.2f} against {score:.2f})" if best and score is not None else ""
        return Outcome(name, RESPONSE, Result.LOST_TO, (winner,), f"{winner} was nearer to the draft{numbers}", score)
    fit = seen.fit if seen else "none"
    mode = composition.mode.value if composition else ""
    why = seen.why if seen else "it does not say the draft"
    return Outcome(name, RESPONSE, Result.FIT_TOO_LOW, (fit, mode), why, score)
