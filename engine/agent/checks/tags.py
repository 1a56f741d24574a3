"""Tags that look like slips of other tags."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING

from engine.agent.checks.registry import Path, advice, guideline_paths
from engine.agent.errors import Problem
from engine.agent.model import Agent, CannedResponse

if TYPE_CHECKING:
    from engine.agent.document import AgentDocument

PREAMBLE_TAG = "preamble"
"""The tag that makes a canned response a preamble."""


def _tagged_things(agent: Agent) -> Iterator[tuple[tuple[str, ...], Path]]:
    yield agent.tags, ()
    for customer in agent.customers:
        yield customer.tags, ("customers", customer.id)
    for guideline, path in guideline_paths(agent):
        yield guideline.tags, path
        yield from _tagged_uses(guideline.canned_responses, path)
    for response in agent.canned_responses:
        yield response.tags, ("canned_responses", response.name)
    for journey in agent.journeys:
        yield journey.tags, ("journeys", journey.name)
        for response in journey.canned_responses:
            yield response.tags, ("journeys", journey.name, "canned_responses", response.name)
        for state in journey.states:
            yield from _tagged_uses(state.canned_responses, ("journeys", journey.name, "states", state.name))


def _tagged_uses(uses: tuple[str | CannedResponse, ...], path: Path) -> Iterator[tuple[tuple[str, ...], Path]]:
    for position, use in enumerate(uses):
        if isinstance(use, CannedResponse):
            yield use.tags, (*path, "canned_responses", position, use.name)


@advice
def tags_like_others(document: AgentDocument) -> Iterator[Problem]:
    """A tag used once, spelled almost like one that has a meaning or is used more often."""
    agent = document.agent
    borne = [(tag, (*path, "tags", i)) for tags, path in _tagged_things(agent) for i, tag in enumerate(tags)]
    counts = Counter(tag for tag, _ in borne)
    known = [PREAMBLE_TAG, *_tags_named(agent), *(tag for tag, count in counts.items() if count > 1)]
    for tag, path in borne:
        if tag in known:
            continue
        near = next(
            (other for other in get_close_matches(tag, known, cutoff=0.85) if _letters(other) != _letters(tag)), ""
        )
        if near:
            said = f"the tag {tag!r} is almost the tag {near!r}"
            yield document.warning("tag-like-another", path, said, f"Did you mean {near}?", within=tag, put=near)


def _letters(tag: str) -> str:
    """A tag without its digits: tags that differ only in these are a series, not slips."""
    return re.sub(r"\d", "", tag) if re.search(r"\d", tag) else f"{tag} "


def _tags_named(agent: Agent) -> list[str]:
    named = [party for line in agent.relationships for party in (line.source, *line.targets)]
    named += [name for variable in agent.variables for name in variable.values_for]
    return [name.removeprefix("tag:") for name in dict.fromkeys(named) if name.startswith("tag:")]
