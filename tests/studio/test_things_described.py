"""Things described: nothing that an author wrote is lost, whatever the agent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from engine.agent.basics import format_duration
from engine.agent.loading import load_agent, parse_agent
from engine.agent.model import CannedResponse, Observation, State
from engine.agent.writing.forms import is_default
from studio.things.catalog import KINDS, Tag, Things
from studio.things.describe import APART, describe
from studio.things.lines import Line, Section, copied, data_lines, readable

ROOT = Path(__file__).parents[2]
EXAMPLES = [*sorted((ROOT / "scenarios").glob("*/agent.yaml")), ROOT / "tests/agent/data/atlas/agent.yaml"]

EVERYTHING = """
name: Everything
description: It has one of each.
composition_mode: composited
preambles: [Sure thing.]
no_match: I do not follow, {{ std.variables.plan }}.
tags: [whole]
metadata: {team: blue, levels: [1, {deep: 2}]}
glossary:
  lock: {name: Fare Lock, description: Holds a price., synonyms: [price hold]}
capabilities:
  reset: {title: Reset passwords, description: It resets them., signals: [I forgot my password]}
variables:
  plan: {description: The plan, value: free, for: {"tag:vip": business, georgie: gold}}
  miles: {tool: get_miles, freshness: "*/15 * * * *"}
customers:
  georgie: {name: Georgie Boy, tags: [vip], metadata: {shoe: 44}}
tools:
  get_miles: {data: 1200, fields: {miles: 1200}}
  book:
    description: Books it.
    parameters:
      day: {type: date, source: customer, description: Which day, significance: it must be free, examples: [monday]}
      size: {type: string, choices: [small, large], required: false, precedence: 3, hidden: true}
      bags: {type: integer, default: 2}
    stubs:
      - {when: {size: small}, error: it is too small}
      - after: 20m
        data: {number: [1, 2]}
        fields: {fare: 240}
        control: {mode: manual, lifespan: session}
        metadata: {seen: true}
        responses: ["Booked for {{ arguments.day }}."]
        guidelines: [{action: Say thanks, rationale: buy_time}]
        follow_up: {action: Tell them the fare, rationale: follow_up}
observations:
  upset: The customer is upset
guidelines:
  offer:
    condition: The customer chooses a seat
    action: Offer the better one
    say: How about the better one?
    title: Better seats
    description: For those who choose.
    examples: [window please]
    counterexamples: [is it far]
    enabled: false
    criticality: high
    priority: 7
    continuous: true
    track: false
    tags: [premium]
    labels: [sales]
    metadata: {a: b}
    tools: [book]
    reevaluate_after: [get_miles]
    composition_mode: strict
    matcher: tools.is_vip
    fields: tools.lucky
    canned_responses:
      - fare_is
      - own_one:
          {template: "Only {{ fare }}", signals: [it costs], metadata: {r: [x]}, tags: [premium], exclusive: true}
relationships:
  - upset excludes tag:premium
  - offer depends_on any of upset, tag:premium
canned_responses:
  fare_is: "Your fare is {{ fare }} and {{ miles }} miles for {{ std.variables.plan }}."
follow_ups:
  - {after: 3m, action: Ask if they are there, at_most: 2, rationale: buy_time}
journeys:
  trip:
    title: Book a trip
    conditions: [upset, The customer wants a trip]
    description: Step by step.
    enabled: false
    priority: 2
    tags: [premium]
    labels: [long]
    metadata: {k: v}
    composition_mode: strict
    states:
      ask:
        chat: Ask where
        instruction: Be short
        say: Where to?
        composition_mode: fluid
        fields: tools.lucky
        metadata: {m: n}
        canned_responses: [{where: "Where would you like to go?"}]
        next:
          - {when: They say where, to: load, examples: [to Rome], counterexamples: [dunno]}
          - {when: They stop, to: end}
      load: {tool: get_miles, next: fork}
      fork: {next: {They fly alone: tell, They do not: other}}
      tell: {chat: Tell them}
      other: {journey: second}
    guidelines:
      cannot_pay: {condition: They cannot pay, action: Fetch somebody}
    observations:
      in_doubt: They are in doubt
    canned_responses:
      back: Shall we go on?
  second: {title: Second, conditions: [They want the second], states: {one: {chat: Say one}}}
"""


def words(sections: tuple[Section, ...]) -> str:
    return copied("", sections)


def scalars(value: Any, field: str = "") -> Iterator[str]:
    """Every text and number in a field of the model, as its author wrote it."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name != "kind" and not is_default(value, name):  # type: ignore[arg-type]
                yield from scalars(getattr(value, name), name)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from scalars(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield inner.name if isinstance(inner, State | Observation | CannedResponse) else ""
            yield from () if isinstance(inner, State | Observation | CannedResponse) else scalars(inner)
    elif isinstance(value, timedelta):
        yield format_duration(value)
    elif not isinstance(value, bool) and value is not None:
        yield str(value)


def lost(things: Things, key: str) -> list[str]:
    entry = things.entries[key]
    if isinstance(entry.value, Tag):
        return []
    said = words(describe(things, key))
    apart = {"kind", *APART.get(type(entry.value), ())}
    found = []
    for field in type(entry.value).model_fields:
        required = type(entry.value).model_fields[field].is_required()
        own = field in ("name", "id") and entry.kind != "agent" and (field == "id" or "id" not in vars(entry.value))
        if field in apart or own or (not required and is_default(entry.value, field)):
            continue
        found += [text for text in scalars(getattr(entry.value, field), field) if not _appears(text, said, field)]
    return found


def _appears(text: str, said: str, field: str) -> bool:
    known = {"depends_on": "depends_on", "any": "", "end": "journey ends"}
    return all(part in said for part in known.get(text, text).splitlines())


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_every_thing_of_every_agent_is_described_and_nothing_is_lost(file):
    things = Things(load_agent(file).agent)
    for key in things.entries:
        assert describe(things, key), key
        assert lost(things, key) == [], key


def test_nothing_is_lost_of_an_agent_that_has_everything(everything):
    assert {entry.kind for entry in everything.entries.values()} == set(KINDS)
    for key in everything.entries:
        assert lost(everything, key) == [], key


@pytest.fixture
def everything() -> Things:
    return Things(parse_agent(EVERYTHING).agent)


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("offer", ["off: it is never considered", "never remembered as carried out", "fare_is (preferred)"]),
        ("own_one", ["only where a guideline or state names it", "fare: from book", "Only within"]),
        ("fare_is", ["miles: from get_miles", "std.variables.plan: the variable plan"]),
        ("book", ["only from the customer's words", "may be left out", "when size: small", "20m", "fare: 240"]),
        ("trip.ask", ["when: They say where", "→ load", "■ the journey ends", "e.g.: to Rome"]),
        ("trip.fork", ["→ tell: Tell them", "→ other: goes through second"]),
        ("relationships.1", ["Depends on any of", "tag:premium"]),
        ("tag:premium", ["offer", "own_one", "trip"]),
        ("follow_ups.0", ["3m", "at most: 2"]),
    ],
)
def test_a_description_says_it_in_words(everything, key, said):
    text = words(describe(everything, key))
    assert [part for part in said if part not in text] == []


def test_lines_that_name_things_lead_to_them(everything):
    targets = {
        line.target for key in everything.entries for section in describe(everything, key) for line in section.lines
    }
    assert targets - {""} <= set(everything.entries)
    assert {"book", "fare_is", "own_one", "trip.load", "tag:premium", "georgie", "upset"} <= targets


def test_what_is_left_at_its_default_is_not_shown():
    things = Things(parse_agent("name: A\nguidelines:\n  g: {condition: One, action: Two}\n").agent)
    assert [section.title for section in describe(things, "g")] == ["Condition", "Action"]


def test_nothing_is_said_of_what_is_not_there(everything):
    assert describe(everything, "nobody") == ()


def test_signs_that_move_the_cursor_or_turn_the_line_are_taken_out():
    assert readable("a\tb\x1b[31mc\r\nd\u202ee") == "a    b·[31mc\nd·e"
    assert readable("日本 שלום 👍🏽") == "日本 שלום 👍🏽"


def test_deep_data_is_written_line_by_line():
    assert list(data_lines({"a": [1, 2], "b": {"c": None}})) == [
        Line("1, 2", "a"),
        Line("", "b"),
        Line("nothing", "c", depth=1),
    ]
