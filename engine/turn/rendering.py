"""Candidates as text: standard, tool, provided and generative fields, filled into templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.agent.model import CannedResponse
from engine.agent.template import TemplateFault, fields_used, render
from engine.reasoner.base import Candidate, Choice, Draft, FieldRequest, Instruction, MissingArgument
from engine.turn.authors_code import run_code
from engine.turn.journeys import Standing
from engine.turn.plain_templates import filled
from engine.turn.scene import EngineContext, Scene, customer_of
from engine.turn.tool_api import plain
from engine.turn.trace import Rendered, Rendering, Retrieval, ToolRound

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


async def render_candidates(
    scene: Scene,
    draft: Draft,
    instructions: Sequence[Instruction],
    retrieval: Retrieval,
    responses: Sequence[CannedResponse],
    fields: Fields,
) -> Rendering:
    """Fill in the candidates; one whose field nobody provided is out before anything is inferred for it.

    Args:
        scene: The turn's surroundings.
        draft: What a candidate is to say.
        instructions: What the draft was made from.
        retrieval: How near the candidates are to it.
        responses: The candidates, best first.
        fields: Every field that is known.
    """
    rendered = {response.name: _rendered(response, fields.values) for response in responses}
    open_ones = [response for response in responses if _waits_for_inference(rendered[response.name])]
    if open_ones:
        shown = [_shown_open(response, fields.values) for response in open_ones]
        choice = Choice(
            scene.conversation,
            draft,
            candidates_of(tuple(rendered.values()), retrieval, responses),
            candidates_of(shown, retrieval, responses),
            tuple(instructions),
        )
        inferred = await scene.engine.reasoner.fill(_requests(open_ones), choice)
        values = {**fields.values, "generative": inferred}
        rendered |= {response.name: _rendered(response, values) for response in open_ones}
    return Rendering(tuple(rendered.values()), dict(fields.origins), fields.warnings)


def candidates_of(
    rendered: Sequence[Rendered], retrieval: Retrieval, responses: Sequence[CannedResponse]
) -> tuple[Candidate, ...]:
    """The candidates that have a text, with what retrieval knew of them, in the order given."""
    ranks = {item.name: item for item in retrieval.ranked}
    known = {response.name: response for response in responses}
    return tuple(
        Candidate(
            name=item.name,
            text=item.text,
            template=known[item.name].template,
            score=ranks[item.name].score,
            signals=known[item.name].signals,
            linked=ranks[item.name].linked,
            fields=item.fields,
        )
        for item in rendered
        if item.text
    )


def _waits_for_inference(rendered: Rendered) -> bool:
    return bool(rendered.missing) and all(name.startswith(GENERATIVE) for name in rendered.missing)


def _shown_open(response: CannedResponse, values: Mapping[str, Any]) -> Rendered:
    """A template with everything filled in but what is still to be inferred."""
    names = [request.name for request in _requests([response])]
    blanks = {name: f"{{{{ {GENERATIVE}{name} }}}}" for name in names}
    found = _rendered(response, {**values, "generative": blanks})
    return found if found.text else Rendered(response.name, response.template)


def _needs(response: CannedResponse) -> tuple[str, ...] | str:
    """The fields a response uses; a text when its template does not even parse."""
    try:
        return fields_used(response.template)
    except TemplateFault as fault:
        return str(fault)


def missing_fields(used: Sequence[str], values: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields that nobody provided; a standard field that is empty counts as not provided.

    Generative ones count only where no other is missing: nothing is inferred for a candidate that is out anyway.
    """
    missing = tuple(name for name in used if _lookup(name, values) is None)
    return tuple(name for name in missing if not name.startswith(GENERATIVE)) or missing


def _lookup(name: str, values: Mapping[str, Any]) -> Any:
    found: Any = values
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return None
        found = found[part]
    return None if found == [] and name.startswith("std.") else found


def _requests(responses: Sequence[CannedResponse]) -> tuple[FieldRequest, ...]:
    """The generative fields of some responses, each once, by name."""
    wanted: dict[str, FieldRequest] = {}
    for response in responses:
        for name in _needs(response):
            if name.startswith(GENERATIVE):
                short = name.removeprefix(GENERATIVE)
                wanted.setdefault(short, FieldRequest(short, response.template))
    return tuple(wanted.values())


def _rendered(response: CannedResponse, values: Mapping[str, Any]) -> Rendered:
    used = _needs(response)
    if isinstance(used, str):
        return Rendered(response.name, None, error=used)
    missing = missing_fields(used, values)
    if missing:
        return Rendered(response.name, None, missing=missing)
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
