"""References to code that lead nowhere; nothing is run to find out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.agent.checks.registry import Path, check, guideline_paths, state_paths
from engine.agent.errors import Problem
from engine.agent.model import Agent, NoMatch
from engine.agent.reading.signature import SignatureFault, Signatures

if TYPE_CHECKING:
    from engine.agent.document import AgentDocument


def _references(agent: Agent) -> Iterator[tuple[str | None, Path]]:
    if isinstance(agent.no_match, NoMatch):
        yield agent.no_match.python, ("no_match", "python")
    for tool in agent.tools:
        yield tool.python, ("tools", tool.name, "python")
    for guideline, path in guideline_paths(agent):
        yield guideline.matcher, (*path, "matcher")
        yield guideline.fields, (*path, "fields")
    for state, path in state_paths(agent):
        yield state.fields, (*path, "fields")


@check
def missing_code(document: AgentDocument) -> Iterator[Problem]:
    """Every function that the file names is in a module beside it, and a tool's has a signature tools can have."""
    if document.folder is None:
        return
    signatures = Signatures(document.folder)
    for reference, path in _references(document.agent):
        if reference is None:
            continue
        try:
            if path[0] == "tools":
                signatures.read(reference)
            else:
                signatures.check(reference)
        except SignatureFault as fault:
            yield document.problem("missing-code", path, str(fault), fault.remedy)
