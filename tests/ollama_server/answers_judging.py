"""Verdicts on conditions, and values of parameters, by plain rules over words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from tests.ollama_server.answers_reading import Asked, names, overlap, stems, strings

ACTS = (
    (r"\bgreet", r"(?:hi|hello|hey|good (?:morning|evening|afternoon))\b"),
    (r"\bgoodbye|\bleav", r".*\b(?:bye|goodbye|see you|that's all, thanks)\b"),
    (r"\bthank", r".*\bthank"),
    (
        r"\bupset|\bangry|\bfrustrat",
        r".*(?:ridiculous|angry|hate|worst|useless|disgusting|terrible|what the hell|\?\?|!!)",
    ),
    (
        r"\bagree|\bconfirm|\baccept|^they do\b",
        r"(?:yes|yeah|yep|sure|ok|okay|fine|please do|sounds good|go ahead|correct)\b",
    ),
    (r"\brefus|\bdeclin|^they don.t|^no\b", r"(?:no\b|nope|nah|not now|nothing)"),
)
SHAPES = (
    (r"\bday|\bdate|when", r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|today|tonight|\d{4}-\d\d-\d\d"),
    (r"\btime\b|\bhour|what time", r"\b\d{1,2}(?::\d\d)? ?(?:am|pm|o'clock)\b|\bat \d{1,2}(?::\d\d)?\b|\bnoon\b"),
    (r"how many|\bpeople|\bnumber of|\bbags?\b", r"\b(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)\b"),
    (r"\bnumber\b|\bid\b|\bcode\b", r"\b[A-Z]{0,3}-?\d{3,}\b"),
    (r"\baddress", r"\b\d+ [A-Z]\w+(?: \w+)?"),
    (r"\bsize", r"\b(?:small|medium|large)\b"),
    (r"\bname\b", r"(?<=under )[A-Z]\w+|(?<=name is )[A-Z]\w+|(?<=name's )[A-Z]\w+"),
    (r"\bdestination|\bcity|\bwhere", r"(?<=\bto )[A-Z]\w+(?: [A-Z]\w+)*"),
    (r"\bemail", r"\S+@\S+\.\w+"),
    (r"\bamount|\btotal|\bprice", r"\d+(?:\.\d+)?"),
)
COUNTS = "zero one two three four five six seven eight nine ten".split()
DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()


def verdicts(asked: Asked) -> tuple[dict[str, str], list[dict[str, str]]]:
    """A word for every condition, and the reasons of those that hold."""
    lines = dict(re.findall(r"^- ([^:]+): (.*)$", "\n".join(asked.section("Conditions")), re.M))
    found = {name: _verdict(lines.get(name, ""), asked) for name in names(asked.schema, "verdicts")}
    reasons = [
        {"of": name, "why": f"The customer said “{asked.latest[:80]}”." if word != "still" else "It is known."}
        for name, word in found.items()
        if word in ("yes", "still", "probably")
    ]
    return found, reasons


def _verdict(line: str, asked: Asked) -> str:
    text, _, examples = line.partition(" E.g. ")
    examples, _, against = examples.partition(" Not ")
    word = holds(text.rstrip("."), tuple(strings(examples)), tuple(strings(against)), asked.latest)
    return word if word != "no" else _by_what_is_known(text, asked)


def holds(text: str, examples: tuple[str, ...], against: tuple[str, ...], message: str) -> str:
    """Whether a message makes a condition hold."""
    words = [_holds(text, examples, against, part) for part in parts_of(message)]
    return max(words, key=["no", "hardly", "probably", "yes"].index, default="no")


def parts_of(message: str) -> list[str]:
    """A message, its sentences and what they join by `and`."""
    pieces = (piece.strip() for piece in re.split(r"(?<=[.!?])\s+|,? and ", message))
    return list(dict.fromkeys((message, *(piece for piece in pieces if piece))))


def _holds(text: str, examples: tuple[str, ...], against: tuple[str, ...], message: str) -> str:
    near = max((overlap(example, message) for example in examples), default=0.0)
    denied = max((overlap(example, message) for example in against), default=0.0)
    if denied and denied >= near:
        return "no"
    if near >= 0.5:
        return "yes"
    for claim, shown in ACTS:
        if re.search(claim, text, re.I) and re.match(shown, message, re.I):
            return "yes"
    wanted = stems(text)
    if near >= 0.34 or (wanted and not examples and wanted <= stems(message)):
        return "probably"
    return "hardly" if near >= 0.2 else "no"


def _by_what_is_known(text: str, asked: Asked) -> str:
    wanted = stems(text)
    for name, value in asked.known.items():
        if stems(name.replace("_", " ")) <= wanted and (
            stems(str(value)) <= wanted or re.match(r"there is\b", text, re.I)
        ):
            return "still"
    chosen = re.match(r"(no|an?|the) (.+?) (?:was|is|has been) (?:chosen|given|named|selected)", text, re.I)
    if not chosen:
        return "no"
    allowed, negated = known_choices(chosen[2], asked), chosen[1].lower() == "no"
    if bool(found_in(chosen[2], asked.customer, allowed)) == negated:
        return "no"
    return "yes" if negated or found_in(chosen[2], asked.latest, allowed) else "still"


def known_choices(what: str, asked: Asked) -> list[str]:
    """The choices of a parameter of this name, where a tool is shown that has it."""
    for line in asked.section("Tools"):
        found = re.match(r"  - (\w+) \(.*?\): .*?one of ([^;]+)", line)
        if found and stems(found[1].replace("_", " ")) & stems(what):
            return [choice.strip() for choice in found[2].split(",")]
    return []


def found_in(what: str, text: str, allowed: list[str]) -> str:
    """The words of a text that give something, described in words; empty for none."""
    options = allowed or (what.split(" or ") if " or " in what else [])
    for option in options:
        said = re.search(rf"\b{re.escape(option.split()[-1])}\b", text, re.I)
        if said:
            return said[0]
    if options:
        return ""
    shape = next((shape for about, shape in SHAPES if re.search(about, what, re.I)), None)
    said = re.search(shape, text, re.I if shape and "[A-Z]" not in shape else 0) if shape else None
    return said[0] if said else ""


def arguments(asked: Asked, words: dict[str, str]) -> dict[str, Any]:
    """Values for the tools that the prompt shows: those that something was found for, and those that are required."""
    required = set(_required(asked))
    found = {}
    for tool in names(asked.schema, "tools"):
        values = {name: _finding(name, tool, asked) for name in names(asked.schema, "tools", tool)}
        wanted = any(words.get(name) in ("yes", "probably", "still") for name in _wanting(tool, asked))
        if tool in required or wanted or any(value["quote"] for value in values.values()):
            found[tool] = values
    return found


def _wanting(tool: str, asked: Asked) -> list[str]:
    found = re.search(rf"^- {tool} \(for (.*?)\):", "\n".join(asked.section("Tools")), re.M)
    return found[1].split(", ") if found else []


def _required(asked: Asked) -> list[str]:
    tools = asked.schema["properties"]["tools"]
    part = asked.schema["$defs"][tools["$ref"].rpartition("/")[2]] if "$ref" in tools else tools
    return list(part.get("required", ()))


def _finding(name: str, tool: str, asked: Asked) -> dict[str, Any]:
    lines = asked.section("Tools")
    start = next((place for place, line in enumerate(lines) if line.startswith((f"- {tool}:", f"- {tool} ("))), 0)
    line = next((one for one in lines[start:] if one.startswith(f"  - {name} (")), "")
    shown = re.match(r"  - \w+ \(([^)]*)\): (.*)", line)
    kind, description = shown.groups() if shown else ("", "")
    listed = re.search(r"one of ([^;]+)", description)
    allowed = [choice.strip() for choice in listed[1].split(",")] if listed else []
    about = f"{name.replace('_', ' ')} {description.partition(';')[0]}"
    quote = found_in(about, asked.customer, allowed)
    if not quote and "just asked for it" in description and "?" not in asked.latest and not allowed:
        quote = asked.latest
    return {"quote": quote, "value": _typed(quote, kind, allowed, asked) if quote else None}


def _typed(quote: str, kind: str, allowed: list[str], asked: Asked) -> Any:
    if allowed:
        return next((choice for choice in allowed if choice.split()[-1].lower() == quote.lower()), None)
    if kind.startswith(("integer", "number")):
        digits = re.search(r"\d+(?:\.\d+)?", quote)
        number = float(digits[0]) if digits else COUNTS.index(quote.lower()) if quote.lower() in COUNTS else None
        return int(number) if number is not None and kind.startswith("integer") else number
    return _day(quote, asked) if kind.startswith("date") else quote


def _day(quote: str, asked: Asked) -> str | None:
    today = date.fromisoformat((re.search(r"\d{4}-\d\d-\d\d", "\n".join(asked.section("What is known"))) or [""])[0])
    if re.fullmatch(r"\d{4}-\d\d-\d\d", quote):
        return quote
    if quote.lower() in ("today", "tonight"):
        return today.isoformat()
    if quote.lower() == "tomorrow":
        return (today + timedelta(days=1)).isoformat()
    if quote.lower() in DAYS:
        return (today + timedelta(days=(DAYS.index(quote.lower()) - today.weekday()) % 7 or 7)).isoformat()
    return None
