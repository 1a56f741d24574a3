"""Candidate canned responses for the draft: what is in scope, and what of it is near."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import itemgetter

from engine.agent.model import CannedResponse
from engine.agent.template import TemplateFault, fields_used
from engine.reasoner.base import MissingArgument
from engine.turn.journeys import Standing
from engine.turn.scene import Scene
from engine.turn.trace import Reads, Retrieval, Retrieved, ToolRound

MAX_CANDIDATES = 30
"""How many candidates go on to rendering."""

FIELD_BONUS = 0.05
"""What a response gains, shown in the trace, when a field it needs was supplied this turn."""

PREAMBLE_TAG = "preamble"


@dataclass(frozen=True)
class InScope:
    """The responses that may be said this turn.

    `linked` maps a response to the active thing it is attached to; those skip the threshold. `out` maps each other
    response to what it is scoped to and which is not active now.
    """

    responses: tuple[CannedResponse, ...]
    linked: dict[str, str]
    out: dict[str, str]


def responses_in_scope(
    scene: Scene, matched: Collection[str], standing: Standing, rounds: Sequence[ToolRound]
) -> InScope:
    """Sort the agent's responses, and those that tools gave, into scope and out of it.

    Args:
        scene: The turn's surroundings.
        matched: Names of surviving guidelines and observations.
        standing: Where the journeys stand.
        rounds: The tools that ran.
    """
    current = {f"{journey}.{path[-1]}" for journey, path in standing.active.items() if path}
    live = {*matched, *standing.active, *current}
    linked = _links(scene, matched, standing)
    inside: list[CannedResponse] = []
    out: dict[str, str] = {}
    for response, scope in scene.agent.scoped_responses():
        attached_only = response.exclusive or (scope is not None and scope not in standing.active)
        if PREAMBLE_TAG in response.tags:
            continue
        if (attached_only and response.name not in linked) or (scope is not None and scope not in live):
            out[response.name] = scope or "what it is attached to"
            continue
        inside.append(response)
    for name, text in tool_responses(rounds):
        inside.append(CannedResponse(name=name, template=text))
        linked[name] = name.partition("#")[0]
    return InScope(tuple(inside), linked, out)


ASKING_FIELDS = ("std.missing_params", "std.invalid_params")
"""A response that uses one of these is made for asking."""


def with_asking(scope: InScope, missing: Sequence[MissingArgument]) -> InScope:
    """The same, with the responses that name missing arguments attached to the tool that lacks them."""
    if not missing:
        return scope
    asking = [response.name for response in scope.responses if _uses(response, ASKING_FIELDS)]
    return replace(scope, linked={**scope.linked, **dict.fromkeys(asking, missing[0].tool)})


def _links(scene: Scene, matched: Collection[str], standing: Standing) -> dict[str, str]:
    """The responses attached to something active, each with what it is attached to."""
    linked: dict[str, str] = {}
    users = chain(
        ((own.name, own.canned_responses) for own, _ in scene.agent.scoped_guidelines() if own.name in matched),
        ((f"{journey.name}.{state.name}", state.canned_responses) for journey, state in standing.states(scene)),
    )
    for user, uses in users:
        for use in uses:
            linked.setdefault(use if isinstance(use, str) else use.name, user)
    return linked


def tool_responses(rounds: Sequence[ToolRound]) -> list[tuple[str, str]]:
    """Whole responses that tools gave, named `tool#1`, `tool#2` …; braces in them are text, not fields."""
    texts: dict[str, list[str]] = {}
    for call in (call for stage in rounds for call in stage.calls if call.result is not None):
        texts.setdefault(call.tool, []).extend((call.result or {}).get("canned_responses") or ())
    return [
        (f"{tool}#{number}", text.replace("{", "{{ '{' }}"))
        for tool, given in texts.items()
        for number, text in enumerate(dict.fromkeys(given), start=1)
    ]


async def retrieve(
    scene: Scene, draft: str, scope: InScope, fresh_fields: Collection[str]
) -> tuple[Retrieval, tuple[CannedResponse, ...]]:
    """Rank the responses in scope by how near they are to the draft.

    What is attached to something active, and what shows data that a tool supplied this turn, needs no nearness: its
    template says little without the data, and the selection judges it with the data filled in.

    Args:
        scene: The turn's surroundings.
        draft: The draft message.
        scope: The responses in scope.
        fresh_fields: Fields that tools supplied this turn: a response that needs one of them is likelier meant.

    Returns:
        The stage's record, all responses in it, and the candidates, best first.
    """
    index = scene.engine.index
    hits = await index.search(draft, scope.responses) if scope.responses and draft else []
    by_name = {response.name: response for response in scope.responses}
    scored = []
    for place, hit in enumerate(hits):
        bonus = FIELD_BONUS if fresh_fields and _uses(by_name[hit.name], fresh_fields) else 0.0
        scored.append((-round(min(1.0, hit.score + bonus), 4), hit.name not in scope.linked, place, bonus))
    scored.sort()
    linked_first = sorted(scored, key=itemgetter(1))
    keep = {place for _, unlinked, place, bonus in linked_first[:MAX_CANDIDATES] if not unlinked or bonus
            or hits[place].score >= index.threshold}  # fmt: skip
    ranked: list[Retrieved] = []
    for rank, (score, _, place, bonus) in enumerate(scored, start=1):
        hit = hits[place]
        ranked.append(Retrieved(hit.name, -score, hit.nearest, rank, bonus, scope.linked.get(hit.name), place in keep))
    stage = Retrieval(
        ranked=tuple(ranked),
        threshold=index.threshold,
        embeddings=index.embeddings,
        reads=Reads({response.name: response.digest for response in scope.responses}),
    )
    return stage, tuple(by_name[item.name] for item in ranked if item.kept)


def _uses(response: CannedResponse, fields: Collection[str]) -> bool:
    try:
        return any(name in fields for name in fields_used(response.template))
    except TemplateFault:
        return False
