"""Journeys that automate a task instead of guiding a conversation, and conditions that nobody can notice in time.

A journey is a protocol for talking with a customer; what systems do belongs into tools. The words that tell the two
apart are those with which an instruction begins: whom it speaks to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.agent.checks.registry import Path, advice, guideline_paths, state_paths
from engine.agent.checks.silenced import lines_of
from engine.agent.errors import Problem
from engine.agent.model import RelationshipKind

if TYPE_CHECKING:
    from engine.agent.document import AgentDocument

_TO_SYSTEMS = re.compile(
    r"^\W*(?:then |now |first |next |finally |please |you |the agent )*"
    r"(?P<verb>(?:re-?)?(?:query|queries|parse|fetch|invoke|execute|compute|calculate|insert|serialize|deserialize|"
    r"retry|cache|poll|iterate|loop|load|retrieve|extract|transform|process|store|save|persist|log|update|delete|"
    r"write|read|call|run|validate|post|submit|trigger|import|export|sync|filter|sort|aggregate)(?:s|es|ies)?)\b"
    r"(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SYSTEMS = re.compile(
    r"\b(?:apis?|databases?|db|endpoints?|json|xml|csv|sql|tables?|records?|rows?|quer(?:y|ies)|requests?|results?|"
    r"responses?|payloads?|queues?|cache|webhooks?|services?|systems?|servers?|backends?|crm|erp|files?|scripts?|"
    r"functions?|tools?|data|status field|logs?)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:customers?|clients?|users?|callers?|guests?|them|they|their|him|her|aloud|out loud|ask|tell|say|explain)\b",
    re.IGNORECASE,
)
_OWN_DEED = re.compile(
    r"^\W*(?:if |when |whenever |while )?(?:the |your )?(?:agent|assistant|bot|you)\b"
    r"(?:'re| are| is|'s| will| plans? to| intends? to| (?:am |are |is )?about to)? "
    r"(?P<verb>\w+(?:ing|s)\b|offer|explain|recommend|suggest|mention|apologi[sz]e|tell|ask|give|quote|present)",
    re.IGNORECASE,
)
_NOT_A_DEED = frozenset({"has", "was", "does", "knows", "is", "as", "this", "always", "previous", "us"})


@advice
def states_that_speak_to_systems(document: AgentDocument) -> Iterator[Problem]:
    """A chat state whose instruction is a piece of a program: it belongs into a tool."""
    for state, path in state_paths(document.agent):
        found = _TO_SYSTEMS.match(state.chat or "")
        if found is None or _PEOPLE.search(found["rest"]) or not _SYSTEMS.search(found["rest"]):
            continue
        said = f"the chat state {state.name!r} tells the agent to {found['verb'].lower()} something, not what to say"
        remedy = "Do it in a tool state, and write here what to ask or tell the customer"
        yield document.warning("task-state", (*path, "chat"), said, remedy)


@advice
def journeys_without_words(document: AgentDocument) -> Iterator[Problem]:
    """A journey none of whose states asks or tells the customer anything; tools without words are errors already."""
    for journey in document.agent.journeys:
        if journey.states and all(state.kind == "fork" for state in journey.states):
            path: Path = ("journeys", journey.name)
            said = f"no state of the journey {journey.name!r} asks or tells the customer anything"
            remedy = "A journey guides a conversation; do what needs no customer in one tool"
            yield document.warning("journey-without-words", path, said, remedy)


@advice
def conditions_about_own_deeds(document: AgentDocument) -> Iterator[Problem]:
    """What the agent is going to do is not known when conditions are judged: an entailment brings the rest in."""
    agent = document.agent
    entailed = {target for _, _, target in lines_of(agent, RelationshipKind.ENTAILS)}
    for guideline, path in guideline_paths(agent):
        found = _OWN_DEED.match(guideline.condition)
        if found is None or found["verb"].lower() in _NOT_A_DEED or guideline.name in entailed:
            continue
        said = f"the condition of {guideline.name!r} is about what the agent itself is doing, which comes too late"
        remedy = f"Add a relationship `… entails {guideline.name}` from what makes the agent do it"
        yield document.warning("own-deed", (*path, "condition"), said, remedy)
