"""Checks that look across the whole agent: `cuecard check`, and live in the studio.

Each problem has an id, a place, a reason and a remedy. To add a check, write a function in one of the modules of
`engine.agent.checks` and decorate it with `check` or `advice` of its `registry`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import engine.agent.checks.code as check_code
import engine.agent.checks.conversation as check_conversation
import engine.agent.checks.journeys as check_journeys
import engine.agent.checks.names as check_names
import engine.agent.checks.relationships as check_relationships
import engine.agent.checks.silenced as check_silenced
import engine.agent.checks.tags as check_tags
import engine.agent.checks.templates as check_templates
from engine.agent.checks.registry import CHECKS
from engine.agent.errors import Problem, in_order

if TYPE_CHECKING:
    from engine.agent.document import AgentDocument

MODULES = (
    check_names,
    check_tags,
    check_relationships,
    check_silenced,
    check_journeys,
    check_conversation,
    check_templates,
    check_code,
)
"""The modules whose checks are registered by importing them."""


def check_agent(document: AgentDocument) -> list[Problem]:
    """Run all checks on an agent.

    Args:
        document: The agent with its file; it may be one that `read_agent` gave.

    Returns:
        All errors and warnings, in the order of the file.
    """
    return list(in_order(problem for check in CHECKS for problem in check.run(document)))


def judge(document: AgentDocument) -> tuple[list[Problem], list[Problem]]:
    """Run all checks on an agent.

    Returns:
        The errors that keep the agent from being used, and everything else that was found.
    """
    stopping: list[Problem] = []
    other: list[Problem] = []
    for check in CHECKS:
        for problem in check.run(document):
            stops = check.keeps_from_use and problem.severity == "error"
            (stopping if stops else other).append(problem)
    return stopping, other
