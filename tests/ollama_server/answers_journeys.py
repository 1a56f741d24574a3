"""Moves of journeys: as far as the conversation already answers what the states ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.ollama_server.answers_judging import found_in, holds, known_choices
from tests.ollama_server.answers_reading import Asked

_DROPS = re.compile(r"(?:never ?mind|forget it|stop|i don't want (?:it|this) any)", re.I)
_CHANGES = re.compile(r"\b(?:actually|instead|change|i meant)\b", re.I)


@dataclass
class Outline:
    """A journey as the prompt shows it."""

    name: str
    stands: str = ""
    said: bool = False
    states: dict[str, str] = field(default_factory=dict)
    moves: list[str] = field(default_factory=list)


def moves(asked: Asked, starting: set[str]) -> dict[str, dict[str, str]]:
    """A move for every journey that is under way, and for those that are starting."""
    found = {}
    for outline in outlines(asked):
        if outline.stands or outline.name in starting:
            label = _move(outline, asked)
            found[outline.name] = {"why": f"The customer said “{asked.latest[:60]}”.", "move": label, "sure": "clear"}
    return found


def outlines(asked: Asked) -> list[Outline]:
    """The journeys that a prompt shows."""
    found: list[Outline] = []
    for line in asked.section("Journeys"):
        if heading := re.match(r"## (\w+)", line):
            found.append(Outline(heading[1]))
        elif stands := re.match(r"It stands at (\w+)( \(said\))?", line):
            found[-1].stands, found[-1].said = stands[1], bool(stands[2])
        elif state := re.match(r"- State (\w+): (.*)", line):
            found[-1].states[state[1]] = state[2]
        elif move := re.match(r'- "([^"]+)":', line):
            found[-1].moves.append(move[1])
    return found


def _move(outline: Outline, asked: Asked) -> str:
    if not outline.stands:
        first = next(iter(outline.states), "")
        return _label(outline, first if _answered(outline.states.get(first, ""), asked) else first, asked, "begin at ")
    if "leave" in outline.moves and _DROPS.match(asked.latest):
        return "leave"
    if _CHANGES.search(asked.latest):
        back = [move for move in outline.moves if move.startswith("back to ")]
        for move in reversed(back):
            if _answered(outline.states.get(move.removeprefix("back to "), ""), asked, asked.latest):
                return move
    if outline.said and "?" in asked.latest and not _answered(outline.states[outline.stands], asked, asked.latest):
        return "stay"
    return _label(outline, outline.stands, asked, "go to ")


def _label(outline: Outline, state: str, asked: Asked, verb: str) -> str:
    """The farthest move from a state along what is answered; `stay`, or the first beginning, where there is none."""
    best = next((move for move in outline.moves if move.startswith(verb)), "stay") if verb == "begin at " else "stay"
    passable = verb == "go to " and (outline.said or "(said)" in outline.stands)
    seen = {state}
    if verb == "begin at " and f"{verb}{state}" in outline.moves:
        best = f"{verb}{state}"
    while True:
        does = outline.states.get(state, "")
        if not passable and "the way divides" not in does and not _answered(does, asked):
            return best
        passable = False
        state = _next(does, asked)
        if state == "the end":
            return "complete" if "complete" in outline.moves else best
        if not state or state in seen:
            return best
        seen.add(state)
        if f"{verb}{state}" in outline.moves:
            best = f"{verb}{state}"
        elif "the way divides" not in outline.states.get(state, ""):
            return best


def _answered(does: str, asked: Asked, text: str = "") -> bool:
    what = re.match(r"the assistant is to ask (?:for |what |which |if |whether )?(?:the )?([^.]+)", does)
    return bool(what) and bool(found_in(what[1], text or asked.customer, known_choices(what[1], asked)))


def _next(does: str, asked: Asked) -> str:
    """Where a state leads to by what the customer said last."""
    if " Then the journey ends." in does:
        return "the end"
    _, _, onward = does.rpartition(". Then ")
    ways = re.findall(r"to (the end|\w+)(?: if “([^”]+)”((?:, (?:such as|but not) (?:“[^”]*”(?:, )?)+)*))?", onward)
    for to, condition, examples in ways:
        if not condition:
            return str(to)
        such, _, against = examples.partition(", but not ")
        quoted = re.compile("“([^”]*)”")
        word = holds(condition, tuple(quoted.findall(such)), tuple(quoted.findall(against)), asked.latest)
        if word in ("yes", "probably") or _is_chosen(condition, asked):
            return str(to)
    return ""


def _is_chosen(condition: str, asked: Asked) -> bool:
    chosen = re.match(r"(no|an?|the) (.+?) (?:was|is|has been) (?:chosen|given|named|selected)", condition, re.I)
    if not chosen:
        return False
    there = bool(found_in(chosen[2], asked.customer, known_choices(chosen[2], asked)))
    return there != (chosen[1].lower() == "no")
