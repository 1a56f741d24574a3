"""Reading what happens in a step: the customer speaks, a person takes over, time passes, things change."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.agent.basics import parse_duration
from engine.agent.errors import suggestion
from engine.agent.model import TriggerGuideline
from engine.scenario.answers import SetSession, read_session, read_stubs, read_variables
from engine.scenario.model import (
    Changes,
    CustomerSays,
    CustomEvent,
    HumanAgentSays,
    Input,
    OnBehalfSays,
    TriggerResponse,
    Wait,
)
from engine.scenario.reading import Reading
from engine.scenario.tree import Listing, Tree, plain

SET_KEYS = ("variables", "session", "tools")
EVENT_SOURCES = ("customer_ui", "system")


def _customer(tree: Tree, reading: Reading) -> Input | None:
    texts = [_message(each, reading) for each in reading.one_or_list(tree)]
    if isinstance(tree, Listing) and not texts:
        reading.problem(tree, "wrong-value", "the customer says nothing here", "Write at least one message")
    return CustomerSays(tuple(text for text in texts if text is not None))


def _message(tree: Tree, reading: Reading) -> str | None:
    text = reading.text(tree, "what the customer says")
    if text is not None and not text.strip():
        reading.problem(tree, "wrong-value", "the customer says nothing here", "Write a message")
        return None
    return text


def _human_agent(tree: Tree, reading: Reading) -> Input | None:
    text = reading.text(tree, "what the human agent says")
    return None if text is None else HumanAgentSays(text)


def _on_behalf(tree: Tree, reading: Reading) -> Input | None:
    text = reading.text(tree, "what the human agent says")
    return None if text is None else OnBehalfSays(text)


def _trigger_response(tree: Tree, reading: Reading) -> Input | None:
    table = reading.table(tree, "trigger_response")
    if table is None:
        return None
    for key, _ in table.entries:
        if key.written not in ("guidelines", "name"):
            reading.unknown_key(key, ("guidelines", "name"), "trigger_response")
    listed, name = table.get("guidelines"), table.get("name")
    items = reading.listing(listed, "guidelines") if listed is not None else ()
    guidelines = [reading.model(TriggerGuideline, item, "a guideline of a trigger") for item in items]
    called = reading.text(name, "a name") if name is not None else None
    return TriggerResponse(tuple(each for each in guidelines if each is not None), called or "")


def _event(tree: Tree, reading: Reading) -> Input | None:
    table = reading.table(tree, "event")
    if table is None:
        return None
    for key, _ in table.entries:
        if key.written not in ("source", "data"):
            reading.unknown_key(key, ("source", "data"), "event")
    source, data = table.get("source"), table.get("data")
    written = reading.text(source, "a source") if source is not None else EVENT_SOURCES[0]
    if source is not None and written is not None and written not in EVENT_SOURCES:
        remedy = suggestion(written, EVENT_SOURCES, f"Write {' or '.join(EVENT_SOURCES)}")
        reading.problem(source, "wrong-value", f"there is no source {written!r}", remedy)
        return None
    return CustomEvent(written or EVENT_SOURCES[0], plain(data) if data is not None else None)


def _set(tree: Tree, reading: Reading) -> Input | None:
    table = reading.table(tree, "set")
    if table is None:
        return None
    for key, _ in table.entries:
        if key.written not in SET_KEYS:
            reading.unknown_key(key, SET_KEYS, "set")
    variables, session, tools = (table.get(key) for key in SET_KEYS)
    answers = read_stubs(tools, reading) if tools is not None else None
    if answers is not None and answers.all_live and tools is not None:
        reading.problem(tools, "wrong-value", "set takes tools one by one", "Write {tool: live}")
    return Changes(
        read_variables(variables, reading) if variables is not None else {},
        read_session(session, SetSession, reading) if session is not None else {},
        answers.stubs if answers else {},
        answers.live if answers else (),
    )


def _wait(tree: Tree, reading: Reading) -> Input | None:
    written = reading.text(tree, "a length of time")
    if written is None:
        return None
    try:
        return Wait(parse_duration(written))
    except ValueError:
        said = f"{written[:40]!r} is no length of time"
        reading.problem(tree, "wrong-value", said, "Write it like 45s, 3m, 1h30m or 2d")
        return None


INPUTS: Mapping[str, Callable[[Tree, Reading], Input | None]] = {
    "customer": _customer,
    "human_agent": _human_agent,
    "human_agent_on_behalf": _on_behalf,
    "trigger_response": _trigger_response,
    "event": _event,
    "set": _set,
    "wait": _wait,
}
"""What a step can do, by its key."""
