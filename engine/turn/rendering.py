"""Candidates as text: standard, tool, provided and generative fields, filled into templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.agent.model import CannedResponse
from engine.agent.template import TemplateFault, fields_used, render
from engine.reasoner.base import FieldRequest, MissingArgument
from engine.turn.authors_code import run_code
from engine.turn.journeys import Standing
from engine.turn.plain_templates import filled
from engine.turn.scene import EngineContext, Scene, customer_of
from engine.turn.tool_api import plain
from engine.turn.trace import Rendered, Rendering, ToolRound

GENERATIVE = "generative."
STANDARD = "std"


@dataclass(frozen=True)
class Fields:
    """Every field that a template may use.

    Attributes:
        values: The values by first name (`std` holds a mapping).
        origins: Where each came from, e.g. `get_balance` or `an earlier turn`.
        fresh: The names that tools and providers supplied this turn.
        warnings: Conflicts between providers.
    """

    values: Mapping[str, Any]
    origins: Mapping[str, str]
    fresh: frozenset[str]
    warnings: tuple[str, ...] = ()


def standard_fields(scene: Scene, missing: Sequence[MissingArgument]) -> dict[str, Any]:
    """The `std.` fields: customer, agent, variables, glossary, missing and invalid parameters."""
    return {
        "customer": {"name": customer_of(scene.agent, scene.session).name or "Guest"},
        "agent": {"name": scene.agent.name},
        "variables": dict(scene.conversation.variables),
        "missing_params": [item.parameter.name for item in missing if not item.invalid],
        "invalid_params": [item.parameter.name for item in missing if item.invalid],
        "glossary": {term.id: term.description or term.name for term in scene.agent.glossary},
    }


async def gather_fields(
    scene: Scene,
    rounds: Sequence[ToolRound],
    matched: Sequence[str],
    standing: Standing,
    missing: Sequence[MissingArgument],
    context: EngineContext,
) -> Fields:
    """Collect the fields: this turn's tools first, then the session's newest, then provider functions."""
    values: dict[str, Any] = dict(scene.session.state.fields)
    origins = dict.fromkeys(values, "an earlier turn")
    fresh: dict[str, str] = {}
    for call in (call for stage in rounds for call in stage.calls if call.result is not None):
        for name, value in (call.result or {}).get("canned_response_fields", {}).items():
            values[name] = value
            fresh[name] = call.tool
    origins.update(fresh)
    warnings: list[str] = []
    for owner, reference in _providers(scene, matched, standing):
        for name, value in (await _provided(scene, owner, reference, context, warnings)).items():
            if name not in values:
                values[name], origins[name], fresh[name] = value, owner, owner
            elif values[name] != value:
                warnings.append(f"{owner} provides another {name} than {origins[name]}, which counts")
    values[STANDARD] = standard_fields(scene, missing)
    return Fields(values, origins, frozenset(fresh), tuple(warnings))


def _providers(scene: Scene, matched: Sequence[str], standing: Standing) -> list[tuple[str, str]]:
    chosen = set(matched)
    guidelines = [
        (own.name, own.fields) for own, _ in scene.agent.scoped_guidelines() if own.name in chosen and own.fields
    ]
    states = [
        (f"{journey.name}.{state.name}", state.fields) for journey, state in standing.states(scene) if state.fields
    ]
    return [*guidelines, *states]


async def _provided(
    scene: Scene, owner: str, reference: str, context: EngineContext, warnings: list[str]
) -> Mapping[str, Any]:
    try:
        answer = plain(await run_code(scene.engine, reference, context))
    except Exception as error:  # noqa: BLE001 - somebody's code may raise anything, and the turn goes on
        warnings.append(f"the fields {reference} of {owner} failed: {type(error).__name__}: {error}")
        return {}
    if not isinstance(answer, Mapping):
        warnings.append(f"the fields {reference} of {owner} gave a {type(answer).__name__}, not a mapping")
        return {}
    found: Mapping[str, Any] = answer
    return found


async def render_candidates(scene: Scene, responses: Sequence[CannedResponse], fields: Fields) -> Rendering:
    """Fill in the candidates; one whose field nobody provided is out before anything is inferred for it."""
    needs = {response.name: _needs(response) for response in responses}
    lacking = {name: missing_fields(used, fields.values) for name, used in needs.items() if not isinstance(used, str)}
    generative = await _infer(scene, [response for response in responses if not lacking.get(response.name, ("x",))])
    values = {**fields.values, "generative": generative}
    rendered = []
    for response in responses:
        used = needs[response.name]
        if isinstance(used, str):
            rendered.append(Rendered(response.name, None, error=used))
            continue
        missing = lacking[response.name] or missing_fields(
            [name for name in used if name.startswith(GENERATIVE)], {"generative": generative}
        )
        rendered.append(
            Rendered(response.name, None, missing=missing) if missing else _rendered(response, used, values)
        )
    return Rendering(tuple(rendered), dict(fields.origins), fields.warnings)


def _needs(response: CannedResponse) -> tuple[str, ...] | str:
    """The fields a response uses; a text when its template does not even parse."""
    try:
        return fields_used(response.template)
    except TemplateFault as fault:
        return str(fault)


def missing_fields(used: Sequence[str], values: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that nobody provided; a standard field that is empty counts as not provided.

    Generative fields are looked at only where `values` has `generative`.
    """
    missing = []
    for name in used:
        if name.startswith(GENERATIVE) and "generative" not in values:
            continue
        if _lookup(name, values) is None:
            missing.append(name)
    return tuple(missing)


def _lookup(name: str, values: Mapping[str, Any]) -> Any:
    found: Any = values
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return None if found == [] and name.startswith("std.") else found


async def _infer(scene: Scene, responses: Sequence[CannedResponse]) -> dict[str, Any]:
    """Infer each generative field once, by name."""
    wanted: dict[str, FieldRequest] = {}
    for response in responses:
        for name in _needs(response):
            if name.startswith(GENERATIVE):
                short = name.removeprefix(GENERATIVE)
                wanted.setdefault(short, FieldRequest(short, response.template))
    if not wanted:
        return {}
    return await scene.engine.reasoner.fill(tuple(wanted.values()), scene.conversation)


def _rendered(response: CannedResponse, used: Sequence[str], values: Mapping[str, Any]) -> Rendered:
    try:
        text = filled(response.template, values)
        if text is None:
            text = render(response.template, values)
    except TemplateFault as fault:
        return Rendered(response.name, None, error=str(fault))
    return Rendered(response.name, text, {name: _lookup(name, values) for name in used})


async def no_match_text(scene: Scene, fields: Fields, context: EngineContext) -> NoMatchWords:
    """The words of a no-match, with a warning when the author's own could not be used."""
    template: Any = scene.agent.no_match
    if template is None:
        return NoMatchWords(NO_MATCH)
    try:
        if not isinstance(template, str):
            template = await run_code(scene.engine, template.python, context, context.draft)
        return NoMatchWords(render(str(template), fields.values))
    except Exception as error:  # noqa: BLE001 - somebody's code may raise anything; the customer still gets an answer
        return NoMatchWords(NO_MATCH, f"no_match failed, the default is said: {type(error).__name__}: {error}")


NO_MATCH = "Not sure I understand. Could you please say that another way?"
"""What a strict turn says when nothing fits and the author wrote no words for it."""


@dataclass(frozen=True)
class NoMatchWords:
    """What a strict turn says when nothing fits, and a warning when these are not the author's words."""

    text: str
    warning: str = ""
