"""Cuecard's prompts read back into what they tell: sections, messages, conditions, what is known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_ENDINGS = re.compile(r"(?:ing|ed|es|s|e)$")
DULL = frozenset(
    "a an the i you we they it he she is are am was be do does did have has had can could would will shall may to of in"
    " on at for from by with and or but if that this these those there their my your our me us them its im id ill ive"
    " please customer agent assistant want ask tell say so just like some any about what which who how when"
    " where".split()
)


@dataclass(frozen=True)
class Asked:
    """A chat request as its prompt tells it."""

    system: str
    text: str
    schema: dict[str, Any]

    def section(self, title: str) -> list[str]:
        """The lines under a heading."""
        found = re.search(rf"^# {re.escape(title)}\n(.*?)(?=^# |\Z)", self.text, re.M | re.S)
        return [line for line in found[1].splitlines() if line.strip()] if found else []

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Who said what, oldest first."""
        lines = (line.partition(": ") for line in self.section("Conversation"))
        return [(who, " ".join(strings(said))) for who, _, said in lines if said]

    @property
    def latest(self) -> str:
        """What the customer said last."""
        if not self.messages:
            return " ".join(strings(" ".join(self.section("The customer has just said"))))
        return next((said for who, said in reversed(self.messages) if who == "customer"), "")

    @property
    def customer(self) -> str:
        """All that the customer said, the newest first."""
        return "\n".join(said for who, said in reversed(self.messages) if who == "customer")

    @property
    def asked_last(self) -> str:
        """The assistant's last message."""
        return next((said for who, said in reversed(self.messages) if who != "customer"), "")

    @property
    def known(self) -> dict[str, Any]:
        """The variables by name."""
        lines = (re.match(r"- (\w+)(?: \(.*\))?: (.+)", line) for line in self.section("What is known"))
        return {line[1]: _value(line[2]) for line in lines if line}

    @property
    def results(self) -> list[Any]:
        """What tools returned, oldest first."""
        lines = (
            re.match(r"- The tool \w+, called with \{.*?\}, (?:has just )?returned (.+)", one)
            for one in self.section("What is known")
        )
        return [_value(line[1]) for line in lines if line]


def read(body: dict[str, Any]) -> Asked:
    """Read the body of a chat request."""
    by_role = {message["role"]: message["content"] for message in body["messages"]}
    return Asked(by_role.get("system", ""), by_role.get("user", ""), body.get("format") or {})


def strings(text: str) -> Iterator[str]:
    """The JSON strings in a text."""
    return (json.loads(one) for one in _STRING.findall(text))


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def names(schema: dict[str, Any], *path: str) -> dict[str, Any]:
    """The properties of an object inside a schema, with references followed."""
    found: Any = schema
    for step in path:
        found = _followed(_followed(found, schema)["properties"][step], schema)
    return dict(_followed(found, schema).get("properties", {}))


def _followed(part: Any, root: dict[str, Any]) -> Any:
    while True:
        if "anyOf" in part:
            part = part["anyOf"][0]
        elif "$ref" in part:
            part = root["$defs"][part["$ref"].rpartition("/")[2]]
        else:
            return part


def choices(part: dict[str, Any], root: dict[str, Any]) -> list[str]:
    """The words that a part of a schema allows."""
    found = _followed(part, root)
    return list(found.get("enum") or [found[one] for one in ("const",) if one in found])


def stems(text: str) -> frozenset[str]:
    """The telling words of a text, without their endings."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", ""))
    return frozenset(_ENDINGS.sub("", word) or word for word in words if word not in DULL)


def overlap(one: str, other: str) -> float:
    """What share of the telling words of two texts they have in common."""
    left, right = stems(one), stems(other)
    return len(left & right) / len(left | right) if left and right else float(one.lower() == other.lower())
