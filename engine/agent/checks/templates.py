"""Templates that do not parse, and responses that nothing can ever use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from engine.agent.checks.registry import Path, advice, check, guideline_paths, state_paths
from engine.agent.errors import Problem, nearest
from engine.agent.model import Agent, CannedResponse

if TYPE_CHECKING:
    from jinja2 import Environment

    from engine.agent.document import AgentDocument

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_OPENING = re.compile(r"\{\{|\{%|\{#")
_WORDS_OF_JINJA = r"and|else|if|in|is|not|or"
_PLAIN_FIELD = re.compile(rf"\{{\{{\s*(?!(?:{_WORDS_OF_JINJA})\b)[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\s*\}}\}}")


@cache
def _environment() -> Environment:
    """The environment in which templates run, here for parsing alone."""
    from engine.agent.sandbox import BoundedEnvironment
    from engine.agent.template import FILTERS

    environment = BoundedEnvironment()
    environment.filters.update(FILTERS)
    return environment


@cache
def template_fault(template: str) -> str:
    """Say why a template does not parse; empty when it does."""
    rest = _PLAIN_FIELD.sub("", template)
    if not _OPENING.search(rest):
        return ""
    return _fault_of("".join(_TAG.findall(rest)) if not _OPENING.search(_TAG.sub("", rest)) else rest)


@cache
def _fault_of(template: str) -> str:
    from jinja2 import TemplateSyntaxError

    environment = _environment()
    try:
        tree = environment.parse(template)
    except TemplateSyntaxError as error:
        return (error.message or "it does not parse").rstrip(".")
    except RecursionError:
        return "it is nested too deeply"
    return _unknown_word(environment, tree)


def _unknown_word(environment: Environment, tree: Any) -> str:
    from jinja2 import nodes

    for kind, node_type, known in (
        ("filter", nodes.Filter, environment.filters),
        ("test", nodes.Test, environment.tests),
    ):
        for node in tree.find_all(node_type):
            if node.name is not None and node.name not in known:
                near = nearest(node.name, known)
                return f"there is no {kind} {node.name!r}" + (f", did you mean {near}?" if near else "")
    outside = tree.find((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends))
    return "a template stands alone and cannot bring in others" if outside is not None else ""


def faulty_piece(template: str) -> str:
    """Find the piece of a template that does not parse: a tag, or what was opened and not closed."""
    rest = _TAG.sub(lambda found: " " * len(found.group()), template)
    unclosed = _OPENING.search(rest)
    if unclosed:
        return template[unclosed.start() :].split("\n")[0].strip()
    for tag in _TAG.findall(template):
        if not tag.startswith("{%") and template_fault(tag):
            return str(tag)
    return _faulty_statement(template)


def _faulty_statement(template: str) -> str:
    """The first statement up to which the template fails in another way than by ending too early, else the last."""
    statements = [found for found in _TAG.finditer(template) if found.group().startswith("{%")]
    for found in statements:
        fault = _fault_of(template[: found.end()])
        if fault and "Unexpected end of template" not in fault:
            return found.group()
    return statements[-1].group() if statements else template


def _templates(agent: Agent) -> Iterator[tuple[str, Path]]:
    if isinstance(agent.no_match, str):
        yield agent.no_match, ("no_match",)
    for response, path in _responses(agent):
        yield response.template, (*path, "template")
    if isinstance(agent.preambles, tuple):
        yield from ((preamble, ("preambles", i)) for i, preamble in enumerate(agent.preambles))
    for tool in agent.tools:
        for stub in tool.stubs:
            for value in (stub.data, stub.fields, stub.responses, stub.error, stub.metadata):
                yield from ((text, ("tools", tool.name)) for text in _texts_in(value))


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts_in(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts_in(item)


def _responses(agent: Agent) -> Iterator[tuple[CannedResponse, Path]]:
    for response in agent.canned_responses:
        yield response, ("canned_responses", response.name)
    for journey in agent.journeys:
        for response in journey.canned_responses:
            yield response, ("journeys", journey.name, "canned_responses", response.name)
    for uses, path in _uses(agent):
        for position, use in enumerate(uses):
            if isinstance(use, CannedResponse):
                yield use, (*path, "canned_responses", position, use.name)


def _uses(agent: Agent) -> Iterator[tuple[tuple[str | CannedResponse, ...], Path]]:
    for guideline, path in guideline_paths(agent):
        yield guideline.canned_responses, path
    for state, path in state_paths(agent):
        yield state.canned_responses, path


@check
def unreadable_templates(document: AgentDocument) -> Iterator[Problem]:
    """Every template parses, with filters and tests that exist."""
    for template, path in _templates(document.agent):
        fault = template_fault(template) if "{" in template else ""
        if fault:
            piece = faulty_piece(template)
            said = f"the template does not parse at {piece[:60]!r}: {fault}"
            remedy = "A field is written {{ name }}, and {% raw %} shows braces as they are"
            yield document.problem("bad-template", path, said, remedy, within=piece)


@advice
def exclusive_responses_without_use(document: AgentDocument) -> Iterator[Problem]:
    """An exclusive response is used only where a guideline or state names it, so somebody must."""
    agent = document.agent
    named = {use for uses, _ in _uses(agent) for use in uses if isinstance(use, str)}
    for response, path in _responses(agent):
        if response.exclusive and response.name not in named and "canned_responses" in path[:3:2]:
            said = f"the exclusive response {response.name!r} is attached to nothing, so it is never considered"
            remedy = "Name it in the canned_responses of a guideline or state, or remove `exclusive`"
            yield document.problem("exclusive-unattached", path, said, remedy)
