"""Tools: which are wanted, their arguments, the calls, their results and what they ask of the session."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from engine.agent.code import CodeError
from engine.agent.model import Stub, Tool
from engine.agent.template import TemplateFault
from engine.reasoner.base import Argument, MissingArgument
from engine.reasoner.conversation import Conversation, KnownResult
from engine.session.events import EventKind, EventSource
from engine.turn.authors_code import call_code, resolve_code
from engine.turn.converting import ArgumentFault, converted
from engine.turn.scene import Scene, customer_of
from engine.turn.stubs import answer_of, choose_stub
from engine.turn.tool_api import BadResult, ToolContext, ToolResult, plain
from engine.turn.trace import Reads, ToolCall, ToolRound


@dataclass(frozen=True)
class Wanted:
    """A tool that something active wants, and who wants it."""

    tool: Tool
    by: tuple[str, ...]
    instruction: str = ""


def wanted_tools(scene: Scene, survivors: Collection[str], states: Sequence[tuple[str, str, str]]) -> list[Wanted]:
    """The tools that surviving guidelines bear and journeys stand on, each once, in that order.

    Args:
        scene: The turn's surroundings.
        survivors: Names of the surviving guidelines and observations.
        states: `(journey.state, tool, instruction)` of each tool state that a journey stands on.
    """
    wanted: dict[str, list[str]] = {}
    hints: dict[str, str] = {}
    for guideline, _ in scene.agent.scoped_guidelines():
        if guideline.name in survivors:
            for name in guideline.tools:
                wanted.setdefault(name, []).append(guideline.name)
    for place, name, instruction in states:
        wanted.setdefault(name, []).append(place)
        hints[name] = instruction
    found = []
    for name, by in wanted.items():
        tool = scene.agent.things.get(name)
        if isinstance(tool, Tool):
            found.append(Wanted(tool, tuple(by), hints.get(name, "")))
    return found


async def run_tools(
    scene: Scene,
    wanted: Sequence[Wanted],
    already: Collection[tuple[str, str]],
    round_number: int,
    heard: Mapping[str, Conversation],
) -> tuple[ToolRound, frozenset[str]]:
    """Find the arguments of the wanted tools and run, at the same time, those that have them all.

    Args:
        scene: The turn's surroundings.
        wanted: The tools that are wanted.
        already: `signature`s of the calls made earlier in this turn, which are not made again.
        round_number: Which round of the turn this is.
        heard: What of the conversation counts for each state, as `journey.state`, that wants a tool.

    Returns:
        The stage's record, and the tools that have answered what was wanted of them, now or earlier in the turn.
    """
    asked = [(item, await _arguments(scene, item, heard)) for item in wanted]
    answered: set[str] = set()
    running: list[Any] = []
    for item, arguments in asked:
        if any(found.problem for found in arguments):
            running.append(_not_called(item, arguments))
            continue
        answered.add(item.tool.name)
        if signature(item.tool.name, {found.name: found.value for found in arguments}) not in already:
            running.append(_called(scene, item, arguments))
    calls = tuple(await asyncio.gather(*running))
    reads = Reads({item.tool.name: item.tool.digest for item in wanted})
    return ToolRound(round_number, calls, reads), frozenset(answered)


def signature(tool: str, arguments: Mapping[str, Any]) -> tuple[str, str]:
    """What makes two calls the same call: the tool and its arguments."""
    return tool, json.dumps(plain(arguments), sort_keys=True)


async def _arguments(scene: Scene, wanted: Wanted, heard: Mapping[str, Conversation]) -> tuple[Argument, ...]:
    """The arguments that count: an optional one that was not found is left to the tool's own default."""
    tool = wanted.tool
    if wanted.instruction:
        tool = tool.model_copy(update={"description": f"{tool.description} {wanted.instruction}".strip()})
    required = {parameter.name for parameter in tool.parameters if parameter.required}
    conversation = heard.get(wanted.by[0], scene.conversation) if len(wanted.by) == 1 else scene.conversation
    found = await scene.engine.reasoner.arguments(tool, conversation) if tool.parameters else []
    return tuple(argument for argument in found if argument.problem != "missing" or argument.name in required)


async def _not_called(wanted: Wanted, arguments: tuple[Argument, ...]) -> ToolCall:
    return ToolCall(wanted.tool.name, wanted.by, arguments, called=False)


async def _called(scene: Scene, wanted: Wanted, arguments: tuple[Argument, ...]) -> ToolCall:
    values = {argument.name: argument.value for argument in arguments}
    mark = signature(wanted.tool.name, values)
    for kept in scene.session.state.pending_results:
        if signature(kept["tool"], kept["arguments"]) == mark:
            background = bool(kept.get("background"))
            return ToolCall(
                wanted.tool.name, wanted.by, arguments, called=True, result=kept["result"], background=background
            )
    answer = await call_tool(scene, wanted.tool.name, values)
    return replace(answer, wanted_by=wanted.by, arguments=arguments)


async def call_tool(scene: Scene, name: str, arguments: Mapping[str, Any]) -> ToolCall:
    """Call a tool: its scenario stub, else the agent's stub, else its code.

    A failure of any kind is an answer with `error` set; it never raises.
    """
    tool = scene.agent.things.get(name)
    stubs = scene.engine.stubs.get(name) or (tool.stubs if isinstance(tool, Tool) else ())
    if stubs:
        parameters = tool.parameters if isinstance(tool, Tool) else ()
        defaults = {parameter.name: parameter.default for parameter in parameters}
        return _from_stub(scene, name, stubs, {**defaults, **arguments})
    if not isinstance(tool, Tool) or tool.python is None:
        return _failed(name, f"{name} has neither code nor a stub; give it `data:`, `fields:` or `python:`")
    if not scene.engine.live_tools:
        return _failed(name, f"{name} has no stub here; add one under given.tools, or say `tools: live`")
    return await _from_code(scene, tool, arguments)


def _failed(name: str, error: str, details: str = "") -> ToolCall:
    return ToolCall(name, (), (), called=True, error=error, traceback=details)


def _from_stub(scene: Scene, name: str, stubs: Sequence[Stub], arguments: Mapping[str, Any]) -> ToolCall:
    stub = choose_stub(stubs, arguments)
    if stub is None:
        return _failed(name, f"no stub of {name} answers for {dict(arguments)}; add one without `when:`")
    if stub.after is not None:
        scene.request.later(name, stub, arguments)
        at_once = {"control": stub.control.model_dump(exclude_none=True), "guidelines": _to_say(stub)}
        started = {**ToolResult(data=None).to_json(), **at_once}
        return ToolCall(name, (), (), called=True, stubbed=True, result=started, background=True)
    if stub.error is not None:
        return replace(_failed(name, stub.error), stubbed=True)
    try:
        return ToolCall(name, (), (), called=True, stubbed=True, result=answer_of(stub, arguments))
    except TemplateFault as fault:
        return _failed(name, f"the stub of {name} cannot be filled in: {fault}")


def _to_say(stub: Stub) -> list[dict[str, Any]]:
    """What a tool that works in the background has the agent say while it does, e.g. to buy time."""
    return [guideline.model_dump() for guideline in stub.guidelines]


async def _from_code(scene: Scene, tool: Tool, arguments: Mapping[str, Any]) -> ToolCall:
    limit = scene.engine.tool_timeout
    deadline = asyncio.timeout(limit)
    try:
        async with deadline:
            function = await resolve_code(scene.engine, tool.python or "")
            answer = await call_code(function, tool_context(scene), **converted(function, arguments))
        result = answer if isinstance(answer, ToolResult) else ToolResult(data=answer)
        return ToolCall(tool.name, (), (), called=True, result=result.to_json())
    except (BadResult, ArgumentFault, CodeError) as error:
        return _failed(tool.name, str(error))
    except (Exception, SystemExit, asyncio.CancelledError) as error:  # noqa: BLE001 - somebody's code may raise anything
        if isinstance(error, asyncio.CancelledError) and _is_cancelled():
            raise
        if deadline.expired():
            return _failed(tool.name, f"{tool.name} did not answer within {limit:g} s")
        line = str(error).strip().splitlines()[:1]
        return _failed(
            tool.name, f"{type(error).__name__}: {line[0] if line else 'no message'}", traceback.format_exc()
        )


def _is_cancelled() -> bool:
    """Whether it is this call that is being cancelled, and not something that the tool itself waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def tool_context(scene: Scene) -> ToolContext:
    """What the tool's code sees of this turn."""
    engine, session, trace_id = scene.engine, scene.session, scene.request.trace_id

    async def emit_message(text: str) -> None:
        scene.request.voice.begun = True
        data = {"message": text, "participant": {"id": engine.agent.name, "display_name": engine.agent.name}}
        await engine.store.append_event(
            session.id, EventSource.AI_AGENT, EventKind.MESSAGE, data, trace_id=trace_id, metadata={"by": "tool"}
        )

    async def emit_status(status: Literal["typing", "processing", "ready"], data: Any = None) -> None:
        await engine.store.append_event(
            session.id, EventSource.AI_AGENT, EventKind.STATUS, {"status": status, "data": data}, trace_id=trace_id
        )

    customer = customer_of(engine.agent, session)
    return ToolContext(engine.agent.name, customer.id, session.id, emit_message, emit_status)


def missing_arguments(scene: Scene, rounds: Sequence[ToolRound]) -> tuple[MissingArgument, ...]:
    """What the agent has to ask for, the lowest precedence number first."""
    found: dict[tuple[str, str], MissingArgument] = {}
    for call in (call for stage in rounds for call in stage.calls):
        tool = scene.agent.things.get(call.tool)
        parameters = {parameter.name: parameter for parameter in tool.parameters} if isinstance(tool, Tool) else {}
        for argument in call.arguments:
            parameter = parameters.get(argument.name)
            if argument.problem and parameter is not None:
                found[call.tool, argument.name] = MissingArgument(
                    call.tool, parameter, argument.problem == "invalid", argument.value
                )
            else:
                found.pop((call.tool, argument.name), None)
    return tuple(sorted(found.values(), key=lambda missing: missing.parameter.precedence))


def results_of(rounds: Sequence[ToolRound]) -> tuple[KnownResult, ...]:
    """What the tools of this turn answered."""
    return tuple(
        KnownResult(
            call.tool,
            call.values,
            call.result.get("data"),
            this_turn=True,
            fields=call.result.get("canned_response_fields") or {},
        )
        for stage in rounds
        for call in stage.calls
        if call.called and call.result is not None and not call.background
    )


def earlier_results(scene: Scene) -> tuple[KnownResult, ...]:
    """What tools answered in earlier turns, as far as the session still knows."""
    return tuple(result for result in scene.conversation.results if not result.this_turn)


def asks_for_manual(rounds: Sequence[ToolRound]) -> ToolCall | None:
    """The first call that hands the session to people; any call that asks for manual wins the turn."""
    for call in (call for stage in rounds for call in stage.calls):
        if call.result is not None and (call.result.get("control") or {}).get("mode") == "manual":
            return call
    return None
